"""The directives of the record: claims, timeline, polls and sources; and the role that cites a source."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from brief.quotations import Quotation
from brief.site.directives import PageDirective, searchable
from brief.site.state import ARTICLE_CHAPTER, COMMENTS_CHAPTER, SOURCES_CHAPTER, build_of


def short_name(fields: dict[str, str]) -> str:
    """A source as it stands in a sentence: who, and the year where it is known."""
    year = fields.get("year", "")
    return f"{fields['author']}, {year}" if year else fields["author"]


class SourceRole(SphinxRole):
    """``{source}`key```: a source in brackets, linked to its entry."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The link."""
        key = self.text.strip()
        fields = build_of(self.env.app).snapshot.content["sources"][key]
        page = self.env.app.builder.get_relative_uri(self.env.docname, SOURCES_CHAPTER)
        text = f"({short_name(fields)})"
        return [nodes.reference("", text, internal=True, refuri=f"{page}#source-{key}", classes=["source"])], []


class _Record(PageDirective):
    has_content = False

    def sources(self, keys: list[str]) -> list[dict[str, str]]:
        """Links to the entries of sources."""
        page = self.env.app.builder.get_relative_uri(self.env.docname, SOURCES_CHAPTER)
        known = self.content_of_snapshot["sources"]
        return [{"name": short_name(known[key]), "href": f"{page}#source-{key}"} for key in keys]


class Claims(_Record):
    """The claims of the article, or those of the comments: words, chain, status, why, sources."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """An entry for each claim."""
        uri = self.env.app.builder.get_relative_uri
        of_article = self.arguments[0] == "article"
        comments = uri(self.env.docname, COMMENTS_CHAPTER)
        told = of_article and any(comment["aligned"] for comment in self.content_of_snapshot["comments"])
        listed = []
        for claim in self.content_of_snapshot["claims"]:
            if ("#p" in claim["item"]) is of_article:
                page = uri(self.env.docname, ARTICLE_CHAPTER if of_article else COMMENTS_CHAPTER)
                anchor = Quotation(claim["item"], " ".join(claim["quote"].split())).anchor
                href = f"{page}#{anchor}"
                answered = claim["answered"] if told else None
                listed.append({**claim, "href": href, "sources": self.sources(claim["sources"]), "answered": answered})
        texts = [f"{claim['quote']} {claim['why']}" for claim in listed]
        return [self.template("claims.html", searchable(*texts), claims=listed, comments=comments)] if listed else []


class Timeline(_Record):
    """The events of the story (`story`) or those after it (`since`)."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A list in the order of the dates."""
        shown = "yes" if self.arguments[0] == "story" else "no"
        events = [
            {**event, "sources": self.sources(event["sources"])}
            for event in sorted(self.content_of_snapshot["timeline"], key=lambda event: str(event["date"]))
            if event["shown"] == shown
        ]
        return (
            [self.template("timeline.html", searchable(*(e["event"] for e in events)), events=events)] if events else []
        )


class Polls(_Record):
    """The opinion polls: what was asked, when, of whom, and who paid."""

    def run(self) -> list[nodes.Node]:
        """A table."""
        rows = [{**one, "sources": self.sources(one["sources"])} for one in self.content_of_snapshot["evidence"]]
        return [self.template("polls.html", searchable(*(row["series"] for row in rows)), rows=rows)] if rows else []


class Sources(_Record):
    """Every source, with its address, sorted by who published it."""

    def run(self) -> list[nodes.Node]:
        """A list with an anchor for each."""
        known = self.content_of_snapshot["sources"].items()
        given = dict.fromkeys(("author", "title", "howpublished", "year", "month", "note", "url"), "")
        listed = [
            {"key": key, **given, **fields} for key, fields in sorted(known, key=lambda one: (one[1]["author"], one[0]))
        ]
        texts = [" ".join(map(str, fields.values())) for fields in listed]
        return [self.template("sources.html", searchable(*texts), sources=listed)]


def setup(app: Sphinx) -> None:
    """Add role and directives to a Sphinx application."""
    directives: dict[str, Any] = {"claims": Claims, "timeline": Timeline, "polls": Polls, "sources": Sources}
    for name, directive in directives.items():
        app.add_directive(name, directive)
    app.add_role("source", SourceRole())
