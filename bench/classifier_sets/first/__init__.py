"""The first half of a hard labelled set of columns (used for development).

Everything here is synthetic: people, numbers, addresses and texts are drawn by `random.Random` from one
constant seed; only common surnames, public region codes, card prefixes and public formats are taken from
common knowledge.

Principles:
- one function builds one table that a large state-owned enterprise might really have; a row belongs to one
  invented person, so that name, number, address and birth date of a row agree where a real table's would;
- the truth follows the cells: a header may lie, be shortened or be missing, cells may be masked, spoilt by
  Excel or joined, and personal data in one cell of a hundred still makes the column personal;
- check digits are right for id cards, bank cards, device numbers and credit codes, by chance in decoys;
- a column whose truth a knowledgeable person would dispute was left out.
"""

from __future__ import annotations

from random import Random

from classifier_sets.first.tables_a import TABLES_A
from classifier_sets.first.tables_b import TABLES_B
from classifier_sets.first.tables_c import TABLES_C
from classifier_sets.labelled import LabelledTable

SEED = 20261122


def tables() -> list[LabelledTable]:
    """The tables of this half, the same at each call."""
    master = Random(SEED)
    return [build(Random(master.getrandbits(64))) for build in (*TABLES_A, *TABLES_B, *TABLES_C)]
