"""Where the state is kept: in memory, or in a file that survives and that several processes share."""
