"""Running the chapters: side by side, into the cache that MyST-NB reads, once for each state of the inputs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer

from brief.errors import BriefError, Fault
from brief.site.nodes import exhibit
from brief.snapshot import EXHIBIT_MIME

_AT_ONCE = 2
_TIMEOUT = 120


class ExhibitRenderer:
    """Where a cell showed an exhibit, put the node that the site's own templates write."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = [("*", EXHIBIT_MIME, 1)]

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        """The node for our own kind of output, None for any other."""
        if data.mime_type != EXHIBIT_MIME:
            return None
        shown = json.loads(data.content) if isinstance(data.content, str) else data.content
        return [exhibit("", kind=shown["kind"], exhibit_id=shown["id"])]


def run_chapters(root: Path, docnames: Sequence[str], cache_folder: Path, md_config: Any) -> list[Fault]:
    """Execute the chapters that the cache does not hold yet; returns a fault for each cell that failed."""
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn
    from jupyter_cache.executors.utils import single_nb_execution
    from myst_nb.core.read import read_myst_markdown_notebook

    cache = get_cache(str(cache_folder))
    waiting: list[tuple[Path, Any]] = []
    for docname in docnames:
        path = root / f"{docname}.md"
        notebook = read_myst_markdown_notebook(
            path.read_text(encoding="utf-8"), config=md_config, add_source_map=True, path=str(path)
        )
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            waiting.append((path, notebook))

    def execute(item: tuple[Path, Any]) -> Any:
        return single_nb_execution(
            item[1], cwd=str(item[0].parent), allow_errors=False, timeout=_TIMEOUT, meta_override=True
        )

    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        results = list(pool.map(execute, waiting))
    faults: list[Fault] = []
    for (path, notebook), result in zip(waiting, results, strict=True):
        if result.err is not None:
            told = str(result.err).strip().splitlines()
            remedy = "Open the chapter in JupyterLab and run the cell; its last words are above."
            file = path.relative_to(root).as_posix()
            faults.append(Fault(f"a cell failed: {told[-1] if told else result.err!r}", remedy, file))
        else:
            bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": 0.0})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    return faults


def raise_faults(faults: list[Fault]) -> None:
    """Raise the faults together, if there are any."""
    if faults:
        raise BriefError(faults)
