"""Files written for the tests of the intake, and how its answer is looked at."""

from __future__ import annotations

from pathlib import Path

from data.findings import Finding
from data.intake import Intake, take_in
from data.store import Store

A, B, C = "91310000132260250X", "914403001922038216", "91440300708461136T"
NAMES = {A: "甲有限公司", B: "乙有限公司", C: "丙有限公司"}
FOLDER = Path(__file__).parent / "files"


def write(tmp_path: Path, text: str, name: str = "年报.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def mapping(tmp_path: Path, text: str, name: str = "mapping.yaml") -> Path:
    path = tmp_path / name
    path.write_text(f"mulu_mapping: 1\n{text}", encoding="utf-8")
    return path


def take(store: Store, path: Path, **more: object) -> Intake:
    return take_in(store, path, actor="tests", **more)  # type: ignore[arg-type]


def told(result: Intake, severity: str = "") -> list[tuple[str, int, str]]:
    return [(f.code, f.row, f.column) for f in result.findings if severity in ("", f.severity)]


def only(result: Intake, code: str) -> Finding:
    (found,) = [finding for finding in result.findings if finding.code == code]
    return found


def accounted(result: Intake) -> bool:
    return result.rows == result.accepted + result.rejected + result.repeated + result.set_aside


HEAD = "统一社会信用代码,企业名称,年份,营业收入(万元),从业人数"
SOUND = f'{HEAD}\n{A},甲有限公司,2024,"3,000",120\n{B},乙有限公司,2024,45.5,3\n'
