"""Credit codes: both check digits, what is put right and told, and what is refused with its reason."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from data.identity import (
    ALPHABET,
    body_of,
    check_digits,
    code_problem,
    normalise_code,
    normalise_name,
    read_codes,
    read_opaque,
)

# codes printed in public reports and in tests of public programs
REAL = [
    "914403001922038216", "9144030071526726XG", "91440300708461136T", "91330100799655058B", "91110000802100433B",
    "91110108551385082Q", "9152000071430580XT", "91440300192317458F", "91310000132260250X", "91350900587527783P",
    "91440606722473344C", "91440400192548256N", "911100001000044477", "91310105134638405A", "91310105MA1FWGXX08",
    "91110000600037341L", "121200004013590816", "123502001549897397", "92340602MA2PBMEM24", "91350100M000100Y43",
]  # fmt: skip


@pytest.mark.parametrize("code", REAL)
def test_real_codes_hold(code: str) -> None:
    assert code_problem(code) == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("91310000132260250Y", "code-check-character"),
        ("91310000132260520X", "code-check-character"),  # two digits exchanged
        ("9131000013226025OX", "code-alphabet"),  # the letter O
        ("91310000132260250", "code-length"),
        ("91310000132260250X0", "code-length"),
        ("310105000123456", "code-old-registration"),
        ("132260250", "code-organisation-only"),
        ("13226025-0", "code-organisation-only"),
        # the last character fits, the organisation code 13463840T does not: its check digit is 5
        ("91310105134638400T", "code-organisation-check"),
        ("9.1310000132260E+17", "code-scientific"),
        ("某公司", "code-length"),
    ],
)
def test_what_is_no_code_says_why(text: str, problem: str) -> None:
    assert code_problem(text) == problem


@pytest.mark.parametrize(
    "text",
    [
        "91310000132260250x",
        "９１３１００００１３２２６０２５０Ｘ",
        "'91310000132260250X",
        "91310000132260250X\t",
        "913100001322 60250X",
    ],
)
def test_what_is_put_right_is_told(text: str) -> None:
    read = read_codes(pa.array([text, "914403001922038216"]))
    assert read.values.to_pylist() == ["91310000132260250X", "914403001922038216"]
    if text.strip() == "91310000132260250X":
        assert read.told == []  # blanks around a cell are no repair
    else:
        assert [(one.code, one.severity, one.positions.tolist()) for one in read.told] == [
            ("code-repaired", "note", [0])
        ]


def test_a_column_keeps_the_sound_and_tells_the_rest() -> None:
    read = read_codes(pa.array([REAL[0], None, "91310000132260250Y", "310105000123456", "", REAL[1].lower()]))
    assert read.values.to_pylist() == [REAL[0], None, None, None, None, REAL[1]]
    told = {one.code: (one.severity, one.positions.tolist()) for one in read.told}
    assert told == {
        "code-missing": ("error", [1, 4]),
        "code-check-character": ("error", [2]),
        "code-old-registration": ("error", [3]),
        "code-repaired": ("note", [5]),
    }


@hypothesis_settings(max_examples=80, deadline=None)
@given(code=st.sampled_from(REAL), place=st.integers(0, 17), letter=st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(code: str, place: int, letter: str) -> None:
    changed = code[:place] + letter + code[place + 1 :]
    assert (code_problem(changed) == "") == (changed == code)


@hypothesis_settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=24) | st.sampled_from(REAL), max_size=30))
def test_a_column_agrees_with_one_at_a_time(cells: list[str]) -> None:
    values = read_codes(pa.array(cells, pa.string())).values.to_pylist()
    assert values == [normalise_code(c) if not code_problem(normalise_code(c)) else None for c in cells]


def test_check_digits_by_hand() -> None:
    # 91310000132260250X: organisation code 13226025 with weights 3 7 9 10 5 8 4 2 gives 3+21+18+20+30+0+8+10 = 110,
    # 110 mod 11 = 0, 11 - 0 = 11, which is written 0
    codes = np.frombuffer(b"91310000132260250X", np.uint8).reshape(1, 18)
    assert [part.tolist() for part in check_digits(codes)] == [[True], [True]]


@pytest.mark.parametrize(
    ("code", "body"),
    [("91", "enterprise"), ("92", "individual_business"), ("93", "cooperative"), ("12", "public_institution"),
     ("11", "other"), ("51", "social_body"), ("52", "social_body"), ("N2", "other")],
)  # fmt: skip
def test_bodies_by_their_class(code: str, body: str) -> None:
    assert body_of(code) == body


def test_opaque_identifiers_are_any_text() -> None:
    read = read_opaque(pa.array([" 000001 ", None, "", "3COM CORP", "x" * 201]))
    assert read.values.to_pylist() == ["000001", None, None, "3COM CORP", None]
    assert {one.code: one.positions.tolist() for one in read.told} == {"code-missing": [1, 2], "code-too-long": [4]}


def test_names_compare_without_blanks_and_width() -> None:
    assert normalise_name(" 上海 某某(集团)有限公司 ") == "上海某某(集团)有限公司"
    assert normalise_name("上海某某(集團)有限公司") != "上海某某(集团)有限公司"  # another script is asked, not equated
