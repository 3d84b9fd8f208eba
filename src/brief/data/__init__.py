"""What a brief is, and the check of its data: `load` gives the brief, validated."""
