"""axe finds nothing on any page: light and dark, on a desk and on a phone, everything that folds closed and open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from check_site import Result, Site

#: A width in CSS pixels with a scheme of colours.
View = tuple[int, Literal["light", "dark"]]
VIEWS: tuple[View, ...] = ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"))
_OPEN = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
# The size of targets (WCAG 2.2) is the one rule of level AA that axe leaves out unless asked.
_OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def check(site: Site, views: Sequence[View] = VIEWS) -> Result:
    """Run every rule of axe on each page in each view, as it opens and with all that folds open."""
    from axe_playwright_python.sync_playwright import Axe

    axe, findings, runs = Axe(), [], 0
    for width, scheme in views:
        # The page's policy lets nobody put axe into it; what is looked at is the same.
        context = site.browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
        )
        page = context.new_page()
        for name in site.pages:
            page.goto(f"{site.url}/{name}", wait_until="load")
            for state in ("closed", "open"):
                if state == "open":
                    page.evaluate(_OPEN)
                runs += 1
                for violation in axe.run(page, options=_OPTIONS).response["violations"]:
                    for node in violation["nodes"]:
                        where = f"{name} ({width} px, {scheme}, {state})"
                        findings.append(
                            f"{where}: {violation['id']}: {violation['help']}: {' '.join(map(str, node['target']))}"
                        )
        context.close()
    return Result.of("axe", f"{runs} runs, {len(findings)} findings", findings)
