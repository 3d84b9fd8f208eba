"""What the page templates are told, and the scripts that a page needs."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx

from brief.language import long_date
from brief.site.nodes import exhibit
from brief.site.policy import page_policy
from brief.site.state import DATA_CHAPTER, build_of

_SEARCH_SCRIPTS = (
    "documentation_options.js",
    "doctools.js",
    "language_data.js",
    "sphinx_highlight.js",
    "searchtools.js",
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
            "docname": docname,
            "title": chapter.title,
            "question": chapter.question,
            "href": uri(pagename, docname),
            "current": docname == pagename,
        }
        for docname, chapter in build.book.chapters.items()
    ]
    words = build.book.words(pagename) if pagename in build.book.chapters else 0
    told = {
        **topic,
        "edition": long_date(build.snapshot.facts["edition-date"].value),  # type: ignore[arg-type]
        "edition_iso": str(topic["edition"]),
        "data_digest_short": content["data_digest"][:12],
        "commit": build.commit_name,
        "chapters": chapters,
        "data_href": uri(pagename, DATA_CHAPTER) if DATA_CHAPTER in build.book.chapters else "",
        "question_here": build.book.chapters[pagename].question if pagename in build.book.chapters else "",
        "reading_minutes": max(1, round(words / _WORDS_A_MINUTE)),
        "draft": build.draft,
        "policy": page_policy(pagename),
    }
    context["brief"] = _escaped(told)
    app.add_js_file("brief.js", loading_method="defer")
    if figures:
        app.add_js_file("vega-bundle.js", loading_method="defer", priority=600)
        app.add_js_file("figures.js", loading_method="defer", priority=700)
    if any(kept.get("choose") for _, kept in shown):
        app.add_js_file("chooser.js", loading_method="defer", priority=700)
    if pagename == "search":
        for name in _SEARCH_SCRIPTS:
            app.add_js_file(name, priority=300)


def _escaped(value: Any) -> Any:
    """Every text in a value made safe as markup: Sphinx's own templates, unlike ours, do not escape."""
    if isinstance(value, str):
        return Markup.escape(value)
    if isinstance(value, dict):
        return {key: _escaped(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_escaped(inner) for inner in value]
    return value
