"""How each text of a brief came in, as the ledger tells it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from brief.data.ledger import current, paragraph_item
from brief.findings.findings import Findings
from brief.prose.catalogue import message

BY_HAND = message("added by hand")


def provenance(findings: Findings) -> pd.DataFrame:
    """How each text came in: item (paragraph or comment), how (in words); a row for each text that is shown.

    A text without a row in the ledger was added by hand.
    """
    words = {
        "article": message("recorded as it came in"),
        "comment": message("recorded as it came in"),
        "edit": message("edited since it came in, and recorded"),
    }
    recorded = current(findings.brief.ledger)
    rows = [(item, words[recorded[item][0]] if item in recorded else BY_HAND) for item in _items(findings)]
    return pd.DataFrame(rows, columns=["item", "how"])


def _items(findings: Findings) -> Iterator[str]:
    for article in findings.brief.articles:
        for number in range(1, len(article.paragraphs) + 1):
            yield paragraph_item(article.article_id, number)
    yield from findings.comments["comment_id"]
