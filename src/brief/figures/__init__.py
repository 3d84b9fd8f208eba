"""The one registry of figures and tables that a brief can show.

A figure is a function from the brief and its facts to a `Figure`, or to `Unavailable` with the reason why the data do
not carry it. Modules register their functions with the decorators `figure` and `table`; a topic's modules do the
same. The order in which they register makes no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from brief.contract.noting import noting
from brief.data import plan
from brief.errors import fail
from brief.findings import planning
from brief.findings.facts import Fact
from brief.prose.catalogue import say

if TYPE_CHECKING:
    from brief.findings.findings import Findings

WIDE, NARROW = 680, 340
"""Widths of the two versions of each picture, in CSS pixels: for a page, and for a phone."""
COMPACT, COMPACT_HIGH = 560, 480
"""Width of the third version, for a card, and for paper where the first would be too small to read; and the height up
to which its letters can be read there."""
COMPACT_SMALLEST = 13
"""The smallest letters of the third version, in the same pixels."""


@dataclass(frozen=True)
class Unavailable:
    """Stands where a figure or table would whose data are not there. The page shows nothing, JupyterLab the reason."""

    reason: str


SILENT = Unavailable("")
"""Nothing stands in its place: the data do not justify it yet, and the prose says so where that matters."""


@dataclass(frozen=True)
class Figure:
    """A figure, ready to be shown. All strings are plain text.

    `headline` states the message; `subtitle` gives measure, place, period and base; `alt` is the text alternative;
    `note` says what the picture does not show. `data` are the same data as a table, with names of columns for
    readers, explained in `column_notes`; a column of `texts_of_articles` holds another's text and leaves the page in no
    archive. `wide` and `narrow` are Vega-Lite specifications; so is `compact`, the same data drawn densely enough for a
    card, or None where they cannot be. The registry fills in `figure_id` and `made_by`.
    """

    headline: str
    subtitle: str
    alt: str
    note: str
    source: str
    data: pd.DataFrame
    wide: dict[str, Any]
    narrow: dict[str, Any]
    compact: dict[str, Any] | None = None
    column_notes: Mapping[str, str] = field(default_factory=dict)
    texts_of_articles: tuple[str, ...] = ()
    figure_id: str = ""
    made_by: str = ""


@dataclass(frozen=True)
class Table:
    """A table, ready to be shown; all strings are plain text. The registry fills in `table_id` and `made_by`.

    `choose` names columns by whose values a reader may choose rows, where scripts run. A `matrix` has a level in each
    cell but the first of a row, and is shown with a mark beside each. A `folded` one is closed until it is asked for,
    one that is `folded_on_phones` on phones alone. `opens` names columns whose cells are a part of a text,
    and for each the column with the whole, which a reader opens in the part's cell. `weighs` is what the
    page's script needs to place options under weights that a reader sets; it is empty where there is nothing to weigh.
    `language` is that of its cells, where it is not the language of the brief. `cites` is the column whose cells name
    sources, as `names_of` has them with semicolons between; on a page each name leads to its source.
    """

    caption: str
    data: pd.DataFrame
    source: str
    note: str = ""
    column_notes: Mapping[str, str] = field(default_factory=dict)
    choose: tuple[str, ...] = ()
    matrix: bool = False
    folded: bool = False
    folded_on_phones: bool = False
    opens: Mapping[str, str] = field(default_factory=dict)
    weighs: Mapping[str, Any] = field(default_factory=dict)
    language: str = ""
    cites: str = ""
    table_id: str = ""
    made_by: str = ""


MakeFigure = Callable[["Findings", Mapping[str, Fact]], Figure | Unavailable]
MakeTable = Callable[["Findings", Mapping[str, Fact]], Table | Unavailable]

Made = TypeVar("Made", Figure, Table)

_FIGURES: dict[str, MakeFigure] = {}
_TABLES: dict[str, MakeTable] = {}
_MODULES: dict[str, str] = {}
"""By function, the module that a topic must switch on for the figure or table to exist."""


def figure(figure_id: str, module: str = "") -> Callable[[MakeFigure], MakeFigure]:
    """Register a function as the figure of this id; with `module`, only for topics that switch it on.

    Raises `BriefError` where another function has the id already.
    """

    def register(make: MakeFigure) -> MakeFigure:
        @wraps(make)
        def named(findings: Findings, facts: Mapping[str, Fact]) -> Figure | Unavailable:
            with findings.brief.speaking():
                figure = _noted(make, findings, facts, plan.FIGURE, figure_id)
                if isinstance(figure, Unavailable):
                    return Unavailable(say(figure.reason)) if figure.reason else figure
                return replace(_named(figure), figure_id=figure_id, made_by=_made_by(make))

        _enter(_FIGURES, "figure", figure_id, named, module)
        return named

    return register


def table(table_id: str, module: str = "") -> Callable[[MakeTable], MakeTable]:
    """Register a function as the table of this id; as `figure`."""

    def register(make: MakeTable) -> MakeTable:
        @wraps(make)
        def named(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
            with findings.brief.speaking():
                table = _noted(make, findings, facts, plan.TABLE, table_id)
                if isinstance(table, Unavailable):
                    return Unavailable(say(table.reason)) if table.reason else table
                choose = tuple(say(column) for column in table.choose)
                cites = say(table.cites) if table.cites else ""
                opens = {say(part): say(whole) for part, whole in table.opens.items()}
                return replace(
                    _named(table), choose=choose, opens=opens, cites=cites, table_id=table_id, made_by=_made_by(make)
                )

        _enter(_TABLES, "table", table_id, named, module)
        return named

    return register


class _Asked(Mapping[str, Fact]):
    """The facts as they are given to a figure or table, and which functions made those that it asks for."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts
        self.makers: set[str] = set()

    def __getitem__(self, name: str) -> Fact:
        fact = self._facts[name]
        self.makers.add(fact.made_by)
        return fact

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


def _noted(
    make: Callable[[Findings, Mapping[str, Fact]], Made | Unavailable],
    findings: Findings,
    facts: Mapping[str, Fact],
    kind: str,
    name: str,
) -> Made | Unavailable:
    """What a function makes; the files that it, and the functions of its facts, have looked at are kept."""
    asked = _Asked(facts)
    with noting() as files:
        exhibit = make(findings, asked)
        of_facts = {file for maker in asked.makers for file in findings.looked_at.get(maker, ())}
        if not isinstance(exhibit, Unavailable):
            exhibit = replace(exhibit, note=planning.noted(exhibit.note, findings, kind, name, files | of_facts))
    findings.noted(_made_by(make), files | of_facts)
    return exhibit


def _named(exhibit: Made) -> Made:
    """With the names of its columns, which are English in the code, in the language of the brief."""
    notes = {say(column): note for column, note in exhibit.column_notes.items()}
    return replace(exhibit, data=exhibit.data.rename(columns=say), column_notes=notes)


def figures(modules: Collection[str] = ()) -> Mapping[str, MakeFigure]:
    """The figures of a topic that switches on these modules, by their ids, sorted."""
    _load_own()
    return {name: make for name, make in sorted(_FIGURES.items()) if _switched_on(make, modules)}


def tables(modules: Collection[str] = ()) -> Mapping[str, MakeTable]:
    """The tables of a topic that switches on these modules, by their ids, sorted."""
    _load_own()
    return {name: make for name, make in sorted(_TABLES.items()) if _switched_on(make, modules)}


def _switched_on(make: Callable[..., Any], modules: Collection[str]) -> bool:
    module = _MODULES[_made_by(make)]
    return not module or module in modules


def _load_own() -> None:
    for module in iter_modules(__path__):
        if not module.ispkg:
            import_module(f"{__name__}.{module.name}")


def _made_by(make: Callable[..., Any]) -> str:
    return f"{make.__module__}.{make.__qualname__}"


def _enter(registry: dict[str, Any], kind: str, name: str, make: Callable[..., Any], module: str) -> None:
    there = registry.get(name)
    if there is not None and _made_by(there) != _made_by(make):
        raise fail(f"two {kind}s are named '{name}'", f"Rename the one that {_made_by(make)} registers.")
    registry[name] = make
    _MODULES[_made_by(make)] = module
