"""Running the chapters: side by side, into the cache that MyST-NB reads, once for each state of the inputs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer

from brief.book.snapshot import EXHIBIT_MIME
from brief.errors import Fault
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


def run_chapters(root: Path, docnames: Sequence[str], cache_folder: Path, md_config: Any) -> list[Fault]:
    """Execute the chapters that the cache does not hold yet; returns a fault for each cell that failed."""
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn
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

    def execute(item: tuple[Path, Any]) -> Exception | None:
        path, notebook = item
        if not any(cell.cell_type == "code" for cell in notebook.cells):
            return None
        failed: Exception | None = None
        for _ in range(_STARTS):
            try:
                _client(notebook, path.parent).execute()
                return None
            except RuntimeError as error:
                # The kernel did not start, or died: a port that was free may be taken before it listens there.
                failed = error
            except Exception as error:
                return error
        return failed

    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        results = list(pool.map(execute, waiting))
    faults: list[Fault] = []
    for (path, notebook), error in zip(waiting, results, strict=True):
        if error is not None:
            lines = [line for line in str(error).splitlines() if line.strip()] or [repr(error)]
            remedy = "Open the chapter in JupyterLab and run the cell."
            faults.append(Fault(f"a cell failed: {lines[-1]}", remedy, path.relative_to(root).as_posix()))
        else:
            bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": 0.0})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    return faults


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
