"""What a document is read from: its bytes, found, parsed, joined with other files, and kept for the next time."""
