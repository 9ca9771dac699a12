"""A convention's number, as people type it."""

from aap_xl.texte import normaliser

_ABREVIATIONS = ("n", "no", "num", "numero")


def mots(numero: str) -> list[str]:
    """``"N° EX-2025-033"`` → ``["ex", "2025", "033"]``: its words, without case, accent nor « n° »."""
    return [word for word in normaliser(numero).split() if word not in _ABREVIATIONS]
