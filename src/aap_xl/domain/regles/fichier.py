"""F: the file and its structure. R: personal data that must not be there.

Reading notices, rules word. What each `Fait` carries, code by code (``cell`` is where to look):

====  =====================================  ===============================  ==============================
code  cell                                   valeur                           attendu
====  =====================================  ===============================  ==============================
F01   the missing sheet (no address)         –                                nearest sheet found, or ""
F02   the header row; champ = the field      the missing header               nearest header found, or ""
F03   the unknown sheet                      its name                         nearest sheet of ours, or ""
F04   its header                             the header found                 nearest header of ours, or ""
F05   the cell                               as typed                         « une date », « un nombre »…
F06   the cell                               as typed                         nearest item, or the first ones
F07   the cell                               ``#N/A``, ``#DIV/0!``…           –
F08   the cell                               the formula, or ""               –
F09   the cell                               as typed                         –
F09   the first header                       the headers                      how many columns lost them all
F10   the cell                               as typed                         as understood
F11   the first row below the table          number of rows                   their range
F12   the merged range's first cell          the range                        –
F13   the sheet                              number of rows                   –
F15   the second header                      the header                       –
F16   the file                               what is wrong, in French         –
F18   its header                             the header found                 ours
F19   the first cell of the row              as typed                         –
F20   the first computed cell in error       ``#N/A``, ``#DIV/0!``…           how many of its column
R01   the cell                               already masked                   –
====  =====================================  ===============================  ==============================

Always with ``table`` and ``champ`` where a field is at fault. F14 and F17 are found here, on rows.
Some faults on some fields have a rule of their own: `SPECIFIQUES`.
"""

from collections.abc import Iterator
from functools import cache
from operator import attrgetter

from aap_xl.anomalies import Constat, rule
from aap_xl.appels.model import Appel
from aap_xl.domain.donnees import Donnees, Fait
from aap_xl.domain.regles.outils import cite, colonnes, compte, feuille, feuille_lue
from aap_xl.rows import TABLES

SPECIFIQUES: dict[tuple[str, str, str], str] = {
    ("F06", "personnel", "role"): "B05",
    ("F06", "participants", "mds"): "P14",
    ("F06", "operation", "mds"): "O16",
    ("F09", "budget", "indirectes"): "B06",
}
"""(general code, table, field) → the code that says it better."""

_SAISIES = {
    "une date": "saisissez-la sous la forme 31/12/2025",
    "un nombre": "saisissez un nombre, par exemple 1234,50",
    "un nombre sans ambiguïté": "saisissez-le sans point, par exemple 1234 ou 1,234",
    "un nombre entier": "saisissez un nombre entier, par exemple 12",
    "un pourcentage": "saisissez un pourcentage, par exemple 50 %",
    "oui ou non": "saisissez Oui ou Non",
}


def code_fait(code: str, table: str, champ: str, appel: Appel) -> str:
    """The code a fault of reading is reported under.

    Args:    code: the general code; table, champ: the field at fault; appel: the call, which switches rules on.
    Returns: the specific code when there is one and the call enables it, else the general code.
    """
    specifique = SPECIFIQUES.get((code, table, champ), code)
    return specifique if specifique in appel.regles else code


@rule("F01", on=Fait)
def feuille_absente(f: Fait, _: Donnees) -> Iterator[Constat]:
    """Every sheet of the call is in the file."""
    remede = (
        f"si {cite(f.attendu)} est cette feuille, redonnez-lui ce nom"
        if f.attendu
        else "repartez d'un classeur vierge et recopiez-y vos saisies"
    )
    yield f.cell, f"la feuille {cite(f.cell.feuille)} est absente ; {remede}"


@rule("F02", on=Fait)
def colonne_absente(f: Fait, _: Donnees) -> Iterator[Constat]:
    """Every column of the call is in its sheet."""
    remede = (
        f"si {cite(f.attendu)} est cette colonne, redonnez-lui ce titre"
        if f.attendu
        else "rétablissez ce titre, ou recopiez la colonne depuis le classeur vierge"
    )
    yield f.cell, f"la colonne {cite(f.valeur)} est absente, rien n'y a été lu ; {remede}"


@rule("F03", on=Fait)
def feuille_inconnue(f: Fait, _: Donnees) -> Iterator[Constat]:
    """A sheet that is not ours is kept and not read."""
    remede = f"si c'est {cite(f.attendu)}, redonnez-lui ce nom" if f.attendu else "rien à corriger si c'est voulu"
    texte = f"la feuille {cite(f.valeur)} n'est pas du classeur d'origine, elle n'est pas lue ; {remede}"
    yield f.cell, texte, f.valeur


@rule("F04", on=Fait)
def colonne_inconnue(f: Fait, _: Donnees) -> Iterator[Constat]:
    """A column that is not ours is kept and not read."""
    remede = f"si c'est {cite(f.attendu)}, redonnez-lui ce titre" if f.attendu else "rien à corriger si c'est voulu"
    texte = f"la colonne {cite(f.valeur)} n'est pas du classeur d'origine, elle n'est pas lue ; {remede}"
    yield f.cell, texte, f.valeur


@rule("F05", on=Fait)
def valeur_illisible(f: Fait, _: Donnees) -> Iterator[Constat]:
    """A value has the type of its column."""
    remede = _SAISIES.get(f.attendu, f"saisissez {f.attendu}")
    yield f.cell, f"{cite(f.valeur)} ne se lit pas comme {f.attendu} ; {remede}", f.valeur


@rule("F06", on=Fait)
def hors_liste(f: Fait, _: Donnees) -> Iterator[Constat]:
    """A value chosen from a list is one of its items."""
    choix = f"par exemple {f.attendu}" if f.attendu else "dans la liste"
    yield f.cell, f"{cite(f.valeur)} n'est pas dans la liste ; choisissez {choix}", f.valeur


@rule("F10", on=Fait)
def compris_autrement(f: Fait, _: Donnees) -> Iterator[Constat]:
    """What was understood differently from what was typed is said; a number typed as a text too."""
    if f.valeur == f.attendu:
        texte = f"{cite(f.valeur)} est un texte : il est lu ici, mais les formules du classeur l'ignorent"
        yield f.cell, f"{texte} ; ressaisissez-le", f.valeur
        return
    if f.valeur.strip() == f.attendu:
        texte = f"{cite(f.attendu)} a des espaces autour : il est lu ici, mais les formules du classeur l'ignorent"
        yield f.cell, f"{texte} ; ressaisissez-le sans espace", f.valeur
        return
    texte = f"{cite(f.valeur)} a été lu {cite(f.attendu)}, mais les formules du classeur peuvent l'ignorer"
    yield f.cell, f"{texte} ; ressaisissez-le ainsi, ou corrigez-le", f.valeur


@rule("F11", on=Fait)
def lignes_sous_le_tableau(f: Fait, _: Donnees) -> Iterator[Constat]:
    """Rows typed below the table are read, and said."""
    texte = f"{compte(int(f.valeur), 'ligne', 'lue')} sous le tableau ({f.attendu})"
    yield f.cell, f"{texte} ; agrandissez le tableau pour y retrouver listes et calculs"


@rule("F12", on=Fait)
def cellules_fusionnees(f: Fait, _: Donnees) -> Iterator[Constat]:
    """No merged cells among the data: only the first one holds a value."""
    texte = f"les cellules {f.valeur} sont fusionnées, seule la première est lue"
    yield f.cell, f"{texte} ; défusionnez-les et répétez la valeur là où elle vaut"


@rule("F13", on=Fait)
def lignes_masquees(f: Fait, _: Donnees) -> Iterator[Constat]:
    """Hidden or filtered rows are read like the others, and said."""
    texte = f"{compte(int(f.valeur), 'ligne', 'masquée')} à la main ou par un filtre : la lecture en tient compte"
    yield f.cell, f"{texte} ; affichez tout pour vérifier"


@cache
def _obligatoires(appel: Appel, table: str) -> tuple[str, ...]:
    utilisees = colonnes(appel, table)
    return tuple(nom for nom, champ in TABLES[table].champs.items() if champ.obligatoire and nom in utilisees)


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
                    yield row.cell(nom), f"{cite(row.champs[nom].entete)} est obligatoire ; complétez cette cellule"


@rule("F15", on=Fait)
def entete_en_double(f: Fait, _: Donnees) -> Iterator[Constat]:
    """A header appears once."""
    texte = f"le titre {cite(f.valeur)} figure deux fois, seule la première colonne est lue"
    yield f.cell, f"{texte} ; renommez ou supprimez celle-ci", f.valeur


@rule("F16", on=Fait)
def identite_du_classeur(f: Fait, d: Donnees) -> Iterator[Constat]:
    """The workbook says which call, year and version it was made for."""
    yield f.cell, f"{f.valeur} ; repartez du classeur vierge de l'appel {d.appel.nom} si un doute subsiste"


@rule("F17", on=Donnees)
def aucune_ligne(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Zero rows is an error, not an empty report: people, or budget lines where the call follows no people."""
    if "participants" in d.appel.classeur.tables:
        if not d.participants and feuille_lue(d, "participants"):
            yield feuille(d, "participants"), "aucun participant n'est inscrit ; inscrivez une personne par ligne"
        return
    tables = [t for t in ("personnel", "charges") if t in d.appel.classeur.tables]
    if tables and not any(map(d.rows, tables)) and all(feuille_lue(d, t) for t in tables):
        yield feuille(d, tables[0]), "aucune ligne de budget n'est inscrite ; inscrivez les dépenses prévues au dossier"


@rule("F18", on=Fait)
def entete_autrement_ecrit(f: Fait, _: Donnees) -> Iterator[Constat]:
    """A header recognised under another spelling is said."""
    texte = f"le titre {cite(f.valeur)} a été lu comme {cite(f.attendu)}"
    yield f.cell, f"{texte} ; rétablissez le titre d'origine si ce n'est pas cela", f.valeur


@rule("R01", on=Fait)
def nir_saisi(f: Fait, _: Donnees) -> Iterator[Constat]:
    """The social security number (NIR) is banned from these workbooks."""
    if not f.cell.feuille:
        yield f.cell, f"la feuille « {f.valeur} » porte un numéro de sécurité sociale dans son nom ; renommez-la"
        return
    texte = "un numéro de sécurité sociale est saisi ici, ce classeur ne doit pas en contenir"
    yield f.cell, f"{texte} ; effacez-le, le code participant suffit", f.valeur


@rule("F19", on=Fait)
def ligne_de_total(f: Fait, _: Donnees) -> Iterator[Constat]:
    """A row of totals is set aside, and said."""
    texte = f"{cite(f.valeur)} commence une ligne de total, qui n'est pas lue"
    yield f.cell, f"{texte} ; si vous l'avez ajoutée, supprimez-la : les formules du classeur la comptent", f.valeur
