"""The second opinion: openapi-core, asked in place of our own checker."""
