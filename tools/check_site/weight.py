"""Pages are light and still: what a first visit takes over the wire, and how far anything moves while it loads."""

from __future__ import annotations

from check_site import Result, Site

#: The most that the first page may take over the wire, fonts included, on a first visit.
MOST_BYTES = 200_000
#: The most that a page may shift, a fifth of what counts as good on the web; a font that comes late may move a line.
MOST_SHIFT = 0.02
_SHIFTS = """window.shifts = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) { if (!entry.hadRecentInput) { window.shifts += entry.value; } }
}).observe({ type: "layout-shift", buffered: true });"""
_DOWN = "async () => { for (let at = 0; at < document.body.scrollHeight; at += 600) {" + (
    " window.scrollTo(0, at); await new Promise(requestAnimationFrame); } }"
)


def check(site: Site) -> Result:
    """Open each page as a first visit, on a phone and on a desk, and go down it to the end.

    A first visit has nothing in its cache; a new context for each would take longer than the visit.
    """
    findings, sizes, most = [], {}, 0.0
    taken: list[float] = []
    for width in (390, 1280):
        context = site.browser.new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce")
        page = context.new_page()
        page.add_init_script(_SHIFTS)
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", lambda event: taken.append(event["encodedDataLength"]))
        for name in site.pages:
            wire.send("Network.clearBrowserCache")
            taken.clear()
            page.goto(f"{site.url}/{name}", wait_until="networkidle")
            page.evaluate(_DOWN)
            shift = page.evaluate("window.shifts")
            sizes[name], most = sum(taken), max(most, shift)
            if shift > MOST_SHIFT:
                findings.append(f"{name} ({width} px): moves by {shift:.4f} while it loads")
        context.close()
    first = sizes.get("index.html", 0)
    if first > MOST_BYTES:
        findings.append(f"index.html: {first / 1000:.0f} KB over the wire, more than {MOST_BYTES / 1000:.0f}")
    heaviest = max(sizes.values(), default=0)
    measured = f"first page {first / 1000:.0f} KB, heaviest {heaviest / 1000:.0f} KB, shift {most:.4f}"
    return Result.of("weight", measured, findings)
