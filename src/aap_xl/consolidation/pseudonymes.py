"""Pseudonyms: the same person gets the same one in every operation, for who holds the key; nobody else can tell.

A plain hash of a name is guessable, so the key decides: HMAC-SHA256 over the normalised name, first name and birth
date. Without a key, a person only has a number in its file.
"""

import hmac
import os
import stat
from datetime import date
from pathlib import Path

from aap_xl.consolidation.failures import ConsolidationImpossible
from aap_xl.domain.data import Donnees
from aap_xl.domain.personnes import par_personne
from aap_xl.texte import normaliser
from aap_xl.workbook.ooxml.atomic import dossier_ferme, raison

OCTETS = 32
"""Length of a key."""
_TRONQUE = 16
"""Bytes kept of a pseudonym: 128 bits, so that two people never share one."""
_SUJET, _EMPREINTE = "aap_xl pseudonyme 1", b"aap_xl cle 1"
_NOTICE = (
    "# Clé des pseudonymes aap_xl. Qui l'a peut retrouver des noms : gardez-la au Département, "
    "hors des dossiers envoyés.\n"
)
_TAILLE_MAX = 4096
_DEMANDER = "demandez-la à la personne qui la garde."


class Cle:
    """The secret of the pseudonyms. Nothing shows it: neither its ``repr``, nor an error, nor a log."""

    __slots__ = ("_octets",)

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    def __repr__(self) -> str:
        return "<clé des pseudonymes>"

    def __reduce__(self) -> tuple[object, ...]:
        return Cle, (self._octets,)

    def pseudonyme(self, nom: str, prenom: str, naissance: date) -> str:
        """The pseudonym of a person, 32 hexadecimal digits; case, accents and punctuation do not count."""
        return self.de(_personne(nom, prenom, naissance))

    def de(self, personne: str) -> str:
        """The pseudonym of whom `_personne` describes."""
        return hmac.digest(self._octets, personne.encode(), "sha256")[:_TRONQUE].hex()

    def empreinte(self) -> str:
        """What tells this key from another without telling anything of it."""
        return hmac.digest(self._octets, _EMPREINTE, "sha256")[:8].hex()


def _personne(nom: str, prenom: str, naissance: date | None) -> str:
    assert naissance is not None  # noqa: S101 - the caller checks
    return f"{_SUJET}\0{normaliser(nom)}\0{normaliser(prenom)}\0{naissance.isoformat()}"


def pseudonymes(d: Donnees, cle: Cle | None) -> list[str]:
    """One pseudonym per stay of a file: the stays of a person share theirs.

    Returns: with a key, 32 hexadecimal digits; without, or where the name, the first name or the birth date is
             missing, ``P001``, ``P002``… in the file's order.
    """
    people = {id(p): stays for stays in par_personne(d).values() for p in stays}
    found: dict[int, str] = {}
    numbered: dict[str, str] = {}
    for p in d.participants:
        if id(p) in found:
            continue
        complete = (row for row in people[id(p)] if row.nom and row.prenom and row.date_naissance)
        known = next(complete, None)
        who = _personne(known.nom or "", known.prenom or "", known.date_naissance) if known else str(id(p))
        name = numbered.setdefault(who, cle.de(who) if cle and known else f"P{len(numbered) + 1:03}")
        found |= dict.fromkeys(map(id, people[id(p)]), name)
    return [found[id(p)] for p in d.participants]


def partage(pseudonyme: str) -> bool:
    """Whether a pseudonym means the same person in every operation (it comes from a key)."""
    return len(pseudonyme) == 2 * _TRONQUE


def creer(chemin: Path) -> None:
    """Make a new key; its file is readable by its owner only, from the first instant.

    Raises: ConsolidationImpossible if the file exists or can't be written; nothing is left behind.
    """
    import secrets  # noqa: PLC0415 - no worker makes a key

    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        handle = os.open(chemin, flags, 0o600)
    except FileExistsError:
        raise ConsolidationImpossible(
            f"« {chemin} » existe déjà : une clé ne se remplace pas, les pseudonymes changeraient ; "
            "donnez un autre nom, ou gardez celle-ci."
        ) from None
    except OSError as error:
        raise ConsolidationImpossible(f"« {chemin} » ne peut pas être créé : {raison(error)}") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{_NOTICE}{secrets.token_hex(OCTETS)}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        chemin.unlink(missing_ok=True)
        raise ConsolidationImpossible(f"« {chemin} » ne peut pas être créé : {raison(error)}") from None


def charger(chemin: Path, sortie: Path) -> Cle:
    """Read a key.

    Args:   sortie: the folder that the consolidation writes, which is meant to be sent.
    Raises: ConsolidationImpossible if it can't be read, is no key, lies in ``sortie``, or is open to others; in that
            order, since nothing else is to be done about what is no key.
    """
    try:
        with chemin.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read(_TAILLE_MAX)
    except OSError as error:
        raise ConsolidationImpossible(f"la clé « {chemin} » ne peut pas être lue : {_pourquoi(error)}") from None
    cle = _lire(content)
    if cle is None:
        raise ConsolidationImpossible(
            f"« {chemin} » n'est pas une clé d'aap-xl ; créez-en une : aap-xl cle creer cle-aap.txt"
        )
    if chemin.resolve().is_relative_to(sortie.resolve()):
        raise ConsolidationImpossible(
            f"la clé « {chemin.name} » est dans le dossier de sortie, qui peut être envoyé ; rangez-la ailleurs."
        )
    if os.name == "posix" and mode & 0o077:
        raise ConsolidationImpossible(
            f"la clé « {chemin} » peut être lue par d'autres que vous ; protégez-la : chmod 600 « {chemin} »."
        )
    return cle


def _lire(content: bytes) -> Cle | None:
    lines = [line.strip() for line in content.splitlines() if line.strip() and not line.startswith(b"#")]
    try:
        octets = bytes.fromhex(lines[0].decode("ascii")) if len(lines) == 1 else b""
    except ValueError:
        return None
    return Cle(octets) if len(octets) == OCTETS else None


def _pourquoi(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "ce fichier n'existe pas ; vérifiez le chemin, ou créez une clé : aap-xl cle creer cle-aap.txt"
    if isinstance(error, IsADirectoryError):
        return "c'est un dossier ; indiquez le fichier de la clé."
    folder = dossier_ferme(error)
    if folder is not None:
        return f"vous n'avez pas les droits nécessaires sur le dossier « {folder} » ; {_DEMANDER}"
    return f"vous n'avez pas le droit de la lire ; {_DEMANDER}"
