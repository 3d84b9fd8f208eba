"""Whether the settings that a build was started with are those of `_config.yml` in the copy that it reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

#: What is given on the command line, and what depends on where the folder is besides.
_TYPED = ("external_toc_path", "latex_individualpages")
_NOT_OF_THE_FILE = {*_TYPED, "html_static_path", "extensions", "nitpicky"}


def are_of(given: Mapping[str, Any], extensions: list[str], copy: Path) -> bool:
    """Whether Jupyter Book read the same `_config.yml` that lies in the copy.

    It reads the file before the copy is made: changed in between, pages would be made by settings of which the stamp of
    the site tells nothing. In: what it made of the file, and the extensions.
    """
    from jupyter_book.config import get_final_config  # type: ignore[import-untyped]

    typed = {name: given.get(name) for name in _TYPED}
    path = copy / "_config.yml"
    settings, _ = get_final_config(
        user_yaml=path if path.is_file() else None, cli_config=dict(typed), sourcedir=copy, validate=False
    )
    named = settings.get("extensions", [])
    wanted = {name: value for name, value in settings.items() if name not in _NOT_OF_THE_FILE}
    return all(_same(given.get(name), value) for name, value in wanted.items()) and sorted(named) == sorted(extensions)


def _same(value: Any, other: Any) -> bool:
    return json.dumps(value, sort_keys=True, default=str) == json.dumps(other, sort_keys=True, default=str)
