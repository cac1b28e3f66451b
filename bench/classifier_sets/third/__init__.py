"""A third labelled set of columns, for development: disguised pay and health above all.

Everything here is synthetic: people, numbers, addresses and texts are drawn by `random.Random` from one
constant seed; only common surnames, public region codes, card prefixes and public formats are taken from
common knowledge. One hand wrote it who had not seen the rules of the classifier.

Principles:
- a table is one that a department of a large state-owned enterprise might keep; each row is one invented
  person, so that name, number, pay and check-up values of a row agree where a real table's would; tables of
  things have a row for each thing, with an invented person beside it where a real table names one;
- the truth follows the cells and the table around them: a header may lie, be shortened or be missing, cells
  may be masked, spoilt by Excel or joined, and personal data in one cell of a hundred makes the column core;
- check digits are right for id cards, bank cards, device numbers and credit codes, by chance in decoys;
- a column whose truth a knowledgeable person would dispute was left out.
"""

from __future__ import annotations

from random import Random

from classifier_sets.labelled import LabelledTable
from classifier_sets.third.tables_a import SHEETS_A
from classifier_sets.third.tables_b import SHEETS_B

SEED = 20260913


def tables() -> list[LabelledTable]:
    """The tables of this set, the same at each call."""
    master = Random(SEED)
    return [sheet.build(Random(master.getrandbits(64))) for sheet in (*SHEETS_A, *SHEETS_B)]
