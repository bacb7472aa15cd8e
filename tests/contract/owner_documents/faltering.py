"""A network that fails at first."""

from __future__ import annotations

import httpx

from mockserver import Mock


class Faltering(httpx.BaseTransport):
    """The way to a mock that answers 503 for a number of times; `left` are those to come."""

    def __init__(self, mock: Mock, failures: int) -> None:
        self.left = failures
        self._inner = mock.transport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.left:
            self.left -= 1
            return httpx.Response(503, headers={"Retry-After": "0"}, json={"message": "away", "statusCode": 503})
        return self._inner.handle_request(request)
