"""Commands for articles and comments: take in, take out, withdraw, record an edit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from brief.cli.command_line import FILE, brief_root, build_command, main, teaching, telling_of_key
from brief.contract import journal
from brief.errors import BriefError


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
@click.argument("path", type=FILE)
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
@click.option("--parquet", is_flag=True, help="Keep the comments as Parquet; from 100,000 on, a new collection is.")
@click.option(
    "--without-key", is_flag=True, help="Add though withdrawn comments cannot be recognised: the key is lost."
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show what is recognised and what would change, refuse what would be refused, and write nothing.",
)
@teaching
def add(path: Path, dry_run: bool, **answers: Any) -> None:
    """Read a page or an export, show what was recognised and what would change, write it into data/.

    In: a file of a kind that is known here; for one that is not, the message lists the kinds. Out: the article, its
    comments and their fingerprints in data/. Nothing is written where something is wrong, or an option does not apply.

    Example: brief add page.txt --publisher "The Gazette" --published 2020-01-02
    """
    from brief.store import adding, preview, sources

    root, given = brief_root(), {name: value for name, value in answers.items() if value}
    material = sources.read(path, given)
    with journal.writing(root):
        try:
            plan = adding.planned(root, path, material, given)
        except BriefError:
            # What is recognised is shown also where something is still to be said, such as who published it.
            click.echo(f"{preview.preview(material)}\n")
            raise
        click.echo(preview.preview(material, plan))
        if late := adding.edition_to_raise(root, plan):
            click.echo(f"\n{late}")
        if dry_run:
            click.echo("\nNothing is written: this was a dry run.")
            adding.write(root, plan, trial=True)
            return
        if plan.changes_nothing:
            click.echo("\nNothing is written: all of it is stored already.")
            return
        with telling_of_key(root):
            adding.write(root, plan)
    click.echo(f"\nWritten: {plan.added}. Next: {build_command()}.")


@main.command()
@click.argument("comment_id")
@click.option("--note", required=True, help="Why it is withdrawn.")
@teaching
def withdraw(comment_id: str, note: str) -> None:
    """Withdraw a comment: its text leaves the store and every page; that it was there stays in the ledger.

    Where others name its author, rows of data/masking.csv keep the name off the site.

    In: the comment's id. Out: the changed files of data/, and every place that still holds its words or the name:
    lines of data/ and book/, and branches of the repository.

    Example: brief withdraw gazette-2020-01-02-3 --note "asked for by its author"
    """
    from brief.store.withdrawing import withdraw as withdraw_comment

    root = brief_root()
    with telling_of_key(root):
        still_there = withdraw_comment(root, comment_id, note)
    click.echo(f"Withdrawn: {comment_id}.")
    if still_there:
        click.echo(
            "What still stands in the brief (names in comments are masked on the site; take out what is quoted):"
        )
    for place in still_there:
        click.echo(f"  {place}")
    click.echo(
        "Not changed yet: what is published already. Next: make publish DEST=folder takes the words out of the earlier "
        "editions there and marks these. Copies that others have made stay."
    )


@main.command()
@click.argument("name", metavar="ARTICLE|COLLECTION")
@click.option("--note", required=True, help="Why it is taken out.")
@click.option(
    "--with-codings", is_flag=True, help="Take the codings of its comments out as well, and samples drawn from them."
)
@teaching
def remove(name: str, note: str, with_codings: bool) -> None:
    """Take out what was added: an article with its comments, or a collection. The ledger keeps that it was there.

    In: the name of an article or a collection. Out: data/ without it; or, where something still refers to it, every
    fault and no change.

    Example: brief remove gazette-2020-01-02 --note "the wrong page"
    """
    from brief.store.removing import remove as take_out

    removed = take_out(brief_root(), name, note, with_codings=with_codings)
    names = ", ".join(dict.fromkeys([*removed.articles, *removed.collections]))
    click.echo(f"Taken out: {names}; comments {removed.comments}, codings {removed.codings}.")
    if removed.samples:
        click.echo(f"Taken out with them, since they were drawn from these: {', '.join(removed.samples)}.")


@main.command("record-edit")
@click.argument("item")
@click.option("--note", required=True, help="Why the text was edited.")
@teaching
def record_edit(item: str, note: str) -> None:
    """Record that a stored text was edited on purpose, so that the check accepts it.

    In: a comment's id, a paragraph as ARTICLE#p3, an article, or a collection that the ledger records as a table.
    Out: a row in data/ledger.csv.

    Example: brief record-edit gazette-2020-01-02#p3 --note "the page was corrected"
    """
    from brief.store.changes import record_edit as record

    root = brief_root()
    with telling_of_key(root):
        record(root, item, note)
    click.echo(f"Recorded: the edit of {item}.")


@main.command()
@click.argument("collection", required=False, default="")
@click.option("--dry-run", is_flag=True, help="Show what would be copied, and write nothing.")
@teaching
def fetch(collection: str, dry_run: bool) -> None:
    """Copy comments that are kept elsewhere into data/comments/: builds use no network and read this copy.

    In: a collection of data/brief.yml with an address under comments, or none for every one that has it. Out: a Parquet
    or CSV file, or a folder of Parquet files, and a row in data/ledger.csv. Nothing changes where something is wrong.

    Example: brief fetch docket --dry-run
    """
    from brief.prose.language import size_of
    from brief.store.fetching import fetch as copy

    root = brief_root()
    with telling_of_key(root):
        fetched = copy(root, collection, dry_run=dry_run)
    for copied in fetched:
        state = "as before" if copied.as_before else "would be copied" if dry_run else "copied"
        click.echo(f"{copied.collection_id}: {state}, files {copied.files}, {size_of(copied.size)}, {copied.address}")
    if dry_run:
        click.echo("\nNothing is written: this was a dry run.")
