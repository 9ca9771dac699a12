"""F and R: what operators do to a file, cell by cell and sheet by sheet."""

from collections.abc import Iterator
from decimal import Decimal

from retours import noms
from retours.plantes import Attendue, Jardin, plante
from retours.plantes_argent import simple
from retours.saisies import ErreurTableur, Formule, Saisi

_STRUCTURE = "structure"
_AJOUTEE = f"[{noms.MARQUE} permis]"
"""The header of a column that an operator adds may name someone."""


@plante("F01", "comites")
def feuille_renommee(j: Jardin) -> Iterator[Attendue]:
    j.f.retouches.feuilles["Comités"] = "Zzqx"
    yield Attendue("F01", feuille="Comités")
    yield Attendue("F03", feuille="Zzqx")


@plante("F02", _STRUCTURE)
def colonne_renommee(j: Jardin) -> Iterator[Attendue]:
    j.f.retouches.entetes["participants", "orienteur"] = "Zzqx"
    yield Attendue("F02", "participants", None, "code")
    yield Attendue("F04", "participants", None, "orienteur")
    for row in j.f.tables["participants"]:
        row["orienteur"] = Saisi(row.get("orienteur") and j.f.appel.libelle("orienteurs", row["orienteur"]))


@plante("F03")
def feuille_ajoutee(j: Jardin) -> Iterator[Attendue]:
    j.f.retouches.ajoutees.append(f"{noms.MARQUE} notes")
    yield Attendue("F03", feuille=f"{noms.MARQUE} notes")


@plante("F04", _STRUCTURE)
def colonne_inseree(j: Jardin) -> Iterator[Attendue]:
    colonnes = list(j.f.appel.classeur.tables["participants"].colonnes)
    place = j.rng.randrange(1, 8)
    j.f.retouches.ordre["participants"] = [*colonnes[:place], _AJOUTEE, *colonnes[place:]]
    for row in j.f.tables["participants"]:
        row[_AJOUTEE] = Saisi(noms.texte(j.rng, "permis"))
    yield Attendue("F04", "participants", None, _AJOUTEE)


@plante("F05", "partenaires")
def date_impossible(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("partenaires")
    row["date_lien"] = Saisi("31/02/2025")
    yield Attendue("F05", "partenaires", row, "date_lien")


@plante("F05")
def date_en_lettres(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("participants", lambda p: "date_point" in p)
    row["date_point"] = Saisi(noms.texte(j.rng, "au printemps"))
    yield Attendue("F05", "participants", row, "date_point")


@plante("F06")
def hors_liste(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("participants")
    row["sexe"] = Saisi(noms.texte(j.rng, "sexe"))
    yield Attendue("F06", "participants", row, "sexe")


@plante("F07", "depenses")
def montant_en_erreur(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", simple(j))
    row["montant"] = Saisi(ErreurTableur(j.rng.choice(("#N/A", "#DIV/0!", "#REF!"))))
    yield Attendue("F07", "depenses", row, "montant")


@plante("F08", "depenses")
def formule_sans_valeur(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", simple(j))
    row["montant"] = Saisi(Formule("12*3.5"))
    yield Attendue("F08", "depenses", row, "montant")


@plante("F09")
def calcul_ecrase(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("participants")
    j.f.retouches.calculees.append(("participants", row, "age", 35))
    yield Attendue("F09", "participants", row, "age")


@plante("F10", "depenses")
def montant_en_texte(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", simple(j))
    euros, cents = f"{row['montant']:.2f}".split(".")
    separe = "\u202f" if len(euros) > 3 else ""
    row["montant"] = Saisi(f"{euros[:-3]}{separe}{euros[-3:]},{cents} €", row["montant"])
    yield Attendue("F10", "depenses", row, "montant")


@plante("F10", "partenaires")
def date_en_texte(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("partenaires")
    row["date_lien"] = Saisi(f"{row['date_lien']:%d/%m/%Y}", row["date_lien"])
    yield Attendue("F10", "partenaires", row, "date_lien")


@plante("F11", "depenses")
def ligne_sous_le_tableau(j: Jardin) -> Iterator[Attendue]:
    j.exige("depenses" not in j.f.retouches.ordre)
    model = j.libre("depenses", simple(j))
    row = model | {"document": "FA-SOUS", "montant": Decimal("1.5"), "decision": None, "motif_decision": None}
    j.f.retouches.dessous["depenses"] = [row]
    yield Attendue("F11", "depenses", row, "document")


@plante("F12", _STRUCTURE)
def cellules_fusionnees(j: Jardin) -> Iterator[Attendue]:
    people = j.f.tables["participants"]
    j.exige(len(people) > 3)
    row = j.libre("participants", lambda p: "precision" not in p and p is not people[-1])
    after = people[next(n for n, p in enumerate(people) if p is row) + 1]
    j.exige("precision" not in after and id(after) not in j.pris)
    j.f.retouches.fusions.append(("participants", row, "precision"))
    j.pris.add(id(after))
    yield Attendue("F12", "participants", row, "precision")


@plante("F13", _STRUCTURE)
def ligne_masquee(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", simple(j))
    j.f.retouches.masquees.append(("depenses", row))
    yield Attendue("F13", "depenses")


@plante("F14")
def prenom_oublie(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("participants")
    row["prenom"] = None
    yield Attendue("F14", "participants", row, "prenom")


@plante("F15", _STRUCTURE)
def colonne_en_double(j: Jardin) -> Iterator[Attendue]:
    colonnes = list(j.f.appel.classeur.tables["participants"].colonnes)
    j.f.retouches.ordre["participants"] = [*colonnes, "[Nom]"]
    yield Attendue("F15", "participants", None, "[Nom]")


@plante("F16")
def identite_perdue(j: Jardin) -> Iterator[Attendue]:
    j.f.retouches.sans_identite = True
    yield Attendue("F16")


@plante("F17", seule=True)
def aucun_participant(j: Jardin) -> Iterator[Attendue]:
    for table in ("participants", "immersions", "heures"):
        if table in j.f.tables:
            j.f.tables[table].clear()
    j.f.inevitables.clear()
    yield Attendue("F17", "participants")


@plante("F18", _STRUCTURE)
def entete_reecrit(j: Jardin) -> Iterator[Attendue]:
    j.f.retouches.entetes["participants", "date_entree"] = "DATE D ENTREE"
    yield Attendue("F18", "participants", None, "date_entree")


@plante("F10", "depenses")
def code_suivi_d_un_espace(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", simple(j))
    row["ligne_budget"] = Saisi(f"{row['ligne_budget']} ", row["ligne_budget"])
    yield Attendue("F10", "depenses", row, "ligne_budget")


@plante("F19", "partenaires")
def ligne_de_total(j: Jardin) -> Iterator[Attendue]:
    row = j.ajoute("partenaires", date_lien=Saisi("Total"), personnes=12)
    yield Attendue("F19", "partenaires", row, "date_lien")


@plante("F20")
def calcul_en_erreur(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("participants")
    j.f.retouches.calculees.append(("participants", row, "age", ErreurTableur("#REF!")))
    yield Attendue("F20", "participants", row, "age")


@plante("R01")
def nir_dans_un_texte(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("partenaires")
    nir = noms.nir(j.rng)
    row["objet"] = Saisi(
        f"voir {nir[:1]} {nir[1:3]} {nir[3:5]} {nir[5:7]} {nir[7:10]} {nir[10:13]} {nir[13:]}", "masqué"
    )
    yield Attendue("R01", "partenaires", row, "objet")


@plante("R01")
def nir_pour_code(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", simple(j))
    row["document"] = Saisi(int(noms.nir(j.rng)), "masqué")
    yield Attendue("R01", "depenses", row, "document")


@plante("")
def colonnes_en_desordre(j: Jardin) -> Iterator[Attendue]:
    """Not an error: columns are found by their header."""
    j.exige("participants" not in j.f.retouches.ordre and not j.f.retouches.dessous)
    colonnes = list(j.f.appel.classeur.tables["depenses"].colonnes)
    j.rng.shuffle(colonnes)
    j.f.retouches.ordre["depenses"] = colonnes
    yield from ()
