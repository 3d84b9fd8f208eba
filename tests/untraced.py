"""The numbers of a published site that its trace does not explain: run as `python tests/untraced.py SITE`.

It reads pages and papers in its own way, with none of the code that wrote the trace. A number is explained by an entry
at its place, or by standing in a part of the page that the trace names under `left_out`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import html

_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")


def untraced(site: Path) -> list[str]:
    """Each number without an entry, with the page or paper that it stands on and the words around it."""
    trace = json.loads((site / "trace.json").read_text(encoding="utf-8"))
    pages = [line for page, entries in trace["numbers"].items() for line in _of_page(site, page, entries, trace)]
    return pages + [line for name, entries in trace["papers"].items() for line in _of_paper(site, name, entries)]


def unknown(site: Path) -> list[str]:
    """The entries whose kind the trace does not explain."""
    trace = json.loads((site / "trace.json").read_text(encoding="utf-8"))
    kinds = {f"kind:{kind}" for kind in trace["kinds"]}
    every = [entry for part in ("numbers", "papers") for entries in trace[part].values() for entry in entries]
    return [str(entry) for entry in every if entry[2].startswith("kind:") and entry[2] not in kinds]


def _of_page(site: Path, page: str, entries: list[list[str]], trace: dict[str, Any]) -> Iterator[str]:
    tree = html.document_fromstring((site / page).read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    left_out = {inner for selector in trace["left_out"] for part in _selected(tree, selector) for inner in part.iter()}
    named = {(place, digits) for place, printed, _ in entries for digits in _DIGITS.findall(printed)}
    for text in tree.xpath("//body//text()"):
        holder = text.getparent().getparent() if text.is_tail else text.getparent()
        if holder not in left_out:
            above = [element.get("id") for element in (holder, *holder.iterancestors()) if element.get("id")]
            place = "" if not above or above[0] == "content" else above[0]
            for digits in _DIGITS.findall(text):
                if (place, digits) not in named:
                    yield f"{page}#{place}: {digits} in “{' '.join(text.split())[:70]}”"


def _selected(tree: Any, selector: str) -> list[Any]:
    if selector.startswith("."):
        return list(tree.find_class(selector[1:]))
    if attribute := re.fullmatch(r"\[(\w+)(?:\*='([^']*)')?\]", selector):
        return list(tree.xpath(f"//*[@{attribute[1]} and contains(@{attribute[1]}, '{attribute[2] or ''}')]"))
    return list(tree.iter(selector))


def _of_paper(site: Path, name: str, entries: list[list[Any]]) -> Iterator[str]:
    """The numbers of a PDF as poppler reads it."""
    listed: dict[int, set[str]] = {}
    for page, printed, _ in entries:
        listed.setdefault(page, set()).update(_DIGITS.findall(printed))
    command = ["pdftotext", "-layout", str(site / name), "-"]
    read = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for page, text in enumerate(read.replace("\u200b", "").split("\f"), start=1):
        for line in text.splitlines():
            for digits in _DIGITS.findall(line):
                if digits not in listed.get(page, ()):
                    yield f"{name}, page {page}: {digits} in “{' '.join(line.split())[:70]}”"


if __name__ == "__main__":
    missing = [*untraced(Path(sys.argv[1])), *unknown(Path(sys.argv[1]))]
    sys.stdout.writelines(f"{line}\n" for line in missing)
    sys.stdout.write(f"Numbers without an entry and of no declared kind: {len(missing)}\n")
