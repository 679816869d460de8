"""Long work beside the pages: one thread a job, its progress read by whoever looks, its end kept until it is read.

A Streamlit script ends with the next click; a training must not. Jobs live in the server's process: a restart ends
them, and what training had finished by then it finds again (`models.checkpoint`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from data.refusal import Refusal

Work = Callable[["Job"], object]


@dataclass
class Job:
    """One piece of work: the share done (0..1), the catalogue's key of what is being done, and how it ended."""

    name: str
    share: float = 0.0
    key: str = ""
    values: dict[str, object] = field(default_factory=dict)
    ended: bool = False
    result: object | None = None
    refusal: Refusal | None = None
    failure: str = ""

    def tell(self, share: float, key: str, /, **values: object) -> None:
        """What the work calls as it goes."""
        self.share, self.key, self.values = min(max(share, 0.0), 1.0), key, values


@st.cache_resource(show_spinner=False)
def _jobs() -> dict[str, Job]:
    return {}


def start(name: str, work: Work) -> Job:
    """Begin a piece of work; the one that is under way under the same name is given instead of a second."""
    jobs = _jobs()
    if (now := jobs.get(name)) is not None and not now.ended:
        return now
    job = jobs[name] = Job(name)

    def run() -> None:
        try:
            job.result = work(job)
        except Refusal as refusal:
            job.refusal = refusal
        except Exception as error:
            job.failure = f"{type(error).__name__}: {error}"
        finally:
            job.ended = True

    threading.Thread(target=run, name=f"mulu-{name}", daemon=True).start()
    return job


def found(name: str) -> Job | None:
    """The job of that name, under way or ended; None if there is none."""
    return _jobs().get(name)


def forget(name: str) -> None:
    """Let go of an ended job."""
    jobs = _jobs()
    if (job := jobs.get(name)) is not None and job.ended:
        del jobs[name]
