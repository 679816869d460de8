"""Compiling loops to machine code, kept on disk where there is a place for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(function: Loop) -> Loop:
    """The function as machine code that lets other threads run, compiled at its first call.

    What was compiled is kept beside the source or in the user's cache, so that only the first process on a machine
    waits. Where neither can be written (a read-only image without a home), every process compiles for itself.
    """
    loop: Any
    try:
        loop = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba's word for "no place for a cache"
        loop = numba.njit(nogil=True)(function)
    return cast(Loop, loop)
