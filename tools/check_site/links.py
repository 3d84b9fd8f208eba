"""Every link inside the site leads to a page, a file or an anchor that exists; ids are unique."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from check_site import Result, Site

_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_HOLDERS = {"href", "src", "data", "action", "poster"}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids[value] += 1
            elif name in _HOLDERS and value is not None and (tag, name) != ("form", "action"):
                self.targets.append(value)


def check(site: Site) -> Result:
    """Read every page as a parser does and follow each link that stays inside."""
    pages: dict[str, _Page] = {}
    for name in site.pages:
        pages[name] = _Page()
        pages[name].feed(site.text(name))
    findings = [
        f"{name}: the id '{anchor}' stands {count} times"
        for name, page in pages.items()
        for anchor, count in page.ids.items()
        if count > 1
    ]
    inside = 0
    for name, page in pages.items():
        for target in dict.fromkeys(page.targets):
            if not _ELSEWHERE.match(target):
                inside += 1
                findings += [f"{name}: {target}: {what}" for what in _wrong(site, pages, name, target)]
    return Result.of("links", f"{inside} links of {len(pages)} pages", findings)


def _wrong(site: Site, pages: dict[str, _Page], page: str, target: str) -> Iterator[str]:
    parts = urlsplit(target)
    path = unquote(parts.path)
    to = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    if path.startswith("/"):
        yield "begins at the root of the host, so it holds in no subfolder"
        return
    if path.endswith("/") or to == ".":
        to = posixpath.normpath(f"{to}/index.html")
    if to.startswith("..") or not (site.folder / to).is_file():
        yield "leads to nothing"
    elif parts.fragment and to in pages and unquote(parts.fragment) not in pages[to].ids:
        yield "the anchor is not there"
