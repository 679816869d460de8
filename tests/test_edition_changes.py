"""Editions side by side, and a draft tried on past data."""

from __future__ import annotations

from data.settings import Settings
from data.store import Store
from scoring.editions.policy import load_edition
from scoring.selection.edition_changes import WHOLE, differences, simulate
from tests.district_home import AS_OF, Home


def test_an_edition_does_not_differ_from_itself() -> None:
    assert differences(load_edition("generic"), load_edition("generic")) == []


def test_differences_name_the_entry_and_both_values() -> None:
    """Entries of lists are compared by name: the card of the small track, not the third of the list."""
    found = {
        one.place: (one.first, one.second)
        for one in differences(load_edition("changning-2020"), load_edition("changning-2026"))
    }
    assert found["until_date"] == ("2024-07-31", None)
    assert found["tracks[innovative-small].criteria[insured_growth_1y].bands"] == (
        {"0": 2.0, "0.1": 4.0, "0.2": 6.0},
        {"0": 3.0, "0.1": 7.0, "0.2": 10.0},
    )
    # What one edition lacks is one difference, not one for each of its fields.
    assert found["tracks[innovative-small].criteria[tax_paid_log]"] == (WHOLE, None)
    assert not any(place.startswith("tracks[innovative-small].criteria[tax_paid_log].") for place in found)
    assert not any(place.startswith("list.") for place in found)


def test_a_whole_track_that_is_new_is_one_difference() -> None:
    edition = load_edition("changning-2026")
    fewer = edition.model_copy(update={"tracks": edition.tracks[:-1]})
    assert [(one.place, one.first, one.second) for one in differences(fewer, edition)] == [
        ("tracks[start-ups]", None, WHOLE)
    ]


def test_a_draft_is_tried_without_a_trace(made_home: Home) -> None:
    """With half of the places for the small, the draft lists half of them; nothing is saved."""
    settings = Settings(home=made_home.path)
    store = Store(settings)
    against = load_edition("changning-2026")
    quotas = against.list.tracks["innovative-small"].model_copy(update={"max": 40})
    rules = against.list.model_copy(update={"tracks": {**against.list.tracks, "innovative-small": quotas}})
    before = store.ledger.head()
    found = simulate(store, settings, against.model_copy(update={"list": rules}), against, AS_OF)
    assert store.ledger.head() == before
    old, new = (set(one.members["enterprise_id"]) for one in (found.against, found.draft))
    assert (found.draft.members["track"] == "innovative-small").sum() == 40
    assert (found.against.members["track"] == "innovative-small").sum() == 80
    assert (set(found.change.leave), set(found.change.enter)) == (old - new, new - old)
    sizes = found.by_group[found.by_group["dimension"] == "size_class"]
    assert sizes["leave"].sum() == len(found.change.leave)
    assert (sizes["after"] - sizes["before"]).sum() == len(found.change.enter) - len(found.change.leave)
