"""What one build knows: where it writes, whether anything changed, and (when it must) the checked brief."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from filelock import FileLock
from markupsafe import Markup

from brief.book import chain
from brief.book.check import Checked, examine
from brief.book.contents import Book
from brief.book.snapshot import Snapshot
from brief.contract import inputs
from brief.contract.frozen import LOCK, frozen
from brief.prose.catalogue import file_of, message, say, say_of
from brief.prose.language import size_of
from brief.prose.quotations import Quotation
from brief.site.charts_script import charts_script

DRAFT = "BRIEF_DRAFT"
#: The file of a site that says for which digest it was made.
STAMP = ".brief-digest"
#: The chapter that lists every fact; a number in prose leads there.
DATA_CHAPTER = "book/data"
COMMENTS_CHAPTER = "book/comments"
ARTICLE_CHAPTER = "book/article"
SOURCES_CHAPTER = "book/sources"
CLAIMS_CHAPTER = "book/who-said-what"


@dataclass(frozen=True)
class Pdf:
    """A PDF of the site: its file beside the pages, what it is, its pages, its size in bytes."""

    file: str
    name: str
    pages: int
    size: int

    @property
    def extent(self) -> str:
        """How much a reader will get: "4 pages, 107 KB"."""
        return say_of(
            self.pages, "{number} page, {size}", "{number} pages, {size}", number=self.pages, size=size_of(self.size)
        )


def build_of(app: object) -> Build:
    """The build that belongs to a Sphinx application."""
    build: Build = app.brief_build  # type: ignore[attr-defined]
    return build


@dataclass
class Build:
    """One build of the site of the brief at `root`."""

    root: Path
    published: Path
    draft: bool
    pdfs: list[Pdf] = field(default_factory=list)
    words: dict[str, int] = field(default_factory=dict)
    """How many words a reader reads on the page of a chapter, for those that have been counted."""
    exhibits: dict[tuple[str, str, int], Markup] = field(default_factory=dict)
    """The markup of figures and tables that has been written, by kind, id and level of the headline."""
    settings_read: bool = True
    """Whether the settings that the build was started with are those of the inputs that it reads."""

    @classmethod
    def of(cls, root: Path, published: Path) -> Build:
        """The build that writes to `published`; a draft (asked for by the environment) goes elsewhere."""
        draft = os.environ.get(DRAFT) == "1"
        return cls(root, published.parent / "draft" / "html" if draft else published, draft)

    @cached_property
    def source(self) -> Path:
        """The inputs as they stood when the build began: it reads nothing else."""
        return frozen(self.root)

    @property
    def fonts(self) -> Path | None:
        """The folder of fonts that the brief brings for its PDFs; None where it brings none."""
        named = self.snapshot.facts_json["topic"]["pdf_fonts"]
        return self.source / named if named else None

    @property
    def further_signs(self) -> frozenset[str]:
        """The signs of these fonts."""
        from brief.figures.drawing import further_fonts  # only here: a build that has nothing to do loads no tables

        return further_fonts.signs(self.fonts)

    @property
    def aside(self) -> Path:
        """Where this build, and no other, writes its pages until the site is whole."""
        return self.source.parent / "html"

    @property
    def doctrees(self) -> Path:
        """Where this build keeps the chapters that it has read."""
        return self.source.parent / "doctrees"

    @property
    def former(self) -> Path:
        """Where the site lies for a moment that another one takes the place of."""
        return self.published.with_name(f".{self.published.name}-old")

    @cached_property
    def digest(self) -> str:
        """The digest of everything that the site is made from."""
        return inputs.site_digest(self.source, self.commit, self.draft)

    @cached_property
    def commit(self) -> dict[str, str | bool] | None:
        """The commit that the site is built from, as `inputs.commit` tells it."""
        return inputs.commit(self.root)

    @cached_property
    def idle(self) -> bool:
        """True where nothing was to be done when the build began; decided once, since folders follow from it."""
        return self.unchanged

    @property
    def unchanged(self) -> bool:
        """True where the published site was made from exactly the inputs as they are now."""
        stamp = self.published / STAMP
        if not stamp.is_file() or not (self.published / "index.html").is_file():
            return False
        now = inputs.site_digest(self.root, inputs.commit(self.root), self.draft)
        return stamp.read_text(encoding="utf-8") == now

    @property
    def code_unchanged(self) -> bool:
        """True where the program itself is still the one that the build began with."""
        return inputs.code_digest.__wrapped__() == inputs.code_digest()

    @contextmanager
    def swapping(self) -> Iterator[None]:
        """Nobody else takes the published site's place while the block runs."""
        with FileLock(self.published.parent / LOCK):
            yield

    def drop_empty(self) -> None:
        """Remove the empty folder that Sphinx makes in the place of the site before it has one."""
        folder = self.root / "_build" / "html"
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()

    @cached_property
    def checked(self) -> Checked:
        """The pre-pass over the brief, with its faults."""
        return examine(self.source, self.draft)

    @property
    def book(self) -> Book:
        """The chapters of the book."""
        return self.checked.book

    @property
    def snapshot(self) -> Snapshot:
        """Facts, figures and tables of the brief. Only where the pre-pass found no fault."""
        assert self.checked.snapshot is not None
        return self.checked.snapshot

    @cached_property
    def chain(self) -> dict[str, Any]:
        """What facts, figures and tables rest on, as `chain.of` gives it."""
        return chain.of(self.snapshot, self.source)

    @cached_property
    def script(self) -> Future[bytes]:
        """The charts' script, which is made beside whatever else is done from when it is first asked for."""
        aside = ThreadPoolExecutor(max_workers=1)
        script = aside.submit(charts_script)
        aside.shutdown(wait=False)
        return script

    @cached_property
    def quotations(self) -> list[Quotation]:
        """Every quotation of chapters and claims, each once."""
        claims = self.snapshot.content["claims"]
        of_claims = [Quotation(claim["item"], " ".join(claim["quote"].split())) for claim in claims]
        return list(dict.fromkeys([*self.book.quotations(), *of_claims]))

    @cached_property
    def left_in_english(self) -> int:
        """How many messages stand in English because a catalogue of the brief's own has not translated them."""
        language = self.snapshot.content["topic"]["language"]
        path = file_of(language, self.source)
        if path is None or self.source not in path.parents:
            return 0
        from brief.store.catalogues import left

        return len(left(self.source, language))

    def number(self, kind: str, exhibit_id: str) -> int:
        """The number of a figure or table in the order of the book; one whose data are not there takes none."""
        numbers = self.book.figure_numbers if kind == "figure" else self.book.table_numbers
        kept = self.snapshot.content[f"{kind}s"]
        shown = [name for name in numbers if "unavailable" not in kept[name]]
        return shown.index(exhibit_id) + 1

    def called(self, kind: str, exhibit_id: str) -> str:
        """What prose calls a figure or table: "Figure 2"."""
        numbered = message("Figure {number}") if kind == "figure" else message("Table {number}")
        return say(numbered, number=self.number(kind, exhibit_id))

    @cached_property
    def commit_name(self) -> str:
        """The commit that the site is built from, as the data page prints it."""
        commit = self.commit
        if commit is None:
            return say("not known (not built from a repository)")
        return f"{str(commit['name'])[:12]}{(say(', with changes not yet committed') if commit['changed'] else '')}"
