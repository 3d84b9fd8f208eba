"""Every page carries a strict content security policy, and a real browser runs nothing that is put into the page."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from brief.site.serving import Quiet, answering
from check_site import Result, Site
from check_site.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Page

_STRICT = {"default-src": {"'none'"}, "object-src": {"'none'"}, "base-uri": {"'none'"}}
_LOOSE = {"'unsafe-inline'", "'unsafe-eval'", "'wasm-unsafe-eval'", "*", "http:", "https:", "blob:"}
_RAN = "document.documentElement.setAttribute('data-ran-{0}', '')"
#: What somebody might get into a page; each leaves a mark on the page, or asks a host outside.
_INJECTED = """
<script>{inline}</script>
<img src="no-such-picture" alt="" onerror="{handler}">
<a id="injected-link" href="javascript:{link}">x</a>
<svg onload="{svg}"></svg>
<style>:root {{ --injected: yes; }}</style>
<script src="injected.js"></script>
<script src="{outside}/script.js"></script>
<img src="{outside}/picture.png" alt="">
<iframe src="{outside}/frame.html" title="x"></iframe>
<object data="{outside}/object.html"></object>
<link rel="stylesheet" href="{outside}/style.css">
"""
#: A script of the site's own host, which the policy lets run; what it makes from text must not. (What is tried from the
#: browser's own console is not under the policy, so it is tried here.)
_OWN_SCRIPT = f"""
try {{ eval("{_RAN.format("eval")}"); }} catch (error) {{ /* as it should be */ }}
try {{ new Function("{_RAN.format("Function")}")(); }} catch (error) {{ /* as it should be */ }}
try {{ setTimeout("{_RAN.format("timer")}", 0); }} catch (error) {{ /* as it should be */ }}
"""
_TRIES = """async (outside) => {
  const ran = [];
  try { await fetch(outside + "/fetch", { mode: "no-cors" }); ran.push("fetch"); } catch (error) { /* blocked */ }
  document.getElementById("injected-link").click();
  await new Promise((done) => { setTimeout(done, 10); });
  if (getComputedStyle(document.documentElement).getPropertyValue("--injected")) { ran.push("an inline style"); }
  for (const name of document.documentElement.getAttributeNames()) {
    if (name.startsWith("data-ran-")) { ran.push(name.slice(9)); }
  }
  return ran;
}"""

#: Where one of these tries begins: an element that is injected, a call of the own script, a request.
_ATTACK = re.compile(r"^<(?:script|img|a|svg|style|iframe|object|link)\b|^try \{|await fetch\(", re.MULTILINE)


class _Policy(HTMLParser):
    """The policy of a page, and whether anything that it governs stands before it."""

    def __init__(self) -> None:
        super().__init__()
        self.policy = ""
        self.early: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy" and not self.policy:
            self.policy = given.get("content", "")
        elif tag in ("script", "link", "style", "img") and not self.policy:
            self.early.append(tag)


def check(site: Site) -> Result:
    """Read each page's policy; then open a copy of each page with hostile markup in it, served and as a file."""
    findings = [f"{name}: {what}" for name in site.pages for what in faults_of(site.text(name))]
    tries = 0
    with tempfile.TemporaryDirectory(prefix="brief-csp-") as folder, _outside() as (outside, asked):
        copy = Path(folder)
        shutil.copytree(site.folder, copy, dirs_exist_ok=True)
        for name in site.pages:
            path = copy / name
            text = path.read_text(encoding="utf-8")
            path.with_name("injected.js").write_text(_OWN_SCRIPT, encoding="utf-8")
            path.write_text(text.replace("</body>", f"{_hostile(outside)}</body>"), encoding="utf-8")
        with served(copy) as url:
            page = site.browser.new_page()
            for where, address in (("served", url), ("as a file", copy.as_uri())):
                for name in site.pages:
                    asked.clear()
                    ran = _tried(page, f"{address}/{name}", outside)
                    tries += 1
                    findings += [f"{name}, {where}: {what} ran" for what in ran]
                    findings += [f"{name}, {where}: {path} was asked of another host" for path in sorted(set(asked))]
            page.close()
    attacks = sum(len(_ATTACK.findall(text)) for text in (_INJECTED, _OWN_SCRIPT, _TRIES))
    return Result.of("csp", f"{tries} pages opened with {attacks} attacks each", findings)


def faults_of(markup: str) -> Iterator[str]:
    """What is not strict in the policy of a page."""
    parser = _Policy()
    parser.feed(markup)
    if not parser.policy:
        yield "no policy"
        return
    if parser.early:
        yield f"{parser.early[0]} stands before the policy, which does not govern it"
    parts = [part.split() for part in parser.policy.split(";") if part.strip()]
    policy = {part[0]: set(part[1:]) for part in parts}
    for name, wanted in _STRICT.items():
        if policy.get(name) != wanted:
            yield f"{name} is not {' '.join(wanted)}"
    for name, sources in sorted(policy.items()):
        # A picture made of data asks nobody; a script made of data would run.
        data = {"data:"} if name != "img-src" else set()
        loose = sorted(source for source in sources if source in _LOOSE | data or "://" in source)
        if loose:
            yield f"{name} allows {' '.join(loose)}"


def _hostile(outside: str) -> str:
    names = ("inline", "handler", "link", "svg")
    return _INJECTED.format(outside=outside, **{name: _RAN.format(name) for name in names})


def _tried(page: Page, address: str, outside: str) -> list[str]:
    from playwright.sync_api import Error as BrowserError

    page.goto(address, wait_until="load")
    try:
        ran: list[str] = page.evaluate(_TRIES, outside)
    except BrowserError:
        # The page led on to another while it was tried, as one that has moved does.
        page.wait_for_load_state("networkidle")
        ran = page.evaluate(_TRIES, outside)
    return ran


@contextmanager
def _outside() -> Iterator[tuple[str, list[str]]]:
    """Another host on loopback, and the list of what it is asked for."""
    asked: list[str] = []

    class Handler(Quiet):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = _RAN.format("outside").encode() if self.path.endswith(".js") else b""
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if body else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with answering(Handler) as address:
        yield address, asked
