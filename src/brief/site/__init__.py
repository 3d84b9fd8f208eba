"""The Sphinx extension: checks the brief before a cell runs, writes the site aside, swaps it in when it is whole."""

from __future__ import annotations

import atexit
import gc
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn

import docutils.nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.util import logging

from brief.book.contents import contents_of
from brief.contract.kept_work import keeping
from brief.errors import BriefError
from brief.prose.catalogue import speak
from brief.site.state import Build, build_of

_LOGGER = logging.getLogger(__name__)
_BUILDERS = ("html", "linkcheck")
_MANY_OBJECTS = 500_000


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx before it reads anything; stops the build here where the brief has a fault."""
    from brief.site import (
        browsing,
        builder,
        context,
        directives,
        emptying,
        listings,
        margins,
        nodes,
        quoting,
        roles,
        settings,
        writing,
    )
    from brief.site.publish import recover

    # What is loaded and read stays to the end: to look through all of it for what may go, again and again and once more
    # when the process ends, is dear.
    gc.set_threshold(_MANY_OBJECTS)
    atexit.register(gc.freeze)
    build = Build.of(Path(app.srcdir), Path(app.outdir))
    app.brief_build = build  # type: ignore[attr-defined]
    recover(build)
    app.connect("builder-inited", _only_known_builders)
    if not build.idle:
        try:
            folders = {"srcdir": build.source, "confdir": build.source, "outdir": build.aside}
        except BriefError as error:
            _stop_on(error)
        build.settings_read = settings.are_of(app.config.overrides, app.config.extensions, build.source)
        _stop_on_faults(build)
        gc.freeze()
        # One process makes one site, so what is kept and the language hold until it ends.
        at_end = ExitStack()
        at_end.enter_context(keeping(build.source))
        atexit.register(at_end.close)
        speak(build.snapshot.facts_json["topic"]["language"], build.source)
        build.aside.mkdir()
        for name, folder in (folders | {"doctreedir": build.doctrees}).items():
            setattr(app, name, type(app.outdir)(folder))
    # Every warning is told, and with one warning nothing is published (see _finished).
    app.keep_going, app.warningiserror = True, False

    app.add_builder(builder.BriefHTMLBuilder, override=True)
    app.add_html_theme("brief", str(Path(__file__).parent / "theme"))
    app.connect("config-inited", _configure)
    # After the extension that reads _toc.yml (900).
    app.connect("config-inited", _only_chapters, priority=950)
    app.connect("env-before-read-docs", _run_chapters)
    app.connect("html-page-context", context.page_context)
    app.connect("html-collect-pages", browsing.collect)
    app.connect("build-finished", _finished)
    # Jupyter Book sets it for an extension that brings scripts of other sites, which we leave out.
    app.add_config_value("comments_config", {}, "")
    roles.setup(app)
    directives.setup(app)
    emptying.setup(app)
    quoting.setup(app)
    listings.setup(app)
    margins.setup(app)
    for node in (nodes.fact, nodes.templated, nodes.wrapped, nodes.exhibit, nodes.cover_card):
        name = node.__name__
        html = (getattr(writing, f"visit_{name}"), getattr(writing, f"depart_{name}", writing.depart_nothing))
        plain = (writing.visit_nothing, writing.depart_nothing)
        app.add_node(node, html=html, linkcheck=plain, text=plain, latex=plain)
    app.add_node(docutils.nodes.citation, override=True, html=(writing.visit_citation, writing.depart_citation))
    app.add_node(docutils.nodes.label, override=True, html=(writing.visit_label, writing.depart_nothing))
    formula = (writing.visit_formula, None)
    app.add_html_math_renderer("as-written", inline_renderers=formula, block_renderers=formula)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False, "env_version": 1}


def _stop_on_faults(build: Build) -> None:
    faults = build.checked.faults
    if faults:
        counted = "a fault" if len(faults) == 1 else f"{len(faults)} faults"
        sys.stderr.write(f"\nThe brief has {counted}; nothing was published.\n\n{BriefError(faults)}\n")
        raise SystemExit(1)


def _only_known_builders(app: Sphinx) -> None:
    """End where nothing is to be done, or where the site cannot be built in the way that is asked for."""
    build = build_of(app)
    if app.builder.name not in _BUILDERS:
        sys.stderr.write(
            f"\nNothing was built: a brief is pages of HTML with their PDFs, and '{app.builder.name}' makes others.\n"
            "Leave --builder out.\n"
        )
        raise SystemExit(1)
    if app.builder.name == "html" and build.idle:
        build.drop_empty()
        sys.stdout.write("\nNothing has changed since the site was built: _build/html/index.html\n")
        raise SystemExit(0)


def _configure(app: Sphinx, config: Config) -> None:
    """What a strict, reproducible, private site needs, whatever `_config.yml` says."""
    from brief.site import listings

    build = build_of(app)
    # Given with its whole path, which is not that of the copy that is built.
    config.external_toc_path = str(_contents(app, build))
    config.nitpicky = True
    # Only chapters are looked for, and only in their folder: an environment beside it holds thousands of files.
    config.external_toc_exclude_missing = False
    config.exclude_patterns = ["[!b]*"]
    if not build.idle:
        config.language = build.snapshot.facts_json["topic"]["language"]
    config.html_theme = "brief"
    config.html_copy_source = False
    config.html_show_sourcelink = False
    # Summaries of search results are fetched, which pages opened as files cannot do.
    config.html_show_search_summary = False
    config.html_use_index = False
    config.html_domain_indices = False
    config.html_last_updated_fmt = None
    config.smartquotes = False
    # A formula that a cell gives stays as it is written: the script that would draw it lies on another site.
    config.html_math_renderer = "as-written"
    # The chapters have been run when they are read.
    config.nb_execution_mode = "off"
    config.nb_remove_code_source = True
    listings.configure(build, config)
    config.html_js_files = []
    config.html_css_files = []


def _contents(app: Sphinx, build: Build) -> Path:
    """The table of contents to build by: that of the brief, without the chapters that have no data yet."""
    whole = Path(app.srcdir) / "_toc.yml"
    if build.idle:
        return whole
    ours = build.aside.with_name("toc.yml")
    ours.write_text(contents_of(whole, build.book.chapters), encoding="utf-8")
    return ours


def _only_chapters(app: Sphinx, config: Config) -> None:
    """Nothing but the chapters that are listed is a page, whatever else lies in their folder."""
    config.include_patterns = sorted(f"{name}.md" for name in config.external_site_map)


def _run_chapters(app: Sphinx, env: Any, docnames: list[str]) -> None:
    from brief.site.execution import run_chapters

    build = build_of(app)
    names = [name for name in docnames if name in build.book.chapters]
    if names:
        # Once, and here: the kernels that run chapters read what is kept.
        build.snapshot.draw()
        if app.builder.name == "html":
            _ = build.script  # from now on it is made, beside the chapters that are read
        env.mystnb_config = env.mystnb_config.copy(custom_formats=run_chapters(build, names, env.myst_config))


def _stop_on_pages_astray(app: Sphinx, build: Build) -> None:
    """Sphinx has changed the method that it writes pages through; without that method pages go elsewhere."""
    pages = {name: app.builder.get_target_uri(name) for name in build.book.chapters}
    astray = [name for name, page in pages.items() if not (build.aside / page).is_file()]
    if astray:
        lines = "\n".join(f"{name}.md: there is no {pages[name]}" for name in astray)
        sys.stderr.write(
            f"\nNothing was published: these chapters do not stand where links lead.\n\n{lines}\n\n"
            "This Sphinx may be newer than this program. Install the versions that the brief pins: "
            "pip install -r requirements.txt\n"
        )
        raise SystemExit(1)


def _stop_on(error: BriefError) -> NoReturn:
    sys.stderr.write(f"\nNothing was published.\n\n{error}\n")
    raise SystemExit(1)


def _finished(app: Sphinx, error: Exception | None) -> None:
    """Publish a whole site; print what is wrong with any other, and publish nothing."""
    from brief.site.publish import publish, write_beside_pages

    build = build_of(app)
    build.drop_empty()
    # Sphinx wraps what a handler of its events has raised.
    cause = error.orig_exc if isinstance(error, ExtensionError) else error
    if isinstance(cause, BriefError):
        _stop_on(cause)
    if error is not None:
        return
    if app._warncount:
        sys.stderr.write("\nNothing was published: the warnings above are errors here.\n")
        raise SystemExit(1)
    if app.builder.name == "html":
        _stop_on_pages_astray(app, build)
        try:
            write_beside_pages(build)
            publish(build)
        except BriefError as fault:
            _stop_on(fault)
        if build.draft:
            sys.stderr.write(f"\nThis is a draft: {build.published}\n")
