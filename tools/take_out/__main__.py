"""The command: take out, or with --check tell what was altered."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

from take_out import differing, take_out
from take_out.edition import NOTED, read
from take_out.words import words_of


def _names(masking: Path) -> list[str]:
    """The words of more than one word that are never to be shown: names, as data/masking.csv has them."""
    with io.StringIO(read(masking), newline="") as text:
        return sorted(
            {
                row["words"]
                for row in csv.DictReader(text)
                if row.get("decision") == "mask" and len(words_of(row["words"])) > 1
            }
        )


def main(arguments: list[str]) -> int:
    """The command."""
    if arguments[:1] == ["--check"]:
        differences = differing(Path(arguments[1]))
        print(
            "\n".join(f"{place}: {what}" for place, what in differences.items())
            or "Every edition is as it was published."
        )
        return int(any(what.startswith("changed") for what in differences.values()))
    for name in take_out(Path(arguments[0]), _names(Path("data/masking.csv"))):
        print(f"Altered: editions/{name}/ no longer holds what was withdrawn; its {NOTED} says which files.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
