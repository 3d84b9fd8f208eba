"""What is computed from a brief: pure functions, frames in and frames out, without files and without pictures."""
