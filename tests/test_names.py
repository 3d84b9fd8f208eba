"""What a local holds, it is called by: a comment, a fault, a claim. A word that fits everything names nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SAYS_NOTHING = {"one", "found", "told", "made"}


def bound(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every parameter and every name that something is assigned to, with its line; fields of classes left out."""
    fields = {
        id(part.target)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for part in node.body
        if isinstance(part, ast.AnnAssign)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in fields:
            yield node.lineno, node.id


def test_no_local_is_called_by_a_word_that_fits_everything() -> None:
    files = sorted(path for folder in ("src", "tools") for path in (ROOT / folder).rglob("*.py"))
    names = [(path, line, name) for path in files for line, name in bound(ast.parse(path.read_text(encoding="utf-8")))]
    assert len(names) > 5000
    assert [f"{path.relative_to(ROOT)}:{line}: {name}" for path, line, name in names if name in SAYS_NOTHING] == []
