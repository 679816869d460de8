"""`mulu review`: the committee's work from the command line, through the same service as the dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from scoring.cli.answers import Format, FormatOption, answer, language, table, text
from scoring.cli.signing import AsOption, PasswordFileOption, RoundOption, called, day, resolve, signed_in, sitting
from scoring.messages import moment

verbs = typer.Typer(help=text("cli-review-help"), no_args_is_help=True)

EnterpriseArgument = Annotated[str, typer.Argument(help=text("cli-enterprise-help"), metavar="ENTERPRISE")]
TextOption = Annotated[str, typer.Option("--text", help=text("cli-review-text-help"))]
SeenOption = Annotated[int | None, typer.Option("--seen", help=text("cli-seen-help"))]
DigestOption = Annotated[str, typer.Option("--ranking", help=text("cli-ranking-digest-help"))]


@verbs.command("open", help=text("cli-review-open-help"))
def open_(
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    ranking: DigestOption = "latest",
    corrects: Annotated[str, typer.Option("--corrects", help=text("cli-review-corrects-help"))] = "",
    form: FormatOption = Format.text,
) -> None:
    """Open a round on a saved ranking."""
    from scoring.committee.round_acts import open_round
    from scoring.scores.ranking import load_ranking
    from scoring.selection.directory import select

    chosen, store, user = signed_in(person, password_file)
    loaded = load_ranking(chosen, ranking)
    round_id = open_round(store, chosen, loaded, select(loaded, loaded.edition, {}), user, corrects=corrects)
    answer(
        {"round": round_id, "ranking": loaded.digest},
        form,
        text("cli-review-opened", round=round_id, ranking=loaded.digest[:12]),
    )


@verbs.command("adopt", help=text("cli-review-adopt-help"))
def adopt(
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    ranking: DigestOption = "latest",
    form: FormatOption = Format.text,
) -> None:
    """Go on with a new ranking."""
    from scoring.scores.ranking import load_ranking
    from scoring.selection.directory import select

    review, user = sitting(person, password_file)
    loaded = load_ranking(review.settings, ranking)
    review.adopt_ranking(user, loaded, select(loaded, loaded.edition, {}))
    stale = review.state(user).stale
    lines = [text("cli-review-adopted", ranking=loaded.digest[:12])]
    if stale:
        lines.append(text("cli-review-stale", items=called(review, user, *stale)))
    answer({"ranking": loaded.digest, "stale": list(stale)}, form, lines)


@verbs.command("status", help=text("cli-review-status-help"))
def status(
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    round_id: RoundOption = "",
    form: FormatOption = Format.text,
) -> None:
    """Where the round stands, as the person may see it."""
    review, user = sitting(person, password_file, round_id)
    state = review.state(user)
    value = {
        "round": state.round_id,
        "edition": state.edition,
        "as_of": state.as_of,
        "phase": state.phase,
        "ranking": state.ranking_digest,
        "list": state.list_digest,
        "to_vote": list(state.to_vote),
        "waiting_for_approval": list(state.waiting_for_approval),
        "stale": list(state.stale),
        "recused": state.recused,
        "signatures": list(state.signatures),
        "records": len(state.records),
    }
    lines = [
        text("cli-review-status-line", round=state.round_id, phase=text(f"phase-{state.phase}")),
        text("cli-review-status-ranking", ranking=state.ranking_digest[:12], as_of=state.as_of),
    ]
    if state.phase != "published":
        waiting, stale = state.waiting_for_approval, state.stale
        lines.append(text("cli-review-status-open", vote=len(state.to_vote), waiting=len(waiting), stale=len(stale)))
        lines += [text("cli-review-waiting", items=called(review, user, *waiting))] if waiting else []
        lines += [text("cli-review-stale", items=called(review, user, *stale))] if stale else []
    if state.list_digest:
        lines.append(text("cli-review-status-list", list=state.list_digest, signed=list(state.signatures) or ["-"]))
    answer(value, form, lines)


@verbs.command("list", help=text("cli-review-list-help"))
def list_items(
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    round_id: RoundOption = "",
    top: Annotated[int, typer.Option("--top", min=1, help=text("cli-review-top-help"))] = 20,
    form: FormatOption = Format.text,
) -> None:
    """What is worth discussing, best first."""
    from scoring.scores.notes import basis_text

    review, user = sitting(person, password_file, round_id)
    ranking = review.ranking(user)
    facts = ranking.frame.astype(object).to_dict("index")
    titles = {track.id: getattr(track.title, language()[:2]) for track in ranking.edition.tracks}
    listed = review.queue(user).head(top)
    rows = []
    for key in map(str, listed.index):
        view = review.item(key, user)
        row = facts[key]
        rows.append(
            {
                "enterprise_id": key,
                "name": str(row["name"]),
                "track": str(row["track"]),
                "rank": None if view.points_hidden else int(row["rank"]),
                "score": None if view.points_hidden else float(row["score"]),
                "mode": ranking.mode,
                "votes_cast": view.votes_cast,
                "votes_needed": view.votes_needed,
                "voted": view.own_vote is not None,
                "override": view.override.kind if view.override else "",
                "override_status": view.override_status or "",
                "last_seen": view.last_seen,
            }
        )
    shown = [
        (
            row["enterprise_id"],
            row["name"],
            titles.get(str(row["track"]), row["track"]),
            "-" if row["rank"] is None else row["rank"],
            "-" if row["score"] is None else f"{row['score']:.1f}",
            f"{row['votes_cast']}/{row['votes_needed']}",
            text(f"override-{row['override']}") if row["override"] else "",
        )
        for row in rows
    ]
    headers = [
        text(f"cli-committee-{name}") for name in ("enterprise", "name", "track", "rank", "score", "votes", "override")
    ]
    answer(rows, form, [basis_text(ranking, language()), *table(headers, shown, right=(3, 4, 5))])


@verbs.command("show", help=text("cli-review-show-help"))
def show(
    enterprise: EnterpriseArgument,
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    round_id: RoundOption = "",
    form: FormatOption = Format.text,
) -> None:
    """One item and its history, as the person may see it."""
    from scoring.committee.rules import may

    review, user = sitting(person, password_file, round_id)
    key = resolve(review, user, enterprise)
    view = review.item(key, user)
    events = review.history(key, user)
    value = {
        "enterprise_id": key,
        "ranking": view.ranking_digest,
        "last_seen": view.last_seen,
        "own_vote": view.own_vote.choice if view.own_vote else None,
        "votes": None if view.votes is None else {one.name: one.choice for one in view.votes},
        "votes_cast": view.votes_cast,
        "votes_needed": view.votes_needed,
        "override": view.override.kind if view.override else None,
        "override_status": view.override_status,
        "events": [{"seq": one.seq, "kind": one.kind, "actor": one.actor, "at": one.recorded_at} for one in events],
    }
    lines = [
        text(
            "cli-review-item",
            enterprise=called(review, user, key),
            cast=view.votes_cast,
            needed=view.votes_needed,
            seen=view.last_seen,
        )
    ]
    if view.override and view.override_status:
        kind, standing = text(f"override-{view.override.kind}"), text(f"override-status-{view.override_status}")
        lines.append(text("cli-review-standing", kind=kind, standing=standing, author=view.override.author))
    if view.votes is None and not may(user, "audit"):
        lines.append(text("cli-review-blind"))
    lines += [
        f"{one.seq:>6}  {moment(one.recorded_at)}  {one.actor}  {text(f'event-{one.kind}')}  "
        f"{_detail(one.payload)}".rstrip()
        for one in events
    ]
    answer(value, form, lines)


@verbs.command("vote", help=text("cli-review-vote-help"))
def vote(
    enterprise: EnterpriseArgument,
    choice: Annotated[str, typer.Argument(help=text("cli-review-choice-help"), metavar="CHOICE")],
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    seen: SeenOption = None,
    ranking: DigestOption = "",
    form: FormatOption = Format.text,
) -> None:
    """Vote on one enterprise."""
    review, user = sitting(person, password_file)
    key = resolve(review, user, enterprise)
    view = review.item(key, user)
    review.vote(user, key, choice, ranking or view.ranking_digest, view.last_seen if seen is None else seen)
    after = review.item(key, user)
    answer(
        {"enterprise_id": key, "choice": choice, "votes_cast": after.votes_cast, "votes_needed": after.votes_needed},
        form,
        text(
            "cli-review-voted", enterprise=called(review, user, key), cast=after.votes_cast, needed=after.votes_needed
        ),
    )


@verbs.command("override", help=text("cli-review-override-help"))
def override(
    enterprise: EnterpriseArgument,
    kind: Annotated[str, typer.Argument(help=text("cli-review-kind-help"), metavar="KIND")],
    words: TextOption = "",
    reason_type: Annotated[str, typer.Option("--type", help=text("cli-review-type-help"))] = "other",
    to_rank: Annotated[int | None, typer.Option("--to-rank", help=text("cli-review-to-rank-help"))] = None,
    evidence: Annotated[list[Path] | None, typer.Option("--evidence", help=text("cli-review-evidence-help"))] = None,
    expires: Annotated[str, typer.Option("--expires", help=text("cli-review-expires-help"))] = "",
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    seen: SeenOption = None,
    ranking: DigestOption = "",
    form: FormatOption = Format.text,
) -> None:
    """Decide otherwise than the list."""
    from scoring.committee.evidence import keep_file

    review, user = sitting(person, password_file)
    key = resolve(review, user, enterprise)
    view = review.item(key, user)
    kept = [keep_file(review.settings, path) for path in evidence or []]
    effect = review.preview(user, key, kind, to_rank)
    review.override(
        user,
        key,
        kind,
        reason_type,
        words,
        ranking or view.ranking_digest,
        view.last_seen if seen is None else seen,
        to_rank=to_rank,
        evidence=kept,
        expires_on=day(expires),
    )
    after = review.item(key, user)
    value = {
        "enterprise_id": key,
        "kind": kind,
        "old_rank": effect.old_rank,
        "new_rank": effect.new_rank,
        "old_position": effect.old_position,
        "new_position": effect.new_position,
        "displaced": list(effect.displaced),
        "entered": list(effect.entered),
        "status": after.override_status,
        "last_seen": after.last_seen,
    }
    lines = [
        text("cli-review-overridden", enterprise=called(review, user, key), kind=text(f"override-{kind}")),
        text("cli-review-effect-rank", old=effect.old_rank or "-", new=effect.new_rank or "-"),
        text("cli-review-effect-place", old=_place(effect.old_position), new=_place(effect.new_position)),
        text(
            "cli-review-effect-displaced",
            displaced=called(review, user, *effect.displaced) or text("cli-nobody"),
            entered=called(review, user, *effect.entered) or text("cli-nobody"),
        ),
    ]
    if after.override_status == "waiting":
        lines.append(text("cli-review-waits"))
    answer(value, form, lines)


def _place(position: int | None) -> str:
    return text("cli-review-place", position=position) if position else text("cli-review-no-place")


_SPOKEN = (
    ("choice", "vote"), ("conflict_type", "conflict"), ("verb", "verb"), ("ground", "denial"), ("kind", "override"),
)  # fmt: skip
"""The words of a payload that have a text of their own, and how its text's key begins."""


def _detail(payload: Mapping[str, object]) -> str:
    """What an event says beside its kind: a vote, a ground of conflict, what was denied, and the text given."""
    told = [text(f"{prefix}-{payload[name]}") for name, prefix in _SPOKEN if name in payload]
    return "  ".join([*told, str(payload.get("text") or "")]).strip()
