"""A schema -> an example value that keeps it: read from the document's examples, else made by a seed."""

from syncdyn.openapi.sampling.sampler import Sampler, Unsampled

__all__ = ["Sampler", "Unsampled"]
