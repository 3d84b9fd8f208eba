"""Typst, in a process of its own for each paper: what it takes of memory is free again when the paper is there.

The same file is what that process runs: it loads nothing of this package.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Any


class Refused(Exception):
    """Typst does not take a document: its message, and its diagnostic, which names texts."""

    def __init__(self, message: str, diagnostic: str) -> None:
        super().__init__(message)
        self.message, self.diagnostic = message, diagnostic


def compiled(template: str, fonts: Sequence[str], inputs: Mapping[str, str], date: dt.date) -> tuple[bytes, int]:
    """A template set with its inputs as PDF/UA-1, and how many pages it has; nothing is read but it and the fonts.

    In: the path of the template, the folders of fonts beside those inside Typst, and the date that the PDF bears.
    Raises `Refused` as Typst does, and `BriefError` where the process has ended otherwise.
    """
    from brief.errors import fail  # only here: the process itself loads nothing of this package

    request = {"template": template, "fonts": [*fonts], "inputs": {**inputs}, "date": date.isoformat()}
    command = [sys.executable, "-P", __file__]
    ended = subprocess.run(command, input=json.dumps(request).encode(), stdout=subprocess.PIPE, check=False)
    head, _, content = ended.stdout.partition(b"\n")
    if ended.returncode or not head:
        raise fail(
            f"the process that sets the papers has ended: {ended.returncode}",
            "See to the memory that is free, then try again.",
        )
    answer = json.loads(head)
    if "message" in answer:
        raise Refused(answer["message"], answer["diagnostic"])
    return content, answer["pages"]


def _answer(request: Mapping[str, Any], answers: IO[bytes]) -> None:
    """Compile, and write a line of JSON, then the PDF."""
    from pathlib import Path

    import typst

    date = dt.date.fromisoformat(request["date"])
    try:
        compiler = typst.Compiler(
            request["template"],
            root=str(Path(request["template"]).parent),
            font_paths=request["fonts"],
            ignore_system_fonts=True,
            sys_inputs=request["inputs"],
        )
        stamp = dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC)
        content = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=stamp)
        pages = int(json.loads(compiler.query("<pages>", field="value", one=True)))
    except typst.TypstError as error:
        answers.write(json.dumps({"message": error.message, "diagnostic": error.diagnostic}).encode() + b"\n")
    else:
        answers.write(json.dumps({"pages": pages}).encode() + b"\n" + bytes(content))  # type: ignore[arg-type]


if __name__ == "__main__":
    _answer(json.load(sys.stdin.buffer), sys.stdout.buffer)
