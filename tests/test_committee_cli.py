"""The committee's command line: the same rules as the page, exit statuses, and a year's end from vote to folder."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scoring.cli.app import run

PASSWORD = "only-for-tests-1"


@pytest.fixture
def mulu(committee: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command as a person (all have one password), on each database; gives status, answer, complaint."""
    monkeypatch.setenv("MULU_HOME", str(committee.settings.home))
    monkeypatch.setenv("MULU_DATABASE_URL", committee.settings.database_url)
    monkeypatch.setenv("MULU_TODAY", "2026-11-23")
    monkeypatch.setenv("MULU_LANGUAGE", "en")
    monkeypatch.setenv("MULU_PASSWORD", PASSWORD)

    def said(line: str, *more: str, who: str = "") -> tuple[int, Any, str]:
        arguments = [*line.split(), *more, *(["--as", who] if who else []), "--format", "json"]
        capsys.readouterr()
        status = run(arguments)
        told = capsys.readouterr()
        return status, json.loads(told.out) if told.out.strip() else None, told.err

    return said


def test_from_the_queue_to_the_published_folder(
    mulu: Any, committee: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, rows, _ = mulu("review list", who="m1")
    assert (status, {row["enterprise_id"] for row in rows}) == (0, {f"E{at:02d}" for at in range(1, 13)})
    status, effect, _ = mulu(
        "review override E06 include --type event_after_date", "--text", "本月获批市级企业技术中心。", who="m1"
    )
    assert (status, effect["status"], effect["displaced"]) == (0, "waiting", ["E04"])
    assert mulu("review approve E06", who="m1")[0] == 1
    assert mulu("review approve E06", who="m2")[0] == 0
    for who in ("chair", "m1", "m2"):
        assert mulu("review vote E06 for", who=who)[0] == 0
    record = tmp_path / "review.pdf"
    record.write_bytes(b"%PDF-1.7 fair competition review")
    status, _, complaint = mulu("publish", who="chair")
    assert (status, "signed" in complaint) == (1, True)
    assert mulu(f"review record {record} --reference 2026-7", who="analyst")[0] == 0
    assert mulu("review freeze", who="chair")[0] == 0
    assert mulu("review sign", who="chair")[0] == 0
    status, _, complaint = mulu("review sign", who="chair")
    assert (status, "another person" in complaint) == (1, True)
    assert mulu("review sign", who="m2")[0] == 0
    status, told, _ = mulu("publish", who="chair")
    assert status == 0
    folder = Path(told["folder"])
    assert mulu(f"verify {folder}")[1] == {
        "path": str(folder), "ok": True, "faults": [], "form": 2, "writes": 2, "rebuilt": True, "ledger": True,
    }  # fmt: skip
    monkeypatch.setenv("MULU_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("MULU_DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere.db")  # another machine, without a ledger
    alone = mulu(f"verify {folder}")[1]
    assert (alone["ok"], alone["rebuilt"], alone["ledger"]) == (True, True, False)
    monkeypatch.setenv("MULU_HOME", str(committee.settings.home))
    monkeypatch.setenv("MULU_DATABASE_URL", committee.settings.database_url)
    assert (told["notice_until"], told["valid_from"], told["valid_to"]) == ("2026-12-07", "2026-12-08", "2027-12-07")
    assert mulu("directory --on 2026-12-07")[1] == []
    status, members, _ = mulu("directory --on 2026-12-08")
    assert [one["enterprise_id"] for one in members] == ["E01", "E02", "E03", "E06"]
    (folder / "list.csv").write_text("changed")
    status, told, _ = mulu(f"verify {folder}")
    assert (status, {fault["code"] for fault in told["faults"]}) == (1, {"file-changed", "list-differs"})


def test_no_command_goes_around_a_password_or_a_role(mulu: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    status, _, complaint = mulu("review freeze", who="m1")
    assert (status, "role" in complaint.lower()) == (1, True)
    monkeypatch.setenv("MULU_PASSWORD", "not the password")
    assert mulu("review freeze", who="chair")[0] == 1
    monkeypatch.delenv("MULU_PASSWORD")
    status, _, complaint = mulu("review freeze", who="chair")
    assert (status, "--password-file" in complaint) == (1, True)
    assert mulu("review freeze")[0] == 1
    assert mulu("publish", who="auditor")[0] == 1


def test_the_ledger_goes_out_with_the_auditor_and_is_checked_offline(mulu: Any, tmp_path: Path) -> None:
    export = tmp_path / "ledger.jsonl"
    assert mulu(f"review export {export}", who="chair")[0] == 1
    assert mulu(f"review export {export}", who="auditor")[0] == 0
    assert mulu(f"verify {export}")[0] == 0
    lines = export.read_text(encoding="utf-8").splitlines()
    export.write_text("\n".join([*lines[:3], *lines[4:]]) + "\n", encoding="utf-8")
    status, told, _ = mulu(f"verify {export}")
    assert (status, told["faults"][0]["code"]) == (1, "removed")
    assert mulu("verify")[0] == 0
    assert mulu(f"verify {tmp_path / 'nothing'}")[0] == 1


def test_people_are_added_with_a_password_shown_once(mulu: Any) -> None:
    status, told, _ = mulu("user add wang --role member --display 王示例")
    assert status == 0
    assert len(told["password"]) >= 16
    status, people, _ = mulu("user list")
    assert {"name": "wang", "display_name": "王示例", "role": "member"} in people
    assert mulu("user add wang --role member")[0] == 1
    assert mulu("user add li --role king")[0] == 1
    assert mulu("user disable wang")[0] == 0
    assert "wang" not in {one["name"] for one in mulu("user list")[1]}


def test_a_bad_date_or_a_missing_file_is_named(mulu: Any) -> None:
    status, _, complaint = mulu("directory --on tomorrow")
    assert (status, "tomorrow" in complaint) == (1, True)
    status, _, complaint = mulu("review record /nowhere.pdf --reference 1", who="chair")
    assert (status, "/nowhere.pdf" in complaint) == (1, True)
    status, _, complaint = mulu("review vote E0 for", who="m1")
    assert (status, "Did you mean" in complaint) == (1, True)


def test_a_suggested_suspension_is_decided_on_the_command_line(
    mulu: Any, committee: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pandas as pd

    from data.store import Source
    from scoring.publishing.publication import publish

    committee.signed()
    publish(committee.review, committee.chair, notice_until=date(2026, 11, 23))
    row = pd.DataFrame({"enterprise_id": ["E02"], "kind": ["严重违法失信名单"], "listed_on": [date(2026, 12, 1)]})
    committee.store.add(Source("x.csv", "a" * 64, "tests"), {"integrity_events": row}, date(2026, 12, 3))
    monkeypatch.setenv("MULU_TODAY", "2026-12-04")
    status, found, _ = mulu("member proposals", who="analyst")
    assert (status, [(one["enterprise_id"], one["action"]) for one in found]) == (0, [("E02", "suspend")])
    assert mulu("member accept E02", "--text", "列入严重违法失信名单。", who="analyst")[0] == 1
    assert mulu("member accept E02", "--text", "列入严重违法失信名单。", who="chair")[0] == 0
    assert "E02" not in {one["enterprise_id"] for one in mulu("directory --on 2026-12-04")[1]}
    assert mulu("member proposals", who="chair")[1] == []
    assert mulu("member dismiss E02", "--text", "没有什么可以驳回。", who="chair")[0] == 1


def test_the_directory_says_why_an_enterprise_is_or_is_not_in_it(
    mulu: Any, committee: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from scoring.publishing.publication import publish

    committee.signed()
    publish(committee.review, committee.chair, notice_until=date(2026, 11, 23))
    assert mulu("member suspend E02 --from 2026-12-01", "--text", "Listed by the regulator.", who="chair")[0] == 0
    for day, status in (("2026-11-30", "a member"), ("2026-12-01", "suspended")):
        capsys.readouterr()
        assert run(["directory", "--on", day, "--enterprise", "E02"]) == 0
        told = capsys.readouterr().out
        assert status in told
        assert "generic-1" in told
        assert ("Listed by the regulator." in told) is (status == "suspended")
    assert mulu("directory --on 2026-12-01 --enterprise E09")[1] == []


@pytest.fixture
def told(committee: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """What a command prints for people, in Chinese, as a person does it; the complaint where it refuses."""
    for name, value in {
        "MULU_HOME": str(committee.settings.home), "MULU_DATABASE_URL": committee.settings.database_url,
        "MULU_TODAY": "2026-11-23", "MULU_LANGUAGE": "zh-CN", "MULU_PASSWORD": PASSWORD,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    def said(line: str, *more: str, who: str = "") -> str:
        capsys.readouterr()
        run([*line.split(), *more, *(["--as", who] if who else [])])
        out = capsys.readouterr()
        return out.out or out.err

    return said


def test_people_are_told_names_places_and_words(told: Any) -> None:
    """An override with old and new place and who is displaced; what stands in the way of a freeze; the agenda."""
    shown = told("review override E06 include", "--text", "本月获批市级企业技术中心。", who="m1")
    for part in (
        "示例E06科技有限公司(E06)",
        "类别内名次：6 → 6",
        "未入选 → 第 4 位",
        "因此落选：示例E04科技有限公司(E04)",
    ):
        assert part in shown
    assert "因此入选：无" in shown
    refused = told("review freeze", who="chair")
    assert "待第二人复核：示例E06科技有限公司 E06" in refused
    assert "waiting" not in refused
    assert "示例E01科技有限公司(E01)" in told("review agenda", who="chair")
    assert told("review show E99999", who="m1").strip() == "排名中没有企业“E99999”。"
    assert "已添加账号 late（委员）。" in told("user add late --role member")


def test_people_are_told_which_overrides_wait_for_whom(told: Any, committee: Any, ranked: Any) -> None:
    """By name, in the round's status and on the item: what waits for a second person, and what for confirmation."""
    from scoring.scores.ranking import save

    told("review override E06 include", "--text", "本月获批市级企业技术中心。", who="m1")
    assert "待第二人复核：示例E06科技有限公司(E06)" in told("review status", who="m2")
    assert "现有调整：列入（待第二人复核；提出人 m1）" in told("review show E06", who="m2")
    told("review approve E06", who="m2")
    assert "复核：" not in told("review status", who="m2")
    assert "现有调整：列入（生效；" in told("review show E06", who="m2")
    save(ranked({f"E{at:02d}": 90.0 - 4 * at for at in range(1, 13)}), committee.settings, committee.store, "tests")
    told("review adopt", who="analyst")
    assert "须重新确认：示例E06科技有限公司(E06)" in told("review status", who="m2")
    assert "现有调整：列入（待按新排名确认；" in told("review show E06", who="m1")
    told("review recuse E06 --ground family", who="m2")
    assert "E06" not in told("review status", who="m2")


def test_nobody_settles_by_command_a_decision_that_was_replaced_meanwhile(
    mulu: Any, committee: Any, ranked: Any
) -> None:
    """Approve, undo and confirm take the entry and the ranking that one looked at, as vote and override do."""
    from scoring.scores.ranking import save

    mulu("review override E06 include", "--text", "本月获批市级企业技术中心。", who="m1")
    looked = mulu("review show E06", who="m2")[1]
    mulu("review override E06 defer", "--text", "技术中心的批复尚待核实。", who="m1")
    for verb, who in (("approve", "m2"), ("undo", "chair"), ("confirm", "m1")):
        status, _, complaint = mulu(
            f"review {verb} E06 --seen {looked['last_seen']}", *(["--text", "另有考虑。"] if verb == "undo" else []),
            who=who,
        )  # fmt: skip
        assert (status, "override" in complaint) == (1, True), verb
    save(ranked({f"E{at:02d}": 90.0 - 4 * at for at in range(1, 13)}), committee.settings, committee.store, "tests")
    assert mulu("review adopt", who="analyst")[0] == 0
    status, _, complaint = mulu(f"review confirm E06 --ranking {looked['ranking']}", who="m1")
    assert (status, looked["ranking"][:12] in complaint) == (1, True)
    shown = mulu("review show E06", who="m1")[1]
    assert (shown["override"], shown["override_status"]) == ("defer", "stale")
    assert mulu(f"review confirm E06 --seen {shown['last_seen']} --ranking {shown['ranking']}", who="m1")[0] == 0


def test_people_are_told_the_clock_the_reply_and_until_when(told: Any, committee: Any, tmp_path: Path) -> None:
    """An objection with its days and its answer; a suspension, an exit and a disagreement in words."""
    from scoring.publishing.publication import publish

    proof = tmp_path / "proof.pdf"
    proof.write_bytes(b"%PDF-1.7 proof")
    committee.override(committee.m1, "E04", "exclude")
    committee.act("approve", committee.m2, "E04")
    committee.votes("E04", "against")
    committee.signed()
    publish(committee.review, committee.chair, notice_until=date(2026, 11, 25))
    told(
        f"objection receive E04 --ground data_wrong --reference 7 --answer-by 2026-11-22 --evidence {proof}",
        "--text", "社保人数应为85人,附缴费证明。", who="analyst",
    )  # fmt: skip
    shown = told("objection list", who="m1")
    for part in (
        "公示期还剩 2 天。",
        "示例E04科技有限公司(E04)",
        "2026-11-22",
        "待答复",
        "已过答复期限而未答复：第 1 号",
        "社保人数应为85人",
    ):
        assert part in shown
    assert "原不在名单，现不应在名单" in told("objection rescore 1", who="analyst")
    told("objection answer 1 dismissed", "--text", "经核实,以社保部门数据为准,维持原结论。", who="chair")
    assert "2026-11-23 答复：经核实" in told("objection list", who="m1")
    learned = told("review learn", who="chair")
    assert "因素" in learned
    assert "创新" in learned
    assert "size_class" not in learned
    assert "track" not in learned
    suspended = told("member suspend E01 --from 2026-11-27 --until 2026-12-31", "--text", "列入异常名录", who="chair")
    assert "E01 自 2026-11-27 起暂停。" in suspended
    assert "暂停，至 2026-12-31 止" in told("directory --on 2026-12-01 --enterprise 示例E01科技有限公司")
    told(
        "member exit E02 --from 2026-11-28 --reason integrity --cool-down-until 2028-01-01", "--text", "严重违法失信",
        who="chair",
    )  # fmt: skip
    assert "退出，至 2028-01-01 不得再列入" in told("directory --on 2026-12-01 --enterprise E02")
    out = tmp_path / "entitlements.csv"
    assert "有效成员 2 家" in told(f"directory --on 2026-12-01 --entitlements {out}")
    assert len(out.read_bytes().splitlines()) == 3


def test_a_locked_account_is_told_by_the_clock_on_the_wall(told: Any, committee: Any, monkeypatch: Any) -> None:
    from datetime import datetime

    monkeypatch.setenv("MULU_PASSWORD", "not the password")
    for _ in range(5):
        shown = told("review status", who="m3")
    [locked] = committee.store.ledger.replay(kind="sign_in_locked")
    until = datetime.fromisoformat(locked.payload["until"]).astimezone()
    assert f"锁定至 {until:%Y-%m-%d %H:%M}。" in shown
