"""F, continued: formulas, what replaced them, and cells in error."""

from collections.abc import Iterator

from aap_xl.anomalies import Constat, rule
from aap_xl.domain.donnees import Donnees, Fait
from aap_xl.domain.regles.outils import cite, compte


@rule("F07", on=Fait)
def cellule_en_erreur(f: Fait, _: Donnees) -> Iterator[Constat]:
    """No cell shows a spreadsheet error."""
    yield f.cell, f"la cellule est en erreur{_entre(f.valeur)} ; corrigez sa formule ou saisissez la valeur", f.valeur


def _entre(erreur: str) -> str:
    """The error between brackets; nothing where the file does not say which."""
    return f" ({erreur})" if erreur else ""


@rule("F08", on=Fait)
def formule_sans_valeur(f: Fait, _: Donnees) -> Iterator[Constat]:
    """A formula comes with its last computed value."""
    formule = f" {cite(f.valeur)}" if f.valeur else ""
    texte = f"la formule{formule} n'a pas de résultat enregistré ; ouvrez le fichier dans un tableur, enregistrez-le"
    yield f.cell, f"{texte} et renvoyez-le", f.valeur


@rule("F09", on=Fait)
def calcul_ecrase(f: Fait, _: Donnees) -> Iterator[Constat]:
    """A computed cell holds its formula, not something typed over it."""
    if f.attendu:
        perdues = f"les formules ont disparu dans {compte(int(f.attendu), 'colonne', 'calculée')}, {cite(f.valeur)}"
        remede = "les valeurs recalculées sont retenues ; recopiez vos saisies dans un classeur vierge"
        yield f.cell, f"{perdues} ; {remede}", f.valeur
        return
    texte = f"{cite(f.valeur)} a remplacé une formule, la valeur recalculée est retenue"
    yield f.cell, f"{texte} ; recopiez la formule d'une autre ligne", f.valeur


@rule("F20", on=Fait)
def calcul_en_erreur(f: Fait, _: Donnees) -> Iterator[Constat]:
    """No computed cell shows a spreadsheet error."""
    plusieurs = "" if f.attendu == "1" else f" dans {compte(int(f.attendu), 'ligne')} de cette colonne"
    texte = f"le calcul est en erreur{_entre(f.valeur)}{plusieurs}, la valeur recalculée est retenue"
    remede = "corrigez ce qu'il lit, ou recopiez vos saisies dans un classeur vierge"
    yield f.cell, f"{texte} ; {remede}", f.valeur
