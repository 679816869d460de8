"""A published folder verified: the same list is the same bytes, and any change to it is found."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from scoring.publishing.publication import FORM, form_of, verify_publication
from tests.refusals import refused
from tests.test_ledger import unguard


def codes(folder: Path, committee: Any = None) -> set[tuple[str, str]]:
    return {(fault.code, fault.file) for fault in verify_publication(folder, committee.store if committee else None)}


def test_the_same_list_is_the_same_bytes(published: tuple[Any, Path]) -> None:
    """Rebuilt from the basis in the folder, in the order in which verification does it, twice."""
    from scoring.publishing.basis import read_basis
    from scoring.publishing.list_files import list_files

    _, folder = published
    basis = read_basis(folder / "internal")
    for _ in range(2):
        made = list_files(basis, basis.selection(), "zh-CN", "2026-11-23")
        assert {name: (folder / name).read_bytes() == content for name, content in made.items()} == {
            "list.csv": True, "list.xlsx": True,
        }  # fmt: skip


# The list of four by hand, whose words are given here, by form and language: the beginning of the SHA-256
# of the CSV and of the workbook.
WRITTEN = {
    2: {"zh-CN": ("46be1fe018d61666", "aeb3c6b5c6eb0b96"), "en": ("1793d0b05b02a6b0", "1f9d1bef6d8feb3d")},
}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_form_is_these_bytes(committee: Any, language: str) -> None:
    """Whoever changes what is written gives the form its next number and adds its bytes here; else folders that were
    published before would not verify, and nothing would say why."""
    import hashlib

    from scoring.editions.policy import Words
    from scoring.publishing.basis import basis_of
    from scoring.publishing.list_files import list_files

    ranking = committee.ranking
    edition = ranking.edition.model_copy(update={"title": Words(zh="目录", en="Directory")})
    track = edition.tracks[0].model_copy(update={"title": Words(zh="企业", en="Enterprises")})
    edition = edition.model_copy(update={"tracks": (track,)})
    basis = basis_of(dataclasses.replace(ranking, edition=edition), {})
    made = list_files(basis, basis.selection(), language, "2026-11-23")
    found = tuple(hashlib.sha256(made[name]).hexdigest()[:16] for name in ("list.csv", "list.xlsx"))
    assert found == WRITTEN[FORM][language]


def test_a_changed_missing_or_added_file_is_named(published: tuple[Any, Path]) -> None:
    committee, folder = published
    assert codes(folder, committee) == set()
    page = folder / "list.html"
    page.write_bytes(page.read_bytes() + b" ")
    (folder / "notice.docx").unlink()
    (folder / "more.txt").write_text("x")
    assert codes(folder, committee) == {
        ("file-changed", "list.html"), ("file-missing", "notice.docx"), ("file-unknown", "more.txt"),
    }  # fmt: skip


def test_a_list_changed_with_its_hash_is_found_even_offline(published: tuple[Any, Path]) -> None:
    """Somebody puts another name on the list and mends the manifest: the list no longer follows from its basis, and
    the manifest is not the one that the ledger recorded."""
    import hashlib

    committee, folder = published
    csv_path, manifest_path = folder / "list.csv", folder / "manifest.json"
    csv_path.write_bytes(csv_path.read_bytes().replace("示例E03".encode(), "示例E09".encode()))
    manifest = json.loads(manifest_path.read_text())
    manifest["files"]["list.csv"]["sha256"] = hashlib.sha256(csv_path.read_bytes()).hexdigest()
    manifest_path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    assert codes(folder) == {("list-differs", "list.csv")}
    assert codes(folder, committee) == {("list-differs", "list.csv"), ("manifest-unrecorded", "manifest.json")}


def test_a_basis_with_other_decisions_is_found(published: tuple[Any, Path]) -> None:
    committee, folder = published
    path = folder / "internal" / "basis.json"
    path.write_text(path.read_text().replace('"include"', '"exclude"'))
    found = codes(folder, committee)
    assert ("file-changed", "internal/basis.json") in found
    assert ("list-differs", "list.csv") in found
    path.write_text("{}")
    assert ("basis-unreadable", "internal") in codes(folder)


def of_form(folder: Path, form: int, **changed: bytes) -> None:
    """Make a folder say that it has a form, and give files (`list_csv` is list.csv) other content with its hash."""
    import hashlib

    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["mulu_publication"] = form
    for name, content in changed.items():
        file = name.replace("_", ".")
        (folder / file).write_bytes(content)
        manifest["files"][file]["sha256"] = hashlib.sha256(content).hexdigest()
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


@pytest.mark.parametrize("form", [1, 3], ids=["older", "newer"])
def test_a_folder_of_another_form_is_checked_in_all_but_its_bytes(published: tuple[Any, Path], form: int) -> None:
    """Another version laid the tables out otherwise: that is no fault; another name, order or file is one."""
    committee, folder = published
    written = (folder / "list.csv").read_bytes()
    otherwise = "\r\n".join(
        ",".join(reversed(line.split(","))) for line in written.decode("utf-8-sig").split("\r\n")
    ).encode()
    assert form_of(folder) == FORM
    of_form(folder, FORM, list_csv=otherwise)
    assert codes(folder) == {("list-differs", "list.csv")}
    of_form(folder, form, list_csv=otherwise, list_xlsx=b"laid out otherwise")
    assert (form_of(folder), codes(folder)) == (form, set())
    assert codes(folder, committee) == {("manifest-unrecorded", "manifest.json")}  # it was not published like this
    (folder / "list.xlsx").write_bytes(b"changed afterwards")
    assert codes(folder) == {("file-changed", "list.xlsx")}
    of_form(
        folder, form, list_xlsx=b"laid out otherwise", list_csv=written.replace("示例E03".encode(), "示例E09".encode())
    )
    assert codes(folder) == {("list-differs", "list.csv")}
    header, first, second, *rest = written.split(b"\r\n")
    of_form(folder, form, list_csv=b"\r\n".join([header, second, first, *rest]))
    assert codes(folder) == {("list-differs", "list.csv")}
    of_form(folder, form, list_csv=b"\r\n".join([header, first, *rest]))
    assert codes(folder) == {("list-differs", "list.csv")}


def test_a_ledger_cut_off_at_its_end_is_found_by_what_was_published(published: tuple[Any, Path]) -> None:
    """The last events removed behind the trigger's back: the chain that is left holds, but it was longer once."""
    import sqlalchemy as sa

    from scoring.publishing.publication import cut_off

    committee, folder = published
    home, ledger = committee.settings.home, committee.store.ledger
    assert cut_off(home, ledger) == []
    with committee.store.engine.begin() as connection:
        unguard(connection)
        connection.execute(sa.text("DELETE FROM events WHERE seq >= (SELECT max(seq) - 1 FROM events)"))
    assert ledger.verify() == []
    assert cut_off(home, ledger) == ["generic-1"]
    assert {code for code, _ in codes(folder, committee)} == {"ledger-behind"}


def test_a_ledger_written_anew_from_its_middle_is_found_by_what_was_published(published: tuple[Any, Path]) -> None:
    """Somebody with the database in hand turns a vote around and seals every later event anew: the chain holds, but
    the folder remembers the digest that stood at its end."""
    import sqlalchemy as sa

    from data.ledger import canonical, seal
    from data.migrations import EVENTS
    from scoring.publishing.publication import cut_off

    committee, folder = published
    ledger = committee.store.ledger
    first = ledger.replay(kind="voted")[0]
    with committee.store.engine.begin() as connection:
        unguard(connection)
        previous = first.previous
        for event in ledger.replay(after=first.seq - 1):
            payload = {**event.payload, "choice": "against"} if event.seq == first.seq else dict(event.payload)
            text = canonical(payload)
            digest = seal(event.seq, event.subject, event.kind, event.actor, event.recorded_at, text, previous)
            row = {"payload": text, "previous": previous, "digest": digest}
            connection.execute(sa.update(EVENTS).where(EVENTS.c.seq == event.seq).values(row))
            previous = digest
    assert ledger.verify() == []
    assert cut_off(committee.settings.home, ledger) == ["generic-1"]
    assert codes(folder, committee) == {("ledger-behind", str(ledger.replay(kind="signed")[-1].seq))}


def test_what_is_no_publication_is_refused(tmp_path: Path) -> None:
    refused("publication-unreadable", lambda: verify_publication(tmp_path))
    (tmp_path / "manifest.json").write_text("[]")
    refused("publication-unreadable", lambda: verify_publication(tmp_path))
