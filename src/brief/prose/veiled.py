"""Names that are found without being known: of each form of a name only a digest under a key is kept.

So a text that is added later can be searched for the name of somebody who withdrew, and the name stands nowhere. What
is kept of a form beside its digest: its kind, whether ordinary words are in it, and how many parts it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from brief.prose.names import Form, Names

_CALLED, _RUN, _HANDLE = "called", "unspaced", "signs"
_LONGEST_KEY = 64
_SEEN = 500_000


def forms(author: str) -> list[tuple[str, str]]:
    """The forms in which an author may be named: what is kept of each, and its letters."""
    return list(Names({author: "shown"}, "").forms())


class VeiledNames(Names):
    """Finds names in a text as `Names` does, of which it knows digests only."""

    def __init__(self, known: Mapping[str, str], digests: Callable[[str], list[str]], shown: str) -> None:
        """`known`: what is kept of each form, by its digest; `digests`: those of letters; `shown` replaces a name."""
        super().__init__({}, shown)
        kept = {
            name: {sha: form for sha, form in known.items() if form.split()[0] == name}
            for name in (_CALLED, _RUN, _HANDLE)
        }
        others = {sha: form for sha, form in known.items() if form.split()[0] not in kept}
        self._forms = _Veiled(others, digests, lambda form: _form_of(form, shown))
        self._words = _Veiled(kept[_CALLED], digests, lambda _: shown)
        self._runs = _Veiled(kept[_RUN], digests, lambda _: shown)
        self._handles = _Veiled(kept[_HANDLE], digests, lambda _: shown)
        self._heads = _Every()
        self._longest_key = _LONGEST_KEY
        self._lengths = list(range(12, 2, -1))


def _form_of(recorded: str, shown: str) -> Form:
    kind, ordinary, parts = (*recorded.split(), "0", "1")[:3]
    return Form(shown, kind, ordinary == "1", int(parts) if parts.isdigit() else 1)


class _Every(set[str]):
    """A set that holds any text: the beginnings of veiled names are not known."""

    def __contains__(self, _: object) -> bool:
        return True


class _Veiled(dict[str, Any]):
    """A table of which only digests of its keys are known."""

    def __init__(
        self, known: Mapping[str, str], digests: Callable[[str], list[str]], form_of: Callable[[str], Any]
    ) -> None:
        super().__init__()
        self._known, self._digests, self._form_of = known, digests, form_of
        self._seen: dict[str, Any] = {}

    def get(self, key: str, default: Any = None) -> Any:
        if not self._known:
            return default
        if key not in self._seen:
            if len(self._seen) > _SEEN:
                self._seen.clear()
            form = next((self._known[sha] for sha in self._digests(key) if sha in self._known), None)
            self._seen[key] = None if form is None else self._form_of(form)
        value = self._seen[key]
        return default if value is None else value

    def __getitem__(self, key: str) -> Any:
        return self.get(key)

    def __contains__(self, key: object) -> bool:
        return self.get(str(key)) is not None

    def __bool__(self) -> bool:
        return bool(self._known)

    def __iter__(self) -> Iterator[str]:
        return iter(())
