"""Every word that people read, from catalogues in Chinese and English (Project Fluent), formatted by locale.

Lower floors emit codes and values; here they become sentences. The catalogues are `locales/LANGUAGE/*.ftl`. Keys
that start with `cli-` live in the files `cli*.ftl`, all others in the other files, so that `mulu --help` need not
read every sentence of the product. A key that one language lacks fails a test; asked for, it raises KeyError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.resolver import Message
from fluent.runtime.types import FluentNone

from data.refusal import Refusal

LOCALES = Path(__file__).parent / "locales"
LANGUAGES = ("zh-CN", "en")
_ENTRY = re.compile(r"^(?=-?[a-zA-Z][\w-]*[ ]*=)", re.MULTILINE)
LONGEST = 2_400
"""Characters of one value in a sentence."""


@dataclass(frozen=True)
class Names:
    """A name in both languages, for what no catalogue knows any more."""

    zh: str
    en: str

    @classmethod
    def taught(cls, report: Mapping[str, Any], name: str) -> Names:
        """What a feature was called when the model of a report was taught it; its code where the report has no name."""
        told = report.get("described", {}).get(name, {})
        return cls(str(told.get("zh", name)), str(told.get("en", name)))

    def label(self, language: str) -> str:
        """The one for the reader."""
        return self.en if language == "en" else self.zh


def say(key: str, language: str, /, **values: object) -> str:
    """The sentence of a key in a language, with its values filled in.

    Values may be text, numbers, dates, moments (told by this machine's clock) or lists of text. Money is given in
    yuan, shares as 0..1; the catalogue chooses the form with `MONEY($x)`, `PERCENT($x, digits: 1)`, `POINTS($x)` and
    `DECIMAL($x, digits: 2)` (`FIXED` keeps closing zeros);
    `NEAREST($names)` says what was probably meant, or nothing where no name is near; `TARGET($target)` names what a
    model learns. A value with a `label(language)`, such as `Names` or a described feature, is called by it.

    >>> say("money-example", "zh-CN", amount=34_560_000)
    '3,456万元'
    >>> say("money-example", "en", amount=34_560_000)
    'CNY 34.56 million'
    """
    bundle = _bundle(language, key.startswith("cli-"))
    if not bundle.has_message(key):
        raise KeyError(f"{key} is not in the {language} catalogue")
    arguments = {name: _shortened(_argument(value, language)) for name, value in values.items()}
    pattern = bundle.get_message(key).value
    if pattern is None:
        raise KeyError(f"{key} has no text in the {language} catalogue")
    text, errors = bundle.format_pattern(pattern, arguments)
    if errors:
        raise KeyError(f"{key} in {language}: {'; '.join(map(str, errors))}")
    return str(text)


def explain(refusal: Refusal, language: str) -> str:
    """What a refusal says to a person: what must hold, what was got and where, how to mend it.

    Refusals among its values (all mistakes of a file, say) become lines of their own.
    """
    return say(refusal.code, language, **refusal.values)


def keys(language: str) -> frozenset[str]:
    """All keys of one language's catalogue."""
    return frozenset(key for cli in (False, True) for key in _bundle(language, cli).parsed())


def moment(at: datetime | str) -> str:
    """A moment (ISO text with its zone, or a datetime) by this machine's clock, to the minute."""
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def money(amount_cny: float, language: str) -> str:
    """An amount of yuan as people write it: 万元 and 亿元 in Chinese, millions and billions in English.

    >>> money(120_000_000, "zh-CN"), money(9_800, "zh-CN"), money(-5_000_000, "en"), money(-0.2, "zh-CN")
    ('1.2亿元', '9,800元', 'CNY -5 million', '0元')
    """
    size = abs(amount_cny)
    steps = (
        ((1e8, "亿元"), (1e4, "万元"), (1.0, "元"))
        if language == "zh-CN"
        else ((1e9, " billion"), (1e6, " million"), (1.0, ""))
    )
    unit, name = next(((unit, name) for unit, name in steps if size >= unit), steps[-1])
    digits = 2 if unit > 1 else 0
    number = f"{round(amount_cny / unit, digits) + 0.0:,.{digits}f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return f"{number}{name}" if language == "zh-CN" else f"CNY {number}{name}"


def percent(share: float, digits: int = 1) -> str:
    """A share (0..1) in percent.

    >>> percent(0.384), percent(-0.05, 0), percent(-0.0004)
    ('38.4%', '-5%', '0.0%')
    """
    return f"{round(share * 100, digits) + 0.0:.{digits}f}%"


def points(value: float) -> str:
    """Points with their sign and one decimal: `+6.2`, `-0.4`, `0.0`."""
    rounded = round(value, 1) + 0.0
    return f"{rounded:+.1f}" if rounded else "0.0"


def _shortened(value: object) -> object:
    """Text no longer than Project Fluent takes in one place, cut with a sign: a list of names can be longer."""
    return f"{value[:LONGEST]}…" if isinstance(value, str) and len(value) > LONGEST else value


def _argument(value: object, language: str) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Refusal):
        return explain(value, language)
    if isinstance(value, (list, tuple)) and value and all(isinstance(one, Refusal) for one in value):
        return "".join(f"\n  {explain(one, language)}" for one in value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return ("、" if language == "zh-CN" else ", ").join(str(_argument(one, language)) for one in value)
    if isinstance(value, (int, float, str)):
        return value
    if hasattr(value, "label"):
        return value.label(language)
    if hasattr(value, "item"):
        return value.item()
    return str(value)


class _Catalogue(FluentBundle):
    """One language's entries, each parsed when it is first asked for: parsing all takes most of a second."""

    def __init__(self, language: str, texts: Iterable[str]) -> None:
        super().__init__([language], use_isolating=False, functions=_functions(language))
        self._source: dict[str, str] = {}
        for text in texts:
            for entry in _ENTRY.split(text)[1:]:
                self._source.setdefault(entry.partition("=")[0].strip(), entry)

    def has_message(self, message_id: str) -> bool:
        """Whether there is such an entry."""
        return message_id in self._source

    def parsed(self) -> list[str]:
        """The keys of all messages that can be parsed."""
        for entry in self._source.values():
            self.add_resource(FluentResource(entry))
        return list(self._messages)

    def _lookup(self, entry_id: str, term: bool = False) -> Message:
        if entry_id not in (self._terms if term else self._messages):
            self.add_resource(FluentResource(self._source.get(f"-{entry_id}" if term else entry_id, "")))
        return super()._lookup(entry_id, term)


@lru_cache(maxsize=4)
def _bundle(language: str, cli: bool) -> _Catalogue:
    paths = sorted((LOCALES / language).glob("*.ftl"))
    return _Catalogue(
        language, [path.read_text(encoding="utf-8") for path in paths if path.name.startswith("cli") == cli]
    )


def _functions(language: str) -> dict[str, Callable[..., Any]]:
    def number(value: object) -> float | None:
        return float(value) if isinstance(value, (int, float)) else None

    def formatted(form: Callable[[float], str]) -> Callable[..., object]:
        def call(value: object) -> object:
            plain = number(value)
            return FluentNone() if plain is None else form(plain)

        return call

    def percentage(value: object, digits: object = 1) -> object:
        plain, places = number(value), number(digits)
        return FluentNone() if plain is None else percent(plain, int(places or 0))

    def nearest(names: object) -> str:
        return say("nearest-name", language, name=names) if names else ""

    def target(code: object) -> str:
        kind, _, name = str(code).partition(":")
        known = _bundle(language, False).has_message(f"target-name-{kind}")
        return say(f"target-name-{kind}", language, name=name) if known else str(code)

    def fixed(value: object, digits: object = 2) -> object:
        plain, places = number(value), number(digits)
        return FluentNone() if plain is None else f"{round(plain, int(places or 0)) + 0.0:,.{int(places or 0)}f}"

    def plain_number(value: object, digits: object = 2) -> object:
        text = fixed(value, digits)
        return text.rstrip("0").rstrip(".") if isinstance(text, str) and "." in text else text

    return {
        "MONEY": formatted(lambda amount: money(amount, language)),
        "POINTS": formatted(points),
        "PERCENT": percentage,
        "DECIMAL": plain_number,
        "FIXED": fixed,
        "NEAREST": nearest,
        "TARGET": target,
    }
