"""REFI-QDA: a project (QDPX) that ATLAS.ti, MAXQDA, NVivo, QualCoder and others read and write.

Standard: REFI-QDA 1.5 (2019), schema Project.xsd of 18 March 2019, namespace urn:QDA-XML:project:1.0. A comment is a
text source under its id; a coding of it is a selection of the whole text, with the code of the stance, of each theme
and so on, by its coder; positions count Unicode code points from 0. Codes are grouped by column. GUIDs are made from
ids (UUID version 5), so that the same brief gives the same project.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import pandas as pd

from brief.coding import exchange
from brief.contract import archives
from brief.contract.files import day
from brief.contract.tables import CODINGS
from brief.data.shapes import Codebook
from brief.errors import BriefError, Fault, fail

NAME, ENDINGS = "REFI-QDA", (".qdpx",)

NAMESPACE = "urn:QDA-XML:project:1.0"
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:brief:exchange:refi-qda")
_GROUPS = {
    "stance": "Stance",
    "stance_in_thread": "Stance in its thread",
    "themes": "Theme",
    "certainty": "Certainty",
    "irony": "Irony",
    "boundary": "Boundary",
}
# A group of codes is known by its name, in the singular or the plural, or by the name of the column.
_GROUPS_CALLED = {
    called.casefold(): column
    for column, name in _GROUPS.items()
    for called in (column, name, f"{name}s", f"{name[:-1]}ies")
}
_PATH = 200
_KINDS = {
    "PictureSource": "codings of pictures",
    "AudioSource": "codings of sounds",
    "VideoSource": "codings of films",
    "PDFSource": "codings of PDFs without their text",
}
_INTERNAL = "internal://"
_SAID_ONCE = ("coded_at", "checked_by", "codebook_version")
_CODED = "Coded {coded_at}{checked} with codebook version {codebook_version}"
_CHECKED = ", checked by {checked_by},"
_CODED_IN = re.compile(r"Coded (\S+?)(?:, checked by ([^\s,]+),)? with codebook version (.+)", re.DOTALL)


def guid(*words: str) -> str:
    """The GUID of what has these words for a name."""
    return str(uuid.uuid5(_SPACE, "\n".join(words)))


@dataclass(frozen=True)
class _Code:
    column: str
    id: str
    name: str
    label: str
    description: str


def _codes(codebook: Codebook) -> list[_Code]:
    """Every code that a coding may have, each with a name of its own: some programs allow a name only once."""
    listed: list[_Code] = []
    kinds = {"stance": codebook.stances, "stance_in_thread": codebook.stances}
    kinds |= {"themes": codebook.themes, "certainty": codebook.certainties}
    for column, codes in kinds.items():
        listed += [_Code(column, code.id, code.label, code.label, code.definition) for code in codes]
    for declared in CODINGS:
        if declared.name in ("irony", "boundary"):
            listed += [_Code(declared.name, value, value, value, declared.description) for value in declared.values]
    taken: set[str] = set(_GROUPS.values())
    named = []
    for code in listed:
        name = code.name if code.name not in taken else f"{code.name} ({_GROUPS[code.column].lower()})"
        name = name if name not in taken else f"{name} {code.id}"
        taken.add(name)
        named.append(replace(code, name=name))
    return named


# Out --------------------------------------------------------------------------------------------------------------


def write(path: Path, comments: pd.DataFrame, codings: pd.DataFrame, codebook: Codebook) -> None:
    """Write comments and codings as a project; without codings, one to code in. See `exchange`."""
    project = Element("Project", {"xmlns": NAMESPACE, "name": path.stem, "origin": "brief"})
    coders = sorted(set(codings["coder_id"]))
    if coders:
        users = SubElement(project, "Users")
        for name in coders:
            SubElement(users, "User", {"guid": guid("user", name), "name": name, "id": name})
    _write_codebook(project, codebook)
    files: dict[str, bytes] = {}
    notes = Element("Notes")
    coded = exchange.by_comment(codings)
    if len(comments):
        sources = SubElement(project, "Sources")
        for name, text in zip(comments["comment_id"], comments["text"], strict=True):
            source = _text_of(sources, "TextSource", ("comment", name), name, text, files)
            for row in coded.get(name, ()):
                _write_coding(source, row, len(text), notes, files)
    if len(notes):
        project.append(notes)
    # A carriage return that stands bare would be read as a line feed.
    xml = ElementTree.tostring(project, encoding="utf-8", xml_declaration=True).replace(b"\r", b"&#13;")
    archives.write(path, {"project.qde": xml + b"\n", **files})


def _write_codebook(project: Element, codebook: Codebook) -> None:
    codes = SubElement(SubElement(project, "CodeBook"), "Codes")
    groups: dict[str, Element] = {}
    for code in _codes(codebook):
        if code.column not in groups:
            attributes = {"guid": guid("group", code.column), "name": _GROUPS[code.column], "isCodable": "false"}
            groups[code.column] = SubElement(codes, "Code", attributes)
        attributes = {"guid": guid("code", code.column, code.id), "name": code.name, "isCodable": "true"}
        SubElement(SubElement(groups[code.column], "Code", attributes), "Description").text = code.description


def _text_of(
    parent: Element, tag: str, words: tuple[str, ...], name: str, text: str, files: dict[str, bytes]
) -> Element:
    """A text and the file that holds it, verbatim: not every sign of a text has a place in XML."""
    own = guid(*words)
    files[f"sources/{own}.txt"] = text.encode("utf-8")
    return SubElement(parent, tag, {"guid": own, "name": name, "plainTextPath": f"{_INTERNAL}{own}.txt"})


def _write_coding(
    source: Element, row: Mapping[str, str], length: int, notes: Element, files: dict[str, bytes]
) -> None:
    words = (row["coder_id"], row["comment_id"])
    by = {"creatingUser": guid("user", row["coder_id"])}
    if when := day(row["coded_at"]):
        by["creationDateTime"] = f"{when.isoformat()}T00:00:00Z"
    place = {"name": row["comment_id"], "startPosition": "0", "endPosition": str(length)}
    selection = SubElement(source, "PlainTextSelection", {"guid": guid("reading", *words), **place, **by})
    checked = _CHECKED.format_map(row) if row["checked_by"] else ""
    SubElement(selection, "Description").text = _CODED.format_map({**row, "checked": checked})
    for column in _GROUPS:
        for value in filter(None, row[column].split(";")):
            coding = SubElement(selection, "Coding", {"guid": guid("coding", *words, column, value), **by})
            SubElement(coding, "CodeRef", {"targetGUID": guid("code", column, value)})
    if row["note"]:
        note = _text_of(notes, "Note", ("note", *words), row["comment_id"], row["note"], files)
        note.attrib |= by
        SubElement(selection, "NoteRef", {"targetGUID": note.attrib["guid"]})


# In ---------------------------------------------------------------------------------------------------------------


def read(path: Path, codebook: Codebook) -> pd.DataFrame:
    """The codings of a project; see `exchange`.

    A code counts for a comment wherever in its text it stands, also in the text of a PDF; codes are known by their
    GUID, else by their name and the group that they stand in; a user by the id, else the name. Codings of pictures,
    sounds and films, and of a PDF without its text, are passed over and counted. Raises `BriefError` for what is no
    project, and for codes that the codebook lacks or has twice.
    """
    files = archives.read(path, "a project of REFI-QDA (.qdpx)", _is_text)
    names = [name for name in files if name.lower().endswith(".qde")]
    if len(names) != 1:
        raise fail(f"it holds {len(names)} files project.qde instead of one", "Export it anew.", path.name)
    project = archives.parse(files[names[0]], path.name)
    if project.tag != f"{{{NAMESPACE}}}Project":
        raise fail(f"its outermost element is {project.tag[:80]}", f"Export a project of {NAMESPACE}.", path.name)
    texts = {name.replace("\\", "/").rpartition("/")[2].lower(): content for name, content in files.items()}
    reader = _Project(project, texts, codebook, path.name)
    rows: list[dict[str, str]] = []
    for source in project.iterfind(f"{_tag('Sources')}/*"):
        rows += reader.of_source(source)
    if reader.faults:
        raise BriefError(reader.faults)
    return exchange.frame(enumerate(rows, start=1), reader.passed_over)


def _is_text(name: str) -> bool:
    return name.lower().endswith((".qde", ".txt"))


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _unknown(name: str) -> tuple[str, str]:
    return f"the code '{name}', which is not in the codebook", "Add it to data/codebook.yml, or take it out."


class _Project:
    """What the readings of a project refer to: users, codes, notes and files."""

    def __init__(self, project: Element, texts: Mapping[str, bytes], codebook: Codebook, file: str) -> None:
        self.file, self.texts = file, texts
        self.faults: list[Fault] = []
        self.passed_over: Counter[str] = Counter()
        self.users = {
            user.get("guid", ""): user.get("id") or user.get("name") or "" for user in project.iter(_tag("User"))
        }
        self.notes = {note.get("guid", ""): note for note in project.iter(_tag("Note"))}
        self.codes: dict[str, _Code | tuple[str, str]] = {}
        self.listed = _codes(codebook)
        self.ours = {guid("code", code.column, code.id): code for code in self.listed}
        self.called = {code.get("name", "") for code in project.iter(_tag("Code"))}
        for top in project.iterfind(f"{_tag('CodeBook')}/{_tag('Codes')}"):
            self.add_codes(top)

    def add_codes(self, top: Element) -> None:
        """Note what each code of the project is of ours; codes stand in codes, so a group may be any of those above."""
        open_ones = [(code, "", "") for code in top.iterfind(_tag("Code"))]
        while open_ones:
            code, group, above = open_ones.pop()
            own, name = code.get("guid", "").strip("{}"), code.get("name", "")
            self.codes[own] = self.ours.get(own.lower()) or self.code_of(name, group, above)
            # What stands in a code is of its group, or of the group above where its own name is none of ours.
            inner = (_GROUPS_CALLED.get(name.strip().casefold(), group), f"{above}{name} > "[:_PATH])
            open_ones += [(child, *inner) for child in code.iterfind(_tag("Code"))]

    def code_of(self, name: str, group: str, above: str) -> _Code | tuple[str, str]:
        """Our code of that name; where it cannot be known, what a message says of it, and what to do."""
        same = [code for code in self.listed if name in (code.name, code.label, code.id)]
        if group:
            in_group = [code for code in same if code.column == group]
            return in_group[0] if in_group else _unknown(f"{above}{name}")
        exact = [code for code in same if code.name == name]
        others = [code for code in same if code.column not in ("stance_in_thread", *(code.column for code in exact))]
        # By itself a name is ours. In a group that is none of ours it may be any code of that label, unless the project
        # has our names for those as well.
        if exact and not (above and [code for code in others if code.label == name and code.name not in self.called]):
            return exact[0]
        if len(same) == 1:
            return same[0]
        if same:
            kinds = " or ".join(dict.fromkeys(_GROUPS[code.column] for code in same))
            what = f"the code '{above}{name}', which stands in the codebook more than once"
            return what, f"Put it into a code that is called {kinds}."
        return _unknown(f"{above}{name}")

    def of_source(self, source: Element) -> Iterator[dict[str, str]]:
        """The readings of a source, wherever it has a text; all other codings are counted by the kind of source."""
        kind = source.tag.rpartition("}")[2]
        text = source if kind == "TextSource" else source.find(_tag("Representation"))
        if kind not in ("TextSource", "PDFSource") or text is None:
            what = _KINDS.get(kind, "codings of what is no text")
            self.passed_over[what] += sum(1 for _ in source.iter(_tag("Coding")))
            return
        yield from self.readings(source, text)

    def readings(self, source: Element, text_source: Element) -> Iterator[dict[str, str]]:
        """One reading for each user who coded the source, or its text where that stands in an element of its own."""
        name = (source.get("name") or "").removesuffix(".txt").removesuffix(".pdf")
        text = self.text(text_source)
        rows: dict[str, dict[str, list[str]]] = {}
        wholes = [source] if text_source is source else [source, text_source]
        places = [*wholes, *(passage for whole in wholes for passage in whole if passage is not text_source)]
        for place in places:
            codings = place.findall(_tag("Coding"))
            for coding in codings:
                self.add(rows.setdefault(self.user(coding, place, source), {}), coding, place, name)
            if place in wholes:
                continue
            if codings:
                self.add_notes(rows[self.user(codings[0], place, source)], place)
            else:
                self.passed_over["notes on passages without a code"] += len(place.findall(_tag("NoteRef")))
        for user, row in rows.items():
            for column in ("stance", "stance_in_thread", "certainty"):
                if len(set(row.get(column, ()))) > 1:
                    what = f"'{user}' gave the comment '{name}' two codes of {column}: {', '.join(row[column])}"
                    self.faults.append(Fault(what, "Keep one.", self.file))
            cells = {column: ";".join(dict.fromkeys(values)) for column, values in row.items() if column in _GROUPS}
            cells |= {column: row[column][0] for column in _SAID_ONCE if column in row}
            yield {**cells, "note": "\n".join(row.get("note", ())), "coder_id": user, "comment_id": name, "text": text}

    def user(self, coding: Element, place: Element, source: Element) -> str:
        own = (element.get("creatingUser") for element in (coding, place, source))
        return self.users.get(next(filter(None, own), ""), "")

    def add(self, row: dict[str, list[str]], coding: Element, place: Element, name: str) -> None:
        """Add the code of a coding to a reading, and when it was made."""
        reference = coding.find(_tag("CodeRef"))
        target = "" if reference is None else reference.get("targetGUID", "").strip("{}")
        code = self.codes.get(target, (f"the code '{target}', which is not in the project", "Export it anew."))
        if isinstance(code, tuple):
            self.faults.append(Fault(f"the comment '{name}' has {code[0]}", code[1], self.file))
            return
        row.setdefault(code.column, []).append(code.id)
        match = _CODED_IN.fullmatch(place.findtext(_tag("Description")) or "")
        moment = (coding.get("creationDateTime") or place.get("creationDateTime") or "")[:10]
        row.setdefault("coded_at", []).append(match[1] if match else moment)
        if match:
            row.setdefault("checked_by", []).append(match[2] or "")
            row.setdefault("codebook_version", []).append(match[3])

    def add_notes(self, row: dict[str, list[str]], place: Element) -> None:
        for reference in place.findall(_tag("NoteRef")):
            note = self.notes.get(reference.get("targetGUID", ""))
            if note is not None:
                row.setdefault("note", []).append(self.text(note))

    def text(self, source: Element) -> str:
        """The plain text of a source or note. Only files within the archive are looked at, wherever a path leads."""
        inline = source.findtext(_tag("PlainTextContent"))
        if inline is not None:
            return inline
        path = source.get("plainTextPath") or ""
        content = self.texts.get(path.removeprefix(_INTERNAL).lower()) if path.startswith(_INTERNAL) else None
        if content is None:
            self.faults.append(Fault(f"the text '{path[:80]}' is not in the project", "Export it anew.", self.file))
            return ""
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            self.faults.append(Fault(f"the text '{path[:80]}' is not UTF-8", "Export it anew.", self.file))
            return ""
