"""The key messages of the short paper: numbered, in two columns, under the headings that their page gives them."""

from __future__ import annotations

from collections.abc import Callable

from brief.site.pdf.blocks import Block, Element, Run, blocks
from brief.site.pdf.fitting import words_of_blocks, words_of_runs

_CLASS = "key-messages"
#: Headings below that of the messages: each begins a group of them.
_HEADINGS = ("h3", "h4")
#: A heading takes about as much of a column as so many letters.
_HEADING_LETTERS = 60


def key_messages(tree: Element, ready: Callable[[Block], Block]) -> list[Block]:
    """The messages of a page as one block in two columns of about the same length; nothing where it has none.

    `ready` makes an item of a list ready for the paper. A heading stands with the first message below it.
    """
    heading: list[Run] = []
    listed: list[tuple[list[Run], Block]] = []
    for element in tree.find(lambda element: element.tag in _HEADINGS or _CLASS in element.classes):
        if _CLASS not in element.classes:
            heading = [run for block in blocks(Element("div", {}, [element])) for run in block["c"]]
            continue
        for block in blocks(element):
            for item in block["items"] if block["k"] == "list" else ():
                listed.append((heading, ready(item)))
                heading = []
    return [_in_columns(listed)] if listed else []


def _in_columns(listed: list[tuple[list[Run], Block]]) -> Block:
    """Numbered items, some with a heading above, read down the first column and then the second."""
    sizes = [
        len(" ".join(words_of_blocks(item["b"]))) + (_HEADING_LETTERS if list(words_of_runs(heading)) else 0)
        for heading, item in listed
    ]
    split = min(range(1, len(listed) + 1), key=lambda place: (abs(sum(sizes[:place]) - sum(sizes[place:])), place))
    columns = [_column(listed[:split], 1), _column(listed[split:], split + 1)]
    return {"k": "messages", "columns": [column for column in columns if column]}


def _column(listed: list[tuple[list[Run], Block]], start: int) -> list[Block]:
    column: list[Block] = []
    for number, (heading, item) in enumerate(listed, start=start):
        if heading:
            column.append({"k": "h", "level": 2, "c": heading})
        if column and column[-1]["k"] == "list":
            column[-1]["items"].append(item)
        else:
            column.append({"k": "list", "ordered": True, "items": [item], "start": number})
    return column
