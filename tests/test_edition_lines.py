"""An edition in words: nothing that binds is left out, in either language, and no number as a machine writes it."""

from __future__ import annotations

import re

import pytest

from scoring.cli.answers import text
from scoring.cli.difference_lines import difference_lines
from scoring.cli.edition_lines import edition_lines
from scoring.editions import policy
from scoring.editions.circumstances import describe
from scoring.editions.policy import Criterion, editions, load_edition
from scoring.messages import LANGUAGES, LOCALES
from scoring.selection.edition_changes import differences
from tests.matrix_by_hand import CATALOGUE


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("MULU_LANGUAGE", request.param)
    return str(request.param)


@pytest.mark.parametrize("name", editions())
def test_every_rule_criterion_and_reference_is_told(name: str, language: str) -> None:
    edition = load_edition(name)
    told = "\n".join(edition_lines(edition, CATALOGUE))
    rules = [*edition.eligibility, *(rule for track in edition.tracks for rule in track.when)]
    for titled in (*edition.tracks, *rules, *edition.key_industries.values()):
        assert titled.title.of(language) in told
    for criterion in (one for track in edition.tracks for one in track.criteria):
        assert criterion.feature in told
    for reference in edition.references.values():
        assert reference.document in told
    assert not re.search(r"e\+0|\bNone\b|\bnan\b", told)


def test_every_quota_is_told_with_its_number(language: str) -> None:
    told = "\n".join(edition_lines(load_edition("changning-2026"), CATALOGUE))
    words = {
        "zh-CN": ("总名额：200", "至少 20 家；至多 80 家", "不少于名单的 30%", "不超过总名额的 35%", "备选名单 20 家",
                  "每个街镇不少于 3 家", "同一企业集团不超过 2 家", "高出 2 分以上", "2,000万元起 4 分"),
        "en": ("Places: 200", "at least 20; at most 80", "at least 30% of the list", "more than 35% of all places",
               "every street at least 3", "no group of companies more than 2", "more than 2 points above",
               "reserve list: 20", "from CNY 20 million 4"),
    }  # fmt: skip
    assert [one for one in words[language] if one not in told] == []


def test_what_is_below_unknown_or_other_is_told(language: str) -> None:
    """Points under the first band, for an unknown value and for other categories stand in the card, too."""
    edition = load_edition("generic")
    common = {"ref": "factors", "basis": "proposal"}
    bands = {"feature": "rd_intensity", "unit": "1", "bands": {0.05: 9}, "below": 2, "unknown": 1}
    named = {"feature": "region", "unit": "", "categories": {"虹桥": 3}, "below": 1.5}
    criteria = tuple(Criterion.model_validate({**one, **common}) for one in (bands, named))
    edition = edition.model_copy(update={"tracks": (edition.tracks[0].model_copy(update={"criteria": criteria}),)})
    told = "\n".join(edition_lines(edition, CATALOGUE))
    words = {
        "zh-CN": ("不足 5.0% 2 分；5.0%起 9 分；不详 1 分", "虹桥 3 分；其他 1.5 分"),
        "en": ("under 5.0% 2; from 5.0% 9; not known 1", "虹桥 3; all others 1.5"),
    }
    assert [one for one in words[language] if one not in told] == []


def test_every_field_has_a_word(language: str) -> None:
    sections = [one for one in vars(policy).values() if isinstance(one, type) and issubclass(one, policy.Strict)]
    fields = {name for one in sections for name in one.model_fields}
    assert len(fields) > 60
    catalogue = (LOCALES / language / "cli-editions.ftl").read_text(encoding="utf-8")
    assert {name for name in fields if f"[{name}] " not in catalogue} == set()
    assert text("cli-edition-field", name="min_share") != "min_share"


def test_differences_are_told_by_titles_and_labels(language: str) -> None:
    """Where the editions of 2020 and 2026 differ, as an official reads it, and where that stands in the file."""
    one, two = load_edition("changning-2020"), load_edition("changning-2026")
    words = {feature.name: describe(feature) for feature in CATALOGUE}
    lines = difference_lines(differences(one, two), (one, two), (one.name, two.name), words)
    place = "tracks[headquarters-scale].criteria[district_insured_log].bands"
    at = next(at for at, line in enumerate(lines) if place in line)
    wanted = {
        "zh-CN": ("总部与规模企业 · 区内参保人数 · 分档", "50 人起 2 分；200 人起 4 分", "50 人起 4 分；200 人起 8 分"),
        "en": ("headquarters and scale · Insured jobs in the district · bands", "from 50 persons 2; from 200 persons 4",
               "from 50 persons 4; from 200 persons 8"),
    }[language]  # fmt: skip
    assert all(words in line for words, line in zip(wanted, lines[at : at + 3], strict=True))
    taxes = next(at for at, line in enumerate(lines) if "criteria[tax_paid_log]" in line)
    assert "changning-2020" in lines[taxes + 1]
    assert re.search(r"\d", lines[taxes + 1].replace("changning-2020", ""))  # its bands, not only that it is there
    assert text("cli-edition-absent") in lines[taxes + 2]
