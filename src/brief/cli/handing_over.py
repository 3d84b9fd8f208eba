"""The command that writes the brief as a file to hand over."""

from __future__ import annotations

from pathlib import Path

import click

from brief.cli.command_line import brief_root, main, teaching
from brief.prose.language import size_of


@main.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@teaching
def export(path: Path) -> None:
    """Write the whole brief as a file to edit or to hand over.

    In: the brief in this folder; its site is built first where it is not of this state. Out: a file .docx (Word), .odt
    (OpenDocument), .md (Markdown for GOV.UK) or .html (one file with everything inside); one of that name is replaced.

    Example: brief export brief.docx
    """
    from brief.site.office import export as write

    click.echo(f"Written: {path}, {size_of(write(brief_root(), path))}.")
