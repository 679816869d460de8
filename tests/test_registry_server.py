"""The registry on an MLflow server: one machine registers, another promotes, fetches, loads and rolls back."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from data.refusal import Refusal
from data.settings import Settings
from models import artifacts, promotion
from models.registry import Registry
from tests.test_registry import RECORD, frame, packed

LONGEST_START = 180.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`mlflow server` with a SQLite backend on this machine; its address."""
    home = tmp_path_factory.mktemp("server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--backend-store-uri", f"sqlite:///{home / 'server.db'}", "--artifacts-destination", str(home / "kept"),
    ]  # fmt: skip
    environment = os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"}
    with (home / "log").open("w") as log:
        running = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        began = time.monotonic()
        while True:
            try:
                with urlopen(f"{address}/health", timeout=5) as answer:  # noqa: S310 (our own address)
                    assert answer.status == 200
                break
            except (URLError, ConnectionError, TimeoutError):
                assert running.poll() is None, (home / "log").read_text()
                assert time.monotonic() - began < LONGEST_START
                time.sleep(0.2)
        yield address
    finally:
        os.killpg(running.pid, 15)
        running.wait(30)


def machine(home: Path, server: str, database: Path) -> Settings:
    """One of several machines of an office: a folder of its own, one database and one MLflow server for all."""
    return Settings(home=home, mlflow_tracking_uri=server, database_url=f"sqlite:///{database}")


def test_a_version_goes_through_the_server_to_another_machine_and_back(
    server: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "office.db"
    there, here = machine(tmp_path / "there", server, database), machine(tmp_path / "here", server, database)
    trainer = Registry(there)
    assert trainer.save("listing", packed(1, area=0.7), RECORD, "ana") == 1
    assert trainer.save("listing", packed(9), RECORD, "ana") == 2
    assert trainer.save("listing", packed(9), RECORD, "ben") == 2  # the same bytes are the same version

    promotion.propose(trainer, "listing", 2, "ana", "ranks better")
    ranker = Registry(here)
    promotion.confirm(ranker, "listing", 2, "ben")
    model = ranker.load("listing")
    assert model is not None
    assert (model.version, model.digest) == (2, artifacts.digest_of(packed(9)))
    theirs = trainer.load("listing", 2)
    assert theirs is not None
    assert (model.log_odds(frame()[0]) == theirs.log_odds(frame()[0])).all()
    assert not (here.home / "mlruns" / "artifacts").exists()  # it came over the wire

    promotion.propose(ranker, "listing", 1, "ben", "for comparison")
    promotion.confirm(trainer, "listing", 1, "ana")
    promotion.roll_back(ranker, "listing", "ben", "the other was better")
    assert trainer.champion("listing") == ranker.champion("listing") == 2
    assert ranker.attachment("listing", 1, "note.txt") == "a note"

    assert capfd.readouterr().out == ""  # MLflow prints nothing into a command's answer

    folder = here.mlruns / "cache" / model.digest
    (folder / "member-000.txt").write_bytes((folder / "member-000.txt").read_bytes() + b" ")
    with pytest.raises(Refusal, match="model-files-changed"):
        Registry(here).load("listing")


def test_a_registration_that_fails_leaves_nothing_on_the_server(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.registry import _quiet, _tracking

    settings = machine(tmp_path / "home", server, tmp_path / "office.db")

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Registry, "_announce", interrupted)
        with pytest.raises(KeyboardInterrupt):
            Registry(settings).save("growth", packed(), RECORD, "ana")
    assert Registry(settings).versions("growth").empty
    with _quiet():
        client = _tracking(settings).client
        found = client.get_experiment_by_name("mulu/growth")
        assert found is not None
        assert list(client.search_runs([found.experiment_id])) == []
        assert list(client.search_model_versions("name = 'mulu-growth'")) == []


def test_a_server_that_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(home=tmp_path, mlflow_tracking_uri=f"http://127.0.0.1:{port}")
    with pytest.raises(Refusal) as refusal:
        Registry(settings).save("listing", packed(), RECORD, "ana")
    assert refusal.value.code == "registry-unreachable"
    assert Registry(settings).versions("listing").empty
