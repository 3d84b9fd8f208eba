"""The parts of a page that are ours: nodes of the document tree, and the HTML they become.

Text from outside reaches a page only as docutils text or through templates that escape.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from docutils import nodes
from markupsafe import Markup
from sphinx.writers.html5 import HTML5Translator

from brief.site.state import DATA_CHAPTER, build_of


class fact(nodes.Inline, nodes.TextElement):
    """A fact in prose: its text, `name`, `definition`, and `plain` where no link may stand."""


class exhibit(nodes.General, nodes.Element):
    """A figure or a table of the registry: `kind` and `exhibit_id`."""


class templated(nodes.General, nodes.Element):
    """A part that a template writes: `template` and `context`; its children are only for the search index."""


class wrapped(nodes.General, nodes.Element):
    """Prose inside an element of ours: `tag`, `classes`, and further `attributes`."""


class cover_card(nodes.General, nodes.Element):
    """What the cover says of the edition: `topic` and `edition`; what can be downloaded is known when it is written."""


@cache
def environment() -> jinja2.Environment:
    """The templates of exhibits and page parts; everything that is put in is escaped."""
    folder = Path(__file__).parent / "templates"
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def rendered(template: str, **context: Any) -> Markup:
    """A template with its context, as markup that gives back every sign of a text.

    A browser takes a bare carriage return for a line feed, so it is written as a reference.
    """
    return Markup(environment().get_template(template).render(**context).replace("\r", "&#13;"))


def visit_fact(self: HTML5Translator, node: fact) -> None:
    """A link to the fact's row on the data page, or in the key messages only its value."""
    if node.get("plain"):
        self.body.append(self.starttag(node, "data", "", CLASS="fact", value=node["value"], title=node["definition"]))
        return
    target = f"{self.builder.get_relative_uri(self.builder.current_docname, DATA_CHAPTER)}#fact-{node['name']}"
    self.body.append(self.starttag(node, "a", "", CLASS="fact", href=target, title=node["definition"]))


def depart_fact(self: HTML5Translator, node: fact) -> None:
    """Close what `visit_fact` opened."""
    self.body.append("</data>" if node.get("plain") else "</a>")


def visit_templated(self: HTML5Translator, node: templated) -> None:
    """Write the template; the children are in it already."""
    self.body.append(str(rendered(node["template"], **node["context"])))
    raise nodes.SkipNode


def visit_cover_card(self: HTML5Translator, node: cover_card) -> None:
    """Write the edition, the time to read, and the downloads that the site has."""
    from brief.site.context import downloads, reading_times

    build = build_of(self.builder.app)
    minutes, whole = reading_times(self.builder.env, build, self.builder.current_docname)
    context = {"topic": node["topic"], "edition": node["edition"], "minutes": minutes, "whole": whole}
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
    from brief.site.exhibits import exhibit_html

    if getattr(self, "for_paper", False):
        self.body.append(self.starttag(node, "div", "", ids=[node["exhibit_id"]], **{"data-exhibit": node["kind"]}))
        self.body.append("</div>")
        raise nodes.SkipNode
    # A headline is a heading below the section that it stands in, so that headings stay in order.
    level = 1
    above = node.parent
    while above is not None:
        level += isinstance(above, nodes.section)
        above = above.parent
    self.body.append(str(exhibit_html(build_of(self.builder.app), node["kind"], node["exhibit_id"], level)))
    raise nodes.SkipNode


def visit_nothing(self: Any, node: nodes.Element) -> None:
    """For builders without our templates: the text alone."""
    if isinstance(node, exhibit | templated | cover_card):
        raise nodes.SkipNode


def depart_nothing(self: Any, node: nodes.Element) -> None:
    """Nothing was opened."""
