"""The card of a model version: what it is for, what it was taught, how it did by group, its limits. From its report."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from data.synthetic import tells_demo
from scoring.messages import LANGUAGES, Names, say

if TYPE_CHECKING:
    from data.ledger import Event
    from models.registry import Registry

Report = Mapping[str, Any]
PICTURES = ("plan", "reliability")
"""What is drawn under the figures; each is an attachment `NAME.svg` of the version."""

FIRST = ("roc_auc", "average_precision", "capture_10")
"""The figures that stand first."""

MOST_FEATURES = 15
CHANCE = 0.5
SIZES = ("micro", "small", "medium", "large")


@dataclass(frozen=True)
class Section:
    """A part of the card: title, paragraphs, tables (first row the heads), names of the pictures below."""

    title: str
    paragraphs: Sequence[str]
    tables: Sequence[Sequence[Sequence[str]]] = ()
    pictures: Sequence[str] = field(default=())


def card_page(registry: Registry, target: str, version: int | str, language: str) -> str:
    """A registered version's card as one HTML file (number, "champion" or "latest"); refuses an unknown version."""
    pictures = {name: registry.attachment(target, version, f"{name}.svg") for name in PICTURES}
    number, registered = registry.number(target, version), registry.registered(target, version)
    report, synthetic = registry.report(target, version), tells_demo(registry.ledger)
    return page(report, number, language, pictures, synthetic=synthetic, registered=registered)


def card_markdown(registry: Registry, target: str, version: int | str, language: str) -> str:
    """A registered version's card in Markdown; refuses as `card_page` does."""
    number, synthetic = registry.number(target, version), tells_demo(registry.ledger)
    registered = registry.registered(target, version)
    return markdown(registry.report(target, version), number, language, synthetic=synthetic, registered=registered)


def markdown(
    report: Report, version: int, language: str, *, synthetic: bool = False, registered: Event | None = None
) -> str:
    """The card in Markdown; `synthetic` says on it that it learned from invented enterprises.

    `registered` is the ledger's event: who registered it, when, and with which code.
    """
    lines = [f"# {_title(report, version, language)}", ""]
    for section in sections(report, language, synthetic, registered):
        lines += [f"## {section.title}", ""]
        for paragraph in section.paragraphs:
            lines += [_escaped(paragraph), ""]
        for head, *rows in section.tables:
            lines += ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
            lines += ["| " + " | ".join(map(_escaped, row)) + " |" for row in rows]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def page(
    report: Report,
    version: int,
    language: str,
    pictures: Mapping[str, str],
    *,
    synthetic: bool = False,
    registered: Event | None = None,
) -> str:
    """The card as one HTML file that needs nothing else; `pictures` are SVG texts by name (see `PICTURES`)."""
    title = html.escape(_title(report, version, language))
    parts = [f"<h1>{title}</h1>"]
    for section in sections(report, language, synthetic, registered):
        parts.append(f"<h2>{html.escape(section.title)}</h2>")
        parts += [f"<p>{html.escape(paragraph)}</p>" for paragraph in section.paragraphs]
        parts += [_html_table(table) for table in section.tables]
        for name in section.pictures:
            if name in pictures:
                caption = html.escape(say(f"model-card-picture-{name}", language))
                parts.append(f"<figure>{pictures[name]}<figcaption>{caption}</figcaption></figure>")
    return (
        f"<!doctype html>\n<html lang='{language}'><head><meta charset='utf-8'><title>{title}</title>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<style>{STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


STYLE = (
    "body{font-family:system-ui,'Noto Sans CJK SC',sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;"
    "line-height:1.6;color:#1c2733}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;"
    "border-bottom:1px solid #ccd}"
    "table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}"
    "td,th{border-bottom:1px solid #dde;padding:.2rem .7rem;text-align:left}th{background:#f3f5f8;min-width:3.5em}"
    "td:first-child{min-width:3.5em}td.n,th.n{text-align:right}td.n{white-space:nowrap}"
    "div.t{overflow-x:auto}figure{margin:1rem 0;overflow-x:auto}"
    "figcaption{color:#556;font-size:.9rem}"
    "p{overflow-wrap:anywhere}@media print{body{margin:0}}"
)


def sections(report: Report, language: str, synthetic: bool = False, registered: Event | None = None) -> list[Section]:
    """The card: use, data, figures, by group, baselines, stability, features, making, limits, ethics, in order."""
    if language not in LANGUAGES:
        raise KeyError(language)
    return CardWords(report, language, registered).sections(synthetic)


class CardWords:
    """A report being put into words: for its card, and for whoever else tells of it."""

    def __init__(self, report: Report, language: str, registered: Event | None = None) -> None:
        self.report = report
        self.language = language
        self.registered = registered

    def told(self, key: str, **values: object) -> str:
        """A sentence of the card's own."""
        return say(f"model-card-{key}", self.language, **values)

    def sections(self, synthetic: bool) -> list[Section]:
        """The card's parts in order; `synthetic`: it learned from invented enterprises."""
        report, told = self.report, self.told
        best = report["judgement"]["baseline"]
        strongest = [told("baseline-text", name=told(f"baseline-{best}"))] if best != "-" else []
        return [
            Section(
                told("use"),
                [
                    *([say("publication-synthetic", self.language)] if synthetic else []),
                    told("use-text", target=self._target()),
                    told("not-use-text"),
                ],
            ),
            Section(told("data"), self._data()),
            Section(told("figures"), self.verdict(), [self._figures()], PICTURES),
            Section(told("groups"), [told("groups-text")], [self._groups()]),
            Section(told("baselines"), strongest + self._edition(), [self._baselines()]),
            Section(told("stability"), self._stability()),
            Section(
                told("features"),
                [told("features-text", count=len(report["features"]))],
                [table for table in (self._features(), self._factors()) if len(table) > 1],
            ),
            Section(told("made"), self._made()),
            Section(told("limits"), [told("limits-text"), told("limits-time-text"), *self._blind(), *self._left_out()]),
            Section(told("ethics"), [told("ethics-text"), told("ethics-law-text")]),
        ]

    def title(self, version: int) -> str:
        """The card's title."""
        return self.told("title", target=self._target(), version=version)

    def _target(self) -> str:
        target = str(self.report["target"])
        kind, _, name = target.partition(":")
        return self.told("target", kind=kind, name=name or target)

    def _data(self) -> list[str]:
        report, told = self.report, self.told
        return [
            told("data-text", rows=report["rows"], enterprises=report["enterprises"], positives=report["positives"]),
            told("dates-text", dates=report["dates"]),
            told(f"validation-{report['validation']}", group=self.kept_apart(str(report["group_by"]))),
            told("digests-text", data=report["data_digest"][:16], catalogue=report["catalogue_fingerprint"][:16]),
        ]

    def kept_apart(self, name: str) -> str:
        """What validation kept apart, by its name for people."""
        described = self.report.get("described", {}).get(name)
        return self.told("enterprise") if name == "enterprise_id" else self.label(name) if described else name

    def verdict(self) -> list[str]:
        """The verdict, how the model ranks within size classes, and the remarks: a sentence each."""
        found = [say(f"model-verdict-{self.report['verdict']}", self.language), self._within_size()]
        for note in self.report["notes"]:
            values = dict(note["values"])
            for name in ("features", "group"):
                given = values.get(name)
                if isinstance(given, list):
                    values[name] = [self.label(str(one)) for one in given]
                elif given is not None:
                    values[name] = self.kept_apart(str(given))
            found.append(say(str(note["code"]), self.language, **values))
        return found

    def _within_size(self) -> str:
        """What the verdict rests on beside the figures: the order among enterprises of one size class."""
        for row in self.report["judgement"]["numbers"]:
            if row["what"] == "within_size":
                values = {name: row[name] for name in ("value", "low", "high")}
                return say("model-within-size", self.language, **values)
        return say("model-within-size-unknown", self.language)

    def _figures(self) -> list[list[str]]:
        told, metrics = self.told, self.report["metrics"]
        rows = [[told("figure"), told("value"), told("interval")]]
        for name in sorted(metrics, key=_order):
            family = "precision" if name.startswith("precision_") else name
            label = told(f"metric-{family}", k=name.removeprefix("precision_"))
            rows.append([label, _number(metrics[name]["value"]), _span(metrics[name])])
        follow = self.report.get("follow", {})
        for name in sorted(follow, key=_order):
            rows.append([told(f"follow-{name}"), _number(follow[name]["value"]), _span(follow[name])])
        entrants = self.report.get("entrants")
        if entrants and entrants.get("roc_auc"):
            label = told("entrants", entrants=entrants["entrants"], rows=entrants["rows"])
            rows.append([label, _number(entrants["roc_auc"]["value"]), _span(entrants["roc_auc"])])
        return rows

    def _groups(self) -> list[list[str]]:
        heads = ["slice", "value-of", "rows", "positives", "roc-auc", "interval", "average-precision", "captured"]
        rows = [[self.told(head) for head in heads]]
        for row in self.report["by_group"]:
            span = {"low": row["roc_auc_low"], "high": row["roc_auc_high"]}
            rows.append(
                [
                    self.told(f"slice-{row['slice']}"),
                    self.group_name(str(row["slice"]), str(row["value"])),
                    f"{row['rows']:,}",
                    f"{row['positives']:,}",
                    _number(row["roc_auc"]),
                    _span(span),
                    _number(row["average_precision"]),
                    _number(row.get("capture_10")),
                ]
            )
        return rows

    def group_name(self, kind: str, value: str) -> str:
        """A group's name for people: a size, a track of the edition, an industry, a date."""
        if kind == "size_class":
            return say(f"size-{value}" if value in SIZES else "size-undetermined", self.language)
        tracks = (self.report.get("beside") or {}).get("tracks", {})
        if kind == "track" and value in tracks:
            return str(tracks[value][self.language[:2]])
        if kind == "industry_section" and len(value) == 1:
            return say(f"dash-industry-{value}", self.language)
        return self.told("group-unknown") if value == "unknown" else value

    def _edition(self) -> list[str]:
        beside = self.report.get("beside")
        return [self.told("edition-text", edition=beside["edition"])] if beside else []

    def _baselines(self) -> list[list[str]]:
        told = self.told
        rows = [[told("baseline"), told("roc-auc"), told("gain"), told("interval")]]
        for name, found in self.report["baselines"].items():
            gain, singles = found["gain"], found.get("features", ())
            label = told(f"baseline-{name}")
            if len(singles) == 1:
                label = told("baseline-of", name=label, feature=self.label(str(singles[0])))
            rows.append([label, _number(found["roc_auc"]["value"]), _number(gain["value"]), _span(gain)])
        return rows

    def _stability(self) -> list[str]:
        found = self.report["stability"]
        shared = {"single": found["single"], "bag": found["bag"] or found["single"], "members": found["refit_members"]}
        return [
            self.told("stability-text", k=found["k"], **shared),
            self.told("core-text", core=found["core"], borderline=found["borderline"]),
        ]

    def _features(self) -> list[list[str]]:
        rows = [[self.told("feature"), self.told("factor"), self.told("average"), self.told("at-line")]]
        for row in self.report["importance"][:MOST_FEATURES]:
            name = str(row["feature"])
            rows.append([self.label(name), self._factor(name), f"{row['average']:.3f}", f"{row['at_line']:.3f}"])
        return rows

    def _factors(self) -> list[list[str]]:
        """The parts of all features by factor: sums of their mean absolute parts."""
        sums: dict[str, list[float]] = {}
        for row in self.report["importance"]:
            if factor := self._factor(str(row["feature"])):
                found = sums.setdefault(factor, [0.0, 0.0])
                found[0] += row["average"]
                found[1] += row["at_line"]
        rows = [[self.told("factor"), self.told("average"), self.told("at-line")]]
        rows += [[name, f"{a:.3f}", f"{b:.3f}"] for name, (a, b) in sorted(sums.items(), key=lambda one: -one[1][0])]
        return rows

    def _made(self) -> list[str]:
        report = self.report
        return [
            self.told("made-text", candidate=say(f"cli-candidate-{report['candidate']}", self.language),
                      bag=report["bag"], seed=str(report["seed"])),
            self.told("versions-text", versions=[f"{name} {one}" for name, one in sorted(report["versions"].items())]),
            *self._registration(),
        ]  # fmt: skip

    def _registration(self) -> list[str]:
        """Who registered it, when, with which code, as what; where the whole story is asked for."""
        event = self.registered
        if event is None:
            return []
        told = {"actor": event.actor, "when": event.recorded_at[:16].replace("T", " "), "seq": str(event.seq)}
        revision = str(event.payload.get("code_revision", ""))[:12] or self.told("no-revision")
        digest = str(event.payload["digest"])
        target, version = event.subject.removeprefix("model:"), str(event.payload["version"])
        return [self.told("registered-text", **told, revision=revision, digest=digest, target=target, version=version)]

    def _blind(self) -> list[str]:
        """The size classes and tracks in which the model cannot be told from chance, or was not tested."""
        found: dict[bool, list[str]] = {True: [], False: []}
        for row in self.report["by_group"]:
            if row["slice"] in ("size_class", "track") and not (row["roc_auc_low"] or 0.0) > CHANCE:
                found[row["roc_auc"] is None].append(self.group_name(str(row["slice"]), str(row["value"])))
        blind = [self.told("limits-blind-text", groups=found[False])] if found[False] else []
        return blind + ([self.told("limits-untested-text", groups=found[True])] if found[True] else [])

    def _left_out(self) -> list[str]:
        left = self.report.get("restricted_left_out", [])
        return [self.told("restricted-text", count=len(left))] if left else []

    def label(self, name: str) -> str:
        """A feature's name for people."""
        return Names.taught(self.report, name).label(self.language)

    def _factor(self, name: str) -> str:
        described = self.report.get("described", {}).get(name)
        return say(f"factor-{described['factor']}", self.language) if described else ""


def _title(report: Report, version: int, language: str) -> str:
    return CardWords(report, language).title(version)


def _html_table(table: Iterable[Sequence[str]]) -> str:
    head, *rows = table
    numeric = [bool(rows) and all(_is_number(row[place]) for row in rows) for place in range(len(head))]
    kinds = [" class='n'" if one else "" for one in numeric]

    def line(row: Sequence[str], tag: str) -> str:
        extra = " scope='col'" if tag == "th" else ""
        cells = (f"<{tag}{extra}{kind}>{html.escape(cell)}</{tag}>" for cell, kind in zip(row, kinds, strict=True))
        return f"<tr>{''.join(cells)}</tr>"

    body = "".join(line(row, "td") for row in rows)
    return f"<div class='t'><table><thead>{line(head, 'th')}</thead><tbody>{body}</tbody></table></div>"


def _order(name: str) -> tuple[int, str, int]:
    """The figures that stand first, then the others by name, precision by its depth."""
    family, _, depth = name.rpartition("_")
    number = int(depth) if depth.isdigit() else 0
    return (FIRST.index(name) if name in FIRST else len(FIRST), family if number else name, number)


def _is_number(cell: str) -> bool:
    return not cell.strip("0123456789.,- ")


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _span(figure: Mapping[str, Any]) -> str:
    return "" if figure.get("low") is None else f"{figure['low']:.3f}–{figure['high']:.3f}"
