"""The site as a research object (RO-Crate 1.1), with how each of its files was made.

The runs are those of the Process Run Crate profile 0.5, and the same once more in words of W3C PROV. There is no time
in them: the same data give the same bytes, whenever they are built.
"""

from __future__ import annotations

import importlib.metadata
import mimetypes
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from brief.site import browsing, citing, tracing
from brief.site.state import Build

ARCHIVE = "brief-data.zip"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_CONTEXT = [
    "https://w3id.org/ro/crate/1.1/context",
    "https://w3id.org/ro/terms/workflow-run/context",
    {"prov": "http://www.w3.org/ns/prov#"},
]
_PROGRAM = "#brief"
_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".zip": "application/zip",
    ".pdf": "application/pdf",
    ".parquet": "application/vnd.apache.parquet",
}


Entity = dict[str, Any]


def crate(build: Build) -> Entity:
    """The description of the site: its pages and data files with type and size, and the runs that made them."""
    topic = build.snapshot.content["topic"]
    data = sorted(exhibit["data"] for exhibit in build.chain["exhibits"].values())
    paths = ["index.html", "data.html", "facts.json", tracing.FILE, "CITATION.cff", "datapackage.json", ARCHIVE]
    paths += [pdf.file for pdf in build.pdfs]
    paths = [
        path for path in [*paths, *data, browsing.TABLE_FILE, browsing.PARQUET_FILE] if (build.aside / path).is_file()
    ]
    runs = list(_runs(build, paths))
    runs_by_path = {result["@id"]: run for run in runs for result in _listed(run["result"])}
    root = {
        "@id": "./",
        "@type": "Dataset",
        "conformsTo": {"@id": _PROFILE},
        "name": f"{topic['title']}: {topic['subtitle']}",
        "description": topic["question"],
        "datePublished": topic["edition"],
        "license": {"@id": citing.LICENCE_URL},
        "publisher": {"@id": "#publisher"},
        "hasPart": [{"@id": path} for path in paths],
        "mentions": [{"@id": run["@id"]} for run in runs],
    }
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    named = [
        {"@id": citing.LICENCE_URL, "@type": "CreativeWork", "name": "Creative Commons Attribution 4.0"},
        {"@id": "#publisher", "@type": "Organization", "name": topic["publisher"]},
        {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        _program(build),
        *_inputs(build),
    ]
    parts = [_part(build, path, runs_by_path[path]) for path in paths]
    return {"@context": _CONTEXT, "@graph": [descriptor, root, *named, *runs, *parts]}


def _program(build: Build) -> Entity:
    version = importlib.metadata.version("brief")
    commit = f"{version}, commit {build.commit['name']}" if build.commit else version
    name = "brief: executable policy briefs"
    return {"@id": _PROGRAM, "@type": "SoftwareApplication", "name": name, "softwareVersion": commit}


def _inputs(build: Build) -> Iterator[Entity]:
    """The files of data that were read. They are not part of the site, so they are named and described alone."""
    for file, kept in build.chain["files"].items():
        digest = f"sha256:{kept['sha256']}"
        entity = {"@id": f"#{file}", "@type": "CreativeWork", "name": file, "identifier": digest}
        yield {**entity, "encodingFormat": media_type(file)}


def _runs(build: Build, paths: Iterable[str]) -> Iterator[Entity]:
    """A run for each data file, by the function that computed it; one for the facts; one for the rest of the site."""
    functions, exhibits = build.chain["functions"], build.chain["exhibits"]
    for name, exhibit in sorted(exhibits.items()):
        yield _run(f"made-{name}", exhibit["made_by"], functions[exhibit["made_by"]]["files"], [exhibit["data"]])
    providers = {name: function["files"] for name, function in functions.items() if function["facts"]}
    files = sorted({file for listed in providers.values() for file in listed})
    yield _run("made-facts", ", ".join(providers), files, ["facts.json"])
    computed = {"facts.json", *(exhibit["data"] for exhibit in exhibits.values())}
    rest = [path for path in paths if path not in computed]
    yield _run("made-site", "brief build", list(build.chain["files"]), rest)


def _run(name: str, how: str, files: Iterable[str], results: Iterable[str]) -> Entity:
    return {
        "@id": f"#{name}",
        "@type": ["CreateAction", "prov:Activity"],
        "name": f"How {', '.join(results)} was made" if name != "made-site" else "How the pages and papers were made",
        "description": how,
        "instrument": {"@id": _PROGRAM},
        "agent": {"@id": "#publisher"},
        **_named("object", (f"#{file}" for file in files)),
        **_named("result", results),
    }


def _named(key: str, ids: Iterable[str]) -> Entity:
    """A property that names entities: one alone, several in a list, none not at all, as RO-Crate writes it."""
    listed = [{"@id": name} for name in ids]
    return {key: listed[0] if len(listed) == 1 else listed} if listed else {}


def _listed(named: Any) -> list[Entity]:
    return named if isinstance(named, list) else [named]


def _part(build: Build, path: str, run: Entity) -> Entity:
    return {
        "@id": path,
        "@type": "File",
        "name": Path(path).name,
        "encodingFormat": media_type(path),
        "contentSize": str((build.aside / path).stat().st_size),
        "prov:wasGeneratedBy": {"@id": run["@id"]},
        **({"prov:wasDerivedFrom": run["object"]} if "object" in run else {}),
    }


def media_type(path: str) -> str:
    """The media type of a file by its ending, the same on every machine."""
    return _TYPES.get(Path(path).suffix) or mimetypes.types_map.get(Path(path).suffix) or "text/plain"
