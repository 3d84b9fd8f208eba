"""Where a repository still holds words that were taken back: its branches, and since which commit."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from html import escape
from pathlib import Path

_MARK = ".brief-publication"
"""The file by which a branch that keeps published sites is known; see tools/publish.sh."""
_SECONDS = 120


def where_it_stands(root: Path, text: str, author: str) -> Iterator[str]:
    """The branches whose commits hold a text or a name, each with the first such commit, as lines to print.

    A branch that keeps published sites holds them in PDFs and archives as well, which are not searched. Nothing is told
    where the brief is no repository.
    """
    top = _git(root, "rev-parse", "--show-prefix")
    if not top or top[0]:
        return
    words = [line for text in (text.strip(), author) for line in text.split("\n")[:1] if len(line) > 2]
    for branch in _git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes"):
        published = bool(_git(root, "ls-tree", "--name-only", branch, "--", _MARK))
        written = [*words, *(escape(word) for word in words)] if published else words
        commits = [
            commit
            for words_written in dict.fromkeys(written)
            for commit in _git(root, "log", "--format=%h", f"-S{words_written}", branch)
        ]
        if commits:
            first = commits[-1]
            since = f"the branch {branch}, since its commit {first}"
            if published:
                again = f"make publish DEST=folder KEEP={branch.rpartition('/')[2]} FRESH=1"
                yield f"{since}: earlier published sites. {again} replaces the branch by one commit without them"
            else:
                yield f"{since}: the history. Only rewriting it (git filter-repo) takes it out; then push with --force"


def _git(root: Path, *arguments: str) -> list[str]:
    command = ["git", "-C", str(root), *arguments]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, check=True, errors="replace", timeout=_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return []
    return ended.stdout.split("\n")[:-1] if ended.stdout else []
