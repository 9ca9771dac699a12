"""The columns of each table of the dataset. Nothing nominative has a column here.

Amounts are euros to the cent. ``operation`` is the operation's identifier, ``fichier`` the file's: the first digits
of its content's SHA-256. Only « fichiers » speaks of files that do not count.
"""

import pyarrow as pa

EUROS = pa.decimal128(16, 2)
_CALL = [("appel", pa.string()), ("millesime", pa.int32())]
_LINE = [("operation", pa.string()), ("fichier", pa.string()), *_CALL]
_TERRITORY = [*_LINE, ("porteur", pa.string()), ("mds", pa.string())]


def _counts(*noms: str) -> list[tuple[str, pa.DataType]]:
    return [(nom, pa.int32()) for nom in noms]


def _amounts(*noms: str) -> list[tuple[str, pa.DataType]]:
    return [(nom, EUROS) for nom in noms]


_SEVERITIES = _counts("bloquantes", "a_verifier", "informations")

OPERATIONS = pa.schema(
    [
        *_TERRITORY,
        ("siret", pa.string()),
        ("convention", pa.string()),
        ("date_debut", pa.date32()),
        ("date_fin", pa.date32()),
        ("a_jour_au", pa.date32()),
        ("echeance_bilan", pa.date32()),
        ("date_bilan", pa.date32()),
        *_counts("jours_de_retard"),
        ("provisoire", pa.bool_()),
        *_counts("prevues", "entrees", "parcours", "brsa", "sorties", "dynamiques", "suivis", "dynamiques_suivi"),
        *_counts("intermediaires", "dynamiques_intermediaire"),
        *_amounts("prevu", "realise", "retenu"),
        *_amounts("demandee", "votee", "ajustement", "du", "avance", "solde", "a_reverser"),
        *_SEVERITIES,
    ]
)
"""One line per operation.

entrees: persons; parcours: the stays begun; brsa: among ``entrees``; dynamiques: among ``sorties``; dynamiques_suivi:
among ``suivis``, the exits whose follow-up point is due (null where the call has none); dynamiques_intermediaire: among
``intermediaires``, the same at the point before, for the calls that have two; prevu, realise, retenu: total costs;
ajustement: what the officer adds to the grant, or takes away, whose reason is free text and left out."""

PERSONNES = pa.schema(
    [
        *_LINE,
        ("pseudonyme", pa.string()),
        *_counts("parcours"),
        ("mds", pa.string()),
        ("sexe", pa.string()),
        ("tranche_age", pa.string()),
        ("brsa", pa.bool_()),
        ("logement_dabord", pa.bool_()),
        ("hebergement", pa.string()),
        ("orienteur", pa.string()),
        ("mois_premiere_entree", pa.string()),
        ("mois_entree", pa.string()),
        ("mois_sortie", pa.string()),
        ("situation", pa.string()),
        ("classe", pa.string()),
        ("dynamique", pa.bool_()),
        ("etat_suivi", pa.string()),
        ("classe_suivi", pa.string()),
        ("dynamique_suivi", pa.bool_()),
        ("etat_intermediaire", pa.string()),
        ("classe_intermediaire", pa.string()),
        ("dynamique_intermediaire", pa.bool_()),
        ("piece", pa.bool_()),
    ]
)
"""One line per person of an operation, as the last stay describes them; parcours: how many stays.

pseudonyme: 32 hexadecimal digits from the key, the same in every operation and every stay; « P001 », which means
nothing elsewhere, without a key or for someone whose name, first name or birth date is missing. Months as « 2025-03 »;
choices as the wording of the call's list; piece: whether a document is named."""

PARCOURS = pa.schema(
    [
        *_LINE,
        ("pseudonyme", pa.string()),
        *_counts("rang", "action"),
        ("mds", pa.string()),
        ("tranche_age", pa.string()),
        ("brsa", pa.bool_()),
        ("mois_entree", pa.string()),
        ("mois_sortie", pa.string()),
        ("situation", pa.string()),
        ("classe", pa.string()),
        ("dynamique", pa.bool_()),
        ("compte", pa.bool_()),
        ("selection_slai", pa.bool_()),
        ("resultat", pa.string()),
        *_counts("demi_journees_prevues", "demi_journees_emargees"),
        ("phase", pa.string()),
        *((nom, pa.string()) for nom in ("hebergement_sortie", "employabilite_entree", "employabilite_sortie")),
        *_counts("freins_entree", "freins_sortie"),
    ]
)
"""One line per stay, that is per line of « Participants »; it joins « personnes » by operation and pseudonyme.

rang: its place among the person's stays, by entry; action: the rank of the action followed, in its sheet; age, MDS and
RSA at that entry; compte: whether its exit is one of the operation's (someone who came back did not leave); resultat:
of the individual objective, whose text is left out, as what the interim point observed; freins: how many."""

SORTIES = pa.schema([*_TERRITORY, ("moment", pa.string()), ("classe", pa.string()), *_counts("effectif", "total")])
"""One line per operation, moment (« sortie », « intermediaire », « suivi ») and class; total: the denominator."""

BUDGET = pa.schema([*_TERRITORY, ("poste", pa.string()), *_amounts("prevu", "realise", "retenu")])
"""One line per operation and cost category, the flat rate included."""

DEPENSES = pa.schema(
    [
        *_LINE,
        ("feuille", pa.string()),
        ("ligne", pa.int32()),
        ("ligne_budget", pa.string()),
        ("poste", pa.string()),
        ("fonction", pa.string()),
        ("mois", pa.string()),
        *_amounts("montant", "admissible"),
        ("motif", pa.string()),
        ("decision", pa.string()),
    ]
)
"""One line per expense of « Dépenses » and per month of « Salaires »: no supplier, no document, no free text, no salary
before its share. ligne_budget: the code of a planned line, or its sheet and row where the code might name someone;
fonction: the role planned on a line of staff; mois: of the first day of what was paid; montant: null for what
« Salaires » already counts, so that the sums are the bilan's, before the flat rate."""

HEURES = pa.schema(
    [
        *_LINE,
        ("pseudonyme", pa.string()),
        ("mois", pa.string()),
        *_amounts("travail", "accompagnement", "encadrement", "accompagnement_equipe", "encadrement_equipe"),
    ]
)
"""Hours by person and month (of the week's date), the team's beside; the pseudonym is null when unknown."""

INDICATEURS = pa.schema(
    [
        *_TERRITORY,
        ("indicateur", pa.string()),
        ("nombre", pa.decimal128(16, 2)),
        *_counts("numerateur", "denominateur"),
    ]
)
"""The call's indicators, as in each bilan."""

COLONNES = pa.schema(
    [
        *_LINE,
        ("feuille", pa.string()),
        ("ligne", pa.int32()),
        ("pseudonyme", pa.string()),
        ("colonne", pa.string()),
        ("valeur", pa.string()),
        ("nombre", pa.decimal128(16, 2)),
    ]
)
"""One line per filled cell of a column that only its call has, texts never: its header; « Oui », a choice or a month
in valeur, else a number. pseudonyme: of a participant's line."""

ANOMALIES = pa.schema(
    [
        *_LINE,
        ("code", pa.string()),
        ("gravite", pa.string()),
        ("feuille", pa.string()),
        ("cellule", pa.string()),
        ("rubrique", pa.string()),
        ("regle", pa.string()),
        ("article", pa.string()),
    ]
)
"""One line per anomaly of a file that counts, without the value nor a message that would quote it; feuille: one of
the call's, else empty; regle: what the rule says in general."""

FICHIERS = pa.schema(
    [
        ("fichier", pa.string()),
        ("nom", pa.string()),
        ("etat", pa.string()),
        ("motif", pa.string()),
        ("remplace_par", pa.string()),
        ("ecarts", pa.list_(pa.struct([("mesure", pa.string()), ("avant", EUROS), ("apres", EUROS)]))),
        ("empreinte", pa.string()),
        ("taille", pa.int64()),
        ("date_fichier", pa.date32()),
        ("operation", pa.string()),
        *_CALL,
        ("porteur", pa.string()),
        ("siret", pa.string()),
        ("a_jour_au", pa.date32()),
        *_SEVERITIES,
    ]
)
"""One line per file found, in the order of their names (an archive's members as « lot.zip/suivi.xlsx »).

etat: « retenu » (``motif``: why it is counted apart, or which other operation it may be), « remplacé » (a later
version counts: ``remplace_par``, its name; ``ecarts``: the columns of
« operations » that changed, before and after), « doublon » (same bytes as ``remplace_par``),
« refusé » (``motif``: the sentence), « ignoré » (not a workbook: ``motif``).
"""

PERSONNES_COMMUNES = pa.schema([("pseudonyme", pa.string()), ("operations", pa.list_(pa.string()))])
"""People present in several operations; only with a key."""

TABLES: dict[str, pa.Schema] = {
    "operations": OPERATIONS,
    "personnes": PERSONNES,
    "parcours": PARCOURS,
    "sorties": SORTIES,
    "budget": BUDGET,
    "depenses": DEPENSES,
    "heures": HEURES,
    "indicateurs": INDICATEURS,
    "colonnes": COLONNES,
    "anomalies": ANOMALIES,
    "fichiers": FICHIERS,
    "personnes_communes": PERSONNES_COMMUNES,
}

COMMUNES = ("operation", "fichier", "appel", "millesime")
"""Added to each line of a file; so are ``porteur`` and ``mds`` where the table has both."""


def communes(table: str) -> tuple[str, ...]:
    """The columns of a table that are the same for all the lines of a file."""
    return (*COMMUNES, "porteur", "mds") if "porteur" in TABLES[table].names else COMMUNES


LOCALES: dict[str, pa.Schema] = {
    table: pa.schema([item for item in champs if item.name not in communes(table)])
    for table, champs in TABLES.items()
    if table not in ("fichiers", "personnes_communes")
}
"""What a file itself gives of each table."""
