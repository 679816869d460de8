"""What a training stood on: libraries, revision of the code, and numbers rounded to be the same anywhere."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from data.settings import PROJECT

LIBRARIES = ("lightgbm", "numpy", "pandas", "scikit-learn", "scipy")
DIGITS = 10


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """The installed versions of the libraries that decide what is learned."""
    return {name: version(name) for name in LIBRARIES}


@lru_cache(maxsize=1)
def revision() -> str:
    """The commit the code stands at, with `+` where files differ from it; "unknown" outside a checkout."""
    try:
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=PROJECT, capture_output=True, text=True, check=True, timeout=10
        )
        changed = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=no"],
            cwd=PROJECT, capture_output=True, text=True, check=True, timeout=10,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        try:
            return f"version {version('mulu')}"
        except PackageNotFoundError:
            return "unknown"
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")


def rounded(value: object) -> object:
    """The same value in types that JSON has: numbers to ten digits after the point, NaN and infinity None."""
    if isinstance(value, Mapping):
        return {str(key): rounded(inner) for key, inner in value.items()}
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        return [rounded(row) for row in value.to_dict("records")]
    if isinstance(value, (list, tuple, set, frozenset)):
        return [rounded(inner) for inner in value]
    if hasattr(value, "as_dict"):
        return rounded(value.as_dict())
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        return rounded(value.item())
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0 if math.isfinite(value) else None
    if value is None or isinstance(value, (str, int, bool)):
        return value
    return str(value)


def report_of(found: Mapping[str, object]) -> dict[str, Any]:
    """A report as it is stored: `rounded`."""
    return {str(key): rounded(value) for key, value in found.items()}


def parameters(report: Mapping[str, Any]) -> dict[str, str]:
    """The report's settings as MLflow parameters."""
    plain = ("target", "seed", "bag", "trials", "group_by", "validation", "candidate")
    found = {name: str(report[name]) for name in plain}
    found.update({f"recipe_{name}": str(value) for name, value in report["recipe"].items()})
    found["dates"] = ",".join(report["dates"])
    return found


def numbers(report: Mapping[str, Any]) -> dict[str, float]:
    """The report's figures as MLflow metrics: value, low and high of each, baselines, verdict's gains."""
    found: dict[str, float] = {"rows": report["rows"], "positives": report["positives"]}
    for group in ("metrics", "follow"):
        for name, figure in report[group].items():
            for part, value in figure.items():
                if value is not None:
                    found[f"{group}.{name}" + ("" if part == "value" else f".{part}")] = float(value)
    for name, baseline in report["baselines"].items():
        value = baseline["roc_auc"]["value"]
        if value is not None:
            found[f"baseline.{name}.roc_auc"] = float(value)
    return found


def tags(actor: str, report: Mapping[str, Any]) -> dict[str, str]:
    """Who trained, on which data, with which code."""
    return {
        "actor": actor,
        "verdict": str(report["verdict"]),
        "data_digest": str(report["data_digest"]),
        "catalogue_fingerprint": str(report["catalogue_fingerprint"]),
        "code_revision": revision(),
        **{f"version.{name}": found for name, found in versions().items()},
    }
