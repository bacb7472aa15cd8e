"""The ground floor: OpenAPI documents read, modelled, and messages checked against them.

Nothing here opens a socket or knows a client or a mock; both are built upon it.
"""
