"""How to cite the brief and its figures: in words, as BibTeX, as CITATION.cff; all from the same data."""

from __future__ import annotations

import json
import re
from typing import Any

from pybtex.database import BibliographyData, Entry, Person
from pybtex.database.output.bibtex import Writer

from brief.prose.catalogue import say
from brief.prose.language import capital, long_date
from brief.site.state import Build

LICENCE = "CC-BY-4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"


def address(build: Build, path: str = "") -> str:
    """The absolute address of a page or file; empty where it is not known where the site will be."""
    base = str(build.snapshot.content["topic"]["site_url"])
    return f"{base.rstrip('/')}/{path}" if base else ""


def of_edition(build: Build, path: str = "") -> str:
    """The absolute address that a page or file of this edition keeps; empty where it is not known."""
    return address(build, f"editions/{build.snapshot.content['topic']['edition']}/{path}")


def edition_named(build: Build) -> str:
    """The edition in words: its date and the first characters of the digest of its data."""
    date = long_date(build.snapshot.facts["edition-date"].value)  # type: ignore[arg-type]
    return say(
        "edition of {date}, data {data_digest}", date=date, data_digest=build.snapshot.content["data_digest"][:12]
    )


def brief_cited(build: Build) -> str:
    """The brief as a reference in words."""
    topic = build.snapshot.content["topic"]
    reference = say(
        "{publisher} ({edition}). {title}: {subtitle}. Policy brief, ",
        publisher=topic["publisher"],
        edition=topic["edition"][:4],
        title=topic["title"],
        subtitle=topic["subtitle"],
    )
    return " ".join(f"{reference}{edition_named(build)}. {address(build)}".split())


def figure_cited(build: Build, figure_id: str) -> tuple[str, str]:
    """A figure as a short and as a long reference."""
    topic, figure = build.snapshot.content["topic"], build.snapshot.content["figures"][figure_id]
    number = build.number("figure", figure_id)
    short = say(
        "{title} ({edition}), figure {number}", title=topic["title"], edition=topic["edition"][:4], number=number
    )
    where = address(build, f"figures/{figure_id}.html")
    long = say(
        "{publisher} ({edition}). “{headline}”, figure {number} in: {title}: ",
        publisher=topic["publisher"],
        edition=topic["edition"][:4],
        headline=figure["headline"],
        number=number,
        title=topic["title"],
    )
    long += say(
        "{subtitle}. Policy brief, {edition_named}. Licence: CC BY 4.0. {where}",
        subtitle=topic["subtitle"],
        edition_named=edition_named(build),
        where=where,
    )
    return short, " ".join(long.split())


class _AsGiven(Writer):  # type: ignore[misc]
    """BibTeX whose values are written as they are given: pybtex would write an address as LaTeX, and break it."""

    def _encode(self, text: str) -> str:
        return text


def bibtex(build: Build) -> str:
    """The brief as an entry of BibTeX; what BibTeX reads as a sign of its own is written so that it prints."""
    topic = build.snapshot.content["topic"]
    fields = {
        "title": f"{{{_tex(topic['title'])}}}: {_tex(topic['subtitle'])}",
        "type": say("Policy brief"),
        "institution": _tex(topic["publisher"]),
        "year": topic["edition"][:4],
        "note": _tex(capital(edition_named(build))),
        "url": address(build),
    }
    # In braces: the name of an organisation is not to be taken apart into first names and last.
    author = Person(last=f"{{{_tex(topic['publisher'])}}}")
    entry = Entry("techreport", {name: text for name, text in fields.items() if text}, {"author": [author]})
    text = _AsGiven().to_string(BibliographyData({f"{topic['brief_id']}-{topic['edition']}": entry}))
    return str(text)


#: How a text prints each sign of BibTeX's own; a brace is named, since BibTeX counts braces whatever stands before.
_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def _tex(text: str) -> str:
    return re.sub(r"[\\{}$&#%_~^]", lambda sign: _SIGNS.get(sign[0], f"\\{sign[0]}"), " ".join(text.split()))


def citation_cff(build: Build) -> str:
    """The brief as a Citation File (CFF 1.2.0); JSON strings are strings of YAML too."""
    topic = build.snapshot.content["topic"]
    report: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": say("If you use this brief or its data, please cite it as below."),
        "type": "dataset",
        "title": f"{topic['title']}: {topic['subtitle']}",
        "authors": [{"name": topic["publisher"]}],
        "version": say(
            "{edition}, data {data_digest}",
            edition=topic["edition"],
            data_digest=build.snapshot.content["data_digest"][:12],
        ),
        "date-released": topic["edition"],
        "license": LICENCE,
    }
    if where := address(build):
        report["url"] = where
    # Written as YAML by way of JSON, in which nothing of a text can be a sign of YAML's.
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in report.items())
