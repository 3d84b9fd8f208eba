"""What readers may expect of a built site, checked on the site itself: `make check-site`.

A module a check: `check(site)` takes a `Site` and gives a `Result`. What a machine lacks is told, not passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: The checks in the order of the table; each is a module of this package.
CHECKS = (
    *("links", "private", "csp", "html", "axe", "keyboard", "reflow", "search"),
    *("metadata", "downloads", "embeds", "pdf", "weight", "lighthouse"),
)

_LEADS_ON = re.compile(r"<meta[^>]*http-equiv=[\"']?refresh", re.IGNORECASE)


@dataclass(frozen=True)
class Site:
    """A built site: its folder, its address on loopback (compressed, without a final slash), and a running browser."""

    folder: Path
    url: str
    browser: Browser

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """Every HTML page, as a path from the site's root, sorted.

        What lies in `_static` is no page, nor is what leads on to another at once: nobody reads it.
        """
        files = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))
        named = sorted(name for name in files if not name.startswith("_static/"))
        return tuple(name for name in named if not _LEADS_ON.search(self.text(name)))

    def text(self, page: str) -> str:
        """The markup of a page."""
        return (self.folder / page).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Result:
    """What a check found: whether the site passed (None: it could not be run here), what was measured, each finding."""

    name: str
    passed: bool | None
    measured: str
    findings: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, name: str, measured: str, findings: Iterable[str]) -> Result:
        """A check that was run: passed where it found nothing."""
        listed = list(findings)
        return cls(name, not listed, measured, listed)


class CannotRun(Exception):
    """A check needs something that is not on this machine; the text says what, and how to get it."""
