"""A verb that other clients have is told with the method that does it, by what it asks and what it asks it of."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn import Client

NAMES = {
    "GET /v1/pets": "GetPets",
    "POST /v1/pets": "PostPets",
    "GET /v1/pets/{id}": "GetPetsId",
    "PUT /v1/pets/{id}": "PutPetsId",
    "POST /v1/pets/{id}": "PostPetsId",
    "POST /v1/pets/{id}/feed": "PostPetsFeed",
    "DELETE /v1/pets/{id}/toys/{toy}": "Forget",
}


@pytest.fixture(scope="module")
def pets() -> Any:
    paths: dict[str, Any] = {}
    for key, name in NAMES.items():
        method, _, path = key.partition(" ")
        paths.setdefault(path, {})[method.lower()] = {"operationId": name, "tags": ["pets"]}
    info = {"title": "Pets", "version": "1"}
    return Client({"openapi": "3.1.0", "info": info, "paths": paths}, base_url="https://pets.example.com").pets


MEANT = {
    "create": r"did you mean 'post_pets' \(POST /v1/pets\)\?",
    "list": r"did you mean 'get_pets' \(GET /v1/pets\)\?",
    "retrieve": r"did you mean 'get_pets_id' \(GET /v1/pets/\{id\}\)\?",
    "get": r"did you mean 'get_pets_id'",
    "update": r"did you mean 'put_pets_id'",
    "delete": r"its methods: get_pets, post_pets",
    "feeed": r"its methods: get_pets, post_pets",
}


@pytest.mark.parametrize(("verb", "told"), MEANT.items(), ids=MEANT)
def test_a_verb_is_told_with_the_method_that_does_it(pets: Any, verb: str, told: str) -> None:
    with pytest.raises(AttributeError, match=rf"^'pets' has no method '{verb}'; {told}"):
        getattr(pets, verb)
