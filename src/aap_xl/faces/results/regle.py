"""Rules explained, for whoever asks for one by its code."""

import re
from collections.abc import Sequence

from aap_xl.anomalies import Gravite
from aap_xl.appels.model import Appel
from aap_xl.domain.regles.explications import Exemple, Explication, dites, exemples, explications
from aap_xl.faces.failures import Refus
from aap_xl.records import record


@record
class Demandee:
    """How one call asks for a rule."""

    appel: str
    millesime: int
    gravite: Gravite
    gravite_finale: Gravite | None
    article: str
    citation: str


@record
class Leve:
    """Who can lift the anomaly: a code, and words."""

    code: str
    texte: str


@record
class Regle:
    """One rule; ``corriger``: what to do, one sentence or several."""

    code: str
    titre: str
    quoi: str
    appels: Sequence[Demandee]
    defaut: Exemple
    admis: Exemple
    corriger: Sequence[str]
    leve: Leve


@record
class Resultat:
    """The rules asked for; ``schema`` changes if the keys ever do."""

    schema: int
    regles: Sequence[Regle]


def resultat(code: str, appels: Sequence[Appel]) -> Resultat:
    """One rule, every rule without a code."""
    return Resultat(schema=1, regles=[_regle(item, appels) for item in ([code] if code else explications())])


def _regle(code: str, appels: Sequence[Appel]) -> Regle:
    explication, cas = dites(appels)[code], exemples()[code]
    leve = Leve(explications()[code].leve, explication.leve)
    asked = [_demandee(code, appel) for appel in appels if code in appel.regles]
    said = explication.titre, explication.quoi
    return Regle(code, *said, asked, cas.defaut, cas.admis, corriger(code, explication), leve)


def _demandee(code: str, appel: Appel) -> Demandee:
    regle = appel.regles[code]
    said = regle.gravite, regle.gravite_finale, regle.article, regle.citation
    return Demandee(appel.identite.code, appel.identite.millesime, *said)


def corriger(code: str, explication: Explication) -> tuple[str, ...]:
    """What to do, written for the rule; else what its messages say."""
    return (explication.corriger,) if explication.corriger else exemples()[code].remedes


def code_demande(asked: str) -> str:
    """The rule asked for: ``p4`` is ``P04``.

    Raises: Refus, listing the codes of the same family, or the families.
    """
    found = re.fullmatch(r"([A-Z])0*(\d{1,2})", asked.strip().upper())
    code = f"{found[1]}{int(found[2]):02}" if found else ""
    if code in explications():
        return code
    famille = asked.strip().upper()[:1]
    alike = [item for item in explications() if item[0] == famille]
    choice = f"au choix : {', '.join(alike)}" if alike else "aap-xl regle les liste toutes"
    raise Refus(f"la règle « {asked} » est inconnue ; {choice}.")
