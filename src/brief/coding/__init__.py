"""Readings of comments: samples for coders, programs that code, the formats that codings come and go in."""
