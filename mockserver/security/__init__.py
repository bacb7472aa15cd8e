"""Whether a request shows the credentials that an operation asks for."""

from mockserver.security.identifying import Access, Visitor, identifier

__all__ = ["Access", "Visitor", "identifier"]
