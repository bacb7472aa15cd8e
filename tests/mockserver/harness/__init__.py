"""Stories in text files, run against a mock: in process, or over a socket with curl."""
