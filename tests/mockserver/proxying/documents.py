"""The document that the proxy's tests check by."""

from __future__ import annotations

from typing import Any

NOTE: dict[str, Any] = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "text": {"type": "string"}},
    "required": ["text"],
}
NOTES: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Notes", "version": "1"},
    "paths": {
        "/notes": {
            "get": {
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 10}}],
                "responses": {
                    "200": {
                        "description": "all",
                        "content": {"application/json": {"schema": {"type": "array", "items": NOTE}}},
                    }
                },
            },
            "post": {
                "requestBody": {"content": {"application/json": {"schema": NOTE}}},
                "responses": {"201": {"description": "made", "content": {"application/json": {"schema": NOTE}}}},
            },
        },
        "/secrets": {
            "get": {"security": [{"key": []}], "responses": {"204": {"description": "none"}}},
        },
        "/events": {
            "get": {
                "responses": {
                    "200": {
                        "description": "as they come",
                        "content": {
                            "text/event-stream": {
                                "itemSchema": {"type": "object", "properties": {"data": {"enum": ["on", "off"]}}}
                            }
                        },
                    }
                }
            }
        },
        "/files": {
            "get": {"responses": {"200": {"description": "any", "content": {"application/octet-stream": {}}}}},
            "post": {
                "requestBody": {"content": {"application/octet-stream": {}}},
                "responses": {"204": {"description": "taken"}},
            },
        },
    },
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-key"}}},
}
