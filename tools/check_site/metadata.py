"""What programs read of the site, read with the programs that read it: data package, crate, JSON-LD, feed, site map."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

import yaml
from bs4 import BeautifulSoup

from check_site import Result, Site

_OPEN_GRAPH = ("og:title", "og:description", "og:type")
_ATOM = "{http://www.w3.org/2005/Atom}"
_LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def check(site: Site) -> Result:
    """Read the files for programs, and in each page what it says of itself."""
    findings = [f"{name}: {what}" for name in site.pages for what in _of_page(site, name)]
    read = 0
    for name, reader in _READERS.items():
        if (site.folder / name).is_file():
            read += 1
            findings += [f"{name}: {what}" for what in reader(site)]
        elif name not in _WITH_ADDRESS:
            findings.append(f"{name}: is not there")
    if not any("@graph" in script or "@type" in script for script in _linked(site)):
        findings.append("no page says in JSON-LD what the site is")
    return Result.of("metadata", f"{read} files and {len(site.pages)} pages", findings)


def _of_page(site: Site, name: str) -> Iterator[str]:
    page = BeautifulSoup(site.text(name), "html.parser")
    if not (page.html and page.html.get("lang")):
        yield "does not say its language"
    if name == "404.html":
        return
    if not page.select_one("meta[name=description][content]"):
        yield "has no description"
    # A page that stands in a frame of another's is not shared itself.
    if "/" not in name:
        for wanted in _OPEN_GRAPH:
            if not page.select_one(f"meta[property='{wanted}'][content]"):
                yield f"has no {wanted}"


def _linked(site: Site) -> list[str]:
    blocks = []
    for name in site.pages:
        for script in BeautifulSoup(site.text(name), "html.parser").select("script[type='application/ld+json']"):
            json.loads(script.get_text())
            blocks.append(script.get_text())
    return blocks


def _package(site: Site) -> Iterator[str]:
    import frictionless

    report = frictionless.Package(str(site.folder / "datapackage.json")).validate()
    for row in report.flatten(["title", "message"]):
        yield ": ".join(str(cell) for cell in row)


def _crate(site: Site) -> Iterator[str]:
    from rocrate.rocrate import ROCrate

    crate = ROCrate(site.folder)
    for entity in crate.data_entities:
        if entity.type == "File":
            path = site.folder / entity.id
            if not path.is_file() or path.stat().st_size != int(entity["contentSize"]):
                yield f"{entity.id} is not there, or of another size"
    for wanted in ("name", "license", "datePublished"):
        if not crate.root_dataset.get(wanted):
            yield f"tells no {wanted}"


def _cited(site: Site) -> Iterator[str]:
    citation = yaml.safe_load((site.folder / "CITATION.cff").read_text(encoding="utf-8"))
    for wanted in ("cff-version", "title", "authors", "date-released", "message"):
        if not citation.get(wanted):
            yield f"tells no {wanted}"


def _bibtex(site: Site) -> Iterator[str]:
    from pybtex.database import parse_string

    for entry in parse_string((site.folder / "citation.bib").read_text(encoding="utf-8"), "bibtex").entries.values():
        for wanted in ("title", "year"):
            if wanted not in entry.fields:
                yield f"tells no {wanted}"


def _feed(site: Site) -> Iterator[str]:
    feed = ElementTree.parse(site.folder / "feed.xml").getroot()
    for element in (feed, *feed.findall(f"{_ATOM}entry")):
        for wanted in ("id", "title", "updated"):
            if not element.findtext(f"{_ATOM}{wanted}"):
                yield f"an element tells no {wanted}"


def _map(site: Site) -> Iterator[str]:
    addresses = [str(location.text) for location in ElementTree.parse(site.folder / "sitemap.xml").getroot().iter(_LOC)]
    first = addresses[0] if addresses else ""
    for address in addresses:
        path = site.folder / (address.removeprefix(first) or "index.html")
        if not address.startswith(first) or not path.is_file():
            yield f"{address} leads to no page"


def _robots(site: Site) -> Iterator[str]:
    if "User-agent:" not in (site.folder / "robots.txt").read_text(encoding="utf-8"):
        yield "speaks to no robot"


_READERS: dict[str, Callable[[Site], Iterator[str]]] = {
    "datapackage.json": _package,
    "ro-crate-metadata.json": _crate,
    "CITATION.cff": _cited,
    "citation.bib": _bibtex,
    "robots.txt": _robots,
    "feed.xml": _feed,
    "sitemap.xml": _map,
}
#: These need an absolute address: a brief that has none is without them, and its data page says so.
_WITH_ADDRESS = ("feed.xml", "sitemap.xml")
