"""The tree of errors: complete, importable, and whole after a pickle."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import pytest

import syncdyn
from syncdyn import ApiError, SyncdynError, Violation, errors
from syncdyn.core.api_error import ApiError as OfficialPathApiError
from syncdyn.core.request_options import RequestOptions
from syncdyn.errors import STATUS_ERRORS, error_for
from syncdyn.openapi.messages import Headers, Request

CLASSES = [kind for kind in vars(errors).values() if inspect.isclass(kind) and kind.__module__ == "syncdyn.errors"]
RAISED = [kind for kind in CLASSES if issubclass(kind, SyncdynError)]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_class_is_importable_from_the_top(kind: type[Exception]) -> None:
    assert getattr(syncdyn, kind.__name__) is kind
    assert kind.__name__ in syncdyn.__all__


@pytest.mark.parametrize("kind", RAISED, ids=lambda kind: kind.__name__)
def test_every_class_stands_in_the_tree_that_the_module_draws(kind: type[Exception]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize("kind", RAISED, ids=lambda kind: kind.__name__)
def test_one_handler_catches_all_but_a_forged_webhook(kind: type[Exception]) -> None:
    assert issubclass(kind, ApiError) is (kind.__name__ != "WebhookVerificationError")


def test_the_path_of_the_official_sdk_leads_to_the_same_class() -> None:
    assert OfficialPathApiError is ApiError
    assert RequestOptions is syncdyn.RequestOptions


FACTS: dict[str, Any] = {
    "status_code": 404,
    "body": {"message": ["a", "b"]},
    "headers": Headers({"X-Request-Id": "r-1"}),
    "request": Request("GET", "https://api.example.com/x"),
    "request_id": "r-1",
    "error_code": "gone",
    "operation": "things.get",
}
FAULT = Violation("body", ("id",), "missing (required)", "required", found=None)
MADE: dict[str, Exception] = {
    "status": STATUS_ERRORS[404]("no", **FACTS),
    "request": errors.RequestValidationError("things.get", [FAULT]),
    "response": errors.ResponseValidationError("things.get", [FAULT], {"id": None}, status_code=200),
    "job": errors.JobFailedError("ended", result={"id": 1}, state="FAILED", error_code="x"),
    "wait": errors.WaitTimeoutError("still", result=None, state=None),
    "line": errors.ApiTimeoutError("late", request=FACTS["request"]),
    "webhook": errors.WebhookVerificationError("forged", [FAULT]),
}


@pytest.mark.parametrize("error", MADE.values(), ids=MADE.keys())
def test_a_pickle_keeps_class_message_and_facts(error: Exception) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_a_fault_without_a_value_found_can_be_pickled() -> None:
    fault = Violation("body", ("id",), "missing (required)")
    assert pickle.loads(pickle.dumps(errors.RequestValidationError("things.get", [fault]))).violations == (fault,)


def test_every_class_of_a_status_says_which() -> None:
    for status, kind in STATUS_ERRORS.items():
        assert str(status) in (kind.__doc__ or "")


@pytest.mark.parametrize(("status", "kind"), [(418, errors.ApiStatusError), (599, errors.ServerError)])
def test_other_statuses_have_the_class_of_their_family(status: int, kind: type[Exception]) -> None:
    assert error_for(status) is kind


def test_an_error_made_by_hand_has_a_message() -> None:
    error = ApiError(status_code=500, body="oh")
    assert str(error) == error.message == "status_code: 500, body: oh"
    assert dict(error.headers) == {}


def test_many_faults_are_counted_and_not_all_told() -> None:
    faults = [Violation("body", (index,), "no") for index in range(50)]
    text = str(errors.RequestValidationError("things.create", faults))
    assert "50 faults" in text
    assert "... and 30 more" in text


def test_one_fault_is_one() -> None:
    assert "have 1 fault:\n  body.id: missing (required)" in str(MADE["request"])
