"""A model on disk: plain text files and a manifest that names each with its SHA-256. No pickle is read or written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from data.refusal import Refusal

if TYPE_CHECKING:
    from models.additive import Additive
    from models.calibration import Calibration
    from models.classifier import Trees
    from models.fitted import Bag, FittedModel, Verdict

FORMAT = 2
"""Before 2 a manifest named no features' meanings: such a model is read, and no catalogue agrees with it."""
MANIFEST = "manifest.json"
PROFILE = "profile.json"
"""The attachment that says what training looked like (`drift.profile`)."""


def pack(
    *,
    target: str,
    meanings: Mapping[str, str],
    verdict: Verdict,
    base_log_odds: float,
    bag: Bag,
    calibration: Calibration,
    report: Mapping[str, object],
    attachments: Mapping[str, str],
) -> dict[str, bytes]:
    """The files of a model by name, `manifest.json` among them. The same model gives the same bytes.

    `meanings` maps the features it was taught to the digests of their definitions (`Catalogue.meanings`);
    `attachments` are further texts by file name (model cards, pictures). The model's digest is the SHA-256 of
    the manifest, which covers every other file.
    """
    files: dict[str, bytes] = {name: text.encode() for name, text in attachments.items()}
    if bag.trees is not None:
        files["encoding.json"] = _json(bag.trees.encoding.as_dict())
        for number, text in enumerate(bag.trees.texts()):
            files[f"member-{number:03d}.txt"] = text.encode()
    if bag.additive:
        files["regression.json"] = _json([member.as_dict() for member in bag.additive])
    files["calibration.json"] = _json(calibration.as_dict())
    files["report.json"] = _json(report)
    files[MANIFEST] = _json(
        {
            "format": FORMAT,
            "target": target,
            "meanings": dict(meanings),
            "verdict": verdict,
            "base_log_odds": base_log_odds,
            "share": bag.share,
            "files": {name: _sha256(content) for name, content in sorted(files.items())},
        }
    )
    return files


def digest_of(files: Mapping[str, bytes]) -> str:
    """A packed model's digest."""
    return _sha256(files[MANIFEST])


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write packed files into a folder, the manifest last."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(files, key=lambda name: (name == MANIFEST, name)):
        (folder / name).write_bytes(files[name])


def unpack(folder: Path, version: int, digest: str) -> FittedModel:
    """The model in a folder, after every byte was checked against its digest.

    Refuses a folder without manifest (`model-files-missing`), a changed, missing or added file
    (`model-files-changed`) and a newer format (`model-format-newer`).
    """
    from models.additive import Additive  # who asks which versions there are does not wait for the learner
    from models.calibration import Calibration
    from models.classifier import Encoding, Trees
    from models.fitted import Bag, FittedModel

    files = _checked(folder, digest)
    manifest = json.loads(files[MANIFEST])
    if manifest["format"] > FORMAT:
        raise Refusal("model-format-newer", found=manifest["format"], known=FORMAT)
    trees: Trees | None = None
    additive: tuple[Additive, ...] = ()
    if "encoding.json" in files:
        texts = [files[name].decode() for name in sorted(files) if name.startswith("member-")]
        trees = Trees.from_texts(Encoding.from_dict(json.loads(files["encoding.json"])), texts)
    if "regression.json" in files:
        additive = tuple(Additive.from_dict(member) for member in json.loads(files["regression.json"]))
    return FittedModel(
        target=manifest["target"],
        version=version,
        digest=digest,
        meanings=manifest.get("meanings", {}),
        verdict=cast("Verdict", manifest["verdict"]),
        base_log_odds=manifest["base_log_odds"],
        bag=Bag(trees, additive, manifest["share"]),
        calibration=Calibration.from_dict(json.loads(files["calibration.json"])),
        report=json.loads(files["report.json"]),
        profile=json.loads(files.get(PROFILE, b"{}")),
    )


def read_attachment(folder: Path, name: str, digest: str) -> str:
    """One text of a model's folder, checked; refuses as `unpack` does."""
    files = _checked(folder, digest)
    if name not in files:
        raise Refusal("model-files-missing", path=str(folder / name))
    return files[name].decode()


def _checked(folder: Path, digest: str) -> dict[str, bytes]:
    manifest_path = folder / MANIFEST
    if not manifest_path.is_file():
        raise Refusal("model-files-missing", path=str(manifest_path))
    content = manifest_path.read_bytes()
    if _sha256(content) != digest:
        raise Refusal("model-files-changed", path=str(manifest_path))
    expected: dict[str, str] = json.loads(content)["files"]
    present = {path.name for path in folder.iterdir() if path.name != MANIFEST}
    if present - set(expected):
        raise Refusal("model-files-changed", path=str(folder / min(present - set(expected))))
    files = {MANIFEST: content}
    for name, sha256 in expected.items():
        path = folder / name
        if not path.is_file():
            raise Refusal("model-files-missing", path=str(path))
        files[name] = path.read_bytes()
        if _sha256(files[name]) != sha256:
            raise Refusal("model-files-changed", path=str(path))
    return files


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False).encode()
