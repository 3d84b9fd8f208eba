"""The brief as a file to hand over: Word, OpenDocument, Markdown for GOV.UK, one HTML file; one module a format.

A module that has `NAME` and `ENDINGS` is a format: a new file here is found by itself. It has `write(handout)`, which
gives the bytes of the file. All are made from the document that the PDF of all chapters is typeset from
(`brief.site.pdf`), so they hold the same words; no format asks the clock, so the same site gives the same bytes.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

from brief.contract.formats import format_of
from brief.contract.frozen import build_folder
from brief.errors import fail
from brief.prose.catalogue import speaking
from brief.site.office.handout import Handout
from brief.site.pdf.keeping import kept
from brief.site.publish import build
from brief.site.state import STAMP


def module_for(path: Path) -> ModuleType:
    """The module for a file, by its ending. Raises `BriefError` for an ending that none has."""
    return format_of(__name__, path)


def export(root: Path, path: Path) -> int:
    """Write the brief at `root` into a file of the format that its ending names; return how many bytes it has.

    A site that is not of the brief's present state is built first. What stood in the file is replaced once the new one
    is whole. Raises `BriefError` for an unknown ending and for a folder that is not there, before anything is built.
    """
    module = module_for(path)
    if not path.parent.is_dir():
        raise fail(f"there is no folder '{path.parent.name}' to write into", "Make it, or give another name.")
    if path.is_dir():
        raise fail(f"'{path.name}' is a folder", "Give the name of a file.")
    site = build(root)
    if kept(build_folder(root), site) is None:
        # Whoever cleared what is kept left the site: without its stamp it is made anew.
        (site / STAMP).unlink(missing_ok=True)
        site = build(root)
    content = written(module, handout_of(root, site), root)
    new = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        new.write_bytes(content)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return len(content)


def written(module: ModuleType, handout: Handout, root: Path) -> bytes:
    """The bytes of a handout in a format, its own words in the language of the brief at `root`."""
    with speaking(handout.language, root):
        content: bytes = module.write(handout)
    return content


def handout_of(root: Path, site: Path) -> Handout:
    """What is handed over of a built site. Raises `BriefError` where its document is not kept."""
    document = kept(build_folder(root), site)
    if document is None:
        raise fail(
            "the document that this site was made with is not kept",
            "Remove _build, and give the command again: it builds the site anew.",
        )
    return Handout(document)
