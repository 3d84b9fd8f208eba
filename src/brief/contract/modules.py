"""The modules that a topic can switch on: packages of their own, found through the entry-point group `brief.modules`.

A package registers its facts, figures and tables when it is imported. It may offer `examine(root)`, the faults of its
own data, and `CONTRACT`, the columns or keys of its own files, as `CONTRACT` of `brief.contract.tables` has them.

Kept light: a build that has nothing to do asks only where these packages lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoints, entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from brief.errors import fail

GROUP = "brief.modules"


def known() -> dict[str, str]:
    """The names that topics may write under `modules`, each with the package behind it; sorted by name."""
    return dict(_registered(entry_points))


@cache
def _registered(look_up: Callable[..., EntryPoints]) -> tuple[tuple[str, str], ...]:
    """What the installed packages have registered; read once, since every package's own file is opened for it."""
    return tuple(sorted((entry.name, entry.value) for entry in look_up(group=GROUP)))


def load(name: str) -> ModuleType:
    """Import the module of that name, which registers what it shows.

    Raises `BriefError` for a name that no installed package has, and whatever the package itself refuses.
    """
    packages = known()
    if name not in packages:
        there = f"Take it out, or use one of: {', '.join(packages)}." if packages else "Take it out, or install it."
        raise fail(f"there is no module '{name}'", there, "data/brief.yml", None, "modules")
    try:
        return import_module(packages[name])
    # A package may break in any way while it is imported.
    except Exception as error:
        what = f"the module '{name}' cannot be loaded: {type(error).__name__}: {error}"
        raise fail(what, "Install it anew, or take it out.", "data/brief.yml", None, "modules") from None


def contract_of(names: Iterable[str]) -> dict[str, Any]:
    """The files that these modules read, each with its columns or keys."""
    contract: dict[str, Any] = {}
    for name in names:
        contract.update(getattr(load(name), "CONTRACT", {}))
    return contract


def folders() -> Mapping[str, Path]:
    """Where each module's package lies, by its name; nothing is imported. One that is gone is left out."""
    places: dict[str, Path] = {}
    for package in known().values():
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            places[package] = Path(spec.origin).parent
    return places
