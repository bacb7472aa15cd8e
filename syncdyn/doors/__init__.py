"""The ways to an operation: as a method of a resource, by its name, by method and path."""
