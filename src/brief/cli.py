"""The commands: each calls one room of the house and prints what comes of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from pathlib import Path
from typing import Any

import click

from brief.contract import inputs, journal
from brief.errors import BriefError, refused
from brief.prose.language import counted

_KINDS = ("person", "rules", "trained model", "language model")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _teaching(command: Callable[..., None]) -> Callable[..., None]:
    """Print the faults of a `BriefError` instead of a traceback, and end with status 1."""

    @wraps(command)
    def told(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except BriefError as error:
            click.echo(str(error), err=True)
        except OSError as error:
            click.echo(str(refused(error)), err=True)
        else:
            return
        raise SystemExit(1)

    return told


def _build_command() -> str:
    """What to type next to see the site: a clone has make, a brief made by `brief new` has not."""
    return "make site" if (_root() / "Makefile").is_file() else "jupyter-book build ."


def _root() -> Path:
    root = inputs.find_root(Path.cwd())
    journal.settle(root)
    return root


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="brief")
def main() -> None:
    """Executable policy briefs: nothing in the brief can contradict its data."""


def _range(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> list[tuple[int, int]]:
    """Ranges of blocks, such as 5-7."""
    ranges = []
    for text in value:
        match = re.fullmatch(r"(\d+)-(\d+)", text)
        if match is None:
            raise click.BadParameter(f"'{text}' is not a range such as 5-7.")
        ranges.append((int(match[1]), int(match[2])))
    return ranges


@main.command()
@click.argument("path", type=_FILE)
@click.option("--publisher", help="Who published the article.")
@click.option("--published", help="When, as 2017-09-20.")
@click.option("--url", help="Where the original is.")
@click.option("--author", help="The author, where the page names one.")
@click.option("--language", help="The language of the article; en where not given.")
@click.option("--retrieved", help="When the page was copied; left out where not given.")
@click.option("--id", help="The article's name; made from publisher and date otherwise.")
@click.option("--title", help="The headline, where it was read wrongly.")
@click.option("--comments-from", help="The first words of the first comment.")
@click.option("--merge", multiple=True, callback=_range, help="Blocks that are one comment, as 5-7. Can be repeated.")
@click.option("--map", multiple=True, metavar="FIELD=COLUMN", help="Which column is the text, author, posted_at ...")
@click.option("--dates", type=click.Choice(["day-first", "month-first"]), help="How 03/04/2020 is meant.")
@click.option("--encoding", help="The encoding of the file, such as windows-1252.")
@click.option("--holds", type=click.Choice(["all", "more"]), help="The whole thread anew, or further comments.")
@click.option("--accept", multiple=True, metavar="NAME", help="Take in comments that look unlike the stored ones.")
@click.option("--replace", is_flag=True, help="Take in a newer copy of an article that is there already.")
@click.option("--collection", help="For comments without an article: the collection that they are added to.")
@click.option("--article", help="For a new collection: the article that its comments stand under.")
@click.option("--question", help="For a new collection: the question that its comments answer.")
@click.option("--dry-run", is_flag=True, help="Show what is recognised and what would change, and write nothing.")
@_teaching
def add(path: Path, dry_run: bool, **answers: Any) -> None:
    """Read a page or an export, show what was recognised and what would change, write it into data/.

    In: a file of a kind that is known here; for one that is not, the message lists the kinds. Out: the article, its
    comments and their fingerprints in data/. Nothing is written where something is wrong, or an option does not apply.

    Example: brief add page.txt --publisher "The Gazette" --published 2020-01-02
    """
    from brief.store import adding, preview, sources

    root, given = _root(), {name: value for name, value in answers.items() if value}
    found = sources.read(path, given)
    # A dry run shows what is recognised also where it is not yet said who published it.
    unsaid = dry_run and found.article is not None and "publisher" not in given
    with nullcontext() if dry_run else journal.writing(root):
        plan = None if unsaid else adding.planned(root, path, found, given)
        click.echo(preview.preview(found, plan))
        if dry_run or plan is None:
            click.echo("\nNothing is written: this was a dry run.")
            return
        if plan.changes_nothing:
            click.echo("\nNothing is written: all of it is stored already.")
            return
        adding.write(root, plan)
    click.echo(f"\nWritten: {plan.added}. Next: {_build_command()}.")


@main.command()
@_teaching
def check() -> None:
    """Check all data and chapters; list every fault with file, row, column and remedy.

    In: the brief in this folder. Out: the faults, and the exit status is 1 if there is one; else what is still to be
    written, which is no fault.

    Example: brief check
    """
    from brief.book import check as checking

    checked = checking.examine(_root())
    if checked.faults:
        raise BriefError(checked.faults)
    click.echo("Sound: no fault in data or chapters.")
    if listed := checking.to_write(checked):
        click.echo(f"\nStill to be written ({counted(len(listed), 'text', 'texts')}). Until then the pages go without:")
        for place, what in listed.items():
            click.echo(f"  {place}: {what}")


@main.command()
@click.option("--draft", is_flag=True, help="Build in spite of statements that no longer hold, and mark them.")
@_teaching
def build(draft: bool) -> None:
    """Build the site, as jupyter-book build . does; a draft goes elsewhere.

    In: the brief in this folder. Out: the site in _build/html, or in _build/draft/html.

    Example: brief build --draft
    """
    from brief.site.publish import build as build_site

    click.echo(f"The site: {build_site(_root(), draft) / 'index.html'}")


@main.command()
@click.option("--port", default=8000, show_default=True, help="The port on this machine.")
@_teaching
def serve(port: int) -> None:
    """Build, show the site on this machine, and build again when something changes.

    In: the brief in this folder. Out: the site on loopback, until Ctrl-C.

    Example: brief serve --port 8001
    """
    from brief.site.serving import serve as serve_site

    serve_site(_root(), port, click.echo)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON, the same as facts.json on the site.")
@_teaching
def facts(as_json: bool) -> None:
    """Print the table of facts: name, value, unit, definition, source.

    In: the brief in this folder. Out: a line a fact, or JSON.

    Example: brief facts --json
    """
    from brief.book.snapshot import take

    found = take(_root()).facts.values()
    if as_json:
        click.echo(json.dumps([fact.as_json() for fact in found], ensure_ascii=False, indent=1))
        return
    for fact in found:
        printed = fact.as_json()["printed"]
        click.echo(f"{fact.name} = {printed}{f' {fact.units}' if fact.units else ''}\n    {fact.definition}")


@main.command()
@click.argument("comment_id")
@click.option("--note", required=True, help="Why it is withdrawn.")
@_teaching
def withdraw(comment_id: str, note: str) -> None:
    """Withdraw a comment: its text leaves the store and every page; that it was there stays in the ledger.

    Where others name its author, rows of data/masking.csv keep the name off the site.

    In: the comment's id. Out: the changed files of data/, and every place that still holds its words or the name.

    Example: brief withdraw gazette-2020-01-02-3 --note "asked for by its author"
    """
    from brief.store.withdrawing import withdraw as withdraw_comment

    still_there = withdraw_comment(_root(), comment_id, note)
    click.echo(f"Withdrawn: {comment_id}.")
    if still_there:
        click.echo(
            "What still stands in the brief (names in comments are masked on the site; take out what is quoted):"
        )
    for place in still_there:
        click.echo(f"  {place}")
    click.echo(
        "Not changed: earlier versions in a repository, sites and editions that are published already. "
        f"Next: {_build_command()}."
    )


@main.command()
@click.argument("name", metavar="ARTICLE|COLLECTION")
@click.option("--note", required=True, help="Why it is taken out.")
@click.option("--with-codings", is_flag=True, help="Take the codings of its comments out as well.")
@_teaching
def remove(name: str, note: str, with_codings: bool) -> None:
    """Take out what was added: an article with its comments, or a collection. The ledger keeps that it was there.

    In: the name of an article or a collection. Out: data/ without it; or, where something still refers to it, every
    fault and no change.

    Example: brief remove gazette-2020-01-02 --note "the wrong page"
    """
    from brief.store.removing import remove as take_out

    removed = take_out(_root(), name, note, with_codings=with_codings)
    told = ", ".join(dict.fromkeys([*removed.articles, *removed.collections]))
    click.echo(f"Taken out: {told}; comments {removed.comments}, codings {removed.codings}.")


@main.command("record-edit")
@click.argument("item")
@click.option("--note", required=True, help="Why the text was edited.")
@_teaching
def record_edit(item: str, note: str) -> None:
    """Record that a stored text was edited on purpose, so that the check accepts it.

    In: a comment's id, a paragraph as ARTICLE#p3, or an article. Out: a row in data/ledger.csv.

    Example: brief record-edit gazette-2020-01-02#p3 --note "the page was corrected"
    """
    from brief.store.changes import record_edit as record

    record(_root(), item, note)
    click.echo(f"Recorded: the edit of {item}.")


@main.command("record-edition")
@_teaching
def record_edition() -> None:
    """Keep what the brief says now as the edition of its date, to be compared with later ones.

    In: the brief in this folder. Out: data/editions/DATE.json, or DATE-2.json where that date has one already.

    Example: brief record-edition
    """
    from brief.book.editions import record

    click.echo(f"Recorded: data/editions/{record(_root())}.json. Next: make publish DEST=folder.")


@main.command()
@click.argument("old")
@click.argument("new", default="now")
@click.option("--json", "as_json", is_flag=True, help="As JSON: part, name, how, before, after.")
@_teaching
def diff(old: str, new: str, as_json: bool) -> None:
    """Print what changed between two editions: facts, statements, figures, comments.

    In: two recorded editions by their names; without a second one, what the brief says now. Out: the changes.

    Example: brief diff 2026-11-23 now
    """
    from dataclasses import asdict

    from brief.book.editions import difference, printed, read

    changes = difference(read(_root(), old), read(_root(), new))
    click.echo(
        json.dumps([asdict(one) for one in changes], ensure_ascii=False, indent=1) if as_json else printed(changes)
    )


@main.command()
@click.option("-n", "number", type=click.IntRange(min=1), required=True, help="How many comments to draw.")
@click.option("--by", default="", help="Strata: stance, theme, collection, or a column of the comments.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another seed draws others.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The sheet: .csv, .xlsx, .json or .qdpx.")
@_teaching
def sample(number: int, by: str, seed: int, out: Path | None) -> None:
    """Draw comments for a second coder, as a sheet that shows nobody's codings, and record how they were drawn.

    In: how many, and what strata they come from (proportional, at least one of each). Out: the sheet, with names,
    addresses and telephone numbers replaced, and data/samples/ID.yml. In a CSV sheet an apostrophe stands before a cell
    that a spreadsheet would run; import-codings takes it away.

    Example: brief sample -n 50 --by stance --out for-a-second-coder.xlsx
    """
    from brief.coding.sampling import sample as draw
    from brief.data.samples import FOLDER

    record, sheet = draw(_root(), number, by, seed, out)
    for stratum in record.strata if by else ():
        click.echo(f"{len(stratum.comments)} of {stratum.size}: {stratum.value}")
    click.echo(f"Drawn: {number} of {record.population}, recorded in {FOLDER}/{record.sample_id}.yml.")
    click.echo(f"The sheet: {sheet}. When it is filled in: brief import-codings {sheet.name} --coder NAME.")


@main.command()
@click.option("--with", "command", required=True, help="The command; kept in data/coders.yml, so put no key in it.")
@click.option("--coder", required=True, help="Under which name its codings are kept.")
@click.option("--kind", type=click.Choice(_KINDS[1:]), required=True, help="What it is.")
@click.option("--name", default="", help="What the brief calls it; the coder's id where not given.")
@click.option("--sample", "sample_id", default="", help="Only the comments of this sample.")
@click.option("--resume", is_flag=True, help="Code only what is not coded yet; keep what is sound.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=600, show_default=True, help="Seconds of silence.")
@_teaching
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

    def tell(told: str) -> None:
        click.echo(told, err=True)

    answers = read(_root(), command, coder, resume=resume, tell=tell, **how)
    if answers.rows:
        click.echo(f"Kept in data/codings/{coder}.csv: {len(answers.rows)}. Left uncoded: {len(answers.uncoded)}.")
    if answers.faults:
        raise BriefError(answers.faults)
    if not answers.rows:
        click.echo(f"Nothing is kept: every comment was left uncoded, {len(answers.uncoded)} in all.")


@main.command("import-codings")
@click.argument("path", metavar="FILE", type=_FILE)
@click.option("--coder", required=True, help="Whose codings they become.")
@click.option("--user", default="", help="Whose codings of the file, where it holds several.")
@click.option("--name", default="", help="A new coder: what the brief calls them.")
@click.option("--kind", type=click.Choice(_KINDS), help="A new coder: what they are; a person where not given.")
@click.option("--blind", is_flag=True, help="A new coder: read without seeing other codings.")
@click.option("--independent", is_flag=True, help="A new coder: worked independently of the others.")
@click.option("--how", default="", help="A new coder: how the coding was made.")
@click.option("--replace", is_flag=True, help="Replace readings that the coder has of these comments.")
@_teaching
def import_codings(path: Path, coder: str, user: str, replace: bool, **described: Any) -> None:
    """Take in codings made elsewhere: a filled-in sheet, Label Studio, or any program that writes REFI-QDA.

    In: a file .csv, .xlsx, .json (Label Studio) or .qdpx (REFI-QDA), and whose codings it holds. A new coder is
    described in data/coders.yml with the words given here; neither blind nor independent unless it is said.

    Out: data/codings/CODER.csv, or every fault and no change.

    Example: brief import-codings sheet.xlsx --coder second --blind --independent --how "By hand, from a sheet."
    """
    from brief.coding.transfer import take_in

    described["name"] = described["name"] or coder
    described["how"] = described["how"] or f"Taken in from {path.name}."
    read, left = take_in(_root(), path, {"id": coder, **described}, user, replace)
    click.echo(
        f"Taken in: {read}. Comments it does not code: {left}. In data/codings/{coder}.csv. Next: {_build_command()}."
    )


@main.command("export-codings")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--coder", default="", help="Only this coder's codings; everybody's where not given.")
@click.option("--sample", "sample_id", default="", help="Only the comments of this sample.")
@_teaching
def export_codings(path: Path, coder: str, sample_id: str) -> None:
    """Write comments and codings for a program that people code in.

    In: the brief in this folder. Out: a file .csv, .xlsx, .json (Label Studio, with its labelling configuration beside
    it as .xml) or .qdpx (REFI-QDA). Names, addresses and telephone numbers are replaced. A coder who has coded nothing
    yet gets the comments alone.

    Example: brief export-codings codings.qdpx --coder outline
    """
    from brief.coding.transfer import export

    comments, codings = export(_root(), path, coder, sample_id)
    click.echo(f"Written: {path}, comments: {comments}, codings: {codings}.")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@_teaching
def new(folder: Path) -> None:
    """Make a brief on another topic: the same chapters, empty data, and all that builds and publishes it.

    In: a folder that is new or empty. Out: its chapters, configuration and data, its commands, pins and workflow.

    Example: brief new ../library-hours
    """
    from brief.store.starter import new as make

    for file in make(folder):
        click.echo(file)
    click.echo(
        f"\nMade. Next: edit {folder}/data/brief.yml; then go there, and run brief add PATH and make site.\n"
        "README.md tells the rest, and requirements.txt where the program comes from."
    )
