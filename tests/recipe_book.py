"""The recipes of CONTRIBUTING as they stand there: their files and commands, and how a reader follows them.

A block of code below a line that names a file is that file, or what comes into it; a block of `sh` holds commands.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner

from brief.cli import main
from conftest import ROOT

_LEAD = re.compile(r"^\*\*(.+?)\.\*\*", re.MULTILINE)
_BLOCK = re.compile(r"^(?P<fence>`{3,})(?P<language>\w+)\n(?P<content>.*?\n)(?P=fence)$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`([\w./-]+\.\w+)`")


@dataclass(frozen=True)
class Recipe:
    """A recipe: its text, the files it shows with what stands in them, and the commands it names."""

    name: str
    text: str
    files: tuple[tuple[str, str], ...]
    commands: tuple[tuple[str, ...], ...]

    @property
    def rows(self) -> dict[str, list[str]]:
        """Of each table it shows, the first cell of each row."""
        tables = [(name, content) for name, content in self.files if name.endswith(".csv")]
        return {name: [line.split(",")[0] for line in content.splitlines()[1:]] for name, content in tables}


def recipes() -> dict[str, Recipe]:
    """Every recipe of CONTRIBUTING by the words it begins with, in order."""
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n## Recipes\n")[1].split("\n## ")[0]
    leads = [*_LEAD.finditer(told)]
    ends = [lead.start() for lead in leads[1:]] + [len(told)]
    read = [_read(lead[1], told[lead.end() : end]) for lead, end in zip(leads, ends, strict=True)]
    return {recipe.name: recipe for recipe in read}


def _read(name: str, text: str) -> Recipe:
    files, commands = [], []
    for block in _BLOCK.finditer(text):
        if block["language"] == "sh":
            commands += [tuple(shlex.split(line)) for line in block["content"].splitlines()]
        else:
            above = text[: block.start()].rstrip("\n").rpartition("\n\n")[2]
            assert above.endswith(":"), f"{name}: the words above a block name its file, and end with a colon"
            files.append((_FILE.findall(above)[-1], block["content"]))
    return Recipe(name, text, tuple(files), tuple(commands))


def lay(root: Path, recipe: Recipe, *names: str) -> None:
    """Write the files of a recipe (or those named) into a folder; into one that is there, what comes into it."""
    for name, content in recipe.files:
        if names and name not in names:
            continue
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        path.write_text(_joined(before, content, path.suffix) if before else content, encoding="utf-8")


def _joined(before: str, content: str, kind: str) -> str:
    """What a file holds with the lines of a recipe in their place."""
    head, _, rest = content.partition("\n")
    if kind == ".csv":
        assert head == before.partition("\n")[0], "the columns of a recipe are those of the file"
        return before.rstrip("\n") + f"\n{rest}"
    if kind == ".toml":
        section = re.compile(rf"^{re.escape(head)}\n(?:.+\n)*", re.MULTILINE)
        assert section.search(before), head
        return section.sub(lambda _: content, before)
    if kind == ".yml" and not content.startswith(" "):
        held: Any = yaml.safe_load(before)
        new: Any = yaml.safe_load(content)
        return yaml.safe_dump(held + new if isinstance(held, list) else {**held, **new}, allow_unicode=True)
    assert kind in (".md", ".bib", ".yml"), "a recipe of a new file names one that is not there"
    return before.rstrip("\n") + "\n" * (2 if kind == ".md" else 1) + content


def follow(root: Path, recipe: Recipe) -> Iterator[str]:
    """Run the commands of a recipe in a folder, one at a time; gives what each tells. Each must succeed."""
    for program, *arguments in recipe.commands:
        assert program == "brief", f"{recipe.name}: {program}"
        with chdir(root):
            told = CliRunner().invoke(main, arguments)
        assert told.exit_code == 0, told.output
        yield told.output
