"""What stands beside the prose: notes with definitions and sources, the page's own contents, the title of the cover.

On a wide screen a note stands in the margin beside its paragraph, on a phone folded below it. No script is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from brief.data.bibliography import short_name
from brief.site.nodes import fact, templated, wrapped
from brief.site.state import DATA_CHAPTER, SOURCES_CHAPTER, build_of

_FEWEST_SECTIONS = 3


class MarginNotes(SphinxTransform):
    """Beside each paragraph what its numbers count and where it is from, each told once a page.

    Where a page says itself what its numbers count, its front matter has `notes: sources`.
    """

    # When facts have their words (500) and before citations become links.
    default_priority = 520

    def apply(self, **_: Any) -> None:
        """Lay each paragraph that has something to tell beside its notes."""
        seen: set[str] = set()
        chapter = build_of(self.env.app).book.chapters.get(self.env.docname)
        counts = chapter is None or chapter.notes != "sources"
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if _has_margin(paragraph):
                counted = self._facts(paragraph) if counts else ()
                facts = [note for note in counted if not _seen(seen, f"fact {note['name']}")]
                sources = [note for note in self._sources(paragraph) if not _seen(seen, f"source {note['key']}")]
                if facts or sources:
                    both = wrapped("", tag="div", classes=["noted"])
                    paragraph.replace_self(both)
                    both += paragraph
                    both += templated("", template="notes.html", context={"facts": facts, "sources": sources})

    def _facts(self, paragraph: nodes.paragraph) -> Iterator[dict[str, str]]:
        page = self.env.app.builder.get_relative_uri(self.env.docname, DATA_CHAPTER)
        for node in paragraph.findall(fact):
            if not node.get("plain"):
                href = f"{page}#fact-{node['name']}"
                yield {
                    "name": node["name"],
                    "words": node.astext(),
                    "definition": node["definition"],
                    "href": href,
                }

    def _sources(self, paragraph: nodes.paragraph) -> Iterator[dict[str, str]]:
        page = self.env.app.builder.get_relative_uri(self.env.docname, SOURCES_CHAPTER)
        known = build_of(self.env.app).snapshot.content["sources"]
        for node in paragraph.findall(addnodes.pending_xref):
            if node.get("refdomain") == "cite":
                for key in (part.strip() for part in node["reftarget"].split(",")):
                    if key in known:
                        yield {
                            "key": key,
                            "name": short_name(known[key]),
                            "title": known[key].get("title") or known[key].get("howpublished", ""),
                            "url": known[key].get("url", ""),
                            "href": f"{page}#source-{key}",
                        }


def _has_margin(paragraph: nodes.paragraph) -> bool:
    """Prose of the page itself; key messages, the cover and lists have no margin beside them."""
    above = paragraph.parent
    while isinstance(above, wrapped) and above["classes"] == ["statement"]:
        above = above.parent
    return isinstance(above, nodes.section)


def _seen(seen: set[str], name: str) -> bool:
    known = name in seen
    seen.add(name)
    return known


class OnThisPage(SphinxTransform):
    """The contents of a page that is long enough to need them, after its title."""

    default_priority = 530

    def apply(self, **_: Any) -> None:
        """List the sections, and below each what it says of itself."""
        first = self.document.next_node(nodes.section)
        if first is None or _cover(self.document) is not None:
            return
        entries: list[dict[str, Any]] = []
        for node in first.findall(nodes.Element):
            if isinstance(node, nodes.section) and node.parent is first:
                entries.append({"anchor": node["ids"][0], "words": node[0].astext(), "inner": []})
            elif isinstance(node, wrapped) and node["tag"] == "h2":
                entries.append({"anchor": node["ids"][0], "words": node.astext(), "inner": []})
            elif isinstance(node, templated) and "entries" in node and entries:
                entries[-1]["inner"] += node["entries"]
        if len(entries) >= _FEWEST_SECTIONS or any(entry["inner"] for entry in entries):
            first.insert(1, templated("", template="on-this-page.html", context={"entries": entries}))


class CoverTitle(SphinxTransform):
    """The page with the cover is headed by the title of the brief; in the list of chapters it keeps its own."""

    default_priority = 530

    def apply(self, **_: Any) -> None:
        """Write title and subtitle."""
        first = self.document.next_node(nodes.section)
        if first is not None and _cover(self.document) is not None:
            topic = build_of(self.env.app).snapshot.content["topic"]
            first[0] = nodes.title("", topic["title"])
            first.insert(1, nodes.paragraph("", topic["subtitle"], classes=["subtitle"]))


class LabelsFirst(SphinxTransform):
    """A section with a label goes by it, so that its address is the same in every language."""

    default_priority = 525

    def apply(self, **_: Any) -> None:
        """Set the label before the name that is made of the heading."""
        for section in self.document.findall(nodes.section):
            section["ids"] = [*section["ids"][1:], *section["ids"][:1]]


def _cover(document: nodes.document) -> nodes.Node | None:
    return next(document.findall(lambda node: isinstance(node, wrapped) and "cover" in node["classes"]), None)


def setup(app: Sphinx) -> None:
    """Add the transforms to a Sphinx application."""
    for transform in (LabelsFirst, MarginNotes, OnThisPage, CoverTitle):
        app.add_transform(transform)
