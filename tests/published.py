"""Drawn trees of counts, and files of one porteur: which are shown, which version counts."""

from collections.abc import Iterable, Iterator
from datetime import date
from random import Random

from aap_xl.consolidation.masking import Arbre, Parts, Totaux, masquer_rares, proteger
from aap_xl.consolidation.versions import Version, choisir

_DRAWS, _SEUIL, _LE = 120, 5, date(2025, 12, 15)
_SMALL = (0, 0, 1, 2, 3, 4, 5, 6, 9, 12, 20)


def masked() -> Iterator[str]:
    """Units of drawn counts in drawn groups, under each rule, all of them allowed or some."""
    for seed in range(_DRAWS):
        rng = Random(seed)  # noqa: S311
        units, parts = rng.randrange(1, 9), rng.randrange(1, 4)
        paths = [tuple(rng.choice("AB") for _ in range(rng.randrange(3))) for _ in range(units)]
        counts = [tuple(rng.choice(_SMALL) for _ in range(parts)) for _ in range(units)]
        tree = Arbre.de(paths)
        allowed = [rng.random() < 0.8 for _ in range(units + len(tree.groupes))] if seed % 3 == 0 else None
        totals = proteger(tree, [(sum(count),) for count in counts], Totaux(_SEUIL), allowed)
        shown = proteger(tree, counts, Parts(_SEUIL), totals)
        yield f"{seed} {counts} {[''.join(path) for path in paths]} : {_bits(totals)} {_bits(shown)}"
        effectifs = [count[0] for count in counts]
        yield f"{seed} rares {effectifs} : {_bits(masquer_rares(effectifs, _SEUIL))}"


def _bits(shown: Iterable[int]) -> str:
    return "".join("1" if bit else "0" for bit in shown)


def versions() -> Iterator[str]:
    """What becomes of drawn files."""
    for seed in range(_DRAWS):
        rng = Random(f"version {seed}")  # noqa: S311
        for choix in sorted(choisir(_files(rng), _LE), key=lambda choix: choix.version.entree):
            par = choix.par.entree if choix.par else ""
            yield f"{seed} {choix.version.entree} {choix.operation} {choix.etat} {par} {choix.motif}"


def _files(rng: Random) -> list[Version]:
    """Files that say one thing by content."""
    said = {
        content: (
            rng.choice(("", "", "12", "13", "1.2", "012", "1.02", "ex.12", "ex12")),
            rng.choice(("", "2025-03-01", "2025-03-01", "2025-04-01")),
            rng.choice(("", "2025-05-31", "2025-12-15", "2025-12-16", "2026-01-01")),
        )
        for content in "abcdef"
    }
    return [
        Version(
            entree,
            rng.choice(("v1.xlsx", "v2.xlsx", "v10.xlsx", "a/v1.xlsx", "V1.xlsx")),
            rng.choice(("", "2025-05-01T00:00:00", "2025-06-01T00:00:00")),
            content,
            *said[content],
        )
        for entree, content in enumerate(rng.choice("abcdef") for _ in range(rng.randrange(1, 8)))
    ]
