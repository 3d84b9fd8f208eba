"""The command that analyses comments at any size."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from brief.cli.command_line import FILE, main, teaching
from brief.contract import frozen, inputs, journal
from brief.errors import BriefError


@main.command()
@click.argument("paths", metavar="[FILE]...", nargs=-1, type=FILE)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write; by default _build/analysis, outside of a brief analysis.",
)
@click.option(
    "--processes", type=click.IntRange(min=1), help="How many; by default as many as there are cores and memory for."
)
@click.option("--scheduler", default="", help="A Dask cluster: its address, or `local` for one that is started here.")
@click.option("--memory", default="2GB", show_default=True, help="What all processes together may take.")
@click.option("--batch-rows", type=click.IntRange(min=1), help="Comments at a time; by default as many as fit.")
@click.option("--dry-run", is_flag=True, help="Say what it is going to take, and stop.")
@teaching
def analyse(
    paths: tuple[Path, ...],
    out: Path | None,
    processes: int | None,
    scheduler: str,
    memory: str,
    batch_rows: int | None,
    dry_run: bool,
) -> None:
    """Analyse comments, however many: copies, campaigns, stances, themes, and which comments to quote.

    In: the brief in this folder, or files (CSV or Parquet) with comment_id and text, and where they have them posted_at
    and collection_id. Stances are told by a model that learns from the comments that a person has coded.

    Out: a folder with comments.parquet (a row a comment: text_id, near_copy_of, campaign_id, stance, coded_by,
    theme_id; CSV where pyarrow is not installed), campaigns.csv, themes.csv, exemplars.csv, counts.csv and run.json,
    which says under columns what each column means (as docs/analyse.md does) and under limits what cannot be told.
    What a person coded stays as coded. The same bytes for any number of processes, any size of batch, and on a Dask
    cluster. A run that was killed goes on when it is started again with the same options.

    Example: brief analyse --processes 4 --memory 4GB
    """
    from brief.data.loading import load
    from brief.findings.at_size import docket, limits, run
    from brief.findings.at_size.engines import engine
    from brief.findings.at_size.progress import EVERY, EVERY_LINE, Progress, span

    def tell(line: str) -> None:
        click.echo(line, err=True)

    folder, brief = Path.cwd() / "analysis", None
    try:
        root = inputs.find_root(Path.cwd())
    except BriefError:
        if not paths:
            raise
    else:
        journal.settle(root)
        folder, brief = frozen.analysis_folder(root), load(root)
    comments = docket.of_brief(brief) if brief is not None and not paths else docket.of_files(paths, brief)
    about, most = comments.about(), limits.size(memory)
    workers = processes or limits.most_processes(most, _cores(), about, batch_rows)
    bound = limits.limits(most, workers, about, batch_rows)
    if about >= limits.TELLING or dry_run:
        cost = limits.estimated(comments, workers, bound)
        tell(
            f"About {cost.comments:,} comments: {span(cost.seconds)} where nothing else runs, "
            f"{cost.memory / 1e6:,.0f} MB of memory."
        )
    if dry_run:
        return
    progress = Progress(tell, EVERY if sys.stderr.isatty() else EVERY_LINE)
    # One batch needs no help.
    with engine(workers if about > bound.batch_rows else 1, scheduler) as runs:
        outcome = run.analyse(comments, out or folder, runs, bound, progress)
    click.echo(f"Comments: {outcome.comments:,}, distinct texts: {outcome.distinct_texts:,}.")
    click.echo(f"Campaigns: {outcome.campaigns:,}, comments in them: {outcome.in_campaigns:,}.")
    click.echo(f"Themes: {outcome.themes:,}.")
    for what, reason in (("stances", outcome.no_stances), ("themes", outcome.no_themes)):
        if reason:
            click.echo(f"No {what}: {reason}")
    click.echo(f"Written: {', '.join(outcome.files)}.")


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
