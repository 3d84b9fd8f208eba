"""Nothing is lost in a narrow window (320 CSS pixels) or under a reader's own spacing of text (WCAG 1.4.10, 1.4.12)."""

from __future__ import annotations

from check_site import Result, Site

_SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"
    " p { margin-bottom: 2em !important; }"
)
_OPEN = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
_OVER = "document.documentElement.scrollWidth - window.innerWidth"
# What is hidden from view on purpose is a pixel wide; what scrolls by itself (tables, code) loses nothing.
_CLIPPED = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((one) => {
  const style = getComputedStyle(one);
  return one.clientWidth > 1 && !one.closest("svg") && /hidden|clip/.test(style.overflowX + style.overflowY)
    && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
}).map((one) => one.outerHTML.slice(0, 80))"""


def check(site: Site) -> Result:
    """Look at each page at 320 pixels, then at all usual widths with the spacing of WCAG 1.4.12, all folds open."""
    findings, looks = [], 0
    context = site.browser.new_context(viewport={"width": 320, "height": 800}, bypass_csp=True)
    page = context.new_page()
    for name in site.pages:
        page.set_viewport_size({"width": 320, "height": 800})
        page.goto(f"{site.url}/{name}", wait_until="load")
        page.evaluate(_OPEN)
        for width, spaced in ((320, False), (320, True), (390, True), (1280, True)):
            page.set_viewport_size({"width": width, "height": 800})
            if spaced and width == 320:
                page.add_style_tag(content=_SPACING)
            looks += 1
            where = f"{name} ({width} px{', spaced' if spaced else ''})"
            over = page.evaluate(_OVER)
            findings += [f"{where}: {over} px too wide"] if over > 0 else []
            findings += [f"{where}: clipped: {clipped}" for clipped in page.evaluate(_CLIPPED)]
    context.close()
    return Result.of("reflow", f"{looks} looks", findings)
