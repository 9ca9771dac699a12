"""What an e-mail may quote of a dossier: the call's own words and the rows' codes, never what was typed elsewhere.

An e-mail is not safe. The workbook that goes with it says everything; the message names cells, rules and codes.
"""

import re
from collections.abc import Iterator

from aap_xl.anomalies import Anomalie
from aap_xl.appels.model import Appel
from aap_xl.domain.donnees import Donnees
from aap_xl.domain.nir import masquer
from aap_xl.domain.nominatif import codes_nominatifs
from aap_xl.domain.regles.outils import cite
from aap_xl.domain.sorties import A_QUALIFIER
from aap_xl.rows import TABLES, Operation, Row
from aap_xl.texte import normaliser
from aap_xl.workbook import layout

OMIS = "« … »"
AILLEURS = "Autre feuille"
_CITATION = re.compile(r"« [^«»]* »")
_CODEES = ("actions", "personnel", "charges", "participants")


class Discretion:
    """What may be repeated of one dossier."""

    def __init__(self, donnees: Donnees) -> None:
        self._feuilles = {normaliser(nom): nom for nom in layout.feuilles(donnees.appel)}
        self._nominatifs = sorted(codes_nominatifs(donnees), key=len, reverse=True)
        codes = set(_codes(donnees)) - set(self._nominatifs)
        self._connus = {normaliser(mot) for mot in (*_mots(donnees.appel), *codes)}

    def feuille(self, item: Anomalie) -> str:
        """The sheet of an anomaly, under our name; one that is not ours may bear anybody's."""
        return self._feuilles.get(normaliser(item.cell.feuille), AILLEURS) if item.cell.feuille else "Le classeur"

    def entete(self, item: Anomalie) -> str:
        """The column of an anomaly, if it is one of ours."""
        return item.cell.entete if normaliser(item.cell.entete) in self._connus else ""

    def message(self, item: Anomalie) -> str:
        """The words of an anomaly without what was typed."""
        text = item.message
        if item.valeur and normaliser(item.valeur) not in self._connus:
            text = text.replace(cite(item.valeur), OMIS)  # whatever quotes it holds itself
        text = _CITATION.sub(self._citation, text)
        for code in self._nominatifs:
            text = re.sub(rf"(?<!\w){re.escape(code)}(?!\w)", "…", text, flags=re.IGNORECASE)
        return masquer(text)

    def _citation(self, found: re.Match[str]) -> str:
        return found[0] if normaliser(found[0]) in self._connus else OMIS


def _mots(appel: Appel) -> Iterator[str]:
    """Every word of the call and of the sheets that a message may quote."""
    yield from (*layout.feuilles(appel), A_QUALIFIER)
    models: tuple[type[Row], ...] = (Operation, *TABLES.values())
    for row in models:
        yield from (champ.entete for champ in row.champs.values())
    for items in appel.elements.values():
        yield from (item.libelle for item in items)
    yield from (item.libelle for item in appel.budget.postes)
    yield from (item.libelle for item in appel.rubriques)
    if appel.public:
        yield from (critere.libelle for critere in appel.public.criteres)


def _codes(donnees: Donnees) -> Iterator[str]:
    for table in _CODEES:
        yield from (row.code for row in donnees.rows(table) if row.code)
