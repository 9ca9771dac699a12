"""A rule's name as French writes it."""

from aap_xl.texte import normaliser

_MOTS = (
    "à agrément aidé antérieure après comité coût début décision delà dépassé dépassée dépense déséquilibré durée "
    "écrasé écrit éligible entrée envoyé forcée fusionnées hôte identifié identité inadaptée incohérent incomplète "
    "intermédiaire masquées même métier négatif opération pédagogique pièce présent prévue quotités réalisé rédigée "
    "rôle séjour supérieure validé vérifier visé"
)
_SIGLES = "ACI BRSA Convergence MDS NIR SIRET SLAI"
_ECRITS = {normaliser(mot): mot for mot in f"{_MOTS} {_SIGLES}".split()} | {"entete": "en-tête"}


def phrase(nom: str) -> str:
    """``duree_de_l_action`` → ``Durée de l'action``."""
    texte = " ".join(_ECRITS.get(mot, mot) for mot in nom.strip("_").split("_"))
    texte = texte.replace(" l ", " l'").replace("au delà", "au-delà")
    return texte[:1].upper() + texte[1:]
