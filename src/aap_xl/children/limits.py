"""The memory and the time of this very process, on every system that limits them; macOS limits the time only."""

import sys
from contextlib import suppress


def limit(memory: int, seconds: int) -> None:
    """Limit this process. A limit that the system refuses is not set.

    Args: memory: bytes; seconds: of processor time; 0 for no limit.
    """
    with suppress(OSError):
        if sys.platform == "win32":
            import ctypes  # noqa: PLC0415 - some ms

            from aap_xl.children.job import enter  # noqa: PLC0415

            enter(ctypes.WinDLL("kernel32", use_last_error=True), memory, seconds)
        else:
            _lower(memory, seconds)


def _lower(memory: int, seconds: int) -> None:
    import resource  # noqa: PLC0415 - absent from Windows

    for kind, wanted in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        hard = resource.getrlimit(kind)[1]
        if wanted and (hard == resource.RLIM_INFINITY or wanted < hard):
            with suppress(ValueError):
                resource.setrlimit(kind, (wanted, wanted))
