"""Files that the mock makes, reads and serves."""
