"""The registry: files to the byte, no pickle, two people for a promotion, versions that stay."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.refusal import Refusal
from data.settings import Settings
from models import artifacts, promotion
from models.calibration import Calibration
from models.classifier import Encoding, Recipe, Trees, grow
from models.fitted import Bag
from models.registry import Record, Registry

RECORD = Record({"seed": "1"}, {"metrics.roc_auc": 0.8}, {"actor": "ana"})


def frame() -> tuple[pd.DataFrame, np.ndarray]:
    generator = np.random.default_rng(0)
    features = pd.DataFrame(generator.normal(size=(300, 3)), columns=["a", "b", "c"])
    return features, (features.a + generator.normal(size=300) > 0).astype(float).to_numpy()


def packed(seed: int = 1, verdict: str = "strong", area: float = 0.8) -> dict[str, bytes]:
    features, labels = frame()
    encoding = Encoding.of(features)
    boosters = [grow(encoding.matrix(features), labels, encoding, Recipe(trees=10), seed + i) for i in range(2)]
    figure = {"value": area, "low": area - 0.1, "high": area + 0.1}
    report = {
        "verdict": verdict, "metrics": {"roc_auc": figure}, "data_digest": "d", "candidate": "trees",
        "validation": "temporal", "rows": 300, "positives": 150,
    }  # fmt: skip
    return artifacts.pack(
        target="listing", meanings={"a": "f"}, verdict=verdict, base_log_odds=0.0,  # type: ignore[arg-type]
        bag=Bag(Trees(encoding, boosters)), calibration=Calibration("platt", (1.0,), (0.0,)), report=report,
        attachments={"note.txt": "a note"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two versions of a model: the first weaker."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    registry = Registry(settings)
    assert registry.load("listing") is None
    assert registry.standing("listing") == "none"
    assert registry.save("listing", packed(1, area=0.7), RECORD, "ana") == 1
    assert registry.save("listing", packed(9), RECORD, "ana") == 2
    return settings


def test_the_same_files_keep_their_version(home: Settings) -> None:
    assert Registry(home).save("listing", packed(9), RECORD, "ben") == 2
    assert Registry(home).versions("listing").version.tolist() == [1, 2]


def test_a_version_is_loaded_as_it_was_saved(home: Settings) -> None:
    model = Registry(home).load("listing", 1)
    assert model is not None
    again = artifacts.pack(
        target="listing", meanings={"a": "f"}, verdict="strong", base_log_odds=0.0, bag=model.bag,
        calibration=model.calibration, report=model.report, attachments={"note.txt": "a note"},
    )  # fmt: skip
    assert artifacts.digest_of(again) == model.digest
    assert Registry(home).attachment("listing", 1, "note.txt") == "a note"


def test_an_unknown_version_is_refused_with_the_known(home: Settings) -> None:
    with pytest.raises(Refusal) as refusal:
        Registry(home).load("listing", 7)
    assert refusal.value.code == "model-version-unknown"
    assert refusal.value.values["known"] == ["1", "2"]


def test_promotion_takes_two_people_and_can_be_taken_back(tmp_path: Path) -> None:
    registry = Registry(Settings(home=tmp_path))
    for seed, area in ((1, 0.7), (9, 0.8)):
        registry.save("listing", packed(seed, area=area), RECORD, "ana")

    def refused(code: str, act: object, *arguments: object) -> None:
        with pytest.raises(Refusal) as refusal:
            act(registry, "listing", *arguments)  # type: ignore[operator]
        assert refusal.value.code == code

    refused("promotion-not-proposed", promotion.confirm, 1, "ben")
    refused("promotion-reason-missing", promotion.propose, 1, "ana", "  ")
    promotion.propose(registry, "listing", 1, "ana", "first in service")
    refused("promotion-same-person", promotion.confirm, 1, "ana")
    promotion.confirm(registry, "listing", 1, "ben")
    assert (registry.champion("listing"), registry.standing("listing")) == (1, "champion")
    refused("promotion-already", promotion.propose, 1, "ana", "again")
    refused("rollback-none", promotion.roll_back, "ana", "worse")

    event = promotion.propose(registry, "listing", 2, "ben", "ranks better")
    compared = {row["figure"]: row for row in event.payload["compared"]}  # type: ignore[attr-defined]
    assert (compared["roc_auc"]["champion"], compared["roc_auc"]["challenger"]) == (0.7, 0.8)
    promotion.confirm(registry, "listing", 2, "ana")
    loaded = registry.load("listing")
    assert loaded is not None
    assert loaded.version == 2
    refused("promotion-reason-missing", promotion.roll_back, "ana", "")
    promotion.roll_back(registry, "listing", "ana", "small enterprises vanished from the list")
    assert registry.champion("listing") == 1
    assert registry.ledger.verify() == []


def test_a_proposal_is_stale_when_the_champion_changed(tmp_path: Path) -> None:
    registry = Registry(Settings(home=tmp_path))
    for seed in (1, 9):
        registry.save("listing", packed(seed), RECORD, "ana")
    promotion.propose(registry, "listing", 1, "ana", "one")
    promotion.propose(registry, "listing", 2, "ana", "two")
    promotion.confirm(registry, "listing", 2, "ben")
    with pytest.raises(Refusal) as refusal:
        promotion.confirm(registry, "listing", 1, "ben")
    assert refusal.value.code == "promotion-stale"


def test_little_signal_cannot_become_champion(tmp_path: Path) -> None:
    registry = Registry(Settings(home=tmp_path))
    registry.save("listing", packed(verdict="little"), RECORD, "ana")
    with pytest.raises(Refusal) as refusal:
        promotion.propose(registry, "listing", 1, "ana", "but it is new")
    assert refusal.value.code == "promotion-little"


@pytest.mark.parametrize(
    "file", ["member-001.txt", "report.json", "manifest.json", "calibration.json", "encoding.json"]
)
def test_a_changed_byte_is_refused(file: str, tmp_path: Path) -> None:
    files = packed()
    artifacts.write(files, tmp_path)
    digest = artifacts.digest_of(files)
    assert artifacts.unpack(tmp_path, 1, digest).target == "listing"
    content = bytearray((tmp_path / file).read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / file).write_bytes(content)
    with pytest.raises(Refusal) as refusal:
        artifacts.unpack(tmp_path, 1, digest)
    assert refusal.value.code == "model-files-changed"


def test_added_and_missing_files_are_refused(tmp_path: Path) -> None:
    files = packed()
    artifacts.write(files, tmp_path)
    (tmp_path / "extra.txt").write_text("?")
    with pytest.raises(Refusal) as refusal:
        artifacts.unpack(tmp_path, 1, artifacts.digest_of(files))
    assert refusal.value.code == "model-files-changed"
    (tmp_path / "extra.txt").unlink()
    (tmp_path / "member-000.txt").unlink()
    with pytest.raises(Refusal) as refusal:
        artifacts.unpack(tmp_path, 1, artifacts.digest_of(files))
    assert refusal.value.code == "model-files-missing"


def test_nothing_stored_is_a_pickle_and_loading_needs_no_mlflow(home: Settings) -> None:
    for path in home.mlruns.rglob("*"):
        if path.is_file() and path.suffix not in (".db", ""):
            assert path.suffix in (".txt", ".json", ".yaml"), path
            assert not path.read_bytes().startswith(b"\x80"), path
    code = (
        "import pickle, sys\n"
        "def never(*_a, **_k): raise SystemExit('a pickle was read')\n"
        "from data.settings import Settings\n"
        "from models.registry import Registry\n"
        "from pathlib import Path\n"
        "pickle.load = pickle.loads = pickle.Unpickler = never\n"
        f"model = Registry(Settings(home=Path({str(home.home)!r}))).load('listing')\n"
        "assert model.version == 2 and 'mlflow' not in sys.modules\n"
    )
    environment = {"MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_mlflow_holds_the_run_and_its_files(home: Settings) -> None:
    from models.registry import _quiet, _tracking

    with _quiet():
        tracking = _tracking(home)
        run_id = str(Registry(home).versions("listing").run_id.iloc[0])
        run = tracking.client.get_run(run_id)
        assert run.info.status == "FINISHED"
        assert run.data.metrics["metrics.roc_auc"] == 0.8
        assert run.data.tags["actor"] == "ana"
        kept = {entry.path for entry in tracking.client.list_artifacts(run_id, "model")}
        assert "model/manifest.json" in kept
        target = home.mlruns / "fetched" / "there"
        tracking.fetch(run_id, "x", target)
    digest = str(Registry(home).versions("listing").digest.iloc[0])
    assert artifacts.unpack(target, 1, digest).version == 1


def test_a_home_restored_elsewhere_goes_on_without_touching_the_old_one(home: Settings, tmp_path: Path) -> None:
    shutil.copytree(home.home, tmp_path / "restored")
    (home.mlruns / "attempts" / "dead").touch()  # as a killed training leaves it, in both
    (tmp_path / "restored" / "mlruns" / "attempts" / "dead").touch()
    before = sorted(path for path in home.home.rglob("*") if path.is_file())
    for seed in (21, 22):
        registry = Registry(Settings(home=tmp_path / "restored"))
        version = registry.save("listing", packed(seed), RECORD, "ana")
        model = registry.load("listing", version)
        assert model is not None
        assert model.digest == artifacts.digest_of(packed(seed))
    assert registry.versions("listing").version.tolist() == [1, 2, 3, 4]
    assert all(registry.load("listing", version) for version in (1, 2))
    assert sorted(path for path in home.home.rglob("*") if path.is_file()) == before
    (home.mlruns / "attempts" / "dead").unlink()


def test_a_database_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    settings = Settings(home=tmp_path / "home", mlflow_tracking_uri=f"sqlite:///{blocked}/mlflow.db")
    with pytest.raises(Refusal) as refusal:
        Registry(settings).save("listing", packed(), RECORD, "ana")
    assert refusal.value.code == "registry-unreachable"
