"""A builder that writes each chapter where Sphinx would: one method of it is missing, as with a Sphinx newer than it."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from brief.site.builder import BriefHTMLBuilder


class Astray(BriefHTMLBuilder):
    """Its links lead to comments.html, and it writes book/comments.html."""

    get_outfilename = StandaloneHTMLBuilder.get_outfilename
    get_output_path: Any = getattr(StandaloneHTMLBuilder, "get_output_path", None)


def setup(app: Sphinx) -> None:
    """Take the place of the builder that the brief brings."""
    app.add_builder(Astray, override=True)
