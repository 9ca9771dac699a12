"""Which cell formats of an .xlsb show a number as a date: calamine forgets it of a whole number stored in short.

Source: [MS-XLSB] 2.4 (BrtFmt, BrtBeginCellXFs, BrtXF, BrtCellRk), 2.5 (RkNumber).
"""

import struct
from collections.abc import Iterable

from aap_xl.workbook.reading.xlsx.formats import BUILTIN, Shown, shown

_FORMAT, _LOOK, _LOOKS, _END_OF_LOOKS = 44, 47, 617, 618
_WHOLE, _HUNDREDTHS = 2, 1


def formats(styles: Iterable[tuple[int, memoryview]]) -> list[Shown]:
    """What each cell format shows, in its order.

    Args:   styles: the records of the styles part.
    Raises: ValueError or struct.error if one is cut.
    """
    known, found, inside = dict(BUILTIN), list[Shown](), False
    for kind, data in styles:
        if kind == _FORMAT:
            code, count = struct.unpack_from("<HI", data)
            known[b"%d" % code] = shown(str(data[6 : 6 + 2 * count], "utf-16-le", "replace"))
        elif kind in (_LOOKS, _END_OF_LOOKS):
            inside = kind == _LOOKS
        elif kind == _LOOK and inside:
            found.append(known.get(b"%d" % struct.unpack_from("<H", data, 2)[0], Shown.NUMBER))
    return found


def in_short(cell: memoryview, known: list[Shown]) -> Shown:
    """What the look of a whole number stored in short makes of it."""
    look = int.from_bytes(cell[4:7], "little")
    whole = cell[8] & _WHOLE and not cell[8] & _HUNDREDTHS
    return known[look] if whole and look < len(known) else Shown.NUMBER
