"""A builder that writes each chapter where Sphinx would: one method of it is missing, as with a Sphinx newer than it."""

from sphinx.builders.html import StandaloneHTMLBuilder

from brief.site.builder import BriefHTMLBuilder


class Astray(BriefHTMLBuilder):
    """Its links lead to comments.html, and it writes book/comments.html."""

    get_outfilename = StandaloneHTMLBuilder.get_outfilename
    get_output_path = getattr(StandaloneHTMLBuilder, "get_output_path", None)


def setup(app):
    """Take the place of the builder that the brief brings."""
    app.add_builder(Astray, override=True)
