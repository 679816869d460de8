"""What a person has seen before: the number of the newest event at the end of the last visit, kept in a cookie.

A visit ends when the overview has not been opened for half an hour: what is new stays new while one reads an
enterprise and comes back, or refreshes the page. Each person has a cookie, since colleagues may share a browser.
"""

from __future__ import annotations

from hashlib import sha256

PAUSE = 30
"""Minutes after which the next look is another visit."""


def cookie_of(person: str) -> str:
    """The name of a person's cookie; it does not tell who it is."""
    return f"mulu_seen_{sha256(person.encode()).hexdigest()[:12]}"


def seen_before(told: str, newest: int, minute: int) -> tuple[int, str]:
    """The newest event seen on the visit before this one (0: there was none), and what to keep in the cookie.

    `told` is what the cookie says, `newest` the newest event now, `minute` the time (minutes since 1970). A cookie
    that is not ours counts as none.

    >>> seen_before("", 40, 1000)
    (0, '0.40.1000')
    >>> seen_before("0.40.1000", 42, 1010)
    (0, '0.42.1010')
    >>> seen_before("0.42.1010", 50, 1100)
    (42, '42.50.1100')
    """
    parts = told.split(".")
    before, last, when = map(int, parts) if len(parts) == 3 and all(map(str.isdecimal, parts)) else (0, 0, minute)
    base = last if minute - when > PAUSE else before
    return base, f"{base}.{newest}.{minute}"
