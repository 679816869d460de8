"""`mulu demo` and `mulu dashboard`: a synthetic district from nothing, and the pages on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from typing import Annotated

import typer

from scoring.cli.answers import Format, FormatOption, answer, progress, settings, table, text

HOST = "127.0.0.1"
FIRST_PORT = 8501
PORTS_TRIED = 50
SECONDS_TO_START = 60


def register(app: typer.Typer) -> None:
    """Add this family's verbs."""
    app.command("demo", help=text("cli-demo-help"))(demo)
    app.command("dashboard", help=text("cli-dashboard-help"))(dashboard)


PortOption = Annotated[int | None, typer.Option("--port", min=1, max=65535, help=text("cli-dashboard-port-help"))]


def demo(
    enterprises: Annotated[int, typer.Option("--enterprises", help=text("cli-demo-enterprises-help"))] = 5000,
    seed: Annotated[int, typer.Option("--seed", help=text("cli-demo-seed-help"))] = 20200424,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help=text("cli-demo-serve-help"))] = True,
    fresh: Annotated[bool, typer.Option("--fresh", help=text("cli-demo-fresh-help"))] = False,
    port: PortOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Make the synthetic district, or find it made, and serve the dashboard."""
    from data.accounts import Accounts, create_demo_people
    from data.store import Store
    from scoring.demo_home import standing, wipe

    chosen = settings()
    found = standing(chosen)
    if fresh or found == "unfinished":
        wipe(chosen)
    if found == "ready" and not fresh:
        people = create_demo_people(Accounts(Store(chosen).engine))
        told = {"synthetic": True, "home": chosen.home, "people": _people(people)}
        answer(told, form, [text("cli-demo-there", home=str(chosen.home)), "", *_sign_in(people)])
    else:
        from scoring.demo import walk

        with progress() as report:
            done = walk(chosen, enterprises=enterprises, seed=seed, progress=report)
        told = {"synthetic": True, "home": chosen.home, **vars(done), "people": _people(done.people)}
        begun = [text("cli-demo-unfinished"), ""] if found == "unfinished" else []
        answer(told, form, [*begun, *_summary(done), "", *_sign_in(done.people)])
    if serve:
        sys.stdout.flush()
        _serve(port)
    elif form is Format.text:
        sys.stdout.write(f"\n{text('cli-demo-next')}\n")


def dashboard(port: PortOption = None) -> None:
    """Serve the pages until Ctrl-C."""
    settings()
    _serve(port)


def _people(people: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [dict(zip(("name", "role", "password"), person, strict=True)) for person in people]


def _sign_in(people: list[tuple[str, str, str]]) -> list[str]:
    headers = [text("cli-demo-name"), text("cli-demo-role"), text("cli-demo-password")]
    rows = [(name, text(f"cli-demo-role-{role}"), password) for name, role, password in people]
    return [text("cli-demo-sign-in"), *table(headers, rows)]


def _summary(done: object) -> list[str]:
    """What the walk did, for people."""
    told = vars(done)
    lines = [text("cli-demo-synthetic"), ""]
    rows = [(text(key), f"{seconds:.1f}") for key, seconds in told["seconds"].items()]
    rows.append((text("cli-demo-total"), f"{sum(told['seconds'].values()):.1f}"))
    lines += table([text("cli-demo-step"), text("cli-demo-seconds")], rows, right=[1])
    lines += [
        "",
        text("cli-demo-taken", accepted=told["accepted"], rejected=told["rejected"], findings=told["findings"]),
    ]
    lines.append(text("cli-demo-held", file=told["held"]))
    lines.append(text("cli-demo-refused", file=told["refused"]))
    for target, model in told["models"].items():
        verdict = text(f"cli-demo-verdict-{model['verdict']}")
        lines.append(text(f"cli-demo-model-{target}", version=str(model["version"]), verdict=verdict))
    lines.append(text("cli-demo-ranked", ranked=told["ranked"], as_of=told["as_of"], digest=told["ranking"][:12]))
    lines.append(text("cli-demo-listed", listed=told["listed"], digest=told["selection"][:12]))
    return lines


def _serve(port: int | None) -> None:
    """Start Streamlit on this machine only, say the address when it answers, and wait for it or for Ctrl-C."""
    from data.refusal import Refusal
    from data.settings import PROJECT

    chosen = free_port(port)
    command = [
        sys.executable, "-m", "streamlit", "run", str(PROJECT / "dashboard" / "app.py"),
        "--server.address", HOST, "--server.port", str(chosen), "--server.headless", "true",
        "--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false",
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ.copy())
    try:
        if not _answers(process, chosen):
            raise Refusal("dashboard-did-not-start", port=chosen, seconds=SECONDS_TO_START)
        sys.stdout.write(text("cli-dashboard-address", address=f"http://{HOST}:{chosen}") + "\n")
        sys.stdout.flush()
        process.wait()
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def free_port(asked: int | None) -> int:
    """The port asked for, or the first free one from 8501 on; refuses one that is taken (`dashboard-port-taken`)."""
    from data.refusal import Refusal

    for candidate in [asked] if asked else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, candidate))
            except OSError:
                continue
            return candidate
    raise Refusal("dashboard-port-taken", port=asked or FIRST_PORT)


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether the server takes a connection before it ends or time runs out."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((HOST, port)) == 0:
                return True
        time.sleep(0.2)
    return False
