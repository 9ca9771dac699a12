"""F: the file and its structure. R: personal data that must not be there.

Reading notices (`faits`), rules word; F14 and F17 are found here, on rows.
"""

from collections.abc import Iterator
from functools import cache
from operator import attrgetter

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele
from aap_xl.cells import zone_a1
from aap_xl.domain.data import Donnees
from aap_xl.domain.expected import Attendu
from aap_xl.domain.facts import (
    AutreVersion,
    CalculEcrase,
    CelluleIllisible,
    CellulesFusionnees,
    ColonneAbsente,
    ColonneInconnue,
    ComprisAutrement,
    EnteteAutrementEcrit,
    EnteteEnDouble,
    EntetesAbsents,
    Fait,
    FeuilleAbsente,
    FeuilleInconnue,
    HorsListe,
    IdentiteDouteuse,
    IdentitesContraires,
    LigneDeTotal,
    LignesMasquees,
    LignesSousLeTableau,
    NirDansUnNom,
    NirSaisi,
    PartieAbimee,
    PartieTropRiche,
    VersionAnterieure,
)
from aap_xl.domain.regles.tools import au_choix, colonnes, feuille, feuille_lue, renommer
from aap_xl.francais import cite, compte, enumere

SPECIFIQUES: dict[tuple[type[Fait], str, str], str] = {
    (HorsListe, "personnel", "role"): "B05",
    (HorsListe, "participants", "mds"): "P14",
    (HorsListe, "operation", "mds"): "O16",
    (CalculEcrase, "budget", "indirectes"): "B06",
}
"""(kind of fact, table, field) → the code that says it better than the kind's own."""

_SAISIES = {
    Attendu.DATE: "saisissez-la sous la forme 31/12/2025",
    Attendu.DATE_POSSIBLE: f"saisissez {Attendu.DATE_POSSIBLE}",
    Attendu.NOMBRE: "saisissez un nombre, par exemple 1234,50",
    Attendu.NOMBRE_AU_FORMAT_DATE: "donnez-lui un format de nombre, puis saisissez-le, par exemple 1234,50",
    Attendu.HEURES: "saisissez un nombre d'heures, par exemple 4,5",
    Attendu.HEURES_AU_FORMAT_DATE: "donnez-lui un format de nombre, puis saisissez-le, par exemple 4,5",
    Attendu.NOMBRE_SANS_AMBIGUITE: "saisissez-le sans point, par exemple 1234 ou 1,234",
    Attendu.ENTIER: "saisissez un nombre entier, par exemple 12",
    Attendu.POURCENTAGE: "saisissez un pourcentage, par exemple 50 %",
    Attendu.OUI_NON: "saisissez Oui ou Non",
}


_VOULU = "rien à corriger si c'est voulu"


def code_fait(fait: Fait, appel: Appel) -> str:
    """The code that a fact is reported under: its own, or a better one that the call switches on."""
    specifique = SPECIFIQUES.get((type(fait), fait.table, fait.champ), fait.code)
    return specifique if specifique in appel.regles else fait.code


@rule("F01", on=FeuilleAbsente)
def feuille_absente(f: FeuilleAbsente, _: Donnees) -> Iterator[Constat]:
    """Every sheet of the call is in the file."""
    sinon = "repartez d'un classeur vierge et recopiez-y vos saisies"
    remede = renommer(f, "si {} est cette feuille", "ce nom", sinon)
    yield f.cell, Dit(f"la feuille {cite(f.cell.feuille)} est absente", remede)


@rule("F02", on=ColonneAbsente | EntetesAbsents)
def colonne_absente(f: ColonneAbsente | EntetesAbsents, _: Donnees) -> Iterator[Constat]:
    """Every column of the call is in its sheet."""
    sinon = "rétablissez ce titre, ou recopiez la colonne depuis le classeur vierge"
    if isinstance(f, EntetesAbsents):
        titre, remede = f"{', '.join(f.premiers)}…", sinon
    else:
        titre, remede = f.titre, renommer(f, "si {} est cette colonne", "ce titre", sinon)
    yield f.cell, Dit(f"la colonne {cite(titre)} est absente, rien n'y a été lu", remede)


@rule("F03", on=FeuilleInconnue)
def feuille_inconnue(f: FeuilleInconnue, _: Donnees) -> Iterator[Constat]:
    """A sheet that is not ours is kept and not read."""
    remede = renommer(f, "si c'est {}", "ce nom", "rien à corriger", _VOULU)
    texte = Dit(f"la feuille {cite(f.cell.feuille)} n'est pas du classeur d'origine, elle n'est pas lue", remede)
    yield f.cell, texte, f.cell.feuille


@rule("F04", on=ColonneInconnue)
def colonne_inconnue(f: ColonneInconnue, _: Donnees) -> Iterator[Constat]:
    """A column that is not ours is kept and not read."""
    remede = renommer(f, "si c'est {}", "ce titre", "rien à corriger", _VOULU)
    texte = Dit(f"la colonne {cite(f.titre)} n'est pas du classeur d'origine, elle n'est pas lue", remede)
    yield f.cell, texte, f.titre


@rule("F05", on=CelluleIllisible)
def valeur_illisible(f: CelluleIllisible, _: Donnees) -> Iterator[Constat]:
    """A value has the type of its column."""
    yield f.cell, Dit(f"{cite(f.saisi)} ne se lit pas comme {f.attendu}", _SAISIES[f.attendu]), f.saisi


@rule("F06", on=HorsListe)
def hors_liste(f: HorsListe, _: Donnees) -> Iterator[Constat]:
    """A value chosen from a list is one of its items."""
    if f.pourquoi:
        yield f.cell, Dit(f"{cite(f.saisi)} : {f.pourquoi}", f.remede), f.saisi
    else:
        yield f.cell, Dit(f"{cite(f.saisi)} n'est pas dans la liste", f"choisissez {au_choix(f.choix)}"), f.saisi


@rule("F10", on=ComprisAutrement)
def compris_autrement(f: ComprisAutrement, _: Donnees) -> Iterator[Constat]:
    """What was understood differently from what was typed is said; a number typed as a text too."""
    if f.saisi == f.compris:
        texte = f"{cite(f.saisi)} est un texte : il est lu ici, mais les formules du classeur l'ignorent"
        yield f.cell, Dit(texte, "ressaisissez-le"), f.saisi
        return
    if f.saisi.strip() == f.compris:
        texte = f"{cite(f.compris)} a des espaces autour : il est lu ici, mais les formules du classeur l'ignorent"
        yield f.cell, Dit(texte, "ressaisissez-le sans espace"), f.saisi
        return
    texte = f"{cite(f.saisi)} a été lu {cite(f.compris)}"
    if f.compte == f.compris:
        dit = Dit(f"{texte}, ce que contient la cellule", "donnez-lui le format de sa colonne, ou corrigez-le")
    elif f.compte:
        texte = f"{texte}, mais les formules du classeur comptent {f.compte}"
        dit = Dit(texte, "ressaisissez-le en nombre, ou corrigez-le")
    else:
        texte = f"{texte}, mais les formules du classeur peuvent l'ignorer"
        dit = Dit(texte, "ressaisissez-le ainsi, ou corrigez-le")
    yield f.cell, dit, f.saisi


@rule("F11", on=LignesSousLeTableau)
def lignes_sous_le_tableau(f: LignesSousLeTableau, _: Donnees) -> Iterator[Constat]:
    """Rows typed below the table are read, and said."""
    texte = f"{compte(f.nombre, 'ligne', 'lue')} sous le tableau ({zone_a1(f.plage)})"
    yield f.cell, Dit(texte, "agrandissez le tableau pour y retrouver listes et calculs")


@rule("F12", on=CellulesFusionnees)
def cellules_fusionnees(f: CellulesFusionnees, _: Donnees) -> Iterator[Constat]:
    """No merged cells among the data: only the first one holds a value."""
    texte = f"les cellules {zone_a1(f.plage)} sont fusionnées, seule la première est lue"
    yield f.cell, Dit(texte, "défusionnez-les et répétez la valeur là où elle vaut")


@rule("F13", on=LignesMasquees)
def lignes_masquees(f: LignesMasquees, _: Donnees) -> Iterator[Constat]:
    """Hidden or filtered rows are read like the others, and said."""
    texte = f"{compte(f.nombre, 'ligne', 'masquée')} à la main ou par un filtre : la lecture en tient compte"
    yield f.cell, Dit(texte, "affichez tout pour vérifier")


@cache
def _obligatoires(appel: Appel, table: str) -> tuple[str, ...]:
    utilisees = colonnes(appel, table)
    return tuple(nom for nom, champ in modele(appel, table).champs.items() if champ.obligatoire and nom in utilisees)


@rule("F14", on=Donnees)
def champ_obligatoire_vide(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Every row has its obligatory fields."""
    for table, rows in d.tables.items():
        if not rows:
            continue
        presentes = rows[0].origin.colonnes
        noms = [nom for nom in _obligatoires(d.appel, table) if not presentes or nom in presentes]
        for nom in noms:
            if None not in map(attrgetter(nom), rows):
                continue
            for row in rows:
                if row.manque(nom):
                    yield (
                        row.cell(nom),
                        Dit(f"{cite(row.champs[nom].entete)} est obligatoire", "complétez cette cellule"),
                    )


@rule("F15", on=EnteteEnDouble)
def entete_en_double(f: EnteteEnDouble, _: Donnees) -> Iterator[Constat]:
    """A header appears once."""
    texte = f"le titre {cite(f.titre)} figure deux fois, seule la première colonne est lue"
    yield f.cell, Dit(texte, "renommez ou supprimez celle-ci"), f.titre


@rule("F16", on=IdentiteDouteuse | IdentitesContraires | AutreVersion)
def identite_du_classeur(f: IdentiteDouteuse | IdentitesContraires | AutreVersion, d: Donnees) -> Iterator[Constat]:
    """The workbook says which call, year and version it was made for."""
    if isinstance(f, IdentiteDouteuse):
        doute: str = f.doute
    elif isinstance(f, IdentitesContraires):
        doute = f"les propriétés du fichier disent {cite(f.proprietes)}, la feuille « Listes » {cite(f.listes)}"
        doute = f"{doute} : les propriétés du fichier ont été crues"
    else:
        version = "inconnue" if f.classeur is None else f.classeur
        doute = f"le classeur est de la version {version}, l'appel à projets de la version {f.appel}"
    yield f.cell, Dit(doute, f"repartez du classeur vierge de l'appel {d.appel.nom} si un doute subsiste")


@rule("F22", on=VersionAnterieure)
def version_anterieure(f: VersionAnterieure, _: Donnees) -> Iterator[Constat]:
    """A workbook of an earlier version is accepted without what came after it."""
    absents = [*(f"la feuille {cite(nom)}" for nom in f.feuilles), *f.colonnes]
    texte = f"le classeur est de la version {f.classeur}, l'appel à projets de la version {f.appel}"
    remede = "rien à corriger : il est accepté tel quel ; un nouveau classeur vierge suit la nouvelle version"
    yield f.cell, Dit(f"{texte} ; il n'a pas {enumere(absents)}" if absents else texte, remede)


@rule("F17", on=Donnees)
def aucune_ligne(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Zero rows is an error, not an empty report: people, or budget lines where the call follows no people."""
    if "participants" in d.appel.classeur.tables:
        if not d.participants and feuille_lue(d, "participants"):
            yield feuille(d, "participants"), Dit("aucun participant n'est inscrit", "inscrivez une personne par ligne")
        return
    tables = [t for t in ("personnel", "charges") if t in d.appel.classeur.tables]
    if tables and not any(map(d.rows, tables)) and all(feuille_lue(d, t) for t in tables):
        yield (
            feuille(d, tables[0]),
            Dit("aucune ligne de budget n'est inscrite", "inscrivez les dépenses prévues au dossier"),
        )


@rule("F18", on=EnteteAutrementEcrit)
def entete_autrement_ecrit(f: EnteteAutrementEcrit, _: Donnees) -> Iterator[Constat]:
    """A header recognised under another spelling is said."""
    texte = f"le titre {cite(f.titre)} a été lu comme {cite(f.attendu)}"
    yield f.cell, Dit(texte, "rétablissez le titre d'origine si ce n'est pas cela"), f.titre


@rule("R01", on=NirSaisi | NirDansUnNom)
def nir_saisi(f: NirSaisi | NirDansUnNom, _: Donnees) -> Iterator[Constat]:
    """The social security number (NIR) is banned from these workbooks."""
    if isinstance(f, NirDansUnNom):
        yield (
            f.cell,
            Dit(f"la feuille {cite(f.masque)} porte un numéro de sécurité sociale dans son nom", "renommez-la"),
        )
        return
    texte = "un numéro de sécurité sociale est saisi ici, ce classeur ne doit pas en contenir"
    yield f.cell, Dit(texte, "effacez-le, le code participant suffit"), f.masque


@rule("F19", on=LigneDeTotal)
def ligne_de_total(f: LigneDeTotal, _: Donnees) -> Iterator[Constat]:
    """A row of totals is set aside, and said."""
    texte = f"{cite(f.saisi)} commence une ligne de total, qui n'est pas lue"
    yield f.cell, Dit(texte, "si vous l'avez ajoutée, supprimez-la : les formules du classeur la comptent"), f.saisi


@rule("F21", on=PartieAbimee | PartieTropRiche)
def partie_abimee(f: PartieAbimee | PartieTropRiche, _: Donnees) -> Iterator[Constat]:
    """A file in which the bilan can't be written is said to be so before anyone tries."""
    if isinstance(f, PartieAbimee):
        quoi, remede = "est abîmée", "ouvrez-le dans Excel ou LibreOffice et enregistrez-le de nouveau"
    else:
        quoi = f"compte plus de {f.maximum} {f.quoi}"
        remede = "supprimez-en, ou recopiez les valeurs de ses feuilles dans un classeur vierge (aap-xl nouveau)"
    texte = f"la partie {cite(f.partie)} du fichier {quoi}, aap-xl bilan ne pourra pas y écrire"
    yield f.cell, Dit(texte, remede), f.partie
