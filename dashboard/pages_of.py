"""Which pages there are, in which order, under which heading."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.views import coverage, data, enterprise, ledger, meeting, model, overview, publish, ranking, whatif

Page = Callable[[], None]

PAGES: dict[str, tuple[Page, str]] = {
    "overview": (overview.page, ":material/home:"),
    "ranking": (ranking.page, ":material/format_list_numbered:"),
    "enterprise": (enterprise.page, ":material/apartment:"),
    "meeting": (meeting.page, ":material/groups:"),
    "whatif": (whatif.page, ":material/science:"),
    "coverage": (coverage.page, ":material/balance:"),
    "publish": (publish.page, ":material/campaign:"),
    "data": (data.page, ":material/table_view:"),
    "model": (model.page, ":material/monitoring:"),
    "ledger": (ledger.page, ":material/receipt_long:"),
}

_SECTIONS = (
    ("work", ("overview", "ranking", "enterprise", "meeting")),
    ("list", ("coverage", "whatif", "publish")),
    ("ground", ("data", "model", "ledger")),
)


def sections() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Headings of the navigation and the pages under each."""
    return _SECTIONS
