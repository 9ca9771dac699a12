"""The codes that the program itself reads: what a call may ask for, and items that its lists must hold."""

from collections.abc import Mapping
from enum import StrEnum

from aap_xl.appels.model.base import Worded


class Indicateur(Worded):
    """The indicators a call may ask for; each is a part of the bilan."""

    PERSONNES = "personnes", "Personnes accompagnées, dont BRSA"
    SORTIES_DYNAMIQUES = "sorties_dynamiques", "Sorties dynamiques, à la sortie et après"
    SORTIES_VISEES = "sorties_visees", "Formation qualifiante ou emploi dans le métier ou secteur visé"
    HEURES = "heures", "Heures d'accompagnement et d'encadrement"
    PHASAGE = "phasage", "Phasage, méthodes et outils"
    LIENS = "liens", "Liens avec {le economie}"
    COMITES = "comites", "Fréquence et composition des comités"
    LOGEMENT_DABORD = "logement_dabord", "Logement d'abord : nombre et âges"


class Contact(StrEnum):
    """What came of the follow-up contact: codes that a list « contacts » must hold."""

    FAIT = "fait"
    INJOIGNABLE = "injoignable"


class Decision(StrEnum):
    """An officer's decision on an expense: codes that a list « decisions » must hold."""

    RETENUE = "retenue"
    REFUSEE = "refusee"
    A_JUSTIFIER = "a_justifier"


class Moment(StrEnum):
    """When an immersion takes place: codes that a list « moments » must hold."""

    AVANT = "avant"
    PENDANT = "pendant"


class Avis(StrEnum):
    """The opinion that lets a project be funded: a code that a list « avis » must hold."""

    FAVORABLE = "favorable"


class Frein(StrEnum):
    """What hinders a person: a code that a list « freins » must hold, for nothing any more."""

    AUCUN = "aucun"


class Resultat(StrEnum):
    """What became of a person's objective: a code that a list « resultats » must hold."""

    ATTEINT = "atteint"


CODES_DES_LISTES: Mapping[str, type[StrEnum]] = {
    "contacts": Contact,
    "decisions": Decision,
    "moments": Moment,
    "avis": Avis,
    "freins": Frein,
    "resultats": Resultat,
}
"""The lists of which the program itself reads some codes; a call may add others."""
