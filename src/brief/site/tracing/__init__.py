"""The trace of a site: each number with its place, what it is, the function that computed it, the files it rests on."""

from __future__ import annotations

import csv
import importlib.metadata
import io
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from lxml import html

from brief.book import chain
from brief.site.exhibits import exhibit_html
from brief.site.state import Build
from brief.site.tracing import paper
from brief.site.tracing.numbers import KINDS, LEFT_OUT, Block, Rows, Walk, names, numbers

FILE = chain.TRACE
FORM = 2
_LONGEST_CELL = 10_000_000


def rows_of(read: Callable[[str], bytes | None]) -> Callable[[str], Rows]:
    """The cells of CSV files as pages print them, by their paths; none of a file that is not there or is no CSV."""
    from brief.contract.text_files import unguarded

    @cache
    def rows(path: str) -> Rows:
        csv.field_size_limit(_LONGEST_CELL)
        try:
            with io.StringIO((read(path) or b"").decode("utf-8"), newline="") as text:
                return [[" ".join(unguarded(cell).split()) for cell in row] for row in csv.reader(text)]
        except (ValueError, csv.Error):
            return []

    return rows


def trace(build: Build, bodies: Mapping[str, str], pages: Mapping[str, str], pdfs: Mapping[str, bytes]) -> str:
    """The trace as a file of the site, the same bytes for the same site.

    In: the markup of each chapter with figures and tables only named, the page of each chapter, and the PDFs.
    """
    content = build.snapshot.content
    kept = build.snapshot.exhibits / "files"
    walk = Walk(rows_of(lambda path: _read(kept / path.removeprefix("figures/"))))
    mains = {docname: _main(build, body) for docname, body in bodies.items()}
    blocks = {docname: walk.blocks(main, f"{docname}.md") for docname, main in mains.items()}
    in_order = [block for own in blocks.values() for block in own]
    facts = {name: str(fact.as_json()["printed"]) for name, fact in build.snapshot.facts.items()}
    about = beside(mains.values(), facts, [chapter.title for chapter in build.book.chapters.values()])
    traced = {
        "form": FORM,
        "edition": content["topic"]["edition"],
        "language": content["topic"]["language"],
        "program": {"name": "brief", "version": importlib.metadata.version("brief"), "commit": build.commit},
        **build.chain,
        "kinds": KINDS,
        "left_out": LEFT_OUT,
        "pages": {pages[docname]: f"{docname}.md" for docname in blocks},
        "numbers": {pages[docname]: numbers(own) for docname, own in blocks.items()},
        "papers": {name: on_paper(pdf, in_order, about) for name, pdf in pdfs.items()},
    }
    return as_text(traced)


def beside(mains: Iterable[Any], facts: Mapping[str, str], titles: Iterable[str]) -> paper.Beside:
    """What tells numbers of a PDF that no block has: from the chapters, from the facts as they are printed, and the
    titles of the chapters.
    """
    named: dict[str, str] = {}
    for main in mains:
        named |= names(main)
    own = {name: facts[name] for name in (paper.EDITION, paper.DIGEST) if name in facts}
    return paper.Beside(own, named, tuple(titles))


def on_paper(pdf: bytes, blocks: list[Block], about: paper.Beside) -> list[paper.OnPaper]:
    """The numbers of a PDF. Raises `ValueError` for one that cannot be read."""
    from brief.site.verifying.papers import pages_of

    return paper.numbers(pages_of(pdf), blocks, about)


def as_text(traced: Mapping[str, Any]) -> str:
    """The trace as JSON with a line for each entry, so that two of them can be compared line by line."""
    parts = []
    for key, value in traced.items():
        if key in ("numbers", "papers"):
            inner = [f"{_json(name)}: [\n{_lines(map(_json, numbers))}\n]" for name, numbers in value.items()]
            parts.append(f"{_json(key)}: {{\n{_lines(inner)}\n}}")
        elif isinstance(value, dict):
            inner = [f"{_json(name)}: {_json(kept)}" for name, kept in value.items()]
            parts.append(f"{_json(key)}: {{\n{_lines(inner)}\n}}")
        else:
            parts.append(f"{_json(key)}: {_json(value)}")
    return f"{{\n{_lines(parts)}\n}}\n"


def _lines(parts: Any) -> str:
    return ",\n".join(parts)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=isinstance(value, dict), separators=(",", ":"))


def _read(path: Any) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _main(build: Build, body: str) -> Any:
    """The markup of a chapter as a tree, with the figures and tables that its page has."""
    main = html.fragment_fromstring(body, create_parent="main")
    for named in main.xpath(".//div[@data-exhibit]"):
        shown = exhibit_html(build, named.get("data-exhibit"), named.get("id"), int(named.get("data-level")))
        for part in html.fragments_fromstring(str(shown)):
            if not isinstance(part, str):
                named.append(part)
        named.attrib.pop("id")
    return main
