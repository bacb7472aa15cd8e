"""Which response a request gets, and what stands in it, by what the document says alone."""
