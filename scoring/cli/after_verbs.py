"""`mulu objection` and `mulu member`: what happens to a list after it is published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoring.cli.answers import Format, FormatOption, answer, table, text
from scoring.cli.signing import AsOption, PasswordFileOption, RoundOption, called, day, sitting

if TYPE_CHECKING:
    from data.accounts import User
    from data.ledger import Event
    from scoring.committee.credit import Credit
    from scoring.committee.membership import Membership
    from scoring.committee.objections import Objection, Objections
    from scoring.committee.review import Review

objection = typer.Typer(help=text("cli-objection-help"), no_args_is_help=True)
member = typer.Typer(help=text("cli-member-help"), no_args_is_help=True)

NumberArgument = Annotated[int, typer.Argument(help=text("cli-objection-number-help"), metavar="NUMBER")]
IdArgument = Annotated[str, typer.Argument(help=text("cli-member-id-help"), metavar="ENTERPRISE")]
WordsOption = Annotated[str, typer.Option("--text", help=text("cli-review-text-help"))]
EvidenceOption = Annotated[list[Path] | None, typer.Option("--evidence", help=text("cli-review-evidence-help"))]
FromOption = Annotated[str, typer.Option("--from", help=text("cli-member-from-help"))]


@objection.command("receive", help=text("cli-objection-receive-help"))
def receive(
    enterprise: IdArgument,
    ground: Annotated[str, typer.Option("--ground", help=text("cli-objection-ground-help"))],
    reference: Annotated[str, typer.Option("--reference", help=text("cli-objection-reference-help"))],
    words: WordsOption = "",
    evidence: EvidenceOption = None,
    answer_by: Annotated[str, typer.Option("--answer-by", help=text("cli-objection-answer-by-help"))] = "",
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    round_id: RoundOption = "",
    form: FormatOption = Format.text,
) -> None:
    """Register an objection."""
    from scoring.committee.evidence import keep_file

    service, user = _objections(person, password_file, round_id)
    kept = [keep_file(service.settings, path) for path in evidence or []]
    number = service.receive(
        user, enterprise, ground=ground, text=words, reference=reference, evidence=kept, answer_by=day(answer_by)
    )
    answer({"number": number}, form, text("cli-objection-received", number=number))


@objection.command("list", help=text("cli-objection-list-help"))
def list_objections(
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    round_id: RoundOption = "",
    form: FormatOption = Format.text,
) -> None:
    """Every objection to the round."""
    review, user = sitting(person, password_file, round_id)
    service = _objections_to(review)
    found = service.all(user)
    enterprises = called(review, user, *(one.enterprise_id for one in found))
    today = service.settings.today
    names = ("number", "name", "ground", "reference", "received", "answer-by", "outcome")
    rows = [
        (
            one.number,
            enterprise,
            text(f"objection-ground-{one.ground}"),
            one.reference,
            one.received_on,
            one.answer_by or "-",
            text(f"objection-outcome-{one.outcome}") if one.outcome else text("cli-objection-open"),
        )
        for one, enterprise in zip(found, enterprises, strict=True)
    ]
    late = [str(one.number) for one in found if not one.outcome and "" < one.answer_by < today.isoformat()]
    left = service.days_left(today)
    lines = [text("cli-objection-clock", days=left) if left >= 0 else text("cli-objection-ended")]
    lines += table([text(f"cli-committee-{name}") for name in names], rows, right=(0,)) if rows else []
    lines += [text("cli-objection-overdue", numbers=late)] if late else []
    lines += [line for one in found for line in _objected(one)]
    answer(found, form, lines)


def _objected(one: Objection) -> list[str]:
    """What was said for an objection, what the data gave when scored again, and the reply."""
    told = [text("cli-objection-text", number=one.number, text=one.text)]
    told += [f"  {_rescored(one.rescored)}"] if one.rescored else []
    return [*told, text("cli-objection-reply", on=one.answered_on, text=one.reply)] if one.outcome else told


def _rescored(told: Mapping[str, Any]) -> str:
    """Points, rank and place on the list before and after."""
    values: dict[str, object] = {}
    for when, listed in (("old", "listed_before"), ("new", "listed_after")):
        score, rank = told[f"{when}_score"], told[f"{when}_rank"]
        values |= {when: "-" if rank is None else str(rank), f"{when}_points": "-" if score is None else f"{score:.1f}"}
        values[f"{when}_listed"] = "yes" if told[listed] else "no"
    return text("cli-objection-rescored", **values)


@objection.command("rescore", help=text("cli-objection-rescore-help"))
def rescore(
    number: NumberArgument,
    ranking: Annotated[str, typer.Option("--ranking", help=text("cli-objection-ranking-help"))] = "latest",
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    round_id: RoundOption = "",
    form: FormatOption = Format.text,
) -> None:
    """Record what corrected data give under the same rules."""
    from scoring.scores.ranking import load_ranking

    service, user = _objections(person, password_file, round_id)
    told = service.rescore(user, number, load_ranking(service.settings, ranking))
    answer(told, form, _rescored(told))


@objection.command("answer", help=text("cli-objection-answer-help"))
def reply(
    number: NumberArgument,
    outcome: Annotated[str, typer.Argument(help=text("cli-objection-outcome-help"), metavar="OUTCOME")],
    words: WordsOption = "",
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    round_id: RoundOption = "",
    form: FormatOption = Format.text,
) -> None:
    """The chair's reasoned reply."""
    service, user = _objections(person, password_file, round_id)
    service.answer(user, number, outcome, words)
    answer({"number": number, "outcome": outcome}, form, text("cli-objection-answered", number=number))


@member.command("suspend", help=text("cli-member-suspend-help"))
def suspend(
    enterprise: IdArgument,
    words: WordsOption = "",
    from_day: FromOption = "",
    until: Annotated[str, typer.Option("--until", help=text("cli-member-until-help"))] = "",
    evidence: EvidenceOption = None,
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Suspend a member."""
    service, user = _membership(person, password_file)
    event = service.suspend(
        user,
        enterprise,
        from_day=day(from_day) or service.settings.today,
        until=day(until),
        text=words,
        evidence=_kept(service, evidence),
    )
    _told(event, enterprise, form)


@member.command("resume", help=text("cli-member-resume-help"))
def resume(
    enterprise: IdArgument,
    words: WordsOption = "",
    from_day: FromOption = "",
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """End a suspension."""
    service, user = _membership(person, password_file)
    event = service.resume(user, enterprise, from_day=day(from_day) or service.settings.today, text=words)
    _told(event, enterprise, form)


@member.command("exit", help=text("cli-member-exit-help"))
def exit_(
    enterprise: IdArgument,
    reason: Annotated[str, typer.Option("--reason", help=text("cli-member-reason-help"))],
    words: WordsOption = "",
    from_day: FromOption = "",
    cool_down: Annotated[str, typer.Option("--cool-down-until", help=text("cli-member-cool-down-help"))] = "",
    evidence: EvidenceOption = None,
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """End a membership."""
    service, user = _membership(person, password_file)
    event = service.exit(
        user,
        enterprise,
        from_day=day(from_day) or service.settings.today,
        reason=reason,
        text=words,
        cool_down_until=day(cool_down),
        evidence=_kept(service, evidence),
    )
    _told(event, enterprise, form)


@member.command("restore", help=text("cli-member-restore-help"))
def restore(
    enterprise: IdArgument,
    words: WordsOption = "",
    from_day: FromOption = "",
    evidence: EvidenceOption = None,
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Restore an enterprise after its credit was repaired."""
    service, user = _membership(person, password_file)
    event = service.restore(
        user,
        enterprise,
        from_day=day(from_day) or service.settings.today,
        text=words,
        evidence=_kept(service, evidence),
    )
    _told(event, enterprise, form)


@member.command("reverse", help=text("cli-member-reverse-help"))
def reverse(
    enterprise: IdArgument,
    number: Annotated[int, typer.Argument(help=text("cli-member-number-help"), metavar="NUMBER")],
    words: WordsOption = "",
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Take a change of a membership back."""
    service, user = _membership(person, password_file)
    _told(service.reverse(user, enterprise, number, words), enterprise, form)


@member.command("proposals", help=text("cli-member-proposals-help"))
def proposals(
    person: AsOption = "", password_file: PasswordFileOption = None, form: FormatOption = Format.text
) -> None:
    """What listings and repairs of credit suggest for members."""
    service, user = _credit(person, password_file)
    found = service.proposals(user)
    names = ("enterprise", "name", "proposed", "grounds")
    rows = [
        (
            one.enterprise_id,
            one.name,
            text(f"credit-{one.action}"),
            text(
                "credit-grounds",
                kind=one.listings[0].kind,
                listed=one.listings[0].listed_on,
                removed=one.listings[0].removed_on or "-",
                more=len(one.listings) - 1,
            ),
        )
        for one in found
    ]
    headers = [text(f"cli-committee-{name}") for name in names]
    lines = table(headers, rows) if rows else [text("cli-member-proposals-none")]
    answer(found, form, lines)


@member.command("accept", help=text("cli-member-accept-help"))
def accept(
    enterprise: IdArgument,
    words: WordsOption = "",
    from_day: FromOption = "",
    evidence: EvidenceOption = None,
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Do what is suggested for a member."""
    service, user = _credit(person, password_file)
    kept = _kept(service.membership, evidence)
    _told(service.accept(user, enterprise, text=words, from_day=day(from_day), evidence=kept), enterprise, form)


@member.command("dismiss", help=text("cli-member-dismiss-help"))
def dismiss(
    enterprise: IdArgument,
    words: WordsOption = "",
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Decide against what is suggested for a member."""
    service, user = _credit(person, password_file)
    _told(service.dismiss(user, enterprise, text=words), enterprise, form)


def _told(event: Event, enterprise: str, form: Format) -> None:
    from_day = str(event.payload.get("from_day") or event.recorded_at[:10])
    line = text("cli-member-done", number=str(event.seq), enterprise=enterprise, kind=event.kind, day=from_day)
    answer({"number": event.seq, "enterprise_id": enterprise}, form, line)


def _kept(service: Membership, paths: list[Path] | None) -> list[dict[str, object]]:
    from scoring.committee.evidence import keep_file

    return [keep_file(service.settings, path) for path in paths or []]


def _objections(person: str, password_file: Path | None, round_id: str) -> tuple[Objections, User]:
    review, user = sitting(person, password_file, round_id)
    return _objections_to(review), user


def _objections_to(review: Review) -> Objections:
    from scoring.committee.objections import Objections

    return Objections(review.store, review.settings, review.round_id)


def _membership(person: str, password_file: Path | None) -> tuple[Membership, User]:
    from scoring.cli.signing import signed_in
    from scoring.committee.membership import Membership

    chosen, store, user = signed_in(person, password_file)
    return Membership(store, chosen), user


def _credit(person: str, password_file: Path | None) -> tuple[Credit, User]:
    from scoring.cli.signing import signed_in
    from scoring.committee.credit import Credit

    chosen, store, user = signed_in(person, password_file)
    return Credit(store, chosen), user
