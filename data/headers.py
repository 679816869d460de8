"""Which row is the header, and what each header says: field, unit and period, by the alias table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from data.amounts import unit_factor

REFERENCE = Path(__file__).parent / "reference"
_STRIPPED = str.maketrans("", "", " \t\u3000\n\r()[]【】{}:;,*#\"'“”_")
_NUMBERING = re.compile(r"^(?:其中[::]?|[①-⑳]|\d{1,2}[.、]|[一二三四五六七八九十]{1,2}、|#|\*)+")
_BRACKETED = re.compile(r"[((\[【]([^()()\[\]【】]{1,12})[))\]】]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*(?:年度|年末|年底|年|(?=[^\d年]|$))")
_INTERIM = re.compile(
    r"(?P<first>1\s*[-—~至]\s*(?P<month>\d{1,2})\s*月)|前(?P<first_quarters>[二三四])个?季度"
    r"|第?(?P<quarter>[一二三四1234])季度|(?P<half>上半年)"
)
_LAST_YEAR = ("上年同期", "去年同期", "上年度", "上年末", "上一年度", "上年", "去年", "上期")
_THIS_YEAR = ("本年度", "本年累计", "本年末", "本年", "本期", "当年", "年末", "期末", "报告期")
_UNIT_IN_TITLE = re.compile(r"(?:计量|金额|货币)?单位\s*[::]\s*([^\s,,;;::()()]{1,16})")
_TITLE_YEAR = re.compile(r"(?:19|20)\d{2}\s*年|^\s*(?:FY)?(?:19|20)\d{2}\s*$|(?:19|20)\d{2}\s*[-/.]\s*\d{1,2}")
_DAY_OF_FILLING = re.compile(r"(?:填报|填表|制表|报送|上报|打印|导出|编制|查询|下载)(?:日期|时间)")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})(?!\d)(?:\s*[-/.月]\s*(\d{1,2})(?!\d)日?|月)?")
_MONTH_ENDS = {3: 31, 6: 30, 9: 30, 12: 31}


@dataclass(frozen=True)
class Span:
    """A period as a header or title tells it: a year (None: the sheet's own), months, and years back from it.

    `quarter`: a quarter after the first is named by itself (第二季度), so that figures may count from January or not.
    """

    year: int | None = None
    months: int | None = None
    back: int = 0
    quarter: bool = False


@dataclass(frozen=True)
class Header:
    """What one header says: the words that remain, the unit and the period found in it ("" and None: none)."""

    text: str
    core: str
    unit: str = ""
    span: Span | None = None


@dataclass(frozen=True)
class Layout:
    """Where the header ends (row number, the first row is 1), the headers, and what the rows above it say."""

    header_row: int
    headers: list[Header]
    titles: list[str]


@dataclass(frozen=True)
class Aliases:
    """The alias table, looked up by the core of a header."""

    fields: dict[str, tuple[tuple[str, str], ...]]
    roles: dict[str, str]
    decides_table: dict[str, str]
    decision_words: dict[str, str]
    groups: frozenset[str]
    statistical_strong: tuple[str, ...]
    statistical_weak: tuple[str, ...]
    weak_needed: int
    persons_words: tuple[str, ...]

    def known(self, header: Header) -> bool:
        """Whether the header means anything to us."""
        return header.core in self.fields or header.core in self.roles


@lru_cache(maxsize=1)
def aliases() -> Aliases:
    """The alias table of `reference/header_aliases.yaml`."""
    content: dict[str, Any] = yaml.safe_load((REFERENCE / "header_aliases.yaml").read_text(encoding="utf-8"))
    fields: dict[str, dict[tuple[str, str], None]] = {}
    for table, columns in content["tables"].items():
        for name, words in columns.items():
            for word in words:
                fields.setdefault(core(word), {})[(table, name)] = None
    roles: dict[str, str] = {}
    for role in (
        "identifier",
        "not_identifier",
        "persons",
        "known_on",
        "item",
        "item_value",
        "item_unit",
        "row_number",
    ):
        roles |= {core(word): role for word in content[role]}
    for part, words in content["period"].items():
        roles |= {core(word): f"period_{part}" for word in words}
    marks = content["statistical_return"]
    return Aliases(
        {word: tuple(places) for word, places in fields.items()},
        roles,
        content["decides_table"],
        {word: decision for decision, words in content["decision_words"].items() for word in words},
        frozenset(core(word) for word in content["groups"]),
        tuple(marks["strong"]),
        tuple(marks["weak"]),
        marks["weak_needed"],
        tuple(content["persons_words"]),
    )


def core(text: str) -> str:
    """The words of a header for comparison: NFKC, lower case, without blanks, brackets and numbering.

    >>> core("  其中:营业 收入"), core("Net Profit")
    ('营业收入', 'netprofit')
    """
    plain = _NUMBERING.sub("", unicodedata.normalize("NFKC", text).strip())
    return plain.translate(_STRIPPED).lower()


def read_header(text: str) -> Header:
    """Split a header into its words, its unit and its period.

    >>> read_header("2023年营业收入(万元)").core, read_header("2023年营业收入(万元)").unit
    ('营业收入', '万元')
    >>> read_header("2023年营业收入(万元)").span
    Span(year=2023, months=None, back=0, quarter=False)
    >>> read_header("上年同期 利润总额,千元").span
    Span(year=None, months=None, back=1, quarter=False)
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if _known_core(core(plain)):
        return Header(text, core(plain), unit=_unit_in(plain))
    unit = _unit_in(plain)
    without = _BRACKETED.sub(lambda match: "" if _is_unit(match[1]) else match[0], plain)
    if unit and without == plain:
        without = re.sub(rf"[\s,/:_-]{re.escape(unit)}$", "", plain)
    if _known_core(core(without)):
        return Header(text, core(without), unit)
    span, words = span_in(without)
    found = core(words)
    return Header(text, found, unit, span)


def title_span(titles: Sequence[str]) -> Span | None:
    """The period that the rows above the header name, e.g. `2024年度`, `2024年1-6月`; None where they name none, or
    several, or only the day on which the sheet was filled in.

    >>> title_span(["某表", "2024年1-6月"]), title_span(["2025年申报", "2024年度情况"])
    (Span(year=2024, months=6, back=0, quarter=False), None)
    """
    spans = set()
    for title in titles:
        plain = unicodedata.normalize("NFKC", title)
        if not _DAY_OF_FILLING.search(plain) and _TITLE_YEAR.search(plain):
            span, _ = span_in(plain)
            spans.add(span)
    return spans.pop() if len(spans) == 1 else None


def title_unit(titles: Sequence[str]) -> str:
    """The unit of money that the rows above the header name, e.g. `单位:千元`, `单位:人、万元` ("" if none)."""
    for title in titles:
        match = _UNIT_IN_TITLE.search(unicodedata.normalize("NFKC", title))
        for word in re.split(r"[、/和及]", match[1]) if match else ():
            found = unit_factor(word, {}) if _is_unit(word) else None
            if found is not None and (found[1] or word.endswith("元")):
                return word
    return ""


def find_layout(
    top: Sequence[Sequence[str]],
    merged: Sequence[tuple[int, int, int, int]],
    known: Callable[[Header], bool],
    header_row: int | None = None,
) -> Layout | None:
    """The header among a sheet's first rows: the row with the most headers that are known, with its neighbours where
    the header takes two or three rows. None if no row has a known header.
    """
    filled = [_spread(row, number, merged) for number, row in enumerate(top)]
    headers = [[read_header(cell) for cell in row] for row in filled]
    scores = [_known_number(row, known) for row in headers]
    if header_row is not None:
        if header_row > len(top):
            return None
        best = header_row - 1
    elif not scores or max(scores) == 0:
        return None
    else:
        best = scores.index(max(scores))
    chosen, first, last = headers[best], best, best
    told = (scores[best], _told_number(chosen))
    for upper, lower in _windows(best, len(top), fixed=header_row is not None):
        joined = (
            _joined(filled[upper], filled[lower])
            if lower == upper + 1
            else _joined([header.text for header in _joined(filled[upper], filled[upper + 1])], filled[lower])
        )
        parents = all(_is_parent(filled[row], filled[row + 1], top[row]) for row in range(upper, lower))
        if parents and not _reaches_too_far(joined) and (_known_number(joined, known), _told_number(joined)) > told:
            chosen, first, last = joined, upper, lower
            told = (_known_number(joined, known), _told_number(joined))
    while chosen and not chosen[-1].text.strip():
        chosen = chosen[:-1]
    titles = [cell for row in top[:first] for cell in row if cell.strip()]
    return Layout(last + 1, chosen, titles)


def _windows(best: int, rows: int, *, fixed: bool) -> list[tuple[int, int]]:
    """First and last row of the headers of two and three rows that hold the best row; from it on where it is asked."""
    around = [(0, 1), (-1, 0), (-1, 1), (0, 2), (-2, 0)]
    wanted = [(best + up, best + down) for up, down in around if not fixed or up == 0]
    return [(upper, lower) for upper, lower in wanted if upper >= 0 and lower < rows]


def _known_number(row: Sequence[Header], known: Callable[[Header], bool]) -> int:
    """How many different headers are known; a title over merged cells is one text, and `单位:万元` is no header."""
    texts = {header.text: header for header in row if header.text.strip()}
    return sum(known(header) and not _UNIT_IN_TITLE.match(text) for text, header in texts.items())


def _told_number(row: Sequence[Header]) -> int:
    """How many headers tell a period or a unit."""
    return sum(header.span is not None or bool(header.unit) for header in row)


def _reaches_too_far(joined: Sequence[Header]) -> bool:
    """Whether a title was taken for the upper half: it then dates the identifier or the name."""
    fields = aliases().fields
    return any(
        header.span is not None
        and (aliases().roles.get(header.core) == "identifier" or ("enterprises", "name") in fields.get(header.core, ()))
        for header in joined
    )


def _spread(row: Sequence[str], number: int, merged: Sequence[tuple[int, int, int, int]]) -> list[str]:
    """A row with the text of each merged cell repeated over the columns it covers."""
    cells = [unicodedata.normalize("NFKC", cell).strip() for cell in row]
    for top_row, left, bottom_row, right in merged:
        if top_row <= number <= bottom_row and left < len(cells) and number == top_row:
            for column in range(left, min(right, len(cells) - 1) + 1):
                cells[column] = cells[left]
    return cells


def _is_parent(upper: Sequence[str], lower: Sequence[str], raw: Sequence[str]) -> bool:
    """Whether a row can stand above another as the upper half of one header: both are words, the lower fills gaps."""
    wordy = [cell for cell in lower if cell]
    told = [at for at, cell in enumerate(raw) if cell.strip()]
    if not wordy or not told or told == [0]:  # a lone first cell is a title
        return False
    if any(re.fullmatch(r"[\d.,%-]+", cell) and not _YEAR.fullmatch(cell) for cell in wordy):
        return False
    repeated = any(cell and cell == after for cell, after in pairwise(upper))
    gaps = any(not cell.strip() for cell in list(raw) + [""] * (len(lower) - len(raw)))
    return repeated or gaps or all(_is_unit(cell.strip("()")) for cell in wordy)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[Header]:
    """Two header rows as one: an upper text reaches right over the gaps below which the lower row has words.

    What only heads a group of columns (财务指标) gives its unit to them and no word.
    """
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    joined, reaching = [], ""
    for top, bottom in zip(above, below, strict=True):
        reaching = top or (reaching if bottom else "")
        heading = reaching if bottom and bottom != reaching else ""
        group = read_header(heading) if heading else None
        text = f"{heading} {bottom}".strip() if bottom else reaching
        if group is not None and group.core in aliases().groups:
            text = f"{bottom}({group.unit})" if group.unit and not _unit_in(bottom) else bottom
        if reaching and bottom and _is_unit(bottom.strip("()")):
            text = f"{reaching}({bottom.strip('()')})"
        joined.append(read_header(text))
    return joined


def span_in(text: str) -> tuple[Span | None, str]:
    """The period in a text (None: none, or several), and the text without it."""
    words, year, months, back, found, quarter = text, None, None, 0, False, False
    day = None if _INTERIM.search(words) else _DAY.search(words)
    if day:
        end = _MONTH_ENDS.get(int(day[2]))
        if end is None or day[3] is None or int(day[3]) != end:
            return None, words  # a month or a day is not a period: nobody knows how far back the figures reach
        return Span(int(day[1]), int(day[2])), words[: day.start()] + words[day.end() :]
    if len(set(_YEAR.findall(words))) > 1:
        return None, words
    match = _YEAR.search(words)
    if match:
        year, found = int(match[1]), True
        words = words[: match.start()] + words[match.end() :]
    interim = _INTERIM.search(words)
    if interim:
        months = _interim_months(interim)
        quarter = bool(interim["quarter"]) and months != 3
        found = found or months is not None
        words = words[: interim.start()] + words[interim.end() :]
    for word in _LAST_YEAR:
        if word in words:
            return Span(year, months, 1, quarter), words.replace(word, "", 1)
    for word in _THIS_YEAR:
        if words.startswith(word) or words.endswith(word):
            return Span(year, months, back, quarter), words.replace(word, "", 1)
    return (Span(year, months, back, quarter) if found else None), words


def _interim_months(match: re.Match[str]) -> int | None:
    if match["month"]:
        month = int(match["month"])
        return month if 1 <= month <= 12 else None
    quarter = match["quarter"] or match["first_quarters"]
    if quarter:
        return {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}[quarter]
    return 6


def _unit_in(text: str) -> str:
    """A unit in brackets, or after a comma or slash at the end."""
    for found in _BRACKETED.findall(text):
        inner = re.sub(r"^(?:单位|计量单位)\s*[::]?\s*", "", found.strip())
        if _is_unit(inner):
            return inner
    match = re.search(r"[,/:_-]\s*([^,/:_\s-]{1,6})$", text)
    return match[1] if match and _is_unit(match[1]) else ""


def _is_unit(text: str) -> bool:
    inner = re.sub(r"^(?:单位|计量单位)\s*[::]?\s*", "", text.strip())
    return inner not in ("", "1") and not inner.isdigit() and unit_factor(inner, {}) is not None


@lru_cache(maxsize=4096)
def _known_core(word: str) -> bool:
    table = aliases()
    return word in table.fields or word in table.roles
