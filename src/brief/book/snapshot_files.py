"""The files of a snapshot that hold all comments. This loads nothing, so that a build with nothing to do is quick."""

ENTRIES, TABLE = "entries.jsonl", "comments.csv"
"""An entry a line, and a row a comment."""
