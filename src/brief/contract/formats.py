"""Formats of files, a module each: one of a package that has `NAME` and `ENDINGS` is a format, found by itself."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from brief.errors import fail


@cache
def formats_in(package: str) -> dict[str, ModuleType]:
    """The module of each format of a package by the endings of its files, sorted."""
    folder = import_module(package).__path__
    modules = [import_module(f"{package}.{module.name}") for module in iter_modules(folder)]
    return dict(sorted((ending, module) for module in modules for ending in getattr(module, "ENDINGS", ())))


def format_of(package: str, path: Path) -> ModuleType:
    """The module of a package for a file, by its ending. Raises `BriefError` for an ending that none has."""
    known = formats_in(package)
    if path.suffix.lower() not in known:
        named = ", ".join(f"{ending} ({module.NAME})" for ending, module in known.items())
        raise fail(f"'{path.name}' is in no format known here", f"Use one of these endings: {named}.")
    return known[path.suffix.lower()]
