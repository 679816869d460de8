"""The demonstration, from nothing to an open round, as the command makes it; and what it refuses to touch."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from docx import Document

from data.accounts import ROLES, Accounts
from data.refusal import Refusal
from data.settings import Settings
from data.store import Source, Store
from data.synthetic import is_demo, mark_demo
from models.registry import Registry
from scoring.cli.serving import free_port
from scoring.committee.round_acts import current_round
from scoring.demo import STEPS, walk
from scoring.demo_home import standing, wipe
from scoring.messages import LANGUAGES, explain, say
from scoring.publishing.notice import notice
from scoring.publishing.pages import page
from scoring.scores.ranking import load_ranking

MULU = Path(sys.executable).with_name("mulu")


def mulu(home: Path, *arguments: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"MULU_HOME": str(home), "MULU_LANGUAGE": language}
    return subprocess.run([MULU, *arguments], env=environment, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Made:
    """A demonstration made by the command, and what the command answered."""

    settings: Settings
    store: Store
    told: dict[str, Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    home = tmp_path_factory.mktemp("demo")
    done = mulu(home, "demo", "--no-serve", "--enterprises", "300", "--format", "json")
    assert done.returncode == 0, done.stderr
    settings = Settings(home=home)
    return Made(settings, Store(settings), json.loads(done.stdout))


def test_the_whole_year_is_walked(made: Made) -> None:
    told = made.told
    assert list(told["seconds"]) == list(STEPS)
    assert told["synthetic"] is True
    assert set(told["models"]) == {"growth", "listing"}
    assert {model["verdict"] for model in told["models"].values()} <= {"strong", "some", "little"}
    assert told["as_of"] == "2026-06-30"
    assert (told["held"], told["refused"]) == ("年报2025补充(未注明单位).csv", "财务状况(联网直报).csv")
    assert told["refusal"] == "intake-statistical-return"
    assert told["rejected"] >= 11  # six codes with a wrong check character and five shifted rows, at the least
    ranking = load_ranking(made.settings, "latest")
    assert (ranking.digest, len(ranking.frame)) == (told["ranking"], told["ranked"])
    assert 0 < told["listed"] <= 200
    assert current_round(made.store) == told["round_id"]


def test_the_card_competes_with_each_model_and_figures_are_broken_down_by_track(made: Made) -> None:
    registry = Registry(made.settings)
    for target in ("growth", "listing"):
        report = registry.report(target, "latest")
        assert report["baselines"]["card"]["roc_auc"]["value"] > 0
        assert "track" in {row["slice"] for row in report["by_group"]}


def test_the_ledger_says_from_the_first_entry_that_it_is_a_demonstration(made: Made) -> None:
    assert is_demo(made.store)
    events = made.store.ledger.replay()
    assert (events[0].kind, events[0].payload["enterprises"]) == ("demo_created", 300)
    assert made.store.ledger.verify() == []
    assert set(made.store.batches().actor) == {"demo"}


def test_hidden_potential_is_recovered(made: Made) -> None:
    """Rank correlation of the learned growth probability with the potential that nobody told it."""
    truth = pd.read_parquet(made.settings.home / "demo" / "truth.parquet").set_index("enterprise_id")
    frame = load_ranking(made.settings, "latest").frame
    alive = truth.index[truth.closed_in == 0].intersection(frame.index)
    assert frame.growth_probability[alive].rank().corr(truth.potential[alive].rank()) > 0.3
    assert frame.score[alive].rank().corr(truth.potential[alive].rank()) > 0.2


def test_the_truth_was_never_taken_in(made: Made) -> None:
    sources = set(made.store.batches().source)
    assert sources
    assert not {name for name in sources if "truth" in name or "faults" in name}


def test_people_of_every_role_can_sign_in(made: Made) -> None:
    """And a second `mulu demo` uses what is there, with new passwords, since the old were shown only once."""
    accounts = Accounts(made.store.engine)
    first = {person["name"]: person["password"] for person in made.told["people"]}
    assert {person["role"] for person in made.told["people"]} == set(ROLES)
    name = next(iter(first))
    assert accounts.verify(name, first[name]).name == name
    before = made.store.digest()
    again = mulu(made.settings.home, "demo", "--no-serve", "--format", "json")
    assert again.returncode == 0, again.stderr
    second = {person["name"]: person["password"] for person in json.loads(again.stdout)["people"]}
    assert accounts.verify(name, second[name]).name == name
    with pytest.raises(Refusal, match="sign-in-failed"):
        accounts.verify(name, first[name])
    assert made.store.digest() == before


def test_every_output_says_synthetic(made: Made) -> None:
    assert "Synthetic data" in mulu(made.settings.home, "demo", "--no-serve").stdout
    assert "合成数据" in mulu(made.settings.home, "demo", "--no-serve", language="zh-CN").stdout


def test_status_says_synthetic(made: Made) -> None:
    assert "Synthetic data" in mulu(made.settings.home, "status").stdout


def test_what_is_published_from_a_demonstration_says_so_in_every_form() -> None:
    days = {"published_on": "2026-09-01", "notice_until": "2026-09-14", "valid_from": "2026-09-15"}
    head = {**days, "valid_to": "2027-09-14", "as_of": "2026-06-30"}
    sentence = say("publication-synthetic", "zh-CN")
    for told, expected in ((head | {"synthetic": True}, True), (head, False)):
        document = Document(
            io.BytesIO(notice("目录", [("甲", "91310105YY00000000", "总部")], told, "zh-CN", 10, "得分由评分卡计算。"))
        )
        assert (sentence in [paragraph.text for paragraph in document.paragraphs]) is expected
        drawn = page("page.html.j2", "zh-CN", {"title": "目录", "synthetic": bool(told.get("synthetic"))}).decode()
        assert (sentence in drawn) is expected


def test_real_data_are_never_touched(tmp_path: Path) -> None:
    store = Store(Settings(home=tmp_path))
    rows = pd.DataFrame({"enterprise_id": ["91310000132260250X"], "name": ["甲"]})
    store.add(Source("registry.csv", "ab" * 32, "anna"), {"enterprises": rows}, date(2026, 1, 1))
    before = store.digest()
    for arguments in (["demo", "--no-serve"], ["demo", "--no-serve", "--fresh"]):
        done = mulu(tmp_path, *arguments)
        assert done.returncode == 1
        assert "1 batches and 1 ledger entries of real use" in done.stderr
    assert store.digest() == before
    assert not (tmp_path / "demo").exists()


def test_a_demonstration_with_an_office_s_batch_is_not_wiped(tmp_path: Path) -> None:
    store = Store(Settings(home=tmp_path))
    mark_demo(store)
    rows = pd.DataFrame({"enterprise_id": ["91310000132260250X"], "name": ["甲"]})
    store.add(Source("registry.csv", "ab" * 32, "anna"), {"enterprises": rows}, date(2026, 1, 1))
    with pytest.raises(Refusal, match="demo-home-has-others"):
        wipe(Settings(home=tmp_path))
    assert len(store.batches()) == 1


def test_one_cut_short_is_wiped_whole_and_only_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert standing(settings) == "empty"
    mark_demo(Store(settings))
    (tmp_path / "rankings").mkdir()
    (tmp_path / "notes.txt").write_text("mine")
    assert standing(settings) == "unfinished"
    wipe(settings)
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith("mulu.db")] == ["notes.txt"]
    assert standing(settings) == "empty"


def test_a_registry_elsewhere_is_not_wiped(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", mlruns=tmp_path / "shared")
    mark_demo(Store(settings))
    with pytest.raises(Refusal, match="demo-not-wiped"):
        wipe(settings)
    assert is_demo(Store(settings))


def test_too_few_enterprises_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    done = mulu(tmp_path / "home", "demo", "--no-serve", "--enterprises", "50")
    assert done.returncode == 1
    assert "at least 200 enterprises" in done.stderr
    assert standing(Settings(home=tmp_path / "home")) == "empty"
    with pytest.raises(Refusal, match="demo-too-small"):
        walk(Settings(home=tmp_path / "other"), enterprises=50, seed=1, progress=lambda *_, **__: None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_has_its_words(language: str) -> None:
    assert abs(sum(STEPS.values()) - 1) < 1e-9
    assert all(say(step, language) for step in STEPS)


def test_a_port_in_use_is_refused_when_asked_for_and_passed_over_when_not() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refusal, match="dashboard-port-taken") as refused:
            free_port(port)
        assert all(f" {port} " in explain(refused.value, language) for language in LANGUAGES)
        assert free_port(None) != port


@pytest.fixture
def served(made: Made) -> Iterator[tuple[subprocess.Popen[str], str]]:
    environment = os.environ | {"MULU_HOME": str(made.settings.home), "MULU_LANGUAGE": "en"}
    process = subprocess.Popen(
        [MULU, "dashboard"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests begun in the background ignore it
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address
        yield process, address[0]
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # the server that it started, too
        process.communicate()


def test_the_dashboard_answers_at_the_address_it_says_and_ends_with_ctrl_c(
    served: tuple[subprocess.Popen[str], str],
) -> None:
    process, address = served
    connection = HTTPConnection(address.removeprefix("http://"), timeout=20)
    connection.request("GET", "/_stcore/health")
    assert connection.getresponse().status == 200
    connection.close()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert process.stdout is not None
    assert process.stdout.read().strip() == ""
