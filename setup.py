"""What pyproject.toml cannot say: a wheel carries what a new brief is made from, and that stands in the clone once."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

CARRIED = Path("brief", "store", "starter", "general")
FILES = (
    *("_config.yml", "_toc.yml", "requirements.txt", ".github/workflows/publish.yml"),
    *("tools/chain_editions.py", "tools/keep.sh", "tools/publish.sh", "tools/set-up.sh"),
    "tools/take_out_withdrawn.py",
    *(f"tools/take_out/{name}.py" for name in ("__init__", "__main__", "chain", "edition")),
    *(f"tools/take_out/{name}.py" for name in ("manifest", "stubs", "words")),
)
OF_A_MODULE = re.compile(r"---\n(?:(?!---).*\n)*?  module: ")


class BuildWithChapters(build_py):
    """Lays the general chapters beside the modules. An installation that can be edited reads those of the clone."""

    def run(self) -> None:
        """Build as ever, then copy; what an earlier build left is taken away first."""
        target = Path(self.build_lib) / CARRIED
        shutil.rmtree(target, ignore_errors=True)
        super().run()
        if not self.editable_mode:
            for name in _carried():
                self.mkpath(str((target / name).parent))
                self.copy_file(name, str(target / name))

    def get_source_files(self) -> list[str]:
        """A source distribution holds them too, so that a wheel can be built from it."""
        return [*super().get_source_files(), *_carried()]


def _carried() -> Iterator[str]:
    """Files of the clone, relative to it: general chapters, not those that only some topics need."""
    yield from FILES
    for path in sorted(Path("book").glob("*.md")):
        if not OF_A_MODULE.match(path.read_text(encoding="utf-8")):
            yield path.as_posix()


setup(cmdclass={"build_py": BuildWithChapters})
