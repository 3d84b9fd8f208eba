"""The checks that come as Node packages, installed once into the environment, at the versions of `package.json`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from check_site import CannotRun

_WANTED = Path(__file__).with_name("package.json")
_SECONDS = 600


def node_modules() -> Path:
    """The folder `node_modules` with what `package.json` names. Raises `CannotRun` without Node or network."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise CannotRun("Node.js and npm are needed, and are not here")
    folder = Path(sys.prefix) / "node-tools"
    wanted, stamp = _WANTED.read_bytes(), folder / "installed.json"
    if not stamp.is_file() or stamp.read_bytes() != wanted:
        folder.mkdir(exist_ok=True)
        (folder / "package.json").write_bytes(wanted)
        command = [npm, "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False)
        if ended.returncode:
            raise CannotRun(f"npm could not install the tools: {ended.stderr.strip() or 'no reason given'}")
        stamp.write_bytes(wanted)
    return folder / "node_modules"
