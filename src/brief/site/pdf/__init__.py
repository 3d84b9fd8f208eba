"""The brief on paper: a short PDF and one of all chapters, made from the markup that the pages get."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from brief.figures.drawing.signs import in_fonts
from brief.prose.catalogue import say
from brief.site.pdf import keeping, papers
from brief.site.pdf.blocks import read
from brief.site.pdf.papers import Page
from brief.site.pdf.typesetting import typeset
from brief.site.state import Build, Pdf

#: Words that stand on each paper: where the title is still English, they tell what the brief is written in.
_ON_PAPER = ("Policy brief", "Key messages", "Sources cited here", "About this edition")


def can_print(build: Build) -> bool:
    """Whether the fonts at hand have the letters that the brief is written in; else its paper would be squares."""
    topic = build.snapshot.content["topic"]
    words = " ".join([topic["title"], topic["question"], *(say(name) for name in _ON_PAPER)])
    letters = [sign for sign in words if sign.isalpha()]
    return 2 * sum(in_fonts(sign) or sign in build.further_signs for sign in letters) >= len(letters)


def write_pdfs(build: Build, bodies: Mapping[str, str], folder: Path) -> list[Pdf]:
    """Write the PDFs of a brief into `folder`: the short one first. `bodies` is the markup of each chapter's page.

    The document of all chapters is kept as well, for `brief export`.

    Raises `BriefError` where a PDF cannot be made.
    """
    chapters = build.book.chapters
    pages = {
        docname: Page(docname, chapter.title, chapter.question, read(bodies[docname], f"{docname}.md"))
        for docname, chapter in chapters.items()
        if docname in bodies
    }
    topic = build.snapshot.content["topic"]
    whole = papers.full_paper(build, pages)
    keeping.keep(build, whole)
    if not can_print(build):
        return []
    wanted: list[tuple[str, str, dict[str, Any]]] = [
        (f"{topic['brief_id']}.pdf", say("The brief to print"), papers.short_paper(build, pages, topic["pdf"])),
        (f"{topic['brief_id']}-full.pdf", say("The chapters to print"), whole),
    ]
    edition = dt.date.fromisoformat(topic["edition"])
    with ThreadPoolExecutor(max_workers=len(wanted)) as pool:
        typeset_papers = list(pool.map(lambda paper: typeset(paper[2], edition, build.fonts), wanted))
    for (file, _, _), pdf in zip(wanted, typeset_papers, strict=True):
        (folder / file).write_bytes(pdf.content)
    return [
        Pdf(file, name, pdf.pages, len(pdf.content))
        for (file, name, _), pdf in zip(wanted, typeset_papers, strict=True)
    ]
