"""No page asks another host for anything, sets a cookie, or has a complaint in the console."""

from __future__ import annotations

from check_site import Result, Site


def check(site: Site) -> Result:
    """Open every page as readers do, scroll through it, open what is folded, and note every request."""
    findings: list[str] = []
    asked = 0
    context = site.browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for name in site.pages:
        requests.clear()
        complaints.clear()
        page.goto(f"{site.url}/{name}", wait_until="networkidle")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        page.wait_for_load_state("networkidle")
        asked += len(requests)
        strangers = {url for url in requests if not url.startswith((f"{site.url}/", "data:", "blob:"))}
        findings += [f"{name}: asks {url}" for url in sorted(strangers)]
        findings += [f"{name}: {text}" for text in dict.fromkeys(complaints)]
    findings += [f"sets the cookie {cookie.get('name')}" for cookie in context.cookies()]
    context.close()
    return Result.of("private", f"{asked} requests of {len(site.pages)} pages", findings)
