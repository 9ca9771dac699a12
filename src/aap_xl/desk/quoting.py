"""What may be quoted of a dossier outside its workbook, which says everything.

An e-mail is not safe: it quotes the call's own words and the rows' codes, never what was typed elsewhere. A deposited
file quotes what was typed, but names nobody.
"""

import re
from collections.abc import Iterator

from aap_xl.anomalies import Anomalie
from aap_xl.appels.model import Appel
from aap_xl.appels.models import modeles
from aap_xl.domain.data import Donnees
from aap_xl.domain.nir import masquer
from aap_xl.domain.nominatif import cite_quelqu_un, codes_nominatifs, entetes_des_noms
from aap_xl.domain.sorties import A_QUALIFIER
from aap_xl.francais import cite
from aap_xl.records import replace
from aap_xl.texte import normaliser
from aap_xl.workbook import layout

OMIS = "« … »"
AILLEURS = "Autre feuille"
_CITATION = re.compile(r"« [^«»]* »")
"""What `cite` wrote: it leaves no other « » in a message."""
_CODEES = ("actions", "personnel", "charges", "participants")


class Discretion:
    """What an e-mail may repeat of one dossier."""

    def __init__(self, donnees: Donnees) -> None:
        self._donnees = donnees
        self._feuilles = {normaliser(nom): nom for nom in layout.feuilles(donnees.appel)}
        codes = set(_codes(donnees)) - codes_nominatifs(donnees)
        self._connus = {normaliser(mot) for mot in (*_mots(donnees.appel), *codes)}

    def feuille(self, item: Anomalie) -> str:
        """The sheet of an anomaly, under our name; one that is not ours may bear anybody's."""
        return self._feuilles.get(normaliser(item.cell.feuille), AILLEURS) if item.cell.feuille else "Le classeur"

    def entete(self, item: Anomalie) -> str:
        """The column of an anomaly, if it is one of ours."""
        return item.cell.entete if normaliser(item.cell.entete) in self._connus else ""

    def message(self, item: Anomalie) -> str:
        """The words of an anomaly without what was typed."""
        return masquer(_sans_codes(_CITATION.sub(self._citation, item.message), self._donnees))

    def _citation(self, found: re.Match[str]) -> str:
        return found[0] if normaliser(found[0]) in self._connus else OMIS


def sans_noms(item: Anomalie, donnees: Donnees) -> Anomalie:
    """An anomaly that quotes nothing of anyone's name, whether typed in its place or elsewhere."""

    def citation(found: re.Match[str]) -> str:
        return OMIS if cite_quelqu_un(found[0], donnees) else found[0]

    def discreet(text: str) -> str:
        shown = text.replace(cite(item.valeur), OMIS) if named else text
        return _sans_codes(_CITATION.sub(citation, shown), donnees)

    typed_as_name = item.cell.entete in entetes_des_noms(donnees.appel)
    named = item.valeur and (typed_as_name or cite_quelqu_un(item.valeur, donnees))
    valeur = "…" if named else _sans_codes(item.valeur, donnees)
    return replace(item, message=discreet(item.message), valeur=valeur, remede=discreet(item.remede))


def _sans_codes(text: str, donnees: Donnees) -> str:
    for code in sorted(codes_nominatifs(donnees), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(code)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text


def _mots(appel: Appel) -> Iterator[str]:
    """Every word of the call and of the sheets that a message may quote."""
    yield from (*layout.feuilles(appel), A_QUALIFIER)
    for row in modeles(appel).values():
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
