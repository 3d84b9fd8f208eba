"""Every figure has a page of its own to put into other pages: it fits its frame and says what it shows."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bs4 import BeautifulSoup

from check_site import CannotRun, Result, Site
from check_site.serving import served

_SAID = (".exhibit__headline", ".exhibit__subtitle", ".exhibit__source", "a[target=_top]")
_HOST = """<!DOCTYPE html><html lang="en"><head><title>Another site</title><link rel="icon" href="data:,"></head>
<body><iframe src="{src}" title="A figure" width="{width}" height="900"></iframe></body></html>"""


def check(site: Site) -> Result:
    """Put each figure's page into a page of another host, on a phone and on a desk.

    Raises `CannotRun` where the site has no such pages.
    """
    embeds = [name for name in site.pages if name.startswith("figures/")]
    if not embeds:
        raise CannotRun("no figure has a page of its own")
    findings = [f"{name}: says no {part}" for name in embeds for part in _SAID if not _has(site, name, part)]
    with tempfile.TemporaryDirectory(prefix="brief-embeds-") as folder, served(Path(folder)) as host:
        page = site.browser.new_page(viewport={"width": 1280, "height": 1000})
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for name in embeds:
            for width in (320, 760):
                complaints.clear()
                host_page = _HOST.format(src=f"{site.url}/{name}", width=width)
                (Path(folder) / "host.html").write_text(host_page, encoding="utf-8")
                page.goto(f"{host}/host.html", wait_until="networkidle")
                inner = page.frames[1]
                over = inner.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                seen = inner.locator(".pictures svg:visible").count()
                findings += [f"{name} ({width} px): {over} px too wide"] if over > 0 else []
                findings += [f"{name} ({width} px): shows {seen} pictures"] if seen != 1 else []
                findings += [f"{name} ({width} px): {text}" for text in dict.fromkeys(complaints)]
        page.close()
    return Result.of("embeds", f"{len(embeds)} figures in a frame of another host", findings)


def _has(site: Site, name: str, part: str) -> bool:
    element = BeautifulSoup(site.text(name), "html.parser").select_one(part)
    return element is not None and bool(element.get_text(strip=True))
