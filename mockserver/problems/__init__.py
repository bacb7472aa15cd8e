"""What a refused request is told, and what is told of one that was let through."""

from mockserver.problems.faults import Fault, Refused, fault_of
from mockserver.problems.writing import Problems

__all__ = ["Fault", "Problems", "Refused", "fault_of"]
