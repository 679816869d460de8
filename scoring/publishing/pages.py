"""HTML pages of a publication: one file each, no script, no network, sized for A4."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scoring.messages import say

TEMPLATES = Path(__file__).parents[1] / "templates"


def page(template: str, language: str, values: Mapping[str, object]) -> bytes:
    """A page from a template; every value is escaped, every word comes from the catalogue by `t(key)`."""

    def word(key: str, **given: object) -> str:
        return say(key, language, **given)

    drawn = _environment().get_template(template).render(t=word, language=language, **values)
    return drawn.encode()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
