"""What goes wrong inside the mock because the data of its document is not as it is to be: told as the mistake it is."""

from __future__ import annotations

from itertools import islice

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.operations import Operation

#: What is raised where a value is not of the kind that was expected. It may be a mistake of the mock's own as well.
ACCIDENTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_MOST_TOLD = 5


def tell_mistakes(contract: Contract, *operations: Operation) -> None:
    """Nothing where the data at the root of a document and at some operations is as it is to be.

    Raises DocumentError that tells the mistakes. For those who have met an accident: it takes milliseconds.
    """
    from mockserver.behaviour.reviewing import Review

    review = Review(contract)
    lines = [line for one in operations for line in review.of_operation(one, one.key)]
    lines += islice(review.of_root(), _MOST_TOLD)
    if lines:
        raise DocumentError("; ".join(lines[:_MOST_TOLD]))
