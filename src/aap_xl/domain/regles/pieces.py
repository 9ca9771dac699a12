"""S, continued: the document that proves an exit, of the right kind."""

from collections.abc import Iterator

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.domain.data import Donnees
from aap_xl.domain.regles.sorties import situations
from aap_xl.domain.regles.tools import constat, libelles, vide
from aap_xl.domain.sorties import classement, dynamique
from aap_xl.francais import cite


@rule("S06", on=Donnees)
def piece_absente(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Each dynamic exit names its evidence; blocking in the final bilan."""
    for p, volet, situation in situations(d):
        if not vide(p, volet.piece, d):
            continue
        classe = classement(p, volet, d.appel).classe
        if dynamique(d.appel, classe):
            texte = f"{cite(d.appel.libelle('classes', classe))} sans pièce justificative"
            pieces = d.appel.sorties.pieces_par_situation.get(situation.code, ()) if d.appel.sorties else ()
            exemple = f" ({libelles(d, 'pieces', pieces)})" if pieces else ""
            yield constat(p, volet.piece, Dit(texte, f"choisissez la pièce fournie{exemple}"), d)


@rule("S14", on=Donnees)
def piece_inadaptee(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The evidence is of a kind that proves the situation."""
    pieces = d.appel.sorties.pieces_par_situation if d.appel.sorties else {}
    for p, volet, situation in situations(d):
        piece = getattr(p, volet.piece)
        attendues = pieces.get(situation.code, ())
        if piece and attendues and piece not in attendues:
            fournie = cite(d.appel.libelle("pieces", piece))
            texte = Dit(
                f"{fournie} ne prouve pas {cite(situation.libelle)}", f"fournissez {libelles(d, 'pieces', attendues)}"
            )
            yield constat(p, volet.piece, texte, d)
