"""The files of a publication beside the list itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.directory import Selection
from scoring.review import SignedList


def folder_files(signed: SignedList, selection: Selection, head: Mapping[str, Any], language: str) -> dict[str, bytes]:
    """Every further file by its name in the folder. `head` is the manifest without its list of files."""
    return {}
