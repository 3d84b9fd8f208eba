"""Starts another program, tells its number, and falls silent with it."""

import pathlib
import subprocess
import sys

child = subprocess.Popen(["sleep", "600"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid), encoding="utf-8")
child.wait()
