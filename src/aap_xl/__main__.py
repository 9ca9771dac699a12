"""``aap-xl``, and ``python -m aap_xl``: the command line, once Python has been told where not to look for modules."""

import gc

from aap_xl.children import leave_folders
from aap_xl.children.absent import spare

_OBJECTS = 2**16
"""How many more there are before Python looks for cycles among them: more than the modules of any command make."""


def programme() -> None:
    """Run one command as a process of its own."""
    gc.set_threshold(_OBJECTS)
    leave_folders()
    spare()
    from aap_xl.faces.cli import programme as run  # noqa: PLC0415 - imports nothing before the line above

    run()


if __name__ == "__main__":
    programme()
