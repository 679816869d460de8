"""The ranking: every enterprise's points, track, place and doubt at a date, under one edition.

The same facts, edition and models give the same ranking, byte for byte; its digest is over what is published
(points to a ten-thousandth, places, reasons of exclusion), not over files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from scoring.editions.checks import require
from scoring.editions.circumstances import Column, Described, Flags, circumstances
from scoring.editions.policy import Edition, edition_of
from scoring.editions.whole_points import UNITS_PER_POINT, Units, units
from scoring.scores.decisions import past_decisions
from scoring.scores.points import feature_of, make_points, source_of
from scoring.scores.ranking_files import found, written
from scoring.scores.ranking_frame import described_frame
from scoring.scores.saved_table import SavedTable, column_of, held, row_of
from scoring.scores.tracks import eligibility, qualify
from scoring.scores.values import values_of
from scoring.scores.voices import Heard, Note, Progress, hear

if TYPE_CHECKING:
    from features.definition import Feature
    from features.matrix import Matrix
    from features.spread import SpreadMatrix

__all__ = ["Ranking", "load_ranking", "rank", "rank_matrix"]

BLOCK = 16384
"""Enterprises handled together where a table of everyone would be copied, and kept together in a saved file."""


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Everyone's place, with what it is made of.

    `frame` (index enterprise_id, ascending): name, track, track_rule, track_lacks (the facts for want of which there
    is no track), score, rank and rank_low, rank_high (in the
    track; NA without a rank), inclusion (0..1), zone, coverage (0..1), eligible, ineligible_reason, card_points,
    model_points, growth_probability, listing_probability (NaN where no model speaks), size_class, industry_section,
    key_industry, street, ownership, group_id, age_years, incumbent, looked_at, places.
    `detail`: points, columns `SOURCE.FEATURE`; each row sums with `base` to the score. `values`: the features, in
    natural units for numbers. `described` tells of each feature. `mode` is "card" where no model speaks, else
    "blend"; `verdicts` and `model_versions` by source; `notes` are codes with values of what a reader must know.
    """

    frame: pd.DataFrame
    detail: SavedTable = SavedTable()  # noqa: RUF009 (a descriptor: each ranking holds its own)
    values: SavedTable = SavedTable()  # noqa: RUF009
    described: Mapping[str, Described]
    edition: Edition
    as_of: date
    base: float
    mode: str
    weights: Mapping[str, float]
    verdicts: Mapping[str, str]
    model_versions: Mapping[str, int]
    notes: tuple[Mapping[str, Any], ...]
    sources: Mapping[str, str]
    digest: str = ""

    @cached_property
    def parts(self) -> pd.DataFrame:
        """Points by feature (n, features), from all sources together; each row sums with `base` to the score."""
        return by_feature(self.detail)

    def parts_of(self, enterprise_id: str) -> pd.Series:
        """Points by feature (features,) of one enterprise."""
        return by_feature(row_of(self, "detail", enterprise_id).to_frame().T).iloc[0]

    def factors_of(self, enterprise_id: str) -> pd.Series:
        """Points by factor of article 10 (factors,) of one enterprise."""
        return self._by_factor(self.parts_of(enterprise_id).to_frame().T).iloc[0]

    def sources_of(self, enterprise_id: str, feature: str) -> dict[str, float]:
        """The points of one feature of an enterprise by source (card, growth, listing)."""
        row = row_of(self, "detail", enterprise_id)
        return {source_of(str(part)): float(row[part]) for part in row.index if feature_of(str(part)) == feature}

    def name_of(self, enterprise_id: str) -> str:
        """An enterprise's name; its identifier where it has none."""
        return str(self.frame.at[enterprise_id, "name"])

    def value_of(self, enterprise_id: str, feature: str) -> float | str | None:
        """A feature's value in natural units, a category's text, or None where it is not known."""
        value: Any = row_of(self, "values", enterprise_id)[feature]
        if pd.isna(value):
            return None
        return value if isinstance(value, str) else float(value)

    @cached_property
    def track_means(self) -> pd.DataFrame:
        """The average points by feature (tracks, features) over the eligible enterprises of each track."""
        ranked = self.frame["eligible"].to_numpy(dtype=bool)
        codes, names = pd.factorize(self.frame["track"][ranked], sort=True)
        counts = np.bincount(codes, minlength=len(names))
        sums: dict[str, Any] = {}
        for part in self.detail.columns:  # column by column: all parts of everyone at once would be copied
            whole = units(self.detail[part].to_numpy(dtype=np.float64)[ranked])
            name = feature_of(str(part))
            sums[name] = sums.get(name, 0) + np.bincount(codes, weights=whole, minlength=len(names))
        index = pd.Index(names, name="track", dtype=object)
        return pd.DataFrame({name: one / counts / UNITS_PER_POINT for name, one in sums.items()}, index=index)

    def is_flag(self, feature: str) -> bool:
        """Whether a feature is a yes or no: without unit, and no other values than 0 and 1 in this ranking."""
        if feature not in self._flags:
            self._flags[feature] = self._looks_like_a_flag(feature)
        return self._flags[feature]

    def _looks_like_a_flag(self, feature: str) -> bool:
        what = self.described[feature]
        if what.kind == "category" or what.natural_unit not in ("1", "") or what.relative_to is not None:
            return False
        values = column_of(self, "values", feature)
        unknown = np.isnan(values)
        return not unknown.all() and bool((unknown | (values == 0) | (values == 1)).all())

    @cached_property
    def _flags(self) -> dict[str, bool]:
        """What `is_flag` has found: everybody's values are looked at once."""
        return {}

    def in_track(self, track: str) -> NDArray[np.bool_]:
        """Which enterprises (n,) of `frame` are of a track."""
        codes, names = self._tracks
        found: NDArray[np.bool_] = codes == (names.get_loc(track) if track in names else len(names))
        return found

    def peers(self, track: str) -> NDArray[np.bool_]:
        """Which enterprises (n,) of `frame` are of a track and eligible: whom its members are measured against."""
        found: NDArray[np.bool_] = self.in_track(track) & self.frame["eligible"].to_numpy(dtype=bool)
        return found

    @cached_property
    def _tracks(self) -> tuple[NDArray[np.int64], pd.Index]:
        codes, names = pd.factorize(self.frame["track"])
        return codes, pd.Index(names)

    @cached_property
    def peer_values(self) -> dict[tuple[str, str], NDArray[np.float64]]:
        """Known values by track and feature, ascending, kept once `better_than` has sorted them."""
        return {}

    @cached_property
    def factors(self) -> pd.DataFrame:
        """Points by factor of article 10 (n, factors)."""
        return self._by_factor(self.parts)

    def _by_factor(self, parts: pd.DataFrame) -> pd.DataFrame:
        columns: dict[str, Any] = {}
        for name in parts.columns:
            factor = self.described[str(name)].factor
            columns[factor] = columns.get(factor, 0) + units(parts[name].to_numpy(dtype=np.float64))
        return pd.DataFrame(columns, index=parts.index) / UNITS_PER_POINT

    @property
    def verdict(self) -> str:
        """The best verdict of the models that speak, "little" where none does."""
        spoken = [self.verdicts[name] for name in self.model_versions if name in self.weights]
        return next((verdict for verdict in ("strong", "some") if verdict in spoken), "little")

    @property
    def file(self) -> str:
        """A short name for people: edition, date and the first digits of the digest."""
        return f"{self.edition.name} {self.as_of.isoformat()} {self.digest[:8]}"


def rank(
    store: Store,
    settings: Settings,
    edition: Edition,
    as_of: date,
    *,
    engine: str = "duckdb",
    actor: str,
    progress: Progress | None = None,
    warn: Callable[[Note], None] | None = None,
) -> Ranking:
    """Rank everyone known at a date under an edition, save the ranking, and give it.

    `warn` is given each note of drift before the points are reckoned; the ranking keeps it among its notes.

    Refuses an edition that does not agree with the catalogue or the law, one whose term ended before the date
    (`edition-not-in-force`), and a date before which nothing is known (`ranking-nobody`).
    """
    from features.catalog import catalogue  # what making a ranking needs, reading a saved one does not wait for
    from features.matrix import matrix_where_it_lies

    tell = progress or _silent
    if edition.until_date is not None and as_of > edition.until_date:
        raise Refusal("edition-not-in-force", edition=edition.name, as_of=as_of, until=edition.until_date)
    known = catalogue(store)
    require(edition, known)
    tell(0.05, "cli-progress-matrix")
    matrix = matrix_where_it_lies(store, as_of, known, engine, edition.max_report_age_months)
    if not len(matrix.frame):
        raise Refusal("ranking-nobody", as_of=as_of)
    tell(0.4, "cli-progress-models")
    ranking = rank_matrix(matrix, known, edition, store, hear(settings, matrix, known, edition, tell, warn), tell)
    tell(0.95, "cli-progress-save")
    save(ranking, settings, store, actor)
    return ranking


def rank_matrix(
    matrix: Matrix | SpreadMatrix,
    known: Iterable[Feature],
    edition: Edition,
    store: Store | None,
    heard: Heard | None = None,
    progress: Progress | None = None,
) -> Ranking:
    """The ranking of a matrix's enterprises, not saved; without a store nobody has decisions or listings."""
    from scoring.optimum.quotas import programme
    from scoring.scores.intervals import intervals, zones

    heard = heard or Heard((), {}, ())
    (progress or _silent)(0.7, "cli-progress-points")
    facts = circumstances(matrix, edition, known, store)
    qualification = qualify(facts, edition)
    barred = eligibility(facts, edition)
    eligible = (barred == "").to_numpy(dtype=bool)
    points = make_points(facts, edition, qualification, eligible, heard.voices)
    # what was said of each feature is in the points now, and takes a gigabyte for a million enterprises
    heard = replace(heard, voices=tuple(replace(voice, parts=pd.DataFrame()) for voice in heard.voices))
    decisions = past_decisions(store, matrix.as_of, facts.frame.index)
    frame = described_frame(facts, edition, qualification, barred, points)
    frame["growth_probability"] = heard.probability("growth", len(frame))
    frame["listing_probability"] = heard.probability("listing", len(frame))
    frame["incumbent"], frame["looked_at"] = decisions["incumbent"], decisions["looked_at"]
    frame["rank"] = ranks_by(frame, points.score, edition)
    ranked = frame["rank"].notna().to_numpy(dtype=bool)
    factors = {name: what.factor for name, what in facts.described.items()}
    (progress or _silent)(0.8, "cli-progress-intervals")
    doubt = intervals(points, edition, factors, heard.voices, ranked, programme(frame, edition, {}, below=True))
    (progress or _silent)(0.9, "cli-progress-digest")
    place = frame["rank"].fillna(0).to_numpy(dtype=np.int64)
    frame["rank_low"] = _where_ranked(np.minimum(doubt.low, place), ranked)
    frame["rank_high"] = _where_ranked(np.maximum(doubt.high, place), ranked)
    frame["inclusion"] = np.where(ranked, np.round(doubt.inclusion, 6), 0.0)
    frame["zone"] = zones(frame["inclusion"].to_numpy(), ranked)
    ranking = Ranking(
        frame=frame,
        detail=_in_points(points.parts),
        values=values_of(facts),
        described=facts.described,
        edition=edition,
        as_of=matrix.as_of,
        base=points.base / UNITS_PER_POINT,
        mode="blend" if heard.voices else "card",
        weights=points.weights,
        verdicts=heard.verdicts,
        model_versions={voice.source: voice.version for voice in heard.voices},
        notes=heard.notes if doubt.lists else (*heard.notes, {"code": "note-no-list"}),
        sources={
            "catalogue": matrix.fingerprint,
            "store": matrix.store_digest,
            **{voice.source: voice.digest for voice in heard.voices},
        },
    )
    object.__setattr__(ranking, "digest", digest_of(ranking))  # a copy would read all values from their file
    return ranking


def digest_of(ranking: Ranking) -> str:
    """SHA-256 over what the ranking says: sources, rules, everyone's track, points, places and exclusions."""
    told = hashlib.sha256()
    head = [
        ranking.edition.digest, ranking.as_of.isoformat(), ranking.mode, dict(ranking.weights), dict(ranking.sources),
        dict(ranking.verdicts), list(ranking.notes), ranking.frame.index.tolist(), list(ranking.detail.columns),
    ]  # fmt: skip
    told.update(json.dumps(head, ensure_ascii=False, sort_keys=True, default=str).encode())
    for begin in range(0, len(ranking.detail), BLOCK):
        block = ranking.detail.iloc[begin : begin + BLOCK].to_numpy(dtype=np.float64)
        told.update(units(block).astype("<i8").tobytes())
    shown = ranking.frame[
        ["track", "track_rule", "ineligible_reason", "rank", "rank_low", "rank_high", "inclusion", "coverage"]
    ]
    for name in shown.columns:
        told.update(_told(shown[name]))
    return told.hexdigest()


def _in_points(parts: pd.DataFrame) -> pd.DataFrame:
    """Units as points, in blocks of rows so that nothing is held thrice."""
    table = np.empty(parts.shape[::-1]).T
    for begin in range(0, len(parts), BLOCK):
        block = slice(begin, begin + BLOCK)
        table[block] = parts.iloc[block].to_numpy() / UNITS_PER_POINT
    return pd.DataFrame(table, index=parts.index, columns=parts.columns, copy=False)


def _told(column: pd.Series) -> bytes:
    """A column as bytes that do not depend on how it is held: numbers to a millionth, texts each on its own."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
        known = np.isfinite(numbers)
        return np.where(known, np.rint(np.where(known, numbers, 0) * 1e6), -1).astype("<i8").tobytes()
    return "\x1f".join(column.fillna("").astype(str).tolist()).encode()


def ranks_by(frame: pd.DataFrame, score: Units, edition: Edition) -> pd.arrays.IntegerArray:
    """Places (n,) in each track from 1: by score in units, then the edition's tie-break, then identifier.

    `frame` is a ranking's (index ascending; track, eligible and the columns of the tie-break); NA for the ineligible.
    """
    keys = [np.arange(len(frame), dtype=np.float64)]
    keys += [-frame[name].fillna(-np.inf).to_numpy(dtype=np.float64) for name in reversed(edition.tie_break)]
    order = np.lexsort([*keys, -score])
    tracks = frame["track"].to_numpy(dtype=object)[order]
    eligible = frame["eligible"].to_numpy(dtype=bool)[order]
    place = np.zeros(len(frame), dtype=np.int64)
    for track in edition.tracks:
        own = order[(tracks == track.id) & eligible]
        place[own] = np.arange(1, len(own) + 1)
    return _where_ranked(place, place > 0)


def _where_ranked(values: Column, ranked: Flags) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(np.asarray(values, dtype=np.int64), ~ranked)


def _silent(_share: float, _key: str, /, **_values: object) -> None:
    return None


def by_feature(detail: pd.DataFrame) -> pd.DataFrame:
    """Points by feature (n, features) from points by source and feature: sums of whole ten-thousandths."""
    sums: dict[str, Any] = {}
    for part in detail.columns:
        name = feature_of(str(part))
        sums[name] = sums.get(name, 0) + units(detail[part].to_numpy(dtype=np.float64))
    return pd.DataFrame({name: one / UNITS_PER_POINT for name, one in sums.items()}, index=detail.index)


def save(ranking: Ranking, settings: Settings, store: Store, actor: str) -> Path:
    """Save a ranking and note in the ledger that it was made; give its folder. One that is there already is kept."""
    folder = settings.home / "rankings" / ranking.digest
    if not (folder / "ranking.json").is_file():
        head = {
            **{name: getattr(ranking, name) for name in _PLAIN},
            "as_of": ranking.as_of.isoformat(),
            "notes": [dict(note) for note in ranking.notes],
            "edition": ranking.edition.model_dump(mode="json"),
            "described": {name: asdict(what) for name, what in ranking.described.items()},
        }
        frames = {"ranking.parquet": ranking.frame, "parts.parquet": ranking.detail}
        frames["means.parquet"] = ranking.track_means
        written(folder, {**frames, "values.parquet": held(ranking, "values"), "ranking.json": head})
    if isinstance(held(ranking, "values"), Path):
        object.__setattr__(ranking, "values", folder / "values.parquet")  # where it lay until now goes with the matrix
    spoke = {name: ranking.sources[name] for name in ranking.model_versions if name in ranking.sources}
    told = {"edition": ranking.edition.name, "as_of": ranking.as_of.isoformat(), "mode": ranking.mode, "models": spoke}
    store.ledger.append(f"ranking:{ranking.digest}", "ranking_made", actor, told)
    return folder


def load_ranking(settings: Settings, digest: str = "latest") -> Ranking:
    """A saved ranking by its digest, the first digits of it, or "latest" for the last that was made.

    Refuses when none was made (`saved-none`) or when not exactly one has that digest (`saved-unknown`).
    """
    folder = found(settings, "rankings", "ranking_made", digest, "ranking")
    head = json.loads((folder / "ranking.json").read_text("utf-8"))
    ranking = Ranking(
        frame=pd.read_parquet(folder / "ranking.parquet"),
        detail=folder / "parts.parquet",
        values=folder / "values.parquet",
        described={name: Described(**what) for name, what in head["described"].items()},
        edition=edition_of(head["edition"]),
        as_of=date.fromisoformat(head["as_of"]),
        notes=tuple(head["notes"]),
        **{name: head[name] for name in _PLAIN},
    )
    if (means := folder / "means.parquet").is_file():
        vars(ranking)["track_means"] = pd.read_parquet(means)
    return ranking


_PLAIN = ("base", "mode", "weights", "verdicts", "model_versions", "sources", "digest")
