"""What people do about one enterprise: declare a conflict, vote, comment, override, approve, undo, confirm."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date

from data.accounts import User
from data.refusal import Refusal
from scoring.committee.acting import Acting, Turn
from scoring.committee.evidence import check_evidence
from scoring.committee.proposal import Effect
from scoring.committee.rounds import Override, RoundState
from scoring.committee.rules import CHOICES, CONFLICTS, OVERRIDES, REASON_TYPES, one_of, sentence


@dataclasses.dataclass(frozen=True)
class Draft:
    """An override before it is made; the fields of `scoring.committee.rounds.Override` that a person states."""

    kind: str
    reason_type: str
    text: str
    to_rank: int | None = None
    evidence: tuple[Mapping[str, object], ...] = ()
    expires_on: date | None = None


class ItemActs(Acting):
    """The verbs on one enterprise. Each takes the person, the identifier, the ranking's digest and what was last seen.

    `last_seen` is `ItemView.last_seen` as shown to the person; 0 says that nothing had happened. A newer decision
    refuses the act (`review-item-changed`, with who did what), so that nobody decides over another's decision unseen.
    """

    def declare_conflict(
        self, user: User, enterprise_id: str, *, conflict_type: str, text: str = "", ranking_digest: str | None = None
    ) -> None:
        """Recuse oneself from an enterprise: from now on its item is hidden and own votes on it do not count."""
        one_of(conflict_type, CONFLICTS, "review-conflict-type-unknown")
        with self._turn("declare_conflict", user, enterprise_id=enterprise_id, ranking_digest=ranking_digest) as turn:
            _set_conflict(turn, enterprise_id, user.name, conflict_type, text)

    def set_conflict(
        self, user: User, enterprise_id: str, *, name: str, conflict_type: str, text: str, reason_least: int = 4
    ) -> None:
        """The chair recuses another seated person from an enterprise, saying why."""
        one_of(conflict_type, CONFLICTS, "review-conflict-type-unknown")
        with self._turn("set_conflict", user, enterprise_id=enterprise_id) as turn:
            if name not in turn.state.seats:
                raise Refusal("review-not-seated", name=name, seated=list(turn.state.seats))
            _set_conflict(turn, enterprise_id, name, conflict_type, sentence(text, reason_least))

    def clear_conflict(self, user: User, enterprise_id: str, *, name: str, text: str) -> None:
        """The chair ends another's recusal, saying why; nobody ends their own (`review-conflict-own`)."""
        with self._turn("clear_conflict", user) as turn:
            if name == turn.user.name:
                raise Refusal("review-conflict-own", enterprise=enterprise_id)
            if name not in turn.state.item(enterprise_id).conflicts:
                raise Refusal("review-conflict-none", enterprise=enterprise_id, name=name)
            told = {"enterprise_id": enterprise_id, "name": name, "text": sentence(text, 4)}
            turn.append(f"conflict:{enterprise_id}", "conflict_cleared", told)

    def vote(self, user: User, enterprise_id: str, choice: str, ranking_digest: str, last_seen: int) -> None:
        """Vote for, against, to defer, or abstain (which counts toward the quorum; recusal does not).

        A second vote of the same person replaces the first: nobody has two.
        """
        one_of(choice, CHOICES, "review-choice-unknown")
        with self._turn(
            "vote", user, enterprise_id=enterprise_id, ranking_digest=ranking_digest, last_seen=last_seen
        ) as turn:
            told = {"enterprise_id": enterprise_id, "choice": choice, "ranking_digest": ranking_digest}
            turn.append(f"vote:{enterprise_id}:{turn.user.name}", "voted", told)

    def comment(self, user: User, enterprise_id: str, text: str, ranking_digest: str) -> None:
        """Say something about an enterprise; others see it when they may see votes."""
        with self._turn(
            "comment", user, enterprise_id=enterprise_id, ranking_digest=ranking_digest, seated=False
        ) as turn:
            told = {"enterprise_id": enterprise_id, "text": sentence(text, 1), "ranking_digest": ranking_digest}
            turn.append(f"talk:{enterprise_id}", "commented", told)

    def preview(self, user: User, enterprise_id: str, kind: str, to_rank: int | None = None) -> Effect:
        """What an override would do, in the world that the person may see: old and new rank, who is displaced."""
        person, state = self._reader(user, enterprise_id)
        hidden = self._hidden(state, person)
        self._known_enterprise(state, enterprise_id, hidden)
        one_of(kind, OVERRIDES, "review-override-unknown")
        before = {key: one for key, one in state.decisions(self.settings.today).items() if key not in hidden}
        candidate = _candidate(state, enterprise_id, Draft(kind, "other", "", to_rank), person.name)
        return self._proposal(state).without(hidden).effect(before, enterprise_id, candidate)

    def override(
        self,
        user: User,
        enterprise_id: str,
        kind: str,
        reason_type: str,
        text: str,
        ranking_digest: str,
        last_seen: int,
        *,
        to_rank: int | None = None,
        evidence: Sequence[Mapping[str, object]] = (),
        expires_on: date | None = None,
    ) -> None:
        """Decide otherwise than the list: include, exclude, defer, or move (to a place of the track, `to_rank`).

        `reason_type` is one of `REASON_TYPES`, `text` at least a sentence, `evidence` what `keep_evidence` gave (at
        least one where the round asks for it, `review-evidence-missing`),
        `expires_on` the last day it holds. Where the round asks for a second person and the enterprise crosses the
        line, the override waits for `approve`. It replaces an earlier override of the same enterprise.
        """
        one_of(kind, OVERRIDES, "review-override-unknown")
        one_of(reason_type, REASON_TYPES, "review-reason-type-unknown")
        if (kind == "move") != (to_rank is not None):
            raise Refusal("review-move-needs-rank", kind=kind)
        if expires_on is not None and expires_on < self.settings.today:
            raise Refusal("review-expiry-past", expires_on=expires_on, today=self.settings.today)
        kept = tuple(check_evidence(self.settings, one) for one in evidence)
        draft = Draft(kind, reason_type, text, to_rank, kept, expires_on)
        # Effects take two runs of the list: they are worked out before the turn, and again in it only if decisions
        # changed in between.
        seen, effect = self._expected(user, enterprise_id, draft)
        with self._turn(
            "override", user, enterprise_id=enterprise_id, ranking_digest=ranking_digest, last_seen=last_seen
        ) as turn:
            rules = turn.state.rules
            draft = dataclasses.replace(draft, text=sentence(text, rules.reason_length))
            if rules.evidence and not kept:
                raise Refusal("review-evidence-missing", enterprise=enterprise_id)
            if effect is None or seen != _fingerprint(turn.state, self.settings.today):
                effect = self._effect(turn.state, enterprise_id, draft, turn.user.name)
            told = {
                "enterprise_id": enterprise_id,
                "kind": kind,
                "to_rank": to_rank,
                "reason_type": reason_type,
                "text": draft.text,
                "evidence": [dict(one) for one in kept],
                "expires_on": expires_on.isoformat() if expires_on else "",
                "ranking_digest": ranking_digest,
                "needs_approval": rules.second_person and effect.crosses,
                "effect": _told(effect),
            }
            turn.append(f"item:{enterprise_id}", "overridden", told)

    def approve(self, user: User, enterprise_id: str, ranking_digest: str, last_seen: int) -> None:
        """A second person agrees to an override that crosses the line; never its author (`review-own-override`)."""
        with self._turn(
            "approve", user, enterprise_id=enterprise_id, ranking_digest=ranking_digest, last_seen=last_seen
        ) as turn:
            override = _live(turn.state, enterprise_id)
            if override.author == turn.user.name:
                raise Refusal("review-own-override", enterprise=enterprise_id)
            status = override.status(turn.state.ranking_digest, self.settings.today)
            if status != "waiting":
                raise Refusal("review-nothing-to-approve", enterprise=enterprise_id, status=status)
            told = {"enterprise_id": enterprise_id, "of": override.seq, "ranking_digest": ranking_digest}
            turn.append(f"item:{enterprise_id}", "override_approved", told)

    def undo(self, user: User, enterprise_id: str, text: str, ranking_digest: str, last_seen: int) -> None:
        """Take the live override back by a further event: its author, or the chair."""
        with self._turn(
            "undo", user, enterprise_id=enterprise_id, ranking_digest=ranking_digest, last_seen=last_seen
        ) as turn:
            override = _live(turn.state, enterprise_id)
            if turn.user.name != override.author and turn.user.role != "chair":
                raise Refusal("review-not-author", enterprise=enterprise_id, author=override.author)
            told = {"enterprise_id": enterprise_id, "of": override.seq, "text": sentence(text, 1)}
            turn.append(f"item:{enterprise_id}", "override_undone", told)

    def confirm(self, user: User, enterprise_id: str, ranking_digest: str, last_seen: int) -> None:
        """After a new ranking: hold to one's own override and vote made on the old one. The chair may confirm any
        override, but no vote but the chair's own. An override that crosses the line needs its second person again.
        """
        with self._turn(
            "confirm", user, enterprise_id=enterprise_id, ranking_digest=ranking_digest, last_seen=last_seen
        ) as turn:
            state, item = turn.state, turn.state.item(enterprise_id)
            override, vote = item.override, item.votes.get(turn.user.name)
            may = override is not None and (override.author == turn.user.name or turn.user.role == "chair")
            done = False
            if vote is not None and vote.ranking_digest != state.ranking_digest:
                told = {"enterprise_id": enterprise_id, "choice": vote.choice, "ranking_digest": state.ranking_digest}
                turn.append(f"vote:{enterprise_id}:{turn.user.name}", "voted", told)
                done = True
            if may and override is not None and override.ranking_digest != state.ranking_digest:
                effect = self._effect(state, enterprise_id, _draft_of(override), override.author)
                turn.append(
                    f"item:{enterprise_id}",
                    "override_confirmed",
                    {
                        "enterprise_id": enterprise_id,
                        "of": override.seq,
                        "ranking_digest": state.ranking_digest,
                        "effect": _told(effect),
                        "needs_approval": state.rules.second_person and effect.crosses,
                    },
                )
                done = True
            if not done:
                raise Refusal("review-nothing-to-confirm", enterprise=enterprise_id)

    def _expected(self, user: User, enterprise_id: str, draft: Draft) -> tuple[object, Effect | None]:
        state = self._state()
        if enterprise_id not in self._proposal(state).ranking.frame.index:
            return None, None
        return _fingerprint(state, self.settings.today), self._effect(state, enterprise_id, draft, user.name)

    def _effect(self, state: RoundState, enterprise_id: str, draft: Draft, author: str) -> Effect:
        candidate = _candidate(state, enterprise_id, draft, author)
        return self._proposal(state).effect(state.decisions(self.settings.today), enterprise_id, candidate)


def _set_conflict(turn: Turn, enterprise_id: str, name: str, conflict_type: str, text: str) -> None:
    told = {
        "enterprise_id": enterprise_id,
        "name": name,
        "conflict_type": conflict_type,
        "text": " ".join(text.split()),
    }
    turn.append(f"conflict:{enterprise_id}", "conflict_declared", told)


def _live(state: RoundState, enterprise_id: str) -> Override:
    override = state.item(enterprise_id).override
    if override is None:
        raise Refusal("review-override-none", enterprise=enterprise_id)
    return override


def _candidate(state: RoundState, enterprise_id: str, draft: Draft, author: str) -> Override:
    return Override(
        seq=0,
        enterprise_id=enterprise_id,
        kind=draft.kind,
        to_rank=draft.to_rank,
        reason_type=draft.reason_type,
        text=draft.text,
        evidence=draft.evidence,
        expires_on=draft.expires_on.isoformat() if draft.expires_on else "",
        author=author,
        recorded_at="",
        ranking_digest=state.ranking_digest,
        needs_approval=False,
        effect={},
    )


def _draft_of(override: Override) -> Draft:
    expires = date.fromisoformat(override.expires_on) if override.expires_on else None
    return Draft(override.kind, override.reason_type, override.text, override.to_rank, override.evidence, expires)


def _fingerprint(state: RoundState, today: date) -> object:
    return state.ranking_digest, [(key, one.seq, one.kind, one.to_rank) for key, one in state.decisions(today).items()]


def _told(effect: Effect) -> dict[str, object]:
    return {**dataclasses.asdict(effect), "crosses": effect.crosses}
