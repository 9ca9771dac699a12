"""The operation itself: the form that identifies it and the actions it is made of."""

from datetime import date
from decimal import Decimal

from aap_xl.rows.fields import Nature, Qui, Row, champ

_PORTEUR = "Le porteur"
_DOSSIER = "Le dossier"
_PROJET = "Le projet"
_BUDGET = "Le financement demandé"
_CONVENTION = "Partie réservée {au financeur}"


class Operation(Row, feuille="Opération", table="operation"):
    """What identifies an operation and decides its rules; one per workbook."""

    porteur: str | None = champ(
        "Nom du porteur", groupe=_PORTEUR, obligatoire=True, aide="Nom de la structure, comme sur la convention."
    )
    siret: str | None = champ(
        "SIRET",
        groupe=_PORTEUR,
        obligatoire=True,
        aide="14 chiffres, sans lettre.",
        autres_entetes=("N° SIRET", "Numéro SIRET"),
    )
    forme: str | None = champ(
        "Forme juridique",
        Nature.CHOIX,
        liste="formes",
        groupe=_PORTEUR,
        obligatoire=True,
        aide="Choisissez dans la liste.",
    )
    agrement_aci: bool | None = champ(
        "Agrément atelier et chantier d'insertion",
        Nature.OUINON,
        groupe=_PORTEUR,
        aide="La structure a-t-elle l'agrément ACI ?",
    )
    structure_associee: str | None = champ(
        "Structure d'hébergement ou de logement associée",
        groupe=_PORTEUR,
        aide="Si le dossier est déposé à deux structures.",
    )
    siret_associee: str | None = champ(
        "SIRET de la structure associée", groupe=_PORTEUR, depuis=2, aide="14 chiffres, si le dossier est commun."
    )
    referent: str | None = champ(
        "Référent de l'opération", groupe=_PORTEUR, aide="Qui joindre au sujet de ce classeur."
    )
    courriel: str | None = champ("Courriel du référent", groupe=_PORTEUR)
    intitule: str | None = champ("Intitulé de l'opération", groupe=_DOSSIER, obligatoire=True)
    convention: str | None = champ("N° de convention", groupe=_DOSSIER, aide="Dès qu'il est connu.")
    mds: str | None = champ(
        "{Mds} de rattachement",
        Nature.CHOIX,
        liste="mds",
        groupe=_DOSSIER,
        obligatoire=True,
        aide="Choisissez {le mds_long} ; la liste ne se déduit pas d'un code postal.",
        autres_entetes=("{Mds}", "Territoire"),
    )
    autres_mds: str | None = champ("Autres {mds} : lesquels", groupe=_DOSSIER, aide="Séparez-les par un point-virgule.")
    date_depot: date | None = champ(
        "Date de dépôt du dossier",
        Nature.DATE,
        groupe=_DOSSIER,
        obligatoire=True,
        aide="Date du dépôt dans le portail {du financeur}.",
    )
    date_debut: date | None = champ("Date de début de l'opération", Nature.DATE, groupe=_DOSSIER, obligatoire=True)
    date_fin: date | None = champ("Date de fin de l'opération", Nature.DATE, groupe=_DOSSIER, obligatoire=True)
    a_jour_au: date | None = champ(
        "Classeur à jour au",
        Nature.DATE,
        groupe=_DOSSIER,
        aide="La date des dernières données, à changer avant chaque envoi : la version la plus récente est retenue.",
    )
    personnes_prevues: int | None = champ(
        "Nombre de personnes prévues", Nature.ENTIER, groupe=_PROJET, obligatoire=True, minimum=0
    )
    secteur: str | None = champ(
        "Métier ou secteur visé", groupe=_PROJET, aide="Secteur en tension ou métier sur lequel porte le recrutement."
    )
    besoin_recrutement: str | None = champ(
        "Besoin de recrutement identifié",
        Nature.LONG,
        groupe=_PROJET,
        aide="Entreprise(s) qui recrutent, nombre de postes.",
    )
    validation_employeurs: bool | None = champ("Contenu validé par les employeurs", Nature.OUINON, groupe=_PROJET)
    enveloppe_conjoncturelle: bool | None = champ("{Enveloppe} : mobilisée", Nature.OUINON, groupe=_PROJET)
    mds_formation: str | None = champ(
        "Territoire de la formation qualifiante",
        Nature.CHOIX,
        liste="mds",
        groupe=_PROJET,
        aide="Territoire où se déroule la formation qui suit {le action}.",
    )
    avis_convergence: str | None = champ(
        "Avis {du convergence}",
        Nature.CHOIX,
        liste="avis",
        groupe=_PROJET,
        aide="Avis préalable sur le support d'activité et le projet.",
    )
    date_avis_convergence: date | None = champ("Date de l'avis {du convergence}", Nature.DATE, groupe=_PROJET)
    objectif_dynamiques: int | None = champ(
        "Objectif : nombre de sorties dynamiques",
        Nature.ENTIER,
        groupe=_PROJET,
        minimum=0,
        aide="Objectif collectif inscrit dans le dossier.",
    )
    objectif_visees: int | None = champ(
        "Objectif : formations qualifiantes ou emplois dans le métier visé",
        Nature.ENTIER,
        groupe=_PROJET,
        minimum=0,
        depuis=2,
        aide="Nombre de sorties vers une formation qualifiante, ou vers un emploi du métier ou secteur visé.",
    )
    base_heures: Decimal | None = champ(
        "Base horaire annuelle",
        Nature.HEURES,
        groupe=_BUDGET,
        minimum=0,
        aide="Une seule base pour toute l'opération.",
    )
    subvention_demandee: Decimal | None = champ(
        "Subvention demandée {au financeur}", Nature.MONTANT, groupe=_BUDGET, obligatoire=True, minimum=0
    )
    part_associee: Decimal | None = champ(
        "Part du budget de la structure associée",
        Nature.MONTANT,
        groupe=_BUDGET,
        minimum=0,
        depuis=2,
        aide="Dépenses prévues au dossier qui sont celles de la structure associée.",
    )
    recupere_tva: bool | None = champ(
        "Récupère la TVA",
        Nature.OUINON,
        groupe=_BUDGET,
        depuis=2,
        aide="Oui : tous les montants du classeur sont hors taxes. Non, ou vide : toutes taxes comprises (TTC).",
    )
    subvention_votee: Decimal | None = champ(
        "Subvention votée", Nature.MONTANT, groupe=_CONVENTION, qui=Qui.INSTRUCTEUR, minimum=0
    )
    avance: Decimal | None = champ("Avance versée", Nature.MONTANT, groupe=_CONVENTION, qui=Qui.INSTRUCTEUR, minimum=0)
    taux_intervention: Decimal | None = champ(
        "Taux d'intervention de la convention",
        Nature.TAUX,
        groupe=_CONVENTION,
        qui=Qui.INSTRUCTEUR,
        aide="Vide si la convention n'en fixe pas.",
    )
    fongibilite: Decimal | None = champ(
        "Fongibilité de la convention",
        Nature.TAUX,
        groupe=_CONVENTION,
        qui=Qui.INSTRUCTEUR,
        aide="Vide : celle de l'appel à projets s'applique.",
    )
    date_fin_convention: date | None = champ(
        "Fin effective de la convention", Nature.DATE, groupe=_CONVENTION, qui=Qui.INSTRUCTEUR
    )
    date_bilan: date | None = champ(
        "Date de dépôt du bilan final", Nature.DATE, groupe=_CONVENTION, qui=Qui.INSTRUCTEUR
    )
    ajustement: Decimal | None = champ(
        "Ajustement de la subvention",
        Nature.MONTANT,
        groupe=_CONVENTION,
        qui=Qui.INSTRUCTEUR,
        depuis=2,
        aide="Ajouté à la subvention calculée ; négatif pour la réduire, par exemple si un objectif n'est pas atteint.",
    )
    motif_ajustement: str | None = champ(
        "Motif de l'ajustement", Nature.LONG, groupe=_CONVENTION, qui=Qui.INSTRUCTEUR, depuis=2
    )


class Action(Row, feuille="Actions", table="actions"):
    """One « action préparatoire » (a group of people over one to four weeks)."""

    code: str | None = champ("Code action", obligatoire=True, aide="Code unique, par exemple A1.", largeur=10)
    intitule: str | None = champ("Intitulé", largeur=30)
    metier: str | None = champ("Métier visé", obligatoire=True, largeur=24)
    mds: str | None = champ("{Mds}", Nature.CHOIX, liste="mds", obligatoire=True, largeur=18)
    date_debut: date | None = champ("Date de début", Nature.DATE, obligatoire=True)
    date_fin: date | None = champ("Date de fin", Nature.DATE, obligatoire=True)
    places: int | None = champ("Places prévues", Nature.ENTIER, minimum=0, largeur=10)
    entres: int | None = champ("Personnes entrées", Nature.ENTIER, qui=Qui.CALCUL, largeur=11)
    brsa_entres: int | None = champ("dont BRSA", Nature.ENTIER, qui=Qui.CALCUL, largeur=9)
    majorite_brsa: str | None = champ(
        "BRSA majoritaires",
        qui=Qui.CALCUL,
        largeur=13,
        aide="Oui si plus de la moitié des personnes entrées sont bénéficiaires du RSA.",
    )
