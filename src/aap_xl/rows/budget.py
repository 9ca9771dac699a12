"""Money planned and spent: staff, other direct costs, resources, actual expenses."""

from datetime import date
from decimal import Decimal

from aap_xl.rows.fields import Nature, Qui, Row, champ

_SUIVI = "Réalisé (calculé)"
_PREVU = "Prévu au dossier"
_OFFICER = "Instructeur"
_PERIODE = "Si besoin : période, avoir"


class Personnel(Row, feuille="Personnel", table="personnel"):
    """One member of staff directly tied to the operation: a planned budget line."""

    code: str | None = champ(
        "Code ligne",
        obligatoire=True,
        groupe=_PREVU,
        aide="Code unique de la ligne de budget, par exemple P1.",
        largeur=9,
    )
    salarie: str | None = champ(
        "Salarié",
        obligatoire=True,
        groupe=_PREVU,
        aide="Nom ou initiales : sert à additionner les quotités d'un même salarié.",
        largeur=22,
    )
    role: str | None = champ("Fonction", Nature.CHOIX, liste="roles", obligatoire=True, groupe=_PREVU, largeur=26)
    debut: date | None = champ("Début d'affectation", Nature.DATE, groupe=_PREVU)
    fin: date | None = champ("Fin d'affectation", Nature.DATE, groupe=_PREVU)
    brut: Decimal | None = champ(
        "Salaire brut", Nature.MONTANT, groupe=_PREVU, minimum=0, aide="Sur la période d'affectation."
    )
    cotisations: Decimal | None = champ("Cotisations patronales", Nature.MONTANT, groupe=_PREVU, minimum=0)
    taxes: Decimal | None = champ("Taxes sur salaires", Nature.MONTANT, groupe=_PREVU, minimum=0)
    aides: Decimal | None = champ(
        "Aides à l'emploi",
        Nature.MONTANT,
        groupe=_PREVU,
        minimum=0,
        aide="Aide au poste, exonérations remboursées : viennent en déduction.",
    )
    quotite: Decimal | None = champ(
        "Quotité de temps",
        Nature.TAUX,
        groupe=_PREVU,
        minimum=0,
        maximum=1,
        aide="Part du temps consacrée à l'opération.",
        largeur=10,
    )
    taux_horaire: Decimal | None = champ(
        "Taux horaire chargé",
        Nature.MONTANT,
        groupe=_PREVU,
        minimum=0,
        aide="À la place de la quotité : taux × heures signées.",
    )
    heures: Decimal | None = champ("Heures signées", Nature.HEURES, groupe=_PREVU, minimum=0, largeur=10)
    prevu: Decimal | None = champ("Coût prévu", Nature.MONTANT, groupe=_SUIVI, qui=Qui.CALCUL)
    depense: Decimal | None = champ("Dépensé", Nature.MONTANT, groupe=_SUIVI, qui=Qui.CALCUL)
    retenu: Decimal | None = champ("Retenu", Nature.MONTANT, groupe=_SUIVI, qui=Qui.CALCUL)
    ecart: Decimal | None = champ("Écart prévu − dépensé", Nature.MONTANT, groupe=_SUIVI, qui=Qui.CALCUL)


class Charge(Row, feuille="Charges", table="charges"):
    """One other direct cost planned in the application: running costs or external services."""

    code: str | None = champ(
        "Code ligne",
        obligatoire=True,
        groupe=_PREVU,
        aide="Code unique de la ligne de budget, par exemple F1 ou X1.",
        largeur=9,
    )
    poste: str | None = champ(
        "Poste", Nature.CHOIX, liste="postes_charges", obligatoire=True, groupe=_PREVU, largeur=26
    )
    libelle: str | None = champ("Libellé", obligatoire=True, groupe=_PREVU, largeur=40)
    outil_pedagogique: bool | None = champ(
        "Outil pédagogique",
        Nature.OUINON,
        groupe=_PREVU,
        aide="Réalisation d'outils pédagogiques : déjà comprise dans le forfait.",
        largeur=13,
    )
    prevu: Decimal | None = champ("Montant prévu", Nature.MONTANT, obligatoire=True, groupe=_PREVU, minimum=0)
    depense: Decimal | None = champ("Dépensé", Nature.MONTANT, groupe=_SUIVI, qui=Qui.CALCUL)
    retenu: Decimal | None = champ("Retenu", Nature.MONTANT, groupe=_SUIVI, qui=Qui.CALCUL)
    ecart: Decimal | None = champ("Écart prévu − dépensé", Nature.MONTANT, groupe=_SUIVI, qui=Qui.CALCUL)


class Ressource(Row, feuille="Ressources", table="ressources"):
    """One resource of the funding plan."""

    type: str | None = champ("Type de ressource", Nature.CHOIX, liste="ressources", obligatoire=True, largeur=34)
    financeur: str | None = champ("Financeur", largeur=36)
    prevu: Decimal | None = champ("Montant prévu", Nature.MONTANT, obligatoire=True, minimum=0)
    realise: Decimal | None = champ(
        "Montant réalisé", Nature.MONTANT, minimum=0, aide="Au bilan : montant effectivement obtenu."
    )
    precision: str | None = champ("Précision", largeur=30)


class Depense(Row, feuille="Dépenses", table="depenses"):
    """One actual expense, with its document and the officer's decision."""

    document: str | None = champ(
        "N° de pièce", obligatoire=True, aide="Référence de la facture ou du bulletin de paie.", largeur=14
    )
    date_piece: date | None = champ("Date de la pièce", Nature.DATE, obligatoire=True)
    date_paiement: date | None = champ("Payée le", Nature.DATE)
    ligne_budget: str | None = champ(
        "Ligne de budget",
        obligatoire=True,
        reference="budget",
        aide="Code d'une ligne de Personnel ou de Charges.",
        largeur=10,
    )
    fournisseur: str | None = champ("Fournisseur ou salarié", largeur=24)
    objet: str | None = champ("Objet", largeur=28)
    montant: Decimal | None = champ(
        "Montant", Nature.MONTANT, obligatoire=True, aide="Un avoir s'inscrit en négatif, avec sa facture liée."
    )
    justificatif: bool | None = champ(
        "Justificatif joint", Nature.OUINON, aide="La pièce est-elle jointe au bilan ?", largeur=11
    )
    prestation_du: date | None = champ(
        "Prestation du",
        Nature.DATE,
        groupe=_PERIODE,
        depuis=2,
        aide="Premier jour du service payé : s'il est donné, il compte à la place de la date de la pièce.",
    )
    prestation_au: date | None = champ(
        "Prestation au", Nature.DATE, groupe=_PERIODE, depuis=2, aide="Dernier jour du service payé."
    )
    facture_liee: str | None = champ(
        "Facture liée",
        groupe=_PERIODE,
        depuis=2,
        aide="Pour un avoir : n° de pièce de la facture qu'il réduit.",
        largeur=14,
    )
    decision: str | None = champ(
        "Décision", Nature.CHOIX, liste="decisions", groupe=_OFFICER, qui=Qui.INSTRUCTEUR, largeur=13
    )
    motif_decision: str | None = champ("Motif de la décision", groupe=_OFFICER, qui=Qui.INSTRUCTEUR, largeur=26)
    montant_retenu: Decimal | None = champ(
        "Montant retenu",
        Nature.MONTANT,
        groupe=_OFFICER,
        qui=Qui.INSTRUCTEUR,
        minimum=0,
        depuis=2,
        aide="Pour ne retenir qu'une partie de la dépense ; vide : toute la dépense.",
    )
    admissible: Decimal | None = champ(
        "Montant admissible",
        Nature.MONTANT,
        qui=Qui.CALCUL,
        aide="Avant plafonnement au montant prévu de la ligne de budget.",
    )
    motif: str | None = champ("Motif calculé", qui=Qui.CALCUL, largeur=26)


class Salaire(Row, feuille="Salaires", table="salaires", depuis=2):
    """One month really paid to a member of staff, with its share and the officer's decision."""

    ligne_budget: str | None = champ(
        "Ligne de personnel",
        obligatoire=True,
        reference="personnel",
        aide="Code de la ligne de la feuille Personnel.",
        largeur=10,
    )
    mois: date | None = champ(
        "Mois", Nature.DATE, obligatoire=True, aide="Un jour du mois payé, par exemple 01/03/2025."
    )
    brut: Decimal | None = champ("Salaire brut", Nature.MONTANT, obligatoire=True, minimum=0)
    cotisations: Decimal | None = champ(
        "Cotisations et taxes", Nature.MONTANT, minimum=0, aide="Part de l'employeur, taxes sur salaires comprises."
    )
    aides: Decimal | None = champ(
        "Aides à l'emploi", Nature.MONTANT, minimum=0, aide="Reçues pour ce mois : viennent en déduction."
    )
    quotite: Decimal | None = champ(
        "Quotité de temps",
        Nature.TAUX,
        obligatoire=True,
        minimum=0,
        maximum=1,
        aide="Part du temps consacrée à l'opération ce mois-là.",
        largeur=10,
    )
    date_paiement: date | None = champ("Payé le", Nature.DATE)
    justificatif: bool | None = champ(
        "Bulletin joint", Nature.OUINON, aide="Le bulletin de paie est-il joint au bilan ?", largeur=11
    )
    decision: str | None = champ(
        "Décision", Nature.CHOIX, liste="decisions", groupe=_OFFICER, qui=Qui.INSTRUCTEUR, largeur=13
    )
    motif_decision: str | None = champ("Motif de la décision", groupe=_OFFICER, qui=Qui.INSTRUCTEUR, largeur=26)
    montant_retenu: Decimal | None = champ(
        "Montant retenu",
        Nature.MONTANT,
        groupe=_OFFICER,
        qui=Qui.INSTRUCTEUR,
        minimum=0,
        aide="Pour ne retenir qu'une partie du montant imputé ; vide : tout le montant.",
    )
    impute: Decimal | None = champ(
        "Montant imputé",
        Nature.MONTANT,
        qui=Qui.CALCUL,
        aide="(Brut + cotisations et taxes − aides) × quotité : la dépense de la ligne de personnel.",
    )
    admissible: Decimal | None = champ(
        "Montant admissible",
        Nature.MONTANT,
        qui=Qui.CALCUL,
        aide="Avant plafonnement au montant prévu de la ligne de personnel.",
    )
    motif: str | None = champ("Motif calculé", qui=Qui.CALCUL, largeur=26)
