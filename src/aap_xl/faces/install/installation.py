"""Putting the add-in where Excel finds it, taking it away, telling whether everything agrees.

Only files of the user are written: no administrator's right, no dialogue with Excel.
"""

from dataclasses import dataclass, field
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from aap_xl import __version__
from aap_xl.faces.failures import Refus
from aap_xl.faces.install import settings
from aap_xl.faces.install.places import Systeme, fourni, nom_script, version, xlwings_attendu
from aap_xl.workbook.ooxml.atomic import EcritureImpossible, raison, write_atomically

INSTALLER = "lancez « aap-xl addin installer »"
FERMER_EXCEL = (
    "Excel utilise le complément : fermez toutes ses fenêtres (sur Mac : Cmd+Q), puis recommencez. "
    "S'il est déjà fermé, redémarrez l'ordinateur."
)


@dataclass
class Etat:
    """What is found: lines to show, and what does not agree, each with what to do."""

    lignes: list[str] = field(default_factory=list)
    problemes: list[str] = field(default_factory=list)

    @property
    def concorde(self) -> bool:
        """Whether Excel can use the add-in."""
        return not self.problemes


def installer(systeme: Systeme) -> list[str]:
    """Copy the add-in, name the interpreter in its settings, and on macOS allow Excel to start Python.

    Returns: what was done, and what to do next.
    Raises:  Refus, EcritureImpossible.
    """
    _check(systeme)
    done = [_put_addin(systeme.complement)]
    done.append(_set_interpreter(systeme))
    if systeme.script:
        done.append(_put(systeme.script, _script(), "Script"))
    missing = [f"Attention : {sentence}" for sentence in _libraries(systeme, systeme.python)]
    return [*done, *missing, _next(systeme)]


def _check(systeme: Systeme) -> None:
    """Refuse what can't work. Raises: Refus."""
    if not (systeme.windows or systeme.mac):
        raise Refus(
            "le complément Excel ne s'installe que sous Windows et macOS ; "
            "ici, utilisez les commandes « aap-xl controler » et « aap-xl bilan »."
        )
    if systeme.mac and not systeme.conteneur.is_dir():
        raise Refus("Excel n'a jamais été ouvert sur ce compte : ouvrez-le une fois, quittez-le, puis recommencez.")


def _put_addin(target: Path) -> str:
    """Copy the add-in. Raises: Refus, where Excel holds the old one too."""
    try:
        return _put(target, fourni(), "Complément")
    except EcritureImpossible as error:
        if isinstance(error.__cause__, PermissionError) or target.with_name(f"~${target.name}").exists():
            raise Refus(FERMER_EXCEL) from None
        raise


def _put(target: Path, content: bytes, what: str) -> str:
    if target.is_file() and target.read_bytes() == content:
        return f"{what} déjà à jour : {target}"
    replaced = target.exists()
    _folder(target.parent)
    write_atomically(target, content)
    return f"{what} {'remplacé' if replaced else 'installé'} : {target}"


def _folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refus(f"le dossier « {folder} » ne peut pas être créé : {raison(error)}") from None


def _set_interpreter(systeme: Systeme) -> str:
    path = systeme.reglages
    before = path.read_bytes() if path.is_file() else b""
    after = settings.ecrire(before, systeme.cle, str(systeme.python), systeme.codage)
    if before == after:
        return f"Réglages déjà à jour : {path}"
    _folder(path.parent)
    write_atomically(path, after)
    return f"Réglages écrits : {path} (Python : {systeme.python})"


def _script() -> bytes:
    """Xlwings' own script; found without importing it.

    Raises: Refus if xlwings is not the version that the add-in was built for.
    """
    spec = find_spec("xlwings")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    try:
        return (folder / nom_script()).read_bytes()
    except OSError:
        raise Refus(f"{_other_xlwings()} ; réinstallez aap-xl, puis recommencez.") from None


def _other_xlwings() -> str:
    return f"xlwings {metadata.version('xlwings')} est installé, le complément demande xlwings {xlwings_attendu()}"


def _libraries(systeme: Systeme, python: Path) -> list[str]:
    return [
        f"« {path.name} » manque à côté de Python ({path.parent}) : les fonctions AAP ne se calculeraient pas ; "
        f"lancez « python -m pip install --force-reinstall xlwings=={xlwings_attendu()} » ; si cela ne suffit pas, "
        "réinstallez Python depuis python.org pour vous seul (ni Microsoft Store, ni « for all users »)."
        for path in systeme.bibliotheques(python)
    ]


def _next(systeme: Systeme) -> str:
    if systeme.mac:
        return (
            "Quittez Excel (Cmd+Q) puis rouvrez-le : l'onglet « AAP » apparaît. À la première utilisation, macOS "
            "demande si Excel peut lancer Python : acceptez. Les fonctions AAP ne se calculent que sous Windows."
        )
    return (
        "Fermez puis rouvrez Excel : l'onglet « AAP » apparaît. S'il manque : Fichier, Options, Compléments, "
        "Gérer : Éléments désactivés."
    )


def retirer(systeme: Systeme) -> list[str]:
    """Take away the add-in and its own setting; nothing else.

    Returns: what was done.
    Raises:  Refus, EcritureImpossible.
    """
    _check(systeme)
    done = []
    if systeme.complement.exists():
        try:
            systeme.complement.unlink()
        except PermissionError:
            raise Refus(FERMER_EXCEL) from None
        done.append(f"Complément retiré : {systeme.complement}")
    if systeme.reglages.is_file():
        done += _unset_interpreter(systeme)
    if systeme.script and systeme.script.exists():
        done.append(f"Script laissé, d'autres compléments xlwings peuvent s'en servir : {systeme.script}")
    return done or ["Rien à retirer : le complément n'est pas installé."]


def _unset_interpreter(systeme: Systeme) -> list[str]:
    path = systeme.reglages
    before = path.read_bytes()
    after = settings.effacer(before, systeme.cle, systeme.codage)
    if after == before:
        return []
    if after:
        write_atomically(path, after)
        return [f"Réglage de Python retiré : {path} (les autres réglages sont gardés)"]
    path.unlink()
    if systeme.windows and not any(path.parent.iterdir()):
        path.parent.rmdir()
    return [f"Réglages retirés : {path}"]


def etat(systeme: Systeme) -> Etat:
    """What is installed, and whether the add-in, its settings, Python and xlwings agree.

    Raises: Refus on a system without Excel.
    """
    _check(systeme)
    found = Etat()
    found.lignes.append(f"Paquet : aap-xl {__version__}, xlwings {metadata.version('xlwings')}")
    if metadata.version("xlwings") != xlwings_attendu():
        found.problemes.append(f"{_other_xlwings()} : réinstallez aap-xl.")
    _tell_addin(systeme, found)
    _tell_interpreter(systeme, found)
    if systeme.script:
        ready = systeme.script.is_file() and systeme.script.read_bytes() == _script()
        found.lignes.append(f"Script : {systeme.script if ready else 'absent ou différent'}")
        if not ready:
            found.problemes.append(f"Excel n'a pas le script qui lance Python : {INSTALLER}.")
    return found


def _tell_addin(systeme: Systeme, found: Etat) -> None:
    path = systeme.complement
    if not path.is_file():
        found.lignes.append("Complément : absent")
        found.problemes.append(f"le complément n'est pas installé : {INSTALLER}.")
        return
    content = path.read_bytes()
    found.lignes.append(f"Complément : {version(content)}, {path}")
    if content != fourni():
        found.problemes.append(
            f"le complément installé ({version(content)}) n'est pas celui du paquet ({version(fourni())}) : "
            f"fermez Excel et {INSTALLER}."
        )


def _tell_interpreter(systeme: Systeme, found: Etat) -> None:
    path = systeme.reglages
    named = settings.lire(path.read_bytes(), systeme.cle, systeme.codage) if path.is_file() else ""
    found.lignes.append(f"Réglages : {path if path.is_file() else 'absents'}")
    found.lignes.append(f"Python appelé par Excel : {named or 'aucun'}")
    found.lignes.append(f"Python de cette commande : {systeme.python}")
    if not named:
        found.problemes.append(f"Excel ne sait pas quel Python appeler : {INSTALLER}.")
        return
    if not Path(named).is_file():
        found.problemes.append(f"le Python réglé n'existe plus ({named}) : {INSTALLER}.")
        return
    found.problemes += _libraries(systeme, Path(named))
    same = named.casefold() == str(systeme.python).casefold() if systeme.windows else named == str(systeme.python)
    if not same:
        found.problemes.append(
            f"Excel appelle un autre Python que celui-ci : pour qu'il appelle celui-ci, {INSTALLER}."
        )
