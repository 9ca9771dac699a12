"""What happens during the operation: immersions, weekly hours, committees, employers, written parts."""

from datetime import date
from decimal import Decimal

from aap_xl.rows.fields import Nature, Qui, Row, champ


class Immersion(Row, feuille="Immersions", table="immersions"):
    """One period of work experience (PMSMP) of one participant."""

    participant: str | None = champ("Code participant", obligatoire=True, reference="participants", largeur=12)
    moment: str | None = champ(
        "Moment", Nature.CHOIX, liste="moments", obligatoire=True, largeur=14, aide="Avant ou pendant l'action."
    )
    hote: str | None = champ("Entreprise d'accueil", obligatoire=True, largeur=32)
    date_debut: date | None = champ("Date de début", Nature.DATE, obligatoire=True)
    date_fin: date | None = champ("Date de fin", Nature.DATE, obligatoire=True)
    renouvellement: bool | None = champ(
        "Renouvellement", Nature.OUINON, largeur=15, aide="Prolonge une immersion chez le même hôte."
    )
    jours: int | None = champ(
        "Jours", Nature.ENTIER, qui=Qui.CALCUL, largeur=8, aide="Jours calendaires, bornes comprises."
    )


class Heure(Row, feuille="Heures", table="heures"):
    """One participant's week."""

    participant: str | None = champ("Code participant", obligatoire=True, reference="participants", largeur=12)
    semaine: date | None = champ(
        "Semaine du lundi", Nature.DATE, obligatoire=True, aide="Date du lundi de la semaine.", largeur=13
    )
    travail: Decimal | None = champ(
        "Heures travaillées",
        Nature.HEURES,
        minimum=0,
        maximum=60,
        aide="Heures de présence ou de travail de la personne.",
    )
    accompagnement: Decimal | None = champ(
        "Accompagnement reçu (h)",
        Nature.HEURES,
        minimum=0,
        largeur=15,
        aide="Heures d'accompagnement socioprofessionnel reçues par la personne.",
    )
    encadrement: Decimal | None = champ(
        "Encadrement reçu (h)",
        Nature.HEURES,
        minimum=0,
        largeur=14,
        aide="Heures d'encadrement technique reçues par la personne.",
    )
    accompagnement_equipe: Decimal | None = champ(
        "Accompagnement donné par l'équipe (h)",
        Nature.HEURES,
        minimum=0,
        largeur=18,
        aide="Heures de l'équipe ; un temps collectif n'est compté qu'une fois, sur une seule ligne.",
    )
    encadrement_equipe: Decimal | None = champ(
        "Encadrement donné par l'équipe (h)",
        Nature.HEURES,
        minimum=0,
        largeur=18,
        aide="Heures de l'équipe ; un temps collectif n'est compté qu'une fois, sur une seule ligne.",
    )
    repere: str | None = champ(
        "Repère", qui=Qui.CALCUL, largeur=20, aide="Sous le minimum, dans la fourchette, ou au-delà."
    )


class Comite(Row, feuille="Comités", table="comites"):
    """One steering or follow-up committee."""

    date_reunion: date | None = champ("Date", Nature.DATE, obligatoire=True)
    slai: bool | None = champ("Présence {du slai}", Nature.OUINON, largeur=10)
    composition: str | None = champ(
        "Composition", obligatoire=True, largeur=48, aide="Services et structures présents (aucun nom)."
    )
    tableau_envoye: date | None = champ("Tableau de bord envoyé le", Nature.DATE, largeur=15)
    decisions: str | None = champ("Décisions prises", largeur=48)
    trimestre: int | None = champ("Trimestre de l'opération", Nature.ENTIER, qui=Qui.CALCUL, largeur=12)


class Partenaire(Row, feuille="Partenaires", table="partenaires"):
    """One link with an employer or a partner."""

    date_lien: date | None = champ("Date", Nature.DATE, obligatoire=True)
    nature: str | None = champ("Nature du lien", Nature.CHOIX, liste="liens", obligatoire=True, largeur=30)
    partenaire: str | None = champ("Entreprise ou partenaire", obligatoire=True, largeur=34)
    personnes: int | None = champ("Participants concernés", Nature.ENTIER, minimum=0, largeur=13)
    objet: str | None = champ("Objet", largeur=44)


class Redaction(Row, feuille="Bilan pédagogique", table="redactions"):
    """One heading of the written report; the headings come from the call."""

    rubrique: str | None = champ("Rubrique", obligatoire=True, largeur=36)
    texte: str | None = champ("Texte", Nature.LONG, largeur=100)
