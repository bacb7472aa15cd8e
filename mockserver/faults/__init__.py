"""Faults by rule: read, decided, done. What the connection does of them is the edges' affair."""
