"""The directory of a zip is read as the standard library reads it, whatever is done to it."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aap_xl.workbook.ooxml.directory import Entry, directory


def _zip(*names: str, comment: bytes = b"", extra: bytes = b"", large: bool = False) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.comment = comment
        for name in names:
            info = zipfile.ZipInfo(name)
            info.extra = extra
            with file.open(info, "w", force_zip64=large) as part:
                part.write(name.encode() * 9)
    return out.getvalue()


def _known(data: bytes) -> list[Entry]:
    return [
        Entry(i.filename, i.flag_bits, i.compress_type, i.CRC, i.compress_size, i.file_size, i.header_offset)
        for i in zipfile.ZipFile(BytesIO(data)).infolist()
    ]


PLAIN = _zip("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml")
WRITINGS = {
    "plain": PLAIN,
    "empty": _zip(),
    "a comment": _zip("a.xml", comment=b"said"),
    "accents": _zip("données.xml", "œ.xml"),
    "backslashes": _zip("xl\\workbook.xml"),
    "extra fields": _zip("a.xml", extra=b"UT\x05\0\x01abcd"),
    "sizes on 64 bits": _zip("a.xml", large=True),
    "something before": b"MZ" * 99 + PLAIN,
}


@pytest.mark.parametrize("what", WRITINGS)
def test_every_writing_is_read_alike(what: str) -> None:
    assert directory(WRITINGS[what]) == _known(WRITINGS[what])


def test_the_plain_one_needs_no_other_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = _known(PLAIN)
    monkeypatch.delattr(zipfile, "ZipFile")
    assert directory(PLAIN) == expected


@given(st.integers(1, 22 + 3 * 80), st.integers(0, 255))
def test_a_byte_changed_is_read_alike(back: int, byte: int) -> None:
    changed = PLAIN[:-back] + bytes([byte]) + PLAIN[len(PLAIN) - back + 1 :]
    _same(changed)


@given(st.integers(0, len(PLAIN)))
def test_a_cut_file_is_read_alike(length: int) -> None:
    _same(PLAIN[:length])


def _same(data: bytes) -> None:
    try:
        expected = _known(data)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        with pytest.raises(ValueError, match=r"."):
            directory(data)
    else:
        assert directory(data) == expected
