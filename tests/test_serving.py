"""`brief serve`: any change of what the site is made from is seen; what a build writes is not."""

from __future__ import annotations

import http.client
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from brief.contract import inputs
from brief.site import serving, waiting

#: In place of a build: it loads a file of the program, says so, and at the word writes what it has loaded.
WAITS = """
import os, sys
from pathlib import Path

root = Path(sys.argv[2])
loaded = (root / "package" / "code.py").read_text()
os.write(os.open(root / "ready", os.O_RDWR), b".")
if sys.stdin.readline():
    (root / "built").write_text(loaded)
"""


def test_a_change_is_seen_in_old_and_new_folders_and_in_files_put_in_anothers_place(
    project: Callable[..., Path],
) -> None:
    root = project("base")
    (root / "_build").mkdir()
    seen: queue.Queue[None] = queue.Queue()

    def watch() -> None:
        for change in serving.changes(root):
            seen.put(change)

    threading.Thread(target=watch, daemon=True).start()
    seen.get(timeout=20)  # what changed before the watch began

    def told(quiet: float = 0.2) -> int:
        """How often a change is told until nothing is for so many seconds."""
        count = 0
        while True:
            try:
                seen.get(timeout=quiet)
            except queue.Empty:
                return count
            count += 1

    def replaced() -> None:
        (root / "new.tmp").write_text("title: Another\n", encoding="utf-8")
        (root / "new.tmp").rename(root / "_config.yml")

    changes: list[Callable[[], object]] = [
        lambda: (root / "data" / "notes.txt").write_text("A note.", encoding="utf-8"),
        (root / "book").mkdir,
        lambda: (root / "book" / "page.md").write_text("# A page", encoding="utf-8"),
        lambda: (root / "book" / "page.md").write_text("# Another", encoding="utf-8"),
        replaced,
        replaced,
    ]
    for change in changes:
        told()
        change()
        seen.get(timeout=20)
    told(quiet=1)
    (root / "_build" / "page.html").write_text("built", encoding="utf-8")
    assert told(quiet=1) == 0


def asked(address: str, path: str, host: str) -> int:
    """The status of what the server answers to one who asks for a path of a host."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
    connection.request("GET", path, headers={"Host": host})
    status = connection.getresponse().status
    connection.close()
    return status


def test_it_answers_to_this_machine_alone_and_lists_no_folder(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "index.html").write_text("The page", encoding="utf-8")
    with serving.served(tmp_path) as address:
        port = address.rpartition(":")[2]
        assert {host: asked(address, "/index.html", host) for host in (f"127.0.0.1:{port}", f"localhost:{port}")} == {
            f"127.0.0.1:{port}": 200,
            f"localhost:{port}": 200,
        }
        assert asked(address, "/index.html", "elsewhere.example") == 421
        assert asked(address, "/index.html", f"elsewhere.example:{port}") == 421
        assert asked(address, "/figures/", f"127.0.0.1:{port}") == 404


def test_the_build_that_waits_is_let_go_only_with_the_program_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, ready = tmp_path / "package" / "code.py", tmp_path / "ready"
    code.parent.mkdir()
    code.write_text("before", encoding="utf-8")
    os.mkfifo(ready)
    monkeypatch.setattr(inputs, "PACKAGE", code.parent)
    monkeypatch.setattr(waiting, "_COMMAND", WAITS)
    told = os.open(ready, os.O_RDWR)
    with waiting.next_build(tmp_path) as following:
        for text in ("before", "after"):
            code.write_text(text, encoding="utf-8")
            assert following.run() == 0
            assert (tmp_path / "built").read_text() == text
            # The one that built, and the one after it: that has loaded what stands there now.
            assert os.read(told, 1) + os.read(told, 1) == b".."
        (tmp_path / "built").unlink()
    assert not (tmp_path / "built").exists(), "without the word nothing is built"
    os.close(told)
    inputs.code_digest.cache_clear()


def test_all_that_a_build_needs_can_be_loaded_before() -> None:
    command = [sys.executable, "-c", "from brief.site.waiting import wait; wait()", "build", "."]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
