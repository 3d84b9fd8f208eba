"""The key messages of the short paper keep the headings that their page gives them, and the paper its four pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf

from brief.site.pdf.blocks import read
from brief.site.pdf.fitting import words_of_blocks
from brief.site.pdf.messages import key_messages
from test_pdf import SHORT, text_of


def columns(markup: str) -> list[list[Any]]:
    """The columns of the messages of a page: a heading by its words, a message by its number and its words."""
    shown: list[list[Any]] = []
    for block in key_messages(read(markup, "a page"), lambda item: item):
        for column in block["columns"]:
            shown.append([])
            for part in column:
                if part["k"] == "h":
                    shown[-1].append("".join(part["c"]))
                else:
                    numbered = enumerate(part["items"], start=part["start"])
                    shown[-1] += [(number, "".join(words_of_blocks(item["b"]))) for number, item in numbered]
    return shown


def group(*messages: str) -> str:
    return f'<div class="key-messages"><ol>{"".join(f"<li><p>{text}</p></li>" for text in messages)}</ol></div>'


def test_a_heading_stands_above_the_first_message_of_its_group() -> None:
    page = (
        f"<h2>Key messages</h2><h3>You can say</h3>{group('One.', 'Two.')}<h3>Do not say</h3>{group('Three.', 'Four.')}"
    )
    assert columns(page) == [
        ["You can say", (1, "One."), (2, "Two.")],
        ["Do not say", (3, "Three."), (4, "Four.")],
    ]


def test_a_group_may_go_on_in_the_next_column_and_needs_no_heading() -> None:
    long = "A message of some length, which goes on to the end. " * 3
    page = f"{group(long)}<h3>Do not say</h3>{group(long, long, long)}"
    first, second = columns(page)
    assert [part if isinstance(part, str) else part[0] for part in first] == [1, "Do not say", 2]
    assert [part if isinstance(part, str) else part[0] for part in second] == [3, 4]
    assert columns(group("One.", "Two.")) == [[(1, "One.")], [(2, "Two.")]]
    assert columns("<h3>Nothing</h3><p>Here.</p>") == []


def test_the_short_paper_of_this_brief_has_both_headings_on_four_pages(built_site: Path) -> None:
    text = text_of(built_site / SHORT)
    before, can, cannot, after = (
        text.index(words)
        for words in (
            "Key messages",
            "What you can say",
            "What you cannot say",
            "What this brief is, and what it is not",
        )
    )
    assert before < can < cannot < after
    with pikepdf.open(built_site / SHORT) as pdf:
        assert len(pdf.pages) == 4
