"""What every sheet needs: the dataset, the masked counts, the files' names and addresses, the calls at hand."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.appels.words import COURANTS, dire
from aap_xl.cells import a1
from aap_xl.consolidation import aggregates
from aap_xl.consolidation.aggregates import lots, nom_appel
from aap_xl.consolidation.synthese import classes
from aap_xl.consolidation.synthese.assembly import LIENS_MAX
from aap_xl.consolidation.synthese.classes import Classes
from aap_xl.consolidation.synthese.effectifs import A_CE_MOMENT, MOMENTS, Effectifs, Mesure, indicateurs
from aap_xl.consolidation.synthese.model import LIGNES_MAX, PREMIERE_LIGNE
from aap_xl.consolidation.synthese.stream import Lien
from aap_xl.domain.public import tranches
from aap_xl.domain.tableau import Colonne
from aap_xl.francais import compte as nombre
from aap_xl.records import field, state
from aap_xl.rows import Nature

_LISTES = {"sexe": "sexes", "mds": "mds", "hebergement": "hebergements", "orienteur": "orienteurs"}
INTERMEDIAIRES = (
    Colonne("Points intermédiaires échus", Nature.ENTIER, 13),
    Colonne("Dynamiques au point intermédiaire", Nature.ENTIER, 13),
    Colonne("Dynamiques sur points intermédiaires", Nature.FRACTION, 13),
    Colonne("Taux au point intermédiaire", Nature.TAUX, 13),
)
"""What is shown of the point before the last one, where a call has two."""
FICHIERS, COLONNE_NOM = "Fichiers", 1


@state
class Contexte:
    """A dataset being put in a workbook.

    Attributes: adresse: a file's displayed name → its address from the workbook's folder, if it can be opened there;
                aujourdhui: the day the figures are of.
    """

    tables: Path
    effectifs: Effectifs
    catalogue: Catalogue
    adresse: Callable[[str], str | None]
    aujourdhui: date
    fichiers: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def masque(self) -> bool:
        """Whether small counts are masked."""
        return self.effectifs.seuil > 1

    def lignes(self, table: str) -> int:
        """How many rows a table of the dataset has."""
        return aggregates.lignes(self.tables, table)

    @cached_property
    def reserve(self) -> str:
        """What to know of sums of balances: some operations are not over; ``""`` when all are."""
        running = aggregates.en_cours(self.tables, self.aujourdhui)
        if not running:
            return ""
        return (
            f" Solde et À reverser : dont {nombre(running, 'opération')} en cours ; situation à ce jour, montants non "
            "définitifs."
        )

    @cached_property
    def appels(self) -> dict[str, Appel]:
        """The calls at hand, by name in the workbook."""
        return {nom_appel(a.identite.code, a.identite.millesime): a for a in self.catalogue}

    @cached_property
    def presents(self) -> list[Appel]:
        """The calls of the dataset that are at hand."""
        rows = aggregates.somme_par(self.tables, "operations", ["appel", "millesime"])
        names = [nom_appel(row["appel"], row["millesime"]) for row in rows]
        return [self.appels[nom] for nom in names if nom in self.appels]

    @cached_property
    def suit(self) -> bool:
        """Whether one of these calls, or one that is not at hand, follows people: nothing speaks of any otherwise."""
        rows = aggregates.somme_par(self.tables, "operations", ["appel", "millesime"])
        followed = any("participants" in appel.classeur.tables for appel in self.presents)
        return followed or len(rows) > len(self.presents) or not rows

    def gardees(self, colonnes: Sequence[Colonne], de_personnes: Sequence[Colonne]) -> list[int]:
        """The ranks of the columns to show: those about people, or a second follow-up point, where there are some."""
        hidden = set() if self.suit else {colonne.titre for colonne in de_personnes}
        hidden |= set() if "intermediaire" in self.moments else {colonne.titre for colonne in INTERMEDIAIRES}
        return [rang for rang, colonne in enumerate(colonnes) if colonne.titre not in hidden]

    def dit(self, texte: str) -> str:
        """A text in the words that these calls share, else in the usual ones."""
        said = {appel.dit(texte) for appel in self.presents}
        return said.pop() if len(said) == 1 else dire(texte, COURANTS)

    @cached_property
    def mds(self) -> str:
        """The header of a territory: « MDS »."""
        return self.dit("{Mds}")

    @cached_property
    def ordres(self) -> dict[tuple[str, str], list[str]]:
        """(call, column) → its categories in the call's order."""
        found = {
            (nom, column): [item.libelle for item in appel.elements.get(liste, ())]
            for nom, appel in self.appels.items()
            for column, liste in _LISTES.items()
        }
        return found | {(nom, "tranche_age"): tranches(appel) for nom, appel in self.appels.items()}

    def rang_mds(self, appel: str) -> Callable[[str], tuple[int, str]]:
        """How to sort MDS: in the call's order, others after, by name."""
        order = {nom: rank for rank, nom in enumerate(self.ordres.get((appel, "mds"), []))}
        return lambda nom: (order.get(nom, len(order)), nom)

    @cached_property
    def classes(self) -> dict[tuple[str, str], Classes]:
        """(call, moment) → the classes of exit, masked."""
        return classes.lire(self.tables, self.effectifs)

    @cached_property
    def moments(self) -> list[str]:
        """When exits are counted; few calls have two follow-up points."""
        known = {moment for _, moment in self.classes} | {"sortie", "suivi"}
        return [moment for moment in MOMENTS if moment in known]

    @cached_property
    def indicateurs(self) -> dict[str, list[Mesure]]:
        """The indicators that count persons, masked."""
        return indicateurs(self.tables, self.effectifs)

    def moment(self, appel: str, moment: str) -> str:
        """How a moment reads: « À la sortie », « À 6 mois »."""
        known = self.appels.get(appel)
        found = (volet.libelle for volet in (known.volets if known else ()) if volet.nom == moment)
        return next(found, A_CE_MOMENT[moment].capitalize())

    def lire_fichiers(self) -> None:
        """Note the row and the name of each file, for the sheets that name it: the one that counts, if several do."""
        row = PREMIERE_LIGNE
        for lot in lots(self.tables, "fichiers", ["fichier", "nom", "etat"]):
            for fichier, nom, etat in zip(*(column.to_pylist() for column in lot.columns), strict=True):
                if fichier and (etat == "retenu" or fichier not in self.fichiers):
                    self.fichiers[fichier] = row, nom
                row += 1

    def noms_de_fichiers(self, lot: pa.RecordBatch) -> list[str]:
        """The displayed name of each row's file."""
        return [self.fichiers.get(fichier, (0, ""))[1] for fichier in lot["fichier"].to_pylist()]

    @cached_property
    def externes(self) -> dict[str, str]:
        """Relation → address, for the files that can be opened from the workbook."""
        found: dict[str, str] = {}
        for fichier, (_, nom) in self.fichiers.items():
            address = self.adresse(nom)
            if address is not None and len(found) < LIENS_MAX:
                found[f"f{fichier}"] = quote(address, safe="/.-_~")
        return found

    def liens_vers_fichiers(self, table: str, colonne: int, lieux: bool = False) -> Iterator[Lien]:
        """A link per row: to the file where it can be opened (and the cell, with ``lieux``), else to its line here.

        Args: colonne: the column that bears the link, from 0.
        """
        row = PREMIERE_LIGNE
        columns = ["fichier", *(["feuille", "cellule"] if lieux else [])]
        for lot in lots(self.tables, table, columns):
            for fichier, *place in zip(*(lot[nom].to_pylist() for nom in columns), strict=True):
                if row >= PREMIERE_LIGNE + LIENS_MAX:
                    return
                if fichier in self.fichiers:
                    yield self._lien(fichier, a1(row, colonne + 1), *place)
                row += 1

    def _lien(self, fichier: str, adresse: str, feuille: str | None = None, cellule: str | None = None) -> Lien:
        relation = f"f{fichier}"
        if relation in self.externes:
            place = f"'{feuille.replace(chr(39), chr(39) * 2)}'!{cellule or 'A1'}" if feuille else ""
            return Lien(adresse, relation, place)
        target = min(self.fichiers[fichier][0], LIGNES_MAX)
        return Lien(adresse, "", f"'{FICHIERS}'!{a1(target, COLONNE_NOM)}")
