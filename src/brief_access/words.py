"""How the options and outcomes of the model are called on a page."""

from __future__ import annotations

from brief_access.attempts import ESCROW, GHOSTS, HACKED, RECORDS, SCANNING, SEIZED, STATUS_QUO

LABELS = {
    STATUS_QUO: "Status quo",
    ESCROW: "Key escrow",
    GHOSTS: "Ghost participant",
    SCANNING: "Client-side scanning",
    SEIZED: "Seized device",
    HACKED: "Equipment interference",
    RECORDS: "Communications data",
}
NOT_RUN = {
    "other-government": "Another government's route",
    "displacement": "Displacement",
}
SOURCE = "Attempts to decrypt in the model, repeated at each build; sizes in data/access.yml"


def of_messages(read: int, there: int) -> str:
    """A count with its base: "3 of 12"."""
    return f"{read:,} of {there:,}"


def with_article(secret: str) -> str:
    """A secret as it stands in a sentence: "the escrow key", and "both shares" as it is."""
    return secret if secret.startswith(("both ", "control ", "no ")) else f"the {secret}"
