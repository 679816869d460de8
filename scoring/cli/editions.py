"""Verbs of the rules: `mulu edition check|show|diff|simulate` and `mulu coverage`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoring.cli.answers import Format, FormatOption, answer, language, settings, table, text
from scoring.cli.wording import basis_lines, conflict_lines, dimension_words, group_words, rule_title

if TYPE_CHECKING:
    from scoring.editions.policy import Edition
    from scoring.scores.ranking import Ranking
    from scoring.selection.coverage import Coverage
    from scoring.selection.directory import Selection
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
    from data.store import Store
    from features.catalog import catalogue
    from scoring.cli.edition_lines import edition_lines
    from scoring.editions.policy import load_edition

    rules = load_edition(edition)
    lines = edition_lines(rules, catalogue(Store(settings())))
    answer({**rules.model_dump(mode="json"), "digest": rules.digest}, form, lines)


def diff(first: EditionArgument, second: EditionArgument, form: FormatOption = Format.text) -> None:
    """Show every field in which two editions differ."""
    from data.store import Store
    from features.catalog import catalogue
    from scoring.cli.difference_lines import difference_lines
    from scoring.editions.circumstances import describe
    from scoring.editions.policy import load_edition
    from scoring.selection.edition_changes import differences

    one, two = load_edition(first), load_edition(second)
    found = differences(one, two)
    words = {feature.name: describe(feature) for feature in catalogue(Store(settings()))}
    lines = difference_lines(found, (one, two), (_called(one), _called(two)), words) or [text("cli-edition-same")]
    answer(found, form, lines)


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
        "mode": found.draft.ranking.mode,
        "verdicts": found.draft.ranking.verdicts,
        "enter": found.change.enter,
        "stay": len(found.change.stay),
        "leave": found.change.leave,
        "by_group": found.by_group,
        "infeasible": [list(row.key) for row in found.draft.infeasible],
    }
    answer(value, form, simulation_lines(found))


def simulation_lines(found: Simulation) -> list[str]:
    """A simulation for people: what it rests on, counts, groups, who enters and who leaves."""
    change = found.change
    counts = {"enter": len(change.enter), "leave": len(change.leave), "stay": len(change.stay)}
    drafts = [_called(edition) for edition in (found.draft.edition, found.against.edition)]
    lines = basis_lines(found.draft.ranking)
    for name, side in zip(drafts, (found.draft, found.against), strict=True):
        if side.infeasible:
            return [*lines, text("cli-edition-no-list", edition=name), *conflict_lines(side)]
    told = {"draft": drafts[0], "against": drafts[1], "as_of": found.draft.ranking.as_of}
    lines = [text("cli-edition-simulated", **told, **counts), *lines]
    heads = ["dimension", "group", "enter", "leave", "before", "after"]
    rows = [
        [dimension_words(str(row[0])), group_words(found.draft.edition, str(row[0]), str(row[1])), *row[2:]]
        for row in found.by_group[heads].itertuples(index=False)
    ]
    lines += ["", *table([text(f"cli-column-{name}") for name in heads], rows, right=(2, 3, 4, 5))]
    for key, keys, side in (("enter", change.enter, found.draft), ("leave", change.leave, found.against)):
        if keys:
            lines += ["", text(f"cli-edition-{key}", count=len(keys)), *_people(side, keys[:MOST])]
            if len(keys) > MOST:
                lines.append(text("cli-edition-more", count=len(keys) - MOST))
    return lines


def _called(edition: Edition) -> str:
    """What an edition is called beside another: its name where it ships, else its file."""
    from scoring.editions.policy import POLICIES

    file = Path(edition.origin[0])
    return edition.name if not edition.origin[0] or file.parent == POLICIES else file.name


MOST = 20
"""So many names are shown; all of them stand in `--format json`."""


def _people(side: Selection, keys: Sequence[str]) -> list[str]:
    """Enterprises as they stand on a list: identifier, name, track, points."""
    frame, tongue = side.ranking.frame, language()
    scores = frame["score"].astype(float).to_dict()
    titles = {track.id: track.title.of(tongue) for track in side.edition.tracks}
    rows = [
        [key, str(frame.at[key, "name"]), titles.get(str(frame.at[key, "track"]), ""), f"{scores[key]:.1f}"]
        for key in keys
    ]
    return table([text(f"cli-column-{name}") for name in ("identifier", "name", "track", "score")], rows, right=(3,))


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
        "mode": ranked.mode,
        "enterprises": found.enterprises,
        "outside": found.outside,
        "groups": found.groups,
        "spreads": found.spreads,
        "turnover": {**asdict(found.turnover), "rate": found.turnover.rate},
        "small_and_micro": found.small_and_micro,
        "floor": found.floor,
        "without_contribution": found.without_contribution,
        "never_looked_at": len(found.never_looked_at),
        "infeasible": [list(row.key) for row in selection.infeasible],
    }
    answer(value, form, coverage_lines(found, ranked))


def coverage_lines(found: Coverage, ranking: Ranking) -> list[str]:
    """Coverage for people: who takes part, shares by group with intervals, turnover, what contribution changes."""
    from scoring.messages import percent, say

    tongue, edition = language(), ranking.edition
    inside = found.enterprises - int(found.outside["enterprises"].sum())
    lines = [*basis_lines(ranking), say("coverage-inside", tongue, all=found.enterprises, inside=inside)]
    for row in found.outside.to_dict("records"):
        reason = rule_title(ranking, str(row["reason"]))
        lines.append(f"  {text('cli-rank-barred', reason=reason, count=row['enterprises'])}")
    heads = ["dimension", "group", "known", "eligible", "listed", "rate", "rate-interval", "gap", "verdict"]
    rows: list[list[Any]] = [
        [dimension_words(row["dimension"]), group_words(edition, row["dimension"], row["group"]), row["enterprises"],
         row["eligible"], row["listed"], percent(row["rate"]), f"{percent(row['low'])} .. {percent(row['high'])}",
         f"{100 * row['gap']:+.1f} ({100 * row['gap_low']:+.1f} .. {100 * row['gap_high']:+.1f})",
         say(f"coverage-{row['verdict']}", tongue)]
        for row in found.groups.to_dict("records")
    ]  # fmt: skip
    lines += ["", *table([text(f"cli-column-{name}") for name in heads], rows, right=(2, 3, 4, 5))]
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
