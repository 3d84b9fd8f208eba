"""The contract of `data/`: every file and column declared once; reading and writing them; digests; what modules add."""
