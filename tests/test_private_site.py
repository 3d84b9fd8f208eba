"""Private: what a page may not tell of those who wrote under it, and a comment that was taken back."""

from __future__ import annotations

from pathlib import Path

import topics
from brief.store.withdrawing import withdraw
from conftest import run_build

TEXTS = [
    "Write to me at ann.example@library.example or call 020 7946 0958, please.",
    "@Ann Example is right, and the year 1998 was better.",
    "This one will be taken back by its author.",
]
AUTHORS = ["Ann Example", "Ben Example", "Ann Example"]
SECRETS = ("Ann Example", "Ben Example", "ann.example@library.example", "7946 0958")


def everything(root: Path) -> str:
    files = topics.files_of(root / "_build" / "html")
    return "\n".join(content.decode("utf-8", "replace") for name, content in files.items() if not name.endswith(".png"))


def test_names_addresses_and_withdrawn_words_are_nowhere_on_the_site(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", TEXTS, coded=3, author=AUTHORS)
    ended = run_build(root)
    assert ended.returncode == 0, ended.stdout
    told = everything(root)
    for secret in SECRETS:
        assert secret not in told
    assert "[e-mail address removed]" in told and "[telephone number removed]" in told and "1998" in told
    page = (root / "_build/html/comments.html").read_text(encoding="utf-8")
    names = [part.split("<")[0] for part in page.split("<dd>Commenter ")[1:]]
    assert len(names) == 3 and names[0] == names[2] != names[1], "the same author has the same pseudonym"
    assert f"Commenter {names[0]} is right" in page

    withdraw(root, f"{topics.COLLECTION}-3", "asked for by its author")
    ended = run_build(root)
    assert ended.returncode == 0, ended.stdout
    assert "taken back" not in everything(root)
    assert "2 comments" in (root / "_build/html/index.html").read_text(encoding="utf-8")
