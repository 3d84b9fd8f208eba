"""Executable policy briefs: nothing in the brief can contradict its data."""

__version__ = "0.1.0"
