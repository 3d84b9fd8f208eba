"""`brief serve`: any change of what the site is made from is seen; what a build writes is not."""

from __future__ import annotations

import http.client
import queue
import threading
from collections.abc import Callable
from pathlib import Path

from brief.site import serving


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
