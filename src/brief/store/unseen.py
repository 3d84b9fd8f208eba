"""Signs of strangers' texts that no page can show: taken out of files of every kind, counted, told in the preview.

They are control characters and halves of a sign, which programs write raw or as escapes (`\\u0000` in JSON).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from re import Match

from brief.contract.text_files import CONTROL

_SHOWN = 5


@dataclass
class TakenOut:
    """The signs that were taken out, each with how often it stood there."""

    signs: Counter[str] = field(default_factory=Counter)

    def of(self, text: str, line_ends: str = "\n") -> str:
        """A text without such signs; the two that end a line or a page become `line_ends`."""
        if CONTROL.search(text) is None:
            return text

        def shown(sign: Match[str]) -> str:
            self.signs[sign[0]] += 1
            return line_ends if sign[0] in "\x0b\x0c" else ""

        return CONTROL.sub(shown, text)

    def messages(self) -> tuple[str, ...]:
        """What was taken out, in words."""
        if not self.signs:
            return ()
        named = ", ".join(f"U+{ord(sign):04X}" for sign in sorted(self.signs)[:_SHOWN])
        more = f" and {len(self.signs) - _SHOWN} other signs" if len(self.signs) > _SHOWN else ""
        return (f"Signs that no page can show, taken out: {self.signs.total()}, {named}{more}.",)


_COUNTING: ContextVar[TakenOut | None] = ContextVar("counting", default=None)


@contextmanager
def counting() -> Iterator[TakenOut]:
    """Count what `clean` takes out while the block runs."""
    taken_out = TakenOut()
    token = _COUNTING.set(taken_out)
    try:
        yield taken_out
    finally:
        _COUNTING.reset(token)


def clean(text: str) -> str:
    """A cell without signs that no page can show. Line ends are line feeds."""
    return (_COUNTING.get() or TakenOut()).of(text.replace("\r\n", "\n"))
