"""Files that are no readable return (damaged, protected, somebody else's), or saved by another program."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from random import Random

import openpyxl
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile


def tronque(octets: bytes, rng: Random) -> bytes:
    """An upload that stopped."""
    return octets[: rng.randrange(len(octets) // 4, len(octets) - 100)]


def abime(octets: bytes, rng: Random) -> bytes:
    """Some bytes of a compressed sheet changed."""
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        info = archive.getinfo("xl/worksheets/sheet8.xml")
    place = info.header_offset + 200 + rng.randrange(info.compress_size // 2)
    return octets[:place] + bytes(byte ^ 0x5A for byte in octets[place : place + 40]) + octets[place + 40 :]


def chiffre(octets: bytes, rng: Random) -> bytes:
    """Protected by a password, as Excel does it."""
    target = BytesIO()
    OOXMLFile(BytesIO(octets)).encrypt(f"secret{rng.random()}", target)
    return target.getvalue()


def etranger(octets: bytes, rng: Random) -> bytes:
    """Another workbook, with a sheet of the same name."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("Participants").write_row(0, 0, ["Nom", "Prénom", rng.random()])
    return buffer.getvalue()


def vide(octets: bytes, rng: Random) -> bytes:
    """Nothing at all."""
    return b""


def texte(octets: bytes, rng: Random) -> bytes:
    """A text under a workbook's name."""
    return b"Bonjour, voici notre suivi.\n" * rng.randrange(1, 50)


def pdf(octets: bytes, rng: Random) -> bytes:
    """A PDF under a workbook's name."""
    return b"%PDF-1.7\n" + rng.randbytes(3000)


def inconnu(octets: bytes, rng: Random) -> bytes:
    """A return of a call nobody knows."""
    return reecrit(
        octets, "docProps/custom.xml", lambda xml: xml.replace(b">3.3<", b">9.9<").replace(b">3.7<", b">9.9<")
    )


def reecrit(octets: bytes, nom: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same zip with one part changed."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(octets)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            target.writestr(info, change(content) if info.filename == nom else content)
    return buffer.getvalue()


def par_openpyxl(octets: bytes) -> bytes:
    """Saved by a library: no formula has its value any more."""
    book = openpyxl.load_workbook(BytesIO(octets))
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


REFUS: dict[str, Callable[[bytes, Random], bytes]] = {
    "abîmé": tronque,
    "abimé": abime,
    "mot de passe": chiffre,
    "n'est pas un classeur aap_xl": etranger,
    "vide": vide,
    "n'est pas un classeur ;": texte,
    "n'est pas un classeur": pdf,
    "9.9": inconnu,
}
"""What the refusal says → how to make such a file. « abimé »: said « abîmé » too."""
BRUIT = ("~$suivi.xlsx", ".~lock.suivi.xlsx#", "Thumbs.db", "notes.txt", ".DS_Store", "courrier.docx", "desktop.ini")
