"""Which models exist, which one is champion, and where their files are.

MLflow keeps runs, metrics and files (its database backend; it has no other today). That a version exists, and
that it was promoted, are events in our ledger: MLflow forgets who was champion when an alias moves. Loading needs
the ledger and the files only, so that ranking does not wait for MLflow.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import warnings
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlparse

import pandas as pd

from data.ledger import Event, Ledger
from data.migrations import connect
from data.refusal import Refusal
from data.settings import Settings
from models import artifacts
from models.attempts import Attempts

if TYPE_CHECKING:
    from models.fitted import FittedModel

FOLDER = "model"
EXPERIMENT = "mulu/"
ATTEMPT = "mulu_attempt"
MOVED = " @"


@dataclass(frozen=True)
class Record:
    """What goes to MLflow beside the files: parameters, metrics (numbers only) and tags (who, with what)."""

    parameters: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]


class Registry:
    """The models of one installation."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.ledger = Ledger(connect(settings.database_url))
        self.attempts = Attempts(settings.mlruns)

    def save(self, target: str, files: Mapping[str, bytes], record: Record, actor: str) -> int:
        """Register packed files as the target's next version; give its number.

        The version exists when its ledger event is written, after run and files are complete; whatever stops
        the work before leaves no trace: an interruption clears up at once, after a kill the next registration does.
        Files that are already registered, byte for byte, keep their version.
        """
        digest = artifacts.digest_of(files)
        if (known := self._find(target, digest)) is not None:
            return known
        with _quiet():
            return self._save(target, digest, files, record, actor)

    def _save(self, target: str, digest: str, files: Mapping[str, bytes], record: Record, actor: str) -> int:
        tracking = _tracking(self.settings)
        for dead in self.attempts.dead():
            self._clear(tracking, dead)
        with self.attempts.begun() as attempt:
            staging = self._staging(attempt)
            try:
                run_id, place = tracking.begin(target, record, attempt)
                artifacts.write(files, staging)
                source = tracking.keep(run_id, place, staging)
                if not (local := _local_path(source)) or not local.is_dir():
                    shutil.copytree(staging, self._cache(digest), dirs_exist_ok=True)
                tracking.finish(target, source, run_id)
                told = {"run_id": run_id, "path": self._relative(source), **_summary(files), **_code(record)}
                return self._announce(target, digest, actor, told)
            finally:
                self._clear(tracking, attempt)

    def _clear(self, tracking: _Tracking, attempt: str) -> None:
        """End an attempt: its draft goes, and its run, too, unless a version rests on it."""
        shutil.rmtree(self._staging(attempt), ignore_errors=True)
        kept = {event.payload["run_id"] for event in self.ledger.replay(kind="model_registered")}
        tracking.discard(attempt, kept)
        self.attempts.end(attempt)

    def _staging(self, attempt: str) -> Path:
        return self.settings.mlruns / "staging" / attempt

    def load(self, target: str, which: str | int = "champion") -> FittedModel | None:
        """A version of a target's model: "champion", "latest" or a number; None where nothing is registered.

        Without a champion the latest is given; `standing` says which it was. Refuses an unknown number
        (`model-version-unknown`) and files that are not what was registered (`model-files-changed`).
        """
        event = self._event(target, which)
        if event is None:
            return None
        digest = str(event.payload["digest"])
        return artifacts.unpack(self._folder(event), int(str(event.payload["version"])), digest)

    def standing(self, target: str) -> str:
        """What `load(target)` gives: "champion" (promoted by two people), "latest" (nobody was), or "none"."""
        if self.champion(target) is not None:
            return "champion"
        return "latest" if self._registered(target) else "none"

    def targets(self) -> list[str]:
        """All targets with a registered model, sorted."""
        events = self.ledger.replay(kind="model_registered")
        return sorted({event.subject.removeprefix("model:") for event in events})

    def versions(self, target: str) -> pd.DataFrame:
        """All versions of a target, oldest first.

        Columns: version, champion (bool), verdict, roc_auc, roc_auc_low, roc_auc_high, average_precision,
        digest, data_digest, run_id, actor, registered_at (ISO UTC).
        """
        champion = self.champion(target)
        rows = []
        for event in self._registered(target):
            payload = event.payload
            rows.append(
                {
                    "version": payload["version"],
                    "champion": payload["version"] == champion,
                    **{name: payload[name] for name in _SUMMARY},
                    "digest": payload["digest"],
                    "run_id": payload["run_id"],
                    "actor": event.actor,
                    "registered_at": event.recorded_at,
                }
            )
        columns = ["version", "champion", *_SUMMARY, "digest", "run_id", "actor", "registered_at"]
        return pd.DataFrame(rows, columns=columns)

    def report(self, target: str, version: int | str) -> dict[str, Any]:
        """The report of one version (number, "champion" or "latest"); refuses an unknown one."""
        return dict(json.loads(self.attachment(target, version, "report.json")))

    def attachment(self, target: str, version: int | str, name: str) -> str:
        """One text file of a version, e.g. `card.zh-CN.html`, checked against the manifest."""
        event = self.registered(target, version)
        return artifacts.read_attachment(self._folder(event), name, str(event.payload["digest"]))

    def champion(self, target: str) -> int | None:
        """The version in office: the last one promoted or rolled back to; None where nobody was promoted."""
        for event in reversed(self.ledger.replay(f"model:{target}")):
            if event.kind in ("model_promoted", "model_rolled_back"):
                return int(str(event.payload["version"]))
        return None

    def number(self, target: str, which: str | int) -> int:
        """The number of a version ("champion", "latest" or a number); refuses an unknown one."""
        return int(str(self.registered(target, which).payload["version"]))

    def registered(self, target: str, which: str | int) -> Event:
        """The event that made a version exist: who, when, with which code; refuses an unknown one."""
        event = self._event(target, which)
        if event is None:
            raise Refusal("model-none", target=target, known=self.targets() or ["-"])
        return event

    def _registered(self, target: str) -> list[Event]:
        return self.ledger.replay(f"model:{target}", kind="model_registered")

    def _event(self, target: str, which: str | int) -> Event | None:
        events = self._registered(target)
        if not events:
            return None
        if which == "latest":
            return events[-1]
        wanted = self.champion(target) if which == "champion" else which
        if wanted is None:
            return events[-1]
        for event in events:
            if str(event.payload["version"]) == str(wanted):
                return event
        known = [str(event.payload["version"]) for event in events]
        raise Refusal("model-version-unknown", target=target, version=str(wanted), known=known)

    def _find(self, target: str, digest: str) -> int | None:
        for event in self._registered(target):
            if event.payload["digest"] == digest and self._present(event):
                return int(str(event.payload["version"]))
        return None

    def _present(self, event: Event) -> bool:
        try:
            folder = self._folder(event)
        except Refusal:
            return False
        return (folder / artifacts.MANIFEST).is_file()

    def _announce(self, target: str, digest: str, actor: str, payload: Mapping[str, object]) -> int:
        """Write the event that makes the version exist; another training that was faster takes the number before."""
        subject = f"model:{target}"
        while True:
            if (known := self._find(target, digest)) is not None:
                return known  # the same training, elsewhere and a moment faster
            events = self.ledger.replay(subject)
            version = 1 + sum(event.kind == "model_registered" for event in events)
            last_seen = events[-1].seq if events else 0
            told = {"version": version, "digest": digest, **payload}
            try:
                self.ledger.append(subject, "model_registered", actor, told, last_seen=last_seen)
            except Refusal as refusal:
                if refusal.code != "ledger-stale":
                    raise
                continue
            return version

    def _relative(self, source: str) -> str:
        local = _local_path(source)
        if local is not None and local.is_relative_to(self.settings.mlruns):
            return str(local.relative_to(self.settings.mlruns))
        return source

    def _folder(self, event: Event) -> Path:
        """Where a version's files are, fetched from the MLflow server first if they are not on this machine."""
        path, digest = str(event.payload["path"]), str(event.payload["digest"])
        if not urlparse(path).scheme:  # a server's address may be "mlflow-artifacts:/..."
            return self.settings.mlruns / path
        local = _local_path(path)
        if local is not None and local.is_dir():
            return local
        cached = self._cache(digest)
        if not (cached / artifacts.MANIFEST).is_file():
            with _quiet():
                _tracking(self.settings).fetch(str(event.payload["run_id"]), digest, cached)
        return cached

    def _cache(self, digest: str) -> Path:
        return self.settings.mlruns / "cache" / digest


_SUMMARY = ("verdict", "roc_auc", "roc_auc_low", "roc_auc_high", "average_precision", "data_digest")


def _code(record: Record) -> dict[str, object]:
    return {name: record.tags[name] for name in ("code_revision",) if name in record.tags}


def _summary(files: Mapping[str, bytes]) -> dict[str, object]:
    report = json.loads(files["report.json"])
    metrics = report.get("metrics", {})
    auc, precision = metrics.get("roc_auc", {}), metrics.get("average_precision", {})
    return {
        "verdict": report.get("verdict"),
        "roc_auc": auc.get("value"),
        "roc_auc_low": auc.get("low"),
        "roc_auc_high": auc.get("high"),
        "average_precision": precision.get("value"),
        "data_digest": report.get("data_digest"),
    }


class _Tracking:
    """MLflow, imported at the point of use (it takes a second), told to be quiet and to phone nobody."""

    def __init__(self, settings: Settings) -> None:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
        os.environ.setdefault("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
        settings.mlruns.mkdir(parents=True, exist_ok=True)
        from mlflow.tracking import MlflowClient

        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self.settings = settings
        self.uri = settings.mlflow_tracking_uri
        self.client = MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)

    def begin(self, target: str, record: Record, attempt: str) -> tuple[str, str]:
        """Open a run with the record in it; give its identifier and the address of its files."""
        from mlflow.entities import Metric, Param, RunTag

        run = self.client.create_run(self._experiment(f"{EXPERIMENT}{target}"), tags={ATTEMPT: attempt})
        self.client.log_batch(
            run.info.run_id,
            [Metric(name, float(value), 0, 0) for name, value in record.metrics.items()],
            [Param(name, value[:6000]) for name, value in record.parameters.items()],
            [RunTag(name, value[:5000]) for name, value in record.tags.items()],
        )
        return run.info.run_id, run.info.artifact_uri

    def keep(self, run_id: str, place: str, folder: Path) -> str:
        """Store a folder's files with the run; give their address."""
        self.client.log_artifacts(run_id, str(folder), FOLDER)
        return f"{place}/{FOLDER}"

    def finish(self, target: str, source: str, run_id: str) -> None:
        """Close the run and enter the files in MLflow's own registry, for those who browse there."""
        from mlflow.exceptions import MlflowException

        self.client.set_terminated(run_id)
        try:
            self.client.create_registered_model(_name_in_mlflow(target))
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        self.client.create_model_version(_name_in_mlflow(target), source, run_id)

    def discard(self, attempt: str, kept: AbstractSet[object]) -> None:
        """Remove the run of an attempt that came to no version (is not `kept`), its files and its entry."""
        ours = [one.experiment_id for one in self.client.search_experiments() if one.name.startswith(EXPERIMENT)]
        for run in self.client.search_runs(ours, f"tags.{ATTEMPT} = '{attempt}'") if ours else ():
            run_id = run.info.run_id
            if run_id in kept:
                continue
            for entry in self.client.search_model_versions(f"run_id = '{run_id}'"):
                self.client.delete_model_version(entry.name, entry.version)
            self.client.set_terminated(run_id, "KILLED")
            self.client.delete_run(run_id)
            local = _local_path(run.info.artifact_uri)
            if local and local.is_relative_to(self.settings.mlruns):  # a copied home has the runs of another one
                shutil.rmtree(local.parent, ignore_errors=True)

    def fetch(self, run_id: str, digest: str, target: Path) -> None:
        """Bring a run's files to this machine."""
        arriving = target.parent / f"{digest}.{os.getpid()}"
        arriving.mkdir(parents=True, exist_ok=True)
        try:
            self.client.download_artifacts(run_id, FOLDER, str(arriving))
            shutil.move(arriving / FOLDER, target)
        finally:
            shutil.rmtree(arriving, ignore_errors=True)

    def _experiment(self, name: str) -> str:
        """The experiment of that name, made on first use.

        An MLflow experiment keeps the folder it was made with. Where all that lives here was moved, or restored
        elsewhere from a copy, the next training opens another one, and never writes to the folder of old.
        """
        local = self.uri.startswith("sqlite:")
        place = (self.settings.mlruns / "artifacts").as_uri() if local else None
        with Attempts(self.settings.mlruns).alone():
            known = [one for one in self.client.search_experiments() if one.name.split(MOVED)[0] == name]
            for one in known:
                if place is None or one.artifact_location == place:
                    return str(one.experiment_id)
            full = f"{name}{MOVED}{len(known) + 1}" if known else name
            return str(self.client.create_experiment(full, artifact_location=place))


@contextmanager
def _quiet() -> Iterator[None]:
    """MLflow's imports and queries warn about their own dependencies; nobody here can act on that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _tracking(settings: Settings) -> _Tracking:
    """MLflow ready for use; refuses a database or server that cannot be used (`registry-unreachable`)."""
    try:
        with Attempts(settings.mlruns).alone():
            tracking = _Tracking(settings)
            tracking.client.search_experiments(max_results=1)
    except Exception as error:  # the database's and the network's own errors come through MLflow unchanged
        raise Refusal("registry-unreachable", uri=settings.mlflow_tracking_uri, cause=str(error)[:200]) from error
    return tracking


def _name_in_mlflow(target: str) -> str:
    return "mulu-" + "".join(letter if letter.isalnum() else "-" for letter in target)


def _local_path(uri: str) -> Path | None:
    parsed = urlparse(uri)
    return Path(unquote(parsed.path)) if parsed.scheme in ("file", "") else None
