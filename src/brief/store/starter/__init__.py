"""A brief on another topic: the same chapters, empty data, and all that builds and publishes it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Collection
from importlib.metadata import Distribution, distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import yaml
from slugify import slugify

from brief.contract import inputs
from brief.data import keys
from brief.errors import fail
from brief.prose import passages
from brief.prose.catalogue import OWN, SOURCE, how_to_add, is_known, primary, say, speaking

_HERE = Path(__file__).parent
#: What is general lies in a wheel beside this module, where `setup.py` lays it; else in the clone, which has it once.
_CARRIED = _HERE / "general"
_GENERAL = _CARRIED if _CARRIED.is_dir() else inputs.PACKAGE.parents[1]
_TAKE_OUT = [f"tools/take_out/{name}.py" for name in ("__init__", "__main__", "edition", "stubs", "words")]
_TOOLS = (
    ".github/workflows/publish.yml",
    *(f"tools/{name}" for name in ("keep.sh", "publish.sh", "set-up.sh", "take_out_withdrawn.py")),
    *_TAKE_OUT,
)
#: Kept without their dot, so that they count as files of the package.
_HIDDEN = ("gitignore", "gitattributes")
#: The files of the data that hold words for readers.
_TRANSLATED = ("brief.yml", "codebook.yml", "coders.yml")
_PINS = (
    "# The version of each package that this version of brief was tested with; requirements.txt refers to this file.\n"
)


def new(folder: Path, language: str = SOURCE, own: Path | None = None) -> list[str]:
    """Make a brief in `folder`, which must not exist or be empty. Returns the files made, relative to it.

    The general chapters come from the installed package, or from the clone that it is installed from; the parts about a
    topic, and the data, are starters that say what to write. In another language than English their passages come from
    its catalogue; `own` is one that the program does not have, and the brief then keeps it. Raises `BriefError` for a
    folder in use, and for a language without a catalogue.
    """
    if own is not None and own.name != f"{primary(language)}.po":
        raise fail(f"'{own.name}' is not a catalogue for '{language}'", f"Give a file {primary(language)}.po.")
    if own is None and not is_known(language):
        raise fail(f"there is no catalogue for the language '{language}'", how_to_add(language))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise fail(f"'{folder.name}' is there already and is not an empty folder", "Name a new one.")
    if not (_GENERAL / "book").is_dir():
        raise fail("the general chapters are not at hand", "Install brief again, from its wheel or from a clone.")
    of_modules = {path for path in (_GENERAL / "book").glob("*.md") if module_of(path)}
    for path in (*(_GENERAL / "book").glob("*.md"), _GENERAL / "_config.yml", *(_GENERAL / name for name in _TOOLS)):
        if path not in of_modules:
            _copy(path, folder / path.relative_to(_GENERAL))
    (folder / "_toc.yml").write_text(contents_without(of_modules), encoding="utf-8")
    for path in inputs.files(_HERE / "topic"):
        _copy(path, folder / "book" / "topic" / path.name)
    for path in inputs.files(_HERE / "data"):
        _copy(path, folder / "data" / path.name)
    for name in ("articles", "comments", "codings"):
        (folder / "data" / name).mkdir(exist_ok=True)
    if own is not None:
        _copy(own, folder / OWN / own.name)
    if primary(language) != SOURCE:
        _translate(folder, language)
    _stand_alone(folder)
    keys.make(folder)
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def texts() -> dict[str, str]:
    """What a new brief begins with and a translator translates, by its place in the brief."""
    of_modules = {path for path in (_GENERAL / "book").glob("*.md") if module_of(path)}
    chapters = [path for path in sorted((_GENERAL / "book").glob("*.md")) if path not in of_modules]
    found = {f"book/{path.name}": path.read_text(encoding="utf-8") for path in chapters}
    found |= {f"book/topic/{path.name}": path.read_text(encoding="utf-8") for path in inputs.files(_HERE / "topic")}
    found |= {f"data/{name}": (_HERE / "data" / name).read_text(encoding="utf-8") for name in _TRANSLATED}
    return {**found, "_toc.yml": contents_without(of_modules)}


def _translate(folder: Path, language: str) -> None:
    """Put the texts of a new brief into its language, by the catalogue."""
    with speaking(language, folder):
        for name, text in texts().items():
            path = folder / name
            made = _labelled(text) if name.endswith(".md") else passages.translated_yaml(text, say)
            path.write_text(made, encoding="utf-8")
    for name, key in (("data/brief.yml", "language: en"), ("_config.yml", "    language: en")):
        path = folder / name
        text = path.read_text(encoding="utf-8").replace(f"{key}\n", f"{key.removesuffix('en')}{language}\n")
        path.write_text(text, encoding="utf-8")


def _labelled(text: str) -> str:
    """A chapter translated. A heading whose section the short PDF takes keeps its English name as a label."""
    wanted = set(re.findall(r"section \S+#(\S+)", (_HERE / "data" / "brief.yml").read_text(encoding="utf-8")))
    named = re.sub(
        r"^#+ (.*)$",
        lambda found: f"({name})=\n{found[0]}" if (name := slugify(found[1])) in wanted else found[0],
        text,
        flags=re.MULTILINE,
    )
    return passages.translated(named, say)


def unfilled() -> dict[str, tuple[str, str]]:
    """Keys of `data/brief.yml` that only a maintainer can fill: what a new brief has there, and what is to be said.

    What it has there is told in the language that is spoken.
    """
    topic = yaml.safe_load((_HERE / "data" / "brief.yml").read_text(encoding="utf-8"))
    asked = {
        "title": "what the brief is about",
        "question": "the question that it answers",
        "edition": "the day of this edition",
    }
    return {key: (say(str(topic[key])), what) for key, what in asked.items()}


def module_of(chapter: Path) -> str:
    """The module that a topic must switch on for a chapter to make sense, as its front matter says; else ""."""
    front = chapter.read_text(encoding="utf-8").split("\n---\n", 1)[0]
    page = yaml.safe_load(front.removeprefix("---\n")).get("brief", {}) if front.startswith("---\n") else {}
    return str(page.get("module", ""))


def contents_without(chapters: Collection[Path]) -> str:
    """The table of contents, without the lines of some chapters and of those that a wheel does not carry."""
    lines = (_GENERAL / "_toc.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    listed = {line: line.rpartition("file:")[2].strip() for line in lines if "file:" in line}
    left_out = {f"book/{path.stem}" for path in chapters}
    left_out |= {name for name in listed.values() if not (_GENERAL / f"{name}.md").is_file()}
    return "".join(line for line in lines if listed.get(line) not in left_out)


def _stand_alone(folder: Path) -> None:
    """Add what builds and publishes the brief where nothing else is: commands, pins, a workflow, the program itself."""
    program = distribution("brief")
    filled = {"@VERSION@": program.version, "@ORIGIN@": _origin(folder, program)}
    for path in inputs.files(_HERE / "folder"):
        text = path.read_text(encoding="utf-8")
        for mark, words in filled.items():
            text = text.replace(mark, words)
        name = f".{path.name}" if path.name in _HIDDEN else path.name
        (folder / name).write_bytes(text.encode("utf-8"))
    pins = (_GENERAL / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = [f"{pin}\n" for pin in pins if pin and not pin.startswith(("#", "-"))]
    (folder / "constraints.txt").write_text(_PINS + "".join(pinned), encoding="utf-8")


def _origin(folder: Path, program: Distribution) -> str:
    """The lines of requirements.txt that name this program: from where it was installed itself, as its installer noted.

    A wheel that is still at hand is laid into the folder. Of a program that runs from a clone there is none yet.
    """
    kept = "{}" if _GENERAL is not _CARRIED else program.read_text("direct_url.json")
    if kept is None:
        return f"brief=={program.version}"
    noted = json.loads(kept)
    address, vcs = str(noted.get("url", "")), noted.get("vcs_info")
    if vcs:
        return f"brief @ {vcs['vcs']}+{address}@{vcs['commit_id']}"
    if address.startswith("https://"):
        return f"brief @ {address}"
    wheel = Path(url2pathname(urlsplit(address).path))
    if wheel.suffix == ".whl" and wheel.is_file():
        _copy(wheel, folder / "wheels" / wheel.name)
        return f"# The program lies in this folder, so keep its wheel in the repository.\n./wheels/{wheel.name}"
    return (
        "# The program's wheel is still to be laid into wheels/. Make it in a clone of the program, in this way:\n"
        "#   pip wheel --no-deps --wheel-dir FOLDER/wheels .\n"
        "# Or write the address of a wheel or of a repository in place of the last line:\n"
        "#   brief @ https://ADDRESS/OF/THE/WHEEL\n"
        "#   brief @ git+https://ADDRESS/OF/THE/REPOSITORY@COMMIT\n"
        "# Do not write the bare name: on an index of packages it can belong to another program.\n"
        f"./wheels/brief-{program.version}-py3-none-any.whl"
    )


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
