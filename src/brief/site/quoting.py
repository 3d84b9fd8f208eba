"""Quotations on pages: the words with a link to their place, and the place with the words marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from docutils import nodes
from markupsafe import Markup, escape
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxRole

from brief.prose.quotations import Quotation, find, parse_quotation, sentence_around
from brief.site.state import ARTICLE_CHAPTER, COMMENTS_CHAPTER, build_of


class QuoteRole(SphinxRole):
    """``{quote}`PLACE | the words```: checked before the build, printed in quotation marks, linked to the place."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """A link to the marked words; the full sentence is its title."""
        quotation = parse_quotation(self.text)
        text = build_of(self.env.app).snapshot.content["texts"][quotation.item]
        spans = find(quotation.words, text)
        chapter = ARTICLE_CHAPTER if "#p" in quotation.item else COMMENTS_CHAPTER
        page = self.env.app.builder.get_relative_uri(self.env.docname, chapter)
        node = nodes.reference(
            "",
            f"\u201c{quotation.words}\u201d",
            internal=True,
            refuri=f"{page}#{quotation.anchor}",
            reftitle=sentence_around(text, (spans[0][0], spans[-1][1])),
            classes=["quote"],
        )
        return [node], []


class QuotationsInMessages(SphinxTransform):
    """In key messages a quotation is its words alone: a message carries no link."""

    default_priority = 510

    def apply(self, **_: Any) -> None:
        """Take the links from the quotations of key messages."""
        for node in list(self.document.findall(nodes.reference)):
            if "quote" in node["classes"] and _in_a_message(node):
                node.replace_self(nodes.inline("", node.astext()))


def _in_a_message(node: nodes.Node) -> bool:
    above = node.parent
    while above is not None and "key-messages" not in above.get("classes", ()):
        above = above.parent
    return above is not None


def marked(text: str, item: str, quotations: Iterable[Quotation]) -> Markup:
    """A stored text as markup with every quotation of it marked; without the marks it is the text, sign for sign.

    Each quotation has its anchor where it begins; where the text is shown only in part, at the beginning.
    """
    spans: list[tuple[int, int, str]] = []
    for quotation in quotations:
        if quotation.item == item:
            places = find(quotation.words, text) or [(0, 0)]
            spans += [(*span, quotation.anchor if place == 0 else "") for place, span in enumerate(places)]
    out, end = Markup(""), 0
    for start, stop, anchors in _united(sorted(spans)):
        out += escape(text[end:start])
        for anchor in anchors:
            out += Markup('<span class="at" id="{}">').format(anchor)
        words = text[start:stop]
        out += Markup('<mark class="quoted">{}</mark>').format(words) if words else Markup("")
        out += Markup("</span>" * len(anchors))
        end = stop
    return out + escape(text[end:])


def _united(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, list[str]]]:
    """Spans that overlap or touch as one, with all their anchors."""
    united: list[tuple[int, int, list[str]]] = []
    for start, stop, anchor in spans:
        anchors = [anchor] if anchor else []
        if united and start < united[-1][1]:
            first, last, before = united[-1]
            united[-1] = (first, max(last, stop), before + anchors)
        else:
            united.append((start, stop, anchors))
    return united


def with_marks(article: Mapping[str, Any], quotations: Iterable[Quotation]) -> dict[str, Any]:
    """An article of the snapshot with its paragraphs as markup that has the quoted words marked."""
    listed = list(quotations)
    paragraphs = [
        {**paragraph, "text": marked(paragraph["text"], paragraph["item"], listed)}
        for paragraph in article["paragraphs"]
    ]
    return {**article, "paragraphs": paragraphs}


def setup(app: Sphinx) -> None:
    """Add the role to a Sphinx application."""
    app.add_role("quote", QuoteRole())
    app.add_transform(QuotationsInMessages)
