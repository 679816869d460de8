"""`mulu review`, second half: what settles an item, and what closes a round."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoring.cli.answers import Format, FormatOption, answer, table, text
from scoring.cli.review_verbs import DigestOption, EnterpriseArgument, SeenOption, TextOption, verbs
from scoring.cli.signing import AsOption, PasswordFileOption, RoundOption, called, day, resolve, sitting
from scoring.messages import points

if TYPE_CHECKING:
    import pandas as pd

    from scoring.committee.review import ItemView
    from scoring.editions.policy import Edition

__all__ = ["verbs"]

WhoOption = Annotated[str, typer.Option("--person", help=text("cli-review-person-help"))]


@verbs.command("approve", help=text("cli-review-approve-help"))
def approve(
    enterprise: EnterpriseArgument,
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    seen: SeenOption = None,
    ranking: DigestOption = "",
    form: FormatOption = Format.text,
) -> None:
    """Agree to another's override."""
    review, user = sitting(person, password_file)
    key = resolve(review, user, enterprise)
    view = review.item(key, user)
    review.approve(user, key, *_looked_at(view, seen, ranking))
    answer(
        {"enterprise_id": key, "approved": True},
        form,
        text("cli-review-approved", enterprise=called(review, user, key)),
    )


@verbs.command("undo", help=text("cli-review-undo-help"))
def undo(
    enterprise: EnterpriseArgument,
    words: TextOption = "",
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    seen: SeenOption = None,
    ranking: DigestOption = "",
    form: FormatOption = Format.text,
) -> None:
    """Take an override back."""
    review, user = sitting(person, password_file)
    key = resolve(review, user, enterprise)
    view = review.item(key, user)
    review.undo(user, key, words, *_looked_at(view, seen, ranking))
    answer(
        {"enterprise_id": key, "undone": True}, form, text("cli-review-undone", enterprise=called(review, user, key))
    )


@verbs.command("confirm", help=text("cli-review-confirm-help"))
def confirm(
    enterprise: EnterpriseArgument,
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    seen: SeenOption = None,
    ranking: DigestOption = "",
    form: FormatOption = Format.text,
) -> None:
    """Hold to a decision after a new ranking."""
    review, user = sitting(person, password_file)
    key = resolve(review, user, enterprise)
    view = review.item(key, user)
    review.confirm(user, key, *_looked_at(view, seen, ranking))
    answer(
        {"enterprise_id": key, "confirmed": True},
        form,
        text("cli-review-confirmed", enterprise=called(review, user, key)),
    )


@verbs.command("comment", help=text("cli-review-comment-help"))
def comment(
    enterprise: EnterpriseArgument,
    words: TextOption = "",
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Say something about an enterprise."""
    review, user = sitting(person, password_file)
    key = resolve(review, user, enterprise)
    review.comment(user, key, words, review.item(key, user).ranking_digest)
    answer(
        {"enterprise_id": key, "commented": True},
        form,
        text("cli-review-commented", enterprise=called(review, user, key)),
    )


@verbs.command("recuse", help=text("cli-review-recuse-help"))
def recuse(
    enterprise: EnterpriseArgument,
    ground: Annotated[str, typer.Option("--ground", help=text("cli-review-ground-help"))] = "other",
    words: TextOption = "",
    who: WhoOption = "",
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Declare a conflict of one's own, or (the chair) another's."""
    review, user = sitting(person, password_file)
    key = resolve(review, user, enterprise)
    [name] = called(review, user, key)
    if who and who != user.name:
        review.set_conflict(user, key, name=who, conflict_type=ground, text=words)
    else:
        review.declare_conflict(user, key, conflict_type=ground, text=words)
    answer(
        {"enterprise_id": key, "recused": who or user.name},
        form,
        text("cli-review-recused", enterprise=name, name=who or user.name),
    )


@verbs.command("readmit", help=text("cli-review-readmit-help"))
def readmit(
    enterprise: EnterpriseArgument,
    who: WhoOption,
    words: TextOption = "",
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """The chair ends another's recusal."""
    review, user = sitting(person, password_file)
    key = resolve(review, user, enterprise)
    review.clear_conflict(user, key, name=who, text=words)
    answer(
        {"enterprise_id": key, "readmitted": who},
        form,
        text("cli-review-readmitted", enterprise=called(review, user, key), name=who),
    )


@verbs.command("seat", help=text("cli-review-seat-help"))
def seat(
    who: Annotated[str, typer.Argument(help=text("cli-review-seat-name-help"), metavar="NAME")],
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Seat a further member."""
    review, user = sitting(person, password_file)
    review.seat(user, who)
    answer({"seated": who}, form, text("cli-review-seated", name=who))


@verbs.command("agenda", help=text("cli-review-agenda-help"))
def agenda(
    enterprises: Annotated[
        list[str] | None, typer.Argument(help=text("cli-review-agenda-list-help"), metavar="[ENTERPRISE]...")
    ] = None,
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Show or set the agenda."""
    review, user = sitting(person, password_file)
    if enterprises:
        review.set_agenda(user, [resolve(review, user, one) for one in enterprises])
    found = list(review.state(user).agenda)
    lines = [f"{place:>3}  {name}" for place, name in enumerate(called(review, user, *found), start=1)]
    answer({"agenda": found}, form, lines or text("cli-review-agenda-empty"))


@verbs.command("record", help=text("cli-review-record-help"))
def record(
    file: Annotated[Path, typer.Argument(help=text("cli-review-record-file-help"), metavar="FILE")],
    reference: Annotated[str, typer.Option("--reference", help=text("cli-review-record-reference-help"))],
    concluded: Annotated[str, typer.Option("--date", help=text("cli-review-record-date-help"))] = "",
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Attach the record of the fair competition review."""
    from scoring.committee.evidence import keep_file

    review, user = sitting(person, password_file)
    kept = keep_file(review.settings, file)
    review.attach_record(user, kept, reference=reference, concluded_on=day(concluded) or review.settings.today)
    answer({**kept, "reference": reference}, form, text("cli-review-recorded", file=kept["name"], reference=reference))


@verbs.command("freeze", help=text("cli-review-freeze-help"))
def freeze(person: AsOption = "", password_file: PasswordFileOption = None, form: FormatOption = Format.text) -> None:
    """End the discussion."""
    review, user = sitting(person, password_file)
    digest = review.freeze(user)
    answer({"list": digest}, form, text("cli-review-frozen", list=digest))


@verbs.command("thaw", help=text("cli-review-thaw-help"))
def thaw(
    words: TextOption = "",
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Take the freeze back."""
    review, user = sitting(person, password_file)
    review.thaw(user, words)
    answer({"thawed": True}, form, text("cli-review-thawed"))


@verbs.command("sign", help=text("cli-review-sign-help"))
def sign(
    list_digest: Annotated[str, typer.Option("--list", help=text("cli-review-sign-list-help"))] = "",
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Sign the frozen list."""
    review, user = sitting(person, password_file)
    digest = list_digest or review.state(user).list_digest
    review.sign(user, digest)
    state = review.state(user)
    answer(
        {"list": digest, "signatures": list(state.signatures), "phase": state.phase},
        form,
        text("cli-review-signed", list=digest[:12], signed=list(state.signatures), phase=text(f"phase-{state.phase}")),
    )


@verbs.command("export", help=text("cli-review-export-help"))
def export(
    path: Annotated[Path, typer.Argument(help=text("cli-review-export-path-help"), metavar="FILE")],
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    round_id: RoundOption = "",
    form: FormatOption = Format.text,
) -> None:
    """Write the whole ledger for verification elsewhere."""
    review, user = sitting(person, password_file, round_id)
    review.export_ledger(user, path)
    answer({"path": str(path)}, form, text("cli-review-exported", path=str(path)))


@verbs.command("learn", help=text("cli-review-learn-help"))
def learn(
    release: Annotated[list[str] | None, typer.Option("--release", help=text("cli-review-release-help"))] = None,
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    round_id: RoundOption = "",
    form: FormatOption = Format.text,
) -> None:
    """Where committee and model disagree; with --release the chair makes decisions labels."""
    from scoring.committee.learning_from_review import LearningFromReview

    review, user = sitting(person, password_file, round_id)
    service = LearningFromReview(review.store, review.settings, review.round_id)
    if release:
        batch = service.release(user, release)
        answer(
            {"batch": batch, "released": release}, form, text("cli-review-released", batch=batch, count=len(release))
        )
        return
    verdicts, groups = service.verdicts(user), service.disagreements(user)
    factors = service.factors(user)
    value = {
        "verdicts": verdicts.reset_index(),
        "groups": groups,
        "factors": factors.reset_index(),
    }
    edition = service.edition(user)
    answer(value, form, [
        text("cli-review-learned", decided=len(verdicts), apart=int((verdicts["lean"] != 0).sum())),
        *_groups(edition, groups), *_factors(factors),
    ])  # fmt: skip


def _looked_at(view: ItemView, seen: int | None, ranking: str) -> tuple[str, int]:
    """The ranking and the last entry on which the person decides: as stated, else as they are now."""
    return ranking or view.ranking_digest, view.last_seen if seen is None else seen


def _groups(edition: Edition, groups: pd.DataFrame) -> list[str]:
    """Disagreement by track, size and industry, where there is any."""
    from scoring.cli.wording import dimension_words, group_words

    apart = groups[(groups["wants_in"] + groups["wants_out"]) > 0]
    rows = [
        (
            dimension_words(one["dimension"]), group_words(edition, one["dimension"], one["group"]), one["decided"],
            one["wants_in"], one["wants_out"], text("cli-yes") if one["systematic"] else "",
        )
        for one in apart.to_dict("records")
    ]  # fmt: skip
    names = ("dimension", "group", "decided", "wants-in", "wants-out", "systematic")
    return ["", *table([text(f"cli-committee-{name}") for name in names], rows, right=(2, 3, 4))] if rows else []


def _factors(factors: pd.DataFrame) -> list[str]:
    """Points by factor, less the track's mean, of those whom the committee wants in and out against the points."""
    told = factors[factors[["wants_in", "wants_out"]].notna().any(axis=1)]
    rows = [
        (
            text(f"factor-{one['factor']}"), _points(one["wants_in"]), _points(one["wants_out"]),
            text("cli-yes") if one["systematic"] else "",
        )
        for one in told.reset_index().to_dict("records")
    ]  # fmt: skip
    names = ("factor", "points-in", "points-out", "systematic")
    return ["", *table([text(f"cli-committee-{name}") for name in names], rows, right=(1, 2))] if rows else []


def _points(value: float) -> str:
    return "-" if value != value else points(value)
