"""F, continued: formulas, what replaced them, and cells in error."""

from collections.abc import Iterator

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.domain.data import Donnees
from aap_xl.domain.facts import CalculEcrase, CalculEnErreur, CelluleEnErreur, FormuleSansValeur, FormulesPerdues
from aap_xl.francais import cite, compte


@rule("F07", on=CelluleEnErreur)
def cellule_en_erreur(f: CelluleEnErreur, _: Donnees) -> Iterator[Constat]:
    """No cell shows a spreadsheet error."""
    yield (
        f.cell,
        Dit(f"la cellule est en erreur{_entre(f.saisi)}", "corrigez sa formule ou saisissez la valeur"),
        f.saisi,
    )


def _entre(erreur: str) -> str:
    """The error between brackets; nothing where the file does not say which."""
    return f" ({erreur})" if erreur else ""


@rule("F08", on=FormuleSansValeur)
def formule_sans_valeur(f: FormuleSansValeur, _: Donnees) -> Iterator[Constat]:
    """A formula comes with its last computed value."""
    texte = Dit("la formule n'a pas de résultat enregistré", "ouvrez le fichier dans un tableur, enregistrez-le")
    yield f.cell, f"{texte} et renvoyez-le"


@rule("F09", on=CalculEcrase | FormulesPerdues)
def calcul_ecrase(f: CalculEcrase | FormulesPerdues, _: Donnees) -> Iterator[Constat]:
    """A computed cell holds its formula, not something typed over it."""
    if isinstance(f, FormulesPerdues):
        titres = ", ".join(f.entetes)
        perdues = f"les formules ont disparu dans {compte(len(f.entetes), 'colonne', 'calculée')}, {cite(titres)}"
        remede = Dit("les valeurs recalculées sont retenues", "recopiez vos saisies dans un classeur vierge")
        yield f.cell, Dit(perdues, remede), titres
        return
    texte = f"{cite(f.saisi)} a remplacé une formule, la valeur recalculée est retenue"
    yield f.cell, Dit(texte, "recopiez la formule d'une autre ligne"), f.saisi


@rule("F20", on=CalculEnErreur)
def calcul_en_erreur(f: CalculEnErreur, _: Donnees) -> Iterator[Constat]:
    """No computed cell shows a spreadsheet error."""
    plusieurs = "" if f.lignes == 1 else f" dans {compte(f.lignes, 'ligne')} de cette colonne"
    texte = f"le calcul est en erreur{_entre(f.erreur)}{plusieurs}, la valeur recalculée est retenue"
    remede = "corrigez ce qu'il lit, ou recopiez vos saisies dans un classeur vierge"
    yield f.cell, Dit(texte, remede), f.erreur
