"""The content security policy: what a page may run and load. Each page carries it, so that it holds on any host.

On pages opened as files a browser takes 'self' for files too. Scripts carry no integrity attribute: the same host
serves page and script, and a browser refuses an attribute on files, which it cannot fetch with CORS.
"""

from __future__ import annotations

from collections.abc import Mapping

_NONE, _SELF = "'none'", "'self'"
#: Pages with scripts: those of the site, none in the markup, none made from text.
_PAGE: Mapping[str, str] = {
    "default-src": _NONE,
    "script-src": _SELF,
    "style-src": _SELF,
    "img-src": _SELF,
    "font-src": _SELF,
    # No page of ours asks for anything; auditors fetch robots.txt from within the page.
    "connect-src": _SELF,
    "object-src": _NONE,
    "base-uri": _NONE,
    "form-action": _SELF,
}


def policy(**changed: str) -> str:
    """The policy of a page as one line; a directive is changed by its name, with an underscore for the hyphen."""
    directives = {**_PAGE, **{name.replace("_", "-"): value for name, value in changed.items()}}
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def page_policy(pagename: str) -> str:
    """The policy of a chapter, of the search, or of a page of ours without a script."""
    # Sphinx's search puts its results in as markup that it has escaped. No other page makes markup from text, except
    # that the charts' script empties an element so, for which figures.js has the one policy.
    trusted = {} if pagename == "search" else {"require_trusted_types_for": "'script'", "trusted_types": "default"}
    return policy(**trusted)


#: The policy of a page without scripts.
STILL = policy(script_src=_NONE, connect_src=_NONE)


def headers() -> str:
    """The file `_headers`, for hosts that read one: what a page cannot say of itself."""
    # A figure's own page, below figures/, is made to stand inside other pages; no other page is.
    common = "  X-Content-Type-Options: nosniff\n  Referrer-Policy: no-referrer\n"
    alone = "  Content-Security-Policy: frame-ancestors 'none'\n"
    # A frame that another site shuts off still gets its letters.
    fonts = "  Access-Control-Allow-Origin: *\n"
    # An earlier edition is the same site, one folder down; a placeholder stands for one part of a path.
    return f"/*\n{common}" + "".join(
        f"{place}/\n{alone}{place}/:page.html\n{alone}{place}/comments/:page.html\n{alone}{place}/_static/fonts/*\n{fonts}"
        for place in ("", "/editions/:edition")
    )
