"""Codings with everything that a file format may lose: hostile texts, two coders, labels that come twice."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd

from brief.coding import exchange
from brief.data.shapes import Codebook, codebook_from

TEXTS = (
    "plain",
    "=1+1",
    "+44, a number",
    "-minus",
    "@council",
    "'=quoted",
    "  led and trailed by spaces  ",
    "two\r\nlines",
    "a lone\rcarriage return",
    "a\nb\n\nc\n",
    "\ttab\t",
    'quotes " and "" and \' and ; and ,',
    "<script>&amp;&#13;</script>]]>",
    "_x000D_ and _x005F_ and _x005F_x000D_ as they stand",
    "e\u0301 and é, ﬁ, 👩\u200d👩\u200d👧, \u2028, \x85, \u202eright to left\u202c",
    "\ufeffa mark of byte order",
    "\uffff and \ufffe, which XML has no place for",
    "NA",
    "007",
    "1e5",
    "TRUE",
    "2021-03-02",
)


def keys_of(code_id: str, label: str) -> dict[str, str]:
    return {"id": code_id, "label": label, "definition": f"What “{label}” means: <&>\r\n\rand \u2028 more."}


def codebook() -> Codebook:
    """A codebook whose labels come twice, hold marks, or are called as a group of codes is."""
    return codebook_from(
        {
            "version": "2.1; or so",
            "question": 'Does "the writer" <want> it?',
            "stances": [keys_of("for", "For"), keys_of("mixed", "Mixed"), keys_of("theme", "Theme")],
            "certainties": [keys_of("clear", "Clear"), keys_of("for", "For")],
            "themes": [keys_of("cost", "Cost & more"), keys_of("mixed", "Mixed"), keys_of("for", "For")],
            "voices": [],
        }
    )


def comments() -> pd.DataFrame:
    names = [f"hostile-{number}" for number in range(1, len(TEXTS) + 1)]
    positions = pd.array([None, *range(2, len(TEXTS) + 1)], dtype="Int64")
    return pd.DataFrame({"comment_id": names, "position": positions, "text": TEXTS})


def codings() -> pd.DataFrame:
    """Two coders, every column, every text once as a note; the last two comments are coded by nobody."""
    rows = []
    for place, text in enumerate(TEXTS[:-2]):
        for coder in ("ann", "bob") if place % 2 else ("bob",):
            row = dict.fromkeys((exchange.CODER, *exchange.READING), "")
            row |= {"coder_id": coder, "comment_id": f"hostile-{place + 1}", "codebook_version": "2.1; or so"}
            row |= {"stance": ("for", "mixed", "theme")[place % 3], "note": text, "coded_at": "2021-03-02"}
            row |= {"themes": ("", "cost", "for;mixed;cost")[place % 3], "certainty": ("", "for")[place % 2]}
            row |= {"stance_in_thread": ("", "mixed")[place % 2], "irony": ("", "yes")[place % 2]}
            row["boundary"] = ("may continue the previous", "")[place % 2]
            row["coded_at"] = "2021-03-02T10:30:00" if place == 3 else row["coded_at"]
            rows.append(row)
    return pd.DataFrame(rows, dtype="str")


def zipped(path: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, inner in content.items():
            made.writestr(name, inner)
    return path
