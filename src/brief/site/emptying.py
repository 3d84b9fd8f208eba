"""Nothing empty stands on a page: no exhibit without its data, and no heading with nothing below it."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from brief.site.nodes import cover_card, exhibit, templated
from brief.site.state import build_of

_SAYS = (exhibit, templated, cover_card, nodes.image)


class NothingEmpty(SphinxTransform):
    """Take out the exhibits whose data are not there, then the sections that hold nothing else."""

    default_priority = 520  # before the sections of the page are listed

    def apply(self, **_: Any) -> None:
        """Take out what is empty, the innermost sections first."""
        content = build_of(self.env.app).snapshot.content
        for node in list(self.document.findall(exhibit)):
            if "unavailable" in content[f"{node['kind']}s"][node["exhibit_id"]]:
                _take_out(node)
        for section in reversed(list(self.document.findall(nodes.section))):
            if isinstance(section.parent, nodes.section) and not _says(section):
                section.parent.remove(section)


def _take_out(node: nodes.Element) -> None:
    """Remove an exhibit with its other forms, and the cell around it where it has shown nothing else."""
    bundle: nodes.Element | None = node
    while bundle is not None and bundle.get("nb_element") != "mime_bundle":
        bundle = bundle.parent
    gone = node if bundle is None else bundle
    while gone.parent is not None:
        above = gone.parent
        above.remove(gone)
        if not isinstance(above, nodes.container) or _says(above):
            return
        gone = above


def _says(element: nodes.Element) -> bool:
    """Whether anything stands in an element that a reader sees, its own heading aside."""
    return any(_is_seen(child) for child in element.children if not isinstance(child, nodes.title))


def _is_seen(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Text):
        return bool(node.astext().strip())
    if isinstance(node, nodes.comment):
        return False
    if isinstance(node, nodes.raw):
        return not node.astext().lstrip().startswith("<!--")
    return isinstance(node, _SAYS) or any(_is_seen(child) for child in node.children)


def setup(app: Sphinx) -> None:
    """Add the transform to a Sphinx application."""
    app.add_transform(NothingEmpty)
