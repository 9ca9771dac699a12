"""One returned workbook, read once: its rows, what is wrong with it, its bilan."""

import os
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from aap_xl.anomalies import FIELDS, Anomalie, Gravite
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.domain.data import Donnees
from aap_xl.extras import extras

if TYPE_CHECKING:
    from pandas import DataFrame

    from aap_xl.domain.bilan import Tableau
    from aap_xl.hosts.snapshot import Snapshot

VARIABLE = "AAP_XL_APPELS"
"""Environment variable: other folders of calls, separated as in PATH."""


def catalogue(dossiers: Iterable[Path] = ()) -> Catalogue:
    """The calls shipped with the package, those of the environment variable's folders, and those of ``dossiers``.

    Raises: AppelInvalide if a folder does not exist (files are read on demand).
    """
    from aap_xl.domain.regles import BESOINS, RULES  # noqa: PLC0415 - registering the rules takes a while

    extra = [Path(item) for item in os.environ.get(VARIABLE, "").split(os.pathsep) if item]
    return Catalogue([*extra, *dossiers], RULES.keys(), BESOINS)


class Dossier:
    """One operation's workbook on a given day. Everything but the reading is computed on demand."""

    def __init__(self, chemin: Path, donnees: Donnees, octets: bytes | None = None) -> None:
        self.chemin = chemin
        self.donnees = donnees
        self._octets = octets

    @classmethod
    def lire(
        cls,
        chemin: Path,
        appels: Catalogue | None = None,
        aujourdhui: date | None = None,
        octets: bytes | None = None,
        *,
        ecriture: bool = False,
    ) -> "Dossier":
        """Read a returned workbook.

        Args:   chemin: .xlsx, .xlsm, .xlsb, .xls or .ods; appels: the calls it may belong to (default: those at
                hand); aujourdhui: the day to check it on (default: today); octets: the file's content, when it was
                read already (``chemin`` then only names it); ecriture: whether that the bilan can't be written in
                the file is an anomaly.
        Raises: FichierRefuse if it is not one of our workbooks or can't be read; AppelInvalide; OSError.
        """
        from aap_xl.workbook.reading.reader import lire  # noqa: PLC0415 - the reader's library, only when a file is read

        donnees = lire(chemin, appels or catalogue(), aujourdhui or today(), octets, ecriture=ecriture)
        return cls(chemin, donnees, octets)

    @classmethod
    def ouvert(cls, classeur: "Snapshot", appels: Catalogue | None = None, aujourdhui: date | None = None) -> "Dossier":
        """The same, of a workbook that is open in a spreadsheet, as it stands there, saved or not.

        Args:   classeur: what a host read of it; the rest as in `lire`.
        Raises: FichierRefuse if it is not one of our workbooks; AppelInvalide.
        """
        from aap_xl.workbook.reading.reader import lire_feuilles  # noqa: PLC0415

        nom, classeur.appels = classeur.nom, appels or catalogue()
        donnees = lire_feuilles(classeur, nom, classeur.appels, aujourdhui or today(), classeur.proprietes)
        return cls(Path(nom), donnees)

    @property
    def appel(self) -> Appel:
        """The call the workbook says it belongs to."""
        return self.donnees.appel

    @cached_property
    def anomalies(self) -> list[Anomalie]:
        """Everything to correct or to know, in the sheets' order. Raises: FichierRefuse if there are too many."""
        from aap_xl.domain.controle import ANOMALIES_MAX, TooManyAnomalies, controler  # noqa: PLC0415
        from aap_xl.workbook.reading.files.refusals import Cause, FichierRefuse, named  # noqa: PLC0415

        with named(self.chemin.name):
            try:
                return controler(self.donnees)
            except TooManyAnomalies:
                raise FichierRefuse(Cause.TOO_MANY_ANOMALIES, maximum=ANOMALIES_MAX) from None

    @property
    def a_corriger(self) -> list[Anomalie]:
        """The anomalies that ask for something: all but the information."""
        return [item for item in self.anomalies if item.gravite is not Gravite.INFORMATION]

    @property
    def provisoire(self) -> bool:
        """Whether a blocking anomaly stands: the bilan is then titled « provisoire »."""
        return any(item.gravite is Gravite.BLOQUANTE for item in self.anomalies)

    @cached_property
    def tableaux(self) -> "list[Tableau]":
        """The bilan's tables."""
        from aap_xl.domain.bilan import tableaux  # noqa: PLC0415

        return tableaux(self.donnees)

    def octets_bilan(self, anomalies: list[Anomalie] | None = None) -> bytes:
        """The workbook with its Contrôle and Bilan sheets filled; nothing else of it changes.

        Args:   anomalies: those that « Contrôle » lists, if not the dossier's as they are.
        Raises: EcritureImpossible if it is not an .xlsx or .xlsm file; OSError.
        """
        from aap_xl.workbook.writing.workbooks import octets_bilan  # noqa: PLC0415 - only when writing

        listed = self.anomalies if anomalies is None else anomalies
        return octets_bilan(self._content, self.donnees, listed, self.tableaux)

    def copie_bilan(self, nom: str) -> bytes:
        """The same, as the content of a copy of that name.

        Raises: EcritureImpossible too if a spreadsheet would not open it under that name.
        """
        from aap_xl.workbook.writing.workbooks import copie  # noqa: PLC0415

        anomalies, tableaux = self.anomalies, self.tableaux
        return copie(self._content, self.chemin.name, nom, self.donnees, anomalies=anomalies, tableaux=tableaux)

    def open_to_write(self, nom: str) -> None:
        """Make sure that `copie_bilan` could write. Raises: EcritureImpossible."""
        from aap_xl.workbook.writing.workbooks import open_to_write  # noqa: PLC0415

        open_to_write(self._content, self.chemin.name, nom)

    @property
    def _content(self) -> bytes:
        return self.chemin.read_bytes() if self._octets is None else self._octets

    def ecrire_bilan(self, cible: Path) -> None:
        """Write that workbook.

        Args:   cible: may be the workbook itself; a crash leaves the old file or the new one.
        Raises: EcritureImpossible, with a French sentence; the target is then as it was.
        """
        from aap_xl.workbook.writing.workbooks import ecrire_bilan  # noqa: PLC0415

        ecrire_bilan(self.chemin, cible, self.donnees, self.anomalies, self.tableaux)

    def frames(self) -> "dict[str, DataFrame]":
        """The workbook as pandas tables, for analysts.

        Returns: by table name, one row per line and one column per field (codes rather than labels, amounts as
                 Decimal, ``ligne``: row number in the sheet); « operation » has one row; « anomalies » lists them.
        Raises:  LibraryMissing without the extra « departement ».
        """
        with extras():
            from pandas import DataFrame  # noqa: PLC0415 - half a second, only for analysts

        frames = {
            table: DataFrame(
                [{"ligne": row.ligne, **{nom: getattr(row, nom) for nom in feuille.colonnes}} for row in rows],
                columns=["ligne", *feuille.colonnes],
            )
            for table, feuille in self.appel.classeur.tables.items()
            for rows in [self.donnees.rows(table)]
        }
        frames["operation"] = DataFrame([dict.fromkeys(self.appel.classeur.operation) | dict(self._operation())])
        frames["anomalies"] = DataFrame([item.fields() for item in self.anomalies], columns=FIELDS)
        return frames

    def _operation(self) -> dict[str, object]:
        return dict(self.donnees.operation.valeurs())


def today() -> date:
    """The day on the user's clock."""
    return date.today()  # noqa: DTZ011 - the user's own day is meant
