"""The PDFs can be read by those who do not see them: tagged, with language, title, bookmarks and alternative texts."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from check_site import CannotRun, Result, Site

_UA = "{http://www.aiim.org/pdfua/ns/id/}part"
_HEADING = re.compile(r"H[1-6]")


def check(site: Site) -> Result:
    """Read each PDF with pikepdf and poppler. Raises `CannotRun` where there is none, or no poppler."""
    paths = sorted(site.folder.glob("*.pdf"))
    if not paths:
        raise CannotRun("the site has no PDF")
    if shutil.which("pdfinfo") is None:
        raise CannotRun("reading PDFs needs pdfinfo; install poppler-utils")
    pages, faults = 0, []
    for path in paths:
        with pikepdf.open(path) as pdf:
            pages += len(pdf.pages)
            faults += [f"{path.name}: {what}" for what in _faults(pdf)]
        faults += [f"{path.name}: {what}" for what in _told_by_poppler(path)]
    return Result.of("pdf", f"{len(paths)} files, {pages} pages", faults)


def elements(node: Any) -> Iterator[tuple[str, Any]]:
    """Each element of a structure tree, or of what lies below a part of it, in reading order: its role, itself."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node["/S"]).removeprefix("/"), node
        if "/K" in node:
            yield from elements(node["/K"])


def _faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    with pdf.open_metadata() as metadata:
        if metadata.get(_UA) != "1":
            yield "does not declare PDF/UA-1"
    wanted = {
        "language": "/Lang" in pdf.Root,
        "bookmarks": "/Outlines" in pdf.Root,
        "title": "/Title" in pdf.docinfo,
    }
    yield from (f"has no {name}" for name, there in wanted.items() if not there)
    levels = []
    for role, node in elements(pdf.Root.get("/StructTreeRoot")):
        if role == "Figure" and not str(node.get("/Alt", "")).strip():
            yield "a figure has no alternative text"
        elif role == "Table" and not any(inner == "TH" for inner, _ in elements(node)):
            yield "a table has no header cell"
        elif _HEADING.fullmatch(role):
            levels.append(int(role[1:]))
    if not levels or levels[0] != 1 or any(after > before + 1 for before, after in itertools.pairwise(levels)):
        yield "its headings are not in order"


def _told_by_poppler(path: Path) -> Iterator[str]:
    description = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=False)
    for wanted in (r"Tagged:\s+yes", r"JavaScript:\s+no", r"Page size:.*A4"):
        if not re.search(wanted, description.stdout):
            yield f"pdfinfo does not say {wanted.split(':')[0]} as it should"
