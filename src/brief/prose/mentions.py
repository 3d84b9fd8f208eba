"""The small language in which prose names facts.

Chapters and the strings of figures name facts with the same roles:

=================================  =====================================================
role                               what a reader sees
=================================  =====================================================
``{fact}`name```                   the value: 7, 1,234, 20 September 2017, yes, not known
``{count}`name```                  seven comment blocks (the noun is the fact's own unit)
``{count}`name|reader|readers```   seven readers
``{plural}`name|leans|lean```      only the word that agrees with the number
=================================  =====================================================

A number word that opens a sentence gets its capital.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from brief.errors import fail
from brief.prose.conditions import Value
from brief.prose.language import capital, counted, formatted, opens_sentence

ROLES = ("fact", "count", "plural")
ROLE_PATTERN = re.compile(r"\{(?P<role>fact|count|plural)\}`(?P<body>[^`]*)`")
_POINTING = re.compile(r"\{(?P<kind>figure|table)\}`\s*(?P<name>[^`]*?)\s*`")


class Named(Protocol):
    """What prose needs of a fact: its value, and the noun of one and of several."""

    @property
    def value(self) -> Value:
        """The value; None where it is not known."""

    @property
    def unit(self) -> str:
        """The noun of one, empty where the value is not counted."""

    @property
    def units(self) -> str:
        """The noun of several."""


@dataclass(frozen=True)
class Mention:
    """A fact named in prose: the role, the fact's name, and the two forms of a word where they are given."""

    role: str
    name: str
    forms: tuple[str, str] | None

    def text(self, facts: Mapping[str, Named], opens: bool = False) -> str:
        """What a reader sees. Raises `BriefError` for an unknown name or a value that has no number."""
        fact = facts.get(self.name)
        if fact is None:
            raise fail(f"there is no fact named '{self.name}'", unknown_name_remedy(self.name, facts))
        if self.role == "fact":
            text = formatted(fact.value)
            return capital(text) if opens else text
        if isinstance(fact.value, bool) or not isinstance(fact.value, int):
            raise fail(
                f"the fact '{self.name}' is not a number, so it cannot be counted", f"Write {{fact}}`{self.name}`."
            )
        singular, plural = self.forms or (fact.unit, fact.units)
        if not singular:
            raise fail(
                f"the fact '{self.name}' has no noun", f"Write the noun: {{count}}`{self.name}|comment|comments`."
            )
        text = (
            counted(fact.value, singular, plural) if self.role == "count" else (singular if fact.value == 1 else plural)
        )
        return capital(text) if opens else text


def unknown_name_remedy(name: str, known: Iterable[str]) -> str:
    """What to write instead of a name that is not known: the longer ones that begin with it, else those that are spelt
    nearly so, and those that share its rarest word.
    """
    import difflib

    every = list(known)
    longer = [candidate for candidate in every if candidate.startswith(f"{name}-")]
    spelt = difflib.get_close_matches(name, every, n=3, cutoff=0.5)
    near = longer[:3] or list(dict.fromkeys([*spelt, *_sharing_a_word(name, every)[:2]]))
    hint = f" Near it: {', '.join(near)}." if near else ""
    return f"Use a name that `brief facts` lists.{hint}"


def _sharing_a_word(name: str, known: Iterable[str]) -> list[str]:
    """The names with a word of this one: first those whose word the fewest names have, then the short."""
    words = {candidate: set(candidate.split("-")) for candidate in known}
    often = Counter(word for own in words.values() for word in own)
    shared = {candidate: own.intersection(name.split("-")) for candidate, own in words.items()}
    sharing = [candidate for candidate, own in shared.items() if own]
    return sorted(sharing, key=lambda other: (min(often[word] for word in shared[other]), len(words[other]), other))


def parse_mention(role: str, body: str) -> Mention:
    """Read the inside of a role. Raises `BriefError` where it is not one of the forms above."""
    parts = [part.strip() for part in body.split("|")]
    if role == "fact" and len(parts) == 1:
        return Mention(role, parts[0], None)
    if role == "count" and len(parts) == 1:
        return Mention(role, parts[0], None)
    if role in ("count", "plural") and len(parts) == 3:
        return Mention(role, parts[0], (parts[1], parts[2]))
    raise fail(
        f"{{{role}}}`{body}` is not a form of this role",
        "Write {fact}`name`, {count}`name`, {count}`name|noun|nouns` or {plural}`name|singular|plural`.",
    )


def mentions(text: str) -> list[Mention]:
    """Every fact that a string names, in order."""
    return [parse_mention(match["role"], match["body"]) for match in ROLE_PATTERN.finditer(text)]


def render(template: str, facts: Mapping[str, Named]) -> str:
    """The plain text of a string in which facts are named by roles. Raises `BriefError` for an unknown fact."""
    return render_with(template, lambda mention, opens: mention.text(facts, opens))


def pointing(text: str, called: Callable[[str, str], str] = lambda kind, name: f"[{name}]") -> str:
    """A text in which references to figures and tables are what `called(kind, name)` says.

    That is their names in brackets where there are no numbers.
    """
    return _POINTING.sub(lambda match: called(match["kind"], match["name"]), text)


def render_with(template: str, write: Callable[[Mention, bool], str]) -> str:
    """The string with every mention written by `write(mention, opens_sentence)`."""
    out, end = "", 0
    for match in ROLE_PATTERN.finditer(template):
        out += template[end : match.start()]
        out += write(parse_mention(match["role"], match["body"]), opens_sentence(out))
        end = match.end()
    return out + template[end:]
