"""Running the chapters: side by side, once for what their cells are made from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from myst_nb.core.render import MimeData, NbElementRenderer
from nbformat import from_dict

from brief.book.snapshot import EXHIBIT_MIME
from brief.contract import inputs
from brief.contract.kept_work import done_once
from brief.errors import BriefError, Fault
from brief.site.cells import only_show, show
from brief.site.nodes import exhibit
from brief.site.state import Build

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


def read_run(_: str, notebook: Any) -> Any:
    """A chapter as the notebook whose cells have been run; what MyST-NB reads it with, by the name of this function."""
    return notebook


def run_chapters(build: Build, docnames: Sequence[str], config: Any) -> dict[str, tuple[str, dict[str, Any], bool]]:
    """Run the cells of chapters; returns how MyST-NB reads each, by the end of its path.

    Cells that only show exhibits need no Python of their own. For others one is started for each chapter; they may look
    at every file that the build reads, so what they put out is kept for exactly these. Raises `BriefError` with a fault
    for each chapter whose cells failed.
    """
    chapters = [_read(build.source, docname, config) for docname in docnames]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        faults = [fault for fault in pool.map(lambda chapter: _run(build, chapter), chapters) if fault]
    if faults:
        raise BriefError(faults)
    return {
        f"/{chapter.docname}.md": (
            f"{__name__}.{read_run.__name__}",
            {"notebook": chapter.notebook},
            False,
        )
        for chapter in chapters
        if is_myst_markdown_notebook(chapter.text)
    }


@dataclass(frozen=True)
class _Chapter:
    """A chapter with its cells, which have still to be run."""

    docname: str
    path: Path
    text: str
    notebook: Any

    @property
    def cells(self) -> list[Any]:
        """Its code cells."""
        return _code(self.notebook)


def _code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _put_out(cell: Any) -> dict[str, Any]:
    return {"execution_count": cell.execution_count, "outputs": cell.outputs}


def _read(root: Path, docname: str, config: Any) -> _Chapter:
    path = root / f"{docname}.md"
    # As Sphinx reads it.
    text = path.read_text(encoding="utf-8-sig")
    notebook = read_myst_markdown_notebook(text, config=config, add_source_map=True, path=str(path))
    return _Chapter(docname, path, text, notebook)


def _run(build: Build, chapter: _Chapter) -> Fault | None:
    """Run the cells of a chapter; returns what went wrong."""
    try:
        if only_show(chapter.cells, chapter.path.parent):
            show(chapter.cells, build.snapshot)
            return None
        sources = json.dumps([[cell.source, cell.metadata] for cell in chapter.cells], sort_keys=True)
        parts = (inputs.digest_of(build.source, inputs.files(build.source)), chapter.docname, sources)
        kept = json.loads(done_once("cells", parts, lambda: _by_a_kernel(chapter)))
    except Exception as error:
        lines = [line for line in str(error).splitlines() if line.strip()] or [repr(error)]
        remedy = "Open the chapter in JupyterLab and run the cell."
        return Fault(f"a cell failed: {lines[-1]}", remedy, f"{chapter.docname}.md")
    for cell, run in zip(chapter.cells, kept, strict=True):
        cell.update(from_dict(run))
    return None


def _by_a_kernel(chapter: _Chapter) -> bytes:
    """What the cells of a chapter put out, run in a Python of their own."""
    failed = _execute(chapter.notebook, chapter.path.parent)
    if failed is not None:
        raise failed
    return json.dumps([_put_out(cell) for cell in chapter.cells], sort_keys=True).encode()


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
