"""The people an operation follows, a line per stay: entry, exit, and what became of them some months later."""

from datetime import date
from decimal import Decimal

from aap_xl.rows.fields import Nature, Qui, Row, champ

_IDENTITE = "Identité"
_PUBLIC = "Public à l'entrée"
_PARCOURS = "Parcours"
_SORTIE = "Sortie"
_INTERMEDIAIRE = "{suivi_intermediaire_mois} mois après la sortie"
_A_L_INTERMEDIAIRE = "à {suivi_intermediaire_mois} mois"
_SUIVI = "{suivi_mois} mois après la sortie"
_IDENTITE_SUITE = "Identité (suite)"
_OBJECTIF = "Sélection et objectif individuel"
_EMARGEMENT = "Émargement"
_PHASE = "Phase, freins et employabilité"
_EVOLUTION = "Évolution à la sortie"
_RUPTURE = "Contrat rompu"
_OFFICER = "Instructeur"
_CALCUL = "Calculé"


class Participant(Row, feuille="Participants", table="participants"):
    """One stay of one person followed by the porteur; one line of « Participants »."""

    code: str | None = champ(
        "Code participant",
        groupe=_IDENTITE,
        obligatoire=True,
        largeur=12,
        aide="Un code par personne, stable d'un envoi à l'autre ; si elle revient, le même sur une nouvelle ligne. "
        "Jamais le numéro de sécurité sociale.",
    )
    nom: str | None = champ("Nom", groupe=_IDENTITE, obligatoire=True, largeur=18)
    prenom: str | None = champ("Prénom", groupe=_IDENTITE, obligatoire=True, largeur=16)
    sexe: str | None = champ("Sexe", Nature.CHOIX, liste="sexes", groupe=_IDENTITE, largeur=10)
    date_naissance: date | None = champ("Date de naissance", Nature.DATE, groupe=_IDENTITE, obligatoire=True)
    mds: str | None = champ("{Mds}", Nature.CHOIX, liste="mds", groupe=_IDENTITE, obligatoire=True, largeur=16)
    orienteur: str | None = champ(
        "Orienteur",
        Nature.CHOIX,
        liste="orienteurs",
        groupe=_PUBLIC,
        largeur=18,
        aide="Qui a orienté la personne vers l'opération.",
    )
    brsa: bool | None = champ(
        "BRSA", Nature.OUINON, groupe=_PUBLIC, obligatoire=True, largeur=8, aide="Bénéficiaire du RSA à l'entrée."
    )
    hebergement: str | None = champ(
        "Situation de logement", Nature.CHOIX, liste="hebergements", groupe=_PUBLIC, largeur=24
    )
    logement_dabord: bool | None = champ(
        "Logement d'abord",
        Nature.OUINON,
        groupe=_PUBLIC,
        largeur=11,
        aide="Accompagné au titre de la démarche « logement d'abord ».",
    )
    action: str | None = champ(
        "Action suivie",
        groupe=_PARCOURS,
        reference="actions",
        largeur=10,
        aide="Code d'une action de la feuille Actions.",
    )
    date_entree: date | None = champ("Date d'entrée", Nature.DATE, groupe=_PARCOURS, obligatoire=True)
    date_point: date | None = champ(
        "Point intermédiaire", Nature.DATE, groupe=_PARCOURS, aide="Date du point d'étape entre l'entrée et la sortie."
    )
    date_sortie: date | None = champ("Date de sortie", Nature.DATE, groupe=_SORTIE)
    situation: str | None = champ("Situation à la sortie", Nature.CHOIX, liste="situations", groupe=_SORTIE, largeur=30)
    debut_contrat: date | None = champ("Début du contrat", Nature.DATE, groupe=_SORTIE)
    fin_contrat: date | None = champ(
        "Fin du contrat",
        Nature.DATE,
        groupe=_SORTIE,
        aide="Vide pour un CDI. Un renouvellement signé prolonge le contrat.",
    )
    mois_contrat: Decimal | None = champ(
        "Durée minimale (mois)",
        Nature.NOMBRE,
        groupe=_SORTIE,
        minimum=0,
        largeur=11,
        aide="Seulement si le CDD n'a pas de date de fin.",
    )
    metier_vise: bool | None = champ(
        "Dans le métier visé",
        Nature.OUINON,
        groupe=_SORTIE,
        largeur=10,
        aide="Formation qualifiante, ou emploi dans le métier ou secteur visé par l'action.",
    )
    precision: str | None = champ(
        "Précision sur la sortie",
        groupe=_SORTIE,
        largeur=26,
        aide="Employeur, formation ; raison écrite pour « autre sortie positive ».",
    )
    piece: str | None = champ("Pièce justificative", Nature.CHOIX, liste="pieces", groupe=_SORTIE, largeur=24)
    contact_intermediaire: str | None = champ(
        f"Contact {_A_L_INTERMEDIAIRE}", Nature.CHOIX, liste="contacts", groupe=_INTERMEDIAIRE, largeur=13
    )
    date_intermediaire: date | None = champ(f"Date du contact {_A_L_INTERMEDIAIRE}", Nature.DATE, groupe=_INTERMEDIAIRE)
    situation_intermediaire: str | None = champ(
        f"Situation {_A_L_INTERMEDIAIRE}", Nature.CHOIX, liste="situations", groupe=_INTERMEDIAIRE, largeur=30
    )
    debut_contrat_intermediaire: date | None = champ(
        f"Début du contrat {_A_L_INTERMEDIAIRE}", Nature.DATE, groupe=_INTERMEDIAIRE
    )
    fin_contrat_intermediaire: date | None = champ(
        f"Fin du contrat {_A_L_INTERMEDIAIRE}", Nature.DATE, groupe=_INTERMEDIAIRE
    )
    mois_contrat_intermediaire: Decimal | None = champ(
        f"Durée minimale {_A_L_INTERMEDIAIRE} (mois)", Nature.NOMBRE, groupe=_INTERMEDIAIRE, minimum=0, largeur=12
    )
    metier_vise_intermediaire: bool | None = champ(
        f"Métier visé {_A_L_INTERMEDIAIRE}", Nature.OUINON, groupe=_INTERMEDIAIRE, largeur=10
    )
    precision_intermediaire: str | None = champ(f"Précision {_A_L_INTERMEDIAIRE}", groupe=_INTERMEDIAIRE, largeur=26)
    piece_intermediaire: str | None = champ(
        f"Pièce {_A_L_INTERMEDIAIRE}", Nature.CHOIX, liste="pieces", groupe=_INTERMEDIAIRE, largeur=24
    )
    contact_suivi: str | None = champ(
        "Contact à {suivi_mois} mois", Nature.CHOIX, liste="contacts", groupe=_SUIVI, largeur=13
    )
    date_suivi: date | None = champ("Date du contact", Nature.DATE, groupe=_SUIVI)
    situation_suivi: str | None = champ(
        "Situation à {suivi_mois} mois", Nature.CHOIX, liste="situations", groupe=_SUIVI, largeur=30
    )
    debut_contrat_suivi: date | None = champ("Début du contrat à {suivi_mois} mois", Nature.DATE, groupe=_SUIVI)
    fin_contrat_suivi: date | None = champ("Fin du contrat à {suivi_mois} mois", Nature.DATE, groupe=_SUIVI)
    mois_contrat_suivi: Decimal | None = champ(
        "Durée minimale à {suivi_mois} mois (mois)", Nature.NOMBRE, groupe=_SUIVI, minimum=0, largeur=12
    )
    metier_vise_suivi: bool | None = champ("Métier visé à {suivi_mois} mois", Nature.OUINON, groupe=_SUIVI, largeur=10)
    precision_suivi: str | None = champ("Précision à {suivi_mois} mois", groupe=_SUIVI, largeur=26)
    piece_suivi: str | None = champ(
        "Pièce à {suivi_mois} mois", Nature.CHOIX, liste="pieces", groupe=_SUIVI, largeur=24
    )
    selection_slai: bool | None = champ(
        "Sélection par {le slai}",
        Nature.OUINON,
        groupe=_OBJECTIF,
        largeur=11,
        depuis=2,
        aide="{Le slai} a sélectionné la personne.",
    )
    objectif: str | None = champ(
        "Objectif individuel",
        groupe=_OBJECTIF,
        largeur=28,
        depuis=2,
        aide="Ce que la personne vise, en quelques mots ; pas de donnée de santé.",
    )
    constat_point: str | None = champ(
        "Constaté au point intermédiaire",
        groupe=_OBJECTIF,
        largeur=28,
        depuis=2,
        aide="Ce que le point intermédiaire a montré du parcours, en quelques mots.",
    )
    resultat: str | None = champ(
        "Objectif atteint",
        Nature.CHOIX,
        liste="resultats",
        groupe=_OBJECTIF,
        largeur=14,
        depuis=2,
        aide="À la sortie.",
    )
    demi_journees_prevues: int | None = champ(
        "Demi-journées prévues", Nature.ENTIER, groupe=_EMARGEMENT, minimum=0, largeur=11, depuis=2
    )
    demi_journees_emargees: int | None = champ(
        "Demi-journées émargées",
        Nature.ENTIER,
        groupe=_EMARGEMENT,
        minimum=0,
        largeur=11,
        depuis=2,
        aide="Signées par la personne sur les feuilles d'émargement.",
    )
    phase: str | None = champ("Phase atteinte", Nature.CHOIX, liste="phases", groupe=_PHASE, largeur=26, depuis=2)
    date_phase: date | None = champ("Phase atteinte le", Nature.DATE, groupe=_PHASE, depuis=2)
    freins_entree: str | None = champ(
        "Freins à l'entrée",
        liste="freins",
        groupe=_PHASE,
        largeur=24,
        depuis=2,
        aide="Mots de la liste, séparés par un point-virgule ; « Aucun » s'il n'y en a pas.",
    )
    employabilite_entree: str | None = champ(
        "Employabilité à l'entrée", Nature.CHOIX, liste="employabilites", groupe=_PHASE, largeur=24, depuis=2
    )
    hebergement_sortie: str | None = champ(
        "Logement à la sortie", Nature.CHOIX, liste="hebergements", groupe=_EVOLUTION, largeur=24, depuis=2
    )
    freins_sortie: str | None = champ(
        "Freins à la sortie",
        liste="freins",
        groupe=_EVOLUTION,
        largeur=24,
        depuis=2,
        aide="Ceux qui restent : mots de la liste, séparés par un point-virgule ; « Aucun » s'il n'y en a plus.",
    )
    employabilite_sortie: str | None = champ(
        "Employabilité à la sortie", Nature.CHOIX, liste="employabilites", groupe=_EVOLUTION, largeur=24, depuis=2
    )
    rupture_contrat: date | None = champ(
        "Rupture du contrat",
        Nature.DATE,
        groupe=_RUPTURE,
        largeur=14,
        aide="Dernier jour, si le contrat tenu à la sortie a été rompu avant son terme (période d'essai comprise).",
        depuis=2,
    )
    autre_nom: str | None = champ(
        "Autre nom (naissance, usage)",
        groupe=_IDENTITE_SUITE,
        largeur=18,
        aide="Facultatif : l'autre nom de la personne, sous lequel elle a pu être inscrite.",
        depuis=2,
    )
    classe_forcee: str | None = champ(
        "Classe retenue",
        Nature.CHOIX,
        liste="classes",
        groupe=_OFFICER,
        qui=Qui.INSTRUCTEUR,
        largeur=18,
        aide="Remplace la classe calculée ; exige un motif et un nom.",
    )
    motif_classe: str | None = champ("Motif", groupe=_OFFICER, qui=Qui.INSTRUCTEUR, largeur=24)
    valide_par: str | None = champ("Validé par", groupe=_OFFICER, qui=Qui.INSTRUCTEUR, largeur=16)
    age: int | None = champ("Âge à l'entrée", Nature.ENTIER, groupe=_CALCUL, qui=Qui.CALCUL, largeur=8)
    classe: str | None = champ("Classe de sortie", groupe=_CALCUL, qui=Qui.CALCUL, largeur=20)
    dynamique: str | None = champ("Sortie dynamique", groupe=_CALCUL, qui=Qui.CALCUL, largeur=11)
    echeance_intermediaire: date | None = champ(
        "Échéance des {suivi_intermediaire_mois} mois", Nature.DATE, groupe=_CALCUL, qui=Qui.CALCUL
    )
    etat_intermediaire: str | None = champ(
        f"État du suivi {_A_L_INTERMEDIAIRE}", groupe=_CALCUL, qui=Qui.CALCUL, largeur=12
    )
    classe_intermediaire: str | None = champ(f"Classe {_A_L_INTERMEDIAIRE}", groupe=_CALCUL, qui=Qui.CALCUL, largeur=20)
    dynamique_intermediaire: str | None = champ(
        f"Dynamique {_A_L_INTERMEDIAIRE}", groupe=_CALCUL, qui=Qui.CALCUL, largeur=11
    )
    echeance_suivi: date | None = champ("Échéance des {suivi_mois} mois", Nature.DATE, groupe=_CALCUL, qui=Qui.CALCUL)
    etat_suivi: str | None = champ("État du suivi", groupe=_CALCUL, qui=Qui.CALCUL, largeur=12)
    classe_suivi: str | None = champ("Classe à {suivi_mois} mois", groupe=_CALCUL, qui=Qui.CALCUL, largeur=20)
    dynamique_suivi: str | None = champ("Dynamique à {suivi_mois} mois", groupe=_CALCUL, qui=Qui.CALCUL, largeur=11)
    statut: str | None = champ("Statut de la ligne", groupe=_CALCUL, qui=Qui.CALCUL, largeur=18)
    assiduite: Decimal | None = champ(
        "Taux de présence",
        Nature.TAUX,
        groupe=_CALCUL,
        qui=Qui.CALCUL,
        largeur=10,
        depuis=2,
        aide="Demi-journées émargées sur demi-journées prévues.",
    )
    evolution: str | None = champ(
        "Évolution de l'employabilité",
        groupe=_CALCUL,
        qui=Qui.CALCUL,
        largeur=14,
        depuis=2,
        aide="De l'entrée à la sortie : en progrès, stable ou en recul.",
    )
    identite: str | None = champ(
        "Identité comparée",
        groupe=_CALCUL,
        qui=Qui.CALCUL,
        largeur=26,
        aide="Nom, prénom et naissance sans accents ni ponctuation : sert à reconnaître une personne qui revient.",
        depuis=2,
        masque=True,
    )
    personne: str | None = champ(
        "Personne",
        groupe=_CALCUL,
        qui=Qui.CALCUL,
        largeur=12,
        aide="Le code sous lequel la personne a été inscrite la première fois.",
        depuis=2,
    )
    parcours: str | None = champ(
        "Rang du parcours",
        groupe=_CALCUL,
        qui=Qui.CALCUL,
        largeur=17,
        aide="« Dernier » : la personne est comptée d'après ce parcours.",
        depuis=2,
    )
    suivie: str | None = champ(
        "Personne et action",
        groupe=_CALCUL,
        qui=Qui.CALCUL,
        largeur=16,
        aide="Sert à ranger les parcours d'une personne dans une action.",
        depuis=2,
        masque=True,
    )
    ordre: int | None = champ(
        "Ordre d'entrée",
        Nature.ENTIER,
        groupe=_CALCUL,
        qui=Qui.CALCUL,
        largeur=10,
        aide="Jour d'entrée en nombre, 0 s'il n'est pas connu : sert à ranger les parcours d'une personne.",
        depuis=2,
        masque=True,
    )
