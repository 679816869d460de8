"""Loops are compiled, whether or not there is a place to keep what was compiled."""

from __future__ import annotations

from types import FunctionType

import numpy as np

from models.compiling import compiled


def total(numbers: np.ndarray) -> float:
    found = 0.0
    for number in numbers:
        found += number
    return found


def test_a_loop_gives_what_python_gives() -> None:
    assert compiled(total)(np.array([0.1, 0.2, 0.3])) == total(np.array([0.1, 0.2, 0.3]))


def test_a_function_without_a_file_is_compiled_for_this_process() -> None:
    # no file, so no place for a cache beside it: numba refuses to cache such a function
    code = compile("def double(x):\n    return 2 * x\n", "<nowhere>", "exec").co_consts[0]
    assert compiled(FunctionType(code, {}))(21) == 42
