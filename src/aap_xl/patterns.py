"""Regular expressions compiled when they are first used: a command uses a third of those that its modules have."""

import re
from functools import cached_property
from typing import Any, AnyStr, cast


class _Pattern:
    """Stands for a pattern, and finds it as soon as something is asked of it."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source, self._flags = source, flags

    @cached_property
    def _compiled(self) -> Any:
        return re.compile(self._source, self._flags)

    def __getattr__(self, name: str) -> Any:
        found = self.__dict__[name] = getattr(self._compiled, name)
        return found


def pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` returns, later."""
    return cast("re.Pattern[AnyStr]", _Pattern(source, flags))
