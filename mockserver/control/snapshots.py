"""All that the mock remembers in one piece, so that a test can go back to it: jobs go on from where they were."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import cast

from mockserver.control.seeing import Asked, Refusal, Seen, Told
from mockserver.errors import MockError
from mockserver.making import title_of
from mockserver.state import State
from mockserver.storing.codecs import codec_of
from mockserver.timing import Pace

#: What reading something else than a snapshot ends in.
_NOT_ONE = (AttributeError, IndexError, KeyError, TypeError, ValueError, MockError)


def take_snapshot(seen: Seen, _asked: Asked) -> Told:
    """The state with its time, to be kept by who asked; what is in it is the mock's own affair."""
    blobs: list[bytes] = []
    written = codec_of(State).encode(replace(seen.state, pace=Pace(0.0, seen.now, seen.state.pace.speed)), blobs)
    content = base64.b64encode(b"".join(blobs)).decode("ascii")
    return Told({"document": title_of(seen.contract), "state": written, "content": content})


def restore_snapshot(seen: Seen, asked: Asked) -> Told:
    """Nothing; everything, time too, is as it was when the snapshot was taken. The journal goes on."""
    given, title = asked.body, title_of(seen.contract)
    if given["document"] != title:
        raise Refusal(
            422, f"body.document: the snapshot is one of {given['document']!r}, and this mock is of {title!r}"
        )
    try:
        state = cast("State", codec_of(State).decode(given["state"], base64.b64decode(given["content"], validate=True)))
        json.dumps(codec_of(State).encode(state, []))
    except _NOT_ONE as error:
        raise Refusal(422, f"body.state: it is no snapshot of this version of the mock: {error!r}") from None
    return Told(status=204, state=replace(state, pace=state.pace.moved(seen.real, state.pace.mock)))
