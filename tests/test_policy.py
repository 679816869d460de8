"""Editions: what ships is sound, and a mistake is named with its line, its neighbour and what is allowed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.refusal import Refusal
from features.definition import Feature, feature
from scoring.editions.checks import check, lacks_ground, read_edition, require
from scoring.editions.policy import POLICIES, Edition, edition_of, editions, load_edition
from scoring.editions.policy_file import read_policy
from scoring.messages import LANGUAGES, explain
from tests.matrix_by_hand import CATALOGUE

GENERIC = (POLICIES / "generic.yaml").read_text(encoding="utf-8")


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """The generic edition with some texts replaced."""
    text = GENERIC
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(path: Path) -> list[Refusal]:
    with pytest.raises(Refusal) as refused:
        load_edition(path)
    assert refused.value.code == "edition-invalid"
    found = refused.value.values["mistakes"]
    assert isinstance(found, list)
    for language in LANGUAGES:  # every mistake has its sentence, with nothing left unfilled
        assert "{" not in explain(refused.value, language)
    return found


@pytest.mark.parametrize("name", editions())
def test_what_ships_agrees_with_the_catalogue(name: str) -> None:
    edition = load_edition(name)
    assert edition.name == name
    assert check(edition, CATALOGUE) == []


@pytest.mark.parametrize("name", editions())
def test_what_ships_is_a_proposal_and_says_so(name: str) -> None:
    edition = load_edition(name)
    bases = {edition.basis, edition.blend.basis, edition.list.basis}
    bases |= {one.basis for track in edition.tracks for one in track.criteria}
    assert bases == {"proposal"}
    assert edition.note is not None


@pytest.mark.parametrize("name", editions())
def test_every_card_gives_up_to_a_hundred_points(name: str) -> None:
    assert {track.id: track.most for track in load_edition(name).tracks} == dict.fromkeys(
        [track.id for track in load_edition(name).tracks], 100.0
    )


def test_the_two_district_editions_differ_in_what_the_law_changed() -> None:
    before, after = load_edition("changning-2020"), load_edition("changning-2026")
    restricted = {name for name in CATALOGUE.names if CATALOGUE[name].restricted}
    assert restricted & set(before.features)
    assert not restricted & set(after.features)
    assert before.until_date is not None
    assert before.until_date < date(2024, 8, 1) <= after.from_date


def test_an_edition_in_force_may_not_use_taxes_without_a_ground(tmp_path: Path) -> None:
    path = written(tmp_path, ("feature: revenue_log, unit: percentile", "feature: tax_paid_log, unit: percentile"))
    found = check(load_edition(path), CATALOGUE)
    # Line 21 is where the first criterion of the file stands.
    line = next(at for at, text in enumerate(path.read_text().splitlines(), 1) if "tax_paid_log" in text)
    assert [(one.code, one.values["line"]) for one in found] == [("edition-restricted-feature", line)]
    grounded = written(
        tmp_path,
        ("feature: revenue_log, unit: percentile", "feature: tax_paid_log, unit: percentile"),
        ("legal:\n", "legal:\n  grounds: {fair_competition: 国务院批准文件号}\n"),
    )
    assert check(load_edition(grounded), CATALOGUE) == []


def test_an_edition_that_ended_before_the_regulation_is_not_bound() -> None:
    assert not lacks_ground(load_edition("changning-2020"), "fair_competition")
    assert lacks_ground(load_edition("changning-2026"), "fair_competition")
    assert not lacks_ground(load_edition("changning-2026"), None)


def test_all_mistakes_are_reported_at_once_with_lines(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ("places: 100", "places: many"),
        ("basis: proposal\nnote", "basis: official\nnote"),
        ("points_per_log_odds: 10", "points_per_logodds: 10"),
        ("from_date: 1900-01-01", "from_date: yesterday"),
    )
    lines = path.read_text().splitlines()
    found = {(one.code, one.values["line"]) for one in mistakes(path)}
    expected = {
        ("edition-value-kind", "places: many"),
        ("edition-value-not-one-of", "basis: official"),
        ("edition-field-unknown", "points_per_logodds"),
        ("edition-value-kind", "from_date: yesterday"),
    }
    blend = next(at for at, line in enumerate(lines, 1) if line.startswith("blend"))
    assert found == {
        (code, next(at for at, line in enumerate(lines, 1) if text in line)) for code, text in expected
    } | {("edition-field-missing", blend)}


def test_form_names_features_and_law_are_reported_together(tmp_path: Path) -> None:
    """A weight that makes no one, a name that names nothing, an unknown feature, a wrong unit, a restricted feature
    and a bound that is broken: each is told with its line, whatever else is wrong.
    """
    text = (POLICIES / "changning-2026.yaml").read_text(encoding="utf-8")
    changes = {
        "edition-weights-one": ("scorecard: 0.6", "scorecard: 0.7"),
        "edition-name-unknown": ("    innovative-small: {min", "    innovativ-small: {min"),
        "edition-feature-unknown": ("feature: net_margin", "feature: net_margn"),
        "edition-unit-differs": ('feature: employees_log, unit: "persons"', 'feature: employees_log, unit: "万人"'),
        "edition-restricted-feature": ("feature: insured_growth_1y", "feature: tax_paid_log"),
        "edition-value-bound": ("groups: {max: 2", "groups: {max: 0"),
        "edition-reference-unknown": ("streets: {min: 3, ref: coverage}", "streets: {min: 3, ref: coverag}"),
        "edition-value-not-one-of": ("classes: [small, micro]", "classes: [small, mikro]"),
        "edition-industry-code": ('codes: ["56", "5821"]', 'codes: ["99", "5821"]'),
    }
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        read_edition(path, CATALOGUE)
    found = refused.value.values["mistakes"]
    lines = text.splitlines()
    expected = {code: next(at for at, line in enumerate(lines, 1) if new in line) for code, (_, new) in changes.items()}
    # The tax is also given in yuan and not as growth: its unit differs, on the line of the restriction.
    told = sorted((one.code, one.values["line"]) for one in found)  # type: ignore[attr-defined]
    also = [("edition-unit-differs", expected["edition-restricted-feature"])]
    assert told == sorted([*expected.items(), *also])
    for language in LANGUAGES:
        assert "{" not in explain(refused.value, language)


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ("one_of: [large, medium]", "one_of: [large, medum]", "medum"),
        (
            "{field: key-industry, known: true}",
            "{field: key-industry, one_of: [fashion-creative, aviation]}",
            "aviation",
        ),
        ("{field: key-industry, known: true}", "{field: industry_section, one_of: [I, 'Z']}", "Z"),
    ],
)
def test_a_word_that_nobody_can_have_is_a_mistake(old: str, new: str, value: str, tmp_path: Path) -> None:
    """Such a condition would hold for nobody, and nobody would notice."""
    text = (POLICIES / "changning-2026.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "draft.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        read_edition(path, CATALOGUE)
    (mistake,) = refused.value.values["mistakes"]  # type: ignore[misc]
    assert (mistake.code, mistake.values["value"]) == ("edition-value-not-one-of", value)
    assert mistake.values["line"] == next(at for at, line in enumerate(text.splitlines(), 1) if old in line)


def test_a_class_that_an_amendment_added_is_no_mistake(tmp_path: Path) -> None:
    """The standard's table is of 2017; a class of a known group may be newer."""
    text = (POLICIES / "changning-2026.yaml").read_text(encoding="utf-8")
    path = tmp_path / "draft.yaml"
    path.write_text(text.replace('codes: ["56", "5821"]', 'codes: ["56", "5828"]', 1), encoding="utf-8")
    assert read_edition(path, CATALOGUE).key_industries["aviation-services"].codes == ("56", "5828")


def test_a_day_that_is_none_is_a_mistake_among_the_others(tmp_path: Path) -> None:
    """YAML reads 2026-13-01 as a date; there is none, and the file's other mistakes are told with it."""
    path = written(tmp_path, ("from_date: 1900-01-01", "from_date: 2026-13-01"), ("places: 100", "places: many"))
    told = {str(one.values["field"]): (one.code, one.values["value"]) for one in mistakes(path)}
    assert told["from_date"] == ("edition-value-kind", "2026-13-01")
    assert told["list.places"] == ("edition-value-kind", "many")


def test_a_field_whose_name_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "draft.yaml"
    path.write_text("mulu_edition: 1\n? [a, b]\n: 3\n", encoding="utf-8")
    with pytest.raises(Refusal, match="policy-not-yaml") as refused:
        load_edition(path)
    assert refused.value.values["line"] == 2


def test_a_misspelt_field_gets_its_neighbour(tmp_path: Path) -> None:
    (wrong,) = mistakes(written(tmp_path, ("tracks:\n", "trackss: []\ntracks:\n")))
    assert (wrong.code, wrong.values["nearest"]) == ("edition-field-unknown", ["tracks"])
    assert "tracks" in str(wrong.values["known"])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("bands: {0.25: 5, 0.5: 10, 0.75: 15, 0.9: 20}", "bands: {0.5: 5, 0.25: 10}", "edition-bands-order"),
        ("bands: {0.25: 5, 0.5: 10, 0.75: 15, 0.9: 20}, ", "", "edition-bands-or-categories"),
        ("growth: 0.3,", "growth: 0.4,", "edition-weights-one"),
        ("id: all\n", "id: all\n    when: [{id: x, title: {zh: 甲, en: a}, when: [{field: a}], ref: factors}]\n",
         "edition-one-test"),
        ("  ref: directory", "  ref: directory\n  tracks: {al: {max: 3, ref: factors}}", "edition-name-unknown"),
        ("  ref: directory", "  ref: directory\n  tracks: {all: {ref: factors}}", "edition-quota-empty"),
        ("  ref: directory", "  ref: directory\n  tracks: {all: {min: 5, max: 3, ref: factors}}",
         "edition-quota-crossed"),
        ("  ref: directory", "  ref: directry", "edition-reference-unknown"),
        ("feature: rd_intensity,", "feature: net_margin,", "edition-name-twice"),
    ],
)  # fmt: skip
def test_each_rule_of_form_has_its_sentence(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert [one.code for one in mistakes(written(tmp_path, (old, new)))] == [code]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("feature: revenue_log,", "feature: revenue_lg,", "edition-feature-unknown"),
        ("feature: revenue_log, unit: percentile", "feature: revenue_log, unit: 万元", "edition-unit-differs"),
        ("bands: {0.25: 5, 0.5: 10, 0.75: 15, 0.9: 20}", "bands: {0.25: 5, 0.5: 3}", "edition-bands-direction"),
        ("feature: revenue_log,", "feature: region,", "edition-bands-kind"),
    ],
)
def test_each_disagreement_with_the_catalogue_has_its_sentence(tmp_path: Path, old: str, new: str, code: str) -> None:
    edition = load_edition(written(tmp_path, (old, new)))
    with pytest.raises(Refusal) as refused:
        require(edition, CATALOGUE)
    found = refused.value.values["mistakes"]
    assert [one.code for one in found] == [code]  # type: ignore[attr-defined]
    for language in LANGUAGES:
        assert "{" not in explain(refused.value, language)


def test_an_unknown_feature_gets_the_nearest_name(tmp_path: Path) -> None:
    edition = load_edition(written(tmp_path, ("feature: revenue_log,", "feature: revenue_lg,")))
    assert check(edition, CATALOGUE)[0].values["nearest"] == ["revenue_log"]


def test_an_unknown_edition_gets_the_nearest_name() -> None:
    with pytest.raises(Refusal) as refused:
        load_edition("changning-2025")
    assert refused.value.code == "edition-unknown"
    assert refused.value.values["nearest"] in (["changning-2020"], ["changning-2026"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"a: [", "policy-not-yaml"),
        (b"a: 1\nb: 2\na: 3\n", "policy-key-twice"),
        (b"\xff\xfe\x00", "policy-file-unreadable"),
    ],
)
def test_a_file_that_is_no_policy_is_refused(tmp_path: Path, text: bytes, code: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(text)
    with pytest.raises(Refusal) as refused:
        load_edition(path)
    assert refused.value.code == code
    for language in LANGUAGES:
        assert str(path) in explain(refused.value, language)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="policy-file-unreadable"):
        load_edition(tmp_path / "none.yaml")


def test_layout_and_comments_do_not_change_an_edition(tmp_path: Path) -> None:
    assert load_edition(written(tmp_path, ("mulu_edition: 1", "# a remark\nmulu_edition:    1"))).digest == (
        load_edition("generic").digest
    )


def test_an_edition_comes_back_from_what_is_saved_of_it() -> None:
    for name in editions():
        edition = load_edition(name)
        assert edition_of(edition.model_dump(mode="json")).digest == edition.digest


def test_lines_are_those_of_the_file() -> None:
    path = POLICIES / "changning-2026.yaml"
    _, lines = read_policy(path)
    text = path.read_text(encoding="utf-8").splitlines()
    assert "places: 200" in text[lines.at(("list", "places")) - 1]
    assert lines.at(("list", "no", "such")) == lines.at(("list",))


def test_places_of_a_track_are_within_the_list() -> None:
    edition = load_edition("changning-2026")
    assert edition.places("start-ups") == 30
    assert load_edition("generic").places("all") == 100


def test_restrictions_also_hold_for_conditions(tmp_path: Path) -> None:
    rule = "{id: x, title: {zh: 甲, en: a}, when: [{field: tax_paid_log, at_least: 1}], ref: factors}"
    path = written(tmp_path, ("id: all\n", f"id: all\n    when: [{rule}]\n"))
    assert [one.code for one in check(load_edition(path), CATALOGUE)] == ["edition-restricted-feature"]


def test_the_names_of_features_are_labels_not_magic() -> None:
    """The check reads the catalogue that it is given, so an office's own indicator counts like a built-in feature."""

    @feature(factor="growth", unit="1", direction=1, missing="unknown", zh="甲", en="a")
    def own_measure(revenue_cny: object) -> object:
        """Of one's own."""
        return revenue_cny

    assert isinstance(own_measure, Feature)
    from features.catalog import Catalogue

    edition: Edition = load_edition("generic")
    changed = edition.tracks[0].criteria[0].model_copy(update={"feature": "own_measure"})
    track = edition.tracks[0].model_copy(update={"criteria": (changed,)})
    edition = edition.model_copy(update={"tracks": (track,)})
    assert [one.code for one in check(edition, CATALOGUE)] == ["edition-feature-unknown"]
    assert check(edition, Catalogue([*CATALOGUE, own_measure])) == []
