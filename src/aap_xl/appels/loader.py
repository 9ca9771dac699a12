"""Reading the calls: TOML → validated `Appel`; a wrong file is refused with its name and key."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from aap_xl.appels import cache, inheritance, own
from aap_xl.appels.inheritance import Part
from aap_xl.appels.model import Appel, declarer

FOURNIS = Path(__file__).parent


_OCTETS_MAX, _LIGNE_MAX = 2**18, 2000
_PROFONDEUR_MAX, _CLE_MAX = 20, 80
_CHIFFRES_MAX = 12
_MONTREES = 50
"""Beyond, no call is meant: a file is 30 kB."""
_DEMESURE = "ce fichier est démesuré pour un appel à projets ; partez d'un appel fourni."


class _Demesure(Exception):
    """A key's value is out of measure; the message is the key."""


class AppelInvalide(Exception):
    """A call's file can't be used; the message names the file, the key and what is wrong, in French."""


class AppelInconnu(Exception):
    """No such call is at hand. ``appel``: the one asked for, « 3.3 de 2025 » or « 3.3 »; ``connus``: those at hand."""

    def __init__(self, appel: str, connus: str) -> None:
        super().__init__(f"l'appel à projets {appel} est inconnu ; appels disponibles : {connus}.")
        self.appel, self.connus = appel, connus


def charger(chemin: Path, codes: Collection[str] | None = None, besoins: Path | None = None) -> Appel:
    """Read one call.

    Args:   chemin: a TOML file; codes: the rules that exist (``None``: not checked); besoins: the file of what each
            can't do without (``None``: not checked).
    Raises: AppelInvalide if the file or one that it starts from can't be read, has an unknown or wrong key, or
            contradicts itself.
    """
    chain = _chain(chemin)
    needs = besoins.read_bytes() if besoins else b""
    content = b"\0".join((*chain.values(), needs) if needs else chain.values())
    known = cache.lire(content, codes)
    if known is not None:
        return known
    parsed = _parsed(chain)
    appel = _validate(parsed, chemin.name)
    own.placer(appel)
    problems = list(_problems(appel, codes))
    if needs:
        problems += _without_needs(appel, parsed[chemin.name].get("regles", {}), needs)
    if problems:
        raise AppelInvalide(f"{chemin.name} : {_inutilisable([f'  {problem}' for problem in problems])}")
    cache.garder(content, codes, appel)
    return appel


def parties(chemin: Path) -> dict[str, Part]:
    """What the file of a call says, then those it starts from: name → its keys. Raises: AppelInvalide."""
    return _parsed(_chain(chemin))


def _chain(chemin: Path) -> dict[str, bytes]:
    """The file of a call, then those it starts from: name → content. Raises: AppelInvalide."""
    found = {chemin.name: _content(chemin)}
    while nom := inheritance.base(found[chemin.name]):
        try:
            under = inheritance.trouver(nom, chemin, (FOURNIS,))
        except inheritance.Incoherent as error:
            raise AppelInvalide(f"{chemin.name} : {error}") from None
        if under.name in found:
            raise AppelInvalide(f"{chemin.name} : base : {under.name} part lui-même de ce fichier.")
        found[under.name], chemin = _content(under), under
    return found


def _content(chemin: Path) -> bytes:
    """What a file holds. Raises: AppelInvalide if it can't be read, is no file, or no call's by its size."""
    try:
        if chemin.exists() and not chemin.is_file():
            raise AppelInvalide(f"{chemin.name} : ce n'est pas un fichier ; retirez-le de ce dossier d'appels.")
        with chemin.open("rb") as file:
            content = file.read(_OCTETS_MAX + 1).removeprefix(b"\xef\xbb\xbf")
    except OSError:
        raise AppelInvalide(f"{chemin.name} : le fichier ne peut pas être lu ; vérifiez vos droits sur lui.") from None
    if len(content) > _OCTETS_MAX or max(map(len, content.splitlines()), default=0) > _LIGNE_MAX:
        raise AppelInvalide(f"{chemin.name} : {_DEMESURE}")
    return content


def _parsed(chain: Mapping[str, bytes]) -> dict[str, Part]:
    return {part: _parse(content, part) for part, content in chain.items()}


def _validate(parsed: Mapping[str, dict[str, object]], name: str) -> Appel:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - only for a file not seen before

    from aap_xl.appels.messages import en_francais  # noqa: PLC0415

    declarer()
    try:
        data = inheritance.heriter(list(parsed.values()))
        return TypeAdapter(Appel).validate_python(data)
    except inheritance.Incoherent as error:
        raise AppelInvalide(f"{name} : {error}") from None
    except ValidationError as error:
        problems = []
        for item in error.errors(include_url=False):
            part = inheritance.origine(parsed, data, item["loc"])
            problems.append(f"  {en_francais(item)}{'' if part == name else f' (dans {part})'}")
        raise AppelInvalide(f"{name} : {_inutilisable(problems)}") from None
    except (RecursionError, ValueError, ArithmeticError):
        raise AppelInvalide(f"{name} : {_DEMESURE}") from None


def _parse(content: bytes, name: str) -> dict[str, object]:
    """What one file says, in measure. Raises: AppelInvalide."""
    import tomllib  # noqa: PLC0415 - only for a file not seen before

    from aap_xl.appels.messages import toml_en_francais  # noqa: PLC0415

    try:
        data = tomllib.loads(text := content.decode("utf-8"), parse_float=Decimal)
        _check_measure(data)
        inheritance.verifier(data, content)
    except inheritance.Incoherent as error:
        raise AppelInvalide(f"{name} : {error}") from None
    except UnicodeDecodeError:
        raise AppelInvalide(f"{name} : le fichier n'est pas en UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise AppelInvalide(f"{name} : le fichier n'est pas un TOML valide ; {toml_en_francais(text, error)}") from None
    except _Demesure as error:
        raise AppelInvalide(f"{name} : {error} : {_DEMESURE}") from None
    except (RecursionError, ValueError, ArithmeticError):  # tables within tables, numbers of thousands of digits
        raise AppelInvalide(f"{name} : {_DEMESURE}") from None
    return data


def _check_measure(data: object) -> None:
    """Refuse a number out of measure, and tables too deep, before anything computes with them. Raises: _Demesure."""
    waiting: list[tuple[str, object, int]] = [("", data, 0)]
    while waiting:
        key, value, depth = waiting.pop()
        if depth > _PROFONDEUR_MAX or not _reasonable(value):
            raise _Demesure(key[1:])
        if isinstance(value, dict):
            waiting += ((f"{key}.{name}"[:_CLE_MAX], item, depth + 1) for name, item in value.items())
        elif isinstance(value, list):
            waiting += ((f"{key}.{rank}"[:_CLE_MAX], item, depth + 1) for rank, item in enumerate(value))


def _reasonable(value: object) -> bool:
    if isinstance(value, Decimal):
        return not value.is_finite() or -_CHIFFRES_MAX < value.adjusted() < _CHIFFRES_MAX
    return not isinstance(value, int) or abs(value) < 10**_CHIFFRES_MAX


def _inutilisable(problems: list[str]) -> str:
    more = len(problems) - _MONTREES
    rest = [f"  et {more} autres."] if more > 0 else []
    return "\n".join(["l'appel à projets ne peut pas être utilisé.", *problems[:_MONTREES], *rest])


def _problems(appel: Appel, codes: Collection[str] | None) -> Iterator[str]:
    from aap_xl.appels.coherence import incoherences  # noqa: PLC0415 - only for a file not seen before

    yield from incoherences(appel)
    if codes is not None:
        yield from (f"regles.{code} : règle inconnue." for code in sorted(appel.regles.keys() - set(codes)))


def _without_needs(appel: Appel, own: Mapping[str, object], needs: bytes) -> list[str]:
    """Refuse a rule that the call's own file switches on though it can say nothing; leave out one that it inherits."""
    import tomllib  # noqa: PLC0415 - only for a file not seen before

    from aap_xl.appels.needs import unmet, worded  # noqa: PLC0415

    missing = unmet(appel, appel.regles, tomllib.loads(needs.decode("utf-8")))
    vars(appel)["regles"] = {code: regle for code, regle in appel.regles.items() if code not in missing}
    return [
        f"regles.{code} : cette règle ne peut rien dire sans {worded(missing[code])} ; ajoutez-le, ou retirez la règle."
        for code in missing
        if code in own
    ]


class Catalogue:
    """The calls at hand: those shipped with the package, and those of other folders."""

    def __init__(
        self, dossiers: Iterable[Path] = (), codes: Collection[str] | None = None, besoins: Path | None = None
    ) -> None:
        """Nothing is read yet.

        Args:   dossiers: folders of other TOML files; codes, besoins: as for `charger`.
        Raises: AppelInvalide if a folder does not exist or can't be read.
        """
        self._codes = None if codes is None else frozenset(codes)
        self._besoins = besoins
        self._chemins: list[Path] = []
        self._lus: dict[Path, Appel] = {}
        for dossier in (FOURNIS, *dossiers):
            try:
                self._chemins += sorted(item for item in dossier.iterdir() if item.suffix == ".toml")
            except PermissionError:
                raise AppelInvalide(f"{dossier} : vous n'avez pas le droit de lire ce dossier d'appels.") from None
            except OSError:
                raise AppelInvalide(f"{dossier} : ce dossier d'appels à projets n'existe pas.") from None

    @property
    def chemins(self) -> tuple[Path, ...]:
        """The calls' files, and those they start from."""
        return tuple(self._chemins)

    def __iter__(self) -> Iterator[Appel]:
        """Every call, by year then code.

        Raises: AppelInvalide if a file can't be used, or if two describe the same call.
        """
        return iter(map(self._read, self._found().values()))

    def chemin(self, appel: Appel) -> Path:
        """The file of one of these calls."""
        return self._found()[_key(appel)]

    def _found(self) -> dict[tuple[int, str], Path]:
        found: dict[tuple[int, str], Path] = {}
        for chemin in self._chemins:
            if inheritance.commun(_content(chemin)):
                continue
            key = _key(self._read(chemin))
            if key in found:
                millesime, code = key
                raise AppelInvalide(
                    f"{chemin.name} : identite.code : l'appel {code} de {millesime} est déjà décrit "
                    f"par {found[key].name} ; gardez un seul des deux fichiers."
                )
            found[key] = chemin
        return dict(sorted(found.items()))

    def get(self, code: str, millesime: int | None = None) -> Appel:
        """One call; the most recent year when none is asked.

        Raises: AppelInconnu; AppelInvalide as in iteration.
        """
        appels = list(self)
        wanted = [a for a in appels if a.identite.code == code and millesime in (None, a.identite.millesime)]
        if not wanted:
            known = ", ".join(f"{a.identite.code} ({a.identite.millesime})" for a in appels)
            raise AppelInconnu(f"{code} de {millesime}" if millesime else code, known)
        return wanted[-1]

    def _read(self, chemin: Path) -> Appel:
        if chemin not in self._lus:
            self._lus[chemin] = charger(chemin, self._codes, self._besoins)
        return self._lus[chemin]


def _key(appel: Appel) -> tuple[int, str]:
    return appel.identite.millesime, appel.identite.code
