"""``aap-xl``, and ``python -m aap_xl``: the command line, once Python has been told where not to look for modules."""

import gc

gc.set_threshold(2**16)  # objects made before Python looks for cycles among them: more than the modules make

from aap_xl.children import leave_folders  # noqa: E402
from aap_xl.children.absent import spare  # noqa: E402


def programme() -> None:
    """Run one command as a process of its own."""
    leave_folders()
    spare()
    from aap_xl.faces.cli import programme as run  # noqa: PLC0415 - imports nothing before the line above

    run()


if __name__ == "__main__":
    programme()
