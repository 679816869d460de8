"""Verbs of the rules: `mulu edition check|show|diff|simulate` and `mulu coverage`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoring.cli.answers import Format, FormatOption, answer, language, settings, table, text

if TYPE_CHECKING:
    from scoring.editions.policy import Criterion, Edition
    from scoring.selection.coverage import Coverage
    from scoring.selection.edition_changes import Simulation

DEFAULT_EDITION = "changning-2026"
EditionArgument = Annotated[str, typer.Argument(help=text("cli-edition-option-help"))]


def register(app: typer.Typer) -> None:
    """Add this family's verbs."""
    group = typer.Typer(help=text("cli-edition-help"), no_args_is_help=True)
    group.command("check", help=text("cli-edition-check-help"))(check)
    group.command("show", help=text("cli-edition-show-help"))(show)
    group.command("diff", help=text("cli-edition-diff-help"))(diff)
    group.command("simulate", help=text("cli-edition-simulate-help"))(simulate)
    app.add_typer(group, name="edition")
    app.command("coverage", help=text("cli-coverage-help"))(coverage)


def check(edition: EditionArgument, form: FormatOption = Format.text) -> None:
    """Check an edition against form, catalogue and law; all mistakes at once."""
    from data.store import Store
    from features.catalog import catalogue
    from scoring.editions.checks import read_edition

    rules = read_edition(edition, catalogue(Store(settings())))
    value = {"edition": rules.name, "digest": rules.digest, "tracks": len(rules.tracks), "features": rules.features}
    counts = {"tracks": len(rules.tracks), "features": len(rules.features)}
    answer(value, form, text("cli-edition-good", edition=rules.title.of(language()), **counts))


def show(edition: EditionArgument, form: FormatOption = Format.text) -> None:
    """Show an edition: rules, cards, quotas, references."""
    from scoring.editions.policy import load_edition

    rules = load_edition(edition)
    answer({**rules.model_dump(mode="json"), "digest": rules.digest}, form, edition_lines(rules))


def edition_lines(edition: Edition) -> list[str]:
    """An edition for people: who is eligible, the card of every track, the quotas."""
    from scoring.messages import say

    tongue = language()
    until = edition.until_date.isoformat() if edition.until_date else "-"
    lines = [
        f"{edition.title.of(tongue)} ({edition.name}, {edition.digest[:12]})",
        text("cli-edition-term", start=edition.from_date, until=until),
        say(f"basis-{edition.basis}", tongue),
        *([edition.note.of(tongue)] if edition.note else []),
        edition.legal.statement.of(tongue),
        "",
        text("cli-edition-eligibility"),
        *(f"  {rule.title.of(tongue)}  {article(edition, rule.ref)}" for rule in edition.eligibility),
    ]
    for track in edition.tracks:
        lines += ["", f"{track.title.of(tongue)}  {article(edition, track.ref)}"]
        lines += [f"  {rule.title.of(tongue)}" for rule in track.when]
        rows = [[one.feature, bands_text(one), one.unit, article(edition, one.ref)] for one in track.criteria]
        heads = ["feature", "bands", "unit", "ref"]
        lines += [f"  {line}" for line in table([text(f"cli-column-{name}") for name in heads], rows)]
    blend = edition.blend
    lines += ["", text("cli-edition-blend", scorecard=blend.scorecard, growth=blend.growth, listing=blend.listing)]
    lines.append(text("cli-edition-places", places=edition.list.places))
    for track in edition.tracks:
        if quota := edition.list.tracks.get(track.id):
            least, most = (str(number if number is not None else "-") for number in (quota.min, quota.max))
            lines.append(f"  {track.title.of(tongue)}: {least} .. {most}")
    return lines


def bands_text(criterion: Criterion) -> str:
    """The bands of a criterion in one line: `<0.05: 0, 0.05+: 4, 0.15+: 6`."""
    if criterion.categories:
        return ", ".join(f"{name}: {points:g}" for name, points in criterion.categories.items())
    first = criterion.bands[0].at_least
    return ", ".join(
        [f"<{first:g}: {criterion.below:g}", *(f"{band.at_least:g}+: {band.points:g}" for band in criterion.bands)]
    )


def article(edition: Edition, ref: str) -> str:
    """A reference in one line."""
    found = edition.references[ref]
    return text("cli-edition-article", document=found.document, article=found.article, phrase=found.phrase)


def diff(first: EditionArgument, second: EditionArgument, form: FormatOption = Format.text) -> None:
    """Show every field in which two editions differ."""
    from scoring.editions.policy import load_edition
    from scoring.selection.edition_changes import differences

    found = differences(load_edition(first), load_edition(second))
    rows = [[one.place, _short(one.first), _short(one.second)] for one in found]
    lines = table([text("cli-column-place"), first, second], rows) if rows else [text("cli-edition-same")]
    answer([asdict(one) for one in found], form, lines)


def _short(value: object) -> str:
    shown = "-" if value is None else str(value)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"


def simulate(
    draft: EditionArgument,
    against: Annotated[str, typer.Option(help=text("cli-edition-against-help"))] = DEFAULT_EDITION,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help=text("cli-rank-as-of-help"))
    ] = None,
    form: FormatOption = Format.text,
) -> None:
    """Try a draft on past data: who enters and leaves."""
    from data.store import Store
    from features.catalog import catalogue
    from scoring.editions.checks import read_edition
    from scoring.selection.edition_changes import simulate as run

    chosen = settings()
    day = as_of.date() if as_of else chosen.today
    store = Store(chosen)
    known = catalogue(store)
    found = run(store, chosen, read_edition(draft, known), read_edition(against, known), day)
    value = {
        "draft": found.draft.edition.name,
        "against": found.against.edition.name,
        "as_of": day,
        "enter": found.change.enter,
        "stay": len(found.change.stay),
        "leave": found.change.leave,
        "by_group": found.by_group,
        "infeasible": [list(row.key) for row in found.draft.infeasible],
    }
    answer(value, form, simulation_lines(found))


def simulation_lines(found: Simulation) -> list[str]:
    """A simulation for people: counts, groups, names."""
    change = found.change
    counts = {"enter": len(change.enter), "leave": len(change.leave), "stay": len(change.stay)}
    lines = [
        text("cli-edition-simulated", draft=found.draft.edition.name, against=found.against.edition.name, **counts)
    ]
    if found.draft.infeasible:
        from scoring.cli.listing import selection_lines

        lines += selection_lines(found.draft)
    heads = ["dimension", "group", "enter", "leave", "before", "after"]
    rows = [
        [dimension_words(str(row[0])), group_words(found.draft.edition, str(row[0]), str(row[1])), *row[2:]]
        for row in found.by_group[heads].itertuples(index=False)
    ]
    lines += ["", *table([text(f"cli-column-{name}") for name in heads], rows, right=(2, 3, 4, 5))]
    names = found.draft.ranking.frame["name"].astype(str)
    for key, group in (("cli-edition-enter", change.enter), ("cli-edition-leave", change.leave)):
        if group:
            lines += ["", text(key, names=[names[one] for one in group[:20]])]
    return lines


def dimension_words(dimension: str) -> str:
    """The name of a dimension of groups."""
    from scoring.messages import say

    return say(f"dimension-{dimension.replace('_', '-')}", language())


def group_words(edition: Edition, dimension: str, group: str) -> str:
    """The name of one group in a dimension."""
    from scoring.messages import say

    tongue = language()
    if not group:
        return say("value-unknown", tongue)
    if dimension == "size_class":
        return say(f"size-{group}", tongue)
    if dimension == "looked_at":
        return say(f"looked-at-{group}", tongue)
    titles = {one.id: one.title.of(tongue) for one in edition.tracks}
    titles |= {name: one.title.of(tongue) for name, one in edition.key_industries.items()}
    return titles.get(group, group) if dimension in ("track", "key_industry") else group


def coverage(
    ranking: Annotated[str, typer.Option("--ranking", help=text("cli-ranking-help"))] = "latest",
    form: FormatOption = Format.text,
) -> None:
    """Show who is on the list and who is not."""
    from scoring.scores.ranking import load_ranking
    from scoring.selection.coverage import coverage as run
    from scoring.selection.directory import select

    ranked = load_ranking(settings(), ranking)
    selection = select(ranked, ranked.edition)
    found = run(ranked, selection)
    value = {
        "ranking": ranked.digest,
        "groups": found.groups,
        "spreads": found.spreads,
        "turnover": {**asdict(found.turnover), "rate": found.turnover.rate},
        "small_and_micro": found.small_and_micro,
        "floor": found.floor,
        "without_contribution": asdict(found.without_contribution),
        "never_looked_at": len(found.never_looked_at),
        "infeasible": [list(row.key) for row in selection.infeasible],
    }
    answer(value, form, coverage_lines(found, ranked.edition))


def coverage_lines(found: Coverage, edition: Edition) -> list[str]:
    """Coverage for people: shares by group with intervals, turnover, what contribution changes."""
    from scoring.messages import percent, say

    tongue = language()
    heads = ["dimension", "group", "eligible", "listed", "rate", "rate-interval", "gap", "verdict"]
    rows: list[list[Any]] = [
        [dimension_words(row["dimension"]), group_words(edition, row["dimension"], row["group"]), row["eligible"],
         row["listed"], percent(row["rate"]), f"{percent(row['low'])} .. {percent(row['high'])}",
         f"{100 * row['gap']:+.1f} ({100 * row['gap_low']:+.1f} .. {100 * row['gap_high']:+.1f})",
         say(f"coverage-{row['verdict']}", tongue)]
        for row in found.groups.to_dict("records")
    ]  # fmt: skip
    lines = table([text(f"cli-column-{name}") for name in heads], rows, right=(2, 3, 4))
    lines += ["", say("coverage-small", tongue, share=found.small_and_micro, floor=_or_zero(found.floor))]
    change, ablation = found.turnover, found.without_contribution
    lines.append(
        say("coverage-turnover", tongue, stay=len(change.stay), enter=len(change.enter), leave=len(change.leave))
    )
    lines.append(say("coverage-ablation", tongue, enter=len(ablation.enter), leave=len(ablation.leave)))
    lines.append(
        say(
            "coverage-never",
            tongue,
            count=len(found.never_looked_at),
            listed=int(found.never_looked_at["listed"].sum()),
        )
    )
    return lines


def _or_zero(value: float) -> float:
    return 0.0 if value != value else value
