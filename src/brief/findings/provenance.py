"""How each text of a brief came in, as the ledger tells it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from brief.data.brief import Brief
from brief.data.ledger import current, paragraph_item

BY_HAND = "added by hand"


def provenance(brief: Brief) -> pd.DataFrame:
    """How each text came in: item (paragraph or comment), how (in words); a row for each text that is shown.

    A text without a row in the ledger was added by hand.
    """
    words = {
        "article": "recorded as it came in",
        "comment": "recorded as it came in",
        "edit": "edited since it came in, and recorded",
    }
    recorded = current(brief.ledger)
    rows = [(item, words[recorded[item][0]] if item in recorded else BY_HAND) for item in _items(brief)]
    return pd.DataFrame(rows, columns=["item", "how"])


def _items(brief: Brief) -> Iterator[str]:
    for article in brief.articles:
        for number in range(1, len(article.paragraphs) + 1):
            yield paragraph_item(article.article_id, number)
    for batch in brief.comments():
        yield from map(str, batch["comment_id"])
