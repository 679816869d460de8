"""Evidence that people attach: a file kept under its hash, outside of anything that is served.

The type is told from the file's first bytes, not from its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from data.refusal import Refusal
from data.settings import Settings

MOST_BYTES = 10 * 1024 * 1024

_BEGINNINGS = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
}
ACCEPTED = (*_BEGINNINGS, ".txt")


def keep_evidence(settings: Settings, name: str, content: bytes) -> dict[str, object]:
    """Keep a file and give what an event carries of it: name, sha256, bytes (size), type.

    Refuses an empty file, one above 10 MiB (`evidence-too-large`), and one whose content is not what its name says
    (`evidence-type`); text must be UTF-8.
    """
    suffix = Path(name).suffix.lower()
    if not content:
        raise Refusal("evidence-empty", file=name)
    if len(content) > MOST_BYTES:
        raise Refusal("evidence-too-large", file=name, bytes=len(content), most=MOST_BYTES)
    if not _is(suffix, content):
        raise Refusal("evidence-type", file=name, accepted=list(ACCEPTED))
    digest = hashlib.sha256(content).hexdigest()
    path = evidence_path(settings, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.replace(path)
    # Only the last part of the name is kept: a path would say more about the sender's machine than about the file.
    plain = Path(name.replace("\\", "/")).name[:120]
    return {"name": plain, "sha256": digest, "bytes": len(content), "type": suffix.removeprefix(".")}


def keep_file(settings: Settings, path: Path) -> dict[str, object]:
    """Keep a file from disk; refuses one that is not there (`evidence-file-missing`). See `keep_evidence`."""
    if not path.is_file():
        raise Refusal("evidence-file-missing", path=str(path))
    if path.stat().st_size > MOST_BYTES:
        raise Refusal("evidence-too-large", file=path.name, bytes=path.stat().st_size, most=MOST_BYTES)
    return keep_evidence(settings, path.name, path.read_bytes())


def evidence_path(settings: Settings, sha256: str) -> Path:
    """Where a kept file lies; refuses what is not a hash, so that no path can be smuggled in."""
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise Refusal("evidence-unknown", sha256=sha256[:64])
    return settings.home / "evidence" / sha256[:2] / sha256


def check_evidence(settings: Settings, told: Mapping[str, object]) -> Mapping[str, object]:
    """The same evidence if its file is there and unchanged; else refuses (`evidence-unknown`, `evidence-changed`)."""
    path = evidence_path(settings, str(told.get("sha256", "")))
    if not path.is_file():
        raise Refusal("evidence-unknown", sha256=path.name)
    if hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
        raise Refusal("evidence-changed", sha256=path.name)
    return {name: told[name] for name in ("name", "sha256", "bytes", "type") if name in told}


def _is(suffix: str, content: bytes) -> bool:
    if suffix == ".txt":
        try:
            return "\x00" not in content.decode("utf-8")
        except UnicodeDecodeError:
            return False
    return content.startswith(_BEGINNINGS.get(suffix, ())) if suffix in _BEGINNINGS else False
