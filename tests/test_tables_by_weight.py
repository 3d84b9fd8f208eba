"""A page shows rows of a table up to a size and tells of the others; a long text opens where its part is quoted."""

from __future__ import annotations

import pandas as pd
import pytest

from brief.book.exhibits import BYTES_SHOWN, rows_shown
from brief.site.exhibits import is_folded, opened
from brief.site.templating import rendered


def kept(data: pd.DataFrame, opens: dict[str, str] | None = None) -> dict[str, object]:
    words: dict[str, object] = {
        "caption": "Letters",
        "note": "",
        "source": "",
        "choose": [],
        "cited": {},
        "made_href": "",
        "folded": False,
        "language": "",
        "opens": opens or {},
    }
    words |= {"weighs": {}, "choosers": []}
    return {**words, **rows_shown(data)}


@pytest.mark.parametrize(("length", "rows"), [(10, 600), (1_000, 600), (5_000, 600), (200_000, 3)])
def test_a_page_shows_rows_up_to_a_size_whatever_their_length(length: int, rows: int) -> None:
    shown = rows_shown(pd.DataFrame({"Letter": [f"{n:06}" for n in range(rows)], "Text": ["ä" * (length // 2)] * rows}))
    size = sum(len(cell.encode()) for row in shown["rows"] for cell in row)
    assert shown["rows"][0][0] == "000000" and len(shown["rows"]) + shown["left"] == rows
    assert size <= BYTES_SHOWN or len(shown["rows"]) == 1
    assert shown["left"] > 0
    assert size > BYTES_SHOWN / 10


def test_a_small_table_is_shown_whole() -> None:
    shown = rows_shown(pd.DataFrame({"Letter": ["1", "2"], "Text": ["Yes.", "No."]}))
    assert shown["left"] == 0 and len(shown["rows"]) == 2
    assert rows_shown(pd.DataFrame({"Letter": []})) == {"columns": ["Letter"], "rows": [], "numbers": [], "left": 0}


def test_a_table_that_is_not_shown_whole_says_how_many_rows_it_has_and_where() -> None:
    table = kept(pd.DataFrame({"Letter": ["1"] * 60, "Text": ["word " * 600] * 60}))
    assert is_folded(table), "a register is closed on the page and left out on paper"
    told = {"number": "1", "id": "x", "href": "figures/table-x.csv", "size": "9 KB", "fold": "", "folded": True}
    page = rendered("table.html", levels={}, table={**table, **opened(table), **told, "stacks": False, "matrix": False})
    shown = len(rows_shown(pd.DataFrame({"Letter": ["1"] * 60, "Text": ["word " * 600] * 60}))["rows"])
    assert f"The page shows the first {shown} rows of 60. All of them stand in the table to download." in page
    assert page.count("<tr>") == shown + 1


def test_a_whole_text_is_one_click_away_from_its_part() -> None:
    data = pd.DataFrame(
        {"Letter": ["1", "2"], "Quotation": ["Short.", "Part <b>"], "Whole": ["Short.", "Part <b> and all."]}
    )
    table = kept(data, {"Quotation": "Whole"})
    shown = opened(table)
    assert shown["columns"] == ["Letter", "Quotation"]
    assert shown["rows"] == [["1", "Short."], ["2", "Part <b>"]]
    assert shown["wholes"] == [{}, {1: "Part <b> and all."}], "what is quoted whole is not shown twice"
    told = {"number": "1", "id": "x", "href": "x.csv", "size": "1 KB", "fold": "", "stacks": False, "matrix": False}
    page = rendered("table.html", levels={}, table={**table, **shown, **told})
    assert page.count("<details") == 1 and "<b>" not in page
    assert "Part &lt;b&gt; and all.</details>" in page
