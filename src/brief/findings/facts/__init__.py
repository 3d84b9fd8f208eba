"""The one table of facts: what the prose may say of the data, each with its definition and where it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, overload

from brief.contract.noting import noting
from brief.errors import fail
from brief.findings.rows import Rows
from brief.prose.catalogue import message, say
from brief.prose.conditions import Value
from brief.prose.language import formatted

if TYPE_CHECKING:
    import pandas as pd

    from brief.findings.findings import Findings


@dataclass(frozen=True)
class Fact:
    """A fact: what is computed from the data, once, and named in prose.

    `unit` and `units` are the noun of one and of several ("comment block", "comment blocks"), empty where the value
    is not counted. `None` as the value is "not known", and is printed as that. `made_by`, the dotted name of the
    function that computed it, is filled in by `compute_facts`. `rows` are those that it counts, as `counting` has them.
    """

    name: str
    value: Value
    definition: str
    source: str
    unit: str = ""
    units: str = ""
    made_by: str = ""
    rows: Rows | None = None

    def as_json(self) -> dict[str, object]:
        """The fact as plain data, a date in ISO form."""
        value = self.value.isoformat() if isinstance(self.value, dt.date) else self.value
        return {
            "name": self.name,
            "value": value,
            "unit": self.unit,
            "definition": self.definition,
            "source": self.source,
            "printed": formatted(self.value),
        }


def counting(name: str, ids: Iterable[object], definition: str, source: str, unit: str = "", units: str = "") -> Fact:
    """A fact that is how many rows there are, and that names them by their ids: it rests on these and no others."""
    rows = Rows.of(ids)
    return Fact(name, rows.number, definition, source, unit, units, rows=rows)


Provider = Callable[["Findings"], Iterable[Fact]]
_PROVIDERS: list[tuple[Provider, str]] = []
"""Each with the module that a topic must switch on for its facts to exist."""


@overload
def provides_facts(provider: Provider, *, module: str = "") -> Provider: ...
@overload
def provides_facts(*, module: str) -> Callable[[Provider], Provider]: ...
def provides_facts(provider: Provider | None = None, *, module: str = "") -> Provider | Callable[[Provider], Provider]:
    """Register a function from the findings to facts; with `module`, only for topics that switch it on."""
    if provider is None:
        return lambda provider: provides_facts(provider, module=module)
    _PROVIDERS.append((provider, module))
    return provider


def load_own() -> None:
    """Import the modules of this room, which register the facts that they provide."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")


def compute_facts(findings: Findings) -> dict[str, Fact]:
    """All facts of a brief by name, sorted. Raises `BriefError` where two facts have one name."""
    load_own()
    facts: dict[str, Fact] = {}
    switched_on = {"", *findings.brief.topic.modules}
    with findings.brief.speaking():
        for provider in (provider for provider, module in _PROVIDERS if module in switched_on):
            made_by = f"{provider.__module__}.{provider.__qualname__}"
            with noting() as files:
                computed = list(provider(findings))
            findings.noted(made_by, files)
            for fact in computed:
                if fact.name in facts:
                    raise fail(f"two facts are named '{fact.name}'", f"Rename one of them in {provider.__module__}.")
                facts[fact.name] = replace(fact, made_by=made_by)
    return dict(sorted(facts.items()))


class _Values(Mapping[str, Value]):
    """The values of facts, each taken when it is asked for: a condition names few, and there are many conditions."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts

    def __getitem__(self, name: str) -> Value:
        return self._facts[name].value

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


def values(facts: Mapping[str, Fact]) -> Mapping[str, Value]:
    """The values by name, as conditions want them."""
    return _Values(facts)


def frame(facts: Mapping[str, Fact]) -> pd.DataFrame:
    """The table of facts: name, value (as printed), unit, definition, source; a row a fact, sorted by name."""
    import pandas as pd

    rows = [(f.name, formatted(f.value), f.unit, f.definition, f.source) for f in facts.values()]
    return pd.DataFrame(rows, columns=["name", "value", "unit", "definition", "source"])


@provides_facts
def _about_the_edition(findings: Findings) -> Iterator[Fact]:
    brief = findings.brief
    yield Fact(
        "edition-date", brief.topic.edition, say("The date this edition carries."), "data/brief.yml, key edition"
    )
    from brief.data.claims import printed_date

    searched = printed_date(brief.topic.searched_to) or message("not recorded")
    yield Fact("searched-to", searched, say("Until when sources were searched."), "data/brief.yml, key searched_to")
    yield Fact("data-digest", brief.digest[:12], say("First characters of the SHA-256 of all data files."), "data/")
