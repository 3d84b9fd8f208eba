"""The site that tests of `brief verify` look at and change copies of, and what its forger does."""

from __future__ import annotations

import shutil
import subprocess
import zlib
from pathlib import Path

import topics
from brief.contract import manifest
from brief.site.verifying import verify
from conftest import ROOT, once

QUOTED = "{quote}`the-gazette-2021-03-01#p2 | Readers were not asked — yet.`"
PLAIN = "This sentence stands in no statement. It is long enough to be found again in the PDF."
EARLIER, LATER = "2021-02-01", "2021-03-04"


def site() -> Path:
    """A small site with a quotation, built once for all processes; no test changes it."""
    return once("verified", _make) / "brief" / "_build" / "html"


def _make(folder: Path) -> None:
    root = topics.library(folder / "brief")
    limits = root / "book" / "topic" / "limits.md"
    limits.write_text(f"{limits.read_text(encoding='utf-8')}\n{QUOTED}\n\n{PLAIN}\n", encoding="utf-8")
    summary = root / "book" / "topic" / "key-messages.md"
    statement = ":::{statement} shown\n:when: comments-shown > 0\nThere are {fact}`comments-shown` of them here.\n:::\n"
    summary.write_text(f"{summary.read_text(encoding='utf-8')}\n{statement}", encoding="utf-8")
    topics.built(root)


def rewrite(folder: Path, edition: str = LATER) -> None:
    """What a forger does who knows of the manifest: the digests are those of the files as they are now."""
    text = manifest.of_folder(edition, folder).text()
    (folder / manifest.NAME).write_text(text, encoding="utf-8")


def found_in(path: Path) -> list[str]:
    return [str(finding) for finding in verify(path).findings]


def pdf_of(ranges: bytes, drawn: bytes, contents: bytes = b"5 0 R") -> bytes:
    """A PDF of one page, with a map of codes and a stream of text."""

    def stream(content: bytes) -> bytes:
        packed = zlib.compress(content)
        return b"<< /FlateDecode /Length %d >> stream\n%s\nendstream" % (len(packed), packed)

    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Kids [3 0 R] >>",
        b"<< /Resources << /Font << /F1 4 0 R >> >> /Contents [" + contents + b"] >>",
        b"<< /ToUnicode 6 0 R >>",
        stream(b"/F1 9 Tf " + drawn),
        stream(b"beginbfrange " + ranges + b" endbfrange"),
    ]
    return b"".join(b"\n%d 0 obj %s endobj" % (number, part) for number, part in enumerate(parts, 1))


def publication(folder: Path) -> Path:
    """A publication of two editions in a folder; the earlier one is the same site under another date."""
    earlier = Path(shutil.copytree(site(), folder / "earlier"))
    (earlier / "edition.txt").write_text(f"{EARLIER}\n", encoding="utf-8")
    rewrite(earlier, EARLIER)
    for edition in (earlier, site()):
        publish(edition, folder / "public")
    return folder / "public"


def publish(edition: Path, dest: Path) -> str:
    """Publish a built site; returns what is told beside it."""
    command = ["sh", str(ROOT / "tools" / "publish.sh"), str(edition), str(dest)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr
