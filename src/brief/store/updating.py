"""Bringing the general chapters of a newer program to a brief: those that nobody has changed since they were delivered.

The files are those that a new brief in the same language gets. A file that its owner changed is never written to. What
it was delivered as is known by its digest alone, which is enough to tell that; the difference is shown between the
owner's text and the newer one.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from packaging.version import InvalidVersion, Version

from brief.contract.files import parse_yaml
from brief.contract.journal import move_in, staging, writing
from brief.contract.text_files import no_file
from brief.data.shapes import faults_of_catalogue
from brief.errors import BriefError, fail, harmless
from brief.prose.catalogue import SOURCE
from brief.prose.language import counted
from brief.store import delivered, starter
from brief.store.delivered import Delivered

_CONTENTS, _BRIEF = "_toc.yml", "data/brief.yml"
_CHAPTER = re.compile(r"book/[^/]+\.md")
_PART = re.compile(r"^`{3,}\{include\} (topic/[^\s`]+)", re.MULTILINE)


@dataclass(frozen=True)
class Update:
    """What bringing the general files of this program to a brief would do; each list has paths, sorted.

    `newer`: nobody changed them, and they come; `new`: they were never there, and come; `back`: chapters that are gone
    and that the contents list, and come again; `blocked`: where something else than a file stands at their place;
    `own`: changed by the owner, and there is a newer one; `of_unknown_origin`: as `own`, but what they were delivered
    as is not known; `out`: taken out by the owner; `unlisted`: new chapters that the owner's contents do not list;
    `dropped`: no longer general. `files`
    is what is written, `known` the record of what was delivered.
    """

    newer: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    of_unknown_origin: tuple[str, ...] = ()
    out: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    known: Mapping[str, Delivered] = field(default_factory=dict)


def planned(root: Path) -> Update:
    """What an update of the brief at `root` would do; nothing is written.

    Raises `BriefError` in the clone that the chapters come from, where the general files are not at hand, for a record
    that cannot be read, and where a newer program than this one has brought something.
    """
    if starter.is_origin(root):
        raise fail("the general chapters come from this very folder", "Go to the folder of a brief made of them.")
    general, known = _general(root), delivered.read(root)
    _not_older(known)
    kinds: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    record = dict(known)
    # The contents first: they decide which chapters are wanted.
    for name in sorted(general, key=lambda name: (name != _CONTENTS, name)):
        listed = _listed(files.get(_CONTENTS) or _content(root, _CONTENTS) or b"")
        blocked = _in_the_way(root, name)
        kind = "blocked" if blocked else _kind(name, _content(root, name), general[name], known.get(name), listed)
        kinds.setdefault(kind, []).append(f"{name}: {blocked}" if blocked else name)
        if kind in ("newer", "new", "back"):
            files[name] = general[name]
        if kind in ("newer", "new", "back", "as before"):
            # What has not changed keeps the version that brought it.
            came = known.get(name)
            same = came is not None and came.sha256 == delivered.digest(general[name])
            record[name] = came if came and same else Delivered(starter.version(), delivered.digest(general[name]))
    for name, content in _parts(root, files).items():
        kinds.setdefault("new", []).append(name)
        files[name] = content
    kinds["dropped"] = [name for name in known if name not in general and (root / name).is_file()]
    if record != known:
        files[delivered.FILE] = delivered.text(record).encode()
    listed_kinds = ("newer", "new", "back", "blocked", "own", "of_unknown_origin", "out", "unlisted", "dropped")
    names_of = {name: tuple(sorted(kinds.get(name, ()))) for name in listed_kinds}
    return Update(**names_of, files=files, known=record)


def update(root: Path) -> Update:
    """Bring the newer general files to the brief at `root`, all or none; returns what was done. Raises as `planned`."""
    with writing(root):
        plan = planned(root)
        if plan.files:
            with staging(root) as staged:
                for name, content in plan.files.items():
                    (staged / name).parent.mkdir(parents=True, exist_ok=True)
                    (staged / name).write_bytes(content)
                # The record comes last: without it an update that was brought is brought again.
                move_in(root, staged, sorted(plan.files, key=lambda name: (name == delivered.FILE, name)))
    return plan


def difference(root: Path, name: str) -> str:
    """How the newer general file differs from the one that a brief has, line by line; empty where it does not.

    Raises `BriefError` for a file that is not general, or that the brief does not have.
    """
    general, own = _general(root), _content(root, name)
    if name not in general or own is None:
        there = ", ".join(file for file in sorted(general) if (root / file).is_file())
        raise fail(f"'{name}' is no general file of this brief", f"Name one of: {there}.")
    here, newest = (content.decode("utf-8", "replace").splitlines() for content in (own, general[name]))
    titles = (f"{name}, as it is here", f"{name}, as version {starter.version()} has it")
    return "\n".join(harmless(line) for line in difflib.unified_diff(here, newest, *titles, lineterm=""))


def preview(plan: Update) -> str:
    """What an update does, in words, for the person who gives the command."""
    see = "brief update --difference FILE shows how the newer one differs."
    listed = {
        "Newer, and nobody changed the one that is here": (plan.newer, ""),
        "New, and not here yet": (plan.new, ""),
        f"Gone from here and listed in your {_CONTENTS}, so it comes again": (plan.back, ""),
        "Not brought, since something else stands at its place": (
            plan.blocked,
            "Move that away, and give the command again.",
        ),
        "Changed by you, so it stays": (plan.own, see),
        "Stays, since it is not known whether you changed it": (plan.of_unknown_origin, see),
        "Taken out by you, so it stays out": (plan.out, ""),
        f"New, and not brought since your {_CONTENTS} does not list it": (
            plan.unlisted,
            "List it there as the other chapters are, and give the command again.",
        ),
        "No longer part of the program, and left as it is": (plan.dropped, ""),
    }
    lines = [f"Chapters and tools of version {starter.version()}."]
    for words, (names, remedy) in listed.items():
        if names:
            lines += [
                "",
                f"{words} ({counted(len(names), 'file', 'files')}):",
                *(f"  {harmless(name)}" for name in names),
            ]
            lines += [f"  {remedy}"] if remedy else []
    return "\n".join(lines) if len(lines) > 1 else f"{lines[0]}\nNothing is newer than what is here."


def _kind(name: str, own: bytes | None, newest: bytes, came: Delivered | None, listed: set[str]) -> str:
    """What becomes of a general file, by what the brief has under its name and what was delivered there."""
    if own is None:
        if _CHAPTER.fullmatch(name):
            return ("back" if came else "new") if name in listed else ("out" if came else "unlisted")
        return "out" if came else "new"
    if delivered.digest(own) == delivered.digest(newest):
        return "as before"
    if came is None:
        return "of_unknown_origin"
    if delivered.digest(own) == came.sha256:
        return "newer"
    return "changed, and nothing is newer" if came.sha256 == delivered.digest(newest) else "own"


def _in_the_way(root: Path, name: str) -> str:
    """What stands at the place of a file, or of a folder that it lies in, and is none; empty where nothing does."""
    place = root
    for part in Path(name).parts:
        place /= part
        here = place.relative_to(root).as_posix()
        if place.is_symlink():
            return f"{here} is a link"
        if here != name and place.exists() and not place.is_dir():
            return f"{here} is no folder"
    return no_file(place) or "" if place.exists() else ""


def _not_older(known: Mapping[str, Delivered]) -> None:
    """Raise `BriefError` where a newer program than this one has brought a file: an older one would take it back."""
    try:
        newest = max((Version(came.version) for came in known.values()), default=Version("0"))
    except InvalidVersion as error:
        remedy = "Take the file back from the repository."
        raise fail(f"this is no record of what was delivered: {error}", remedy, delivered.FILE) from None
    here = starter.version()
    if newest > Version(here):
        what = f"version {newest} has brought chapters or tools to this brief, and this program is version {here}"
        remedy = f"Install version {newest} or a newer one, as requirements.txt names it, and give the command again."
        raise fail(what, remedy, delivered.FILE)


def _general(root: Path) -> dict[str, bytes]:
    """The general files as a new brief in the language of this one gets them. Raises for a catalogue with a fault."""
    language = _language(root)
    if faults := faults_of_catalogue(root, language):
        raise BriefError(faults)
    return starter.general(language, root)


def _language(root: Path) -> str:
    """The language of a brief. Raises `BriefError` for data that are not YAML, and for a language that is no text."""
    keys = parse_yaml((_content(root, _BRIEF) or b"").decode("utf-8", "replace"), _BRIEF)
    tag = keys.get("language", SOURCE) if isinstance(keys, dict) else SOURCE
    if not isinstance(tag, str):
        # In another language than its own, each chapter would look as if a newer one had come.
        raise fail(f"this is read as {tag}, not as a text", "Put it in quotation marks.", _BRIEF, column="language")
    return tag


def _content(root: Path, name: str) -> bytes | None:
    path = root / name
    return path.read_bytes() if path.is_file() else None


def _listed(contents: bytes) -> set[str]:
    """The files of the chapters that a table of contents lists. Raises `BriefError` for what is not YAML."""
    names: set[str] = set()
    left = [parse_yaml(contents.decode("utf-8", "replace"), _CONTENTS)]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            names |= {f"{part[key]}.md" for key in ("root", "file") if isinstance(part.get(key), str)}
            left += part.values()
        elif isinstance(part, list):
            left += part
    return names


def _parts(root: Path, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts about the topic that chapters which come include and that are not there yet: what is to be written."""
    starters = starter.parts_to_write(_language(root), root)
    named = {
        f"book/{part}"
        for name, content in files.items()
        if _CHAPTER.fullmatch(name)
        for part in _PART.findall(content.decode("utf-8"))
    }
    return {name: starters[name] for name in sorted(named & set(starters)) if not os.path.lexists(root / name)}
