"""What the program itself says, in the language of the brief: messages by their English words, and their translations.

English stands in the code and is its own catalogue. Every other language is a file of GNU gettext, `LANGUAGE.po`: in
`catalogues/` beside this module, or in `data/catalogue/` of a brief, which goes first. Babel reads it, and knows the
plurals, dates and numbers of each language from the Unicode CLDR.

A brief is made in one language, so the language holds for the whole process, threads included, between entering and
leaving `speaking`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from brief.errors import fail

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog

SOURCE = "en"
"""The language that messages are written in."""
OWN = "data/catalogue"
"""Where a brief keeps a catalogue of its own."""
_PACKAGED = Path(__file__).parent / "catalogues"
_BRITISH = "en-GB"
PART = re.compile(r"\{(\w+)\}")
#: What a line of a catalogue may be; Babel takes a string without its closing quotation mark, and loses a letter.
_LINE = re.compile(r'\s*(#.*|(msg\w+(\[\d\])? +)?"([^"\\]|\\.)*"\s*)?')
#: What the parts of a message may be that is said again.
_NUMBER, _PARTS = r"[\d.,]+", {"file": r"[^/\n]+"}
_REMEDY = "Write it as gettext does."
COUNTED = 1000
"""Up to this number the forms of a plural are tried."""


@dataclass(frozen=True)
class Catalogue:
    """The messages of a language: for each in English, its translation, or one for each plural form.

    `plural` gives the place of the form for a number. A message may stand under a context, as the words of numbers do.
    """

    tag: str
    messages: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    plural: Callable[[int], int] = lambda number: int(number != 1)

    @cached_property
    def locale(self) -> Locale:
        """What Babel knows of the language. Our English is British."""
        from babel import Locale, UnknownLocaleError

        for tag in (_BRITISH if primary(self.tag) == SOURCE else self.tag, primary(self.tag)):
            try:
                return Locale.parse(tag, sep="-")
            except (UnknownLocaleError, ValueError):
                continue
        raise fail(f"'{self.tag}' is no language", "Write a tag such as de.")

    @property
    def direction(self) -> str:
        """Whether the language is written from the left ("ltr") or from the right ("rtl")."""
        return str(self.locale.text_direction)

    @cached_property
    def with_parts(self) -> list[tuple[re.Pattern[str], str]]:
        """The messages with parts, as patterns that find them in a text already put together; long ones first."""
        templates = [english for _, english in self.messages if PART.search(english) and "`" not in english]
        return [(_pattern(english), english) for english in sorted(templates, key=len, reverse=True)]


def _pattern(english: str) -> re.Pattern[str]:
    """The pattern of a message whose parts are numbers, or a file; a part that is named again is the same again."""
    pieces, names = PART.split(english), PART.findall(english)
    pattern = re.escape(pieces[0])
    for place, name in enumerate(names):
        pattern += f"(?P={name})" if name in names[:place] else rf"(?P<{name}>{_PARTS.get(name, _NUMBER)})"
        pattern += re.escape(pieces[2 * place + 2])
    return re.compile(pattern)


_ENGLISH = Catalogue(SOURCE)
_spoken = _ENGLISH


def spoken() -> Catalogue:
    """The catalogue of the language that is spoken now."""
    return _spoken


@contextmanager
def speaking(language: str, root: Path | None = None) -> Iterator[Catalogue]:
    """Say everything in a language meanwhile; `root` is the brief whose own catalogue goes first.

    Raises `BriefError` where there is no catalogue.
    """
    global _spoken
    before, _spoken = _spoken, catalogue_of(language, root)
    try:
        yield _spoken
    finally:
        _spoken = before


def speak(language: str, root: Path | None = None) -> None:
    """Say everything in a language from now on, in a process that makes one brief; as `speaking`."""
    global _spoken
    _spoken = catalogue_of(language, root)


def primary(tag: str) -> str:
    """The language of a tag without script and country: "de" of "de-AT"."""
    return tag.partition("-")[0].lower()


def packaged() -> list[str]:
    """The languages that the program has a catalogue of, English first."""
    return [SOURCE, *sorted(path.stem for path in _PACKAGED.glob("*.po"))]


def file_of(language: str, root: Path | None = None) -> Path | None:
    """The file with the messages of a language; None for English, and where there is none."""
    names = dict.fromkeys((language, primary(language)))
    places = [*([root / OWN] if root else []), _PACKAGED]
    paths = (place / f"{name}.po" for place in places for name in names)
    return next((path for path in paths if path.is_file()), None)


def is_known(language: str, root: Path | None = None) -> bool:
    """Whether a brief can be made in a language."""
    return primary(language) == SOURCE or file_of(language, root) is not None


def catalogue_of(language: str, root: Path | None = None) -> Catalogue:
    """The catalogue of a language. Raises `BriefError` where there is none, or where it cannot be read."""
    path = file_of(language, root)
    if path is None:
        if primary(language) == SOURCE:
            return _ENGLISH if language == SOURCE else Catalogue(language)
        raise fail(f"there is no catalogue for the language '{language}'", how_to_add(language))
    return read(language, path)


def read(language: str, path: Path) -> Catalogue:
    """The catalogue of a language in a file. Raises `BriefError` where it cannot be read."""
    return _read(language, path.name, path.read_bytes())


def how_to_add(language: str) -> str:
    """What to do where a language has no catalogue."""
    return (
        f"Use one of: {', '.join(packaged())}. To add this one: run `brief catalogue {primary(language)}.po`, "
        f"translate what it holds, and lay it into {OWN}/ of the brief, or make a new brief with "
        f"`brief new DIR --language {language} --catalogue {primary(language)}.po`."
    )


@cache
def _read(language: str, name: str, content: bytes) -> Catalogue:
    try:
        entries = parsed(content.decode("utf-8-sig"), language, name)
    except UnicodeDecodeError:
        raise fail("the catalogue cannot be read", "Save the file in the encoding UTF-8.", name) from None
    messages = {}
    for entry in entries:
        english = entry.id if isinstance(entry.id, str) else entry.id[0]
        words = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
        if english and words and all(words) and not entry.fuzzy:
            messages[entry.context or "", english] = words
    return Catalogue(language, messages, plural_of(entries, name))


def parsed(text: str, language: str, name: str) -> Catalog:
    """The entries of a catalogue as Babel reads them, none left out. Raises `BriefError` with the line of a slip."""
    import io

    from babel.messages.pofile import PoFileError, read_po

    for row, line in enumerate(text.split("\n"), 1):
        if not _LINE.fullmatch(line):
            what = 'the catalogue cannot be read: here a text in quotation marks is expected, as msgstr "TEXT"'
            raise fail(what, _REMEDY, name, row)
    try:
        entries = read_po(io.StringIO(text), locale=primary(language), abort_invalid=True)
    except PoFileError as error:
        if "num_plurals" in str(error):
            what = "a translation has more forms than nplurals of Plural-Forms counts"
            raise fail(
                what, "Forms are counted from 0: leave those out that are too many.", name, error.lineno + 1
            ) from None
        raise fail(f"the catalogue cannot be read: {error}", _REMEDY, name, error.lineno + 1) from None
    except (ValueError, LookupError) as error:
        raise fail(f"the catalogue cannot be read: {error}", _REMEDY, name) from None
    plural_of(entries, name)
    return entries


def plural_of(entries: Catalog, name: str) -> Callable[[int], int]:
    """The rule of a catalogue, which is the grammar of gettext and no Python of the file's own.

    Raises `BriefError` for another one, and for one that names a form that the catalogue does not have.
    """
    from gettext import c2py

    try:
        rule = c2py(entries.plural_expr)
        wrong = next((number for number in range(COUNTED) if rule(number) not in range(entries.num_plurals)), None)
    except (ValueError, ArithmeticError) as error:
        what = f"the rule of plurals '{entries.plural_expr}' cannot be read: {error}"
        raise fail(what, "Write the Plural-Forms of gettext, as nplurals=2; plural=(n != 1);", name) from None
    if wrong is not None:
        what = f"the rule of plurals gives form {rule(wrong)} for {wrong}, and nplurals is {entries.num_plurals}"
        raise fail(what, "Forms are counted from 0: make nplurals and plural fit each other.", name)
    return rule


def message(english: str) -> str:
    """Mark words as a message where they are written, to be said later; they come back as they are."""
    return english


def noun(singular: str, several: str) -> tuple[str, str]:
    """Mark a noun as a message where it is written, to be counted later: the words of one and of several."""
    return singular, several


def say(english: str, /, **parts: object) -> str:
    """A message in the language of the brief, with its parts put in. In English where it has no translation."""
    return filled(_translated("", english)[0], parts)


def say_of(number: int, singular: str, several: str, /, **parts: object) -> str:
    """A message that differs by a number; `singular` and `several` are the two forms of English."""
    words = _spoken.messages.get(("", singular))
    if words is None:
        return filled(singular if number == 1 else several, parts)
    return filled(words[min(_spoken.plural(number), len(words) - 1)], parts)


def say_again(text: str) -> str:
    """A text that was put together in English before it came here, such as a reason that the analysis gives."""
    if _spoken is _ENGLISH or not text:
        return text
    if ("", text) in _spoken.messages:
        return say(text)
    for pattern, english in _spoken.with_parts:
        if match := pattern.fullmatch(text):
            return say(english, **match.groupdict())
    return text


def word(context: str, english: str) -> str:
    """A word that needs its context to be translated, such as a number."""
    return _translated(context, english)[0]


def noun_for(number: int, singular: str, several: str) -> str:
    """A noun in the form that a number takes. It may hold {number}, where the language has a word for counting it."""
    words = _spoken.messages.get(("", singular))
    if words is None:
        return singular if number == 1 else several
    return words[min(_spoken.plural(number), len(words) - 1)]


def _translated(context: str, english: str) -> tuple[str, ...]:
    return _spoken.messages.get((context, english), (english,))


def filled(words: str, parts: Mapping[str, object]) -> str:
    """Words with their parts put in; what is no part of them stays as it stands."""
    if not parts:
        return words
    return PART.sub(lambda part: str(parts[part[1]]) if part[1] in parts else part[0], words)
