"""How each text of a brief came in, as the ledger tells it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from brief.data.ledger import current, paragraph_item, table_item
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
        "table": message("recorded as it came in"),
        "edit": message("edited since it came in, and recorded"),
    }
    recorded = current(findings.brief.ledger)
    rows = []
    for item, table in _items(findings):
        known = recorded.get(item) or recorded.get(table)
        rows.append((item, words[known.event] if known is not None else BY_HAND))
    return pd.DataFrame(rows, columns=["item", "how"])


def _items(findings: Findings) -> Iterator[tuple[str, str]]:
    """Each text, and the table that it may be recorded with."""
    for article in findings.brief.articles:
        for number in range(1, len(article.paragraphs) + 1):
            yield paragraph_item(article.article_id, number), ""
    comments = findings.comments
    for name, collection in zip(comments["comment_id"], comments["collection_id"], strict=True):
        yield name, table_item(collection)
