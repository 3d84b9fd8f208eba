"""Commands for the whole brief: make one, check it, print its facts, build and show it, keep its editions."""

from __future__ import annotations

import json
from pathlib import Path

import click

from brief.cli.command_line import FILE, brief_root, main, teaching, telling_of_key
from brief.errors import BriefError
from brief.prose.catalogue import speak
from brief.prose.language import counted


@main.command()
@click.option("--publish", is_flag=True, help="List also what an office could not leave open when it publishes.")
@teaching
def check(publish: bool) -> None:
    """Check all data and chapters; list every fault with file, row, column and remedy.

    In: the brief in this folder. Out: the faults, and the exit status is 1 if there is one; else the codings of
    comments that are not shown, what is still to be written and what differs from the plan, which is no fault. With
    --publish the status is 1 as well while something is open: who wrote the brief, who or what read the comments, who
    checked it, who answers for it.

    Example: brief check --publish
    """
    from brief.book import check as checking
    from brief.book import plan_points
    from brief.store import keying

    root = brief_root()
    checked = checking.examine(root)
    if checked.faults:
        raise BriefError(checked.faults)
    click.echo("Sound: no fault in data or chapters.")
    for line in keying.messages(root):
        click.echo(line)
    for line in checking.unshown(checked):
        click.echo(line)
    if listed := checking.to_write(checked):
        click.echo(f"\nStill to be written ({counted(len(listed), 'text', 'texts')}). Until then the pages go without:")
        for place, what in listed.items():
            click.echo(f"  {place}: {what}")
    if points := plan_points.points(root, checked):
        click.echo(f"\nThe plan ({counted(len(points), 'point', 'points')}):")
        for point in points:
            click.echo(str(point))
    if publish:
        from brief.book.open_points import open_points

        if left := open_points(root, checked):
            click.echo(f"\nOpen before an office could publish it ({counted(len(left), 'point', 'points')}):")
            raise BriefError(left)
        click.echo("Nothing is open that an office would have to settle before it publishes.")


@main.command()
@click.option("--draft", is_flag=True, help="Build in spite of statements that no longer hold, and mark them.")
@teaching
def build(draft: bool) -> None:
    """Build the site, as jupyter-book build . does; a draft goes elsewhere.

    In: the brief in this folder. Out: the site in _build/html, or in _build/draft/html.

    Example: brief build --draft
    """
    from brief.site.publish import build as build_site

    click.echo(f"The site: {build_site(brief_root(), draft) / 'index.html'}")


@main.command()
@click.option("--port", default=8000, show_default=True, help="The port on this machine.")
@teaching
def serve(port: int) -> None:
    """Build, show the site on this machine, and build again when something changes.

    In: the brief in this folder. Out: the site on loopback, until Ctrl-C.

    Example: brief serve --port 8001
    """
    from brief.site.serving import serve as serve_site

    serve_site(brief_root(), port, click.echo)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON, the same as facts.json on the site.")
@teaching
def facts(as_json: bool) -> None:
    """Print the table of facts: name, value, unit, definition, source.

    In: the brief in this folder. Out: a line a fact, or JSON.

    Example: brief facts --json
    """
    from brief.book.snapshot import take

    root = brief_root()
    snapshot = take(root)
    speak(snapshot.facts_json["topic"]["language"], root)
    known = snapshot.facts.values()
    if as_json:
        click.echo(json.dumps([fact.as_json() for fact in known], ensure_ascii=False, indent=1))
        return
    for fact in known:
        printed = fact.as_json()["printed"]
        click.echo(f"{fact.name} = {printed}{f' {fact.units}' if fact.units else ''}\n    {fact.definition}")


@main.command()
@click.argument("name")
@teaching
def trace(name: str) -> None:
    """Print what a number rests on: the function, the rows that it counts, the files, and where it stands.

    In: the brief in this folder; the name of a fact, figure-NAME or table-NAME, or a cell as trace.json names it, such
    as figures/table-stances.csv#cell=2,3. Out: the chain; places only where the site is built.

    Example: brief trace comments-shown
    """
    from brief.book import chain
    from brief.book.snapshot import take

    root = brief_root()
    snapshot = take(root)
    speak(snapshot.facts_json["topic"]["language"], root)
    click.echo(chain.in_words(snapshot, root, name, root / "_build" / "html"))


@main.command("record-edition")
@teaching
def record_edition() -> None:
    """Keep what the brief says now as the edition of its date, to be compared with later ones.

    In: the brief in this folder. Out: data/editions/DATE.json, or DATE-2.json where that date has one already.

    Example: brief record-edition
    """
    from brief.book.editions import record

    root = brief_root()
    with telling_of_key(root):
        name = record(root)
    click.echo(f"Recorded: data/editions/{name}.json. Next: make publish DEST=folder.")


@main.command("record-plan")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; say whether the record is what it should be.")
@teaching
def record_plan(only_check: bool) -> None:
    """Keep what the repository's history says of the plan: since when each point stands, and what data came later.

    In: a brief whose data/plan.yml is committed. Out: data/plan-history.csv, from which pages say what was planned
    before the comments. Give the command again when the plan has changed or data have come. With --check the exit
    status is 1 where the record differs from the history.

    Example: brief record-plan
    """
    from brief.store import plan_record

    root = brief_root()
    if only_check:
        plan_record.compare(root)
        click.echo("The record is what the history says.")
    elif plan_record.record(root):
        click.echo("Recorded: data/plan-history.csv. Next: commit it.")
    else:
        click.echo("Nothing is to be recorded: the history says what it said.")


@main.command()
@click.argument("old")
@click.argument("new", default="now")
@click.option("--json", "as_json", is_flag=True, help="As JSON: part, name, how, before, after.")
@teaching
def diff(old: str, new: str, as_json: bool) -> None:
    """Print what changed between two editions: facts, statements, figures, paragraphs of articles, comments.

    In: two recorded editions by their names; without a second one, what the brief says now. Out: the changes.

    Example: brief diff 2026-11-23 now
    """
    from dataclasses import asdict

    from brief.book.editions import difference, noted, printed, read

    root = brief_root()
    before = read(root, old)
    changes = noted(root, difference(before, read(root, new, before)))
    click.echo(
        json.dumps([asdict(change) for change in changes], ensure_ascii=False, indent=1)
        if as_json
        else printed(changes)
    )


@main.command()
@click.option("--dry-run", is_flag=True, help="Show what would come, and write nothing.")
@click.option("--difference", metavar="FILE", help="Show how the newer file differs from the one that is here.")
@teaching
def update(dry_run: bool, difference: str | None) -> None:
    """Bring the general chapters and tools of this program to the brief, where nobody has changed them.

    In: the brief in this folder. Out: what came, what you have changed and stays, and the files. What you wrote is
    never replaced.

    Example: brief update --dry-run
    """
    from brief.store import updating

    root = brief_root()
    if difference is not None:
        click.echo(updating.difference(root, difference) or f"{difference} is as the program has it.")
        return
    plan = updating.planned(root) if dry_run else updating.update(root)
    click.echo(updating.preview(plan))
    if dry_run:
        click.echo("\nNothing is written: this was a dry run.")
    elif plan.newer or plan.new or plan.back:
        click.echo("\nWritten. Next: brief check.")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--language", default="en", show_default=True, help="The language of the brief, as de.")
@click.option("--catalogue", type=FILE, help="A catalogue of that language that the program does not have.")
@teaching
def new(folder: Path, language: str, catalogue: Path | None) -> None:
    """Make a brief on another topic: the same chapters, empty data, and all that builds and publishes it.

    In: a folder that is new or empty. Out: its chapters, configuration and data, its commands, pins and workflow.

    Example: brief new ../library-hours --language de
    """
    from brief.store.starter import new as make

    for file in make(folder, language, catalogue):
        click.echo(file)
    click.echo(
        f"\nMade. Next: edit {folder}/data/brief.yml; then go there, and run brief add PATH and make site.\n"
        "README.md tells the rest, and requirements.txt where the program comes from."
    )


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@teaching
def catalogue(file: Path) -> None:
    """Write everything that the program says into a catalogue, to be translated; or bring one up to date.

    In: a file named by its language. Out: the file with every message; what it had translated stays.

    Example: brief catalogue fr.po
    """
    from brief.store.catalogues import refresh

    every, empty, wrong = refresh(file)
    click.echo(f"{file}: {every} messages, of which {empty} are still to be translated.")
    for fault in wrong:
        click.echo(str(fault))


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--digest", help="The SHA-256 of the manifest as it is known from elsewhere.")
@click.option("--data", type=click.Path(path_type=Path), help="The folder of the brief: its facts are computed anew.")
@click.option(
    "--key", metavar="KEY", help="The publisher's public key of minisign: a file, or its line that begins RW."
)
@click.option("--against", type=click.Path(path_type=Path), help="For a Word file: the site that it was exported from.")
@teaching
def verify(path: Path, digest: str | None, data: Path | None, key: str | None, against: Path | None) -> None:
    """Check a published brief: its files, numbers, statements, quotations, tables, PDFs and editions.

    In: the folder of a published site or a ZIP archive of it; neither network nor brief is needed. With --against it is
    a Word file that brief export wrote. Out: each finding with its place, what was checked and what was not; the exit
    status is 1 if there is a finding.

    Example: brief verify _build/html
    """
    from brief.contract.signatures import LONGEST, public_key
    from brief.contract.text_files import read_text
    from brief.site.verifying import office
    from brief.site.verifying import verify as verified

    if site := office.asked_for(path, against, bool(digest or data or key is not None)):
        report = office.verify(path, site)
    else:
        public = None
        if key is not None:
            names_a_file = len(key) < LONGEST and Path(key).is_file()
            public = public_key(read_text(Path(key), Path(key).name) if names_a_file else key)
        report = verified(path, (digest or "").strip(), data, public)
    click.echo(report.text())
    if report.findings:
        raise SystemExit(1)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--key", required=True, type=FILE, help="The secret key, a file that minisign -G has made.")
@teaching
def sign(folder: Path, key: Path) -> None:
    """Sign a published folder, so that anyone with the public key can tell who published it.

    In: the folder that make publish wrote, and a secret key of minisign. Out: the signature beside the manifest, which
    minisign checks as well as brief verify --key. What brief verify finds anything in is not signed.

    Example: brief sign public --key ~/.minisign/minisign.key
    """
    from brief.site.signing import sign as signed

    for file in signed(folder, key, lambda: click.prompt("Password of the key", hide_input=True, err=True)):
        click.echo(f"Signed: {file}")
