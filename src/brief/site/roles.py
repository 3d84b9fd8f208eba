"""The roles of prose: facts by name, and references to figures and tables."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxRole

from brief.prose.language import formatted, opens_sentence
from brief.prose.mentions import parse_mention
from brief.site.nodes import fact
from brief.site.state import build_of


class FactRole(SphinxRole):
    """``{fact}``, ``{count}`` and ``{plural}``: a fact by its name, formatted, with its definition at hand."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The node, with the mention kept for the transform that knows whether it opens a sentence."""
        mention = parse_mention(self.name.lower(), self.text)
        facts = build_of(self.env.app).snapshot.facts
        named = facts[mention.name]
        if mention.role == "plural":
            return [nodes.Text(mention.text(facts))], []
        node = fact(self.rawtext, "", name=named.name, definition=named.definition, value=formatted(named.value))
        node["written"] = (mention.text(facts), mention.text(facts, opens=True))
        return [node], []


class FactsInSentences(SphinxTransform):
    """Write each fact, with a capital where it opens a sentence; without a link inside key messages."""

    default_priority = 500

    def apply(self, **_: Any) -> None:
        """Fill every fact node of the document."""
        for node in self.document.findall(fact):
            before = ""
            for earlier in node.parent.children[: node.parent.index(node)]:
                before += earlier.astext()
            inside, opening = node.attributes.pop("written")
            node += nodes.Text(opening if opens_sentence(before) else inside)
            above = node.parent
            while above is not None:
                if "key-messages" in above.get("classes", ()) or isinstance(above, nodes.title):
                    node["plain"] = True
                above = above.parent


class ExhibitRole(SphinxRole):
    """``{figure}`` and ``{table}``: "Figure 2", "Table 3", as a link to it wherever in the book it stands.

    On paper a table that the page keeps closed is left out, and its number stands with the words that say so.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """A reference that the builder resolves to the page."""
        build = build_of(self.env.app)
        kind, name = self.name.lower(), self.text.strip()
        if "unavailable" in build.snapshot.content[f"{kind}s"][name]:
            what = f"the {kind} '{name}' is not shown: put the sentence into a statement that asks for its data"
            fault = self.inliner.reporter.error(what, line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, fault)], [fault]
        numbers = build.book.figure_numbers if kind == "figure" else build.book.table_numbers
        _, docname = numbers[name]
        uri = self.env.app.builder.get_relative_uri(self.env.docname, docname)
        node = nodes.reference("", build.called(kind, name), internal=True, refuri=f"{uri}#{kind}-{name}")
        return [node], []


def setup(app: Sphinx) -> None:
    """Add the roles and the transform to a Sphinx application."""
    for name in ("fact", "count", "plural"):
        app.add_role(name, FactRole())
    for kind in ("figure", "table"):
        app.add_role(kind, ExhibitRole())
    app.add_transform(FactsInSentences)
