"""Verbs of the list: `mulu rank`, `mulu select`, `mulu explain`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from scoring.cli.answers import Format, FormatOption, answer, language, progress, settings, table, text
from scoring.cli.model_origin import model_lines
from scoring.cli.wording import basis_lines, conflict_lines, quota_number, quota_words, rule_title

if TYPE_CHECKING:
    import pandas as pd

    from data.settings import Settings
    from data.store import Store
    from scoring.optimum.quotas import Row
    from scoring.scores.ranking import Ranking
    from scoring.scores.reasons import Reasons
    from scoring.scores.voices import Note
    from scoring.selection.directory import Selection

ActorOption = Annotated[str, typer.Option(envvar="MULU_ACTOR", help=text("cli-listing-actor-help"))]
RankingOption = Annotated[str, typer.Option("--ranking", help=text("cli-ranking-help"))]
DEFAULT_EDITION = "changning-2026"


def register(app: typer.Typer) -> None:
    """Add this family's verbs."""
    app.command("rank", help=text("cli-rank-help"))(rank)
    app.command("select", help=text("cli-select-help"))(select)
    app.command("explain", help=text("cli-explain-help"))(explain)


def rank(
    edition: Annotated[str, typer.Option(help=text("cli-edition-option-help"))] = DEFAULT_EDITION,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help=text("cli-rank-as-of-help"))
    ] = None,
    engine: Annotated[str, typer.Option(help=text("cli-rank-engine-help"))] = "duckdb",
    top: Annotated[int, typer.Option(min=0, max=1000, help=text("cli-rank-top-help"))] = 10,
    actor: ActorOption = "cli",
    form: FormatOption = Format.text,
) -> None:
    """Rank everyone known at a date."""
    from data.store import Store
    from features.catalog import catalogue
    from scoring.editions.checks import read_edition
    from scoring.scores.ranking import rank as run

    chosen = settings()
    store = Store(chosen)
    rules = read_edition(edition, catalogue(store))
    with progress() as tell:
        ranking = run(
            store, chosen, rules, as_of.date() if as_of else chosen.today, engine=engine, actor=actor,
            progress=tell, warn=lambda note: _warn(store, note),
        )  # fmt: skip
    answer(_ranking_value(ranking, top), form, ranking_lines(ranking, top))


def _warn(store: Store, note: Note) -> None:
    """Say a warning before the ranking is there, on standard error: it is seen also where the answer goes to a file."""
    import sys

    from features.catalog import catalogue
    from scoring.editions.circumstances import describe
    from scoring.scores.notes import note_text

    described = {one.name: describe(one) for one in catalogue(store)}
    sys.stderr.write(text("cli-rank-warning", note=note_text(note, described, language())) + "\n")


def _ranking_value(ranking: Ranking, top: int) -> dict[str, Any]:
    shown = _first(ranking, top)
    columns = ["name", "track", "rank", "rank_low", "rank_high", "score", "inclusion", "coverage"]
    return {
        "digest": ranking.digest,
        "edition": ranking.edition.name,
        "as_of": ranking.as_of,
        "mode": ranking.mode,
        "verdict": ranking.verdict,
        "weights": ranking.weights,
        "models": ranking.model_versions,
        "notes": ranking.notes,
        "enterprises": len(ranking.frame),
        "ranked": int(ranking.frame["rank"].notna().sum()),
        "tracks": ranking.frame.loc[ranking.frame["eligible"], "track"].value_counts().sort_index().to_dict(),
        "ineligible": ranking.frame.loc[~ranking.frame["eligible"], "ineligible_reason"].value_counts().to_dict(),
        "top": shown[columns].astype(object).where(shown[columns].notna(), None).reset_index(),
    }


def _first(ranking: Ranking, top: int) -> pd.DataFrame:
    """The first of every track, in the edition's order."""
    frame = ranking.frame[ranking.frame["rank"].notna()]
    order = {track.id: place for place, track in enumerate(ranking.edition.tracks)}
    frame = frame.assign(_order=frame["track"].map(order)).sort_values(["_order", "rank"], kind="stable")
    return frame.groupby("track", sort=False).head(top)


def ranking_lines(ranking: Ranking, top: int) -> list[str]:
    """A ranking for people: what it rests on, then the first of every track."""
    from scoring.messages import say

    tongue = language()
    frame = ranking.frame
    ranked = int(frame["rank"].notna().sum())
    lines = [
        text(
            "cli-rank-done", edition=ranking.edition.title.of(tongue), as_of=ranking.as_of, digest=ranking.digest[:12]
        ),
        *basis_lines(ranking),
        text("cli-rank-counts", enterprises=len(frame), ranked=ranked),
    ]
    for rule, count in frame.loc[~frame["eligible"], "ineligible_reason"].value_counts().items():
        lines.append(text("cli-rank-barred", reason=rule_title(ranking, str(rule)), count=int(count)))
    shown = _first(ranking, top)
    for track in ranking.edition.tracks:
        own = shown[shown["track"] == track.id]
        count = int(ranking.peers(track.id).sum())
        lines += ["", text("cli-rank-track", track=track.title.of(tongue), count=count)]
        rows = [
            [row["rank"], f"{row['rank_low']}-{row['rank_high']}", f"{row['score']:.1f}", f"{row['inclusion']:.0%}",
             f"{row['coverage']:.0%}", say(f"zone-{row['zone']}", tongue), key, row["name"]]
            for key, row in own.iterrows()
        ]  # fmt: skip
        heads = ["rank", "interval", "score", "inclusion", "coverage", "zone", "identifier", "name"]
        if rows:
            lines += table([text(f"cli-column-{name}") for name in heads], rows, right=(0, 1, 2, 3, 4))
    return lines


def select(
    ranking: RankingOption = "latest",
    actor: ActorOption = "cli",
    form: FormatOption = Format.text,
) -> None:
    """Propose the list of a ranking."""
    from data.store import Store
    from scoring.scores.ranking import load_ranking
    from scoring.selection.directory import select as run
    from scoring.selection.selection_files import save_selection

    chosen = settings()
    ranked = load_ranking(chosen, ranking)
    with progress() as tell:
        tell(0.2, "cli-progress-select")
        selection = run(ranked, ranked.edition)
        save_selection(selection, chosen, Store(chosen), actor)
        tell(0.6, "cli-progress-answers")
        value = _selection_value(selection)
    answer(value, form, selection_lines(selection))
    if selection.infeasible:
        raise typer.Exit(1)


def _selection_value(selection: Selection) -> dict[str, Any]:
    return {
        "digest": selection.digest,
        "ranking": selection.ranking.digest,
        "mode": selection.ranking.mode,
        "points": selection.points,
        "infeasible": [_quota(row) for row in selection.infeasible],
        "members": selection.members.astype(object).where(selection.members.notna(), None),
        "binding": [
            {**_quota(one.row), "price": one.price, "enters": one.enters, "leaves": one.leaves}
            for one in selection.binding
        ],
        "reserve": selection.reserve,
        "near_misses": [
            {"enterprise_id": one.enterprise_id, "lacks": one.lacks, "quotas": [list(key) for key in one.quotas]}
            for one in selection.near_misses
        ],
        "exits": selection.exits.astype(object).where(selection.exits.notna(), None),
    }


def _quota(row: Row) -> dict[str, object]:
    return {"kind": row.kind, "name": row.name, "side": row.side, "number": row.number}


def selection_lines(selection: Selection) -> list[str]:
    """A list for people: how many, which quotas bind at which price, who nearly is on it."""
    from scoring.editions.whole_points import enough
    from scoring.messages import say

    tongue = language()
    lines = [*basis_lines(selection.ranking)]
    if selection.infeasible:
        return [*lines, *conflict_lines(selection)]
    members = selection.members
    lines.append(text("cli-select-done", count=len(members), points=selection.points, digest=selection.digest[:12]))
    for track in selection.edition.tracks:
        own = members[members["track"] == track.id]
        if len(own):
            line = say("list-track", tongue, track=track.title.of(tongue), count=len(own), lowest=own["score"].min())
            lines.append(f"  {line}")
    names = selection.ranking.frame["name"]
    for one in selection.binding:
        told = {"quota": quota_words(selection, *one.row.key), "number": quota_number(one.row), "side": one.row.side}
        lines.append(say("list-binding", tongue, **told, price=one.price))
        changes = {
            side: [str(names[key]) for key in keys[:3]]
            for side, keys in (("enters", one.enters), ("leaves", one.leaves))
        }
        lines.append(f"  {say('list-binding-who', tongue, **changes, out=len(one.leaves))}")
    for miss in selection.near_misses[:5]:
        quotas = [quota_words(selection, *key) for key in miss.quotas]
        name = str(selection.ranking.frame.at[miss.enterprise_id, "name"])
        key = "list-near-miss-quota" if quotas else "list-near-miss"
        lines.append(say(key, tongue, name=name, lacks=enough(miss.lacks), quotas=quotas))
    gone = selection.exits
    if len(gone):
        lines.append(text("cli-select-exits", count=len(gone)))
        for reason, own in gone.groupby("ineligible_reason", sort=True):
            words = rule_title(selection.ranking, str(reason)) if reason else text("cli-select-exit-points")
            shown = own["name"].astype(str).tolist()
            lines.append(
                f"  {text('cli-select-exit', reason=words, count=len(own), names=shown[:5], more=max(len(own) - 5, 0))}"
            )
    return lines


def explain(
    enterprise: Annotated[str, typer.Argument(help=text("cli-explain-enterprise-help"))],
    ranking: RankingOption = "latest",
    feature: Annotated[str | None, typer.Option(help=text("cli-explain-feature-help"))] = None,
    reasons: Annotated[int, typer.Option(min=1, max=50, help=text("cli-explain-reasons-help"))] = 5,
    change: Annotated[bool, typer.Option("--least-change", help=text("cli-explain-change-help"))] = False,
    form: FormatOption = Format.text,
) -> None:
    """Say why an enterprise stands where it does."""
    from scoring.scores.ranking import load_ranking
    from scoring.scores.reasons import find_enterprise
    from scoring.scores.reasons import reasons as find

    chosen = settings()
    ranked = load_ranking(chosen, ranking)
    key = find_enterprise(ranked, enterprise)
    if feature is not None:
        from scoring.cli.origins import feature_origin

        value, lines = feature_origin(chosen, ranked, key, feature)
        answer(value, form, lines)
        return
    found = find(ranked, key, language(), reasons)
    value, lines = _explain_value(ranked, key, found), explain_lines(ranked, key, found)
    named = _models(chosen, ranked)
    value["sources"], lines = dict(ranked.sources), [*lines, "", *model_lines(ranked, named)]
    value["models"] = {source: {"target": one[0], "version": one[1]} for source, one in named.items() if one}
    if change:
        told, words = _least_change(chosen, ranked, key)
        value, lines = {**value, "least_change": told}, [*lines, "", *words]
    answer(value, form, lines)


def _least_change(settings: Settings, ranking: Ranking, key: str) -> tuple[object, list[str]]:
    """The least change that would put an enterprise on the list, as a value and as lines."""
    from scoring.scores.least_change import change_text, least_change, speaking_models
    from scoring.selection.directory import select as draw

    selection = draw(ranking, ranking.edition)
    lacks = selection.lacks(key)
    if not lacks:
        listed = key in set(selection.members["enterprise_id"])
        said = "cli-explain-listed" if listed else "cli-explain-tied" if lacks == 0 else "cli-explain-no-line"
        return {"lacks": lacks, "listed": listed}, [text(said)]
    found = least_change(ranking, key, lacks, speaking_models(settings, ranking))
    return found or {"lacks": lacks, "changes": None}, change_text(ranking, found, language())


def _models(settings: Settings, ranking: Ranking) -> dict[str, tuple[str, int] | None]:
    """Target and version of each model that spoke in a ranking, found by its digest."""
    from models.origin import named
    from models.registry import Registry

    ledger = Registry(settings).ledger
    return {source: named(ledger, str(ranking.sources.get(source, ""))) for source in ranking.model_versions}


def _explain_value(ranking: Ranking, key: str, found: Reasons) -> dict[str, Any]:
    from scoring.scores.saved_table import row_of

    row: dict[Any, Any] = ranking.frame.loc[[key]].to_dict("records")[0]
    return {
        "enterprise_id": key,
        "ranking": ranking.digest,
        "mode": ranking.mode,
        **{name: None if _absent(row[name]) else row[name] for name in row},
        "base": ranking.base,
        "factors": ranking.factors_of(key).to_dict(),
        "parts": {name: points for name, points in row_of(ranking, "detail", key).items() if points},
        "for": found.for_,
        "against": found.against,
        "unknown": found.unknown,
        "notes": ranking.notes,
    }


def _without_track(ranking: Ranking, row: dict[Any, Any]) -> list[str]:
    """What would place an enterprise that no track takes: the facts that are missing, the conditions there are."""
    from scoring.messages import say
    from scoring.scores.tracks import NO_TRACK, TRACK_UNKNOWN

    tongue = language()
    if row["ineligible_reason"] not in (NO_TRACK, TRACK_UNKNOWN):
        return []
    lines = []
    if lacks := str(row.get("track_lacks") or "").split():
        words = [ranking.described[name].label(tongue) if name in ranking.described
                 else say(f"explain-field-{name}", tongue) for name in lacks]  # fmt: skip
        lines.append(say("explain-track-lacks", tongue, fields=words))
    lines.append(say("explain-track-rules", tongue))
    for track in ranking.edition.tracks:
        lines.append(f"  {track.title.of(tongue)}")
        lines += [f"    {rule.title.of(tongue)}" for rule in track.when]
    return lines


def _absent(value: object) -> bool:
    import pandas as pd

    return value is None or bool(pd.isna(cast(float, value)))


def explain_lines(ranking: Ranking, key: str, found: Reasons) -> list[str]:
    """An enterprise for people: place and doubt, points by factor, reasons for, against, unknown."""
    from scoring.messages import say

    tongue = language()
    row: dict[Any, Any] = ranking.frame.loc[[key]].to_dict("records")[0]
    lines = [f"{row['name']}  {key}", *basis_lines(ranking)]
    if row["eligible"]:
        track = ranking.edition.track(row["track"])
        rule = {one.id: one.title.of(tongue) for one in track.when}.get(row["track_rule"], "")
        said = "explain-track" if rule else "explain-track-alone"
        lines.append(say(said, tongue, track=track.title.of(tongue), rule=rule))
        count = int(ranking.peers(row["track"]).sum())
        lines.append(
            say("explain-place", tongue, score=row["score"], rank=int(row["rank"]), count=count,
                low=int(row["rank_low"]), high=int(row["rank_high"]), inclusion=row["inclusion"],
                places=int(row["places"]))
        )  # fmt: skip
    else:
        lines.append(say("explain-ineligible", tongue, reason=rule_title(ranking, row["ineligible_reason"])))
        lines += _without_track(ranking, row)
    if not row["track"]:
        return lines
    lines.append(say("explain-coverage", tongue, coverage=row["coverage"]))
    factors = ranking.factors_of(key)
    shown = [[say(f"factor-{name}", tongue), f"{points:+.1f}"] for name, points in factors.items() if points]
    if shown:
        lines += ["", *table([text("cli-column-factor"), text("cli-column-points")], shown, right=(1,))]
    for title, group in (("for", found.for_), ("against", found.against), ("unknown", found.unknown)):
        if group:
            lines += ["", text(f"cli-explain-{title}")]
            for one in group:
                lines.append(f"  {one.text}")
                if one.runs_against:
                    lines.append(f"    {say('reason-runs-against', tongue)}")
    return lines
