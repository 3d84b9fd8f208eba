"""The templates of exhibits and page parts. Text from outside reaches a page only through them, or as docutils text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from brief.prose.catalogue import say, say_of, spoken, word
from brief.prose.language import capital, numeral, within


@cache
def environment() -> jinja2.Environment:
    """The templates of exhibits and page parts; everything that is put in is escaped."""
    folder = Path(__file__).parent / "templates"
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update({"say": say, "say_of": say_of, "word": word, "direction": _direction})
    templates.filters.update({"capital": capital, "numeral": numeral, "within": within})
    return templates


def compile_all() -> None:
    """Make every template ready, so that writing pages does not have to."""
    for name in environment().list_templates():
        environment().get_template(name)


def _direction() -> Markup:
    """The attribute of a page that is written from the right; nothing for others."""
    return Markup(' dir="rtl"') if spoken().direction == "rtl" else Markup("")


def rendered(template: str, **context: Any) -> Markup:
    """A template with its context, as markup that gives back every sign of a text.

    A browser takes a bare carriage return for a line feed, so it is written as a reference.
    """
    return Markup(environment().get_template(template).render(**context).replace("\r", "&#13;"))
