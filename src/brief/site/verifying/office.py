"""A Word file that went round, beside the site that it was exported from: what somebody changed in it.

Its paragraphs and the rows of its tables are looked for on the pages of the site and in its PDFs, which are typeset
from the same document. What stands in neither word for word was changed; what is most like it tells what it was.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from rapidfuzz import fuzz, process

from brief.contract import archives
from brief.contract.manifest import NAME as MANIFEST
from brief.errors import Fault, fail
from brief.site.verifying import Report, papers, so_many
from brief.site.verifying.facts import letters
from brief.site.verifying.stored import Stored, fault, near, of_archive, of_folder, squeezed

ENDING = ".docx"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
TEXT, NOTES = "word/document.xml", "word/footnotes.xml"
#: Signs of white space, and those that only tell where a word may be broken.
_SPACE = re.compile(r"[\s\u00ad\u200b\ufeff]+")
#: On a page also the marks that turn the direction of writing, which files leave out: there they may deceive.
_ON_A_PAGE = re.compile(r"[\s\u00ad\u200b\ufeff\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
#: Signs below which a text stands in many places by chance: it is looked for together with what is beside it.
_SHORT = 30
_ALIKE, _MOST_SHOWN, _LONGEST = 60, 120, 20_000
_CHANGED = "Take the words of the published site, or publish a new edition that says this."


@dataclass(frozen=True)
class _Words:
    """A paragraph, row, note or description of the file: where it is, what it is, its words."""

    place: str
    kind: str
    text: str

    @property
    def bare(self) -> str:
        return _SPACE.sub("", self.text)


@dataclass
class Site:
    """What the site says: its elements with their places, and everything in a row, by page and by PDF."""

    stored: Stored
    places: dict[str, str] = field(default_factory=dict)
    whole: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for page, tree in self.stored.pages.items():
            for element in tree.xpath("//main//*"):
                for text in (_said(element), element.get("alt") or "", element.get("aria-label") or ""):
                    if text and len(text) < _LONGEST:
                        self.places.setdefault(text, f"{page}#{near(element)}")
            self.whole.append(_ON_A_PAGE.sub("", "".join(tree.itertext())))
        for name in sorted(name for name in self.stored.names if name.endswith(".pdf") and name not in self.stored.odd):
            try:
                self.papers.append(_SPACE.sub("", "".join(papers.text_of(self.stored.read(name) or b""))))
            except ValueError:
                continue
        self.whole += self.papers

    @cached_property
    def known(self) -> frozenset[str]:
        """The words of every element, without spaces."""
        return frozenset(_ON_A_PAGE.sub("", text) for text in self.places)

    @cached_property
    def lowered(self) -> list[str]:
        """Everything in a row, in small letters."""
        return [whole.lower() for whole in self.whole]

    def stands(self, bare: str) -> bool:
        """Whether these words stand somewhere in a row."""
        return any(bare in whole for whole in self.whole)

    def nearest(self, text: str) -> str | None:
        """What the site says that is most like a text; None where nothing is."""
        around = [known for known in self.places if len(text) / 2 <= len(known) <= 2 * len(text) + 20]
        best = process.extractOne(text, around, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        return str(best[0]) if best else None


def asked_for(path: Path, against: Path | None, others: bool) -> Path | None:
    """The site to compare a Word file with; None where another thing than a Word file is checked.

    `others` says whether options were given that are for a site. Raises `BriefError` where the options do not fit what
    is checked.
    """
    word = path.suffix.lower() == ENDING
    if word and against is None:
        raise fail(f"'{path.name}' alone tells nothing", "Name the site that it was exported from: --against FOLDER.")
    if word and others:
        raise fail("--digest, --data and --key are for a site, not for a Word file", "Leave them out.")
    if against is not None and not word:
        raise fail("--against is for a Word file (.docx)", "Leave it out, or name a Word file.")
    return against


def verify(path: Path, against: Path) -> Report:
    """Compare a Word file with the folder or archive of the site that it was exported from.

    Raises `BriefError` for what is no Word file, and where there is no site.
    """
    if not against.exists():
        raise fail(
            f"there is no '{against.name}' to compare with",
            "Name the folder of the published brief, or a ZIP archive of it: --against FOLDER.",
        )
    stored = of_folder(against) if against.is_dir() else of_archive(against)
    if not stored.has_pages:
        what = f"'{against.name}' holds no pages to compare with"
        raise fail(what, "Name the folder of the published brief.", MANIFEST)
    return compare(path, Site(stored))


def compare(path: Path, site: Site) -> Report:
    """Compare a Word file with a site that is read. Raises `BriefError` for what is no Word file."""
    read = list(_words(path))
    report = Report(sound="Nothing in the file differs from the site.")
    explained: set[str] = set()
    for at, words in enumerate(read):
        if not _is_there(words, read, at, site):
            nearest = site.nearest(words.text)
            explained.add(letters(nearest or ""))
            report.findings.append(_finding(words, nearest, site))
    report.findings += _left_out(read, site, explained)
    report.checked.append(f"{so_many(len(read), 'text', 'texts')} of {path.name} against the site")
    report.unchecked.append("pictures: only the words that describe them.")
    if not site.papers:
        report.unchecked.append("short texts and captions: the site has no PDF that can be read.")
    report.unchecked.append("Whether the site itself is unchanged: brief verify FOLDER.")
    return report


def _is_there(words: _Words, read: list[_Words], at: int, site: Site) -> bool:
    bare = words.bare
    if bare in site.known or (len(bare) >= _SHORT and site.stands(bare)):
        return True
    before, after = (read[place].bare if 0 <= place < len(read) else "" for place in (at - 1, at + 1))
    # On paper some labels stand in capitals.
    if any(joined.lower() in whole for joined in (before + bare, bare + after) for whole in site.lowered):
        return True
    return not site.papers and len(bare) < _SHORT


def _finding(words: _Words, nearest: str | None, site: Site) -> Fault:
    place, shown = words.place, words.text[:_MOST_SHOWN]
    if nearest is None:
        return fault(place, f"the site has no such {words.kind}: “{shown}”", _CHANGED)
    where = site.places[nearest]
    was, now = _NUMBER.findall(nearest), _NUMBER.findall(words.text)
    if was != now:
        before, after = _parts(was, now)
        what = f"the numbers of this {words.kind} differ: {after or 'none'} here, {before or 'none'} on the site"
    else:
        before, after = _parts(nearest.split(), words.text.split())
        what = f"this {words.kind} differs: “{after}” here, “{before}” on the site"
    return fault(place, f"{what} ({where}): “{shown}”", _CHANGED)


def _said(element: Any) -> str:
    """The words of an element of a page, those of the cells of a row with a space between them, without a link mark."""
    cells = element.xpath("./td | ./th") if element.tag == "tr" else [element]
    return " ".join(words for cell in cells if (words := squeezed(cell).removesuffix("\u00b6").rstrip()))


def _parts(before: list[str], after: list[str]) -> tuple[str, str]:
    """What two rows of words have that the other has not, each with spaces between them."""
    steps = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    odd = [step for step in steps if step[0] != "equal"]
    old = [word for _, start, end, _, _ in odd for word in before[start:end]]
    new = [word for _, _, _, start, end in odd for word in after[start:end]]
    return " ".join(old)[:_MOST_SHOWN], " ".join(new)[:_MOST_SHOWN]


def _left_out(read: list[_Words], site: Site, explained: set[str]) -> Iterator[Fault]:
    """Paragraphs of the pages that the PDF of all chapters has and the file has not."""
    here = letters("".join(words.text for words in read))
    there = [letters(paper) for paper in site.papers]
    for place, words in dict.fromkeys(papers.passages(site.stored)):
        changed = any(words in known or known in words for known in explained if known)
        if words not in here and not changed and any(words in paper for paper in there):
            said = next((text for text in site.places if letters(text) == words), words)
            yield fault(place, f"the file leaves out this paragraph: “{said[:_MOST_SHOWN]}”", _CHANGED)


def _words(path: Path) -> Iterator[_Words]:
    """The texts of a Word file in their order. Raises `BriefError` for what is none."""
    parts = archives.read(path, "a Word file", lambda name: name in (TEXT, NOTES))
    if TEXT not in parts:
        raise fail("this is not a Word file: it has no text", "Name a file that Word saved as .docx.", path.name)
    for name in (TEXT, NOTES):
        if name in parts:
            root = archives.parse(parts[name], path.name)
            yield from _of_part(root, "paragraph" if name == TEXT else "footnote")


def _of_part(root: Element, kind: str) -> Iterator[_Words]:
    numbers = {"paragraph": 0, "row": 0, "footnote": 0}
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag not in (f"{_WORD}p", f"{_WORD}tr"):
            waiting += list(element)[::-1]
            continue
        unit = kind if element.tag == f"{_WORD}p" else "row"
        text = " ".join("".join(_signs(element)).split())
        if text:
            numbers[unit] += 1
            yield _Words(f"{unit} {numbers[unit]}", unit, text)
        for picture in element.iter(f"{_DRAWING}docPr"):
            if picture.get("descr"):
                yield _Words(f"{unit} {numbers[unit]}", "description", " ".join((picture.get("descr") or "").split()))


def _signs(element: Element) -> Iterator[str]:
    """The text of a paragraph or row: as it would be with all tracked changes accepted."""
    waiting = [element]
    while waiting:
        part = waiting.pop()
        if part.tag == f"{_WORD}t":
            yield part.text or ""
        elif part.tag in (f"{_WORD}tab", f"{_WORD}br", f"{_WORD}p"):
            yield " "
        if part.tag != f"{_WORD}moveFrom":
            waiting += list(part)[::-1]
