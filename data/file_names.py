"""Names of files as people read them, whatever system wrote them."""

from __future__ import annotations


def readable(path: str) -> str:
    r"""A path with the names in it that an archive brought in GBK, as they were meant; bytes of neither as `\x..`.

    >>> readable("2023/" + b"\xc4\xea\xb1\xa8.csv".decode("utf-8", "surrogateescape"))
    '2023/年报.csv'
    """
    return "/".join(_decoded(name) for name in path.split("/"))


def _decoded(name: str) -> str:
    received = name.encode("utf-8", "surrogateescape")
    try:
        return received.decode()
    except UnicodeDecodeError:
        return received.decode("gb18030", "backslashreplace")
