"""Which pages there are, in which order, under which heading."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.views import enterprise, overview, ranking

Page = Callable[[], None]

PAGES: dict[str, tuple[Page, str]] = {
    "overview": (overview.page, ":material/home:"),
    "ranking": (ranking.page, ":material/format_list_numbered:"),
    "enterprise": (enterprise.page, ":material/apartment:"),
}

_SECTIONS = (
    ("work", ("overview", "ranking", "enterprise")),
)  # fmt: skip


def sections() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Headings of the navigation and the pages under each."""
    return _SECTIONS
