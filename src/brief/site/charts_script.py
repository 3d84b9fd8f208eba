"""The charts' script, which a page loads when a reader points at a figure."""

from __future__ import annotations

from brief.contract.kept_work import done_once
from brief.errors import fail


def charts_script() -> bytes:
    """Vega, Vega-Lite and Embed as one file of our own."""
    from brief.figures.drawing import painter  # only here: a build that has nothing to do draws nothing

    script = done_once("script", (), lambda: wrapped_bundle(painter.script().decode()).encode())
    # All pictures are drawn by now.
    painter.rest()
    return script


def wrapped_bundle(bundle: str) -> str:
    """The module as a classic script inside a function: a module is blocked on pages opened as files.

    Raises `BriefError` where the bundle has another shape than the one known.
    """
    if "window.vegaEmbed=" not in bundle or "\nimport " in bundle or "export{" in bundle:
        raise fail(
            "the chart library's bundle is not the script that sets window.vegaEmbed",
            "Install the versions that the brief pins: pip install -r requirements.txt",
        )
    names = "vegaEmbed:window.vegaEmbed,vega:window.vega,vegaLite:window.vegaLite"
    return f'(function(){{"use strict";{bundle}\n}})();window.briefVega={{{names}}};\n'
