"""Attempts to get around the committee's rules by commands: roles, recusal, blind votes, the second person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data.accounts import ROLES
from data.settings import Settings
from data.store import Store
from scoring.cli.app import run
from scoring.committee.rules import PERMISSIONS
from tests.district_home import PASSWORD, make_home

REASON = "该企业今年新设研发中心,材料齐全。"

# Every verb of the table that a command reaches, with arguments that would do for somebody who may.
COMMANDS: dict[str, tuple[str, ...]] = {
    "open_round": ("review", "open"),
    "adopt_ranking": ("review", "adopt"),
    "seat": ("review", "seat", "m3"),
    "set_agenda": ("review", "agenda", "E01"),
    "declare_conflict": ("review", "recuse", "E09", "--ground", "family"),
    "set_conflict": ("review", "recuse", "E10", "--person", "m3", "--ground", "family", "--text", "其配偶任该企业高管"),
    "clear_conflict": ("review", "readmit", "E10", "--person", "m3", "--text", "核实后无关联"),
    "vote": ("review", "vote", "E01", "for"),
    "comment": ("review", "comment", "E01", "--text", "请核对社保人数。"),
    "override": ("review", "override", "E07", "defer", "--text", REASON),
    "approve": ("review", "approve", "E07"),
    "undo": ("review", "undo", "E07", "--text", "误操作"),
    "confirm": ("review", "confirm", "E07"),
    "attach_record": ("review", "record", "RECORD", "--reference", "7"),
    "freeze": ("review", "freeze"),
    "thaw": ("review", "thaw", "--text", "发现材料有误,须重议。"),
    "sign": ("review", "sign"),
    "publish": ("publish",),
    "learn": ("review", "learn"),
    "release_labels": ("review", "learn", "--release", "E01"),
    "receive_objection": (
        "objection", "receive", "E01", "--ground", "other", "--reference", "1", "--text", "名单与事实不符。",
    ),
    "answer_objection": ("objection", "answer", "1", "dismissed", "--text", "经核实,异议所述情况不存在。"),
    "change_membership": ("member", "suspend", "E01", "--text", "列入经营异常名录"),
    "audit": ("review", "export", "EXPORT"),
    "read": ("review", "status"),
    "sign_industries": ("key-industries", "sign"),
}  # fmt: skip


@pytest.fixture
def mulu(committee: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command as a person, on each database in turn; gives status, what was printed, and the complaint."""
    monkeypatch.setenv("MULU_HOME", str(committee.settings.home))
    monkeypatch.setenv("MULU_DATABASE_URL", committee.settings.database_url)
    monkeypatch.setenv("MULU_TODAY", "2026-11-23")
    monkeypatch.setenv("MULU_LANGUAGE", "zh-CN")
    monkeypatch.setenv("MULU_PASSWORD", PASSWORD)

    def said(*arguments: str, who: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = run([*arguments, "--as", who, "--format", "json"])
        told = capsys.readouterr()
        return status, told.out, told.err

    return said


def test_every_verb_of_the_table_is_tried() -> None:
    assert set(COMMANDS) == set(PERMISSIONS)


@pytest.mark.parametrize("role", ROLES)
def test_no_command_gives_a_role_what_its_row_does_not_say(
    mulu: Any, committee: Any, tmp_path: Path, role: str
) -> None:
    """Denied for the role exactly where the table says so; each denial is an event with the person's name."""
    who = {"member": "m1"}.get(role, role)
    record = tmp_path / "record.pdf"
    record.write_bytes(b"%PDF-1.7 fair competition review")
    places = {"RECORD": str(record), "EXPORT": str(tmp_path / "export.jsonl")}
    for verb, words in COMMANDS.items():
        before = len(committee.store.ledger.replay(kind="denied"))
        status, _, complaint = mulu(*(places.get(word, word) for word in words), who=who)
        news = committee.store.ledger.replay(kind="denied")[before:]
        denied = [event for event in news if event.payload["code"] == "review-role-may-not"]
        assert bool(denied) == (role not in PERMISSIONS[verb]), (verb, complaint)
        if denied:
            assert status == 1
            assert {event.actor for event in denied} == {who}
    assert not (tmp_path / "export.jsonl").exists() or role == "auditor"


def test_nobody_signs_for_another_by_naming_another(mulu: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The administrator's shell is no person: without that person's password nothing is signed."""
    mulu("review", "freeze", who="chair")
    for name in ("root", "administrator:root", "chair ", "m1"):
        monkeypatch.setenv("MULU_PASSWORD", "a guess of somebody")
        assert mulu("review", "sign", who=name)[0] == 1
    monkeypatch.setenv("MULU_PASSWORD", PASSWORD)
    assert mulu("review", "sign", who="chair")[0] == 0
    assert mulu("review", "sign", who="chair")[0] == 1
    assert mulu("publish", who="chair")[0] == 1


def test_no_command_tells_a_recused_member_of_the_enterprise(mulu: Any, tmp_path: Path) -> None:
    """By identifier, by name, in lists, in counts, in the neighbours' dossiers, among the displaced."""
    assert mulu("review", "recuse", "E03", "--ground", "shareholding", who="m1")[0] == 0
    mulu("review", "override", "E05", "include", "--text", REASON, who="m2")
    for words in (
        ("review", "show", "E03"), ("review", "show", "示例E03科技有限公司"), ("review", "vote", "E03", "for"),
        ("review", "override", "E03", "exclude", "--text", REASON), ("review", "comment", "E03", "--text", "说明情况"),
        ("dossier", "E03", "--out", str(tmp_path / "x.html")), ("review", "approve", "E03"),
    ):  # fmt: skip
        status, out, complaint = mulu(*words, who="m1")
        assert (status, out) == (1, ""), words
        assert "示例E03" not in complaint.replace(words[2], ""), words
    assert not (tmp_path / "x.html").exists()
    for words in (
        ("review", "list"), ("review", "status"), ("review", "agenda"), ("review", "show", "E05"),
        ("dossier", "E04", "--out", str(tmp_path / "y.html")),
    ):  # fmt: skip
        status, out, _ = mulu(*words, who="m1")
        assert status == 0
        assert "E03" not in out, words
    assert "E03" not in (tmp_path / "y.html").read_text(encoding="utf-8")
    ranks = sorted(row["rank"] for row in json.loads(mulu("review", "list", who="m1")[1]))
    assert ranks == list(range(1, 12))
    assert "E03" in mulu("review", "list", who="m2")[1]


def test_votes_of_others_are_not_told_before_one_s_own(mulu: Any) -> None:
    mulu("review", "vote", "E01", "against", who="m2")
    for who in ("m1", "chair", "analyst"):
        told = json.loads(mulu("review", "show", "E01", who=who)[1])
        assert (told["votes"], told["votes_cast"]) == (None, 1)
        assert "against" not in mulu("review", "show", "E01", who=who)[1]
    mulu("review", "vote", "E01", "for", who="m1")
    assert json.loads(mulu("review", "show", "E01", who="m1")[1])["votes"] == {"m1": "for", "m2": "against"}


@pytest.mark.parametrize(
    "words",
    [
        ("include",),
        ("include", "--text", "同意"),
        ("include", "--text", "。。。。。。。。。。"),
        ("include", "--text", REASON, "--type", "because"),
        ("promote", "--text", REASON),
        ("include", "--text", REASON, "--evidence", "/nowhere.pdf"),
        ("include", "--text", REASON, "--expires", "2026-11-22"),
        ("include", "--text", REASON, "--ranking", "0" * 64),
        ("include", "--text", REASON, "--seen", "999"),
        ("move", "--text", REASON),
    ],
    ids=" ".join,
)
def test_an_override_without_its_grounds_is_not_written(mulu: Any, committee: Any, words: tuple[str, ...]) -> None:
    status, _, complaint = mulu("review", "override", "E06", *words, who="m1")
    assert status == 1
    assert complaint
    assert committee.store.ledger.replay(kind="overridden") == []


def test_an_override_needs_its_evidence_where_the_round_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """First without a file, then with a program that calls itself a PDF, then with a real one."""
    here = make_home(tmp_path / "strict", 200, evidence=True)
    for name, value in {**here.environment, "MULU_PASSWORD": PASSWORD, "MULU_LANGUAGE": "zh-CN"}.items():
        monkeypatch.setenv(name, value)
    proof = tmp_path / "proof.pdf"
    words = ["review", "override", here.members[0], "exclude", "--text", REASON, "--as", "委员甲"]
    ledger = Store(Settings()).ledger
    assert run(words) == 1
    assert "--evidence" in capsys.readouterr().err
    proof.write_bytes(b"MZ a program")
    assert run([*words, "--evidence", str(proof)]) == 1
    assert ledger.replay(kind="overridden") == []
    proof.write_bytes(b"%PDF-1.7 proof")
    assert run([*words, "--evidence", str(proof)]) == 0
    [event] = ledger.replay(kind="overridden")
    assert event.payload["evidence"][0]["name"] == "proof.pdf"


def test_no_command_leaves_out_a_step_on_the_way_to_a_list_and_its_correction(mulu: Any, tmp_path: Path) -> None:
    """Quorum, second signature, competition review, each missing in turn; a published list is only ever followed."""
    record = tmp_path / "record.pdf"
    record.write_bytes(b"%PDF-1.7 fair competition review")

    def refused(*words: str, who: str = "chair") -> str:
        status, out, complaint = mulu(*words, who=who)
        assert (status, out) == (1, ""), words
        return str(complaint)

    def done(*words: str, who: str = "chair") -> Any:
        status, out, complaint = mulu(*words, who=who)
        assert status == 0, (words, complaint)
        return json.loads(out)

    done("review", "override", "E06", "include", "--text", REASON, who="m1")
    done("review", "approve", "E06", who="m2")
    for who in ("m1", "m2"):
        done("review", "vote", "E06", "for", who=who)
    assert "E06 (2/3)" in refused("review", "freeze")
    done("review", "vote", "E06", "abstain", who="m3")
    frozen = done("review", "freeze")["list"]
    assert "E06" not in refused("review", "sign", "--list", "0" * 64)
    done("review", "sign", "--list", frozen)
    refused("review", "sign")
    refused("publish")
    done("review", "sign", "--list", frozen, who="m1")
    assert "公平竞争" in refused("publish")
    done("review", "record", str(record), "--reference", "7", who="analyst")
    first = done("publish")["folder"]
    refused("publish", "--out", str(tmp_path / "again"))
    assert not (tmp_path / "again").exists()
    refused("review", "learn", "--release", "E12")
    done("review", "learn", "--release", "E06")
    refused("review", "learn", "--release", "E06")
    refused("member", "restore", "E06", "--text", "信用已经修复,恢复资格。")
    refused("review", "open", "--corrects", "generic-7")
    done("review", "open", "--corrects", "generic-1")
    done("review", "record", str(record), "--reference", "8", who="analyst")
    done("review", "freeze")
    for who in ("chair", "m2"):
        done("review", "sign", who=who)
    second = done("publish")["folder"]
    told = json.loads((Path(second) / "manifest.json").read_text(encoding="utf-8"))
    assert told["corrects"]["round"] == "generic-1"
    for folder in (first, second):
        assert run(["verify", folder]) == 0
    assert run(["verify"]) == 0


def test_nothing_is_changed_after_publication(mulu: Any, committee: Any) -> None:
    from scoring.publishing.publication import publish

    committee.signed()
    publish(committee.review, committee.chair)
    head = committee.store.ledger.head().seq
    for words in (
        ("review", "vote", "E01", "for"), ("review", "override", "E06", "include", "--text", REASON),
        ("review", "thaw", "--text", "发现材料有误,须重议。"), ("review", "freeze"), ("review", "sign"), ("publish",),
        ("review", "recuse", "E06"), ("review", "seat", "m3"), ("review", "agenda", "E01"),
    ):  # fmt: skip
        assert mulu(*words, who="chair")[0] == 1, words
    since = committee.store.ledger.replay(after=head)
    assert {event.kind for event in since} == {"denied"}
