"""``aap-xl page``: the page that checks workbooks in a browser, as one file to open or as the files of a site."""

import gzip
from pathlib import Path

from aap_xl.faces import display
from aap_xl.faces.common import RIEN_A_CORRIGER, OnCalls, refuser_d_ecraser
from aap_xl.faces.failures import Refus
from aap_xl.records import record

_PAGE = "index.html"


@record
class Request(OnCalls):
    """What ``page`` takes.

    Attributes: sortie: the one file; site: the folder of the site; paquets: a folder that has the pinned parts.
    """

    sortie: Path | None = None
    site: Path | None = None
    paquets: Path | None = None
    forcer: bool = False


def run(request: Request) -> int:
    """Make the page.

    Returns: 0.
    Raises:  Refus if a part can't be had, or if what would be written must not be.
    """
    from aap_xl.faces.install.page import bundle, prepared, sources  # noqa: PLC0415 - only to make the page
    from aap_xl.workbook.ooxml.atomic import write_atomically  # noqa: PLC0415

    target = _target(request)
    parts = {
        name: gzip.compress(content, 9, mtime=0)
        for name, content in prepared.prepare(request.appels, request.paquets).items()
    }
    if request.site is None:
        content = bundle.one_file(sources.folder(), parts)
        write_atomically(target, content)
        display.chemin(f"Page écrite : {target} ({len(content) / 1e6:.1f} Mo)")
        display.phrase("Ouvrez-la d'un double clic, ou envoyez-la : elle marche sans réseau et n'envoie rien.")
        return RIEN_A_CORRIGER
    files = bundle.site(sources.folder(), parts)
    for name, content in sorted(files.items(), key=lambda file: file[0] == _PAGE):  # the page last: it names the others
        path = request.site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    display.chemin(f"Site écrit : {request.site} ({len(files)} fichiers)")
    display.phrase(f"L'hébergeur y ajoute l'en-tête Content-Security-Policy: {bundle.HEADERS}")
    return RIEN_A_CORRIGER


def _target(request: Request) -> Path:
    """What is written last; refused before anything is made."""
    if request.site is not None:
        if request.site.is_file():
            raise Refus(f"« {request.site} » est un fichier ; indiquez le dossier du site.")
        if (request.site / _PAGE).exists() and not request.forcer:
            raise Refus(f"« {request.site} » a déjà une page ; ajoutez --forcer pour la mettre à jour.")
        return request.site / _PAGE
    if request.sortie is None:
        raise Refus("dites où écrire la page : -o aap-xl.html, ou --site DOSSIER.")
    if request.sortie.suffix.lower() != ".html":
        raise Refus(f"« {request.sortie.name} » : une page se termine par .html.")
    refuser_d_ecraser(request.sortie, forcer=request.forcer)
    return request.sortie
