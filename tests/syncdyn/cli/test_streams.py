"""Standard streams that cannot take what a program has to say."""

from __future__ import annotations

import io
import os
import sys

import pytest

from syncdyn.cli.streams import flush_streams, forgive_encodings


def test_a_character_that_the_terminal_lacks_is_a_question_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii", write_through=True))
    forgive_encodings()
    sys.stdout.write("caf\u00e9")
    assert written.getvalue() == b"caf?"


def test_what_is_left_for_a_closed_pipe_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    pipe = os.fdopen(write, "w")
    pipe.write("more")
    os.close(read)
    monkeypatch.setattr(sys, "stdout", pipe)
    flush_streams()
    pipe.close()  # with nothing more to complain of


@pytest.mark.parametrize("stream", [None, io.StringIO()], ids=["none", "one without a descriptor"])
def test_a_program_may_have_no_streams(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO | None) -> None:
    if stream is not None:
        stream.close()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", None)
    forgive_encodings()
    flush_streams()
