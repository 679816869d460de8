"""A refusal looked at by its code."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from data.refusal import Refusal


def refused(code: str, act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    assert caught.value.code == code, caught.value
    return caught.value
