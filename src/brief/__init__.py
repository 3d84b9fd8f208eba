"""Executable policy briefs: nothing in the brief can contradict its data.

A chapter's cell takes the edition and shows a figure or a table::

    import brief

    edition = brief.take()
    edition.figure("comment-tiles")
"""

from brief.book.snapshot import take

__all__ = ["take"]
__version__ = "0.1.0"
