"""Ways of reading encrypted messages, run on real cryptography: who reads what, and what a leaked secret opens.

A topic switches the module on with `modules: [access]` in `data/brief.yml`; the sizes of the model are in
`data/access.yml`. It is a model: small, and not the code of any service. What comes out of it are outcomes of attempts
to decrypt, never keys.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from brief.errors import BriefError, Fault, fail

_PACKAGES = ("cryptography", "doubleratchet")
if _missing := [name for name in _PACKAGES if importlib.util.find_spec(name) is None]:
    raise fail(
        f"the module 'access' needs packages that are not installed: {', '.join(_missing)}",
        'Install them: pip install -e ".[access]"',
        "data/brief.yml",
        None,
        "modules",
    )

from brief_access import facts, figures, leaks, tables  # noqa: E402  (they register what the topic shows)
from brief_access.settings import CONTRACT, read  # noqa: E402

__all__ = ["CONTRACT", "examine", "facts", "figures", "leaks", "tables"]


def examine(root: Path) -> list[Fault]:
    """The faults of the module's own data in the brief at `root`."""
    try:
        read(root)
    except BriefError as error:
        return list(error.faults)
    return []
