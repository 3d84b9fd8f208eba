"""Never stale: after any change a warm build gives the bytes of a cold one; after none, nothing is executed."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import topics
from brief.contract import inputs
from conftest import ROOT, run_build

OLD = 1_000_000_000


def comments_of(root: Path) -> Path:
    (path,) = (root / "data" / "comments").glob("*.csv")
    return path


def edit(root: Path) -> None:
    path = root / "data" / "codebook.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("label: Against evenings", "label: Opposed to evenings"), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text


def new_row(root: Path) -> str:
    header, *rows = comments_of(root).read_text(encoding="utf-8").splitlines()
    cells = dict.fromkeys(header.split(","), "")
    last = rows[-1].split(",")[0].rpartition("-")
    cells |= {"comment_id": f"{last[0]}-{int(last[2]) + 1}", "text": "A comment that came later."}
    return ",".join(cells.values()) + "\n"


def add(root: Path) -> None:
    row = new_row(root)
    path = comments_of(root)
    path.write_text(path.read_text(encoding="utf-8") + row, encoding="utf-8")


def remove(root: Path) -> None:
    (root / "data" / "ledger.csv").unlink()


def rename(root: Path) -> None:
    for name in ("coders.yml", "brief.yml", "voices.csv"):
        path = root / "data" / name
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("id: ann", "id: first").replace("coder: ann", "coder: first").replace(",ann,", ",first,")
        )
    (root / "data" / "codings" / "ann.csv").rename(root / "data" / "codings" / "first.csv")


def replace_by_an_older_file(root: Path) -> None:
    path = comments_of(root)
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:-1]) + "\n", encoding="utf-8")
    os.utime(path, (OLD, OLD))


def change_the_package(root: Path) -> None:
    path = root / "src" / "brief" / "figures" / "voice_strip.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("A row of blocks for each paragraph", "For each paragraph a row of blocks"), encoding="utf-8"
    )
    assert path.read_text(encoding="utf-8") != text


def change_a_chapter(root: Path) -> None:
    path = root / "book" / "methods.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nA sentence more.\n", encoding="utf-8")


def replaced(before: str, after: str, *names: str) -> Callable[[Path], None]:
    """A change of a few words in the first file of each name."""

    def change(root: Path) -> None:
        for path in (sorted(root.glob(name))[0] for name in names):
            text = path.read_text(encoding="utf-8")
            assert before in text
            path.write_text(text.replace(before, after), encoding="utf-8")

    return change


def show_a_picture(root: Path) -> None:
    """A picture that the paper holds as well, then another under the same name."""
    place = root / "book" / "plan.svg"
    drawn = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="{}" height="9"/></svg>'
    if place.exists():
        place.write_text(drawn.format(31), encoding="utf-8")
    else:
        place.write_text(drawn.format(13), encoding="utf-8")
        path = root / "book" / "methods.md"
        path.write_text(path.read_text(encoding="utf-8") + "\n![The plan of a room](plan.svg)\n", encoding="utf-8")


def show_it_by_other_code(root: Path) -> None:
    """A cell that does more than to show: what it puts out follows from the data."""
    path = root / "book" / "methods.md"
    cell = "```{code-cell} python\nimport brief\n\nprint(len(brief.take().facts_json['comments'][0]['text']))\n```\n"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{cell}", encoding="utf-8")


def print_a_file(root: Path) -> None:
    """A cell that prints a file beside its chapter, then another text in that file."""
    place = root / "book" / "hours.txt"
    if place.exists():
        place.write_text("Open until nine.", encoding="utf-8")
    else:
        place.write_text("Open until eight.", encoding="utf-8")
        path = root / "book" / "methods.md"
        cell = "```{code-cell} python\nfrom pathlib import Path\n\nprint(Path('hours.txt').read_text())\n```\n"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{cell}", encoding="utf-8")


def write_a_source(root: Path) -> None:
    """A source that a chapter cites, then another title of it."""
    place = root / "data" / "sources.bib"
    title = "Hours of libraries" if place.exists() else "Hours"
    if not place.exists():
        path = root / "book" / "methods.md"
        path.write_text(path.read_text(encoding="utf-8") + "\nSee {cite:t}`hours`.\n", encoding="utf-8")
    place.write_text(f"@misc{{hours,\n  author = {{Gray, Ann}},\n  title = {{{title}}},\n  year = {{2020}}\n}}\n")


def together(*changes: Callable[[Path], None]) -> Callable[[Path], None]:
    """Several changes before one build, none of which would hide that another is not seen."""

    def change(root: Path) -> None:
        for part in changes:
            part(root)

    return change


CHANGES: dict[str, tuple[Callable[[Path], None], ...]] = {
    "edit": (edit,),
    "add": (add,),
    "replace by an older file": (add, replace_by_an_older_file),
    "remove": (remove,),
    "rename": (rename,),
    "the package": (change_the_package,),
    "a chapter": (change_a_chapter,),
    # One after the other, each built: a piece that is kept and should not be stays wrong to the end.
    "every other input": (
        together(remove, write_a_source),  # the ledger holds the digests of texts that are changed below
        replaced("1,2,for,", "1,2,against,", "data/codings/*.csv"),
        replaced("title: The library's evenings", "title: Evenings at the library", "data/brief.yml"),
        replaced("Readers were not asked", "Nobody was asked", "data/articles/*.md", "data/voices.csv"),
        together(show_a_picture, print_a_file),
        together(show_a_picture, print_a_file),
        together(show_it_by_other_code, replaced("Behind the brief", "Behind this", "_toc.yml")),
        together(replaced("title: ", "title: Once more ", "_config.yml"), write_a_source),
        replaced("I work until six. When", "I work until seven. When", "data/comments/*.csv"),
    ),
}


def build(root: Path, fresh: bool = False, cold: bool = False) -> Path:
    """Build with the copy's own package; returns the folder of its pages."""
    ended = run_build(root, fresh=fresh, other=cold and not fresh, cold=cold, PYTHONPATH=str(root / "src"))
    assert ended.returncode == 0, ended.stdout
    return root / "_build" / "html"


@pytest.mark.parametrize("kind", CHANGES)
def test_warm_equals_cold_after_every_kind_of_change(tmp_path: Path, kind: str) -> None:
    """Of a small brief with an article, comments and codings; what holds of one brief's files holds of any."""
    warm = topics.copied(topics.built_library(), tmp_path / "warm")
    # With what Python has compiled of it, but for what it is compiling: that is renamed the next moment.
    shutil.copytree(ROOT / "src", warm / "src", ignore=shutil.ignore_patterns("*.pyc.*", "*.egg-info"))
    site = warm / "_build" / "html"
    for change in CHANGES[kind]:
        before = topics.files_of(site)
        change(warm)
        build(warm)
    if kind == "replace by an older file":
        # What was added is gone again: this is the brief that all changes start from.
        cold = topics.built_library()
    else:
        # The cold build is a copy in another folder: two clones give the same bytes, pictures included. Once it is as
        # a person starts it; hashes have another seed each time.
        shutil.copytree(warm, tmp_path / "cold", ignore=shutil.ignore_patterns("_build"))
        cold = build(tmp_path / "cold", fresh=kind == "edit", cold=True)
    after = topics.files_of(site)
    assert after == topics.files_of(cold)
    assert after != before, "nothing has changed"


def test_after_no_change_nothing_is_executed(tmp_path: Path) -> None:
    root = topics.copied(topics.built_library(), tmp_path / "same")
    touched = {path: path.stat().st_mtime_ns for path in (root / "_build").rglob("*") if path.is_file()}
    said = run_build(root, fresh=True).stdout
    assert "Nothing has changed since the site was built" in said
    assert {path: path.stat().st_mtime_ns for path in (root / "_build").rglob("*") if path.is_file()} == touched


def test_one_comment_more_changes_all_that_tells_of_comments(built_site: Path, tmp_path: Path) -> None:
    root = topics.copied(built_site, tmp_path / "more")
    before = topics.files_of(root / "_build" / "html")
    add(root)
    ended = run_build(root)
    assert ended.returncode == 0, ended.stdout
    after = topics.files_of(root / "_build" / "html")
    for name in ("index.html", "comments.html", "methods.html", "data.html", "facts.json"):
        assert after[name] != before[name], name
    for figure in ("comment-tiles", "what-is-missing"):
        for ending in ("csv", "svg", "png", "json"):
            assert after[f"figures/{figure}.{ending}"] != before[f"figures/{figure}.{ending}"], f"{figure}.{ending}"
    page = after["comments.html"].decode()
    assert "A comment that came later." in page and "added by hand" in page
    assert "8 comments" in page
    # The table, the download and the text alternative of the figure tell of the new one as well.
    assert b"A comment that came later." in after["figures/comment-tiles.csv"]
    assert "Not classified: one" in page.split('role="img"', 1)[1].split(">", 1)[0]


def test_a_build_with_nothing_to_do_loads_no_tables_and_no_charts() -> None:
    names = "builder, context, directives, listings, margins, nodes, publish, quoting, roles, writing"
    loaded = "sorted({'pandas', 'altair', 'vl_convert'} & {*sys.modules})"
    told = f"import sys; from brief.site import {names}; print({loaded})"
    ended = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


@pytest.mark.parametrize("gone", ["_build/html/index.html", "_build/html/.brief-digest", "_build/brief"])
def test_what_was_taken_away_comes_back(tmp_path: Path, gone: str) -> None:
    root = topics.copied(topics.built_asked(1, 0), tmp_path / "brief")
    before = topics.files_of(root / "_build" / "html")
    path = root / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert run_build(root).returncode == 0
    assert topics.files_of(root / "_build" / "html") == before


def test_another_version_of_any_library_is_another_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {canonicalize_name(name.rpartition("-")[0]) for name in inputs.installed()}
    needed = [Requirement(line) for line in importlib.metadata.requires("brief") or ()]
    names = {
        canonicalize_name(one.name) for one in needed if not one.marker or one.marker.evaluate({"extra": "access"})
    }
    # One that brings others: numpy comes with pandas, and makes bytes as well.
    assert {*names, "numpy", "sphinx", "myst-nb"} <= found
    left = tmp_path / "site-packages" / "typst-0.15.0.dist-info"
    left.mkdir(parents=True)
    monkeypatch.syspath_prepend(str(left.parent))
    inputs.code_digest.cache_clear()
    before = inputs.code_digest()
    left.rename(left.with_name("typst-0.16.0.dist-info"))
    inputs.code_digest.cache_clear()
    assert inputs.code_digest() != before
    monkeypatch.undo()
    inputs.code_digest.cache_clear()
