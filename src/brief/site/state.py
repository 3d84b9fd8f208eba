"""What one build knows: where it writes, whether anything changed, and (when it must) the checked brief."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from brief.book.check import Checked, examine
from brief.book.contents import Book
from brief.book.snapshot import Snapshot
from brief.contract import inputs
from brief.prose.language import size_of
from brief.prose.quotations import Quotation

DRAFT = "BRIEF_DRAFT"
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
        return f"{self.pages} {'page' if self.pages == 1 else 'pages'}, {size_of(self.size)}"


def build_of(app: object) -> Build:
    """The build that belongs to a Sphinx application."""
    found: Build = app.brief_build  # type: ignore[attr-defined]
    return found


@dataclass
class Build:
    """One build of the site of the brief at `root`."""

    root: Path
    published: Path
    draft: bool
    pdfs: list[Pdf] = field(default_factory=list)

    @classmethod
    def of(cls, root: Path, published: Path) -> Build:
        """The build that writes to `published`; a draft (asked for by the environment) goes elsewhere."""
        draft = os.environ.get(DRAFT) == "1"
        return cls(root, published.parent / "draft" / "html" if draft else published, draft)

    @property
    def aside(self) -> Path:
        """Where pages are written until the site is whole."""
        return self.published.parent / ".aside" / "html"

    @property
    def stamp(self) -> Path:
        """The file that says for which digest the site was published."""
        return self.published.parent / f".{self.published.name}-digest"

    @cached_property
    def digest(self) -> str:
        """The digest of everything that the site is made from."""
        return inputs.site_digest(self.root, self.draft)

    @property
    def unchanged(self) -> bool:
        """True where the published site was made from exactly these inputs, and its pages are still laid aside."""
        return (
            self.stamp.is_file()
            and self.stamp.read_text(encoding="utf-8") == self.digest
            and (self.published / "index.html").is_file()
            and (self.aside / "index.html").is_file()
        )

    def start_afresh(self, doctrees: Path) -> None:
        """Forget every page of an earlier build, so that a warm build gives the bytes of a cold one."""
        self.stamp.unlink(missing_ok=True)
        for folder in (self.aside.parent, doctrees):
            shutil.rmtree(folder, ignore_errors=True)

    def drop_empty(self) -> None:
        """Remove the empty folder that Sphinx makes in the place of the site before it has one."""
        folder = self.root / "_build" / "html"
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()

    @cached_property
    def checked(self) -> Checked:
        """The pre-pass over the brief, with its faults."""
        return examine(self.root, self.draft)

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
    def quotations(self) -> list[Quotation]:
        """Every quotation of chapters and claims, each once."""
        claims = self.snapshot.content["claims"]
        of_claims = [Quotation(claim["item"], " ".join(claim["quote"].split())) for claim in claims]
        return list(dict.fromkeys([*self.book.quotations(), *of_claims]))

    def number(self, kind: str, exhibit_id: str) -> int:
        """The number of a figure or table in the order of the book; one that stands nowhere yet takes none."""
        numbers = self.book.figure_numbers if kind == "figure" else self.book.table_numbers
        kept = self.snapshot.content[f"{kind}s"]
        shown = [name for name in numbers if kept[name].get("unavailable") != ""]
        return shown.index(exhibit_id) + 1

    @cached_property
    def commit_name(self) -> str:
        """The commit that the site is built from, as the data page prints it."""
        found = inputs.commit(self.root)
        if found is None:
            return "not known (not built from a repository)"
        return f"{str(found['name'])[:12]}{', with changes not yet committed' if found['changed'] else ''}"
