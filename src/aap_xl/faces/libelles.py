"""What an officer reads beside each value of a call; a key without an entry is printed as it is."""

from aap_xl.texte import normaliser

LIBELLES = {
    # sections
    "identite": "Identité",
    "mds": "Maisons du Département Solidarité",
    "depots": "Sessions de dépôt",
    "operation": "L'opération",
    "public": "Public",
    "sorties": "Sorties",
    "heures": "Heures hebdomadaires",
    "immersions": "Immersions (PMSMP)",
    "comites": "Comités",
    "budget": "Budget",
    "phases": "Phases",
    "rubriques": "Rubriques du bilan pédagogique",
    "indicateurs": "Indicateurs de l'appel",
    # identity and lists
    "millesime": "Année",
    "intitule": "Intitulé",
    "collectivite": "Collectivité",
    "libelle": "Libellé",
    "alias": "Aussi compris",
    "telephone": "Téléphone",
    "depot_du": "Dépôt du",
    "depot_au": "au",
    "debut_du": "Débuts du",
    "debut_au": "au (inclus)",
    # operation
    "formes_eligibles": "Formes éligibles",
    "agrement_aci": "Agrément ACI exigé",
    "avis_convergence": "Avis favorable de Convergence exigé",
    "besoin_recrutement": "Besoin de recrutement ou secteur exigé",
    "validation_employeurs": "Validation des employeurs exigée",
    "liens_requis": "Liens exigés avec les entreprises",
    "meme_territoire_formation": "Enveloppe conjoncturelle : formation sur le même territoire",
    "duree_max_mois": "Durée maximale (mois)",
    "action_semaines_min": "Durée d'une action, au moins (semaines)",
    "action_semaines_max": "Durée d'une action, au plus (semaines)",
    "action_semaine_jours": "Jours qui font une semaine d'action",
    "personnes_par_an": "Capacité (personnes par an)",
    "bilan_delai_mois": "Bilan final dû après (mois)",
    "suivi_mois": "Suivi après la sortie (mois)",
    # public
    "criteres": "Critères (un seul suffit)",
    "brsa": "BRSA",
    "age_max_exclu": "Moins de (ans)",
    "age_max": "Au plus (ans)",
    "age_min": "Au moins (ans)",
    "hebergement": "Situation de logement",
    "logement_dabord": "Logement d'abord",
    "age_implausible_min": "Âge invraisemblable en dessous de",
    "age_implausible_max": "Âge invraisemblable au-dessus de",
    "brsa_age_min": "BRSA à vérifier en dessous de (ans)",
    "brsa_plus_jeune": "BRSA plus jeune : possible",
    "tranches_age": "Tranches d'âge, à partir de",
    "majorite_brsa": "Majorité de BRSA",
    "seuil": "Part des personnes entrées",
    "strict": "Strictement plus que cette part",
    "par_action": "Vérifiée par action",
    "par_operation": "Vérifiée sur l'opération",
    # exits
    "situations": "Situations de sortie",
    "classes": "Classes de sortie",
    "classement": "Table de décision (la première ligne qui convient donne la classe)",
    "pieces": "Pièces justificatives",
    "pieces_par_situation": "Pièces admises par situation",
    "retraits_hors_denominateur": "Retraits hors du dénominateur",
    "classe_retrait": "Classe des retraits",
    "references": "Repères nationaux (affichés, jamais contrôlés)",
    "si": "Si la situation est",
    "validation": "À valider",
    "a_verifier": "À vérifier",
    "article": "Rubrique",
    "contrat": "Contrat",
    # hours, immersions, committees
    "avant_min": "Avant l'action, au moins",
    "pendant_min": "Pendant l'action, au moins",
    "renouvellements_max": "Renouvellements, au plus",
    "par_hote_max": "Par entreprise d'accueil, au plus",
    "periode_mois": "Sur une période de (mois)",
    "jours_max": "En tout, au plus (jours)",
    "intervalle_mois": "Un tous les (mois)",
    "minimum": "Minimum",
    "maximum": "Maximum",
    "slai": "SLAI présent",
    "tableau_de_bord": "Tableau de bord envoyé avant",
    # budget
    "postes": "Postes de charges directes",
    "table": "Feuille",
    "charges_indirectes": "Charges indirectes (forfait)",
    "assiette": "Assiette",
    "article_ressources": "Déduction des autres ressources",
    "outils_pedagogiques_inclus": "Outils pédagogiques compris dans le forfait",
    "fongibilite": "Fongibilité",
    "niveau": "Appréciée par",
    "ressources": "Types de ressources",
    "ressource_departement": "Ressource du Département",
    "ressource_aides_emploi": "Ressource des aides à l'emploi",
    "plafond_subvention": "Plafond de la subvention",
    "roles": "Fonctions du personnel",
    "bases_heures": "Bases horaires annuelles proposées",
    "tolerance": "Tolérance dépenses = ressources",
}

VALEURS = {
    "indicateurs": {
        "personnes": "Personnes accompagnées, dont BRSA",
        "sorties_dynamiques": "Sorties dynamiques, à la sortie et après",
        "sorties_visees": "Formation qualifiante ou emploi dans le métier ou secteur visé",
        "heures": "Heures d'accompagnement et d'encadrement",
        "phasage": "Phasage, méthodes et outils",
        "liens": "Liens avec le secteur économique",
        "comites": "Fréquence et composition des comités",
        "logement_dabord": "Logement d'abord : nombre et âges",
    },
    "contrat": {"sans": "", "debut": "date de début", "duree": "dates ou durée"},
    "table": {"personnel": "Personnel", "charges": "Charges"},
}
"""Keys whose values are words of ours: how an officer reads them."""

_MOTS = (
    "à agrément aidé après comité coût début décision delà dépassé dépassée dépense déséquilibré durée écrasé écrit "
    "éligible entrée envoyé forcée fusionnées hôte identifié identité inadaptée incohérent incomplète intermédiaire "
    "masquées même métier négatif opération pédagogique pièce présent prévue quotités réalisé rédigée rôle séjour "
    "supérieure validé vérifier visé"
)
_SIGLES = "ACI BRSA Convergence MDS NIR SIRET SLAI"
_ECRITS = {normaliser(mot): mot for mot in f"{_MOTS} {_SIGLES}".split()} | {"entete": "en-tête"}


def phrase(nom: str) -> str:
    """``duree_de_l_action`` → ``Durée de l'action``: a rule's name as French writes it."""
    texte = " ".join(_ECRITS.get(mot, mot) for mot in nom.strip("_").split("_"))
    texte = texte.replace(" l ", " l'").replace("au delà", "au-delà")
    return texte[:1].upper() + texte[1:]
