"""Objects of the API: what reads as what, and that nothing changes or is lost."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn import common
from syncdyn.model import DataValidationError, Types, read_instant, types_of
from syncdyn.openapi.contract import Contract, contract_of
from syncdyn.openapi.document import Document
from tests.syncdyn.fakes import ASSET, AUDIO, BATCH, GENERATION, VIDEO

#: The same classes for calls that a type checker would refuse.
loose: Any = common
BORN = datetime(2024, 6, 1, tzinfo=timezone.utc)


def generation(**members: Any) -> Any:
    return common.Generation.model_validate({**GENERATION, **members})


def test_the_classes_of_a_document_are_the_same_for_all_its_clients() -> None:
    document = Document({"openapi": "3.1.0", "paths": {}})
    one, other = contract_of(document), Contract(document)
    assert types_of(one) is types_of(one)
    assert types_of(other).contract is other


def test_members_are_attributes_by_python_and_items_by_wire_name() -> None:
    found = generation()
    assert (found.output_url, found["outputUrl"]) == (GENERATION["outputUrl"],) * 2
    assert "outputUrl" in found
    assert "output_url" not in found
    assert list(found) == list(GENERATION)
    assert len(found) == len(GENERATION)


def test_a_date_time_is_one_as_attribute_and_text_as_item() -> None:
    found = generation()
    assert found.created_at == BORN
    assert found["createdAt"] == GENERATION["createdAt"]


def test_a_declared_member_that_is_absent_is_none() -> None:
    assert generation().segment_output_url is None
    assert generation(errorCode=None).error_code is None


def test_an_absent_item_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        generation()["segmentOutputUrl"]


MISSED = {
    "misspelt": ("outptu_url", "did you mean 'output_url'?"),
    "far-off": ("zzz", "Generation has no 'zzz'"),
    "undeclared-that-came": ("brandNew", r"the undeclared member that came is \['brandNew'\]"),
    "by-python-name": ("brand_new", r"the undeclared member that came is \['brandNew'\]"),
}


@pytest.mark.parametrize(("name", "told"), MISSED.values(), ids=MISSED.keys())
def test_an_undeclared_attribute_is_an_error_with_a_hint(name: str, told: str) -> None:
    with pytest.raises(AttributeError, match=told):
        getattr(generation(brandNew=1), name)


def test_dict_of_an_object_is_its_plain_members() -> None:
    found = generation(createdAt="2024-06-01T00:00:00Z", brandNew=1)
    assert dict(found) == {**found} == found.to_dict()


def test_hasattr_and_getattr_with_default_work() -> None:
    assert not hasattr(generation(), "nothing_of_that_name")
    assert getattr(generation(), "nothing_of_that_name", 7) == 7


def test_undeclared_members_are_kept() -> None:
    found = generation(brandNew={"x": [1]})
    assert found["brandNew"] == {"x": [1]}
    assert found.to_dict()["brandNew"] == {"x": [1]}


def test_objects_inside_are_objects_of_their_class() -> None:
    batch = common.BatchResponse.model_validate(BATCH)
    assert type(batch.metrics) is common.BatchMetrics
    assert [type(item) for item in generation().input] == [common.Video, common.Audio]


def test_nothing_can_be_changed() -> None:
    found = generation()
    with pytest.raises(AttributeError, match=r"copy\(status=...\)"):
        found.status = "FAILED"
    with pytest.raises(AttributeError, match="does not change"):
        del found.status
    with pytest.raises(TypeError):
        found["status"] = "FAILED"


def test_what_to_dict_gives_may_be_changed_without_harm() -> None:
    found = generation()
    found.to_dict()["input"].clear()
    assert len(found.input) == 2


def test_equal_are_objects_of_one_class_with_the_same_data() -> None:
    assert generation() == generation()
    assert generation() != generation(status="FAILED")
    assert common.Audio(url="https://x.example.com") != common.Video(url="https://x.example.com")
    assert generation() != GENERATION
    assert common.GenerationOptions() != common.ActiveSpeaker()


def test_an_object_is_true_even_without_members_and_not_hashable() -> None:
    assert common.GenerationOptions()
    with pytest.raises(TypeError):
        hash(generation())


def test_a_repr_reads_like_the_call_that_makes_it() -> None:
    assert repr(common.Video(url="https://x.example.com/v")) == "Video(url='https://x.example.com/v', type='video')"


def test_a_repr_cuts_what_is_long_and_shows_what_is_undeclared() -> None:
    assert repr(common.Asset.model_validate({**ASSET, "name": "x" * 500, "brandNew": 1}))[-90:].count("x") < 70
    assert "brandNew=1" in repr(generation(brandNew=1))


def test_dir_lists_the_members() -> None:
    assert {"created_at", "error_code", "to_dict", "violations"} <= set(dir(generation()))


def test_a_constructor_takes_python_and_wire_names_and_fills_constants() -> None:
    assert loose.Video(asset_id="a", refId="r").to_dict() == {"assetId": "a", "refId": "r", "type": "video"}


def test_a_constructor_leaves_none_out() -> None:
    assert common.Audio(url="https://x.example.com", ref_id=None).to_dict() == {
        "url": "https://x.example.com",
        "type": "audio",
    }


def test_a_constructor_takes_objects_inside() -> None:
    segment = common.GenerationSegment(start_time=0, end_time=1, audio_input=common.SegmentAudioInput(ref_id="a"))
    assert segment["audioInput"] == {"refId": "a"}
    assert segment.audio_input.ref_id == "a"


def test_a_value_that_is_no_json_is_refused_with_its_place() -> None:
    with pytest.raises(DataValidationError, match=r"members\.url: an object has no JSON value"):
        loose.Video(url=object())


def test_copy_changes_adds_and_takes_out() -> None:
    changed = generation().copy(status="FAILED", error_code="x", output_url=None)
    assert (changed.status, changed.error_code, "outputUrl" in changed) == ("FAILED", "x", False)
    assert generation().status == "COMPLETED"
    with pytest.raises(DataValidationError):
        generation().copy(error=object())


COPIES = {
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "copy-method": lambda value: value.copy(),
    "json": lambda value: type(value).model_validate_json(value.json()),
    "dump": lambda value: type(value).model_validate(value.model_dump(mode="json")),
    "dump-by-name": lambda value: type(value).model_validate(value.model_dump(by_alias=False)),
}


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES.keys())
def test_a_copy_is_equal(copied: Any) -> None:
    found = generation(createdAt="2024-06-01T00:00:00Z", brandNew=[1, {"x": None}], options={"temperature": 0.5})
    again = copied(found)
    assert again == found
    assert type(again) is type(found)


def test_dumps_by_wire_and_by_python_name() -> None:
    batch = common.BatchResponse.model_validate({**BATCH, "more": 1})
    by_wire, by_name = batch.model_dump(), batch.model_dump(by_alias=False)
    assert by_wire["created_at"] == BORN
    assert by_wire["metrics"] == BATCH["metrics"]
    assert (by_wire["outputUrl"], by_name["output_url"]) == ("", "")
    assert by_wire["more"] == by_name["more"] == 1


def test_dumps_without_nulls() -> None:
    assert "webhookUrl" not in common.BatchResponse.model_validate(BATCH).model_dump(exclude_none=True)


def test_json_dumps_have_date_times_as_text() -> None:
    dumped = json.loads(generation().model_dump_json(indent=2))
    assert dumped["createdAt"] == GENERATION["createdAt"]
    assert dumped["input"] == [VIDEO, AUDIO]


def test_json_keeps_what_came_letter_by_letter() -> None:
    assert json.loads(generation(error="naïve").json()) == generation(error="naïve").to_dict()
    assert "naïve" in generation(error="naïve").json()


def test_data_that_does_not_fit_is_refused_with_every_fault() -> None:
    with pytest.raises(DataValidationError) as caught:
        common.Generation.model_validate({**GENERATION, "id": 7, "status": None})
    assert isinstance(caught.value, ValueError)
    assert {violation.where for violation in caught.value.violations} == {"data.id", "data.status"}


def test_validating_an_object_of_the_class_gives_it_back() -> None:
    found = generation()
    assert common.Generation.model_validate(found) is found


class Report(pydantic.BaseModel):
    """A user's own model, with an object of the API in it."""

    title: str
    job: common.Generation
    options: common.GenerationOptions | None = None


def test_classes_work_as_fields_of_pydantic() -> None:
    report = Report(title="r", job=generation(), options=common.GenerationOptions(temperature=0.2))
    assert report.job.created_at == BORN
    assert report.model_dump()["job"] == GENERATION
    assert Report.model_validate_json(report.model_dump_json()) == report
    assert Report.model_validate({"title": "r", "job": GENERATION}).job == report.job


def test_pydantic_tells_where_data_does_not_fit() -> None:
    with pytest.raises(pydantic.ValidationError, match=r"(?s)job\n.*data\.id: missing"):
        Report.model_validate({"title": "r", "job": {"status": "PENDING"}})


def test_pydantic_describes_the_fields() -> None:
    job = Report.model_json_schema()["properties"]["job"]
    assert (job["type"], job["title"]) == ("object", "Generation")


INSTANTS = {
    "utc": ("2024-06-01T00:00:00Z", BORN),
    "small-z": ("2024-06-01t00:00:00z", BORN),
    "milliseconds": ("2024-06-01T00:00:00.000Z", BORN),
    "nanoseconds": ("2024-06-01T00:00:00.123456789Z", BORN.replace(microsecond=123456)),
    "tenths": ("2024-06-01T00:00:00.5+00:00", BORN.replace(microsecond=500000)),
    "zone": ("2024-06-01T02:00:00+02:00", BORN),
    "no-date": ("soon", "soon"),
    "number": (17, 17),
    "null": (None, None),
}


@pytest.mark.parametrize(("text", "moment"), INSTANTS.values(), ids=INSTANTS.keys())
def test_reading_an_instant(text: Any, moment: Any) -> None:
    assert read_instant(text) == moment


@given(st.datetimes(timezones=st.sampled_from([timezone.utc, timezone(timedelta(hours=-5, minutes=-30))])))
def test_every_instant_that_is_written_is_read(moment: datetime) -> None:
    assert read_instant(moment.isoformat()) == moment


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Shapes", "version": "1"},
    "paths": {},
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "description": "A thing.",
                "properties": {
                    "day": {"type": "string", "format": "date"},
                    "class": {"type": "string"},
                    "copy": {"type": "string"},
                    "parent": {"$ref": "#/components/schemas/Thing"},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                    "days": {"type": "array", "items": {"type": "string", "format": "date"}},
                    "grid": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
                },
            },
            "Odd-Name": {"type": "object", "properties": {"x": {"type": "integer"}}},
            "Colour": {"enum": ["red", "blue"]},
            "Things": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
            "Either": {"oneOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "string"}]},
            "Anything": {},
        }
    },
}
TYPES = Types(Contract(Document(DOCUMENT)))
Thing = TYPES.named("Thing")


def test_a_class_may_hold_itself() -> None:
    thing = Thing(parent={"parts": [{"day": date(2024, 6, 1)}]})
    assert type(thing.parent.parts[0]) is Thing
    assert thing.parent.parts[0].day == date(2024, 6, 1)
    assert thing.parent.parts[0]["day"] == "2024-06-01"


def test_a_member_that_is_not_what_was_promised_reads_as_it_came() -> None:
    thing = Thing._view({"day": "someday", "parent": "me", "parts": "none", "grid": [[1.5]]})
    assert (thing.day, thing.parent, thing.parts, thing.grid) == ("someday", "me", "none", [[1.5]])


def test_a_list_of_days_is_dumped_as_text() -> None:
    thing = Thing(days=[date(2024, 6, 1)])
    assert thing.days == [date(2024, 6, 1)]
    assert thing.model_dump(mode="json") == {"days": ["2024-06-01"]}


def test_one_part_where_a_list_was_promised_is_still_an_object() -> None:
    assert Thing._view({"parts": [{"day": None}, 7]}).parts[1] == 7


def test_classes_have_the_documents_name_and_words() -> None:
    assert (Thing.__name__, Thing.__doc__) == ("Thing", "A thing.")
    assert TYPES.named("Odd-Name").__name__ == "OddName"


def test_a_class_is_made_once() -> None:
    assert TYPES.named("Thing") is Thing


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        TYPES.named("Nothing")


def test_every_schema_has_a_python_type() -> None:
    found = {name: str(TYPES.named(name)) for name in TYPES.names if name not in ("Thing", "Odd-Name")}
    assert found["Colour"] == "typing.Literal['red', 'blue']"
    assert found["Things"].startswith("list[")
    assert "str" in found["Either"]
    assert TYPES.named("Anything") is not None


def test_every_class_of_the_bundled_document_can_be_imported() -> None:
    assert {"Generation", "TTS", "Tts", "Model", "GenerationStatus", "BatchResponse"} <= set(loose.__all__)
    for name in loose.__all__:
        assert getattr(common, name) is not None


def test_an_unknown_class_is_an_attribute_error_with_the_known_ones() -> None:
    with pytest.raises(AttributeError, match="Generation"):
        loose.Generatoin  # noqa: B018


def test_a_pickle_is_read_in_a_new_process() -> None:
    """Its classes are made there from the bundled document; what it broke comes along."""
    found = generation(status="COMPLETED")
    code = "import pickle, sys; g = pickle.load(sys.stdin.buffer); print(type(g).__name__, g.status)"
    run = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(found), capture_output=True, check=True)
    assert run.stdout.split() == [b"Generation", b"COMPLETED"]


def test_what_item_access_gives_can_be_changed_without_changing_the_object() -> None:
    found = generation(input=[{"type": "video", "url": "https://a.example/v.mp4"}])
    found["input"][0]["url"] = "https://elsewhere.example"
    found["input"].append(1)
    assert found.input[0].url == "https://a.example/v.mp4"
    assert len(found["input"]) == 1


def test_text_that_is_no_json_is_told_as_any_other_fault() -> None:
    with pytest.raises(DataValidationError, match="not JSON"):
        common.Generation.model_validate_json("{")


def test_an_object_of_a_document_of_ones_own_cannot_be_pickled() -> None:
    with pytest.raises(TypeError, match=r"a Thing cannot be pickled: .* pickle to_dict\(\) of it"):
        pickle.dumps(Thing(day=date(2024, 6, 1)))
