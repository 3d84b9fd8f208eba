"""Running the chapters: side by side, into the cache that MyST-NB reads, once for what their cells are made from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer

from brief.book.snapshot import EXHIBIT_MIME
from brief.errors import Fault
from brief.site.cells import only_show
from brief.site.nodes import exhibit

_AT_ONCE = 2
_TIMEOUT = 120
_STARTS = 2


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


@dataclass(frozen=True)
class Waiting:
    """A chapter with its cells, which have still to be run, and whether all they do is to show exhibits."""

    path: Path
    notebook: Any
    only_shows: bool

    @property
    def cells(self) -> list[Any]:
        """Its code cells."""
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]


def read_chapters(root: Path, docnames: Sequence[str], md_config: Any) -> list[Waiting]:
    """The chapters as notebooks."""
    from myst_nb.core.read import read_myst_markdown_notebook

    chapters = []
    for docname in docnames:
        path = root / f"{docname}.md"
        text = path.read_text(encoding="utf-8")
        notebook = read_myst_markdown_notebook(text, config=md_config, add_source_map=True, path=str(path))
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        chapters.append(Waiting(path, notebook, only_show(cells, path.parent)))
    return chapters


def run_chapters(root: Path, chapters: Sequence[Waiting], cache_folder: Path) -> list[Fault]:
    """Execute the chapters that the cache does not hold yet; returns a fault for each cell that failed."""
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn

    cache = get_cache(str(cache_folder))
    waiting: list[Waiting] = []
    for chapter in chapters:
        try:
            cache.match_cache_notebook(chapter.notebook)
        except KeyError:
            waiting.append(chapter)
    together: dict[Path, list[Waiting]] = {}
    for chapter in waiting:
        if chapter.only_shows:
            together.setdefault(chapter.path.parent, []).append(chapter)
    runs = [*together.values(), *([chapter] for chapter in waiting if not chapter.only_shows)]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        results = [result for results in pool.map(_run, runs) for result in results]
    faults: list[Fault] = []
    for chapter, error in results:
        if error is not None:
            lines = [line for line in str(error).splitlines() if line.strip()] or [repr(error)]
            remedy = "Open the chapter in JupyterLab and run the cell."
            faults.append(Fault(f"a cell failed: {lines[-1]}", remedy, chapter.path.relative_to(root).as_posix()))
        else:
            bundle = CacheBundleIn(chapter.notebook, str(chapter.path), data={"execution_seconds": 0.0})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    return faults


def _run(chapters: Sequence[Waiting]) -> list[tuple[Waiting, Exception | None]]:
    """Run chapters one after the other in one Python; where that fails, each in its own, to tell which it is."""
    whole = copy(chapters[0].notebook)
    whole.cells = [cell for chapter in chapters for cell in chapter.cells]
    failed = _execute(whole, chapters[0].path.parent) if whole.cells else None
    if failed is not None and len(chapters) > 1:
        for cell in whole.cells:
            cell |= {"outputs": [], "execution_count": None}
        return [result for chapter in chapters for result in _run([chapter])]
    for chapter in chapters if failed is None else ():
        if language := whole.metadata.get("language_info"):
            chapter.notebook.metadata["language_info"] = language
        # As if it had run alone, and without the picture: a page takes the exhibit by its name.
        for number, cell in enumerate(chapter.cells if chapter.only_shows else (), start=1):
            cell["execution_count"] = number
            for output in cell.outputs:
                if "execution_count" in output:
                    output["execution_count"] = number
                if EXHIBIT_MIME in output.get("data", ()):
                    output["data"] = {EXHIBIT_MIME: output.data[EXHIBIT_MIME]}
    return [(chapter, failed) for chapter in chapters]


def _execute(notebook: Any, folder: Path) -> Exception | None:
    """Run the cells of a notebook, which get what they put out; returns what went wrong."""
    failed: Exception | None = None
    for _ in range(_STARTS):
        try:
            _client(notebook, folder).execute()
            return None
        except RuntimeError as error:
            # The kernel did not start, or died: a port that was free may be taken before it listens there.
            failed = error
        except Exception as error:
            return error
    return failed


def _client(notebook: Any, folder: Path) -> Any:
    from ipykernel.kernelspec import get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from traitlets.config import Config

    class OwnKernel(AsyncKernelManager):
        """A kernel of the Python that builds, whatever is installed on the machine under the name of python3."""

        kernel_spec = KernelSpec(**get_kernel_dict())

    # Kernels listen on loopback; encrypted, so that nobody else on the machine can listen in.
    config = Config()
    config.KernelManager.transport_encryption = "auto"
    resources = {"metadata": {"path": str(folder)}}
    # Nothing of a kernel is wanted once its cells have run; asked to leave, some take seconds.
    return NotebookClient(
        notebook,
        timeout=_TIMEOUT,
        kernel_name="python3",
        kernel_manager_class=OwnKernel,
        resources=resources,
        record_timing=False,
        shutdown_kernel="immediate",
        config=config,
    )
