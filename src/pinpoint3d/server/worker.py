"""One thread a device: what runs on it never runs at the same time, and never in the event loop."""

import asyncio
import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from typing import Any, TypeVar

from pinpoint3d.server.problems import RefusedError

T = TypeVar("T")


class Priority(IntEnum):
    """Who goes first of those who wait."""

    COMMAND = 0
    PREVIEW = 1
    STOP = 2


class Worker:
    """Runs calls one after another, commands before previews, on a thread of its own."""

    def __init__(self, name: str) -> None:
        self._waiting: queue.PriorityQueue[tuple[Priority, int, Future[Any], Callable[[], Any]]] = queue.PriorityQueue()
        self._number = itertools.count()
        self._newest: dict[str, Future[Any]] = {}
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def run(self, call: Callable[[], T]) -> T:
        """Run a call and give its result."""
        return await asyncio.wrap_future(self._put(Priority.COMMAND, call))

    async def run_newest(self, key: str, call: Callable[[], T]) -> T:
        """Run a call that a later one of the same key makes pointless.

        Raises:
            RefusedError: a later one came before this was answered.
        """
        older = self._newest.get(key)
        if older is not None:
            older.cancel()
        future = self._newest[key] = self._put(Priority.PREVIEW, call)
        try:
            result: T = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():  # the one who asked has gone
                raise
            raise _superseded() from None
        finally:
            latest = self._newest.get(key) is future
            if latest:
                del self._newest[key]
        if not latest:
            raise _superseded()
        return result

    @property
    def length(self) -> int:
        """How many calls wait."""
        return self._waiting.qsize()

    def close(self) -> None:
        """Finish what waits, then end the thread."""
        self._put(Priority.STOP, lambda: None)
        self._thread.join()

    def _put(self, priority: Priority, call: Callable[[], T]) -> "Future[T]":
        future: Future[T] = Future()
        self._waiting.put((priority, next(self._number), future, call))
        return future

    def _work(self) -> None:
        while True:
            priority, _, future, call = self._waiting.get()
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(call())
                except BaseException as error:  # the one who asked is told, and the thread lives on
                    future.set_exception(error)
            if priority is Priority.STOP:
                return


def _superseded() -> RefusedError:
    return RefusedError("superseded", "a newer preview took this one's place")
