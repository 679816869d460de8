"""What people do about a whole round: open it, adopt a new ranking, seat, freeze, sign, publish.

A list is signed by two different people, the chair among them. Nobody is exempt: the command line and programs come
through the same verbs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date

from data.accounts import Accounts, User
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from scoring.committee.acting import Acting
from scoring.committee.denials import gate
from scoring.committee.evidence import check_evidence
from scoring.committee.membership import cooling_down
from scoring.committee.queue import queue
from scoring.committee.rounds import RoundState, decisions_digest, fold, rounds
from scoring.committee.rules import RoundRules, require
from scoring.scores.ranking import Ranking
from scoring.selection.directory import Selection


def open_round(
    store: Store,
    settings: Settings,
    ranking: Ranking,
    selection: Selection,
    actor: User,
    *,
    rules: RoundRules | None = None,
    corrects: str = "",
) -> str:
    """Open a round on a ranking and its proposed list; give its identifier.

    Everybody with an open account as member or chair is seated. The agenda starts with what is most worth discussing.
    `corrects` names a published round that this one corrects. Refuses while an earlier round is not yet published
    (`review-round-open`), and a round without anybody in the chair (`review-no-chair`).
    """
    accounts = Accounts(store.engine)
    rules = rules or RoundRules.of(ranking.edition.review)
    agenda = first_agenda(ranking, selection, rules)
    edition = ranking.edition
    with gate(accounts, actor, "open_round", "review:-") as person, store.ledger.turn() as connection:
        seats = [{"name": one.name, "role": one.role} for one in accounts.people() if one.role in ("member", "chair")]
        if not any(seat["role"] == "chair" for seat in seats):
            raise Refusal("review-no-chair")
        opened = [
            str(event.payload["round_id"]) for event in store.ledger.replay(kind="round_opened", connection=connection)
        ]
        for earlier in opened:
            state = fold(earlier, store.ledger.replay(prefix=f"review:{earlier}:", connection=connection))
            if state.phase != "published":
                raise Refusal("review-round-open", round=earlier)
        if corrects and corrects not in opened:
            raise Refusal("review-round-unknown", round=corrects, known=opened)
        round_id = f"{edition.name}-{sum(one.startswith(f'{edition.name}-') for one in opened) + 1}"
        told: dict[str, object] = {
            "round_id": round_id,
            "edition": edition.name,
            "edition_digest": edition.digest,
            "as_of": ranking.as_of.isoformat(),
            "ranking_digest": ranking.digest,
            "selection_digest": selection.digest,
            "rules": dataclasses.asdict(rules),
            "seats": seats,
            "agenda": agenda,
            "agenda_shown": rules.agenda,
            "corrects": corrects,
        }
        store.ledger.append(f"review:{round_id}:round", "round_opened", person.name, told, connection=connection)
    return round_id


def first_agenda(ranking: Ranking, selection: Selection, rules: RoundRules) -> list[str]:
    """The identifiers most worth discussing, best first: twice as many as are shown (`RoundState.agenda_for`)."""
    members = frozenset(map(str, selection.members["enterprise_id"]))
    return [str(key) for key in queue(ranking, members).index[: 2 * rules.agenda]]


def current_round(store: Store) -> str | None:
    """The identifier of the round opened last; None before the first."""
    known = rounds(store.ledger)
    return known[-1] if known else None


class RoundActs(Acting):
    """The verbs on the round as a whole."""

    def adopt_ranking(self, user: User, ranking: Ranking, selection: Selection) -> None:
        """Go on with a new ranking. What was done on the old one stays on record and counts when it is confirmed."""
        with self._turn("adopt_ranking", user, seated=False) as turn:
            if ranking.edition.name != turn.state.edition:
                raise Refusal("review-other-edition", edition=ranking.edition.name, round=turn.state.edition)
            agenda = first_agenda(ranking, selection, turn.state.rules)
            told: dict[str, object] = {
                "edition_digest": ranking.edition.digest,
                "as_of": ranking.as_of.isoformat(),
                "ranking_digest": ranking.digest,
                "selection_digest": selection.digest,
                "agenda": agenda,
                "agenda_shown": turn.state.rules.agenda,
            }
            turn.append("round", "ranking_adopted", told)

    def seat(self, user: User, name: str) -> None:
        """The chair seats a further member; only accounts of members and chairs can be."""
        with self._turn("seat", user) as turn:
            person = self.accounts.find(name)
            require(person, "vote")
            turn.append("round", "seated", {"name": person.name, "role": person.role})

    def set_agenda(self, user: User, agenda: Sequence[str]) -> None:
        """The chair says which enterprises are before the committee, in which order."""
        with self._turn("set_agenda", user) as turn:
            for enterprise_id in agenda:
                self._known_enterprise(turn.state, enterprise_id, turn.state.hidden_from(turn.user.name))
            hidden = turn.state.hidden_from(turn.user.name)
            kept = [key for key in turn.state.agenda if key in hidden]
            whole = [*kept, *dict.fromkeys(agenda)]
            turn.append("round", "agenda_set", {"agenda": whole, "agenda_shown": len(whole)})

    def attach_record(self, user: User, evidence: Mapping[str, object], *, reference: str, concluded_on: date) -> None:
        """Attach the fair competition review's record (a kept file) with its reference and date; needed to publish."""
        with self._turn("attach_record", user, phases=("open", "frozen", "signed"), seated=False) as turn:
            kept = check_evidence(self.settings, evidence)
            if not reference.strip():
                raise Refusal("review-record-reference")
            told = {**kept, "reference": reference.strip(), "concluded_on": concluded_on.isoformat()}
            turn.append("round", "record_attached", told)

    def freeze(self, user: User) -> str:
        """End the discussion: give the digest of the list that is to be signed.

        Refuses while anything is open: decisions waiting for a second person or made on an old ranking
        (`review-decisions-open`), decided items without a quorum (`review-quorum-missing`), a decision that most
        votes are against (`review-against-vote`), a list that cannot be (`review-list-infeasible`), or one with an
        enterprise that left and is still cooling down (`review-cooling-down`).
        """
        self._proposal(self._state())
        with self._turn("freeze", user) as turn:
            state = turn.state
            self._nothing_open(state, state.hidden_from(turn.user.name))
            decisions = state.decisions(self.settings.today)
            selection = self._proposal(state).list(decisions)
            if selection.infeasible:
                raise Refusal("review-list-infeasible", quotas=[str(one) for one in selection.infeasible])
            members = [str(key) for key in selection.members["enterprise_id"]]
            cooling = cooling_down(self.store, self.settings.today)
            barred = [f"{key} ({cooling[key]})" for key in members if key in cooling]
            if barred:
                raise Refusal("review-cooling-down", items=barred)
            digest = decisions_digest(state.ranking_digest, decisions, members)
            told = {
                "list_digest": digest,
                "ranking_digest": state.ranking_digest,
                "members": len(members),
                "frozen_on": self.settings.today.isoformat(),
                "decisions": [
                    {"enterprise_id": key, "kind": one.kind, "to_rank": one.to_rank, "seq": one.seq}
                    for key, one in decisions.items()
                ],
            }
            turn.append("round", "frozen", told)
            return digest

    def thaw(self, user: User, text: str) -> None:
        """Take the freeze back, saying why; signatures fall with it."""
        with self._turn("thaw", user, phases=("frozen", "signed")) as turn:
            reason = " ".join(text.split())
            if len(reason) < turn.state.rules.reason_length:
                raise Refusal("review-reason-too-short", length=len(reason), least=turn.state.rules.reason_length)
            turn.append("round", "thawed", {"text": reason})

    def sign(self, user: User, list_digest: str) -> None:
        """Sign the frozen list by its digest. Nobody signs twice; a list is signed by two, the chair among them."""
        with self._turn("sign", user, phases=("frozen", "signed")) as turn:
            frozen = turn.state.frozen or {}
            if list_digest != frozen["list_digest"]:
                raise Refusal("review-other-list", seen=list_digest[:12], now=str(frozen["list_digest"])[:12])
            if turn.user.name in turn.state.signatures:
                raise Refusal("review-signed-already", name=turn.user.name)
            turn.append("round", "signed", {"list_digest": list_digest})

    def _nothing_open(self, state: RoundState, hidden: frozenset[str]) -> None:
        """Refuse while something is undecided about an enterprise of this ranking; others' items do not matter.

        Items hidden from the person who asks are counted but not named.
        """

        today, frame = self.settings.today, self._proposal(state).ranking.frame
        ranked = frame.index

        def named(key: str) -> str:
            return "?" if key in hidden else f"{frame['name'].get(key, '')} {key}".strip()

        unsettled: dict[str, list[str]] = {"waiting": [], "stale": []}
        for key, item in sorted(state.items.items()):
            status = item.override.status(state.ranking_digest, today) if item.override and key in ranked else ""
            if status in unsettled:
                unsettled[status].append(named(key))
        if any(unsettled.values()):
            raise Refusal("review-decisions-open", **{name: told or ["-"] for name, told in unsettled.items()})
        decided = state.decisions(today)
        missing = [
            f"{named(key)} ({len(state.counted(key))}/{state.needed(key)})"
            for key in sorted({*decided, *(key for key, item in state.items.items() if item.votes)} & set(ranked))
            if len(state.counted(key)) < state.needed(key)
        ]
        if missing:
            raise Refusal("review-quorum-missing", items=missing)
        against = [named(key) for key, one in decided.items() if most_are_against(state, key, one.kind)]
        if against:
            raise Refusal("review-against-vote", items=against)


def most_are_against(state: RoundState, enterprise_id: str, kind: str) -> bool:
    """Whether more votes speak against a decision than for it; abstentions speak for neither side."""
    wanted = {"include": "for", "exclude": "against", "defer": "defer", "move": "for"}[kind]
    votes = [vote.choice for vote in state.counted(enterprise_id).values() if vote.choice != "abstain"]
    for_it = sum(choice == wanted for choice in votes)
    return len(votes) - for_it > for_it
