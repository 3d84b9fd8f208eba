"""What leaves the site with a figure: a page of its own to stand in other pages, and its data in an archive.

Each carries headline, base, caveat and source inside, and no text of an article.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from brief.prose.catalogue import message, say
from brief.site import citing
from brief.site.policy import STILL
from brief.site.state import Build
from brief.site.templating import rendered

_CARD = (1200, 630)
#: What every archive says of itself.
CARE = message(
    "Texts of articles are in no archive. An apostrophe before a sign keeps a spreadsheet from running a text."
)
LICENSED = message("Licence of the data as compiled here: CC BY 4.0, {licence} (words of commenters are their own).")


def licensed() -> str:
    """The licence of the data, in a sentence."""
    return say(LICENSED, licence=citing.LICENCE_URL)


def shown_figures(build: Build) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The figures that a page shows and that the data carry, in the order of the book."""
    for figure_id in build.book.figure_numbers:
        figure = build.snapshot.content["figures"][figure_id]
        if "unavailable" not in figure:
            yield figure_id, figure


def place_of(build: Build, figure_id: str) -> str:
    """The lasting link to a figure in its chapter, from the root of the site."""
    docname = build.book.figure_numbers[figure_id][1]
    page = "index" if docname == next(iter(build.book.chapters)) else docname.removeprefix("book/")
    return f"{page}.html#figure-{figure_id}"


def embed_page(build: Build, figure_id: str) -> str:
    """A figure as a page of its own, without a script."""
    figure = build.snapshot.content["figures"][figure_id]
    pictures = {name: Markup(figure[name]) for name in ("svg_wide", "svg_narrow")}
    return rendered(
        "embed.html",
        policy=STILL,
        figure={**figure, **pictures, "id": figure_id, "number": build.number("figure", figure_id)},
        topic=build.snapshot.content["topic"],
        cited=citing.figure_cited(build, figure_id)[1],
        href=f"../{place_of(build, figure_id)}",
    )


def archive_of(build: Build, figure_id: str) -> bytes:
    """The data of a figure with a README that says what they are, as a zip."""
    data = (build.snapshot.exhibits / "rows" / f"{figure_id}.csv").read_bytes()
    return zipped(build, {f"{figure_id}.csv": data, "README.txt": _readme(build, figure_id).encode()})


def _readme(build: Build, figure_id: str) -> str:
    figure = build.snapshot.content["figures"][figure_id]
    short, long = citing.figure_cited(build, figure_id)
    columns = [f"{name}: {text}" for name, text in figure["column_notes"].items()]
    parts = [
        figure["headline"],
        figure["subtitle"],
        say("What this does not show: {note}", note=figure["note"]) if figure["note"] else "",
        say("Source: {source}", source=figure["source"]),
        "\n".join(
            [
                say(
                    "The data: {figure_id}.csv (UTF-8, commas, a row a line, names of columns first).",
                    figure_id=figure_id,
                ),
                *columns,
            ]
        ),
        say(CARE),
        say("Cite, in short: {short}", short=short),
        say("Cite, in full: {long}", long=long),
        licensed(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def zipped(build: Build, files: Mapping[str, bytes]) -> bytes:
    """Files as a zip, sorted, each with the date of the edition: the same files give the same bytes."""
    year, month, day = (int(part) for part in build.snapshot.content["topic"]["edition"].split("-"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (year, month, day, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def write(build: Build) -> None:
    """Write the page and the archive of each figure into the site."""
    folder = build.aside / "figures"
    for figure_id, _ in shown_figures(build):
        (folder / f"{figure_id}.html").write_text(embed_page(build, figure_id), encoding="utf-8")
        (folder / f"{figure_id}.zip").write_bytes(archive_of(build, figure_id))


def ready_to_embed(build: Build) -> list[dict[str, Any]]:
    """What the data page says of each figure for people who use it elsewhere."""
    listed = []
    for figure_id, figure in shown_figures(build):
        path = f"figures/{figure_id}.html"
        source = citing.address(build, path) or path
        short, long = citing.figure_cited(build, figure_id)
        listed.append(
            {
                "id": figure_id,
                "number": build.number("figure", figure_id),
                "headline": figure["headline"],
                "href": place_of(build, figure_id),
                "permalink": citing.address(build, place_of(build, figure_id)) or place_of(build, figure_id),
                "page": path,
                "frame": _frame(source, figure),
                "frame_of_edition": _frame(kept, figure) if (kept := citing.of_edition(build, path)) else "",
                "card": f"figures/{figure_id}.card.png",
                "zip": f"figures/{figure_id}.zip",
                "short": short,
                "long": long,
            }
        )
    return listed


def _frame(source: str, figure: Mapping[str, Any]) -> str:
    title = Markup.escape(figure["headline"])
    height = round(float(figure["wide"]["height"])) + 320
    return (
        f'<iframe src="{Markup.escape(source)}" title="{title}" width="100%" height="{height}" loading="lazy"></iframe>'
    )


def digest(content: bytes) -> str:
    """SHA-256 as data packages write it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def as_json(content: Any) -> str:
    """Plain data as a file of the site."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
