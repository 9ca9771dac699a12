"""How much a file may ask of us: limits of ours, which a spreadsheet may not have, and are told as such."""

import re
from collections import Counter

TREE_MAX = 2**17
"""Tags of a part that a tree is made of, its other marks counted for less: more would take seconds. The table of a
workbook of 300 people has some 124 000, most of them for its formulas."""
DEPTH_MAX, DEPTH = 256, "éléments l'un dans l'autre"
"""Elements within one another; those that spreadsheets write go down to some thirty."""
_PAIRS, _ENTITIES, _BYTES = 2, 8, 2**7
"""How many attributes, entities and bytes take as much as a tag."""
LARGE = 2**22
"""Bytes of a part that is not kept inflated: it is asked for once or twice. A sheet of 200 people takes less."""
_SAMPLES, _SAMPLE = 64, 2**12
_NAME = rb"<(?:[\w.-]++:)?([\w-]++)[\s/>]"
_COUNTED = {
    b"definedName": "noms définis",
    b"si": "textes",
    b"t": "textes",
    b"p": "textes",
    b"xf": "formats de cellules",
    b"numFmt": "formats de cellules",
    b"cellStyle": "formats de cellules",
    b"dataValidation": "listes de validation",
    b"conditionalFormatting": "mises en forme conditionnelles",
    b"cfRule": "mises en forme conditionnelles",
    b"col": "largeurs de colonnes",
    b"row": "lignes",
    b"c": "cellules",
    b"table-row": "lignes",
    b"table-cell": "cellules",
    b"annotation": "commentaires",
    b"named-range": "noms définis",
    b"v": "cellules",
    b"f": "formules",
    b"mergeCell": "cellules fusionnées",
    b"comment": "commentaires",
    b"sheet": "feuilles",
    b"Relationship": "liens entre ses parties",
    b"Override": "parties",
    b"hyperlink": "liens",
}


class Excess(ValueError):
    """There is more of something in a file than is read or written in the time that a file is given.

    Attributes: maximum: how much of it there may be; quoi: what it is, in French.
    """

    def __init__(self, maximum: int, quoi: str) -> None:
        super().__init__(maximum, quoi)
        self.maximum, self.quoi = maximum, quoi


def excess(part: bytes, maximum: int) -> Excess:
    """The excess of elements in a part, with what most of them are."""
    step = max(len(part) // _SAMPLES, _SAMPLE)
    names = (name for at in range(0, len(part), step) for name in re.findall(_NAME, part[at : at + _SAMPLE]))
    counted = Counter(_COUNTED[name] for name in names if name in _COUNTED)
    [(most, _)] = counted.most_common(1) or [("", 0)]
    return Excess(maximum, f"éléments (surtout des {most}) dans une de ses parties" if most else "éléments")


def check_tags(part: bytes, maximum: int) -> None:
    """Raise `Excess` for a part that has more tags, both of an element counted."""
    if part.count(b"<") > maximum:
        raise excess(part, maximum)


def check_tree(part: bytes) -> None:
    """Raise `Excess` for a part that would take seconds to be made a tree of, and to be written again."""
    marks = part.count(b"<") + part.count(b"=") // _PAIRS + part.count(b"&") // _ENTITIES
    if marks + len(part) // _BYTES > TREE_MAX:
        raise excess(part, TREE_MAX)
