"""What files cost that are made to cost much: time and peak memory of each beside the limits.

    python benchmarks/bad_input.py [NAME]

Each file of `costly_inputs.py` (or those whose name holds NAME) is made in a copy of a small brief. The command that
reads it runs as a process of its own. Printed are its seconds, those of the processor beside the limit, the most memory
that it held, and whether it said what is wrong; nothing is asserted.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import costly_inputs
from costly_inputs import INPUTS

SECONDS, MEGABYTES = 10, 500
COMMAND = (sys.executable, "-c", "from brief.cli import main; main()")


def main() -> None:
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    print(f"Python {platform.python_version()}; limits: {SECONDS} s of the processor and {MEGABYTES} MB")
    print(f"{'':<38}{'file':>9}{'time':>9}{'processor':>11}{'memory':>10}   said")
    with tempfile.TemporaryDirectory(prefix="brief-benchmark-") as folder:
        brief = Path(folder) / "brief"
        subprocess.run([*COMMAND, "new", str(brief)], check=True, stdout=subprocess.DEVNULL)
        for name in (name for name in INPUTS if asked in name):
            size, seconds, processor, megabytes, said = measured(brief, name)
            within = "" if processor <= SECONDS and megabytes <= MEGABYTES else "   ABOVE THE LIMIT"
            told = "as it should" if INPUTS[name].says in said else f"OTHERWISE: {said.strip()[-200:]}"
            figures = f"{size:>6.1f} MB{seconds:>7.1f} s{processor:>9.1f} s{megabytes:>7.0f} MB"
            print(f"{name:<38}{figures}   {told}{within}", flush=True)


def measured(brief: Path, name: str) -> tuple[float, float, float, float, str]:
    """The size of the file in MB, seconds, seconds of the processor, peak memory in MB, and what the command said."""
    copy, one = brief.with_name("copy"), INPUTS[name]
    shutil.copytree(brief, copy)
    made = copy / one.file
    # By another process: one that is started counts what its parent held as its own.
    subprocess.run([sys.executable, costly_inputs.__file__, name, str(made)], check=True)
    size = made.stat().st_size / 1e6
    with tempfile.TemporaryFile() as out:
        started = time.perf_counter()
        process = subprocess.Popen([*COMMAND, *one.command], cwd=copy, stdout=out, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read().decode("utf-8", "replace")
    shutil.rmtree(copy)
    # In kilobytes on Linux, in bytes on a Mac.
    megabytes = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return size, seconds, used.ru_utime + used.ru_stime, megabytes, said


if __name__ == "__main__":
    main()
