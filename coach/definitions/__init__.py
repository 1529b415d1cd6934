"""Files that people write: exercises, programmes and their rules."""
