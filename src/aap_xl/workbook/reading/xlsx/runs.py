"""Runs of text written in an unusual way, rewritten the way Excel writes them: one run a text."""

from aap_xl.workbook.ooxml.usual import encoded
from aap_xl.workbook.ooxml.walk import SHEET, walk
from aap_xl.workbook.reading.xlsx.texts import run

_STRING = "sst/si"


class Runs:
    """The runs of one text after another, shared or in a cell.

    Attributes: xml: the last one that ended, in one run.
    """

    def __init__(self, path: str) -> None:
        self.xml = ""
        self._path = path
        self._runs: list[str] = []
        self._preserved: dict[str, bool] = {}
        self._paths = frozenset((f"{path}/t", f"{path}/r/t"))

    def start(self, path: str, given: dict[str, str]) -> None:
        """Take the start of an element: what it says of spaces holds for those within."""
        space = given.get("xml:space")
        around = self._preserved.get(path.rpartition("/")[0], False)
        self._preserved[path] = around if space is None else space == "preserve"
        if path == self._path:
            self._runs.clear()

    def end(self, path: str, text: str) -> None:
        """Take its end."""
        if path in self._paths:
            if self._runs and path == f"{self._path}/t":
                raise ValueError(f"two texts in {self._path}")
            self._runs.append(run(text, preserved=self._preserved[path]))
        elif path == self._path:
            whole = encoded("".join(self._runs).replace("_x00", "_x005F_x00"))
            self.xml = f'<t xml:space="preserve">{whole}</t>'


def strings(part: bytes) -> list[bytes]:
    """What follows the start of each shared string, in the usual writing.

    Raises: ValueError if the part is not well-formed.
    """
    found: list[bytes] = []
    runs = Runs(_STRING)

    def end(path: str, text: str) -> None:
        runs.end(path, text)
        if path == _STRING:
            found.append(f"{runs.xml}</si>".encode())

    walk(part, SHEET, runs.start, end)
    return found
