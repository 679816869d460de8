"""What a published list is rebuilt from: the ranking's places, the edition and the decisions, in the folder itself.

The basis is internal: it names enterprises that are not on the list. It holds no figures of enterprises, no money and
no person; who decided is in the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from scoring.committee.proposal import Proposal
from scoring.committee.rounds import Override
from scoring.editions.policy import edition_of
from scoring.scores.ranking import Ranking
from scoring.selection.directory import Selection

# What the list, its columns and its quotas need of a ranking; neither parts nor figures.
COLUMNS = (
    "name", "track", "score", "rank", "rank_low", "rank_high", "inclusion", "eligible", "ineligible_reason",
    "card_points", "coverage", "size_class", "industry_section", "industry", "key_industry", "street", "group_id",
    "incumbent", "places", "zone", "growth_probability",
)  # fmt: skip
JSON_FILE, TABLE_FILE = "basis.json", "basis.parquet"


@dataclass(frozen=True)
class Basis:
    """A ranking reduced to `COLUMNS`, and the decisions in force: (enterprise_id, kind, to_rank)."""

    ranking: Ranking
    decisions: tuple[tuple[str, str, int | None], ...]

    @property
    def proposal(self) -> Proposal:
        """The proposal that the decisions work on."""
        return Proposal(self.ranking)

    def selection(self) -> Selection:
        """The list, drawn anew."""
        return self.proposal.list({key: _decision(key, kind, to_rank) for key, kind, to_rank in self.decisions})

    def files(self, folder: Path) -> None:
        """Write the basis into a folder, which must exist."""
        head = {
            "edition": self.ranking.edition.model_dump(mode="json"),
            "as_of": self.ranking.as_of.isoformat(),
            "ranking_digest": self.ranking.digest,
            "mode": self.ranking.mode,
            "model_versions": dict(self.ranking.model_versions),
            "verdicts": dict(self.ranking.verdicts),
            "sources": dict(self.ranking.sources),
            "decisions": [list(one) for one in self.decisions],
        }
        text = json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / JSON_FILE).write_text(f"{text}\n", encoding="utf-8")
        self.ranking.frame.to_parquet(folder / TABLE_FILE)


def basis_of(ranking: Ranking, decisions: Mapping[str, Override]) -> Basis:
    """The basis of a list: a ranking and the decisions in force."""
    told = tuple((key, one.kind, one.to_rank) for key, one in sorted(decisions.items()))
    return Basis(_reduced(ranking, ranking.frame[[name for name in COLUMNS if name in ranking.frame]]), told)


def read_basis(folder: Path) -> Basis:
    """The basis that `Basis.files` wrote; OSError, ValueError or KeyError where it is not whole."""
    head: dict[str, Any] = json.loads((folder / JSON_FILE).read_text(encoding="utf-8"))
    frame = pd.read_parquet(folder / TABLE_FILE)
    ranking = Ranking(
        frame=frame,
        detail=pd.DataFrame(index=frame.index),
        values=pd.DataFrame(index=frame.index),
        described={},
        edition=edition_of(head["edition"]),
        as_of=date.fromisoformat(head["as_of"]),
        base=0.0,
        mode=head["mode"],
        weights={},
        verdicts=head["verdicts"],
        model_versions=head["model_versions"],
        notes=(),
        sources=head.get("sources", {}),  # folders published before they were kept have none
        digest=head["ranking_digest"],
    )
    return Basis(ranking, tuple((key, kind, to_rank) for key, kind, to_rank in head["decisions"]))


def _reduced(ranking: Ranking, frame: pd.DataFrame) -> Ranking:
    empty = pd.DataFrame(index=frame.index)
    return Ranking(
        frame=frame,
        detail=empty,
        values=empty,
        described={},
        edition=ranking.edition,
        as_of=ranking.as_of,
        base=0.0,
        mode=ranking.mode,
        weights={},
        verdicts=ranking.verdicts,
        model_versions=ranking.model_versions,
        notes=(),
        sources=ranking.sources,
        digest=ranking.digest,
    )


def _decision(enterprise_id: str, kind: str, to_rank: int | None) -> Override:
    """A decision as the list needs it: its kind and place; who made it and why is the ledger's."""
    return Override(
        seq=0,
        enterprise_id=enterprise_id,
        kind=kind,
        to_rank=to_rank,
        reason_type="",
        text="",
        evidence=(),
        expires_on="",
        author="",
        recorded_at="",
        ranking_digest="",
        needs_approval=False,
        effect={},
    )
