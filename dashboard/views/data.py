"""Data: bring a file in, see what was wrong with it cell by cell, answer its questions; what is there, what is not."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard.acting import outcome
from dashboard.display import NOTHING, as_label, as_option, day, moment, refused, share
from dashboard.empty_states import nothing_ranked, round_view_if_whole
from dashboard.intake_desk import RECEIVED, Tried, receive, sentence
from dashboard.naming import factor_label, feature_label
from dashboard.round_view import RoundView
from dashboard.session import language, me, settings, store, t
from dashboard.table import Column, badge, table
from dashboard.views.data_questions import tried_questions, waiting
from data.intake import Intake, withdraw
from data.refusal import Refusal
from data.tables import TABLES
from data.waiting import waiting_files
from features.definition import FACTORS

SHOWN = 200
TONES = {"question": "warn", "error": "bad", "warning": "warn", "note": "plain"}


def page() -> None:
    """Draw the page."""
    st.header(t("dash-page-data"))
    outcome("data")
    names = ["upload", "batches", "coverage"] if me().role == "analyst" else ["batches", "coverage", "upload"]
    tabs = st.tabs([t(f"dash-data-{name}") for name in names], on_change="rerun", key=f"data_tabs_{language()}")
    for tab, name in zip(tabs, names, strict=True):
        with tab:
            if tab.open:
                {"upload": _upload, "batches": _batches, "coverage": _coverage}[name]()


def _upload() -> None:
    if me().role != "analyst":
        st.caption(t("dash-data-analysts"))
    else:
        with st.form("upload"):
            st.file_uploader(
                t("dash-data-file"), type=["csv", "tsv", "txt", "xlsx", "xls"], key="upload_file",
                help=t("dash-data-file-help"),
            )  # fmt: skip
            columns = st.columns(3)
            columns[0].file_uploader(t("dash-data-mapping"), type=["yaml", "yml"], key="upload_mapping")
            columns[1].selectbox(
                t("dash-data-table"), ["", *TABLES], key="upload_table",
                format_func=lambda one: t(f"dash-table-{one}") if one else t("dash-data-table-auto"),
            )  # fmt: skip
            columns[2].date_input(
                t("dash-data-known"), value=None, max_value=settings().today, key="upload_known", format="YYYY-MM-DD",
                help=t("dash-data-known-help"),
            )  # fmt: skip
            with st.container(horizontal=True):
                st.form_submit_button(t("dash-data-try"), on_click=receive, args=(me().name, True))
                st.form_submit_button(t("dash-data-take"), type="primary", on_click=receive, args=(me().name, False))
    files = waiting_files(store())
    received = st.session_state.get(RECEIVED)
    if isinstance(received, Intake) and received.held and received.sha256 not in [one.sha256 for one in files]:
        del st.session_state[RECEIVED]  # answered or withdrawn since, here or elsewhere
        received = None
    found = received.intake if isinstance(received, Tried) else received if isinstance(received, Intake) else None
    if isinstance(received, Refusal):
        refused(received)
    elif found is not None:
        _became(found)
        if found.held and isinstance(received, Tried):
            tried_questions(received, [one for one in found.findings if one.severity == "question"])
    waiting(files, found.sha256 if found is not None else "")
    if found is not None:
        _findings(found)


def _became(found: Intake) -> None:
    """What became of the file, in a line."""
    name = as_label(found.file)
    if found.held:
        held = "dash-data-held-tried" if found.dry_run else "dash-data-held"
        st.warning(t(held, file=name, n=found.counts.get("question", 0)), icon=":material/help:")
    elif found.dry_run:
        st.info(t("dash-data-tried", file=name, accepted=found.accepted, rejected=found.rejected))
    elif found.batch_id:
        st.success(t("dash-data-taken", file=name, accepted=found.accepted, rejected=found.rejected))
    else:
        st.warning(t("dash-data-nothing", file=name))


def _findings(found: Intake) -> None:
    """What was found in the file, with its cells."""
    st.subheader(t("dash-data-found-in", file=as_label(found.file)))
    counts = [f"{t(f'dash-severity-{one}')} {n}" for one, n in found.counts.items() if n]
    st.caption(" · ".join([t("dash-data-encoding", encoding=found.encoding or found.form), *counts]))
    severity = st.segmented_control(
        t("dash-data-severity"), list(found.counts), key="data_severity", label_visibility="collapsed",
        format_func=lambda one: t(f"dash-severity-{one}"),
    )  # fmt: skip
    findings = [one for one in found.findings if not severity or one.severity == severity]
    table(
        "findings",
        [
            Column("severity", t("dash-data-kind"), "badge"),
            Column("where", t("dash-data-where")),
            Column("column", t("dash-data-column")),
            Column("before", t("dash-data-before")),
            Column("after", t("dash-data-after")),
            Column("text", t("dash-data-means"), width="40%"),
        ],
        [
            {
                "id": str(at),
                "severity": badge(t(f"dash-severity-{one.severity}"), TONES[one.severity]),  # type: ignore[arg-type]
                "where": " ".join(filter(None, [one.sheet, t("dash-data-row", row=one.row) if one.row else ""])),
                "column": one.column,
                "before": one.before[:80],
                "after": one.after[:80],
                "text": sentence(one),
            }
            for at, one in enumerate(findings[:SHOWN])
        ],
        caption=t("dash-data-findings"),
        empty=t("dash-data-no-findings"),
    )
    if len(findings) > SHOWN:
        st.caption(t("dash-data-more", shown=SHOWN, all=len(findings)))
    if found.rejects_file is not None and found.rejects_file.is_file():
        path = found.rejects_file
        st.download_button(
            t("dash-data-rejects"), data=path.read_bytes, file_name=f"rejects-{path.parent.name}.csv", mime="text/csv",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def _batches() -> None:
    batches = store().batches()
    if batches.empty:
        st.info(t("dash-data-empty" if me().role == "analyst" else "dash-data-empty-others"))
        return
    rows = []
    for one in batches.to_dict("records")[::-1]:
        gone = bool(one["withdrawn_at"])
        rows.append(
            {
                "id": str(one["batch_id"]),
                "source": {"text": str(one["source"]), "note": str(one["batch_id"])},
                "rows": f"{int(one['rows']):,}",
                "known": day(one["known_on"]),
                "who": str(one["actor"]),
                "when": moment(str(one["registered_at"])),
                "state": badge(t("dash-data-withdrawn") if gone else t("dash-data-live"), "bad" if gone else "good"),
            }
        )
    table(
        "batches",
        [
            Column("source", t("dash-data-source"), "mark", width="30%"),
            Column("rows", t("dash-data-rows"), "number"),
            Column("known", t("dash-data-known")),
            Column("who", t("dash-col-who"), "short"),
            Column("when", t("dash-col-when"), "short"),
            Column("state", t("dash-data-state"), "badge"),
        ],
        rows,
        caption=t("dash-data-batches"),
    )
    if me().role != "analyst":
        return
    live = batches[batches["withdrawn_at"] == ""]
    names = dict(zip(live["batch_id"], live["source"], strict=True))
    with st.expander(t("dash-data-undo")), st.form("undo_batch", border=False):
        st.selectbox(
            t("dash-data-source"), list(names)[::-1], index=None, key="undo_batch_id", placeholder=t("dash-choose"),
            format_func=lambda key: as_option(f"{names[key]} ({key})"),
        )  # fmt: skip
        st.caption(t("dash-data-undo-means"))
        st.form_submit_button(t("dash-data-undo"), on_click=_do_undo, args=(me().name,))


def _do_undo(actor: str) -> None:
    from dashboard.acting import attempt, typed

    batch = typed("undo_batch_id")
    if batch:
        facts = store()
        attempt("data", lambda: withdraw(facts, batch, actor), "dash-data-undo-done")


@st.cache_data(show_spinner=False, max_entries=8)
def _known(world: str, _here: RoundView) -> pd.DataFrame:
    """The share (0..1) of known values by field (rows, in the order of their factors) and street (columns, "" first:
    the whole district)."""
    known = _here.ranking.values.notna()
    streets = _here.rows["street"].astype("object").where(_here.rows["street"].notna(), "").reindex(known.index)
    columns = {"": known.mean()}
    for street in sorted(set(streets) - {""}):
        columns[street] = known[streets == street].mean()
    order = {name: FACTORS.index(what.factor) for name, what in _here.ranking.described.items()}
    return pd.DataFrame(columns).sort_index(key=lambda names: names.map(order), kind="stable")


def _coverage() -> None:
    here = round_view_if_whole()
    if here is None:
        nothing_ranked("coverage-of-data")
        return
    st.caption(t("dash-data-coverage-means"))
    found = _known(here.world, here)
    factors = {str(name): str(here.ranking.described[str(name)].factor) for name in found.index}
    by_factor = found.groupby(pd.Series(factors), sort=False).mean().T
    table(
        "coverage",
        [
            Column("street", t("dash-filter-street")),
            *(Column(str(factor), factor_label(str(factor)), "number") for factor in by_factor.columns),
        ],
        [
            {"id": str(street), "street": _street(street), **{str(one): share(known) for one, known in row.items()}}
            for street, row in by_factor.iterrows()
        ],
        caption=t("dash-data-coverage"),
    )
    _fields(here, found, factors)


def _fields(here: RoundView, found: pd.DataFrame, factors: Mapping[str, str]) -> None:
    """Each item, least known first; those of which nothing is known anywhere are only named."""
    st.subheader(t("dash-data-fields"))
    street = str(st.selectbox(t("dash-filter-street"), list(found.columns), format_func=_street, key="coverage_street"))
    some = found[found[""] > 0].sort_values(street, kind="stable")
    card = {one.feature for track in here.edition.tracks for one in track.criteria}
    table(
        "coverage_fields",
        [
            Column("field", t("dash-col-feature"), "mark", width="40%"),
            Column("factor", t("dash-col-factor"), "short"),
            Column("known", _street(street), "number"),
            Column("lowest", t("dash-data-lowest")),
        ],
        [
            {
                "id": str(name),
                "field": {
                    "text": feature_label(here.ranking, str(name)),
                    "note": t("dash-source-card") if name in card else "",
                },
                "factor": factor_label(factors[str(name)]),
                "known": share(row[street]),
                "lowest": _lowest(row),
            }
            for name, row in some.iterrows()
        ],
        caption=t("dash-data-fields"),
    )
    if none := [feature_label(here.ranking, str(name)) for name in found.index[found[""] == 0]]:
        st.caption(as_label(t("dash-data-unsupplied", n=len(none), names=none), longest=2000))


def _lowest(row: pd.Series[float]) -> str:
    """The street that knows least of an item and how much; a dash where none knows less than the district."""
    streets = row.drop("")
    return f"{streets.idxmin()} {share(streets.min())}" if len(streets) and streets.min() < row[""] else NOTHING


def _street(street: object) -> str:
    return str(street) or t("dash-data-everywhere")
