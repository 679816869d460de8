"""Editions: the rules of one year's directory, as one YAML file that officials can read and sign.

An edition says who may be on the list (eligibility), who is compared with whom (tracks), what earns points
(criteria with bands), how much the learned models count (blend), which quotas hold (list), and on which legal
ground. Every number stands beside its unit and a reference to the article and phrase it follows from. An edition is
never changed after its list is published; a new year is a new file.

`load_edition` reports all mistakes of a file at once, each with its line and the names that are allowed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from data.refusal import Refusal
from data.tables import OLDEST_REPORT_MONTHS
from scoring.editions.policy_file import Lines, read_policy
from scoring.editions.policy_mistakes import form_mistakes, name_mistakes

POLICIES = Path(__file__).parents[1] / "policies"
FAIR_COMPETITION_FROM = date(2024, 8, 1)
"""In force since: Fair Competition Review Regulation (公平竞争审查条例), State Council."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Basis = Literal["proposal", "source"]


def _wrong(code: str, **values: object) -> PydanticCustomError:
    """A rule of ours that a section breaks; becomes the refusal `edition-CODE`."""
    return PydanticCustomError("mulu_rule", "{code}", {"code": code, "values": values})


class Strict(BaseModel):
    """A section of an edition: no unknown fields, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Words(Strict):
    """What people read, in Chinese and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def of(self, language: str) -> str:
        """The words in a language (`zh-CN` or `en`)."""
        return self.en if language == "en" else self.zh


class Reference(Strict):
    """Where a number or rule comes from: the document, its article, and the words it follows from."""

    document: str
    article: str
    phrase: str


class Condition(Strict):
    """A test of one field: a catalogue feature, a column about the enterprise, `key-industry`, or named evidence.

    Exactly one test; an unknown value meets only `known: false`. Numbers are in the field's natural unit (yuan and
    persons, also for features that are logarithms).
    """

    field: str
    one_of: tuple[str, ...] | None = None
    contains: tuple[str, ...] | None = None
    at_least: float | None = None
    less_than: float | None = None
    known: bool | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        given = [name for name in self.tests if getattr(self, name) is not None]
        if len(given) != 1:
            raise _wrong("one-test", known=list(self.tests))
        return self

    @property
    def tests(self) -> tuple[str, ...]:
        """The names of the tests that there are."""
        return ("one_of", "contains", "at_least", "less_than", "known")


class Rule(Strict):
    """A named rule that holds when all its conditions do, with its words and reference."""

    id: Name
    title: Words
    when: tuple[Condition, ...] = Field(min_length=1)
    ref: str


class Band(Strict):
    """From a value upwards (`at_least`, in the criterion's unit): so many points."""

    at_least: float
    points: float


class Criterion(Strict):
    """What one feature earns on the card.

    `bands` give points from each threshold upwards (in the file: `{0.05: 4, 0.15: 6}`), `below` those under the
    first; `categories` those of a category's values, `below` all others. `unknown` is what an absent value earns.
    `unit` is that of the thresholds: the feature's natural unit, or `percentile`, a place among the enterprises of
    the same track (0 last, 1 first).
    """

    feature: str
    unit: str
    bands: tuple[Band, ...] = ()
    categories: Mapping[str, float] = Field(default_factory=dict)
    below: float = 0.0
    unknown: float = 0.0
    ref: str
    basis: Basis
    note: str = ""

    @field_validator("bands", mode="before")
    @classmethod
    def _from_pairs(cls, value: object) -> object:
        if isinstance(value, Mapping):
            return [{"at_least": edge, "points": points} for edge, points in value.items()]
        return value

    @model_validator(mode="after")
    def _bands_in_order(self) -> Self:
        if bool(self.bands) == bool(self.categories):
            raise _wrong("bands-or-categories")
        edges = [band.at_least for band in self.bands]
        if edges != sorted(set(edges)):
            raise _wrong("bands-order")
        return self

    @property
    def levels(self) -> tuple[float, ...]:
        """The points it can earn for a known value, from the lowest band up."""
        return (self.below, *(band.points for band in self.bands), *self.categories.values())

    @property
    def highest(self) -> float:
        """The most points it can earn."""
        return max(self.levels)


class Track(Strict):
    """A group of enterprises that are compared with each other only (分类评价), and what counts among them.

    An enterprise qualifies when one of the rules in `when` holds; no rule means everyone. `at_least` is the score
    under which nobody of this track is listed.
    """

    id: Name
    title: Words
    ref: str
    when: tuple[Rule, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    at_least: float | None = None

    @property
    def most(self) -> float:
        """The most points its card can give."""
        return sum(criterion.highest for criterion in self.criteria)


class Blend(Strict):
    """How card and learned models make the score: weights, and points for one unit of log-odds."""

    scorecard: Share
    growth: Share
    listing: Share
    points_per_log_odds: float = Field(gt=0)
    base: float = 0.0
    ref: str
    basis: Basis

    @model_validator(mode="after")
    def _weights_make_one(self) -> Self:
        total = sum(Fraction(str(share)) for share in (self.scorecard, self.growth, self.listing))
        if total != 1:
            raise _wrong("weights-one", total=float(total))
        return self


class Uncertainty(Strict):
    """How rank intervals are drawn: weights move by up to `weights` (share) either way, `draws` times."""

    weights: Share = 0.2
    draws: int = Field(default=100, ge=10, le=1000)


class Quota(Strict):
    """Least and most places, in enterprises, for one track, industry, street or size."""

    min: Count | None = None
    max: Count | None = None
    ref: str

    @model_validator(mode="after")
    def _can_hold(self) -> Self:
        if self.min is None and self.max is None:
            raise _wrong("quota-empty")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise _wrong("quota-crossed")
        return self


class Industries(Strict):
    """Most places for any one industry section as a share of the total, and quotas for key industries by name."""

    max_share: Share | None = None
    named: Mapping[str, Quota] = Field(default_factory=dict)
    ref: str


class SmallAndMicro(Strict):
    """Least share of small and micro enterprises among the listed, and the classes that count."""

    min_share: Share
    classes: tuple[str, ...] = ("small", "micro")
    ref: str


class Streets(Strict):
    """Least places for every street that has that many candidates."""

    min: Count
    ref: str


class Groups(Strict):
    """Most places for enterprises of one group of companies."""

    max: int = Field(ge=1)
    ref: str


class Incumbents(Strict):
    """Points by which a newcomer must beat an enterprise that is on the list, so that it does not change by noise."""

    margin: float = Field(ge=0)
    ref: str


class ListRules(Strict):
    """How many places there are and which quotas hold; `reserve` is the length of the reserve list."""

    places: int = Field(ge=1)
    unit: Literal["enterprises"] = "enterprises"
    basis: Basis
    ref: str
    tracks: Mapping[str, Quota] = Field(default_factory=dict)
    small_and_micro: SmallAndMicro | None = None
    industries: Industries | None = None
    streets: Streets | None = None
    groups: Groups | None = None
    incumbents: Incumbents | None = None
    reserve: Count = 20


class KeyIndustry(Strict):
    """A key industry as GB/T 4754 code prefixes; the map is the office's to sign."""

    title: Words
    codes: tuple[str, ...] = ()
    ref: str
    basis: Basis


class Legal(Strict):
    """Legal grounds and limits: for each restriction of features that the edition uses, the ground that permits it."""

    grounds: Mapping[str, str] = Field(default_factory=dict)
    statement: Words


class Evidence(Strict):
    """Something that conditions may ask for by its name: events in force at the date whose kind holds a word.

    Its value is their number: certificates granted and not expired, or listings neither removed nor repaired.
    """

    table: Literal["recognitions", "integrity_events"]
    contains: tuple[str, ...] = Field(min_length=1)
    ref: str


class Groupings(Strict):
    """What `coverage` needs: groups smaller than `too_few` get no verdict."""

    too_few: int = Field(default=10, ge=1)


class Edition(Strict):
    """The rules of one year's directory."""

    mulu_edition: Literal[1]
    name: Name
    title: Words
    basis: Basis
    note: Words | None = None
    from_date: date
    until_date: date | None = None
    max_report_age_months: int = Field(default=OLDEST_REPORT_MONTHS, ge=12, le=120)
    """A last closed year that ended longer before the date counts as absent (late filers)."""
    references: Mapping[str, Reference]
    legal: Legal
    evidence: Mapping[Name, Evidence] = Field(default_factory=dict)
    key_industries: Mapping[str, KeyIndustry] = Field(default_factory=dict)
    eligibility: tuple[Rule, ...] = ()
    tracks: tuple[Track, ...] = Field(min_length=1)
    blend: Blend
    tie_break: tuple[Literal["coverage", "growth_probability", "card_points"], ...] = ()
    uncertainty: Uncertainty = Uncertainty()
    list: ListRules
    coverage: Groupings = Groupings()
    review: Mapping[str, Any] = Field(default_factory=dict)
    _lines: Lines = PrivateAttr(default_factory=lambda: Lines({}))
    _file: str = PrivateAttr(default="")

    def track(self, name: str) -> Track:
        """The track of that name; KeyError if there is none."""
        return {track.id: track for track in self.tracks}[name]

    def places(self, track: str) -> int:
        """Places that a track can have at most: its quota, or all places of the list."""
        quota = self.list.tracks.get(track)
        return min(quota.max if quota and quota.max is not None else self.list.places, self.list.places)

    @property
    def origin(self) -> tuple[str, Lines]:
        """The file it was read from ("" for none) and the lines of its fields."""
        return self._file, self._lines

    @property
    def features(self) -> tuple[str, ...]:
        """The features that criteria name, each once, in order."""
        return tuple(dict.fromkeys(one.feature for track in self.tracks for one in track.criteria))

    @property
    def digest(self) -> str:
        """SHA-256 of the edition's content: layout and comments of the file do not matter."""
        told = self.model_dump(mode="json")
        if self.max_report_age_months == OLDEST_REPORT_MONTHS:
            del told["max_report_age_months"]  # editions published before there was this setting keep their digest
        return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def editions() -> list[str]:
    """The names of the editions that ship, in order."""
    return sorted(path.stem for path in POLICIES.glob("*.yaml"))


Also = Callable[[object, Lines], list[Refusal]]
"""Finds more mistakes in an edition's content as written."""


def load_edition(name_or_path: str | Path, also: Also | None = None) -> Edition:
    """The edition of that name, or of a YAML file.

    Refuses an unknown name with the nearest one (`edition-unknown`), and a file with mistakes with all of them, each
    with its line (`edition-invalid`).
    """
    path = Path(name_or_path)
    if not (path.suffix in {".yaml", ".yml"} or path.is_file()):
        name = str(name_or_path)
        if name not in editions():
            nearest = get_close_matches(name, editions(), 1, 0.4)
            raise Refusal("edition-unknown", edition=name, nearest=nearest, known=editions())
        path = POLICIES / f"{name}.yaml"
    content, lines = read_policy(path)
    return edition_of(content, lines, str(path), also)


def edition_of(content: object, lines: Lines | None = None, file: str = "", also: Also | None = None) -> Edition:
    """The edition that parsed YAML describes; refuses with every mistake of form and names, and what `also` finds."""
    lines = lines or Lines({})
    mistakes = [*name_mistakes(content, lines), *(also(content, lines) if also else ())]
    try:
        edition = Edition.model_validate(content)
    except ValidationError as error:
        mistakes += form_mistakes(error.errors(include_url=False), lines, Edition)
    if mistakes:
        mistakes.sort(key=lambda one: int(str(one.values["line"])))
        raise Refusal("edition-invalid", file=file, count=len(mistakes), mistakes=mistakes)
    edition._lines, edition._file = lines, file
    return edition
