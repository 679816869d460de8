"""The catalogue: every feature declared whole, one fingerprint, refusals that name the neighbour."""

from __future__ import annotations

import re

import pytest
from ibis.expr.types import Column

from data.indicators import DeclaredIndicator
from data.refusal import Refusal
from features import arithmetic, events, meaning, peers
from features.catalog import FACTORS, Catalogue, built_in
from features.declared import ASPECTS, feature_of
from features.definition import Feature, feature, formula_of

FEATURES = built_in()


@feature(factor="growth", unit="1", direction=1, missing="unknown", zh="甲", en="A")
def first(revenue_cny: Column) -> Column:
    """A figure."""
    return revenue_cny * 2


@pytest.mark.parametrize("one", FEATURES, ids=lambda one: one.name)
def test_every_feature_says_what_it_is(one: Feature) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", one.name)
    assert one.definition.endswith(".")
    assert re.search(r"[一-鿿]", one.zh)
    assert not re.search(r"[一-鿿]", one.en)
    assert one.kind == "number" or (one.unit, one.direction) == ("", 0)
    assert not (one.relative_to and one.unit != "1")


def test_every_factor_has_features_and_labels_are_unique() -> None:
    assert {one.factor for one in FEATURES} == set(FACTORS)
    assert len({one.zh for one in FEATURES}) == len({one.en for one in FEATURES}) == len(FEATURES)


def test_money_features_with_tax_are_restricted() -> None:
    taxed = [one for one in FEATURES if any("tax" in name for name in one.inputs)]
    assert taxed
    assert all(one.restricted == "fair_competition" for one in taxed)
    chosen = Catalogue(FEATURES).select(without_restricted=True)
    assert not {one.name for one in taxed} & set(chosen.names)


def test_the_fingerprint_follows_meaning_not_words() -> None:
    @feature(factor="growth", unit="1", direction=1, missing="unknown", zh="乙", en="B")
    def first(revenue_cny: Column) -> Column:
        """Other words for the same figure."""
        return revenue_cny * 2  # and a comment

    reworded = first

    @feature(factor="growth", unit="1", direction=1, missing="unknown", zh="甲", en="A")
    def first(revenue_cny: Column) -> Column:
        """A figure."""
        return revenue_cny * 3

    original = Catalogue([globals()["first"]]).fingerprint
    assert Catalogue([reworded]).fingerprint == original
    assert Catalogue([first]).fingerprint != original


def test_a_feature_added_or_an_indicator_declared_changes_no_other_meaning() -> None:
    before = Catalogue(FEATURES).meanings
    indicator = DeclaredIndicator("floor_area", "平方米", "status", 1, "办公面积", "Floor area")
    added = [first, *FEATURES, feature_of(indicator, ASPECTS[0])]
    after = Catalogue(added, codes=["floor_area"])
    assert {name: after.meanings[name] for name in before} == before
    assert after.fingerprint != Catalogue(FEATURES).fingerprint


def test_the_table_of_key_industries_touches_only_what_is_read_from_it() -> None:
    one, other = Catalogue(FEATURES, reference="one").meanings, Catalogue(FEATURES, reference="other").meanings
    assert [name for name in one if one[name] != other[name]] == ["key_industry"]


def read_anew() -> None:
    for kept in (meaning._called_by, meaning._event_column, meaning._event_columns):
        kept.cache_clear()


def test_a_meaning_follows_the_arithmetic_that_a_formula_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Catalogue(FEATURES)
    before = dict(whole.meanings)
    monkeypatch.setattr(arithmetic, "GROWTH_BANDS", ((0.3, 9.0),))
    monkeypatch.setattr(events, "LITTLE_GIANT", ("巨人",))
    monkeypatch.setattr(peers, "VERSION", peers.VERSION + 1)
    read_anew()
    after = Catalogue(FEATURES).meanings
    changed = {name for name in before if before[name] != after[name]}
    ranked = {one.name for one in FEATURES if one.relative_to}
    assert changed == ranked | {"hnte_revenue_points", "hnte_net_assets_points", "little_giant"}
    monkeypatch.undo()
    read_anew()
    assert Catalogue(FEATURES).meanings == before


def test_selecting_keeps_order_and_refuses_strangers() -> None:
    whole = Catalogue(FEATURES)
    assert whole.select(names=["revenue_rank", "revenue_log"]).names == ["revenue_log", "revenue_rank"]
    assert {one.factor for one in whole.select(factors=["talent"])} == {"talent"}
    with pytest.raises(Refusal) as refusal:
        whole["revenue_cagr3y"]
    assert refusal.value.values["near"][0] == "revenue_cagr_3y"  # type: ignore[index]
    with pytest.raises(Refusal, match="factor-unknown"):
        whole.select(factors=["fame"])


def test_two_of_one_name_and_unknown_inputs_are_refused() -> None:
    with pytest.raises(Refusal, match="feature-twice"):
        Catalogue([first, first])

    @feature(factor="growth", unit="1", direction=1, missing="unknown", zh="甲", en="A")
    def stray(revenu_cny: Column) -> Column:
        """A figure misspelt."""
        return revenu_cny

    with pytest.raises(Refusal, match="feature-input-unknown"):
        Catalogue([stray])


def test_a_wrong_declaration_fails_where_it_is_written() -> None:
    def nameless(revenue_cny: Column) -> Column:
        return revenue_cny

    for wrong in ({"factor": "fame"}, {"direction": 2}, {"unit": "万元"}, {"restricted": "taste"}):
        told = {"factor": "growth", "unit": "1", "direction": 1, "missing": "unknown", "zh": "甲", "en": "A"} | wrong
        with pytest.raises(ValueError, match="feature nameless"):
            feature(**told)(nameless)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="docstring"):
        feature(factor="growth", unit="1", direction=1, missing="unknown", zh="甲", en="A")(nameless)


def test_a_formula_has_no_docstring_and_no_comments() -> None:
    assert formula_of(first.compute) == "return revenue_cny * 2"
