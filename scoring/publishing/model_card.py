"""The card of a model version: what it is for, what it was taught, how it did by group, its limits. From its report."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from scoring.messages import LANGUAGES, say

Report = Mapping[str, Any]
Section = tuple[str, list[str], list[list[str]]]
"""Title, paragraphs, and a table (first row the heads; empty for none)."""


def markdown(report: Report, version: int, language: str) -> str:
    """The card in Markdown."""
    lines = [f"# {_title(report, version, language)}", ""]
    for title, paragraphs, table in sections(report, language):
        lines += [f"## {title}", ""]
        for paragraph in paragraphs:
            lines += [paragraph, ""]
        if table:
            lines += ["| " + " | ".join(table[0]) + " |", "|" + " --- |" * len(table[0])]
            lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in table[1:]]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def page(report: Report, version: int, language: str, pictures: Sequence[str] = ()) -> str:
    """The card as one HTML file that needs nothing else; `pictures` are SVG texts shown under the figures."""
    title = html.escape(_title(report, version, language))
    parts = [f"<h1>{title}</h1>"]
    for number, (heading, paragraphs, table) in enumerate(sections(report, language)):
        parts.append(f"<h2>{html.escape(heading)}</h2>")
        parts += [f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs]
        if table:
            head = "".join(f"<th scope='col'>{html.escape(cell)}</th>" for cell in table[0])
            rows = "".join(
                "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in table[1:]
            )
            parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
        if number == FIGURES:
            parts += list(pictures)
    style = (
        "body{font-family:system-ui,'Noto Sans CJK SC',sans-serif;max-width:56rem;margin:2rem auto;line-height:1.6}"
        "table{border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #ccc;padding:.2rem .6rem;text-align:left}"
    )
    return (
        f"<!doctype html>\n<html lang='{language}'><head><meta charset='utf-8'><title>{title}</title>"
        f"<style>{style}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


FIGURES = 2
"""The place of the section with figures, under which the pictures stand."""


FIRST = ("roc_auc", "average_precision", "capture_10")
"""The figures that stand first."""


def sections(report: Report, language: str) -> list[Section]:
    """The card's sections in order: use, data, figures, by group, baselines, stability, features, limits, ethics."""
    if language not in LANGUAGES:
        raise KeyError(language)

    def told(key: str, **values: object) -> str:
        return say(f"model-card-{key}", language, **values)

    judgement = report["judgement"]
    verdict = [say(f"model-verdict-{report['verdict']}", language)]
    verdict += [say(str(note["code"]), language, **note["values"]) for note in report["notes"]]
    return [
        (told("use"), [told("use-text", target=str(report["target"])), told("not-use-text")], []),
        (
            told("data"),
            [
                told(
                    "data-text", rows=report["rows"], enterprises=report["enterprises"], positives=report["positives"]
                ),
                told("dates-text", dates=report["dates"]),
                told(f"validation-{report['validation']}", group=str(report["group_by"])),
                told("digests-text", data=report["data_digest"][:16], catalogue=report["catalogue_fingerprint"][:16]),
            ],
            [],
        ),
        (told("figures"), verdict, _figures(report["metrics"], told)),
        (told("groups"), [told("groups-text")], _groups(report["by_group"], told)),
        (
            told("baselines"),
            [told("baseline-text", name=told(f"baseline-{judgement['baseline']}"))]
            if judgement["baseline"] != "-"
            else [],
            _baselines(report["baselines"], told),
        ),
        (told("stability"), _stability(report["stability"], told), []),
        (told("features"), [told("features-text", count=len(report["features"]))], _features(report, told)),
        (told("limits"), [told("limits-text"), told("limits-time-text")], []),
        (told("ethics"), [told("ethics-text"), told("ethics-law-text")], []),
    ]


def _title(report: Report, version: int, language: str) -> str:
    return say("model-card-title", language, target=str(report["target"]), version=version)


def _figures(metrics: Mapping[str, Mapping[str, Any]], told: Any) -> list[list[str]]:  # noqa: ANN401
    rows = [[told("figure"), told("value"), told("interval")]]
    for name in sorted(metrics, key=lambda name: (name not in FIRST, FIRST.index(name) if name in FIRST else 0, name)):
        figure = metrics[name]
        family = "precision" if name.startswith("precision_") else name
        label = told(f"metric-{family}", k=name.removeprefix("precision_"))
        rows.append([label, _number(figure["value"]), _span(figure)])
    return rows


def _groups(groups: Sequence[Mapping[str, Any]], told: Any) -> list[list[str]]:  # noqa: ANN401
    heads = ["slice", "value", "rows", "positives", "roc-auc", "interval", "average-precision"]
    rows = [[told(head) for head in heads]]
    for row in groups:
        span = {"value": row["roc_auc"], "low": row["roc_auc_low"], "high": row["roc_auc_high"]}
        rows.append(
            [
                told(f"slice-{row['slice']}"),
                str(row["value"]),
                str(row["rows"]),
                str(row["positives"]),
                _number(row["roc_auc"]),
                _span(span),
                _number(row["average_precision"]),
            ]
        )
    return rows


def _baselines(baselines: Mapping[str, Mapping[str, Any]], told: Any) -> list[list[str]]:  # noqa: ANN401
    rows = [[told("baseline"), told("roc-auc"), told("gain"), told("interval")]]
    for name, found in baselines.items():
        gain = found["gain"]
        rows.append([told(f"baseline-{name}"), _number(found["roc_auc"]["value"]), _number(gain["value"]), _span(gain)])
    return rows


def _stability(found: Mapping[str, Any], told: Any) -> list[str]:  # noqa: ANN401
    return [
        told(
            "stability-text",
            k=found["k"],
            single=found["single"],
            bag=found["bag"] or found["single"],
            members=found["refit_members"],
        ),
        told("core-text", core=found["core"], borderline=found["borderline"]),
    ]


def _features(report: Report, told: Any) -> list[list[str]]:  # noqa: ANN401
    rows = [[told("feature"), told("average"), told("at-line")]]
    rows += [
        [str(row["feature"]), f"{row['average']:.3f}", f"{row['at_line']:.3f}"] for row in report["importance"][:15]
    ]
    return rows


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _span(figure: Mapping[str, Any]) -> str:
    return "" if figure.get("low") is None else f"{figure['low']:.3f} - {figure['high']:.3f}"
