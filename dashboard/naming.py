"""What things are called: tracks, sizes, industries, factors and features, in the reader's language."""

from __future__ import annotations

from dashboard.session import language, t
from scoring.editions.policy import Edition
from scoring.scores.ranking import Ranking

SIZES = ("large", "medium", "small", "micro", "undetermined")


def track_title(edition: Edition, track: str) -> str:
    """A track's title; the word itself where the edition has no such track, a word for none."""
    if track in ("", "None", "nan"):
        return t("dash-no-track")
    found = {one.id: one for one in edition.tracks}
    title = found[track].title.of(language()) if track in found else track
    return title[:1].upper() + title[1:]


def size_name(size: str) -> str:
    """A size class in words."""
    return t(f"dash-size-{size}") if size in SIZES else t("dash-size-undetermined")


def factor_label(factor: str) -> str:
    """One of article 10's factors in words."""
    return t(f"dash-factor-{factor}")


def section_name(section: str) -> str:
    """An industry section of GB/T 4754 in words."""
    return t(f"dash-industry-{section}") if len(section) == 1 and section in "ABCDEFGHIJKLMNOPQRST" else section


def feature_label(ranking: Ranking, name: str) -> str:
    """A feature's label as the catalogue has it."""
    return ranking.described[name].label(language()) if name in ranking.described else name


def place_text(place: str, eligible: bool, decision: str) -> str:
    """Whether an enterprise is on the list, in reserve, off it or not eligible, and a decision about it."""
    if not eligible:
        return t("dash-status-ineligible")
    word = t(f"dash-status-{place}")
    return t("dash-place-decided", place=word, decision=t(f"dash-kind-{decision}")) if decision else word
