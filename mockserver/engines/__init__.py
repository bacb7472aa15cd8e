"""Other mock servers, started for the same document."""
