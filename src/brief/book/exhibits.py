"""Figures and tables as a reader gets them: drawn once, with the files to download, and kept as plain data."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten
from typing import Any

import pandas as pd
from pandas.api.types import is_integer_dtype

from brief import figures
from brief.book import browsing
from brief.errors import BriefError, fail
from brief.figures import Figure, Unavailable
from brief.figures.drawing import cards, render
from brief.figures.drawing.downloads import csv_for_spreadsheets
from brief.figures.drawing.painter import Refused
from brief.figures.drawing.palette import TOKENS, css
from brief.findings.facts import Fact
from brief.findings.findings import Findings
from brief.prose.catalogue import say
from brief.prose.language import long_date, quoted

#: Of a table so many bytes stand on its page, with what marks each cell; the download has all rows.
BYTES_SHOWN = 48_000
_BYTES_OF_A_CELL, _BYTES_OF_A_ROW = 40, 20
_LONGEST_REASON = 300
"""In signs: some reasons quote the whole specification."""


def draw(findings: Findings, facts: Mapping[str, Fact], folder: Path) -> dict[str, Any]:
    """Every figure and table that the topic has, as plain data.

    What can be downloaded is written to `folder/files`; whole tables and what may be reused of them to `folder/rows`;
    all comments to `folder/browse`, where there are more than their page lists.
    """
    with findings.brief.speaking():
        return _drawn(findings, facts, folder)


def _drawn(findings: Findings, facts: Mapping[str, Fact], folder: Path) -> dict[str, Any]:
    topic, origin = findings.brief.topic, _origin(findings)
    makers, listed = figures.figures(topic.modules), figures.tables(topic.modules)
    files, rows = folder / "files", folder / "rows"
    files.mkdir(parents=True)
    rows.mkdir()
    # The library that draws lets Python go on meanwhile; it draws one picture at a time.
    with ThreadPoolExecutor(max_workers=1) as drawing:
        card = cards.brief_card(topic.title, topic.subtitle, topic.question, origin, _instead(findings))
        drawn_card = drawing.submit(cards.drawn, card)
        results = {name: _made(name, make, findings, facts) for name, make in makers.items()}
        pictures = {
            name: drawing.submit(_figure, name, makers[name], figure, origin, _instead(findings), folder)
            for name, figure in results.items()
        }
        tables = {name: _table(name, make, findings, facts, files) for name, make in listed.items()}
    made_by = {f"{make.__module__}.{make.__qualname__}" for make in (*makers.values(), *listed.values())}
    (files / "brief.card.png").write_bytes(drawn_card.result())
    return {
        "figures": {name: picture.result() for name, picture in pictures.items()},
        "tables": tables,
        "looked_at_by_exhibits": {make: findings.looked_at[make] for make in sorted(made_by)},
        "browse": browsing.keep(findings, folder / "browse"),
        "palette": {token.light: f"var({token.variable})" for token in TOKENS},
        "palette_css": css(),
    }


def _origin(findings: Findings) -> str:
    """Where a picture that leaves the page is from."""
    topic = findings.brief.topic
    return say(
        "{title}. {publisher}, edition of {edition}",
        title=topic.title,
        publisher=topic.publisher,
        edition=long_date(topic.edition),
    )


def _instead(findings: Findings) -> str:
    """What names the brief on a card that cannot show its title: its id, which any font can show, and its date."""
    topic = findings.brief.topic
    return f"{topic.brief_id}, {topic.edition.isoformat()}"


def _made(name: str, make: figures.MakeFigure, findings: Findings, facts: Mapping[str, Fact]) -> Figure | Unavailable:
    """What a function makes; a specification that Altair refuses is a fault of its figure."""
    try:
        return make(findings, facts)
    except Exception as error:
        from jsonschema import ValidationError  # only here: what is not refused needs none of it

        if isinstance(error, ValidationError):
            raise _undrawable(name, make, "a", str(error)) from None
        raise


@contextmanager
def _taught(name: str, make: figures.MakeFigure, which: str) -> Iterator[None]:
    """Of what cannot be drawn, say of which figure it is and where that is written."""
    try:
        yield
    except Refused as error:
        raise _undrawable(name, make, which, str(error)) from None


def _undrawable(name: str, make: figures.MakeFigure, which: str, reason: str) -> BriefError:
    """The fault of a figure whose picture (`which`) is refused, at the line of the function that makes it."""
    code = inspect.unwrap(make)
    # Where in the library it happened tells nothing of the figure.
    said = [line.strip() for line in reason.splitlines() if line.strip() and not line.lstrip().startswith("at ")]
    shortened = shorten(" ".join(said), _LONGEST_REASON, placeholder=" …")
    return fail(
        f"{which} picture of the figure '{name}' cannot be drawn: {shortened}",
        f"Correct the specification of Vega-Lite that `{code.__name__}` gives its figure.",
        _file_of(code),
        inspect.getsourcelines(code)[1],
    )


def _file_of(code: Callable[..., Any]) -> str:
    """The file of a function, from the folder that its package lies in; in a clone this folder is `src`."""
    path = Path(inspect.getsourcefile(code) or "")
    above = code.__module__.count(".") + (1 if path.stem == "__init__" else 0)
    home = path.parents[above]
    return path.relative_to(home.parent if home.name == "src" else home).as_posix()


def _figure(
    name: str,
    make: figures.MakeFigure,
    figure: Figure | Unavailable,
    origin: str,
    instead: str,
    folder: Path,
) -> dict[str, Any]:
    if isinstance(figure, Unavailable):
        return {"unavailable": figure.reason}
    on_pages: dict[str, str] = {}
    for size, spec in (("wide", figure.wide), ("compact", figure.compact), ("narrow", figure.narrow)):
        with _taught(name, make, f"the {size}"):
            on_pages[f"svg_{size}"] = render.svg_for_page(spec, f"{name}-{size}") if spec else ""
    with _taught(name, make, "a"):
        return _kept(name, make, figure, origin, instead, folder) | on_pages


def _kept(
    name: str, make: figures.MakeFigure, figure: Figure, origin: str, instead: str, folder: Path
) -> dict[str, Any]:
    """A figure as plain data, with what can be downloaded written; its pictures for pages are drawn elsewhere."""
    svg = render.svg_standalone(figure.wide, figure)
    rows, files = folder / "rows", folder / "files"
    (rows / f"{name}.json").write_text(json.dumps(_rows(figure.data), ensure_ascii=False), encoding="utf-8")
    downloads = {
        "csv": csv_for_spreadsheets(figure.data).encode(),
        "svg": svg.encode(),
        "png": render.png_standalone(figure.wide, figure),
        "card.png": cards.drawn(cards.figure_card(figure, origin, instead)),
        "json": (json.dumps(figure.wide, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode(),
    }
    reusable = figure.data.drop(columns=[name for name in figure.texts_of_articles if name in figure.data])
    (rows / f"{name}.csv").write_text(csv_for_spreadsheets(reusable), encoding="utf-8")
    for kind, content in downloads.items():
        (files / f"{name}.{kind}").write_bytes(content)
    return {
        "headline": figure.headline,
        "subtitle": figure.subtitle,
        "alt": figure.alt,
        "note": figure.note,
        "source": figure.source,
        "column_notes": dict(figure.column_notes),
        **rows_shown(figure.data),
        "wide": figure.wide,
        "narrow": figure.narrow,
        "compact": figure.compact,
        "svg": svg,
        "downloads": {kind: len(content) for kind, content in downloads.items()},
        "made_by": figure.made_by,
        "code": inspect.getsource(inspect.unwrap(make)),
    }


def _table(
    name: str,
    make: figures.MakeTable,
    findings: Findings,
    facts: Mapping[str, Fact],
    files: Path,
) -> dict[str, Any]:
    table = make(findings, facts)
    if isinstance(table, Unavailable):
        return {"unavailable": table.reason}
    download = csv_for_spreadsheets(table.data).encode()
    (files / f"table-{name}.csv").write_bytes(download)
    # What a column means stands with the table on the page and on paper: a heading has no room for it.
    explained = [f"{quoted(column)}: {text}" for column, text in table.column_notes.items() if column in table.data]
    note = " ".join(filter(None, [table.note, *explained]))
    words: dict[str, Any] = {"caption": table.caption, "note": note, "source": table.source}
    words |= {"choose": list(table.choose), "matrix": table.matrix, "folded": table.folded}
    words |= {"folded_on_phones": table.folded_on_phones, "weighs": dict(table.weighs), "opens": dict(table.opens)}
    words |= {"language": table.language, "cites": table.cites, "made_by": table.made_by}
    return {**words, **rows_shown(table.data), "size": len(download)}


def rows_shown(data: pd.DataFrame) -> dict[str, Any]:
    """The first rows of a table, as many as a page bears, and at least one: columns, rows, left (how many more).

    `numbers` are the places of the columns that hold whole numbers: pages set them as numerals, files do not.
    """
    # A row takes more than its marks at least; of a register of millions no more is looked at than can be shown.
    kept = _rows(data.head(BYTES_SHOWN // _BYTES_OF_A_ROW))
    size, count = 0, 0
    for row in kept["rows"]:
        size += _BYTES_OF_A_ROW + sum(_BYTES_OF_A_CELL + len(cell.encode("utf-8", "replace")) for cell in row)
        if count and size > BYTES_SHOWN:
            break
        count += 1
    return {**kept, "rows": kept["rows"][:count], "left": len(data) - count}


def _rows(data: pd.DataFrame) -> dict[str, Any]:
    texts = data.astype("string").fillna("")
    return {
        "columns": [str(name) for name in data.columns],
        "rows": [list(row) for row in texts.itertuples(index=False)],
        "numbers": [place for place, kind in enumerate(data.dtypes) if is_integer_dtype(kind)],
    }
