"""Writing our nodes as HTML; other builders get the text alone."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from brief.site.context import downloads, reading_times
from brief.site.exhibits import exhibit_html
from brief.site.nodes import cover_card, exhibit, fact, templated, wrapped
from brief.site.state import DATA_CHAPTER, build_of
from brief.site.templating import rendered


def visit_fact(self: HTML5Translator, node: fact) -> None:
    """A link to the fact's row on the data page, or in the key messages only its value."""
    if node.get("plain"):
        attributes = {"value": node["value"], "title": node["definition"], "data-fact": node["name"]}
        self.body.append(self.starttag(node, "data", "", CLASS="fact", **attributes))
        return
    target = f"{self.builder.get_relative_uri(self.builder.current_docname, DATA_CHAPTER)}#fact-{node['name']}"
    self.body.append(self.starttag(node, "a", "", CLASS="fact", href=target, title=node["definition"]))


def depart_fact(self: HTML5Translator, node: fact) -> None:
    """Close what `visit_fact` opened."""
    self.body.append("</data>" if node.get("plain") else "</a>")


def visit_templated(self: HTML5Translator, node: templated) -> None:
    """Write the template; the children are in it already."""
    self.body.append(str(node.markup))
    raise nodes.SkipNode


def visit_cover_card(self: HTML5Translator, node: cover_card) -> None:
    """Write the edition, the time to read, and the downloads that the site has."""
    build = build_of(self.builder.app)
    minutes, whole = reading_times(self.builder.env, build, self.builder.current_docname)
    from brief.site.pdf import can_print

    context = {"topic": node["topic"], "edition": node["edition"], "minutes": minutes, "whole": whole}
    context["no_pdf"] = not can_print(build)
    self.body.append(str(rendered("cover-foot.html", downloads=downloads(build), **context)))
    raise nodes.SkipNode


def visit_wrapped(self: HTML5Translator, node: wrapped) -> None:
    """Open an element of ours."""
    self.body.append(self.starttag(node, node["tag"], "\n", **node.get("attributes", {})))


def depart_wrapped(self: HTML5Translator, node: wrapped) -> None:
    """Close what `visit_wrapped` opened."""
    self.body.append(f"</{node['tag']}>\n")


def visit_citation(self: HTML5Translator, node: nodes.citation) -> None:
    """An entry of the bibliography as an item of a list; Sphinx gives it a role that readers' tools no longer know."""
    if not isinstance(node.previous_sibling(), nodes.citation):
        self.body.append('<ul class="sources">\n')
    self.body.append(self.starttag(node, "li", ""))


def depart_citation(self: HTML5Translator, node: nodes.citation) -> None:
    """Close what `visit_citation` opened."""
    self.body.append("</li>\n")
    if not isinstance(node.next_node(descend=False, siblings=True), nodes.citation):
        self.body.append("</ul>\n")


def visit_label(self: HTML5Translator, node: nodes.label) -> None:
    """Sources are cited by name and year, so their numbers are left out."""
    raise nodes.SkipNode


def visit_exhibit(self: HTML5Translator, node: exhibit) -> None:
    """Write a figure or a table of the registry where its cell stands."""
    # A headline is a heading below the section that it stands in, so that headings stay in order.
    level = 1
    above = node.parent
    while above is not None:
        level += isinstance(above, nodes.section)
        above = above.parent
    if getattr(self, "for_paper", False):
        named = {"data-exhibit": node["kind"], "data-level": str(level)}
        self.body.append(self.starttag(node, "div", "", ids=[node["exhibit_id"]], **named))
        self.body.append("</div>")
        raise nodes.SkipNode
    self.body.append(str(exhibit_html(build_of(self.builder.app), node["kind"], node["exhibit_id"], level)))
    raise nodes.SkipNode


def visit_formula(self: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    """Write a formula as its source."""
    code = f"<code>{self.encode(node.astext())}</code>"
    self.body.append(code if isinstance(node, nodes.math) else f"<p>{code}</p>")
    raise nodes.SkipNode


def visit_nothing(self: Any, node: nodes.Element) -> None:
    """For builders without our templates: the text alone."""
    if isinstance(node, exhibit | templated | cover_card):
        raise nodes.SkipNode


def depart_nothing(self: Any, node: nodes.Element) -> None:
    """Nothing was opened."""
