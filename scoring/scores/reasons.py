"""Reasons: why an enterprise has its points, as sentences that could be sent to it.

Every part is compared with the average of the enterprise's track: what is above speaks for it, what is below against
it. A sentence says the value, what share of the track's enterprises it is better than, the points, and the difference
to the average; each number is read back from the finished sentence and compared with what it was made from.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from data.industries import name_of
from data.refusal import Refusal
from scoring.editions.checks import SECTIONS
from scoring.editions.circumstances import Described, Floats
from scoring.editions.whole_points import Units
from scoring.messages import say
from scoring.scores.ranking import Ranking, by_feature
from scoring.scores.saved_table import column_of

GRADED = ("key_industry",)
"""Features whose numbers stand for grades, told in words of their own (`value-of-NAME` in the catalogues)."""

SMALLEST = 0.05
"""Differences that would be shown as 0.0 points are no reasons."""


@dataclass(frozen=True)
class Reason:
    """One part of a score, said in words.

    `points` is the part, `difference` the part less the track's average; `value` in natural units (None: unknown, or
    text of a category); `better_than` (0..1) the share of the track's other enterprises with a worse value, None
    where neither way is better. `sources` are the points by source (card, growth, listing). `runs_against` marks a
    part of a learned model that runs against the direction that people declared.
    """

    feature: str
    factor: str
    label: str
    text: str
    points: float
    difference: float
    value: float | str | None
    better_than: float | None
    sources: Mapping[str, float]
    runs_against: bool


@dataclass(frozen=True)
class Reasons:
    """What speaks for an enterprise, what against it, largest first, and what is not known."""

    for_: tuple[Reason, ...]
    against: tuple[Reason, ...]
    unknown: tuple[Reason, ...]


def find_enterprise(ranking: Ranking, wanted: str) -> str:
    """The identifier of an enterprise given by identifier, full name, or place in a track (`innovative-small/1`).

    Refuses an unknown one with the nearest names (`enterprise-unknown`) and a name that several have
    (`enterprise-ambiguous`).
    """
    frame = ranking.frame
    wanted = wanted.strip()
    if wanted in frame.index:
        return wanted
    if wanted.upper() in frame.index:
        return wanted.upper()
    named = frame.index[frame["name"] == wanted]
    if len(named) == 1:
        return str(named[0])
    if len(named) > 1:
        raise Refusal("enterprise-ambiguous", enterprise=wanted, known=list(map(str, named[:10])))
    track, _, rank = wanted.rpartition("/")
    if track and rank.isdecimal():
        placed = frame.index[(frame["track"] == track) & (frame["rank"] == int(rank))]
        if len(placed) == 1:
            return str(placed[0])
    names = frame["name"].astype(str)
    inside = names[names.str.contains(wanted, regex=False)].head(3).tolist() if wanted else []
    close = [*get_close_matches(wanted, names.tolist(), 3, 0.5), *get_close_matches(wanted, list(frame.index), 2, 0.7)]
    nearest = list(dict.fromkeys([*inside, *close]))[:5]
    raise Refusal("enterprise-unknown", enterprise=wanted, nearest=nearest)


def reasons(ranking: Ranking, enterprise_id: str, language: str, n: int = 5) -> Reasons:
    """The reasons of an enterprise in a language: at most `n` for, `n` against, and all that is unknown on its card.

    An enterprise without a track has none: it has neither a card nor others to be compared with.
    """
    frame = ranking.frame
    track = str(frame.at[enterprise_id, "track"])
    if track not in ranking.track_means.index:
        return Reasons((), (), ())
    parts = ranking.parts_of(enterprise_id)
    difference = parts - ranking.track_means.loc[track]
    gaps = {
        str(name): float(difference[name]) for name in difference.index if _known(ranking, enterprise_id, str(name))
    }
    against = [name for gap, name in sorted((gap, name) for name, gap in gaps.items()) if gap <= -SMALLEST][:n]
    speaking = [name for gap, name in sorted((-gap, name) for name, gap in gaps.items()) if gap <= -SMALLEST][:n]
    made = {
        name: reason(ranking, enterprise_id, name, language, float(parts[name]), gaps[name])
        for name in (*speaking, *against)
    }
    return Reasons(
        tuple(made[name] for name in speaking),
        tuple(made[name] for name in against),
        tuple(_unknown(ranking, enterprise_id, name, language) for name in unknown_features(ranking, enterprise_id)),
    )


def reason(ranking: Ranking, enterprise_id: str, name: str, language: str, part: float, difference: float) -> Reason:
    """One part's sentence, checked against its numbers."""
    what = ranking.described[name]
    value = ranking.value_of(enterprise_id, name)
    better = better_than(ranking, enterprise_id, name)
    label = what.label(language)
    shown = value_text(what, value, language, flag=ranking.is_flag(name))
    place, shares = _place(better, language)
    key = "reason-more" if difference >= 0 else "reason-less"
    text = say(key, language, label=label, value=shown, place=place, points=part, difference=abs(difference))
    number = None if isinstance(value, str) or _in_words(ranking, name) else value
    numbers = [*([] if number is None else [_stated(what, number)]), *shares]
    stated = text.replace(label, "", 1)
    if isinstance(value, str):  # digits in a category's name ("industry 3363") are no number that is claimed
        stated = stated.replace(shown, "", 1)
    check_sentence(stated, [*numbers, part, abs(difference)], language)
    sources = ranking.sources_of(enterprise_id, name)
    return Reason(
        feature=name,
        factor=what.factor,
        label=label,
        text=text,
        points=part,
        difference=difference,
        value=value,
        better_than=better,
        sources=sources,
        runs_against=runs_against(ranking, enterprise_id, name, sources),
    )


def _place(better: float | None, language: str) -> tuple[str, list[float]]:
    """Where a value stands in its track, in words, and the share that the words state."""
    if better is None:
        return "", []
    if better in (0.0, 1.0):
        return say("place-last" if better == 0 else "place-first", language), []
    share = math.floor(100 * better) / 100
    return say("place-better" if share else "place-few", language, share=share or 0.01), [share or 0.01]


def unknown_features(ranking: Ranking, enterprise_id: str) -> list[str]:
    """The features on an enterprise's card whose value is not known, by the most points they could give."""
    track = str(ranking.frame.at[enterprise_id, "track"])
    if not track:
        return []
    criteria = [one for one in ranking.edition.track(track).criteria if not _known(ranking, enterprise_id, one.feature)]
    return [one.feature for one in sorted(criteria, key=lambda one: (-one.highest, one.feature))]


def _unknown(ranking: Ranking, enterprise_id: str, name: str, language: str) -> Reason:
    what = ranking.described[name]
    track = ranking.edition.track(str(ranking.frame.at[enterprise_id, "track"]))
    criterion = next(one for one in track.criteria if one.feature == name)
    weight = ranking.weights["card"]
    most, now = round(weight * criterion.highest, 4), round(weight * criterion.unknown, 4)
    text = say("reason-unknown", language, label=what.label(language), most=most, points=now)
    check_sentence(text.replace(what.label(language), "", 1), [most, now], language)
    return Reason(
        name, what.factor, what.label(language), text, now, 0.0, None, None,
        ranking.sources_of(enterprise_id, name), False,
    )  # fmt: skip


def _known(ranking: Ranking, enterprise_id: str, name: str) -> bool:
    return ranking.value_of(enterprise_id, name) is not None


def _in_words(ranking: Ranking, name: str) -> bool:
    """Whether a feature's values are told in words, so that "better than so many" would say nothing."""
    return name in GRADED or ranking.is_flag(name)


def better_than(ranking: Ranking, enterprise_id: str, name: str) -> float | None:
    """The share (0..1) of the other enterprises of its track whose known value is worse; None where it says nothing."""
    what = ranking.described[name]
    track = ranking.frame.at[enterprise_id, "track"]
    if not what.direction or what.kind == "category" or not track or what.relative_to in ("industry", "all"):
        return None
    if _in_words(ranking, name):
        return None
    own, at = ranking.value_of(enterprise_id, name), (str(track), name)
    if not isinstance(own, float):
        return None
    if at not in ranking.peer_values:
        known = column_of(ranking, "values", name)[ranking.peers(str(track))]
        ranking.peer_values[at] = np.sort(known[~np.isnan(known)])
    among = ranking.peer_values[at]
    others = len(among) - bool(ranking.frame.at[enterprise_id, "eligible"])  # its own value is among them
    worse = among.searchsorted(own) if what.direction > 0 else len(among) - among.searchsorted(own, side="right")
    return float(worse) / others if others > 0 else None


def runs_against(ranking: Ranking, enterprise_id: str, name: str, sources: Mapping[str, float]) -> bool:
    """Whether a learned model's part runs against the declared direction.

    It does when the value is on the better side of the track's median and the part takes points away, or the other
    way round, by more than would be shown as 0.0.
    """
    direction = ranking.described[name].direction
    learned = sum(points for source, points in sources.items() if source != "card")
    own = ranking.value_of(enterprise_id, name)
    if not direction or abs(learned) < SMALLEST or not isinstance(own, float):
        return False
    peers = ranking.in_track(str(ranking.frame.at[enterprise_id, "track"]))
    median = float(np.nanmedian(column_of(ranking, "values", name)[peers]))  # its own is known: never of nobody
    side = direction * (own - median)
    return side * learned < 0


# --- values in words -----------------------------------------------------------------------------------------


def value_text(what: Described, value: float | str | None, language: str, flag: bool = False) -> str:
    """A feature's natural value for people: money, persons, percent, a place among peers.

    >>> what = Described("rd_intensity", "innovation", "1", 1, "研发强度", "R&D intensity")
    >>> value_text(what, 0.384, "zh-CN"), value_text(what, None, "en")
    ('38.4%', 'unknown')
    """
    if value is None:
        return say("value-unknown", language)
    if isinstance(value, str):
        return _category_text(what, value, language)
    if what.name in GRADED:
        return say(f"value-of-{what.name}", language, value=value)
    if flag:
        return say("value-yes" if value else "value-no", language)
    return say(_value_key(what, float(value)), language, value=_stated(what, float(value)), unit=what.natural_unit)


def _category_text(what: Described, value: str, language: str) -> str:
    """A category's value for people: an industry's code with its name (of divisions there is only the Chinese one)."""
    if what.name == "industry_section" and language == "en":
        return say(f"dash-industry-{value}", language) if value in SECTIONS else value
    if what.name in ("industry_section", "industry_division") and language != "en":
        return f"{value} {name_of(value) or ''}".rstrip()
    return value


def _value_key(what: Described, value: float) -> str:
    if what.relative_to in ("industry", "all"):
        return f"value-place{'-all' if what.relative_to == 'all' else ''}{'' if value >= 0.5 else '-low'}"
    known = {"1": "share", "CNY": "money", "CNY/person": "money-each", "persons": "persons", "pieces": "pieces",
             "years": "years", "days": "days", "points": "points", "": "number"}  # fmt: skip
    return f"value-{known.get(what.natural_unit, 'other')}"


def _stated(what: Described, value: float) -> float:
    """The number that a sentence states for a value: for a place among peers the first or last so many percent."""
    if what.relative_to not in ("industry", "all"):
        return value
    return max(math.ceil(100 * min(value, 1.0 - value) - 1e-9), 1) / 100


_NUMBER = re.compile(r"(?<![A-Za-z0-9_.])(?<!\d,)([+-]?\d[\d,]*(?:\.\d+)?)\s*(%|亿元|万元|元|billion|million)?")
_SCALE = {"%": 0.01, "亿元": 1e8, "万元": 1e4, "billion": 1e9, "million": 1e6}


def numbers_in(text: str) -> list[tuple[float, float]]:
    """The numbers that a text states, each with the half of its last digit: what rounding may have taken.

    >>> numbers_in("营业收入3,456万元,+6.2 分")
    [(34560000.0, 5000.0), (6.2, 0.05)]
    """
    found = []
    for digits, unit in _NUMBER.findall(text):
        scale = _SCALE.get(unit, 1.0)
        plain = digits.replace(",", "")
        places = len(plain.split(".")[1]) if "." in plain else 0
        found.append((float(plain) * scale, 0.5 * 10.0**-places * scale))
    return found


def check_sentence(text: str, expected: list[float], language: str) -> None:
    """Raise ArithmeticError unless a sentence states exactly the expected numbers, in order, to its own rounding."""
    stated = numbers_in(text)
    agree = len(stated) == len(expected) and all(
        abs(number - truth) <= half * (1 + 1e-9) + 1e-9 * abs(truth)
        for (number, half), truth in zip(stated, expected, strict=True)
    )
    if not agree:
        raise ArithmeticError(f"the sentence {text!r} ({language}) does not state {expected}")


# --- everyone at once ----------------------------------------------------------------------------------------


def reason_table(ranking: Ranking, n: int = 3) -> pd.DataFrame:
    """The reasons of all ranked enterprises as codes and values, for export and for lists.

    Columns: enterprise_id, side ("for" or "against"), place (from 1), feature, points, difference, value, better_than.
    At most `n` of a side each; categories and flags have no `better_than`.
    """
    rows = np.flatnonzero(ranking.frame["rank"].notna().to_numpy(dtype=bool))
    names = [str(name) for name in ranking.track_means.columns]
    codes, tracks = pd.factorize(ranking.frame["track"].iloc[rows], sort=True)
    means = ranking.track_means.loc[tracks, names].to_numpy(dtype=np.float64)
    picks = [
        _block_picks(ranking, rows[begin : begin + BLOCK], begin, codes[begin : begin + BLOCK], means, n)
        for begin in range(0, len(rows), BLOCK)
    ]
    columns = ("against", "place", "row", "feature", "points", "difference")
    found = {name: np.concatenate([one[name] for one in picks]) if picks else np.zeros(0) for name in columns}
    order = np.lexsort((found["row"], found["place"], found["against"]))
    found = {name: column[order] for name, column in found.items()}
    value, better = np.full(len(order), np.nan), np.full(len(order), np.nan)
    for number, name in enumerate(names):
        at = np.flatnonzero(found["feature"] == number)
        if len(at) and ranking.described[name].kind != "category":
            values = ranking.values[name].to_numpy(dtype=np.float64)[rows]
            own = found["row"][at].astype(np.int64)
            value[at] = values[own]
            if not _in_words(ranking, name):
                better[at] = _worse(ranking.described[name], values, codes, own)
    return pd.DataFrame(
        {
            "enterprise_id": ranking.frame.index[rows[found["row"].astype(np.int64)]],
            "side": pd.Categorical.from_codes(found["against"].astype(np.int8), pd.Index(["for", "against"])),
            "place": found["place"].astype(np.int8),
            "feature": pd.Categorical.from_codes(found["feature"].astype(np.int16), pd.Index(names)),
            "points": found["points"],
            "difference": found["difference"],
            "value": value,
            "better_than": better,
        },
        copy=False,
    )


BLOCK = 16_384
"""Enterprises whose parts are looked at together."""


def _block_picks(
    ranking: Ranking, rows: Units, begin: int, codes: Units, means: Floats, n: int
) -> dict[str, np.ndarray[Any, Any]]:
    """The largest differences to the track's average of some enterprises, on either side, by position and number."""
    points = by_feature(ranking.detail.iloc[rows])
    known = ranking.values.iloc[rows][list(points.columns)].notna().to_numpy(dtype=bool)
    table = points.to_numpy(dtype=np.float64)
    difference = np.where(known, table - means[codes], 0.0)
    here, tables = np.arange(len(rows)), []
    for against, sign in enumerate((1.0, -1.0)):
        left = sign * difference
        for place in range(1, min(n, table.shape[1]) + 1):
            at = left.argmax(axis=1)
            told = np.flatnonzero(left[here, at] >= SMALLEST)
            number = at[told]
            tables.append(
                {"against": np.full(len(told), against), "place": np.full(len(told), place), "row": begin + told,
                 "feature": number, "points": table[told, number], "difference": difference[told, number]}
            )  # fmt: skip
            left[here, at] = -np.inf
    return {name: np.concatenate([one[name] for one in tables]) for name in tables[0]} if tables else {}


def _worse(what: Described, values: Floats, codes: Units, wanted: Units) -> Floats:
    """For some positions the share of their track's other known values that are worse; NaN where it says nothing."""
    result = np.full(len(wanted), np.nan)
    if not what.direction or what.kind == "category" or what.relative_to in ("industry", "all"):
        return result
    for track in np.unique(codes[wanted]):
        among = what.direction * values[codes == track]
        among = np.sort(among[~np.isnan(among)])
        mine = np.flatnonzero(codes[wanted] == track)
        if len(among) > 1:
            result[mine] = np.searchsorted(among, what.direction * values[wanted[mine]], "left") / (len(among) - 1)
    return result
