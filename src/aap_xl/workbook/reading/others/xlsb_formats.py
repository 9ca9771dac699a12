"""Which cell formats of an .xlsb show a number as a date, a time or a duration.

Source: [MS-XLSB] 2.4 (BrtFmt, BrtBeginCellXFs, BrtXF).
"""

import struct
from collections.abc import Iterable

from aap_xl.workbook.reading.xlsx.formats import BUILTIN, Shown, shown

_FORMAT, _LOOK, _LOOKS, _END_OF_LOOKS = 44, 47, 617, 618


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
