"""axe finds nothing on any page: light and dark, on a desk and on a phone, everything that folds closed and open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from check_site import Result, Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: A width in CSS pixels with a scheme of colours.
View = tuple[int, Literal["light", "dark"]]
VIEWS: tuple[View, ...] = ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"))
State = Literal["closed", "open"]
STATES: tuple[State, ...] = ("closed", "open")
_OPEN = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
# The size of targets (WCAG 2.2) is the one rule of level AA that axe leaves out unless asked.
_EVERY_RULE = {"target-size": {"enabled": True}}
# A table may have hundreds of rows of one build: the first and the last of each stand for the others.
_ROWS_ALIKE = """() => {
  for (const body of document.querySelectorAll("tbody")) {
    const alike = new Map();
    for (const row of body.rows) {
      const parts = [row, ...row.querySelectorAll("*")].map((part) => part.cloneNode().outerHTML);
      const build = parts.join("").replaceAll(/(id|href|title)="[^"]*"/g, "");
      alike.set(build, [...(alike.get(build) ?? []), row]);
    }
    for (const rows of alike.values()) { rows.slice(1, -1).forEach((row) => row.remove()); }
  }
}"""
# Contrast takes axe ten times as long as all other rules, and a page may hold thousands of cells of one look. It is
# asked of the first and the last text of each look: the same colours, size and weight in elements that look the same.
_CONTRAST = "color-contrast"
_OF_EACH_LOOK = """() => {
  const names = ["color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight", "textShadow",
    "filter", "mixBlendMode", "position", "zIndex", "clipPath", "textIndent", "visibility"];
  const ids = new Map(), looks = new Map(), first = new Map(), last = new Map();
  const look = (one) => {
    if (!one) { return 0; }
    if (!looks.has(one)) {
      const style = getComputedStyle(one);
      const words = [look(one.parentElement), ...names.map((name) => style[name])].join("|");
      if (!ids.has(words)) { ids.set(words, ids.size + 1); }
      looks.set(one, ids.get(words));
    }
    return looks.get(one);
  };
  for (const one of document.querySelectorAll("body *")) {
    const box = one.checkVisibility() && one.getBoundingClientRect();
    const says = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (box && (says || one.matches("input, select, textarea"))) {
      const key = [look(one), one.localName, box.width > 1 && box.height > 1].join("|");
      if (!first.has(key)) { first.set(key, one); }
      last.set(key, one);
    }
  }
  return [...new Set([...first.values(), ...last.values()])];
}"""


def check(site: Site, views: Sequence[View] = VIEWS, states: Sequence[State] = STATES) -> Result:
    """Run every rule of axe on each page in each view: as it opens, and with all that folds open."""
    from axe_playwright_python.base import AXE_SCRIPT

    findings, runs = [], 0
    for width, scheme in views:
        # The page's policy lets nobody put axe into it; what is looked at is the same.
        context = site.browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
        )
        page = context.new_page()
        for name in site.pages:
            page.goto(f"{site.url}/{name}", wait_until="load")
            page.evaluate(AXE_SCRIPT)
            page.evaluate(_ROWS_ALIKE)
            for state in states:
                if state == "open":
                    page.evaluate(_OPEN)
                runs += 1
                where = f"{name} ({width} px, {scheme}, {state})"
                for violation in _violations(page):
                    for node in violation["nodes"]:
                        what = f"{violation['id']}: {violation['help']}: {' '.join(map(str, node['target']))}"
                        findings.append(f"{where}: {what}")
        context.close()
    return Result.of("axe", f"{runs} runs, {len(findings)} findings", findings)


def _violations(page: Page) -> list[dict[str, Any]]:
    """The rules that are broken on a page as it is now."""
    without_contrast = {"resultTypes": ["violations"], "rules": {**_EVERY_RULE, _CONTRAST: {"enabled": False}}}
    contrast_alone = {"resultTypes": ["violations"], "runOnly": [_CONTRAST]}
    results = [page.evaluate("(options) => axe.run(options)", without_contrast)]
    results.append(
        page.evaluate(
            f"async (options) => {{ const texts = ({_OF_EACH_LOOK})();"
            " return texts.length ? axe.run({ include: texts }, options) : { violations: [] }; }",
            contrast_alone,
        )
    )
    return [violation for result in results for violation in result["violations"]]
