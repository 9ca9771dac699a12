"""What a child does first: it limits itself, then becomes what it was started for."""

import gc
import os
import sys
from importlib import import_module

from aap_xl.children.absent import spare
from aap_xl.children.limits import limit


def begin() -> None:
    """Run ``main()`` of a module, or another program (see `aap_xl.children`)."""
    gc.set_threshold(2**16)  # as in `__main__`: modules make no cycle worth looking for
    _, folders, memory, seconds, target, *words = sys.argv[1:]
    sys.path += filter(None, folders.split(os.pathsep))
    limit(int(memory), int(seconds))
    spare()
    if os.path.isabs(target):  # noqa: PTH117 - no import
        _become([target, *words])
    sys.argv[:] = [target, *words]
    import_module(target).main()


def _become(command: list[str]) -> None:
    if os.name == "posix":
        os.execv(command[0], command)  # noqa: S606 - the door
    import subprocess  # noqa: PLC0415 - Windows has no other way; the job of this process is its child's too

    sys.exit(subprocess.run(command, check=False).returncode)  # noqa: S603
