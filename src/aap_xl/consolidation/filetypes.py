"""What a file is by its name, or by its first bytes where the name does not tell. Nothing is unpacked to know it."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

CLASSEURS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
ARCHIVE = ".zip"
IGNORE, REFUSE = "ignoré", "refusé"
TETE = 4096
"""First bytes that tell a workbook: the name of one of its parts is among them."""

Verdict = tuple[str, str]
"""State and sentence of a file that is not read; twice ``""`` for one that is."""

_LU: Verdict = ("", "")
_AUTRE: Verdict = (IGNORE, "ce n'est pas un classeur.")
_FERMEE: Verdict = (REFUSE, "cette archive n'est pas ouverte ; décompressez l'archive et redonnez son contenu.")
_MESSAGE: Verdict = (REFUSE, "c'est un message ; enregistrez la pièce jointe, et donnez-la.")
_BROUILLON: Verdict = (IGNORE, "c'est le brouillon d'un message, comme « aap-xl renvoyer » en prépare.")
_JAMAIS_ENVOYE = b"\nX-Unsent: 1"
_NUMBERS: Verdict = (REFUSE, "un classeur Numbers n'est pas lu ; exportez-le au format Excel (.xlsx), et donnez-le.")
_MAL_NOMME: Verdict = (
    REFUSE,
    "il a l'air d'un classeur, mais son nom n'en a pas l'extension ; "
    "renommez-le avec son extension (.xlsx, .xlsm, .xlsb, .xls ou .ods), et redonnez-le.",
)
_REMEDES: dict[str, Verdict] = {
    **dict.fromkeys((".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst", ".cab", ".001", ".z01"), _FERMEE),
    **dict.fromkeys((".eml", ".emlx", ".msg", ".mbox", ".pst"), _MESSAGE),
    ".numbers": _NUMBERS,
}
_DOCUMENTS = re.compile(
    r"\.(pdf|txt|csv|rtf|html?|png|jpe?g|gif|tiff?|heic|mp4|mov|lnk|url|"
    r"do[ct][xm]?|odt|pp[ts]x?|odp|pub|vsdx?|mpp|msi|db|jar|epub|kmz)"
)
"""Never opened: what they hold looks like a workbook or an archive, or there are many of them."""
_PARTIE = rb"PK\x03\x04.{26}"
_SIGNATURES: tuple[tuple[re.Pattern[bytes], Verdict], ...] = tuple(
    (re.compile(pattern, re.DOTALL), verdict)
    for pattern, verdict in (
        (rb"\A" + _PARTIE + rb"mimetypeapplication/vnd\.oasis\.opendocument\.spreadsheet", _MAL_NOMME),
        (rb"\A" + _PARTIE + rb"mimetype", _AUTRE),
        (_PARTIE + rb"xl/", _MAL_NOMME),
        (_PARTIE + rb"(word|ppt|visio)/", _AUTRE),
        (_PARTIE + rb"\[Content_Types\]\.xml", _MAL_NOMME),
        (rb"\A\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _MAL_NOMME),
        (rb"\A(PK\x03\x04|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x1f\x8b|BZh|\xfd7zXZ\x00|.{257}ustar)", _FERMEE),
    )
)
_BRUIT = ("thumbs.db", "desktop.ini", "__macosx", "icon\r")
_VERROUS = ("~$", ".~lock.")
_COMITE = re.compile(r" - tableau de bord \d{4}-\d\d-\d\d( \(\d+\))?\.xlsx$")
"""The end of a committee's copy, as the button « Préparer le comité » names it."""


def juger(nom: str, tete: Callable[[], bytes], *, donne: bool = False) -> Verdict:
    """Whether a file is read: a workbook or an archive that we open.

    Args: nom: its name, or its path in an archive; tete: gives its first `TETE` bytes, asked for only where the name
          does not tell; donne: named on the command line, thus read whatever its extension unless nobody could.
    """
    noise = next(filter(None, map(bruit, nom.split("/"))), "")
    if noise:
        return IGNORE, f"{noise}."
    kind = PurePosixPath(nom).suffix.lower()
    if kind == ".eml" and _JAMAIS_ENVOYE in tete():
        return _BROUILLON
    if kind in _REMEDES:
        return _REMEDES[kind]
    if donne or kind in (*CLASSEURS, ARCHIVE):
        return _LU
    return _AUTRE if _DOCUMENTS.fullmatch(kind) else _par_tete(tete())


def _par_tete(tete: bytes) -> Verdict:
    return next((verdict for signature, verdict in _SIGNATURES if signature.search(tete)), _AUTRE)


def bruit(nom: str) -> str:
    """Why a file or a folder holds no workbook by its name alone; ``""`` if it may hold one."""
    if nom.startswith(_VERROUS):
        return "c'est la marque d'un classeur ouvert, pas un classeur"
    if nom.lower() in _BRUIT:
        return "c'est un fichier du système"
    if _COMITE.search(nom):
        return "c'est la copie d'un tableau de bord, faite pour un comité"
    return "il est caché" if nom.startswith(".") and nom != "." else ""
