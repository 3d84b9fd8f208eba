"""Comments read by a program: any command that reads JSON lines and writes JSON lines, checked line by line.

The first line that the command gets holds the codebook: version, question, stances, themes, certainties, each code with
id, label, definition, include, exclude. Each further line is a comment: comment_id and text, as it may leave the store
(names, e-mail addresses and telephone numbers replaced). For each comment it answers a line: comment_id, stance, and
where it has them themes (a list), certainty, irony, note; a stance of null leaves the comment uncoded. No line holds
anybody's codings. The command is started without a shell.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shlex
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from brief.coding.keeping import Checker, coded_by, keep, opened
from brief.contract.json_files import from_text
from brief.data import samples
from brief.data.brief import EARLIER, Brief
from brief.data.shapes import Code, Codebook
from brief.errors import BriefError, Fault, fail
from brief.findings import passes

ANSWERS = "answers.jsonl"
"""What faults call the lines that the command writes."""
LONGEST_LINE = 1_000_000
_KEYS = ("comment_id", "stance", "stance_in_thread", "themes", "certainty", "irony", "note")
_READ = ("stance_in_thread", "themes", "certainty", "irony")
_SHOWN = 20
_LAST_WORDS = 2_000


@dataclass
class Answers:
    """What came back: readings by comment, comments left uncoded on purpose, and what was wrong."""

    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    uncoded: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)


def code(
    root: Path,
    command: str,
    coder: str,
    kind: str,
    name: str = "",
    sample_id: str = "",
    resume: bool = False,
    timeout: float = 600,
    tell: Callable[[str], None] = lambda line: None,
) -> Answers:
    """Let a command read the comments, and store what it read as the codings of a coder.

    `kind` is what the coder is, as in `data/coders.yml`; `sample_id` limits it to a sample; `timeout` is how many
    seconds it may be silent; `tell` is told how far it is. Without `resume` everything is stored or, where any line is
    wrong or any comment has no answer, nothing. With `resume` only comments that the coder has not coded are sent,
    sound readings are stored, and the faults are in what is returned. Raises `BriefError` for all other faults.
    """
    brief, codebook = opened(root)
    arguments = _arguments(command)
    done = {row["comment_id"] for row in coded_by(root, coder) if row.get("text_read") != EARLIER}
    if done and not resume:
        remedy = "Give --resume to code the other comments, or another --coder."
        raise fail(f"'{coder}' has codings already: {len(done)}", remedy, f"data/codings/{coder}.csv")
    wanted = passes.ids(brief)
    if sample_id:
        drawn = set(samples.read(root, sample_id).comments)
        wanted = [comment_id for comment_id in wanted if comment_id in drawn]
    wanted = [comment_id for comment_id in wanted if comment_id not in done]
    if not wanted:
        raise fail("no comment is left to code", "Draw another sample, or name another coder.")
    answers = _run(arguments, _lines(brief, codebook, set(wanted)), wanted, brief, codebook, timeout, tell)
    if answers.faults and not resume:
        raise BriefError(answers.faults)
    if answers.rows:
        given = f"The sample '{sample_id}'" if sample_id else "The comments"
        day = brief.topic.edition.isoformat()
        keep(
            root,
            {
                "id": coder,
                "name": name or coder,
                "kind": kind,
                # It was sent no codings; what a model was trained on is another matter.
                "blind": kind != "trained model",
                "independent": kind != "trained model",
                "how": f"{given} and version {codebook.version} of the codebook, and no codings, given to the command "
                f"{command} on {day}.",
            },
            list(answers.rows.values()),
            replace=False,
        )
    return answers


def _arguments(command: str) -> list[str]:
    try:
        arguments = shlex.split(command)
    except ValueError as error:
        what = f"the command cannot be split into words: {error}"
        raise fail(what, "Close every quotation mark in --with.") from None
    if not arguments:
        raise fail("the command is empty", 'Give --with "PROGRAM ARGUMENTS".')
    return arguments


def _lines(brief: Brief, codebook: Codebook, wanted: set[str]) -> Iterator[str]:
    """The codebook as a JSON line, then the comments, one a line, in the order of the brief."""
    kinds = {"stances": codebook.stances, "themes": codebook.themes, "certainties": codebook.certainties}
    codes = {kind: [_described(code) for code in listed] for kind, listed in kinds.items()}
    yield json.dumps({"codebook": {"version": codebook.version, "question": codebook.question, **codes}}) + "\n"
    for _, shown in passes.published(brief):
        asked = shown[shown["comment_id"].isin(wanted)]
        for name, text in zip(asked["comment_id"], asked["text"], strict=True):
            yield json.dumps({"comment_id": name, "text": text}) + "\n"


def _described(code: Code) -> dict[str, str]:
    return {key: getattr(code, key) for key in ("id", "label", "definition", "include", "exclude")}


# The child process ------------------------------------------------------------------------------------------------


def _run(
    arguments: list[str],
    lines: Iterable[str],
    wanted: list[str],
    brief: Brief,
    codebook: Codebook,
    timeout: float,
    tell: Callable[[str], None],
) -> Answers:
    """Feed the lines to a command and check what it answers until it ends, fails, falls silent or says too much."""
    reader = _Reader(wanted, Checker(codebook, brief.topic.edition.isoformat(), ANSWERS))
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
            )
        except OSError as error:
            remedy = "Name a program that is installed, or the path of a file that may be run."
            raise fail(f"the command cannot be started: {arguments[0]}: {error.strerror}", remedy) from None
        try:
            ended = _converse(process, lines, reader, timeout, tell)
        finally:
            _stop(process)
        if not ended:
            what = f"the command said nothing for {timeout:g} seconds and was stopped"
            reader.fault(what, "Give it more time with --timeout SECONDS; it must answer line by line and then end.")
        elif process.returncode and not reader.full:
            what = f"the command ended with status {process.returncode}"
            reader.fault(what, f"Its last words: {_last_words(errors) or '(it said nothing)'}")
    return reader.answers()


def _converse(
    process: subprocess.Popen[bytes],
    lines: Iterable[str],
    reader: _Reader,
    timeout: float,
    tell: Callable[[str], None],
) -> bool:
    """Write and read at once, so that neither side waits for the other. Returns whether it came to an end in time."""
    assert process.stdin is not None and process.stdout is not None
    came: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    most = 2 * len(reader.wanted) + _SHOWN
    threading.Thread(target=_feed, args=(process.stdin, lines), daemon=True).start()
    threading.Thread(target=_fetch, args=(process.stdout, came, most), daemon=True).start()
    try:
        while (line := came.get(timeout=timeout)) is not None:
            reader.line(line)
            reader.full = reader.full or reader.read == most
            if reader.full:
                return True
            if reader.read % 500 == 0:
                tell(f"{len(reader.seen)} of {len(reader.wanted)} comments")
        process.wait(timeout=timeout)
    except (queue.Empty, subprocess.TimeoutExpired):
        return False
    return True


def _feed(stdin: IO[bytes], lines: Iterable[str]) -> None:
    # A command that stops reading before the end is judged by what it answers.
    with contextlib.suppress(OSError, ValueError):
        for line in lines:
            stdin.write(line.encode("ascii"))
        stdin.close()


def _fetch(stdout: IO[bytes], came: queue.SimpleQueue[bytes | None], most: int) -> None:
    """Hand over line by line, never more of a line than may be, nor more lines."""
    with contextlib.suppress(OSError, ValueError):
        for _ in range(most):
            line = stdout.readline(LONGEST_LINE + 1)
            if not line:
                break
            came.put(line)
    came.put(None)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the command and everything it started; one that has ended is left as it is."""
    if process.poll() is None:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_words(errors: IO[bytes]) -> str:
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - _LAST_WORDS))
    said = errors.read().decode("utf-8", "replace").split("\n")
    return " / ".join(line.strip() for line in said if line.strip())[-500:]


# What comes back --------------------------------------------------------------------------------------------------


class _Reader:
    """Checks answers line by line."""

    def __init__(self, wanted: list[str], checker: Checker) -> None:
        self.wanted = dict.fromkeys(wanted)
        self.checker = checker
        self.read = 0
        self.seen: set[str] = set()
        self.rows: dict[str, dict[str, str]] = {}
        self.uncoded: set[str] = set()
        self.broken: list[Fault] = []
        self.full = False

    def fault(self, what: str, remedy: str) -> None:
        """Tell what is wrong with the command as a whole."""
        self.broken.append(Fault(what, remedy))

    def line(self, line: bytes) -> None:
        """Check a line."""
        self.read += 1
        if len(line) > LONGEST_LINE:
            what = f"the line is longer than {LONGEST_LINE:,} bytes"
            self.checker.fault(what, "Write one short JSON object a line.", self.read)
            self.full = True
        elif line.strip():
            answer = self._object(line)
            if answer is not None:
                self._answer(answer)

    def _object(self, line: bytes) -> Mapping[str, Any] | None:
        try:
            answer = from_text(line.decode("utf-8"))
        except ValueError:
            answer = None
        if not isinstance(answer, Mapping):
            start = line[:60].decode("utf-8", "replace").strip()
            remedy = 'Write a JSON object a line, as {"comment_id": "...", "stance": "..."}, and all else to stderr.'
            self.checker.fault(f"this is no JSON object: {start}", remedy, self.read)
            return None
        return answer

    def _answer(self, answer: Mapping[str, Any]) -> None:
        before = len(self.checker.faults)
        for key in answer:
            if key not in _KEYS:
                remedy = f"Use these keys: {', '.join(_KEYS)}."
                self.checker.fault(f"the key '{str(key)[:60]}' is unknown", remedy, self.read)
        name = str(answer.get("comment_id", ""))
        if name not in self.wanted:
            what = f"the comment '{name[:60]}' was not asked for"
            self.checker.fault(what, "Answer with the comment_id of a line that was given.", self.read, "comment_id")
        elif name in self.seen:
            what = f"the comment '{name}' has been answered already"
            self.checker.fault(what, "Answer each comment once.", self.read, "comment_id")
            # Which of the two is meant cannot be known.
            self.rows.pop(name, None)
        self.seen.add(name)
        cells = {key: self._text(answer[key], key) for key in _KEYS if answer.get(key) is not None}
        if len(self.checker.faults) > before:
            return
        if not cells.get("stance") and not any(cells.get(key) for key in _READ):
            self.uncoded.add(name)
        elif row := self.checker.checked(cells, self.read):
            self.rows[name] = row

    def _text(self, value: Any, key: str) -> str:
        """A value as the text of a cell; a list only of themes."""
        if key == "themes" and isinstance(value, list) and all(isinstance(theme, str) for theme in value):
            return ";".join(value)
        if not isinstance(value, str):
            kind = "a list of texts" if key == "themes" else "a text"
            self.checker.fault(f"{json.dumps(value)[:60]} is not {kind}", f"Write {kind}.", self.read, key)
            return ""
        return value

    def answers(self) -> Answers:
        """Everything, with the comments that have no answer and the first faults of many."""
        faults = self.checker.faults
        listed = [*self.broken, *faults[:_SHOWN]]
        if len(faults) > _SHOWN:
            listed.append(Fault(f"and {len(faults) - _SHOWN} more faults", "Correct the first ones first.", ANSWERS))
        missing = [name for name in self.wanted if name not in self.seen]
        if missing and not self.broken and not self.full:
            names = ", ".join(missing[:10]) + (" …" if len(missing) > 10 else "")
            remedy = "Answer each comment; a stance of null leaves it uncoded."
            listed.append(Fault(f"comments without an answer, {len(missing)}: {names}", remedy, ANSWERS))
        return Answers(self.rows, self.uncoded, listed)
