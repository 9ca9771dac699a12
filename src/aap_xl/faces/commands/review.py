"""``aap-xl appels --relire`` and ``--schema``: for whoever writes the file of a call."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from aap_xl.appels.loader import Catalogue, parties
from aap_xl.appels.model import Appel
from aap_xl.appels.needs import worded
from aap_xl.appels.review import Herite, relire
from aap_xl.domain.regles import BESOINS
from aap_xl.domain.regles.explications import dites
from aap_xl.faces import display
from aap_xl.faces.common import refuser_d_ecraser
from aap_xl.francais import jour

_HERITES = (
    "Ces nombres, ces dates et ces rubriques viennent d'un autre fichier, et le fichier de l'appel ne les dit pas. "
    "Relisez-les dans le texte de l'appel ; pour confirmer une valeur, écrivez-la dans le fichier de l'appel."
)


def montrer(appels: Iterable[Appel], known: Catalogue) -> None:
    """What to read again in some calls."""
    import tomllib  # noqa: PLC0415 - only for whoever writes a call

    besoins: Mapping[str, list[str]] = tomllib.loads(BESOINS.read_text(encoding="utf-8"))
    for appel in appels:
        chemin = known.chemin(appel)
        chain = parties(chemin)
        revue = relire(appel, chain, besoins)
        display.titre(f"Relecture de {appel.nom}")
        display.phrase(f"  Fichiers : {', qui part de '.join(chain)}")
        _herites(revue.herites)
        _liste("Listes que n'utilise aucune colonne", revue.listes, "retirez-les, ou la colonne manque")
        _muettes(revue.muettes)
        _liste("Ce que l'appel exige et qu'aucune règle ne vérifie", revue.exigences, "ajoutez la règle dans [regles]")
        _liste("Mots de l'appel que rien ne cite", revue.mots, "retirez-les, ou corrigez leur nom")


def _herites(herites: tuple[Herite, ...]) -> None:
    display.titre(f"Hérité et non confirmé ({len(herites)})")
    if not herites:
        display.phrase("  Rien.")
        return
    display.phrase(f"  {_HERITES}")
    lines = [(item.cle, _texte(item.valeur), str(item.fois) if item.fois > 1 else "", item.fichier) for item in herites]
    display.tableau(("Clé", "Valeur", "Citée", "Fichier"), lines)


def _texte(valeur: object) -> str:
    if isinstance(valeur, date):
        return jour(valeur)
    return str(valeur).replace(".", ",") if isinstance(valeur, Decimal) else str(valeur)


def _liste(titre: str, items: tuple[str, ...], conseil: str) -> None:
    display.titre(f"{titre} ({len(items)})")
    display.phrase(f"  {', '.join(items)} : {conseil}." if items else "  Rien.")


def _muettes(muettes: Mapping[str, tuple[str, ...]]) -> None:
    display.titre(f"Règles héritées qui ne s'appliquent pas ({len(muettes)})")
    if not muettes:
        display.phrase("  Rien.")
        return
    known = dites()
    display.tableau(
        ("Code", "Règle", "Il y faudrait"),
        [(code, known[code].titre if code in known else "", worded(missing)) for code, missing in muettes.items()],
        etroites=1,
    )


def schema(sortie: Path | None, *, forcer: bool) -> None:
    """The JSON schema of a call's file, on the screen or in a file."""
    import json  # noqa: PLC0415 - only for a schema

    from aap_xl.appels.editors import schema as made  # noqa: PLC0415
    from aap_xl.faces.as_json import imprimer  # noqa: PLC0415

    found = made({code: item.titre for code, item in dites().items()})
    if sortie is None:
        imprimer(found)
        return
    from aap_xl.workbook.ooxml.atomic import write_atomically  # noqa: PLC0415 - only when writing

    refuser_d_ecraser(sortie, forcer=forcer)
    write_atomically(sortie, (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
    display.chemin(f"Schéma : {sortie}")
