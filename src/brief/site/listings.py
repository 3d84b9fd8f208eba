"""The directives of the record: claims, timeline, and the sources by their kind, which prose is cited from."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from pybtex.backends.plaintext import Backend
from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.style import FormattedEntry
from pybtex.style.formatting.plain import Style
from pybtex.style.labels.number import LabelStyle
from pybtex.style.names.plain import NameStyle
from pybtex.style.sorting.author_year_title import SortingStyle
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from brief.data.bibliography import SOURCES, lettered_year, short_name
from brief.prose.catalogue import message, say, say_of
from brief.prose.language import capital, numeral
from brief.prose.plain import hyphened
from brief.prose.quotations import Quotation
from brief.site.directives import PageDirective, searchable
from brief.site.nodes import wrapped
from brief.site.state import ARTICLE_CHAPTER, COMMENTS_CHAPTER, SOURCES_CHAPTER, Build, build_of

_ANCHOR = "source-"
_STYLE = "brief"
_OTHER_KIND = message("Other sources")
#: What each answer to "does it hold?" means. The page has them in this order: what is disputed or open comes first.
HOLDS_MEANS = {
    "not settled": message("We found no source that settles it."),
    "contested": message("Sources disagree."),
    "no support found": message("We found no source for it. That does not prove it wrong."),
    "one side only": message("Only one side of the matter says so."),
    "wrong in a detail": message("A source shows that a detail is wrong."),
    "context missing": message("Something is missing that changes how it reads."),
    "not checked": message("We did not check it."),
    "opinion": message("A demand or an opinion. No source could settle it."),
    "supported": message("Another source confirms it."),
}
#: What each answer to "was it said?" means.
SAID_MEANS = {
    "on record": message("Another source has the words or the view, from somebody who is named."),
    "reported only": message("A report gives it, and names nobody who says so."),
    "own words": message("The page says it in its own words."),
}


class _Record(PageDirective):
    has_content = False

    def sources(self, keys: list[str]) -> list[dict[str, str]]:
        """Links to the entries of sources."""
        page = self.env.app.builder.get_relative_uri(self.env.docname, SOURCES_CHAPTER)
        known = self.content_of_snapshot["sources"]
        return [{"name": short_name(known[key]), "href": f"{page}#{_ANCHOR}{key}"} for key in keys]


class Claims(_Record):
    """The claims of the article, or those of the comments: words, chain, whether said and holding, why, sources."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """An entry for each claim, grouped by whether they hold; above them a link to each, by its number."""
        from brief.data.claims import titled  # only here: a build that has nothing to do loads no tables

        uri = self.env.app.builder.get_relative_uri
        of_article = self.arguments[0] == "article"
        whose = say("the article") if of_article else say("readers")
        comments = uri(self.env.docname, COMMENTS_CHAPTER)
        read = of_article and any(comment["aligned"] for comment in self.content_of_snapshot["comments"])
        listed: list[dict[str, Any]] = []
        for claim in self.content_of_snapshot["claims"]:
            if ("#p" in claim["item"]) is of_article:
                page = uri(self.env.docname, ARTICLE_CHAPTER if of_article else COMMENTS_CHAPTER)
                anchor = Quotation(claim["item"], " ".join(claim["quote"].split())).anchor
                href = f"{page}#{anchor}"
                answered = claim["answered"] if read else None
                named = {key: self.sources(claim[key]) for key in ("said_sources", "sources")}
                number = len(listed) + 1
                titles = {"title": titled(claim), "number": number}
                listed.append({**claim, **named, **titles, "href": href, "answered": answered})
        if not listed:
            return []
        texts = [f"{claim['quote']} {claim['why']}" for claim in listed]
        groups = [
            {"id": f"{self.arguments[0]}-{hyphened(holds)}", "holds": holds, "means": means, "claims": same}
            for holds, means in HOLDS_MEANS.items()
            if (same := [claim for claim in listed if claim["holds"] == holds])
        ]
        said = {name: means for name, means in SAID_MEANS.items() if any(claim["said"] == name for claim in listed)}
        parts = {"groups": groups, "said": said if of_article else {}, "comments": comments, "whose": whose}
        node = self.template("claims.html", searchable(*texts), **parts)
        node["entries"] = [(f"claims-{group['id']}", capital(say(str(group["holds"])))) for group in groups]
        return [node]


class Timeline(_Record):
    """The events, each with its sources."""

    def run(self) -> list[nodes.Node]:
        """A table in the order of the dates."""
        events = [
            {**event, "sources": self.sources(event["sources"])}
            for event in sorted(self.content_of_snapshot["timeline"], key=lambda event: str(event["date"]))
        ]
        words = searchable(*(event["event"] for event in events))
        lanes = any(event["lane"] for event in events)
        return [self.template("events.html", words, events=events, lanes=lanes)] if events else []


class Sources(_Record):
    """The bibliography, under a heading for each kind of source; on a phone each is closed until it is asked for."""

    def run(self) -> list[nodes.Node]:
        """A heading and a fold for each kind, which `EntriesByKind` fills; without kinds, the bare list."""
        kinds: dict[str, list[str]] = {}
        for key, fields in self.content_of_snapshot["sources"].items():
            kinds.setdefault(fields.get("keywords", ""), []).append(key)
        out: list[nodes.Node] = []
        if len(kinds) > 1 or "" not in kinds:
            for kind in sorted(kinds, key=lambda name: (not name, name)):
                name = capital(kind) or say(_OTHER_KIND)
                heading = wrapped("", tag="h2", ids=[f"kind-{hyphened(name)}"])
                heading += nodes.Text(name)
                opener = wrapped("", tag="summary")
                opener += nodes.Text(
                    say_of(len(kinds[kind]), "{number} source", "{number} sources", number=numeral(len(kinds[kind])))
                )
                fold = wrapped("", tag="details", classes=["fold", "fold--phone", "fold--prose"], keys=kinds[kind])
                fold += opener
                out += [heading, fold]
        holder = wrapped("", tag="div")
        self.prose(holder, ["```{bibliography}", ":all:", "```"])
        return [*out, holder]


class EntriesByKind(SphinxPostTransform):
    """Put each entry of the bibliography under the heading of its kind."""

    default_priority = 6  # after the entries have been filled at 5

    def run(self, **_: Any) -> None:
        """Move the entries; one without a heading stays where it is."""
        folds: dict[str, wrapped] = {}
        for fold in self.document.findall(wrapped):
            folds |= dict.fromkeys(fold.get("keys", ()), fold)
        for entry in list(self.document.findall(nodes.citation)):
            own = folds.get(entry["ids"][0].removeprefix(_ANCHOR))
            if own is not None:
                entry.parent.remove(entry)
                own += entry


class _SetOnce(Style):  # type: ignore[misc]
    """The plain style of pybtex, which sets each entry once: it is asked for the list and for what a link tells of it.

    Its parts are given as classes: by their names they are looked for among all installed packages.
    """

    def __init__(self) -> None:
        super().__init__(LabelStyle, NameStyle, SortingStyle)
        self._set: dict[tuple[str, str], FormattedEntry] = {}

    def format_entry(self, label: str, entry: Entry, bib_data: Any = None) -> FormattedEntry:
        """An entry as it is printed, under its label."""
        if (label, entry.key) not in self._set:
            self._set[label, entry.key] = super().format_entry(label, entry, bib_data)
        return self._set[label, entry.key]


class EmptyEntries(SphinxPostTransform):
    """Empty the entries of the bibliography: sphinxcontrib-bibtex keeps one node for each and fills it, with what it
    holds already, whenever the page is resolved; here that is once for the paper and once for the page.
    """

    default_priority = 4  # before its own, which fills them at 5

    def run(self, **_: Any) -> None:
        """Take out what an earlier run put in."""
        for bibliography in self.env.get_domain("cite").bibliographies.values():  # type: ignore[attr-defined]
            for entry in bibliography.citation_nodes.values():
                entry.clear()


def configure(build: Build, config: Config) -> None:
    """Cite from `data/sources.bib` by author and year; an entry's anchor is made of its key, so it stays the same."""
    config.bibtex_bibfiles = [SOURCES] if (build.source / SOURCES).is_file() else []
    config.bibtex_default_style = _STYLE
    config.bibtex_reference_style = "author_year"
    config.bibtex_cite_id = f"{_ANCHOR}{{key}}"


def _letter_years(app: Sphinx, env: BuildEnvironment, _: list[str]) -> None:
    """Give sphinxcontrib-bibtex the years with their letters: it has one style for labels and none that adds them."""
    entries = env.get_domain("cite").bibdata.data.entries  # type: ignore[attr-defined]
    for key, fields in build_of(app).snapshot.content["sources"].items():
        if fields.get("letter"):
            entries[key].fields["year"] = lettered_year(fields)


def setup(app: Sphinx) -> None:
    """Add the directives, and those of sphinxcontrib-bibtex, to a Sphinx application."""
    app.setup_extension("sphinxcontrib.bibtex")
    register_plugin("pybtex.style.formatting", _STYLE, _SetOnce, force=True)
    # It looks through all installed packages for this one at each citation.
    register_plugin("pybtex.backends", "plaintext", Backend, force=True)
    directives: dict[str, Any] = {"claims": Claims, "timeline": Timeline, "sources": Sources}
    for name, directive in directives.items():
        app.add_directive(name, directive)
    app.connect("env-before-read-docs", _letter_years)
    app.add_post_transform(EmptyEntries)
    app.add_post_transform(EntriesByKind)
