"""The directives of chapters: statements, the cover, the article and comments, the lists of the data page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from brief.book import editions
from brief.book.chapters import alternatives
from brief.findings.facts import Fact, frame, values
from brief.prose.catalogue import say
from brief.prose.conditions import parse
from brief.prose.language import capital, counted, long_date, numeral
from brief.prose.mentions import pointing, render_with
from brief.site import beside, citing, sharing
from brief.site.nodes import cover_card, templated, wrapped
from brief.site.quoting import marked, with_marks
from brief.site.state import ARTICLE_CHAPTER, CLAIMS_CHAPTER, Build, build_of

# In a list of sentences a quotation is its words, and a citation is left to the place where the sentence stands.
_QUOTED = re.compile(r"\{quote\}`[^`|]*\|\s*([^`]*?)\s*`")
_CITED = re.compile(r"\s*\{cite:[pt]\}`[^`]*`")
_LINKED = re.compile(r"(?<!!)\[([^\[\]]*)\]\([^()\s]*\)")


class PageDirective(SphinxDirective):
    """What the directives of a chapter share: the build, and prose inside them."""

    has_content = True

    @property
    def build(self) -> Build:
        """The build that the page belongs to."""
        return build_of(self.env.app)

    @property
    def content_of_snapshot(self) -> Mapping[str, Any]:
        """What the snapshot holds."""
        return self.build.snapshot.content

    def prose(self, parent: nodes.Element, lines: Iterable[str] | None = None, offset: int = 0) -> nodes.Element:
        """Parse prose into `parent`: the directive's own body, or other lines that start `offset` below it."""
        content = self.content if lines is None else StringList(list(lines), source=self.get_source_info()[0])
        self.state.nested_parse(content, self.content_offset + offset, parent)
        return parent

    def template(self, name: str, children: Iterable[nodes.Node] = (), **context: Any) -> templated:
        """A part that a template writes."""
        node = templated("", template=name, context=context)
        node.extend(children)
        return node


def searchable(*texts: str) -> list[nodes.Node]:
    """Texts of a template as nodes, so that the search finds them."""
    return [nodes.paragraph("", text) for text in texts if text]


class Statement(PageDirective):
    """A sentence that draws a conclusion: printed only under a condition that is true of the facts."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        "when": directives.unchanged_required,
        "heading": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """The first alternative whose condition holds; in a draft, where none does, the first one, marked."""
        facts = values(self.build.snapshot.facts)
        parts = alternatives(dict(self.options), "\n".join(self.content))
        holds = [part for part in parts if part[0] is None or parse(part[0]).holds(facts)]
        condition, text, offset = (holds or parts)[0]
        if not text.strip():
            return []
        node = wrapped("", tag="div", classes=["statement"], ids=[f"statement-{self.arguments[0]}"])
        self.prose(node, text.split("\n"), offset)
        if "heading" in self.options:
            heading = wrapped("", tag="h2", ids=[f"about-{self.arguments[0]}"])
            heading += nodes.Text(self.options["heading"])
            node.insert(0, heading)
        if not holds:
            node["classes"].append("statement-fails")
            message = say(
                "This no longer holds: {condition} ({values})",
                condition=condition,
                values=parse(condition or "").values(facts),
            )
            node.insert(0, nodes.paragraph("", message, classes=["draft-mark"]))
        return [node]


class KeyMessages(PageDirective):
    """The key messages: each statement of the body becomes one of them."""

    def run(self) -> list[nodes.Node]:
        """A numbered list; what is not a statement stays before or after it."""
        body = self.prose(wrapped("", tag="div", classes=["key-messages"]))
        if not body.astext().strip():
            return []
        listed = wrapped("", tag="ol")
        for child in list(body.children):
            if isinstance(child, wrapped) and "statement" in child["classes"]:
                body.remove(child)
                child["tag"] = "li"
                child["classes"].append("key-message")
                listed += child
        body.insert(0, listed)
        return [body]


class Margin(PageDirective):
    """A note in the margin: a source, a definition."""

    def run(self) -> list[nodes.Node]:
        """An aside."""
        return [self.prose(wrapped("", tag="aside", classes=["margin"]))]


class Fold(PageDirective):
    """Prose that a phone keeps closed until it is asked for, under the words of the argument; elsewhere it is open."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """What opens it, and the prose."""
        node = wrapped("", tag="details", classes=["fold", "fold--phone", "fold--prose"])
        opener = wrapped("", tag="summary")
        opener += nodes.Text(self.arguments[0])
        node += opener
        # Where it is open, nothing is to be opened: the same words stand there as what they are, a title.
        title = nodes.paragraph(classes=["fold__title"])
        title += nodes.strong("", self.arguments[0])
        node += title
        return [self.prose(node)]


class Cover(PageDirective):
    """The cover: the question, the answer in one sentence (the body), and the edition."""

    def run(self) -> list[nodes.Node]:
        """The block at the head of the summary."""
        topic = self.content_of_snapshot["topic"]
        answer = self.prose(wrapped("", tag="div", classes=["cover__answer"]))
        answered = any(not isinstance(node, nodes.comment | nodes.raw) for node in answer)
        head = self.template("cover-head.html", searchable(topic["question"]), topic=topic, answered=answered)
        text = wrapped("", tag="div", classes=["cover__text"])
        text.extend([head, answer] if answered else [head])
        node = wrapped("", tag="div", classes=["cover"])
        node.extend([text, cover_card("", topic=dict(topic), edition=_edition(self.build))])
        return [node]


class Contents(PageDirective):
    """The chapters by the question that each answers, in the groups of `_toc.yml`."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """A list of links."""
        here = self.env.docname
        uri = self.env.app.builder.get_relative_uri
        groups: dict[str, list[dict[str, str]]] = {}
        for docname, chapter in self.build.book.chapters.items():
            if docname != here:
                entry = {"title": chapter.title, "question": chapter.question, "href": uri(here, docname)}
                groups.setdefault(self.build.book.captions[docname], []).append(entry)
        return [self.template("contents.html", groups=list(groups.items()))]


class ArticleText(PageDirective):
    """An article: where it comes from, then each paragraph as it was stored, with an anchor."""

    has_content = False
    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The article named, or all of them."""
        articles = self.content_of_snapshot["articles"]
        wanted = [article for article in articles if not self.arguments or article["article_id"] == self.arguments[0]]
        if self.arguments and not wanted:
            raise self.error(f"there is no article '{self.arguments[0]}'")
        out: list[nodes.Node] = []
        for article in wanted:
            texts = [paragraph["text"] for paragraph in article["paragraphs"]]
            shown = with_marks(article, self.build.quotations)
            out.append(self.template("article.html", searchable(article["title"], *texts), article=shown))
        return out


class ArticlesAsSources(PageDirective):
    """The articles among the sources, but for one that is listed there by its address."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """A list; nothing where each article is listed."""
        content = self.content_of_snapshot
        known = {fields.get("url", "") for fields in content["sources"].values()} - {""}
        left = [article for article in content["articles"] if article["url"] not in known]
        page = self.env.app.builder.get_relative_uri(self.env.docname, ARTICLE_CHAPTER)
        words = searchable(*(article["title"] for article in left))
        return [self.template("articles-as-sources.html", words, articles=left, page=page)] if left else []


class Comments(PageDirective):
    """The comments that the page lists: text as it was stored, what is known of it, its coding, its anchor."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """What to choose by, where comments differ in that; then a block for each, replies under what they answer."""
        quotations = self.build.quotations
        choices = self.content_of_snapshot["choices"]
        claims = self.env.app.builder.get_relative_uri(self.env.docname, CLAIMS_CHAPTER)
        listed: list[nodes.Node] = [self.template("choose-comments.html", choices=choices)] if choices else []
        if browse := self.content_of_snapshot["browse"]:
            all_of = say("There are {number} comments", number=numeral(browse["comments"]))
            listed.insert(0, self.template("all-comments.html", all_of=all_of))
        for comment in self.content_of_snapshot["comments"]:
            shown = {**comment, "text": marked(comment["text"], comment["id"], quotations)}
            groups = json.dumps([comment["groups"].get(choice["id"], []) for choice in choices]) if choices else ""
            parts = {"choices": groups, "comment": {**shown, "beside": beside.rows(comment, claims)}}
            node = self.template("comment.html", searchable(comment["text"]), **parts)
            node["entries"] = [(comment["id"], comment["label"])]
            listed.append(node)
        return listed


class Facts(PageDirective):
    """The facts, a row with an anchor for each, in a table for each source and function; then figures and tables."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """The tables, each below what its facts were computed from."""
        facts = self.build.snapshot.facts
        rows = frame(facts).to_dict("records")
        groups: dict[tuple[str, str], list[Any]] = {}
        for row in rows:
            groups.setdefault((row["source"], facts[row["name"]].made_by), []).append(row)
        words = searchable(*(f"{row['name']} {row['definition']}" for row in rows))
        listed = [(*key, self._files(key[1]), kept) for key, kept in sorted(groups.items())]
        return [self.template("facts.html", words, groups=listed, exhibits=self._exhibits())]

    def _files(self, made_by: str) -> str:
        return ", ".join(self.build.chain["functions"][made_by]["files"]) or say("no file")

    def _exhibits(self) -> list[dict[str, str]]:
        """The figures and tables of the book in their order: name, what it is called, function, files."""
        build, listed = self.build, []
        for kind, numbers in (("figure", build.book.figure_numbers), ("table", build.book.table_numbers)):
            for name in numbers:
                if exhibit := build.chain["exhibits"].get(f"{kind}-{name}"):
                    entry = {"name": f"{kind}-{name}", "label": build.called(kind, name)}
                    listed.append({**entry, **exhibit, "files": self._files(exhibit["made_by"])})
        return listed


class Statements(PageDirective):
    """Every statement of the book with its conditions, in a table for each chapter."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """The tables."""
        facts = self.build.snapshot.facts
        given = values(facts)
        groups: dict[str, list[Any]] = {}
        for docname, statement in self.build.book.statements():
            page = self.env.app.builder.get_relative_uri(self.env.docname, docname)
            parts = []
            for part in statement.alternatives:
                condition = parse(part.condition) if part.condition else None
                holds = condition is None or condition.holds(given)
                parts.append(
                    {
                        "condition": condition.text if condition else "otherwise",
                        "given": condition.values(given) if condition else "",
                        "holds": holds,
                        "sentence": self._plain(part.text) if holds else _plain(pointing(part.text), None),
                    }
                )
            # The first that holds is printed, and where it has no sentence nothing is.
            printed = next((bool(part["sentence"]) for part in parts if part["holds"]), False)
            anchor = f"#statement-{statement.statement_id}" if printed else ""
            entry = {"name": statement.statement_id, "href": f"{page}{anchor}", "parts": parts}
            groups.setdefault(self.build.book.chapters[docname].title, []).append(entry)
        return [self.template("statements.html", groups=list(groups.items()))]

    def _plain(self, sentence: str) -> str:
        """A sentence that holds, as its page has it; one that points at what is not shown is not printed there."""

        def called(kind: str, name: str) -> str:
            is_shown = "unavailable" not in self.build.snapshot.content[f"{kind}s"][name]
            return self.build.called(kind, name) if is_shown else f"[{name}]"

        return _plain(pointing(sentence, called), self.build.snapshot.facts)


def _plain(sentence: str, facts: Mapping[str, Fact] | None) -> str:
    """A sentence as plain text: with its facts where it holds, else with their names in brackets."""
    text = render_with(sentence, lambda mention, opens: mention.text(facts, opens) if facts else f"[{mention.name}]")
    text = _LINKED.sub(r"\1", _CITED.sub("", _QUOTED.sub("\u201c\\1\u201d", text)))
    return " ".join(text.replace("**", "").replace("`", "").split())


class Edition(PageDirective):
    """The edition: its date, the digest of its data, the commit it was built from."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """A list of terms."""
        return [self.template("edition.html", edition=_edition(self.build))]


class Corrections(PageDirective):
    """How to send a correction; the corrections made, and apart from them the revisions of editions.

    With `contact-only`, no more than how to send one.
    """

    has_content = False
    option_spec: ClassVar[dict[str, Any]] = {"contact-only": directives.flag}

    def run(self) -> list[nodes.Node]:
        """The contact of the topic, and what has been changed."""
        content, listed = self.content_of_snapshot, "contact-only" not in self.options
        history = {"corrections": content["corrections"], "revisions": self._revisions()} if listed else {}
        return [self.template("corrections.html", topic=content["topic"], listed=listed, **history)]

    def _revisions(self) -> list[dict[str, str]]:
        """The recorded editions, the newest first, each with what it changed."""
        listed = []
        for name, before, changes in editions.revisions(self.build.source):
            entry = {"name": editions.printed_name(name), "before": before and editions.printed_name(before)}
            href = citing.address(self.build, f"editions/{name[:10]}/")
            gone = editions.altered(self.build.source, name)
            taken = (
                say("{gone} withdrawn since and taken out of it", gone=counted(gone, "comment was", "comments were"))
                if gone
                else ""
            )
            listed.append({**entry, "changes": changes, "href": href, "altered": capital(taken)})
        return listed[::-1]


class Citation(PageDirective):
    """How to cite the brief, and under which licence its parts stand."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """The citation."""
        edition = _edition(self.build)
        topic = self.content_of_snapshot["topic"]
        return [self.template("citation.html", topic=topic, edition=edition, year=edition["iso_date"][:4])]


class Reuse(PageDirective):
    """What people need who cite the brief, take its data or set a figure into a page of theirs."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Citations, files for programs, and for each figure its links, frame, picture and data."""
        files = {
            "citation.bib": say("The citation as BibTeX"),
            "CITATION.cff": say("The citation as CITATION.cff"),
            "brief-data.zip": say("All data of figures and tables, facts and citation (zip)"),
            "datapackage.json": say("Description of the data files (Frictionless data package)"),
            "ro-crate-metadata.json": say("Description of the whole (RO-Crate)"),
            "facts.json": say("The facts (JSON)"),
            "trace.json": say("Where each number stands and what it rests on (JSON)"),
        }
        absolute = bool(citing.address(self.build))
        if absolute:
            files |= {"feed.xml": say("Feed of editions (Atom)"), "sitemap.xml": say("Map of the site")}
        addresses: dict[str, Any] = {
            "cited": citing.brief_cited(self.build),
            "bibtex": citing.bibtex(self.build),
            "kept": citing.of_edition(self.build),
            "absolute": absolute,
        }
        listed = [{"href": href, "label": label} for href, label in files.items()]
        return [self.template("reuse.html", files=listed, figures=sharing.ready_to_embed(self.build), **addresses)]


def _edition(build: Build) -> dict[str, str]:
    content = build.snapshot.content
    return {
        "date": long_date(build.snapshot.facts["edition-date"].value),  # type: ignore[arg-type]
        "iso_date": str(content["topic"]["edition"]),
        "data_digest": content["data_digest"],
        "commit": build.commit_name,
    }


def setup(app: Sphinx) -> None:
    """Add the directives to a Sphinx application."""
    app.add_directive("statement", Statement)
    app.add_directive("key-messages", KeyMessages)
    app.add_directive("margin", Margin)
    app.add_directive("fold", Fold)
    app.add_directive("cover", Cover)
    app.add_directive("contents-by-question", Contents)
    app.add_directive("article", ArticleText)
    app.add_directive("comments", Comments)
    app.add_directive("articles-as-sources", ArticlesAsSources)
    app.add_directive("facts", Facts)
    app.add_directive("statements", Statements)
    app.add_directive("edition", Edition)
    app.add_directive("corrections", Corrections)
    app.add_directive("citation", Citation)
    app.add_directive("reuse", Reuse)
