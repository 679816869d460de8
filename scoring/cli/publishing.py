"""`mulu publish`, `mulu dossier`, `mulu verify`, `mulu directory`: the list goes out, is checked, and is looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoring.cli.answers import Format, FormatOption, answer, language, settings, text
from scoring.cli.signing import AsOption, PasswordFileOption, RoundOption, day, resolve, sitting

if TYPE_CHECKING:
    from datetime import date

    from data.store import Store
    from scoring.committee.membership import Member


def publish(
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    round_id: RoundOption = "",
    out: Annotated[Path | None, typer.Option("--out", help=text("cli-publish-out-help"))] = None,
    notice_days: Annotated[int, typer.Option("--notice-days", min=1, help=text("cli-publish-notice-help"))] = 10,
    notice_until: Annotated[str, typer.Option("--notice-until", help=text("cli-publish-until-help"))] = "",
    spoken: Annotated[str, typer.Option("--language", help=text("cli-publish-language-help"))] = "",
    form: FormatOption = Format.text,
) -> None:
    """Write the signed list's folder."""
    from scoring.publishing.publication import publish as write

    review, user = sitting(person, password_file, round_id)
    folder = write(
        review,
        user,
        folder=out,
        language=spoken or language(),
        notice_days=notice_days,
        notice_until=day(notice_until),
    )
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    told = review.state(user).published or {}
    days = {name: str(told[name]) for name in ("notice_until", "valid_from", "valid_to")}
    answer(
        {"folder": str(folder), "files": files, **days},
        form,
        text("cli-publish-done", folder=str(folder), files=len(files), **days),
    )


def dossier(
    enterprise: Annotated[str, typer.Argument(help=text("cli-enterprise-help"), metavar="ENTERPRISE")],
    person: AsOption = "",
    password_file: PasswordFileOption = None,
    round_id: RoundOption = "",
    out: Annotated[Path | None, typer.Option("--out", help=text("cli-dossier-out-help"))] = None,
    spoken: Annotated[str, typer.Option("--language", help=text("cli-publish-language-help"))] = "",
    form: FormatOption = Format.text,
) -> None:
    """Write one enterprise's dossier, as the person may see it."""
    from scoring.publishing.dossier import asked_for
    from scoring.publishing.folder_files import file_name

    review, user = sitting(person, password_file, round_id)
    key = resolve(review, user, enterprise)
    content = asked_for(review, user, key, spoken or language())
    path = out or Path(f"{file_name(key)}.html")
    path.write_bytes(content)
    answer({"enterprise_id": key, "path": str(path)}, form, text("cli-dossier-done", path=str(path)))


def verify(
    path: Annotated[Path | None, typer.Argument(help=text("cli-verify-path-help"), metavar="[FOLDER|EXPORT]")] = None,
    form: FormatOption = Format.text,
) -> None:
    """Check the ledger, a published folder, or an exported ledger; faults end with status 1."""
    from data.ledger import check, read_export
    from data.refusal import Refusal
    from data.store import Store
    from scoring.publishing.publication import cut_off

    chosen = settings()
    if path is None:
        events = Store(chosen).ledger.replay()
        faults = [{"code": one.code, "place": str(one.seq)} for one in check(events)]
        faults += [{"code": "cut-off", "place": name} for name in cut_off(chosen.home, Store(chosen).ledger)]
        done = text("cli-verify-ledger", events=len(events))
    elif path.is_dir():
        _verify_folder(path, Store(chosen), form)
        return
    elif path.is_file():
        events = read_export(path)
        faults = [{"code": one.code, "place": str(one.seq)} for one in check(events)]
        done = text("cli-verify-export", events=len(events), path=str(path))
    else:
        raise Refusal("verify-path-missing", path=str(path))
    lines = [text(f"ledger-fault-{one['code']}", place=one["place"]) for one in faults] or [done]
    answer({"path": str(path or ""), "ok": not faults, "faults": faults}, form, lines)
    if faults:
        raise typer.Exit(1)


def _verify_folder(path: Path, store: Store, form: Format) -> None:
    """Check a published folder, against the ledger where this installation has one; say what was not compared."""
    from scoring.publishing.publication import FORM, form_of, verify_publication

    ledger = store if store.ledger.head() else None
    written, faults = form_of(path), verify_publication(path, ledger)
    told = [{"code": one.code, "place": one.file} for one in faults]
    lines = [text(f"publication-fault-{one.code}", place=one.file) for one in faults]
    if not faults:
        lines += [text("cli-verify-folder", folder=str(path))]
        lines += [text("cli-verify-rebuilt")] if written == FORM else []
        lines += [text("cli-verify-with-ledger")] if ledger else []
    lines += [text("publication-other-form", form=written, writes=FORM)] if written != FORM else []
    lines += [] if ledger else [text("cli-verify-no-ledger")]
    value = {"form": written, "writes": FORM, "rebuilt": written == FORM, "ledger": ledger is not None}
    answer({"path": str(path), "ok": not faults, "faults": told, **value}, form, lines)
    if faults:
        raise typer.Exit(1)


def directory(
    on: Annotated[str, typer.Option("--on", help=text("cli-directory-on-help"))] = "",
    enterprise: Annotated[str, typer.Option("--enterprise", help=text("cli-directory-enterprise-help"))] = "",
    entitlements: Annotated[
        Path | None, typer.Option("--entitlements", help=text("cli-directory-entitlements-help"))
    ] = None,
    form: FormatOption = Format.text,
) -> None:
    """Who is a member on a day, and why."""
    from data.store import Store
    from scoring.cli.answers import table
    from scoring.committee.membership import members_on

    chosen = settings()
    store, asked = Store(chosen), day(on) or chosen.today
    members = members_on(store, asked, everyone=bool(enterprise))
    if enterprise:
        found = [one for one in members if enterprise in (one.enterprise_id, one.name)]
        lines = _why(store, found[0], asked) if found else []
        absent = text("cli-directory-not-member", enterprise=enterprise, on=asked)
        answer(found, form, lines or absent)
        return
    if entitlements is not None:
        from scoring.publishing.entitlements import entitlement_rows

        entitlements.write_bytes(entitlement_rows(members))
    titles = _titles(store, members)
    headers = [text(f"cli-committee-{name}") for name in ("enterprise", "name", "track", "from", "to", "why")]
    rows = [
        (one.enterprise_id, one.name, titles.get(one.track, one.track), one.valid_from, one.valid_to, one.round_id)
        for one in members
    ]
    lines = table(headers, rows) if rows else [text("cli-directory-empty", on=asked)]
    if entitlements is not None:
        lines = [text("cli-directory-exported", members=len(members), path=str(entitlements), on=asked)]
    answer(members, form, lines)


def _why(store: Store, member: Member, on: date) -> list[str]:
    """What a member is on a day, and the events that say so."""
    told = text(
        "cli-directory-status",
        name=member.name,
        enterprise=member.enterprise_id,
        on=on,
        status=member.status,
        track=_titles(store, [member]).get(member.track, member.track),
        **{"from": member.valid_from, "to": member.valid_to},
    )
    first, *changes = member.because
    events = {event.seq: event for event in store.ledger.replay(f"membership:{member.enterprise_id}")}
    return [told, text("cli-directory-published", number=str(first), round=member.round_id)] + [
        text(
            "cli-directory-change",
            number=str(seq),
            kind=events[seq].kind,
            text=str(events[seq].payload["text"]),
            actor=events[seq].actor,
            end=_end(events[seq].payload),
            **{"from": str(events[seq].payload["from_day"])},
        )
        for seq in changes
    ]


def _end(payload: Mapping[str, object]) -> str:
    """Until when a suspension lasts, or an enterprise that left may not be listed again; nothing where nobody said."""
    for name, key in (("until", "cli-directory-until"), ("cool_down_until", "cli-directory-cool-down")):
        if payload.get(name):
            return text(key, until=str(payload[name]))
    return ""


def _titles(store: Store, members: Sequence[Member]) -> dict[str, str]:
    """The tracks' titles in the edition of the list that the members are on."""
    from scoring.committee.rounds import fold
    from scoring.editions.policy import load_edition

    if not members:
        return {}
    round_id = members[0].round_id
    edition = load_edition(fold(round_id, store.ledger.replay(prefix=f"review:{round_id}:")).edition)
    return {track.id: getattr(track.title, language()[:2]) for track in edition.tracks}
