"""The licences of what the kit holds, in French, with their texts."""

from collections.abc import Iterable

from kit.wheels import Wheel

_WIDTH = 88


def notice(wheels: Iterable[Wheel]) -> str:
    """A table of names, versions and licences, then each text once, under those that carry it."""
    by_version = {(item.name, item.version): item for item in wheels}
    listed = [by_version[key] for key in sorted(by_version)]
    names = max(len(item.name) for item in listed)
    versions = max(len(item.version) for item in listed)
    table = [f"{item.name:<{names}}  {item.version:<{versions}}  {item.licence}" for item in listed]
    silent = [f"{item.name} {item.version}" for item in listed if not item.texts]
    lines = ["Licences des bibliothèques du kit, telles que leurs auteurs les déclarent.", "", *table, ""]
    if silent:
        lines += [f"Sans texte de licence dans la roue : {', '.join(silent)}.", ""]
    for text, owners in _texts(listed).items():
        lines += ["=" * _WIDTH, *owners, "=" * _WIDTH, "", text, ""]
    return "\n".join(lines)


def _texts(wheels: Iterable[Wheel]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in wheels:
        for name, text in sorted(item.texts.items()):
            found.setdefault(text.strip(), []).append(f"{item.name} {item.version} : {name}")
    return found
