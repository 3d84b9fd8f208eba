"""The files of an edition beside its manifest, and the editions of a publication beside each other."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from brief.contract import manifest
from brief.contract.manifest import NAME, SIGNATURE, Manifest
from brief.errors import BriefError, Fault
from brief.site.verifying.stored import Stored, fault, of_folder

EDITIONS = "editions"
DATED = "edition.txt"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_AGAIN = "Ask the publisher for the file as it was published, or take the edition from elsewhere."
_CHAIN = "An edition was changed, taken out or put in after the next one was published. Ask the publisher."


def read_manifest(stored: Stored) -> tuple[Manifest | None, list[Fault]]:
    """The manifest of an edition, and what is wrong with it."""
    if NAME in stored.odd:
        return None, [fault(stored.named(NAME), f"the manifest cannot be read: {stored.odd[NAME]}", _AGAIN)]
    try:
        text = stored.text(NAME)
        if text is None:
            return None, [fault(stored.named(NAME), "there is no manifest", "Without one no file can be checked.")]
        return manifest.parse(text), []
    except BriefError as error:
        return None, list(error.faults)
    except ValueError as error:
        return None, [fault(stored.named(NAME), f"the manifest cannot be read: {error}", _AGAIN)]


def same_manifest(stored: Stored, other: Stored) -> bool:
    """Whether two editions have one manifest, byte for byte; what cannot be read is the same as nothing."""
    try:
        content = stored.read(NAME)
        return content is not None and content == other.read(NAME)
    except BriefError:
        return False


def faults_of_files(stored: Stored, listed: Manifest) -> Iterator[Fault]:
    """Every file that is missing, added or changed."""
    names = stored.names - {NAME, SIGNATURE}
    for name in sorted(names | set(listed.files)):
        place = stored.named(name)
        if name in stored.odd:
            yield fault(place, stored.odd[name], "It is no file of the edition. Take it away.")
        elif name not in listed.files:
            yield fault(
                place, "the file was added: the manifest does not name it", "Do not take it for a part of the brief."
            )
        elif name not in names:
            yield fault(place, "the file is missing: the manifest names it", _AGAIN)
        else:
            size, digest = listed.files[name]
            now, sha256 = stored.size_and_digest(name, size)
            if now != size:
                yield fault(place, f"the file was changed: it has {now:,} bytes, the manifest says {size:,}", _AGAIN)
            elif sha256 != digest:
                yield fault(place, "the file was changed: its SHA-256 is not that of the manifest", _AGAIN)


def faults_of_date(stored: Stored, listed: Manifest) -> Iterator[Fault]:
    """Whether the file that says the date of the edition says that of the manifest."""
    place = stored.named(DATED)
    try:
        text = stored.text(DATED)
    except BriefError as error:
        yield from error.faults
        return
    if text is None:
        if stored.has_pages:
            yield fault(place, "the file is missing: it says the date of the edition", _AGAIN)
    elif text.strip() != listed.edition:
        what = f"it says that this is the edition of {text.strip()[:40]}, the manifest says {listed.edition}"
        yield fault(place, what, "One of the two was changed.")


def faults_of_links(stored: Stored) -> tuple[int, list[Fault]]:
    """How many files the pages lead to, and which of them are not there: a manifest without them is no excuse."""
    asked: dict[str, str] = {}
    for page, tree in stored.pages.items():
        for link in tree.xpath("//@href | //@src"):
            try:
                parts = urlsplit(str(link))
            except ValueError:
                continue
            # The page for lost readers is shown at any address, so its links begin at the root of the host.
            if parts.path and not parts.scheme and not parts.netloc and not parts.path.startswith(("/", "..")):
                asked.setdefault(posixpath.normpath(unquote(parts.path)), page)
    missing = [
        fault(stored.named(name), f"the file is missing: {page} leads to it", _AGAIN)
        for name, page in sorted(asked.items())
        if name not in stored.names and name != "."
    ]
    return len(asked), missing


def editions_in(folder: Path) -> dict[str, Stored]:
    """The editions that a publication keeps, by their dates, the oldest first."""
    kept = folder / EDITIONS
    if not kept.is_dir() or kept.is_symlink():
        return {}
    named = sorted(
        path for path in kept.iterdir() if _DATE.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
    )
    return {path.name: of_folder(path, f"{EDITIONS}/{path.name}/") for path in named}


def faults_beside(folder: Path) -> Iterator[Fault]:
    """What lies among the editions and is none."""
    kept = folder / EDITIONS
    for path in sorted(kept.iterdir()) if kept.is_dir() and not kept.is_symlink() else ():
        if path.is_symlink() or not ((path.is_dir() and _DATE.fullmatch(path.name)) or path.name == "altered.json"):
            yield fault(f"{EDITIONS}/{path.name}", "this is no edition", "Do not take it for a part of the brief.")
    if kept.is_symlink():
        yield fault(EDITIONS, "this is a link and no folder of editions", "Take it away.")


def faults_of_chain(newest: Stored, editions: dict[str, Stored]) -> Iterator[Fault]:
    """Whether each edition names the one before it, by the digest of its manifest, and the newest lies among them."""
    before: tuple[str, str] | None = None
    for date, stored in editions.items():
        listed, wrong = read_manifest(stored)
        if listed is None:
            # One from before there were manifests has none; after one that has, it was taken away.
            if before is not None:
                yield from wrong
            continue
        place = stored.named(NAME)
        if listed.edition != date:
            yield fault(place, f"the manifest is that of the edition {listed.edition}", _CHAIN)
        if listed.previous != before:
            link = "names no edition before it" if listed.previous is None else f"names {listed.previous[0]} before it"
            there = f"{before[0]} with the digest {before[1][:12]}…" if before else "none"
            digest = f" with the digest {listed.previous[1][:12]}…" if listed.previous else ""
            yield fault(place, f"the edition {link}{digest}; what lies there is {there}", _CHAIN)
        before = (date, manifest.digest((stored.text(NAME) or "").encode()))
    listed, _ = read_manifest(newest)
    if listed is not None:
        own = editions.get(listed.edition)
        if own is None:
            yield fault(f"{EDITIONS}/{listed.edition}", "the edition that is shown is not among those kept", _AGAIN)
        elif not same_manifest(own, newest):
            yield fault(NAME, f"the edition that is shown is not the one kept as {listed.edition}", _AGAIN)
        elif before is not None and before[0] != listed.edition:
            yield fault(NAME, f"the edition {listed.edition} is shown, and {before[0]} is newer", _CHAIN)
