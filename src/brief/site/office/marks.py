"""How words look in an office file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

_OWN: Mapping[str, Any] = {
    "strong": {"bold": True},
    "em": {"italic": True},
    "code": {"code": True},
    "sup": {"raised": "super"},
    "sub": {"raised": "sub"},
}
#: What of a page is set in italics though its markup does not say so: the words of a claim.
_ITALIC = "claim__words"


@dataclass(frozen=True)
class Marks:
    """Words are bold, italic, raised or lowered, code, a link; they have a language and a direction."""

    bold: bool = False
    italic: bool = False
    raised: str = ""
    code: bool = False
    link: bool = False
    lang: str = ""
    dir: str = ""

    @classmethod
    def of(cls, block: Mapping[str, Any]) -> Marks:
        """The marks of the words of a block."""
        return cls(italic=_ITALIC in block.get("cls", ()), **side(block))

    def within(self, run: Mapping[str, Any]) -> Marks:
        """The marks of what stands in a run that itself stands among these."""
        return replace(self, **_OWN.get(run["k"], {}), **side(run))


def side(block: Mapping[str, Any]) -> dict[str, Any]:
    """Language and direction, as far as a block has them."""
    return {name: block[name] for name in ("lang", "dir") if block.get(name)}
