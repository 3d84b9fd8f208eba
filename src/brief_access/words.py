"""How the options and outcomes of the model are called on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from brief.prose.language import counted, listed
from brief_access.exercises import BACKUPS, ESCROW, GHOSTS, HACKED, RECORDS, SCANNING, SEIZED, STATUS_QUO
from brief_access.settings import Settings

LABELS = {
    STATUS_QUO: "Encryption as it is today",
    ESCROW: "Key escrow",
    GHOSTS: "Ghost participant",
    SCANNING: "Client-side scanning",
    SEIZED: "Taking a phone",
    HACKED: "Hacking a phone",
    BACKUPS: "Backup of a phone",
    RECORDS: "Provider records",
}
POWER = {
    STATUS_QUO: "the list of devices",
    ESCROW: "all escrow keys",
    GHOSTS: "the list of devices",
    SCANNING: "the scanner's list",
    SEIZED: "the phone in hand",
    HACKED: "the means to hack",
    BACKUPS: "the store of backups",
    RECORDS: "the records",
}
"""What whoever holds the power of an option holds."""
TO = "\u2013"
"""Between the two ends of a range in a chart."""
SOURCE = "Attempts to decrypt in the model, made again at each build"


def ranged(row: Mapping[str, Any], part: str) -> str:
    """A median with its range: "19 (11 to 25)", and the number alone where all draws agree."""
    middle, least, most = (int(row[f"{part}{end}"]) for end in ("", "_least", "_most"))
    return f"{middle:,}" if least == most else f"{middle:,} ({least:,} to {most:,})"


def moments(given: Settings) -> str:
    """When the warrant, the theft and the end of access come, as the notes of figures and tables say it."""
    return (
        f"Of {counted(given.messages, 'message', 'messages')} in all, {given.warrant:,} are sent before the warrant, "
        f"{given.leak:,} before a theft, and {given.access_ends:,} before access to a hacked phone ends."
    )


def any_of(items: Iterable[str]) -> str:
    """A list of things of which one will do: "a", "a or b", "a, b or c"."""
    words = list(items)
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else listed(words)


def with_article(secret: str) -> str:
    """A secret as it stands in a sentence: "the escrow key", and "both shares" as it is."""
    return secret if secret.startswith(("both ", "all ")) else f"the {secret}"
