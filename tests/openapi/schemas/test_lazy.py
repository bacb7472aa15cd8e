"""Properties worked out on first use."""

from __future__ import annotations

import threading

from syncdyn.openapi.schemas.lazy import lazy


class Pair:
    """Two properties that, on two threads, need each other's."""

    def __init__(self, barrier: threading.Barrier | None = None) -> None:
        self.barrier = barrier
        self.other = self
        self.count = 0

    @lazy
    def left(self) -> str:
        """What stands left."""
        self.count += 1
        if self.barrier:
            self.barrier.wait(timeout=5)
            return f"left of {self.other.plain_right}"
        return "left"

    @lazy
    def right(self) -> str:
        if self.barrier:
            self.barrier.wait(timeout=5)
            return f"right of {self.other.plain_left}"
        return "right"

    @lazy
    def plain_left(self) -> str:
        return Pair().left

    @lazy
    def plain_right(self) -> str:
        return Pair().right


def test_the_work_is_done_once() -> None:
    pair = Pair()
    assert [pair.left, pair.left] == ["left", "left"]
    assert pair.count == 1


def test_on_the_class_it_is_itself_and_documented() -> None:
    assert isinstance(Pair.left, lazy)
    assert Pair.left.__doc__ == "What stands left."


def test_two_threads_that_need_each_others_properties_do_not_wait_for_ever() -> None:
    barrier = threading.Barrier(2)
    first, second = Pair(barrier), Pair(barrier)
    found: list[str] = []
    works = (lambda: found.append(first.left), lambda: found.append(second.right))
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=5)
    assert sorted(found) == ["left of right", "right of left"]
