"""Without a mouse: the skip link comes first and works, Tab reaches every control, and what has the focus shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from check_site import Result, Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

_WANTED = "a[href], button, summary, input, select, textarea, [tabindex='0']"
# A control is one that is seen: of no size, hidden, or inside what is folded, it is none.
_MARK = """(selector) => {
  let count = 0;
  for (const one of document.querySelectorAll(selector)) {
    if (one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && !one.disabled) {
      one.dataset.wanted = count++;
    }
  }
  return count;
}"""
# Each element that the focus comes to, as it looks then.
_NOTE = """() => {
  window.stops = [];
  document.addEventListener("focusin", ({ target }) => {
    const style = getComputedStyle(target);
    const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    window.stops.push({ wanted: target.dataset.wanted, seen, name: target.outerHTML.slice(0, 80) });
  });
}"""
_LEFT = "(reached) => [...document.querySelectorAll('[data-wanted]')]" + (
    ".filter((one) => !reached.includes(one.dataset.wanted)).map((one) => one.outerHTML.slice(0, 80))"
)


def check(site: Site) -> Result:
    """Go through each page with the Tab key, with everything open: that holds all that is reached when it is closed."""
    findings, reached = [], 0
    context = site.browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    for name in site.pages:
        page.goto(f"{site.url}/{name}", wait_until="load")
        findings += [f"{name}: {what}" for what in _skips(page)]
        page.evaluate(_NOTE)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        count, faults = _tabs(page)
        reached += count
        findings += [f"{name}: {what}" for what in faults]
    context.close()
    return Result.of("keyboard", f"{reached} stops of the Tab key", findings)


def _skips(page: Page) -> Iterator[str]:
    if not page.locator("nav").count():
        return
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.getAttribute('href')")
    if not str(first or "").startswith("#"):
        yield "the first stop is no link that skips to the text"
        return
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    if not page.evaluate("document.activeElement === document.body || !document.activeElement.closest('header')"):
        yield "after the skip link the focus is still above the text"


def _tabs(page: Page) -> tuple[int, list[str]]:
    """Go round the page from wherever the focus is; after the last stop Tab leads to the first."""
    count = page.evaluate(_MARK, _WANTED)
    reached: set[str] = set()
    faults = []
    for pressed in range(1, count + 21):
        # Held down: the key comes again and again.
        page.keyboard.down("Tab")
        if pressed >= count:
            for stop in page.evaluate("window.stops.splice(0)"):
                if stop.get("wanted") is not None and stop["wanted"] not in reached:
                    reached.add(stop["wanted"])
                    if not stop["seen"]:
                        faults.append(f"the focus does not show: {stop['name']}")
            if len(reached) == count:
                break
    page.keyboard.up("Tab")
    faults += [f"Tab does not reach {name}" for name in page.evaluate(_LEFT, sorted(reached))]
    return len(reached), faults
