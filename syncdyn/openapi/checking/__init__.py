"""Does this message keep the operation's promise? Requests and responses, as values and as sent.

The client checks values before it writes them; the mock reads what was sent and checks that. The rules
and the words are the same.
"""

from syncdyn.openapi.checking.parameters import check_parameter
from syncdyn.openapi.checking.requests import CheckedRequest, RequestReader, read_request
from syncdyn.openapi.checking.responses import CheckedResponse, ResponseChecker, check_head, read_response
from syncdyn.openapi.checking.values import check_body

__all__ = [
    "CheckedRequest",
    "CheckedResponse",
    "RequestReader",
    "ResponseChecker",
    "check_body",
    "check_head",
    "check_parameter",
    "read_request",
    "read_response",
]
