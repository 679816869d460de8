"""Where the committee and the model disagree, and which decisions may teach the next model.

An override is never a label by itself: it may rest on what no data showed. The chair looks at the disagreements and
signs for those decisions that shall become labels; only then are they stored as past decisions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

import pandas as pd
from scipy.stats import binomtest

from data.accounts import User
from data.ledger import canonical
from data.refusal import Refusal
from data.store import Source
from scoring.committee.acting import Acting
from scoring.committee.rounds import RoundState
from scoring.editions.policy import Edition
from scoring.scores.ranking import Ranking

GROUPS = ("track", "size_class", "industry_section")
ENOUGH = 5
"""Fewer disagreements than this say nothing about a group."""


class LearningFromReview(Acting):
    """What a round teaches; built on the same checks as every other act."""

    def verdicts(self, user: User) -> pd.DataFrame:
        """The committee's verdict on each enterprise that it decided on, beside the model's list.

        Index enterprise_id; columns verdict ("in" or "out"), source ("override", or "vote" with a quorum and a
        majority), reason_type ("" for votes), proposed (bool: on the list by points alone), lean (+1 the committee
        wants it in and the model does not, -1 the reverse, 0 they agree).
        """
        with self._gate(user, "learn"):
            return self._verdicts(self._state())

    def disagreements(self, user: User) -> pd.DataFrame:
        """Disagreement by track, size and industry.

        Columns: dimension, group, decided, wants_in, wants_out, lean (-1..1: the mean of the verdicts' leans),
        p_value (exact sign test of wants_in against wants_out; NaN under `ENOUGH` disagreements), systematic (bool:
        p_value under 0.05).
        """
        with self._gate(user, "learn"):
            state = self._state()
        verdicts = self._verdicts(state)
        frame = self._proposal(state).ranking.frame
        rows = [
            _row(dimension, str(group), mine)
            for dimension in GROUPS
            for group, mine in verdicts.groupby(frame[dimension].reindex(verdicts.index).astype(str), sort=True)
        ]
        names = ["dimension", "group", "decided", "wants_in", "wants_out", "lean", "p_value", "systematic"]
        return pd.DataFrame(rows, columns=names)

    def factors(self, user: User) -> pd.DataFrame:
        """What the committee weighs otherwise: points by factor of those it wants in against those it wants out.

        Index factor; columns wants_in, wants_out (mean points less the track's average; NaN without any),
        difference, decided (disagreements), systematic (bool: the difference is more than two of its standard
        errors, with at least `ENOUGH` on each side).
        """
        with self._gate(user, "learn"):
            state = self._state()
        return _by_factor(self._proposal(state).ranking, self._verdicts(state))

    def edition(self, user: User) -> Edition:
        """The edition of the round, whose tracks the groups are named by."""
        with self._gate(user, "learn"):
            return self._proposal(self._state()).ranking.edition

    def release(self, user: User, enterprises: Sequence[str], *, known_on: date | None = None) -> str:
        """On the chair's signature, store decisions as labels; give the batch's identifier.

        Each enterprise named becomes `listed` or `declined` as the published list says. Refuses before publication
        (`learning-not-published`), a second time (`learning-released`), and enterprises on which the committee did
        not decide (`learning-undecided`).
        """
        with self._turn("release_labels", user, phases=("open", "frozen", "signed", "published")) as turn:
            state = turn.state
            if state.published is None:
                raise Refusal("learning-not-published", round=self.round_id)
            if state.released is not None:
                raise Refusal("learning-released", round=self.round_id)
            undecided = sorted(set(enterprises) - set(self._verdicts(state).index))
            if undecided or not enterprises:
                raise Refusal("learning-undecided", items=undecided or ["-"])
        members = {entry["enterprise_id"] for entry in state.published["entries"]}
        chosen = sorted(set(enterprises))
        published_on = date.fromisoformat(str(state.published["published_on"]))
        labels = pd.DataFrame(
            {
                "enterprise_id": chosen,
                "edition": state.edition,
                "as_of": date.fromisoformat(state.as_of),
                "decision": ["listed" if key in members else "declined" for key in chosen],
                "decided_on": published_on,
            }
        )
        content = canonical({"round": self.round_id, "decisions": dict(zip(chosen, labels["decision"], strict=True))})
        source = Source(f"review:{self.round_id}", hashlib.sha256(content.encode()).hexdigest(), user.name)
        batch = self.store.add(source, {"directory_decisions": labels}, known_on or published_on)
        with self._turn("release_labels", user, phases=("published",)) as turn:
            turn.append("round", "labels_released", {"batch_id": batch, "enterprises": chosen})
        return batch

    def _verdicts(self, state: RoundState) -> pd.DataFrame:
        decisions = state.in_force(self.settings.today)
        proposed = set(map(str, self._proposal(state).list({}).members["enterprise_id"]))
        rows = {}
        for key in sorted(state.items):
            if key in decisions and decisions[key].kind != "move":
                verdict, source = ("in" if decisions[key].kind == "include" else "out"), "override"
                reason = decisions[key].reason_type
            else:
                verdict, source, reason = _majority(state, key), "vote", ""
            if verdict:
                lean = int(verdict == "in") - int(key in proposed)
                rows[key] = (verdict, source, reason, key in proposed, lean)
        names = ["verdict", "source", "reason_type", "proposed", "lean"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=names).rename_axis("enterprise_id")


def _majority(state: RoundState, enterprise_id: str) -> str:
    """What most of a quorum's votes say: in, out, or "" for neither."""
    votes = [vote.choice for vote in state.counted(enterprise_id).values()]
    if not votes or len(votes) < state.needed(enterprise_id):
        return ""
    wants_in, wants_out = votes.count("for"), votes.count("against") + votes.count("defer")
    return "in" if wants_in > wants_out else "out" if wants_out > wants_in else ""


def _row(dimension: str, group: str, mine: pd.DataFrame) -> tuple[object, ...]:
    wants_in, wants_out = int((mine["lean"] > 0).sum()), int((mine["lean"] < 0).sum())
    apart = wants_in + wants_out
    p_value = float(binomtest(wants_in, apart).pvalue) if apart >= ENOUGH else float("nan")
    return dimension, group, len(mine), wants_in, wants_out, float(mine["lean"].mean()), p_value, p_value < 0.05


def _by_factor(ranking: Ranking, verdicts: pd.DataFrame) -> pd.DataFrame:
    factors = ranking.factors
    tracks = ranking.frame["track"].astype(str)
    apart = factors - factors.groupby(tracks).transform("mean")
    wanted = apart.reindex(verdicts.index[verdicts["lean"] > 0])
    unwanted = apart.reindex(verdicts.index[verdicts["lean"] < 0])
    table = pd.DataFrame({"wants_in": wanted.mean(), "wants_out": unwanted.mean()})
    table["difference"] = table["wants_in"] - table["wants_out"]
    table["decided"] = len(wanted) + len(unwanted)
    error = (wanted.var() / max(len(wanted), 1) + unwanted.var() / max(len(unwanted), 1)) ** 0.5
    enough = min(len(wanted), len(unwanted)) >= ENOUGH
    table["systematic"] = enough & (table["difference"].abs() > 2 * error)
    return table.rename_axis("factor")
