"""The parts of a page that are ours, as nodes of the document tree."""

from __future__ import annotations

from functools import cached_property

from docutils import nodes
from markupsafe import Markup

from brief.site.templating import rendered


class fact(nodes.Inline, nodes.TextElement):
    """A fact in prose: its text, `name`, `definition`, and `plain` where no link may stand."""


class exhibit(nodes.General, nodes.Element):
    """A figure or a table of the registry: `kind` and `exhibit_id`."""


class templated(nodes.General, nodes.Element):
    """A part that a template writes: `template` and `context`; its children are only for the search index."""

    @cached_property
    def markup(self) -> Markup:
        """What the template writes: once for the search index and the page."""
        return rendered(self["template"], **self["context"])


class wrapped(nodes.General, nodes.Element):
    """Prose inside an element of ours: `tag`, `classes`, and further `attributes`."""


class cover_card(nodes.General, nodes.Element):
    """What the cover says of the edition: `topic` and `edition`; what can be downloaded is known when it is written."""
