"""The files of a snapshot that hold all comments. This loads nothing, so that a build with nothing to do is quick."""

ENTRIES, TABLE, PARQUET = "entries.jsonl", "comments.csv", "comments.parquet"
"""An entry a line; a row a comment, twice."""
