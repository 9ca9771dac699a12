"""What was received: files, folders and archives, one entry each, whatever it is worth.

Names are relative to what was given on the command line, and never hold an absolute path. Links to folders are not
followed, so nothing loops; the output folder is never entered.
"""

import os
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from aap_xl.consolidation.failures import ConsolidationImpossible
from aap_xl.consolidation.filetypes import ARCHIVE, IGNORE, REFUSE, TETE, bruit, juger
from aap_xl.domain.nir import masquer
from aap_xl.records import record
from aap_xl.workbook.ooxml.atomic import raison
from aap_xl.workbook.reading.files.refusals import FILE_MAX, too_large, unreadable

if TYPE_CHECKING:
    from aap_xl.consolidation.archives import Member


@record
class Source:
    """How to read one entry again: a file, or a member of an archive, perhaps within another."""

    chemin: str
    members: tuple[int, ...] = ()

    def lire(self) -> bytes:
        """Its content.

        Raises: FichierRefuse if it can't be read or is too large.
        """
        try:
            if self.members:
                from aap_xl.consolidation.archives import read_member  # noqa: PLC0415 - few files are in archives

                return read_member(Path(self.chemin), self.members)
            with Path(self.chemin).open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size > FILE_MAX:
                    raise too_large(size)
                return file.read(FILE_MAX + 1)
        except OSError as error:
            raise unreadable(error) from None


@record
class Entry:
    """One thing found.

    Attributes: nom: displayed; lieu: what tells this place from another, unreadable; source: how to read it, none
                when it is not to be; date: of the file, local time; cachet: what changes when the content does;
                etat, motif: why it is set aside.
    """

    nom: str
    lieu: str = ""
    source: Source | None = None
    taille: int = 0
    date: str = ""
    cachet: str = ""
    etat: str = ""
    motif: str = ""


class Entries:
    """The inputs of one command, walked lazily in the order of their names."""

    def __init__(self, chemins: Iterable[Path], sortie: Path) -> None:
        """Nothing is opened yet.

        Args:   chemins: files, folders, archives, in any order; sortie: the output folder.
        Raises: ConsolidationImpossible if one does not exist, or lies in a folder that may not be entered.
        """
        self._sortie = Path(os.path.realpath(sortie))
        roots: dict[str, Path] = {}
        for chemin in chemins:
            _trouver(chemin)
            roots[os.path.realpath(chemin)] = Path(os.path.realpath(chemin))
        found = sorted(roots.values())
        self._racines = [r for r in found if not any(other != r and r.is_relative_to(other) for other in found)]
        names = _noms(self._racines)
        self._noms = dict(zip(self._racines, names, strict=True))

    def __iter__(self) -> Iterator[Entry]:
        """Every entry; one that can't be read says so, and the others follow."""
        alone = len(self._racines) == 1
        for racine in sorted(self._racines, key=lambda r: self._noms[r]):
            if racine.is_dir():
                yield from self._dossier(racine, "" if alone else f"{self._noms[racine]}/")
            else:
                yield from self._fichier(racine, self._noms[racine], donne=True)

    def adresse(self, nom: str) -> str | None:
        """Where to open a file found, from the output folder: ``../retours/suivi.xlsx``.

        Returns: ``None`` for a member of an archive, and where only an absolute path leads there.
        """
        for racine in self._racines:
            label = self._noms[racine]
            if racine.is_dir():
                prefix = "" if len(self._racines) == 1 else f"{label}/"
                chemin = racine / nom.removeprefix(prefix)
                found = nom.startswith(prefix) and os.path.isfile(chemin)  # noqa: PTH113 - the same
            else:
                chemin, found = racine, nom == label and racine.suffix.lower() != ARCHIVE
            if found:
                return self._relative(chemin)
        return None

    def _relative(self, chemin: Path) -> str | None:
        try:
            common = Path(os.path.commonpath([chemin, self._sortie]))
        except ValueError:
            return None
        return None if common == Path(common.anchor) else Path(os.path.relpath(chemin, self._sortie)).as_posix()

    def _dossier(self, dossier: Path, prefixe: str) -> Iterator[Entry]:
        try:
            with os.scandir(dossier) as found:
                items = sorted(found, key=lambda item: item.name)
        except OSError:
            nom = _propre(prefixe or f"{dossier.name}/")
            yield Entry(nom, etat=REFUSE, motif="ce dossier ne peut pas être lu ; vérifiez vos droits.")
            return
        for item in items:
            yield from self._element(Path(item.path), f"{prefixe}{item.name}")

    def _element(self, chemin: Path, nom: str) -> Iterator[Entry]:
        if not os.path.isdir(chemin):  # noqa: PTH112 - the same
            if not self._est_nous(chemin):
                yield from self._fichier(chemin, nom)
        elif os.path.islink(chemin):  # noqa: PTH114 - the same
            yield _ignoree(nom, "c'est un lien vers un dossier ; donnez le dossier lui-même")
        elif not self._est_nous(chemin):
            motif = bruit(chemin.name)
            yield from (_ignoree(f"{nom}/", motif),) if motif else self._dossier(chemin, f"{nom}/")

    def _est_nous(self, chemin: Path) -> bool:
        """Whether it is what the consolidation itself writes: silently left out, or the next run would differ."""
        if chemin == self._sortie:
            return not any(r == self._sortie or r.is_relative_to(self._sortie) for r in self._racines)
        return chemin.parent == self._sortie and chemin.name in PRODUITS

    def _fichier(self, chemin: Path, nom: str, *, donne: bool = False) -> Iterator[Entry]:
        etat, motif = juger(chemin.name, partial(_tete, chemin), donne=donne)
        if etat:
            yield Entry(_propre(nom), etat=etat, motif=motif)
            return
        try:
            state = chemin.stat()
        except OSError:
            if os.path.islink(chemin):  # noqa: PTH114 - the same
                yield _ignoree(nom, "ce lien ne mène nulle part")
            else:
                yield Entry(_propre(nom), etat=REFUSE, motif="ce fichier ne peut pas être lu ; vérifiez vos droits.")
            return
        if not stat.S_ISREG(state.st_mode):
            yield _ignoree(nom, "ce n'est pas un fichier ordinaire")
            return
        cachet = f"{state.st_size}-{state.st_mtime_ns}-{state.st_ctime_ns}-{state.st_ino}"
        if chemin.suffix.lower() == ARCHIVE:
            from aap_xl.consolidation.archives import members  # noqa: PLC0415

            for member in members(chemin):
                yield _member(chemin, nom, member, cachet)
            return
        day = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(state.st_mtime))
        yield Entry(_propre(nom), _lieu(chemin), Source(str(chemin)), state.st_size, day, cachet)


PRODUITS = ("synthese.xlsx", "journal.jsonl", "tables", ".aap-xl")
"""What a consolidation writes in its output folder."""


def _tete(chemin: Path) -> bytes:
    """Its first bytes; nothing if it can't be read, or is no ordinary file: opening a pipe would wait for ever."""
    try:
        if not stat.S_ISREG(chemin.stat().st_mode):
            return b""
        with chemin.open("rb") as file:
            return file.read(TETE)
    except OSError:
        return b""


def _trouver(chemin: Path) -> None:
    try:
        chemin.stat()
    except PermissionError as error:
        raise ConsolidationImpossible(f"« {chemin} » ne peut pas être lu : {raison(error)}") from None
    except (OSError, ValueError):
        raise ConsolidationImpossible(f"« {chemin} » est introuvable ; vérifiez le chemin.") from None


def _noms(racines: Sequence[Path]) -> list[str]:
    """The shortest end of each path that tells it from the others."""
    names = []
    for racine in racines:
        parts = racine.parts
        for length in range(1, len(parts) + 1):
            if sum(other.parts[-length:] == parts[-length:] for other in racines) == 1:
                break
        names.append("/".join(part.strip("/\\:") for part in parts[-length:]).strip("/"))
    return names


def _propre(nom: str) -> str:
    """A name as it is shown: no control character, no NIR."""
    text = nom.encode("utf-8", "replace").decode("utf-8")
    return masquer("".join(char if char.isprintable() else " " for char in text))


def _ignoree(nom: str, motif: str) -> Entry:
    return Entry(_propre(nom), etat=IGNORE, motif=f"{motif}.")


def _lieu(chemin: Path, rangs: tuple[int, ...] = ()) -> str:
    """A place in the state, which nobody can read: paths name people."""
    return sha256(f"{chemin}\0{rangs}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _member(chemin: Path, nom: str, member: "Member", cachet: str) -> Entry:
    shown = f"{nom}/{member.nom}" if member.nom else nom
    if member.etat:
        return Entry(_propre(shown), taille=member.taille, date=member.date, etat=member.etat, motif=member.motif)
    source = Source(str(chemin), member.rangs)
    return Entry(_propre(shown), _lieu(chemin, member.rangs), source, member.taille, member.date, cachet)
