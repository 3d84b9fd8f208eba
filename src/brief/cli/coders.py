"""Commands for coders: samples, programs that code, codings that come in and go out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from brief.cli.command_line import FILE, KINDS, brief_root, build_command, main, teaching
from brief.errors import BriefError


@main.command()
@click.option("-n", "number", type=click.IntRange(min=1), required=True, help="How many comments to draw.")
@click.option("--by", default="", help="Strata: stance, theme, collection, or a column of the comments.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another seed draws others.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The sheet: .csv, .xlsx, .json or .qdpx.")
@teaching
def sample(number: int, by: str, seed: int, out: Path | None) -> None:
    """Draw comments for a second coder, as a sheet that shows nobody's codings, and record how they were drawn.

    In: how many, and what strata they come from (proportional, at least one of each). Out: the sheet, with names,
    addresses and telephone numbers replaced, and data/samples/ID.yml. In a CSV sheet an apostrophe stands before a cell
    that a spreadsheet would run; import-codings takes it away.

    Example: brief sample -n 50 --by stance --out for-a-second-coder.xlsx
    """
    from brief.coding.sampling import sample as draw
    from brief.data.samples import FOLDER

    drawn, sheet = draw(brief_root(), number, by, seed, out)
    for stratum in drawn.strata if by else ():
        click.echo(f"{len(stratum.comments)} of {stratum.size}: {stratum.value}")
    click.echo(f"Drawn: {number} of {drawn.population}, recorded in {FOLDER}/{drawn.sample_id}.yml.")
    click.echo(f"The sheet: {sheet}. When it is filled in: brief import-codings {sheet.name} --coder NAME.")


@main.command()
@click.option("--with", "command", required=True, help="The command; kept in data/coders.yml, so put no key in it.")
@click.option("--coder", required=True, help="Under which name its codings are kept.")
@click.option("--kind", type=click.Choice(KINDS[1:]), required=True, help="What it is.")
@click.option("--name", default="", help="What the brief calls it; the coder's id where not given.")
@click.option("--sample", "sample_id", default="", help="Only the comments of this sample.")
@click.option("--resume", is_flag=True, help="Code only what is not coded yet; keep what is sound.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=600, show_default=True, help="Seconds of silence.")
@teaching
def code(command: str, coder: str, resume: bool, **how: Any) -> None:
    """Let a program read the comments; what it answers is checked and kept as that coder's file.

    In: a program that reads JSON lines, first the codebook and then a comment each (comment_id, text), and writes a
    JSON line for each: comment_id, stance, and where it has them themes (a list), certainty, irony, note; a stance of
    null leaves a comment uncoded. It is started without a shell. Names, addresses and telephone numbers are replaced
    before it gets a text.

    Out: data/codings/CODER.csv and an entry in data/coders.yml; or, where an answer is wrong or missing, every fault
    and no change.

    Example: brief code --with "python3 my_model.py" --coder my-model --kind "language model"
    """
    from brief.coding.programs import code as read

    def tell(line: str) -> None:
        click.echo(line, err=True)

    answers = read(brief_root(), command, coder, resume=resume, tell=tell, **how)
    if answers.rows:
        click.echo(f"Kept in data/codings/{coder}.csv: {len(answers.rows)}. Left uncoded: {len(answers.uncoded)}.")
    if answers.faults:
        raise BriefError(answers.faults)
    if not answers.rows:
        click.echo(f"Nothing is kept: every comment was left uncoded, {len(answers.uncoded)} in all.")


@main.command("import-codings")
@click.argument("path", metavar="FILE", type=FILE)
@click.option("--coder", required=True, help="Whose codings they become.")
@click.option("--user", help="Whose codings of the file, where it holds several; '' for those that name nobody.")
@click.option("--name", default="", help="A new coder: what the brief calls them.")
@click.option("--kind", type=click.Choice(KINDS), help="A new coder: what they are; a person where not given.")
@click.option("--blind/--not-blind", default=None, help="A new coder: read without seeing other codings.")
@click.option("--independent/--not-independent", default=None, help="A new coder: worked independently.")
@click.option("--how", default="", help="A new coder: how the coding was made.")
@click.option("--replace", is_flag=True, help="Replace readings that the coder has of these comments.")
@teaching
def import_codings(path: Path, coder: str, user: str | None, replace: bool, **described: Any) -> None:
    """Take in codings made elsewhere: a filled-in sheet, Label Studio, or any program that writes REFI-QDA.

    In: a file .csv, .xlsx, .json (Label Studio) or .qdpx (REFI-QDA), and whose codings it holds. A new coder is
    described in data/coders.yml with the words given here; whether blind and independent is unknown unless it is said.

    Out: data/codings/CODER.csv, and what else the file holds, by its kind; or every fault and no change.

    Example: brief import-codings sheet.xlsx --coder second --blind --independent --how "By hand, from a sheet."
    """
    from brief.coding.transfer import take_in

    described["name"] = described["name"] or coder
    for said in ("blind", "independent"):
        described[said] = "unknown" if described[said] is None else described[said]
    described["how"] = described["how"] or f"Taken in from {path.name}."
    taken = take_in(brief_root(), path, {"id": coder, **described}, user, replace)
    click.echo(f"Taken in: {taken.readings}. Comments it does not code: {taken.uncoded}.")
    for kind, number in taken.passed_over.items():
        click.echo(f"Passed over, {kind}: {number}.")
    click.echo(f"In data/codings/{coder}.csv. Next: {build_command()}.")


@main.command("export-codings")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--coder", default="", help="Only this coder's codings; everybody's where not given.")
@click.option("--sample", "sample_id", default="", help="Only the comments of this sample.")
@teaching
def export_codings(path: Path, coder: str, sample_id: str) -> None:
    """Write comments and codings for a program that people code in.

    In: the brief in this folder. Out: a file .csv, .xlsx, .json (Label Studio, with its labelling configuration beside
    it as .xml) or .qdpx (REFI-QDA). Names, addresses and telephone numbers are replaced. A coder who has coded nothing
    yet gets the comments alone.

    Example: brief export-codings codings.qdpx --coder outline
    """
    from brief.coding.transfer import export

    comments, codings = export(brief_root(), path, coder, sample_id)
    click.echo(f"Written: {path}, comments: {comments}, codings: {codings}.")
