"""Publication: what the folder holds, that real programs open it, and what a correction and other words change."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from data.refusal import Refusal
from scoring.committee.evidence import keep_evidence
from scoring.committee.review import Review
from scoring.committee.round_acts import open_round
from scoring.publishing.publication import publish, verify_publication
from scoring.publishing.working_days import notice_end
from scoring.scores.notes import basis_text
from tests.refusals import refused

TODAY = date(2026, 11, 23)


def codes(folder: Path, committee: Any = None) -> set[tuple[str, str]]:
    return {(fault.code, fault.file) for fault in verify_publication(folder, committee.store if committee else None)}


def text_of(folder: Path, but: tuple[str, ...] = ()) -> str:
    """All that the public and the enterprises can read, as text, without the dossiers of the enterprises named."""
    told = []
    for path in sorted(folder.rglob("*")):
        if "internal" in path.parts or not path.is_file() or path.stem in but:
            continue
        if path.suffix == ".docx":
            document = docx.Document(str(path))
            told += [paragraph.text for paragraph in document.paragraphs]
            told += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        elif path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            told += [str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row if cell]
        else:
            told.append(path.read_text(encoding="utf-8-sig"))
    return "\n".join(told)


def test_a_list_goes_out_only_signed_and_with_its_competition_review(committee: Any) -> None:
    review, chair = committee.review, committee.chair
    refused("review-not-signed", lambda: publish(review, chair))
    digest = review.freeze(chair)
    review.sign(chair, digest)
    refused("review-not-signed", lambda: publish(review, chair))
    review.sign(committee.m1, digest)
    refused("publication-needs-record", lambda: publish(review, chair))
    refused("review-role-may-not", lambda: publish(review, committee.m1))
    refused("review-role-may-not", lambda: publish(review, committee.auditor))
    kept = keep_evidence(committee.settings, "r.pdf", b"%PDF-1.7 x")
    review.attach_record(chair, kept, reference="长公竞审〔2026〕7号", concluded_on=TODAY)
    assert verify_publication(publish(review, chair), committee.store) == []
    refused("review-published", lambda: publish(review, chair, folder=committee.settings.home / "again"))
    assert not (committee.settings.home / "again").exists()


def test_the_folder_says_who_is_listed_and_until_when_to_object(published: tuple[Any, Path]) -> None:
    """Four places, E06 included by decision: E01, E02, E03 by points. Ten working days after 23 November 2026: those
    of that week and the next, to Monday 7 December."""
    _, folder = published
    raw = (folder / "list.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [row["统一社会信用代码"] for row in rows] == ["E01", "E02", "E03", "E06"]
    assert [row["入选方式"] for row in rows] == ["按得分", "按得分", "按得分", "评审决定"]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["notice_until"] == "2026-12-07"
    assert notice_end(TODAY, 10) == date(2026, 12, 7)
    notice = "\n".join(paragraph.text for paragraph in docx.Document(str(folder / "notice.docx")).paragraphs)
    assert "10 个工作日，至2026年12月7日止" in notice
    # The four listed, and the two in reserve: E04, who made room, and E05.
    assert sorted(path.name for path in (folder / "dossiers").iterdir()) == [f"E0{at}.html" for at in range(1, 7)]
    assert "列为候补第 1 位" in (folder / "dossiers" / "E04.html").read_text(encoding="utf-8")
    assert {told["audience"] for told in manifest["files"].values()} == {"public", "enterprise", "internal"}
    assert [one["role"] for one in manifest["signatures"]] == ["chair", "member"]


def test_every_file_with_points_says_that_the_card_alone_gave_them(published: tuple[Any, Path]) -> None:
    """The model of the round was tested and carries too little signal: list, notice, pages, dossiers, working table."""
    committee, folder = published
    told = basis_text(committee.ranking, "zh-CN")
    assert told == "得分全部来自评分卡，没有使用学习模型。成长性模型经检验信号太弱，没有参与计分。"
    for path in (path for path in folder.rglob("*") if path.suffix in {".xlsx", ".docx", ".html"}):
        copy = folder.parent / "one" / path.name
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(path, copy)
        assert told in text_of(copy.parent).replace("\n", ""), path.name
        copy.unlink()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["points_by"] == {"mode": "card", "verdicts": {"growth": "little"}}


def test_nothing_public_tells_money_taxes_persons_or_those_not_listed(published: tuple[Any, Path]) -> None:
    committee, folder = published
    told = text_of(folder)
    assert not re.search(r"\d\s*(万元|亿元|元)|CNY \d|税额|纳税额", told)
    for person in set(committee.people) - {"chair"}:  # which is a role, too, and may be told
        assert not re.search(rf"(?<![\w-]){person}(?![\w-])", told), person
    # E04 made room and is not on the list: its name stands nowhere outside of internal/ but in its own dossier.
    assert "示例E04" not in text_of(folder, but=("E04",))
    assert "该企业今年新设研发中心" not in told  # a reason's text is the committee's


def test_pages_need_no_network_and_no_script(published: tuple[Any, Path]) -> None:
    _, folder = published
    for path in folder.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert not re.search(r"<script|\bsrc=|\bhref=|url\(|@import", page), path
        assert set(re.findall(r"https?://[^\"' <]+", page)) <= {"http://www.w3.org/2000/svg"}
        assert "<svg" in page or path.name == "method.html"
        assert "@page { size: A4" in page


def test_names_are_text_everywhere(committee_named: Callable[[dict[str, str]], Any]) -> None:
    """A name with markup, a formula, or a control character harms neither page nor spreadsheet."""
    hostile = {
        "E01": "<img src=x onerror=alert(1)>有限公司", "E02": '=HYPERLINK("https://example.com","甲")',
        "E03": "+86有限公司", "E04": "\t@SUM(A1)有限公司\x07",
    }  # fmt: skip
    committee = committee_named(hostile)
    committee.signed()
    folder = publish(committee.review, committee.chair)
    rows = list(csv.reader(io.StringIO((folder / "list.csv").read_text(encoding="utf-8-sig"))))
    assert [row[1][:2] for row in rows[1:]] == ["<i", "'=", "'+", "'\t"]
    page = openpyxl.load_workbook(folder / "list.xlsx")["目录"]
    assert [(page.cell(at, 2).data_type, page.cell(at, 2).value) for at in (3, 4)] == [
        ("s", hostile["E01"]), ("s", hostile["E02"]),
    ]  # fmt: skip
    for path in (folder / "list.html", folder / "dossiers" / "E01.html"):
        assert "<img" not in path.read_text(encoding="utf-8")
        assert "&lt;img src=x" in path.read_text(encoding="utf-8")
    assert verify_publication(folder, committee.store) == []


def test_the_workbook_is_fit_for_an_office(published: tuple[Any, Path]) -> None:
    _, folder = published
    book = openpyxl.load_workbook(folder / "list.xlsx")
    assert book.sheetnames == ["目录", "分类统计"]
    page = book["目录"]
    assert page.freeze_panes == "A3"
    assert page.print_title_rows == "$2:$2"
    assert page["H3"].value == 95
    assert page["H3"].number_format == "#,##0.0"
    assert page["C3"].data_type == "s"


def test_internal_figures_are_in_wan_as_numbers(home: Any) -> None:
    """Revenue of the district's enterprises comes in yuan; in the working table it is a number in 万元."""
    from data.settings import Settings
    from data.store import Store
    from scoring.committee.review import SignedList
    from scoring.committee.rounds import RoundState
    from scoring.publishing.folder_files import working_table
    from scoring.scores.ranking import load_ranking
    from scoring.selection.directory import select

    settings = Settings(home=home.path, today=date(2026, 6, 30))
    Store(settings)
    ranking = load_ranking(settings, home.digest)

    signed = SignedList(RoundState(home.round_id), ranking, {})
    content = working_table(ranking, select(ranking, ranking.edition), signed, {"published_on": "2026-06-30"}, "zh-CN")
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    heads = [cell.value for cell in page[2]]
    at = next(place for place, head in enumerate(heads) if head == "营业收入(万元)")
    key = page.cell(3, 2).value
    name = next(name for name, what in ranking.described.items() if what.label("zh-CN") == "营业收入")
    assert page.cell(3, at + 1).value == pytest.approx(round(float(ranking.values.at[key, name]) / 10_000, 2))


def test_a_credit_code_stays_on_one_line_of_the_notice(published: tuple[Any, Path]) -> None:
    """Eighteen signs in the widest letter that stands in for 仿宋, where a machine lacks it: a digit of DejaVu Sans is
    .636 of the size, the widest capital of a code .72 (at most eight of them are letters). Word keeps .19 cm free on
    either side of a cell. All four columns stand between the margins."""
    document = docx.Document(str(published[1] / "notice.docx"))
    [table], [section] = document.tables, document.sections
    widths = [cell.width for cell in table.rows[1].cells]
    size = table.rows[1].cells[2].paragraphs[0].runs[0].font.size
    assert size * (10 * 0.636 + 8 * 0.72) <= widths[2] - 2 * docx.shared.Cm(0.19)
    assert sum(widths) <= section.page_width - section.left_margin - section.right_margin


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_what_is_published(published: tuple[Any, Path], tmp_path: Path) -> None:
    _, folder = published
    out = tmp_path / "pdf"
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", out, folder / "list.xlsx", folder / "notice.docx"],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    assert {path.name for path in out.iterdir()} == {"list.pdf", "notice.pdf"}
    assert all(path.read_bytes().startswith(b"%PDF-") for path in out.iterdir())


def test_a_correction_is_a_new_list_that_names_the_old(published: tuple[Any, Path]) -> None:
    from scoring.selection.directory import select

    committee, folder = published
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    ranking = committee.ranking
    round_id = open_round(
        committee.store, committee.settings, ranking, select(ranking, ranking.edition), committee.chair,
        corrects=committee.review.round_id,
    )  # fmt: skip
    committee.review = Review(committee.store, committee.settings, round_id)
    committee.signed()
    again = publish(committee.review, committee.chair)
    manifest = json.loads((again / "manifest.json").read_text())
    import hashlib

    assert manifest["corrects"] == {
        "round": "generic-1", "manifest_sha256": hashlib.sha256(before[folder / "manifest.json"]).hexdigest(),
    }  # fmt: skip
    assert "generic-1" in "\n".join(one.text for one in docx.Document(str(again / "notice.docx")).paragraphs)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert verify_publication(folder, committee.store) == []
    assert verify_publication(again, committee.store) == []


def test_the_entitlement_export_follows_its_schema(published: tuple[Any, Path]) -> None:
    _, folder = published
    schema = json.loads((folder / "entitlements.schema.json").read_text(encoding="utf-8"))
    rows = list(csv.DictReader(io.StringIO((folder / "entitlements.csv").read_text(encoding="utf-8-sig"))))
    assert list(rows[0]) == schema["required"] == ["enterprise_id", "track", "valid_from", "valid_to"]
    assert rows[0] == {"enterprise_id": "E01", "track": "all", "valid_from": "2026-12-08", "valid_to": "2027-12-07"}
    recommended = (folder / "recommendations.csv").read_text(encoding="utf-8-sig")
    assert recommended.count("第 17 条") == 4


def test_the_method_page_tells_how_well_models_hold_by_size(committee: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a model's own report; a size class with too few to say has no figure and is left out."""
    import dataclasses

    from models.registry import Registry
    from scoring.scores.model_evidence import evidence_by_size

    groups = [
        {
            "slice": "size_class",
            "value": "micro",
            "rows": 900,
            "roc_auc": 0.71,
            "roc_auc_low": 0.66,
            "roc_auc_high": 0.76,
        },
        {"slice": "size_class", "value": "large", "rows": 9, "roc_auc": None},
        {"slice": "street", "value": "x", "rows": 900, "roc_auc": 0.9},
    ]
    known = {"g": ("growth", 3)}
    monkeypatch.setattr("scoring.scores.model_evidence.named", lambda _ledger, digest: known.get(digest))
    monkeypatch.setattr(Registry, "report", lambda _self, target, version: {"by_group": groups, "target": target})
    ranking = dataclasses.replace(committee.ranking, model_versions={"growth": 3}, sources={"growth": "g"})
    found = evidence_by_size(committee.settings, ranking)
    assert [(one.source, one.size_class, one.rows, one.roc_auc) for one in found] == [("growth", "micro", 900, 0.71)]

    def absent(_self: Registry, target: str, version: int) -> dict[str, object]:
        raise Refusal("model-version-unknown", target=target, version=str(version), known=["-"])

    monkeypatch.setattr(Registry, "report", absent)
    assert evidence_by_size(committee.settings, ranking) == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_list_that_models_took_part_in_is_published_with_their_versions(committee: Any, language: str) -> None:
    """Such a ranking, adopted during the round, in every paper: its date, and on the method page its models, their
    digests, verdicts and weights."""
    from scoring.scores.ranking import digest_of, save
    from scoring.selection.directory import select

    learned = dataclasses.replace(
        committee.ranking, as_of=date(2026, 9, 30), mode="blend", weights={"card": 0.7, "growth": 0.3},
        model_versions={"growth": 3}, verdicts={"growth": "strong"}, sources={"growth": "0123456789abcdef0123"},
    )  # fmt: skip
    learned = dataclasses.replace(learned, digest=digest_of(learned))
    save(learned, committee.settings, committee.store, "tests")
    committee.review.adopt_ranking(committee.chair, learned, select(learned, learned.edition))
    committee.signed()
    folder = publish(committee.review, committee.chair, language=language)
    page = (folder / "method.html").read_text(encoding="utf-8")
    assert "0123456789abcdef" in page
    assert json.loads((folder / "manifest.json").read_text())["as_of"] == "2026-09-30"
    assert committee.review.state(committee.chair).as_of == "2026-09-30"
    assert "30%" in page
    assert verify_publication(folder, committee.store) == []


def test_english_files_are_english(committee: Any) -> None:
    committee.signed()
    folder = publish(committee.review, committee.chair, language="en")
    page = re.sub(r"<style>.*?</style>", "", (folder / "list.html").read_text(encoding="utf-8"), flags=re.DOTALL)
    words = re.sub(r"示例E\d\d科技有限公司|软件开发|新泾镇", "", page)
    assert not re.search(r"[一-鿿]", words)
    assert verify_publication(folder, committee.store) == []
