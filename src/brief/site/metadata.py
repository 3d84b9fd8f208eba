"""What programs read of the site: descriptions of report and data, the feed, the map, the pages for lost readers.

What needs an absolute address is left out where `site_url` is empty.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup

from brief.book import editions
from brief.book.chain import data_file
from brief.contract import manifest
from brief.prose.catalogue import say
from brief.site import browsing, citing, crate, sharing
from brief.site.crate import ARCHIVE as ARCHIVE
from brief.site.policy import STILL, policy
from brief.site.state import Build
from brief.site.templating import rendered
from brief.site.tracing import FILE as TRACE

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_STYLE = ":root{color-scheme:light dark}main{max-width:40rem;margin:3rem auto;padding:0 1rem;font:1.1rem/1.6 serif}"


def write_data(build: Build) -> None:
    """Write what describes the data, and the archive of all; the files of figures stand already."""
    out = build.aside
    described = {
        "CITATION.cff": citing.citation_cff(build),
        "citation.bib": citing.bibtex(build),
        "datapackage.json": sharing.as_json(data_package(build)),
    }
    for name, text in described.items():
        (out / name).write_text(text, encoding="utf-8")
    archive = {name: (out / name).read_bytes() for name in ("facts.json", TRACE, *described)}
    archive |= {name: _reusable(build, name) for name in data_files(build)}
    if (comments := out / browsing.TABLE_FILE).is_file():
        archive[browsing.TABLE_FILE] = comments.read_bytes()
    archive["datapackage.json"] = sharing.as_json(data_package(build, whole=False)).encode()
    archive["README.txt"] = _readme(build).encode()
    edition = build.snapshot.content["topic"]["edition"]
    archive[manifest.NAME] = manifest.of(edition, archive).text().encode()
    (out / ARCHIVE).write_bytes(sharing.zipped(build, archive))


def _readme(build: Build) -> str:
    topic = build.snapshot.content["topic"]
    parts = [
        f"{topic['title']}: {topic['subtitle']}",
        say(
            "The data of every figure and table of this brief, as the edition of {edition} shows them.",
            edition=topic["edition"],
        ),
        say(
            "datapackage.json says what each file holds, column by column (Frictionless Data Package). "
            "facts.json has\nevery number of the prose, with its definition and source. CITATION.cff and "
            "citation.bib say how to cite."
        )
        + "\n"
        + say("manifest.txt has the digest of each file: sha256sum --check manifest.txt."),
        say(sharing.CARE),
        say("Cite: {brief_cited}", brief_cited=citing.brief_cited(build)),
        sharing.licensed(),
    ]
    return "\n\n".join(parts) + "\n"


def write(build: Build) -> None:
    """Write what programs read of the whole site, once its pages are written."""
    out = build.aside
    topic = build.snapshot.content["topic"]
    files = {
        "edition.txt": f"{topic['edition']}\n",
        "404.html": not_found(build),
        "robots.txt": robots(build),
    }
    if citing.address(build):
        files |= {"feed.xml": feed(build), "sitemap.xml": sitemap(build)}
    if gone := build.snapshot.content["withdrawn"]:
        # Read when the site is published: these comments leave the earlier editions as well.
        files["withdrawn.json"] = sharing.as_json({"comments": gone, "edition": topic["edition"]})
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
    for old, new in topic["redirects"].items():
        (out / f"{old}.html").write_text(_moved(build, new), encoding="utf-8")
    (out / "ro-crate-metadata.json").write_text(sharing.as_json(crate.crate(build)), encoding="utf-8")


def data_files(build: Build) -> list[str]:
    """The data of figures and tables as files of the site, by their paths."""
    content = build.snapshot.content
    return sorted(
        data_file(kind, name)
        for kind in ("figure", "table")
        for name, exhibit in content[f"{kind}s"].items()
        if "unavailable" not in exhibit
    )


def _reusable(build: Build, path: str) -> bytes:
    """A data file without the texts of articles."""
    kept = build.snapshot.exhibits / "rows" / Path(path).name
    return kept.read_bytes() if kept.is_file() else (build.aside / path).read_bytes()


def data_package(build: Build, whole: bool = True) -> dict[str, Any]:
    """The Frictionless data package of the site's data files, or (not `whole`) of those in the archive."""
    topic = build.snapshot.content["topic"]
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": topic["brief_id"],
        "title": f"{topic['title']}: {topic['subtitle']}",
        "description": topic["question"],
        "version": topic["edition"],
        "licenses": [{"name": citing.LICENCE, "path": citing.LICENCE_URL}],
        "contributors": [{"title": topic["publisher"], "role": "publisher"}],
        "resources": [_resource(build, path, whole) for path in data_files(build)] + _comments(build),
    }
    if where := citing.address(build):
        package["homepage"] = where
    return package


def _resource(build: Build, path: str, whole: bool) -> dict[str, Any]:
    content = (build.aside / path).read_bytes() if whole else _reusable(build, path)
    name = Path(path).stem
    figure = build.snapshot.content["figures"].get(name)
    table = build.snapshot.content["tables"].get(name.removeprefix("table-"))
    exhibit = figure or table
    notes = figure["column_notes"] if figure else {}
    kept = [column for column in exhibit["columns"] if whole or f'"{column}"'.encode() in content.split(b"\n")[0]]
    described = {
        "name": name,
        "path": path,
        "title": exhibit["headline"] if figure else exhibit["caption"],
        "description": exhibit["subtitle"] if figure else exhibit["note"],
        "sources": [{"title": exhibit["source"]}] if exhibit["source"] else [],
    }
    return _tabular(described, content, {column: notes.get(column, "") for column in kept})


def _comments(build: Build) -> list[dict[str, Any]]:
    """The table of all comments, where there are more than their chapter lists."""
    path = build.aside / browsing.TABLE_FILE
    if not path.is_file():
        return []
    described = {
        "name": "comments",
        "path": browsing.TABLE_FILE,
        "title": say("All comments"),
        "description": say("Every comment as the pages show it, a row each."),
    }
    return [_tabular(described, path.read_bytes(), dict(build.snapshot.content["browse"]["columns"]))]


def _tabular(described: Mapping[str, Any], content: bytes, columns: Mapping[str, str]) -> dict[str, Any]:
    """A resource of the package: what is said of it, its bytes, and its columns with what each holds."""
    fields = [
        {"name": name, "type": "any", **({"description": note} if note else {})} for name, note in columns.items()
    ]
    return {
        "profile": "tabular-data-resource",
        **described,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": sharing.digest(content),
        "schema": {"fields": fields},
    }


def linked_data(build: Build) -> dict[str, Any]:
    """The report and its data for search engines (schema.org, JSON-LD)."""
    topic = build.snapshot.content["topic"]
    common = {
        "license": citing.LICENCE_URL,
        "datePublished": topic["edition"],
        "inLanguage": topic["language"],
        "publisher": {"@type": "Organization", "name": topic["publisher"]},
        "creator": {"@type": "Organization", "name": topic["publisher"]},
    }
    name = f"{topic['title']}: {topic['subtitle']}"
    report = {"@type": "Report", "headline": topic["title"], "name": name, "abstract": topic["question"], **common}
    data = {"@type": "Dataset", "name": say("Data of: {name}", name=name), "description": topic["question"], **common}
    if where := citing.address(build):
        report |= {"@id": where, "url": where, "image": citing.address(build, "figures/brief.card.png")}
        contents = {"@type": "DataDownload", "encodingFormat": "application/zip"}
        data |= {
            "@id": citing.address(build, "data.html"),
            "url": citing.address(build, "data.html"),
            "isPartOf": {"@id": where},
            "distribution": {**contents, "contentUrl": citing.address(build, ARCHIVE)},
        }
    return {"@context": "https://schema.org", "@graph": [report, data]}


def feed(build: Build) -> str:
    """The editions as an Atom feed, the newest first."""
    topic = build.snapshot.content["topic"]
    root = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": topic["language"]})
    where = citing.address(build)
    _add(root, "id", where)
    _add(root, "title", topic["title"])
    _add(root, "subtitle", topic["subtitle"])
    _add(root, "updated", f"{topic['edition']}T00:00:00Z")
    ElementTree.SubElement(root, "link", {"rel": "self", "href": citing.address(build, "feed.xml")})
    ElementTree.SubElement(root, "link", {"href": where})
    _add(ElementTree.SubElement(root, "author"), "name", topic["publisher"])
    for date, changes in _editions(build):
        entry = ElementTree.SubElement(root, "entry")
        _add(entry, "id", citing.address(build, f"editions/{date}/"))
        _add(
            entry,
            "title",
            say("{title}, edition of {printed_name}", title=topic["title"], printed_name=editions.printed_name(date)),
        )
        _add(entry, "updated", f"{date}T00:00:00Z")
        ElementTree.SubElement(entry, "link", {"href": citing.address(build, f"editions/{date}/")})
        _add(entry, "summary", changes or topic["question"])
    return _xml(root)


def _editions(build: Build) -> Iterator[tuple[str, str]]:
    """The editions as (date, what it changed), the newest first; of each date the last, as its address has that."""
    changed = {str(build.snapshot.content["topic"]["edition"]): ""}
    for name, before, changes in editions.revisions(build.source):
        changed[name[:10]] = (
            say(
                "Against the edition of {printed_name}: {changes}.",
                printed_name=editions.printed_name(before),
                changes=changes,
            )
            if before
            else ""
        )
    yield from sorted(changed.items(), reverse=True)


def sitemap(build: Build) -> str:
    """The map of the site's pages for search engines."""
    root = ElementTree.Element("urlset", {"xmlns": _SITEMAP})
    date = build.snapshot.content["topic"]["edition"]
    chapters = [path for path, _ in pages(build)]
    for path in [*chapters, *browsing.pages(build), *(pdf.file for pdf in build.pdfs)]:
        entry = ElementTree.SubElement(root, "url")
        _add(entry, "loc", citing.address(build, "" if path == "index.html" else path))
        _add(entry, "lastmod", date)
    return _xml(root)


def pages(build: Build) -> Iterator[tuple[str, str]]:
    """The chapters as (file, title), in the order of the book."""
    for place, (docname, chapter) in enumerate(build.book.chapters.items()):
        yield ("index.html" if place == 0 else f"{docname.removeprefix('book/')}.html"), chapter.title


def robots(build: Build) -> str:
    """Everything may be read; where the map is, if its address is known."""
    where = citing.address(build, "sitemap.xml")
    return "User-agent: *\nDisallow:\n" + (f"Sitemap: {where}\n" if where else "")


def not_found(build: Build) -> str:
    """The page for an address that leads nowhere. It is shown at any depth, so nothing in it is relative."""
    sign = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    listed = [{"file": file, "title": title, "href": citing.address(build, file)} for file, title in pages(build)]
    return rendered(
        "not-found.html",
        policy=policy(script_src="'none'", img_src="data:", style_src=f"'sha256-{sign}'"),
        style=Markup(_STYLE),
        topic=build.snapshot.content["topic"],
        pages=listed,
    )


def _moved(build: Build, new: str) -> str:
    href = f"{new}.html"
    links = {"href": href, "canonical": citing.address(build, href) or href}
    return rendered("moved.html", policy=STILL, topic=build.snapshot.content["topic"], **links)


def _add(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = text


def _xml(root: ElementTree.Element) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, "unicode")}\n'
