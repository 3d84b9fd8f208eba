"""Signing a publication: the manifest of its newest edition, and those that a withdrawal made anew with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from brief.contract import signatures
from brief.contract.manifest import NAME, SIGNATURE, Manifest, digest, parse
from brief.contract.text_files import read_text
from brief.errors import fail
from brief.site.verifying import verify
from brief.site.verifying.listing import EDITIONS, editions_in


def sign(folder: Path, key_file: Path, password: Callable[[], str]) -> list[str]:
    """Sign a published folder; returns the signatures that were written, by their paths in it.

    In: the publication (or a built site), the secret key of minisign, what asks for its password. Raises `BriefError`
    for a folder in which `verify` finds anything: what was changed is not covered with a signature.
    """
    key = signatures.secret_key(read_text(key_file, key_file.name), key_file.name, password)
    if not (folder / NAME).is_file():
        raise fail(f"there is no {NAME} in '{folder.name}'", "Name a published folder: make publish DEST=folder.")
    findings = verify(folder).findings
    if findings:
        what = f"nothing was signed: brief verify finds, at {findings[0].place}, that {findings[0].what}"
        raise fail(what, "Run brief verify on the folder, and put right what it finds.")
    content = (folder / NAME).read_bytes()
    newest = parse(content.decode("utf-8"))
    written = [_write(folder / SIGNATURE, content, newest, key)]
    for date in editions_in(folder):
        place = folder / EDITIONS / date
        of_edition = (place / NAME).read_bytes() if (place / NAME).is_file() else b""
        listed = parse(of_edition.decode("utf-8")) if of_edition else None
        anew = listed is not None and listed.former and listed.former[-1][0] == newest.edition
        if listed is not None and (of_edition == content or (anew and not (place / SIGNATURE).exists())):
            written.append(_write(place / SIGNATURE, of_edition, listed, key))
    return [path.relative_to(folder).as_posix() for path in written]


def _write(path: Path, content: bytes, listed: Manifest, key: signatures.SecretKey) -> Path:
    comment = f"edition of {listed.edition}, SHA-256 {digest(content)}"
    new = path.with_name(f".{path.name}.new")
    new.write_text(signatures.sign(content, key, comment), encoding="utf-8")
    return new.replace(path)
