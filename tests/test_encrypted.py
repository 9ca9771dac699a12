"""Workbooks encrypted whole: what protects them is named, with a remedy that works."""

import io
import struct
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest

from aap_xl.workbook.reading.files.containers import reconnaitre
from aap_xl.workbook.reading.files.refusals import FichierRefuse

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STRUCTURE, LABEL, UNKNOWN = (
    "protection de la structure (Révision",
    "étiquette de confidentialité",
    "n'est pas un classeur",
)


def compound(*names: str, cells: str = "") -> bytes:
    """A compound file as far as its directory tells: streams by name, and what a sheet could say."""
    entries = [
        name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HB", 2 * len(name) + 2, 2) + bytes(61)
        for name in ("Root Entry", *names)
    ]
    return OLE + bytes(504) + b"".join(entries) + b"\x01" + cells.encode("utf-16-le")


def of_default_password() -> bytes:
    buffer = io.BytesIO()
    plain = (Path(__file__).parent / "workbooks" / "pieges-pandas.xlsx").read_bytes()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(plain)).encrypt("VelvetSweatshop", buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(compound("EncryptionInfo", "EncryptedPackage"), STRUCTURE, id="a password"),
        pytest.param(of_default_password(), STRUCTURE, id="the structure only, by the default password"),
        pytest.param(
            compound("EncryptedPackage", "DRMEncryptedDataSpace", "DRMEncryptedTransform"), LABEL, id="a label"
        ),
        pytest.param(compound("Workbook", "\tDRMContent"), LABEL, id="an .xls under restriction"),
        pytest.param(compound("WordDocument", "WordDocumentData"), UNKNOWN, id="a document"),
    ],
)
def test_what_encrypts_is_named(content: bytes, words: str) -> None:
    with pytest.raises(FichierRefuse) as refused:
        reconnaitre(content)
    said = refused.value.refusal.phrase("suivi.xlsx")
    assert words in said
    assert said.startswith("« suivi.xlsx »")
    assert said.endswith(".")


@pytest.mark.parametrize("cells", ["EncryptedPackage", "DRMEncryptedDataSpace", "\tDRMContent"])
def test_what_a_sheet_says_encrypts_nothing(cells: str) -> None:
    assert reconnaitre(compound("Workbook", cells=cells)).genre == "xls"
