"""Why the system does not let a file be read, in French: its own words may be in another language."""

import errno

_DROITS = "vous n'avez pas le droit de le lire, ou un autre programme le tient ; vérifiez vos droits, ou fermez-le."
_RAISONS = {
    errno.EACCES: _DROITS,
    errno.EPERM: _DROITS,
    errno.ENOENT: "il n'est plus là ; vérifiez le nom et le dossier.",
    errno.EIO: "le disque ou le réseau ne répond pas ; vérifiez-le, puis recommencez.",
    errno.ENAMETOOLONG: "son nom est trop long ; donnez-lui un nom plus court.",
}


def illisible(nom: str, error: OSError) -> str:
    """The sentence for a file that can't be read."""
    code = f" (code {error.errno})" if error.errno else ""
    return f"« {nom} » ne peut pas être lu : {_RAISONS.get(error.errno or 0, f'le système refuse{code}.')}"
