"""Young briefs: what a maintainer has in the first days, made as one makes them, with `brief new` and `brief add`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import yaml

from brief.contract import text_files
from brief.store import adding, starter

MILL = """Council reportedly plans to close Mill Lane to cars

Millford council plans to close Mill Lane to through traffic from next spring, the Gazette has learned from a person
close to the decision. The closure would last for a trial of six months.

“Two in three children now walk past queues of cars every morning,” said councillor Ann Reed.
"""
LETTERS = (
    "About time. My daughter has asthma and the queue outside the school never ends.",
    "So the rest of us sit in traffic on Station Road instead. Nobody has thought this through.",
    "I run the bakery at number 12. If the vans cannot stop I will close by summer.",
    "Would this apply to buses as well?",
    "The council never listens anyway.",
    "I am for it if residents get a permit. Otherwise it is unfair on people who cannot walk far.",
)
SECOND = """Tech firms tell ministers that backdoors are a bad idea

Three technology companies told a committee on Tuesday that a way in for the police would be a way in for everybody.

“We have looked at this for ten years,” said a spokesperson, who asked not to be named.
"""
GERMAN = """Der Rat will die Mühlgasse für Autos sperren

Der Rat will die Mühlgasse ab dem Frühjahr für Autos sperren, wie die Zeitung erfuhr. Das soll sechs Monate lang gelten.
"""
GERMAN_LETTERS = ("Endlich. Meine Tochter hat Asthma.", "Und wir stehen dann auf der Bahnhofstraße im Stau.")
GAZETTE, TRIBUNE = "the-gazette-2020-05-01", "the-tribune-2020-06-01"
TABLE = "at-the-desk"


def page(article: str, letters: tuple[str, ...] = ()) -> str:
    """A page as it is copied: the article, and the comments below it."""
    return article + "".join(f"\n{'' if n else chr(10)}{letter}\n" for n, letter in enumerate(letters))


def add(root: Path, name: str, text: str, **answers: object) -> None:
    """`brief add` of a file that lies beside the brief."""
    file = root.parent / name
    file.write_text(text, encoding="utf-8")
    adding.add(root, file, answers)


def gazette(root: Path, text: str = "", **answers: object) -> None:
    """The article of the Gazette, and what stands below it."""
    told = {"publisher": "The Gazette", "published": "2020-05-01"} | answers
    add(root, "page.txt", text or page(MILL, LETTERS), **told)


def code(root: Path, coder: str, stances: tuple[str, ...], collection: str = GAZETTE, themes: str = "") -> None:
    """A person's codings of the first comments, and the person in the list of coders."""
    listed = yaml.safe_load((root / "data" / "coders.yml").read_text(encoding="utf-8")) or []
    who = {"id": coder, "name": f"Reader {coder.title()}", "kind": "person", "how": "Read once."}
    listed.append({**who, "blind": True, "independent": True})
    (root / "data" / "coders.yml").write_text(yaml.safe_dump(listed), encoding="utf-8")
    rows = [
        {"comment_id": f"{collection}-{number}", "codebook_version": "1", "stance": stance, "themes": themes}
        | {"certainty": "clear", "coded_at": "2020-05-03"}
        for number, stance in enumerate(stances, start=1)
    ]
    file = root / "data" / "codings" / f"{coder}.csv"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text_files.write_csv(rows, list(rows[0])), encoding="utf-8")


def _empty(root: Path) -> None:
    """Nothing but what `brief new` makes."""


def _article_only(root: Path) -> None:
    gazette(root, page(MILL))


def _table_only(root: Path) -> None:
    rows = "\n".join(f'"{letter}"' for letter in LETTERS)
    add(root, "letters.csv", f"text\n{rows}\n", collection=TABLE, question="Should Mill Lane be closed to cars?")


def _uncoded(root: Path) -> None:
    gazette(root)


def _partly_coded(root: Path) -> None:
    gazette(root)
    code(root, "ann", ("for", "against", "against"))


def _coded(root: Path) -> None:
    gazette(root)
    code(root, "ann", ("for", "against", "against", "no-position", "cannot-tell", "for"))


def _two_articles(root: Path) -> None:
    """One of them in the English of a country: paper knows languages alone."""
    gazette(root)
    text = page(SECOND, ("The committee will not listen.", "My phone, my business."))
    add(root, "second.txt", text, publisher="The Tribune", published="2020-06-01", language="en-GB")


def _many(root: Path) -> None:
    """More than the page lists one by one; nobody has read them."""
    whats = ("The bridge", "Our school", "That bakery", "Every bus", "A market")
    whys = ("costs too much", "needs quiet", "was never asked")
    texts = [f"{what} {why}, {n * 7} times over." for n in range(4, 9) for what in whats for why in whys]
    rows = "".join(f'"{text}"\n' for text in texts)
    add(root, "letters.csv", f"text\n{rows}", collection=TABLE, question="Should Mill Lane be closed to cars?")


def _german(root: Path) -> None:
    gazette(root, page(GERMAN, GERMAN_LETTERS), language="de")


def _two_coders(root: Path) -> None:
    gazette(root)
    code(root, "ann", ("for", "against", "against", "no-position"))
    code(root, "ben", ("for", "against", "mixed"))
    topic = root / "data" / "brief.yml"
    topic.write_text(topic.read_text(encoding="utf-8") + "coder: ann\n", encoding="utf-8")


BRIEFS: dict[str, Callable[[Path], None]] = {
    "empty": _empty,
    "article-only": _article_only,
    "table-only": _table_only,
    "uncoded": _uncoded,
    "partly-coded": _partly_coded,
    "coded": _coded,
    "many": _many,
    "two-articles": _two_articles,
    "german-article": _german,
    "two-coders": _two_coders,
}


def made(folder: Path, name: str) -> Path:
    """The young brief of this name, in a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    starter.new(folder)
    BRIEFS[name](folder)
    return folder
