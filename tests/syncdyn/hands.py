"""A driver of flows for tests: every step is answered by hand, and noted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from syncdyn.flow import Close, Emit, Flow, Now, Read, Send, Step, Tell, Wait
from tests.syncdyn.fakes import START


@dataclass
class Stream:
    """An open answer: chunks come one by one; an entry that is a Failure is a broken line."""

    status: int
    headers: Any
    chunks: list[Any] = field(default_factory=list)
    is_closed: bool = False


@dataclass
class Hands:
    """Answers what a flow asks for: sends from a list, time that waiting moves; what was done is kept."""

    answers: Iterable[Any] = ()
    time: float = START
    steps: list[Step] = field(default_factory=list)
    emitted: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._answers = iter(self.answers)

    def run(self, flow: Flow[Any]) -> Any:
        """What the flow comes to."""
        answer: Any = None
        try:
            while True:
                step = flow.send(answer)
                self.steps.append(step)
                answer = self._DO[type(step)](self, step)
        except StopIteration as stop:
            return stop.value

    @property
    def sent(self) -> list[Send]:
        return [step for step in self.steps if isinstance(step, Send)]

    @property
    def waits(self) -> list[float]:
        return [step.seconds for step in self.steps if isinstance(step, Wait)]

    def _wait(self, step: Wait) -> None:
        self.time += step.seconds

    def _send(self, step: Send) -> Any:
        found = next(self._answers)
        return found(self) if callable(found) else found

    def _close(self, step: Close) -> None:
        step.stream.is_closed = True

    _DO: Any = field(
        default_factory=lambda: {
            Send: Hands._send,
            Wait: Hands._wait,
            Now: lambda self, _: self.time,
            Read: lambda _, step: step.stream.chunks.pop(0) if step.stream.chunks else None,
            Close: Hands._close,
            Tell: lambda _, step: step.callback(*step.arguments),
            Emit: lambda self, step: self.emitted.append(step.value),
        }
    )


def after(seconds: float, answer: Any) -> Callable[[Hands], Any]:
    """The same answer, but so much later."""

    def late(hands: Hands) -> Any:
        hands.time += seconds
        return answer

    return late
