"""Overview: where the year stands, what waits for me, what changed since I was last here, how fresh the data are."""

from __future__ import annotations

import time
from datetime import date

import pandas as pd
import streamlit as st

from dashboard.acting import attempt, outcome
from dashboard.display import NOTHING, as_label, day, facts, moment, number, steps
from dashboard.empty_states import nothing_ranked
from dashboard.events import event_text, person_name
from dashboard.list_line import Line, lines, tell_impossible, tell_recusals
from dashboard.naming import track_title
from dashboard.navigation import go, open_enterprise
from dashboard.round_view import RoundView, latest_digest, round_view
from dashboard.session import cookies, language, me, settings, store, t
from dashboard.table import Column, table
from dashboard.views.credit_proposals import waiting
from dashboard.visits import cookie_of, seen_before
from data.ledger import Event
from data.waiting import waiting_files
from scoring.committee.objections import Objections
from scoring.committee.review import ReviewState
from scoring.committee.round_acts import open_round
from scoring.committee.rules import may
from scoring.editions.policy import Quota
from scoring.messages import say
from scoring.scores.notes import basis_text
from scoring.scores.ranking import load_ranking
from scoring.selection.directory import select

NEWS = 12
NEXT = 5
YEAR = ("data", "list", "review", "sign", "publish")


def page() -> None:
    """Draw the page."""
    st.header(t("dash-page-overview"))
    here = round_view()
    if here is None:
        nothing_ranked("overview")
        _to_answer()
        _freshness()
        return
    outcome("overview")
    st.caption(t("dash-over-which", edition=here.edition.title.of(language()), day=here.ranking.as_of.isoformat()))
    tell_impossible(here)
    tell_recusals(here)
    steps(_year(here))
    _numbers(here)
    left, right = st.container(key="stack").columns([2, 3], gap="large")
    with left:
        st.subheader(t("dash-waiting-for-me"))
        _waiting(here)
        st.subheader(t("dash-fresh"))
        _freshness()
    with right:
        st.subheader(t("dash-over-tracks"))
        _tracks(here)
        st.subheader(t("dash-news"))
        _news(here)


def _year(here: RoundView) -> list[tuple[str, str, str]]:
    """The steps of the year with how far each is."""
    state = here.state
    phase = state.phase if state else ""
    listed = int((here.rows["place"] == "listed").sum())
    voted = t("dash-year-votes", left=len(state.to_vote)) if state and state.seated else ""
    signed = t("dash-year-signed", n=len(state.signatures)) if state else ""
    until = str((state.published or {}).get("notice_until", "")) if state else ""
    noticed = bool(until) and settings().today.isoformat() > until  # until then objections may come
    passed = {"": 2, "open": 2, "frozen": 3, "signed": 4, "published": 5 if noticed else 4}[phase]
    notes = (
        t("dash-year-data-note", n=f"{len(here.rows):,}"),
        t("dash-year-list-note", n=f"{listed:,}") if here.selection else "",
        voted if phase == "open" else "" if phase else t("dash-phase-none"),
        signed if phase in ("frozen", "signed", "published") else "",
        t("dash-year-notice", until=until) if until else "",
    )
    told = []
    for at, (name, note) in enumerate(zip(YEAR, notes, strict=True)):
        told.append((t(f"dash-year-{name}"), note, "done" if at < passed else "now" if at == passed else "later"))
    return told


def _numbers(here: RoundView) -> None:
    """The figures of the round in large, and in words how far the models can be trusted."""
    places, ranked = here.edition.list.places, int(here.rows["rank"].notna().sum())
    listed = f"{int((here.rows['place'] == 'listed').sum()):,}" if here.selection else NOTHING
    facts(
        [
            (t("dash-over-listed"), listed, t("dash-over-places", n=f"{places:,}")),
            (t("dash-over-ranked"), f"{ranked:,}", t("dash-over-of", n=f"{len(here.rows):,}")),
            (t("dash-status-near"), f"{int(here.rows['near'].sum()):,}"),
            (t("dash-over-decided"), f"{int((here.rows['decision'] != '').sum()):,}"),
        ],
        large=True,
    )  # fmt: skip
    verdict = here.ranking.verdict if here.ranking.mode != "card" else "little"
    told = f"{say(f'model-verdict-{verdict}', language())} " if here.ranking.model_versions else ""
    st.caption(f"**{t('dash-over-verdict')}** · {told}{basis_text(here.ranking, language())}")


def _tracks(here: RoundView) -> None:
    """Each track: how many are ranked and listed, under which quota, and the points at the line."""
    known, quotas = lines(here), here.edition.list.tracks
    near = here.rows.loc[here.rows["near"], "track"].astype("str").value_counts()
    rows = []
    for track in here.edition.tracks:
        line, quota = known.get(track.id, Line(0, 0, 0.0)), quotas.get(track.id)
        rows.append(
            {
                "id": track.id,
                "track": {"text": track_title(here.edition, track.id)},
                "ranked": f"{line.ranked:,}",
                "listed": f"{line.listed:,}",
                "quota": _quota(quota),
                "line": number(line.score) if line.listed else NOTHING,
                "near": f"{int(near.get(track.id, 0)):,}",
            }
        )
    asked = table(
        "tracks",
        [
            Column("track", t("dash-filter-track"), "link", width="34%"),
            Column("ranked", t("dash-over-ranked"), "number"),
            Column("listed", t("dash-status-listed"), "number"),
            Column("quota", t("dash-over-quota"), "number"),
            Column("line", t("dash-over-line"), "number", help=t("dash-over-line-help")),
            Column("near", t("dash-over-near"), "number", help=t("dash-status-near")),
        ],
        rows,
        caption=t("dash-over-tracks"),
        address="ranking",
        parameter="track",
    )
    if asked.opened:
        go("ranking", track=asked.opened)


def _quota(quota: Quota | None) -> str:
    least, most = (quota.min, quota.max) if quota else (None, None)
    if least and most is not None:
        return t("dash-quota-between", least=least, most=most)
    if most is not None:
        return t("dash-quota-most", most=most)
    return t("dash-quota-least", least=least) if least else NOTHING


def _waiting(here: RoundView) -> None:
    state = here.state
    if state is None:
        st.info(t("dash-no-round"))
        if may(here.user, "open_round"):
            st.button(t("dash-open-round"), type="primary", on_click=_do_open, args=(here,))
    waits = [_to_answer(), _to_decide(here)]
    if state is not None:
        waits += [_newer(here, state), _to_vote(here, state), _to_settle(here, state), _to_sign(here, state)]
        waits.append(_to_reply(here, state))
    if state is not None and not any(waits):
        st.caption(t("dash-nothing-waits"))


def _to_answer() -> bool:
    """Files whose questions wait, for who brings data in."""
    found = waiting_files(store()) if me().role == "analyst" else []
    if found and st.button(t("dash-wait-files", n=len(found)), icon=":material/help:"):
        go("data")
    return bool(found)


def _to_decide(here: RoundView) -> bool:
    """What listings and repairs of credit suggest about members, for who decides it."""
    found = waiting(here) if may(here.user, "change_membership") else []
    if found and st.button(t("dash-wait-credit", n=len(found)), icon=":material/policy:"):
        go("publish")
    return bool(found)


def _newer(here: RoundView, state: ReviewState) -> bool:
    if state.phase != "open" or state.ranking_digest == latest_digest():
        return False
    st.warning(t("dash-newer-ranking"))
    if may(here.user, "adopt_ranking"):
        st.button(t("dash-adopt"), on_click=_do_adopt, args=(here,))
    return True


def _to_vote(here: RoundView, state: ReviewState) -> bool:
    if state.phase != "open" or not state.to_vote:
        return False
    done = len(state.agenda) - len(state.to_vote)
    st.progress(done / len(state.agenda), t("dash-to-vote", n=len(state.to_vote), all=len(state.agenda)))
    if st.button(t("dash-to-vote-first"), type="primary", icon=":material/how_to_vote:"):
        open_enterprise(state.to_vote[0])
    asked = table(
        "to_vote",
        [Column("name", t("dash-to-vote-next"), "link")],
        [_short(here, key) for key in state.to_vote[:NEXT] if here.known(key)],
        caption=t("dash-to-vote-next"),
        address="enterprise",
    )
    if asked.opened and here.known(asked.opened):
        open_enterprise(asked.opened)
    return True


def _short(here: RoundView, key: str) -> dict[str, object]:
    row = here.row(key)
    about = [track_title(here.edition, str(row["track"]))]
    if here.selection:
        about.append(t(f"dash-status-{row['place']}"))
    return {"id": key, "name": {"text": here.name(key), "note": " · ".join(about)}}


def _to_settle(here: RoundView, state: ReviewState) -> bool:
    others = tuple(key for key in state.waiting_for_approval if _author(state, key) != here.user.name)
    waits = (("approve", others), ("stale", state.stale), ("against", state.against_votes))
    for word, keys in waits:
        for key in keys:
            if st.button(t(f"dash-wait-{word}", name=as_label(here.name(key))), key=f"wait_{word}_{key}"):
                open_enterprise(key)
    return any(keys for _, keys in waits)


def _to_reply(here: RoundView, state: ReviewState) -> bool:
    """Objections to the published list that nobody has answered, for who may."""
    if state.phase != "published" or not may(here.user, "answer_objection"):
        return False
    found = [one for one in Objections(store(), settings(), state.round_id).all(here.user) if not one.outcome]
    if found and st.button(t("dash-wait-objections", n=len(found)), icon=":material/gavel:"):
        go("publish")
    return bool(found)


def _author(state: ReviewState, key: str) -> str:
    decided = state.items[key].override
    return decided.author if decided else ""


def _to_sign(here: RoundView, state: ReviewState) -> bool:
    waits = state.phase == "frozen" and may(here.user, "sign") and here.user.name not in state.signatures
    if waits and st.button(t("dash-wait-sign"), type="primary", icon=":material/draw:"):
        go("publish")
    return waits


def _do_open(here: RoundView) -> None:
    if here.selection is not None:
        selection = here.selection
        attempt(
            "overview",
            lambda: open_round(store(), settings(), here.ranking, selection, here.user),
            "dash-open-round-done",
        )


def _do_adopt(here: RoundView) -> None:
    def act() -> None:
        if here.review is not None:
            newest = load_ranking(settings(), "latest")
            here.review.adopt_ranking(here.user, newest, select(newest, newest.edition))

    attempt("overview", act, "dash-adopt-done")


def _freshness() -> None:
    """When facts last came in, and how old they are today."""
    batches = store().batches()
    live = batches[batches["withdrawn_at"] == ""]
    if live.empty:
        st.caption(t("dash-data-empty"))
        return
    newest = live.iloc[-1]
    arrived = date.fromisoformat(str(newest["registered_at"])[:10])
    known = pd.Series([str(one) for one in live["known_on"] if str(one)])
    facts(
        [
            (t("dash-fresh-last"), arrived.isoformat(), str(newest["source"])),
            (t("dash-fresh-known"), day(known.max()) if len(known) else ""),
        ]
    )


def _news(here: RoundView) -> None:
    """The newest events of the round that the person may see, those since the last visit first and marked."""
    events = here.review.events(here.user) if here.review else []
    cookie, newest = cookie_of(here.user.name), events[-1].seq if events else 0
    last, kept = seen_before(cookies().get(cookie, ""), newest, int(time.time() // 60))
    new = [event for event in events if event.seq > last and event.actor != here.user.name]
    st.caption(t("dash-news-new", n=len(new)) if last else t("dash-news-all"))
    asked = table(
        "news",
        [
            Column("when", t("dash-col-when"), "short"),
            Column("who", t("dash-col-who"), "short"),
            Column("name", t("dash-col-name"), "link"),
            Column("what", t("dash-col-what"), width="45%"),
        ],
        [_row(here, event) for event in list(reversed(new if last and new else events))[:NEWS]],
        caption=t("dash-news"),
        address="enterprise",
        empty=t("dash-history-none-round"),
    )
    if asked.opened and here.known(asked.opened):
        open_enterprise(asked.opened)
    if events:
        told = f"{cookie}={kept};path=/;max-age=31536000;samesite=lax"
        st.html(f"<script>document.cookie = {told!r}</script>", unsafe_allow_javascript=True)


def _row(here: RoundView, event: Event) -> dict[str, object]:
    key = str(event.payload.get("enterprise_id", ""))
    name = here.name(key) if key else ""
    return {
        "id": key if name else "",
        "when": moment(event.recorded_at),
        "who": person_name(event.actor),
        "name": {"text": name, "note": key} if name else None,
        "what": event_text(event, here.name),
    }
