"""Who the call is for."""

from decimal import Decimal

from aap_xl.appels.model.base import Modele


class Critere(Modele):
    """One way of belonging to the public; every condition given must hold. ``brsa`` and ages are read at the entry."""

    libelle: str
    brsa: bool | None = None
    age_max_exclu: int | None = None
    age_max: int | None = None
    age_min: int | None = None
    hebergement: tuple[str, ...] = ()
    logement_dabord: bool | None = None


class Majorite(Modele):
    """The share of BRSA among distinct persons who entered; ``strict``: more than ``seuil``, else at least."""

    seuil: Decimal
    strict: bool
    par_action: bool
    par_operation: bool


class Public(Modele):
    """Who the call is for: at least one criterion.

    Attributes: brsa_age_min: below it a BRSA is to be verified; brsa_plus_jeune: how one may be younger, in words.
    """

    article: str
    criteres: tuple[Critere, ...]
    majorite_brsa: Majorite | None = None
    age_implausible_min: int
    age_implausible_max: int
    brsa_age_min: int | None = None
    brsa_plus_jeune: str = ""
    tranches_age: tuple[int, ...]
