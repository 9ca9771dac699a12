"""Which operation a file speaks of, and which of its versions counts. Pure, and blind to the order of the files.

The same operation: the same call of the same year, the same SIRET (the same name of porteur where there is none), and
the same convention number when both have one, else the same start date. A file without a convention number joins the
convention that starts on the same day, when there is only one. What can't be told is counted apart, and says so: here,
or in `ressemblances` when it takes the other porteurs to see it.

The version that counts: the latest « à jour au » (one that is yet to come is not believed), then the latest file date,
then the last name, numbers in names read as numbers.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256

from aap_xl.domain.conventions import mots
from aap_xl.francais import jour
from aap_xl.records import record
from aap_xl.texte import normaliser

RETENU, REMPLACE, DOUBLON = "retenu", "remplacé", "doublon"
_CONVENTION = re.compile(r"(?=.*\d)[\w ./°-]{1,30}")


@record
class Version:
    """What tells a file that was read from another.

    Attributes: entree: its number in the run; nom: displayed; date: of the file; empreinte: of its content;
                convention: as `convention` gives it; debut: first day of the operation, ISO; a_jour_au: ISO. ``""``
                stands for what is unknown.
    """

    entree: int
    nom: str
    date: str
    empreinte: str
    convention: str = ""
    debut: str = ""
    a_jour_au: str = ""


@record
class Choix:
    """What becomes of one file.

    Attributes: operation: end of the operation's identifier; par: the version that counts instead, or of which it
                is a copy; motif: why it is counted apart.
    """

    version: Version
    operation: str
    etat: str
    par: Version | None = None
    motif: str = ""


def numero(texte: str | None) -> str:
    """A convention number as typed, ``""`` if it does not look like one: free text may name someone."""
    text = (texte or "").strip()
    return text if _CONVENTION.fullmatch(text) else ""


def convention(texte: str | None) -> str:
    """A convention number as it is kept: its words, without case nor accent; ``""`` for words that are none."""
    return ".".join(mots(numero(texte)))


def formes(convention: str) -> tuple[str, str]:
    """What two ways to type a convention number share: its letters and digits, or its words without a zero in front."""
    return convention.replace(".", ""), ".".join(word.lstrip("0") or "0" for word in convention.split("."))


def siret(texte: str | None) -> str:
    """The 14 digits of a SIRET, ``""`` if there are not 14: a wrong key is an anomaly, not another porteur."""
    digits = "".join((texte or "").split())
    return digits if re.fullmatch(r"[0-9]{14}", digits) else ""


def porteur_sans_siret(nom: str | None) -> str:
    """What stands for the SIRET where there is none: a name can't be read in it."""
    known = marque(nom)
    return f"x{known}" if known else ""


def marque(texte: str | None) -> str:
    """What tells a text from another one, and can't be read; ``""`` for a blank."""
    known = normaliser(texte)
    return sha256(known.encode()).hexdigest()[:10] if known else ""


def choisir(versions: Iterable[Version], aujourdhui: date) -> list[Choix]:
    """Share the files of one porteur for one call among its operations.

    Args:    versions: every file, in any order; aujourdhui: a later « à jour au » is a slip.
    Returns: one choice per file, in no particular order; each operation has exactly one « retenu ».
    """
    found: list[Choix] = []
    for operation, (members, motif) in _operations(_distinctes(versions)).items():
        ordered = sorted(members, key=lambda copies: _rang(copies[0], aujourdhui))
        best = ordered[-1][0]
        found.append(Choix(best, operation, RETENU, motif=motif))
        found += [Choix(copies[0], operation, REMPLACE, best) for copies in ordered[:-1]]
        found += [Choix(copy, operation, DOUBLON, copies[0]) for copies in ordered for copy in copies[1:]]
    return found


def _distinctes(versions: Iterable[Version]) -> list[list[Version]]:
    """The files by content: a content is as old as its oldest copy, which stands first."""
    by_content: dict[str, list[Version]] = {}
    for version in versions:
        by_content.setdefault(version.empreinte, []).append(version)
    return [sorted(copies, key=lambda v: (v.date == "", v.date, naturel(v.nom))) for copies in by_content.values()]


def _operations(contents: Sequence[list[Version]]) -> dict[str, tuple[list[list[Version]], str]]:
    """Operation → the contents that speak of it, and what to know of it."""
    numbers = _conventions(copies[0].convention for copies in contents)
    starts: dict[str, set[str]] = {}
    for copies in contents:
        if copies[0].convention:
            starts.setdefault(copies[0].debut, set()).add(numbers[copies[0].convention])
    found: dict[str, tuple[list[list[Version]], str]] = {}
    for copies in contents:
        key, motif = _cle(copies[0], numbers, starts)
        found.setdefault(key, ([], motif))[0].append(copies)
    return found


def _conventions(typed: Iterable[str]) -> dict[str, str]:
    """Each convention number → the one that stands for all the ways it is typed: the first of their forms."""
    same: dict[str, str] = {}

    def first(form: str) -> str:
        while same.setdefault(form, form) != form:
            form = same[form]
        return form

    known = {number for number in typed if number}
    for number in known:
        one, other = sorted(map(first, formes(number)))
        same[other] = one
    return {number: first(formes(number)[0]) for number in known}


def _cle(version: Version, numbers: dict[str, str], starts: dict[str, set[str]]) -> tuple[str, str]:
    if version.convention:
        return numbers[version.convention], ""
    if not version.debut:
        return version.empreinte[:12], "Ni numéro de convention ni date de début : ce classeur est compté à part."
    same_day = starts.get(version.debut, set())
    if len(same_day) == 1:
        return next(iter(same_day)), ""
    if same_day:
        day = date.fromisoformat(version.debut)
        return version.debut, (
            f"Pas de numéro de convention, et plusieurs conventions du porteur commencent le {jour(day)} : "
            "ce classeur est compté à part."
        )
    return version.debut, ""


def _rang(version: Version, aujourdhui: date) -> tuple[object, ...]:
    declared = version.a_jour_au if version.a_jour_au <= aujourdhui.isoformat() else ""
    return declared, version.date, naturel(version.nom), version.empreinte


def naturel(nom: str) -> tuple[object, ...]:
    """A name to be compared as a reader does: ``v2`` before ``v10``."""
    parts = re.split(r"([0-9]{1,18})", nom.casefold())
    return tuple((int(part), "") if rank % 2 else (-1, part) for rank, part in enumerate(parts)), nom
