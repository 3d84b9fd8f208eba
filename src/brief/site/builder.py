"""The HTML builder: Sphinx's own, with chapters at the root of the site and only the files that a page uses."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder

from brief.site.nodes import exhibit, templated
from brief.site.state import build_of

_FOLDER = "book/"


class BriefHTMLBuilder(StandaloneHTMLBuilder):
    """Writes `book/comments` as `comments.html` and the first chapter as `index.html`, a real page."""

    allow_parallel = False
    copysource = False

    def _page(self, docname: str) -> str:
        return "index" if docname == self.config.root_doc else docname.removeprefix(_FOLDER)

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """The address of a chapter, relative to the site's root."""
        return super().get_target_uri(self._page(docname), typ)

    def get_outfilename(self, pagename: str) -> str:
        """The file of a page, as Sphinx asks for it before 8.2."""
        return super().get_outfilename(self._page(pagename))

    def get_output_path(self, page_name: str, /) -> Path:
        """The file of a page, as Sphinx asks for it from 8.2 on."""
        return Path(self.outdir, f"{self._page(page_name)}{self.out_suffix}")

    def index_page(self, pagename: str, doctree: nodes.document, title: str) -> None:
        """Put a page into the search index under its address."""
        if self.indexer is not None and title:
            # What templates and the registry write stands in no node of the document: its words are added here.
            for part in list(doctree.findall(templated)):
                part += nodes.paragraph("", part.markup.striptags())
            for shown in list(doctree.findall(exhibit)):
                shown += nodes.paragraph("", self._words(shown["kind"], shown["exhibit_id"]))
            self.indexer.feed(self._page(pagename), self._page(pagename), title, doctree)

    def _words(self, kind: str, exhibit_id: str) -> str:
        kept = build_of(self.app).snapshot.content[f"{kind}s"][exhibit_id]
        texts = [str(kept.get(name, "")) for name in ("headline", "subtitle", "alt", "caption", "note", "source")]
        return " ".join([*texts, *(cell for row in kept.get("rows", []) for cell in row)])

    def dump_search_index(self) -> None:
        """Write the search index; its names are those of pages, so none is taken out as unknown."""
        if self.indexer is not None:
            with io.StringIO() as dumped:
                self.indexer.dump(dumped, self.indexer_format)
                # As a plain key this word would be taken for the object's prototype.
                text = dumped.getvalue().replace('"__proto__":', '["__proto__"]:')
            Path(self.outdir, self.searchindex_filename).write_text(text, encoding="utf-8")

    def prepare_writing(self, docnames: set[str]) -> None:
        """Prepare as Sphinx does, then write PDFs, trace and data: pages tell how large they are."""
        super().prepare_writing(docnames)
        if self.indexer is not None:
            # Pages have many words in common; Sphinx looks at each anew for each page.
            language: Any = self.indexer.lang
            language.stem, language.word_filter = cache(language.stem), cache(language.word_filter)
        build = build_of(self.app)
        from brief.site import tracing
        from brief.site.pdf import write_pdfs
        from brief.site.publish import write_data

        bodies = {docname: self._body(docname) for docname in build.book.chapters}
        build.pdfs = write_pdfs(build, bodies, Path(self.outdir))
        pages = {docname: self.get_target_uri(docname) for docname in bodies}
        papers = {pdf.file: Path(self.outdir, pdf.file).read_bytes() for pdf in build.pdfs}
        write_data(build, tracing.trace(build, bodies, pages, papers))

    def _body(self, docname: str) -> str:
        """The markup of a chapter as its page has it, with figures and tables of the registry only named."""
        doctree = self.env.get_and_resolve_doctree(docname, self)
        doctree.settings = self.docsettings
        self.current_docname, self.secnumbers, self.fignumbers = docname, {}, {}
        self.imgpath = self.dlpath = ""
        translator: Any = self.create_translator(doctree, self)
        translator.for_paper = True
        doctree.walkabout(translator)
        return "".join(translator.body)

    def init_js_files(self) -> None:
        """No script on a page but what it needs: see `brief.site.context`."""
        self._js_files = []

    def init_css_files(self) -> None:
        """One stylesheet of the theme, one of the figures' colours, one for code."""
        self._css_files = []
        for name in ("brief.css", "palette.css", "pygments.css"):
            self.add_css_file(name, priority=200)

    def add_css_file(self, filename: str, **kwargs: Any) -> None:
        """Add a style sheet, except the one that MyST-NB has for pages that look like a notebook."""
        if not filename.startswith("mystnb."):
            super().add_css_file(filename, **kwargs)

    def dump_inventory(self) -> None:
        """No inventory: nobody refers to a brief by Sphinx's names."""

    def gen_indices(self) -> None:
        """No general index: a brief has a search and a table of contents."""

    def finish(self) -> None:
        """Finish as Sphinx does, then take away the files of its that no page uses."""
        super().finish()
        self.finish_tasks.join()
        for path in self._unused():
            path.unlink()

    def _unused(self) -> Iterator[Path]:
        static = Path(os.fspath(self.outdir)) / "_static"
        # A newer Sphinx brings the stemmer in files of its own, and once more in language_data.js.
        for pattern in ("file.png", "minus.png", "plus.png", "basic.css", "*-stemmer.js"):
            yield from static.glob(pattern)
