"""The second half of a hard labelled set of columns for a data classifier.

Everything in it is synthetic: invented by `random.Random` with the seed 7311 from common surnames, public
region codes, card prefixes and formats; no real person, no copied list. Principles:

- A table is one function that imitates one file of enterprise life (an SAP dump, a roster pasted one column
  off, a WeChat chain, an OCR'd register, a questionnaire export ...), headers spelt as its maker would.
- The truth follows the cells: the strictest thing that a column holds. Masking, Excel's damage, a wrong
  header or rarity change nothing in it. Columns whose label a knowledgeable reader might dispute were left
  out or mended after a reading of all columns.
- Where the truth is an identity card, bank card, IMEI or credit code the check digits are right (before the
  mangling; a 15-digit old identity number has none); decoys have digits as chance gives them.
- A column without a hard trait has the trait `plain` alone, and is tidy.

Helpers: second_gen.py (people, numbers, mess); second_people.py, second_care.py, second_work.py,
second_systems.py and second_more.py (the tables).
"""

from classifier_sets.labelled import LabelledTable
from classifier_sets.second import care as second_care
from classifier_sets.second import more as second_more
from classifier_sets.second import people as second_people
from classifier_sets.second import systems as second_systems
from classifier_sets.second import work as second_work
from classifier_sets.second.gen import Gen

SEED = 7311


def tables() -> list[LabelledTable]:
    """All tables; the same at every call."""
    g = Gen(SEED)
    modules = (second_people, second_care, second_work, second_systems, second_more)
    return [make(g) for module in modules for make in module.TABLES]
