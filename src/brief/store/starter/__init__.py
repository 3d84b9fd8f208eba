"""A brief on another topic: the same chapters, empty data, and all that builds and publishes it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import yaml
from slugify import slugify

from brief.contract import files as contract_files
from brief.contract import inputs
from brief.contract.checking import is_language
from brief.contract.text_files import read_text
from brief.data import keys
from brief.errors import BriefError, fail
from brief.prose import extraction, passages
from brief.prose.catalogue import OWN, SOURCE, how_to_add, is_known, primary, say, speaking
from brief.store import delivered

_HERE = Path(__file__).parent
#: What is general lies in a wheel beside this module, where `setup.py` lays it; else in the clone, which has it once.
_CARRIED = _HERE / "general"
_GENERAL = _CARRIED if _CARRIED.is_dir() else inputs.PACKAGE.parents[1]
_TAKE_OUT = [
    f"tools/take_out/{name}.py" for name in ("__init__", "__main__", "chain", "edition", "manifest", "stubs", "words")
]
_TOOLS = (
    ".github/workflows/publish.yml",
    *(f"tools/{name}" for name in ("chain_editions.py", "keep.sh", "publish.sh", "set-up.sh", "take_out_withdrawn.py")),
    *_TAKE_OUT,
)
#: Kept without their dot, so that they count as files of the package.
_HIDDEN = ("gitignore", "gitattributes")
#: The files of the data that hold words for readers.
_TRANSLATED = ("data/brief.yml", "data/codebook.yml", "data/coders.yml")
_CONTENTS = "_toc.yml"
#: The files that name the language of the brief, and the key that does.
_TAGGED = {"data/brief.yml": "language: ", "_config.yml": "    language: "}
_PINS = (
    "# The version of each package that this version of brief was tested with; requirements.txt refers to this file.\n"
)


def new(folder: Path, language: str = SOURCE, own: Path | None = None) -> list[str]:
    """Make a brief in `folder`, which must not exist or be empty. Returns the files made, relative to it.

    The general chapters come from the installed package, or from the clone that it is installed from; the parts about a
    topic, and the data, are starters that say what to write. In another language than English their passages come from
    its catalogue; `own` is one that the program does not have, and the brief then keeps it. Raises `BriefError` for a
    folder in use, for a language without a catalogue, and for a catalogue that cannot be read; nothing is made then.
    """
    if not is_language(language):
        raise fail(f"'{language}' is not a language tag", "Write it as BCP 47 does: en, or en-GB.")
    if own is not None and own.name != f"{primary(language)}.po":
        raise fail(f"'{own.name}' is not a catalogue for '{language}'", f"Give a file {primary(language)}.po.")
    if own is None and not is_known(language):
        raise fail(f"there is no catalogue for the language '{language}'", how_to_add(language))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise fail(f"'{folder.name}' is there already and is not an empty folder", "Name a new one.")
    if own is not None:
        if faults := extraction.faults_of(read_text(own, own.name), own.stem, own.name):
            raise BriefError(faults)
        _lay(folder / OWN / own.name, own.read_bytes())
    delivering = general(language, folder)
    for name, content in {**delivering, **parts_to_write(language, folder), **_data(language, folder)}.items():
        _lay(folder / name, content)
    _lay(folder / "requirements.txt", _requirements(folder))
    for name in ("articles", "comments", "codings"):
        (folder / "data" / name).mkdir(exist_ok=True)
    _lay(folder / delivered.FILE, delivered.text(delivered.of(delivering, version())).encode())
    keys.make(folder)
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def general(language: str = SOURCE, root: Path | None = None) -> dict[str, bytes]:
    """The files of a new brief that hold for any topic, by their paths: chapters, contents, tools, commands, pins.

    They are in `language`; `root` is the brief whose own catalogue goes first. Raises `BriefError` where they are not
    at hand, and for a language without a catalogue.
    """
    if not (_GENERAL / "book").is_dir():
        raise fail("the general chapters are not at hand", "Install brief again, from its wheel or from a clone.")
    chapters = {path: module_of(path) for path in sorted((_GENERAL / "book").glob("*.md"))}
    paths = [path for path, module in chapters.items() if not module]
    paths += [_GENERAL / "_config.yml", *(_GENERAL / name for name in _TOOLS)]
    contents = {path.relative_to(_GENERAL).as_posix(): path.read_bytes() for path in paths}
    contents[_CONTENTS] = contents_without([path for path, module in chapters.items() if module]).encode()
    for path in inputs.files(_HERE / "folder"):
        if path.name != "requirements.txt":
            name = f".{path.name}" if path.name in _HIDDEN else path.name
            contents[name] = path.read_text(encoding="utf-8").replace("@VERSION@", version()).encode()
    pins = (_GENERAL / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = [f"{pin}\n" for pin in pins if pin and not pin.startswith(("#", "-"))]
    contents["constraints.txt"] = (_PINS + "".join(pinned)).encode()
    return _in_language(contents, language, root)


def parts_to_write(language: str = SOURCE, root: Path | None = None) -> dict[str, bytes]:
    """What a new brief has in place of the parts about its topic, by their paths: what is to be written there.

    In the language that is asked for, as `general`.
    """
    files = {f"book/topic/{path.name}": path.read_bytes() for path in inputs.files(_HERE / "topic")}
    return _in_language(files, language, root)


def _data(language: str, root: Path) -> dict[str, bytes]:
    """The data that a new brief begins with, by their paths; as `general`."""
    files = {f"data/{path.name}": path.read_bytes() for path in inputs.files(_HERE / "data")}
    return _in_language(files, language, root)


def version() -> str:
    """The version of this program."""
    return distribution("brief").version


def is_origin(folder: Path) -> bool:
    """Whether a folder is the clone whose chapters new briefs get."""
    return folder.resolve() == _GENERAL.resolve()


def texts() -> dict[str, str]:
    """What a new brief begins with and a translator translates, by its place in the brief."""
    chapter_texts = {**general(), **parts_to_write(), **{name: (_HERE / name).read_bytes() for name in _TRANSLATED}}
    return {name: content.decode("utf-8") for name, content in chapter_texts.items() if _holds_passages(name)}


def _holds_passages(name: str) -> bool:
    """Whether a file of a new brief has words for readers, which a catalogue translates."""
    return (name.startswith("book/") and name.endswith(".md")) or name in (_CONTENTS, *_TRANSLATED)


def _in_language(files: dict[str, bytes], language: str, root: Path | None) -> dict[str, bytes]:
    """Files of a new brief with their passages in a language, by its catalogue, and with its tag."""
    if language == SOURCE:
        return files
    texts = {}
    with speaking(language, root):
        for name, content in files.items():
            text = content.decode("utf-8")
            if _holds_passages(name) and primary(language) != SOURCE:
                text = _labelled(text) if name.endswith(".md") else passages.translated_yaml(text, say)
            if key := _TAGGED.get(name):
                # In quotation marks: YAML reads the tag of Norwegian, no, as false.
                text = text.replace(f"{key}{SOURCE}\n", f'{key}"{language}"\n')
            texts[name] = text.encode()
    return texts


def _labelled(text: str) -> str:
    """A chapter translated. A heading whose section the short PDF takes keeps its English name as a label.

    One that is not translated has that name already, and a second time it would be no name.
    """
    wanted = set(re.findall(r"section \S+#(\S+)", (_HERE / "data" / "brief.yml").read_text(encoding="utf-8")))

    def label(heading: re.Match[str]) -> str:
        name = slugify(heading[1])
        is_needed = name in wanted and slugify(say(heading[1])) != name
        return f"({name})=\n{heading[0]}" if is_needed else heading[0]

    return passages.translated(re.sub(r"^#+ (.*)$", label, text, flags=re.MULTILINE), say)


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


def unfilled_in(root: Path, language: str) -> dict[str, str]:
    """The places of `data/brief.yml` that hold what a new brief in this language has there, and what is to be said.

    The question may stand in other keys as well, such as that of a collection.
    """
    with speaking(language, root):
        asked = unfilled()
    keys = contract_files.read_yaml(root / "data/brief.yml", "data/brief.yml")
    return {
        place: what
        for place, value in _leaves(keys)
        for key, (placeholder, what) in asked.items()
        if value == placeholder and (key != "edition" or place == key)
    }


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """What stands in keys and lists, however they are nested, each with its place in words."""
    if isinstance(value, Mapping | list):
        for key, inner in value.items() if isinstance(value, Mapping) else enumerate(value, start=1):
            yield from _leaves(inner, f"{place} {key}".strip())
    else:
        yield place, str(value)


def module_of(chapter: Path) -> str:
    """The module that a topic must switch on for a chapter to make sense, as its front matter says; else ""."""
    front = chapter.read_text(encoding="utf-8").split("\n---\n", 1)[0]
    page = yaml.safe_load(front.removeprefix("---\n")).get("brief", {}) if front.startswith("---\n") else {}
    return str(page.get("module", ""))


def contents_without(chapters: Collection[Path]) -> str:
    """The table of contents, without the lines of some chapters and of those that a wheel does not carry."""
    lines = (_GENERAL / _CONTENTS).read_text(encoding="utf-8").splitlines(keepends=True)
    listed = {line: line.rpartition("file:")[2].strip() for line in lines if "file:" in line}
    left_out = {f"book/{path.stem}" for path in chapters}
    left_out |= {name for name in listed.values() if not (_GENERAL / f"{name}.md").is_file()}
    return "".join(line for line in lines if listed.get(line) not in left_out)


def _requirements(folder: Path) -> bytes:
    """What is to be installed: this program, from where it was installed itself."""
    text = (_HERE / "folder" / "requirements.txt").read_text(encoding="utf-8")
    program = distribution("brief")
    return text.replace("@VERSION@", program.version).replace("@ORIGIN@", _origin(folder, program)).encode()


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
        _lay(folder / "wheels" / wheel.name, wheel.read_bytes())
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


def _lay(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
