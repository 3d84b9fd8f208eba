"""What all commands share: the group, how faults are told, where the brief is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from brief.contract import inputs, journal, text_files
from brief.errors import BriefError, Fault, refused
from brief.prose.folding import is_invisible

KINDS = ("person", "rules", "trained model", "language model")
_MAY_BE_EMPTY = ("--user",)
"""Options for which an empty text says something: that a coding names nobody."""
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def teaching(command: Callable[..., None]) -> Callable[..., None]:
    """Print the faults of a `BriefError` instead of a traceback, and end with status 1."""

    @wraps(command)
    def wrapped(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except BriefError as error:
            click.echo(str(error), err=True)
        except BrokenPipeError:
            # Whoever reads has read enough (`brief facts | head`); click ends quietly.
            raise
        except OSError as error:
            click.echo(str(refused(error)), err=True)
        else:
            return
        raise SystemExit(1)

    return wrapped


def build_command() -> str:
    """What to type next to see the site: a clone has make, a brief made by `brief new` has not."""
    return "make site" if (brief_root() / "Makefile").is_file() else "jupyter-book build ."


def brief_root() -> Path:
    """The brief that the command is given in; what a killed command left half done is finished first."""
    root = inputs.find_root(Path.cwd())
    journal.settle(root)
    return root


@contextmanager
def telling_of_key(root: Path) -> Iterator[None]:
    """Tell of a key that the block makes."""
    from brief.data import keys

    before = keys.at_hand(root)
    yield
    if keys.at_hand(root) != before:
        click.echo(f"Made: {keys.FILE}, the key of the fingerprints. It is not committed: keep a copy elsewhere.")


class _Commands(click.Group):
    """The commands: whatever is typed is looked at once, before any of them gets it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        faults = [fault for before, arg in pairwise(["", *args]) for fault in _of_argument(arg, before)]
        if faults:
            click.echo(str(BriefError(faults)), err=True)
            ctx.exit(1)
        return super().parse_args(ctx, args)


def _of_argument(arg: str, before: str) -> Iterator[Fault]:
    """What is wrong with a text of the command line: what no file of the brief may hold stands in no argument."""
    if (control := text_files.CONTROL.search(arg)) is not None:
        half = "\ud800" <= control.group() <= "\udfff"
        what = "is not in UTF-8" if half else f"holds the control character U+{ord(control.group()):04X}"
        remedy = "Type it anew without; a file with such a name has to be renamed first."
        yield Fault(f"the text '{arg[:60]}' of the command line {what}", remedy)
    elif (not arg and before not in _MAY_BE_EMPTY) or re.fullmatch(r"--(?!user)[a-z-]+=", arg):
        # An empty variable of a shell would otherwise pass for an answer, or for a check.
        yield Fault("a text of the command line is empty", "Write words, or leave it out together with its option.")
    elif arg and is_invisible(arg):
        yield Fault("a text of the command line holds no sign that anybody sees", "Write words, or leave it out.")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="brief")
def main() -> None:
    """Executable policy briefs: nothing in the brief can contradict its data."""
