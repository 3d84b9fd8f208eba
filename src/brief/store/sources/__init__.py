"""Formats that comments and articles come in: one module a format recognises and reads it."""
