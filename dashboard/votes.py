"""What the committee's votes say, in words."""

from __future__ import annotations

from dashboard.session import t
from dashboard.table import Tone
from scoring.committee.review import ItemView
from scoring.committee.rules import CHOICES

TONES: dict[str, Tone] = {"for": "good", "against": "bad", "defer": "less"}


def told_votes(view: ItemView) -> str:
    """How many votes there are and, where the person may know it, what they say."""
    cast = t("dash-votes-cast", cast=view.votes_cast, needed=view.votes_needed)
    return cast if not view.votes else f"{cast} · {tally(view)}"


def tally(view: ItemView) -> str:
    """The votes by choice, in the order of the choices."""
    counted = {choice: sum(vote.choice == choice for vote in view.votes or ()) for choice in CHOICES}
    told = [f"{t(f'dash-choice-{choice}')} {count}" for choice, count in counted.items() if count]
    return " · ".join(told) or t("dash-votes-none")


def result_of(view: ItemView) -> tuple[str, Tone]:
    """What the votes say, once there are enough and the person may see them, and its tone."""
    if view.votes_cast < view.votes_needed:
        return t("dash-meeting-open"), "plain"
    if view.votes is None:
        return t("dash-meeting-hidden" if view.may_act else "dash-meeting-hidden-reader"), "plain"
    ahead, share_of = _ahead(view)
    if not ahead:
        return t("dash-meeting-split"), "warn"
    return f"{t(f'dash-choice-{ahead}')} {share_of}", TONES[ahead]


def _ahead(view: ItemView) -> tuple[str, str]:
    """The choice of more than half of those who did not abstain, and how many of them; "" where there is none."""
    counted = [vote.choice for vote in view.votes or () if vote.choice != "abstain"]
    ahead = max(set(counted), key=lambda one: (counted.count(one), one), default="")
    if not ahead or counted.count(ahead) * 2 <= len(counted):
        return "", ""
    return ahead, f"{counted.count(ahead)}/{len(counted)}"


def decision_of(view: ItemView, place: str) -> str:
    """The committee's decision in words; where a vote with a quorum says otherwise than the list and nothing was
    decided, that a decision is lacking; "" where the proposed list stands."""
    if view.override is not None:
        return f"{t(f'dash-kind-{view.override.kind}')} · {t(f'dash-override-status-{view.override_status}')}"
    enough = view.votes is not None and view.votes_cast >= view.votes_needed
    ahead = _ahead(view)[0] if enough else ""
    otherwise = (ahead == "for" and place != "listed") or (ahead in ("against", "defer") and place == "listed")
    return t("dash-meeting-undecided", choice=t(f"dash-choice-{ahead}")) if otherwise else ""
