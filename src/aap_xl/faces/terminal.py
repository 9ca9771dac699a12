"""The one door to the terminal: no control character nor bidirectional mark passes, whoever writes.

A cell, a file's name, a library's warning could move the cursor, hide a line or turn a name around.
"""

import sys
from collections.abc import Iterable
from io import StringIO
from typing import TextIO, cast

from aap_xl.texte import visible


class Door:
    """A stream through which only what can be seen passes, and line ends."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write a text, its characters shown."""
        self.stream.write(visible(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> object:
        return getattr(self.stream, name)


def guard() -> None:
    """Close both streams but for this door.

    They never fail: a closed stream takes everything, a letter that a screen lacks becomes « ? ».
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, Door):
            continue
        if stream is None:
            stream = StringIO()
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
        setattr(sys, name, Door(stream))


def behind(stream: object) -> TextIO:
    """The stream itself, for what draws in colours only texts that were made visible."""
    return cast("TextIO", stream.stream if isinstance(stream, Door) else stream)
