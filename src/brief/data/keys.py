"""The key of a brief: it keys the fingerprints of comments, and lies outside all that is published or committed.

A bare SHA-256 of a short text is opened by guessing. HMAC-SHA256 with a key that only the maintainers have is not. The
key lies in `.brief/key`, which git does not track, or in the environment. Nothing that is published depends on it: a
site has the same bytes where it is not at hand. Then texts are not compared with what came in, and that is told.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from brief.contract.frozen import origin
from brief.contract.journal import WORK
from brief.errors import fail, refused

ENVIRONMENT = "BRIEF_KEY"
FILE = f"{WORK}/key"
_KEY = re.compile(r"[0-9a-f]{32,128}")
_OWN = "which key this is"


def at_hand(root: Path) -> tuple[str, ...]:
    """The keys at hand, that for new fingerprints last: those of `.brief/key`, a line each, then of the environment.

    Raises `BriefError` for a line that is no key.
    """
    words: list[str] = []
    path = _folder(root) / WORK / "key"
    for place, text in ((FILE, _read(path)), (ENVIRONMENT, os.environ.get(ENVIRONMENT, ""))):
        for word in text.split():
            if _KEY.fullmatch(word) is None:
                remedy = "A key is 32 to 128 signs of 0-9 and a-f, one a line. Put yours back, or take the line out."
                raise fail("this holds something that is no key", remedy, place)
            words.append(word)
    return tuple(dict.fromkeys(words))


def make(root: Path) -> str:
    """Make a new key and keep it in `.brief/key`, below those that are there. Raises `BriefError` where it cannot."""
    path = _folder(root) / WORK / "key"
    key = secrets.token_hex(32)
    try:
        path.parent.mkdir(exist_ok=True)
        ignored = path.with_name(".gitignore")
        if not ignored.exists():
            ignored.write_text("*\n", encoding="utf-8")
        new = path.with_name(".key.new")
        new.unlink(missing_ok=True)
        new.touch(0o600)
        new.write_text(f"{_read(path)}{key}\n", encoding="utf-8")
        new.replace(path)
    except OSError as error:
        raise refused(error) from None
    return key


def keyed(key: str, digest: str) -> str:
    """A digest under a key: HMAC-SHA256, hexadecimal, as long as the digest was."""
    return hmac.new(bytes.fromhex(key), digest.encode(), hashlib.sha256).hexdigest()[: max(16, len(digest))]


def name_of(key: str) -> str:
    """What tells one key from another, and tells nothing of either."""
    return keyed(key, hashlib.sha256(_OWN.encode()).hexdigest())


def named(keys: tuple[str, ...], name: str) -> str | None:
    """The key of that name, if it is at hand."""
    return next((key for key in keys if name_of(key) == name), None)


def _folder(root: Path) -> Path:
    """The folder of the brief itself: `root` may be a copy that is built, or one that a change is written in."""
    return root.parent.parent if root.parent.name == WORK else origin(root)


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise fail("the file cannot be read", "Put the key of this brief back.", FILE) from None
    return text if not text or text.endswith("\n") else f"{text}\n"
