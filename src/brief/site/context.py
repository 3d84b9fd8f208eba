"""What the page templates are told, and the scripts that a page needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from brief.prose.catalogue import filled, say, say_of, spoken
from brief.prose.language import long_date, size_of
from brief.prose.plain import words_of
from brief.site import browsing, citing
from brief.site.exhibits import is_folded, opened, script_json
from brief.site.metadata import ARCHIVE, linked_data
from brief.site.nodes import exhibit, templated
from brief.site.policy import page_policy
from brief.site.state import DATA_CHAPTER, Build, build_of

_SEARCH_SCRIPTS = (
    "documentation_options.js",
    "doctools.js",
    "language_data.js",
    "sphinx_highlight.js",
    "searchtools.js",
    "search.js",
)
_WORDS_A_MINUTE = 230


def page_context(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Add `brief` to a page's context, and to the page the scripts it needs."""
    build = build_of(app)
    content = build.snapshot.content
    topic = content["topic"]
    exhibits = list(doctree.findall(exhibit)) if isinstance(doctree, nodes.document) else []
    shown = [(node["kind"], content[f"{node['kind']}s"][node["exhibit_id"]]) for node in exhibits]
    figures = any(kind == "figure" and "unavailable" not in kept for kind, kept in shown)
    uri = app.builder.get_relative_uri
    chapters = [
        {
            "title": chapter.title,
            "question": chapter.question,
            "href": uri(pagename, docname),
            "current": docname == pagename,
            "caption": build.book.captions[docname],
        }
        for docname, chapter in build.book.chapters.items()
    ]
    page = app.builder.get_target_uri(pagename)
    page_words = {
        **topic,
        "edition": long_date(build.snapshot.facts["edition-date"].value),  # type: ignore[arg-type]
        "edition_iso": str(topic["edition"]),
        "data_digest_short": content["data_digest"][:12],
        "commit": build.commit_name,
        "chapters": chapters,
        "groups": _groups(chapters),
        **_neighbours(chapters),
        "data_href": uri(pagename, DATA_CHAPTER) if DATA_CHAPTER in build.book.chapters else "",
        "question_here": build.book.chapters[pagename].question if pagename in build.book.chapters else "",
        "reading_time": reading_times(app.env, build, pagename)[0] if pagename in build.book.chapters else "",
        "direction": spoken().direction,
        "left_in_english": build.left_in_english,
        "draft": build.draft,
        "policy": page_policy(pagename),
    }
    page_words["address"] = citing.address(build, "" if page == "index.html" else page)
    page_words["card"] = citing.address(build, "figures/brief.card.png")
    context["say"] = _said
    if "body" in context:
        # Sphinx says this in few languages.
        title = Markup.escape(say("Link to this heading"))
        context["body"] = context["body"].replace('title="Link to this heading"', f'title="{title}"')
    context["brief"] = _escaped(page_words)
    if pagename == DATA_CHAPTER:
        context["brief"]["linked_data"] = script_json(linked_data(build))
    app.add_js_file("brief.js", loading_method="defer")
    if figures:
        # The charts' script is heavy, so `figures.js` loads it when a reader points at a figure.
        late: dict[str, Any] = {"data-vega": context["pathto"]("_static/vega-bundle.js", True)}
        app.add_js_file("figures.js", loading_method="defer", priority=700, **late)
    if '<div class="chooser"' in context.get("body", ""):
        app.add_js_file("chooser.js", loading_method="defer", priority=700)
    if '<p class="all-comments"' in context.get("body", "") or pagename == f"{browsing.FOLDER}/find":
        app.add_js_file("find-comment.js", loading_method="defer", priority=700)
    if pagename == f"{browsing.FOLDER}/browse":
        app.add_js_file("browse.js", loading_method="defer", priority=700)
    if any(kept.get("weighs") for _, kept in shown):
        app.add_js_file("weighing.js", loading_method="defer", priority=700)
    if pagename == "search":
        for name in _SEARCH_SCRIPTS:
            app.add_js_file(name, priority=300)


def _groups(chapters: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The chapters in the groups of `_toc.yml`; the first chapter leads the first group."""
    captions = list(dict.fromkeys(chapter["caption"] for chapter in chapters[1:]))
    groups = [[chapter for chapter in chapters[1:] if chapter["caption"] == caption] for caption in captions] or [[]]
    return [[*chapters[:1], *groups[0]], *groups[1:]]


def _neighbours(chapters: list[dict[str, Any]]) -> dict[str, Any]:
    """The chapters before and after the page; a page that is no chapter has none."""
    here = next((place for place, chapter in enumerate(chapters) if chapter["current"]), None)
    if here is None:
        return {"before": None, "after": None}
    return {
        "before": chapters[here - 1] if here else None,
        "after": chapters[here + 1] if here + 1 < len(chapters) else None,
    }


def _words(build: Build, doctree: nodes.document) -> int:
    """The words that a page shows unasked: its text, with articles, comments and claims, its tables, and what stands
    at its figures; not what is there to look up.
    """
    text = sum(words_of(text.astext()) for text in doctree.findall(nodes.Text) if not _looked_up(text))
    return text + sum(_words_at(build.snapshot.content, node) for node in doctree.findall(exhibit))


def _words_at(content: Mapping[str, Any], node: exhibit) -> int:
    """The words of a table that is open on every screen and has no rows to choose, or of what stands at a figure."""
    kept, is_table = content[f"{node['kind']}s"][node["exhibit_id"]], node["kind"] == "table"
    if "unavailable" in kept or (is_table and (is_folded(kept) or kept["folded_on_phones"] or kept["choose"])):
        return 0
    shown = opened(kept) if is_table else {"columns": [], "rows": []}
    parts = [kept.get(name) or "" for name in ("headline", "caption", "subtitle", "note")]
    return sum(map(words_of, [*parts, *shown["columns"], *(cell for row in shown["rows"] for cell in row)]))


def _looked_up(text: nodes.Text) -> bool:
    """Whether a text stands in code, in what a cell put out, or in the folded list of facts or of events."""
    above: nodes.Node | None = text.parent
    while above is not None:
        folded = isinstance(above, templated) and above["template"] in ("facts.html", "events.html")
        if folded or isinstance(above, nodes.literal_block):
            return True
        above = above.parent
    return False


def _minutes(words: int) -> str:
    minutes = max(1, round(words / _WORDS_A_MINUTE))
    return say_of(minutes, "{minutes} minute", "{minutes} minutes", minutes=minutes)


def reading_times(env: BuildEnvironment, build: Build, docname: str) -> tuple[str, str]:
    """The time to read a page, and that to read it and every chapter of its first group; "" where that is all."""
    groups = [build.book.captions[name] for name in build.book.chapters]
    first = groups[1] if len(groups) > 1 else ""
    names = [name for name in build.book.chapters if name == docname or build.book.captions[name] == first]
    for name in names:
        # Each page tells its own time and every chapter's of the first group: they are counted once.
        if name not in build.words:
            build.words[name] = _words(build, env.get_doctree(name))
    words = {name: build.words[name] for name in names}
    return _minutes(words[docname]), _minutes(sum(words.values())) if len(words) > 1 else ""


def downloads(build: Build) -> list[dict[str, str]]:
    """What the cover offers, as far as the site has it."""
    offers = [{"label": pdf.name, "href": pdf.file, "kind": "PDF", "size": pdf.extent} for pdf in build.pdfs]
    data = build.aside / ARCHIVE
    if data.is_file():
        offers.append({"label": say("The data"), "href": ARCHIVE, "kind": "ZIP", "size": size_of(data.stat().st_size)})
    return offers


def _said(english: str, **parts: object) -> Markup:
    """A message as Sphinx's own templates may set it in: its words and parts made safe, unless they are already."""
    return Markup(filled(Markup.escape(say(english)), {name: Markup.escape(part) for name, part in parts.items()}))


def _escaped(value: Any) -> Any:
    """Every text in a value made safe as markup: Sphinx's own templates, unlike ours, do not escape."""
    if isinstance(value, str):
        return Markup.escape(value)
    if isinstance(value, dict):
        return {key: _escaped(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_escaped(inner) for inner in value]
    return value
