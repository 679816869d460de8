"""Which GB/T 4754-2017 section (门类) a division (大类) belongs to, as a table that a query can join."""

from __future__ import annotations

_FIRST_AND_LAST = {
    "A": (1, 5),
    "B": (6, 12),
    "C": (13, 43),
    "D": (44, 46),
    "E": (47, 50),
    "F": (51, 52),
    "G": (53, 60),
    "H": (61, 62),
    "I": (63, 65),
    "J": (66, 69),
    "K": (70, 70),
    "L": (71, 72),
    "M": (73, 75),
    "N": (76, 79),
    "O": (80, 82),
    "P": (83, 83),
    "Q": (84, 85),
    "R": (86, 90),
    "S": (91, 96),
    "T": (97, 97),
}

SECTION_OF_DIVISION: dict[str, str] = {
    f"{division:02d}": section
    for section, (first, last) in _FIRST_AND_LAST.items()
    for division in range(first, last + 1)
}
