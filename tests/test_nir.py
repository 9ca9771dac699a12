"""The NIR is found wherever it is typed, and its digits are never shown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aap_xl.domain.nir import MASQUE, cle, contient_nir, masquer
from aap_xl.workbook.reading.personal import suspect

# Every number is invented: valid keys on people who do not exist.


@pytest.mark.parametrize(
    ("corps", "attendue"), [("2850578006084", 41), ("1900162193001", 22), ("185052A004012", 70), ("185052b004012", 97)]
)
def test_key(corps: str, attendue: int) -> None:
    assert cle(corps) == attendue


@pytest.mark.parametrize(
    "texte",
    [
        "285057800608441",
        "2 85 05 78 006 084 41",
        "2\u00a085\u00a005\u00a078\u00a0006\u00a0084\u00a041",
        "2\u202f85\u202f05\u202f78\u202f006\u202f084\u202f41",
        "2.85.05.78.006.084.41",
        "2-85-05-78-006-084-41",
        "n° 285057800608441 (CPAM)",
        "NIR285057800608441",
        "185052A00401270",
        "1 85 05 2b 004 012 97",
        "2850578006084",
        "2 85 05 78 006 084",
        "2 85 05 78 006 084 (36 ans)",
        "2 85 05 78 006 084 37",
        "dossier 12, 285057800608441",
        285057800608441,
        285057800608441.0,
        Decimal("285057800608441"),
    ],
)
def test_found(texte: object) -> None:
    assert contient_nir(texte)
    hidden = masquer(f"{texte:.0f}" if isinstance(texte, float) else str(texte))
    assert MASQUE in hidden
    assert "0608" not in hidden.replace(" ", "")
    assert "00401" not in hidden.replace(" ", "")


@pytest.mark.parametrize(
    "texte",
    [
        None,
        True,
        "",
        "285057800608440",  # wrong key, in one block
        "123 456 782 00010",  # a SIRET
        "12345678200010",
        "FR76 3000 6000 0112 3456 7890 189",  # an IBAN
        "03 21 15 56 39",
        "5850578006084",  # no such sex
        "2851378006084",  # no such month
        "2850500006084",  # no such department
        "2850578006000",  # no such order number
        "9999999999999",
        "01/02/2025 03/04/2025",
        "1234567890123456789",
        1234.5,
        float("1e30"),
        Decimal("1234567890123.5"),
    ],
)
def test_not_found(texte: object) -> None:
    assert not contient_nir(texte)
    assert masquer(str(texte)) == str(texte)


@given(
    st.from_regex(r"[1-478](\d\d)(0[1-9]|1[0-2])(0[1-9]|[1-8]\d|9[0-5]|2[AB])(\d{3})(\d{3})", fullmatch=True),
    st.sampled_from(["", " ", "\u00a0", "."]),
    st.text(alphabet="abcé :;,", max_size=8),
)
def test_any_valid_nir_is_found_and_hidden(corps: str, sep: str, autour: str) -> None:
    full = corps + f"{cle(corps):02d}"
    parts = (full[0], full[1:3], full[3:5], full[5:7], full[7:10], full[10:13], full[13:])
    texte = autour + sep.join(parts) + autour
    assert contient_nir(texte)
    assert masquer(texte) == f"{autour}{MASQUE}{autour}"


@given(st.text(max_size=60))
def test_text_without_a_nir_is_left_alone(texte: str) -> None:
    assert contient_nir(texte) == (masquer(texte) != texte)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<t>2 85 05 78 006 084 41</t>", True),
        ("<r><t>2 85 05 78 </t></r><r><t>006 084 41</t></r>", True),
        ("<x:r><x:t>2850578</x:t></x:r><x:r><x:t>00608441</x:t></x:r>", True),
        ("<t><![CDATA[2850578]]>00608441</t>", True),
        ("<t>28505780060844&#49;</t>", True),
        ("<t>285&#160;0578006&#160;08441</t>", True),
        ("<t>12 34 56 78</t>", False),
        ('<t>prompt</t><a prompt="un&#10;deux"/>', False),
        ("<v>2.8505780061E12</v>", True),
        ("<v>0.590277777777778</v>", False),
        ("<t>\N{ARABIC-INDIC DIGIT TWO}850578006084\N{FULLWIDTH DIGIT FOUR}1</t>", True),
        ("<t>éèàéèàéèàéèà</t>", False),
        ('</sheetData><pageMargins left="0.590277777777778"/>', False),
        ('<v>2850578006084</v></sheetData><pageMargins left="0.590277777777778"/>', True),
    ],
)
def test_a_part_that_may_hold_a_nir_however_its_text_is_cut(text: str, found: bool) -> None:
    """A sheet that nobody reads is looked at in its bytes; a doubt has its cells looked at one by one."""
    assert suspect(f"<sst><si>{text}</si></sst>".encode()) is found
