"""What is said of a file that is no OpenAPI 3 document."""

from __future__ import annotations

import pytest

from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.loading import load


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"swagger": "2.0"}', "Swagger 2.0 is not read here; convert it to OpenAPI 3 first"),
        ("swagger: '2.0'\ninfo: {}", "Swagger 2.0 is not read here; convert it to OpenAPI 3 first"),
        ('{"swaggerVersion": "1.2"}', "Swagger 1"),
        ("asyncapi: 3.0.0\n", "AsyncAPI"),
        ("arazzo: 1.0.0\n", "Arazzo"),
        ("overlay: 1.0.0\n", "give it as an overlay"),
        ('{"info": {"_postman_id": "1"}, "item": []}', "Postman"),
        ('{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}}', "Postman"),
        ('{"$schema": "https://json-schema.org/draft/2020-12/schema"}', "JSON Schema"),
        ('{"log": {"entries": []}}', "HAR"),
        ("\n<!DOCTYPE html>\n<title>API: docs</title>", "HTML page; give the address of the JSON or YAML"),
        ("<html>\n", "HTML page"),
        ('<?xml version="1.0"?>\n<a/>', "XML"),
        ("#%RAML 1.0\ntitle: A", "RAML"),
        ("FORMAT: 1A\n# A", "API Blueprint"),
        ("a: 1\n", "no `openapi` member"),
        ("[1,\n2]", "is an object"),
    ],
)
def test_what_was_given_is_told_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(DocumentError, match="the given text") as caught:
        load(text + "\n", cache_folder=None)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
