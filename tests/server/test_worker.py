import asyncio
import threading

import pytest

from pinpoint3d.server.problems import RefusedError
from pinpoint3d.server.worker import Worker


@pytest.fixture
def worker():
    made = Worker("test")
    yield made
    made.close()


def test_commands_go_before_previews_one_after_another(worker):
    async def main():
        gate, order = threading.Event(), []
        first = asyncio.create_task(worker.run(gate.wait))
        await asyncio.sleep(0.01)
        preview = asyncio.create_task(worker.run_newest("a", lambda: order.append("preview")))
        await asyncio.sleep(0)
        command = asyncio.create_task(worker.run(lambda: order.append("command")))
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(first, preview, command)
        assert order == ["command", "preview"]

    asyncio.run(main())


def test_the_newest_preview_of_a_session_is_answered(worker):
    async def main():
        gate, ran = threading.Event(), []

        def work(name):
            gate.wait()
            ran.append(name)
            return name

        running = asyncio.create_task(worker.run_newest("a", lambda: work("running")))
        await asyncio.sleep(0.01)
        waiting = asyncio.create_task(worker.run_newest("a", lambda: work("waiting")))
        other = asyncio.create_task(worker.run_newest("b", lambda: work("other")))
        await asyncio.sleep(0.01)
        newest = asyncio.create_task(worker.run_newest("a", lambda: work("newest")))
        await asyncio.sleep(0.01)
        gate.set()
        for older in (running, waiting):
            with pytest.raises(RefusedError) as caught:
                await older
            assert caught.value.problem.code == "superseded"
        assert [await newest, await other] == ["newest", "other"]
        assert "waiting" not in ran, "what nobody waits for is not computed"

    asyncio.run(main())


def test_an_error_reaches_the_one_who_asked_and_the_thread_lives_on(worker):
    async def main():
        with pytest.raises(ZeroDivisionError):
            await worker.run(lambda: 1 / 0)
        assert await worker.run(lambda: 7) == 7

    asyncio.run(main())


def test_a_client_that_leaves_is_no_superseded_preview(worker):
    async def main():
        gate = threading.Event()
        first = asyncio.create_task(worker.run(gate.wait))
        preview = asyncio.create_task(worker.run_newest("a", lambda: 1))
        await asyncio.sleep(0.01)
        preview.cancel()
        with pytest.raises(asyncio.CancelledError):
            await preview
        gate.set()
        await first

    asyncio.run(main())
