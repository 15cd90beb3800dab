"""Where the work of a run is done: in this process, on the cores of this machine, or on a Ray cluster.

Every engine takes a function and its arguments and yields the results in the order of the arguments. With processes
and Ray the function and its arguments are sent away, so the function is one of a module.
"""

import importlib.util
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from enum import Enum
from typing import Any, TypeVar

from pinpoint3d.errors import PinPointError

T = TypeVar("T")
R = TypeVar("R")


class Engine(Enum):
    """Where to run."""

    LOCAL = "local"
    RAY = "ray"


def run_all(
    work: Callable[[T], R],
    items: Sequence[T],
    engine: Engine,
    workers: int | None,
    address: str | None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[R]:
    """Yield `work(item)` of every item, in order.

    Args:
        work: a function of a module.
        items: its arguments.
        engine: local, or a Ray cluster.
        workers: processes; None takes every core (local) or whatever the cluster gives (Ray). One local worker works
            in this process.
        address: of the Ray cluster; None starts or joins one on this machine.
        environment: variables that the workers begin with; a single one then has a process of its own as well.

    Raises:
        PinPointError: a worker process died, or Ray is not installed.
    """
    if engine is Engine.RAY:
        return _on_ray(work, items, workers, address, environment or {})
    workers = min(workers or os.cpu_count() or 1, len(items))
    if workers == 0 or (workers == 1 and not environment):
        return map(work, items)
    return _in_processes(work, items, workers, environment or {})


def _in_processes(
    work: Callable[[T], R], items: Sequence[T], workers: int, environment: Mapping[str, str]
) -> Iterator[R]:
    threads = max(1, (os.cpu_count() or 1) // workers)
    # Fresh interpreters: a forked child of a process with threads may hang.
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_begin_worker, initargs=(threads,)
    )
    try:
        with _environment(environment):  # handed down to the processes, which begin here
            futures: list[Future[R]] = [pool.submit(work, item) for item in items]
        for future in futures:
            yield future.result()
    except BrokenProcessPool as error:
        raise PinPointError(
            "a worker process died, most likely for want of memory; run the same command again with fewer --workers, "
            "it goes on where it stopped"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _begin_worker(threads: int) -> None:
    """Share the cores fairly, and end with the parent, however that ends."""
    import torch

    torch.set_num_threads(threads)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _on_ray(
    work: Callable[[T], R],
    items: Sequence[T],
    workers: int | None,
    address: str | None,
    environment: Mapping[str, str],
) -> Iterator[R]:
    if importlib.util.find_spec("ray") is None:
        raise PinPointError('Ray is not installed; run: pip install "pinpoint3d[ray]"')
    import ray

    ray.init(address=address, num_cpus=None if address else workers, log_to_driver=False, logging_level="ERROR")
    try:
        around = {"runtime_env": {"env_vars": dict(environment)}} if environment else {}
        task = ray.remote(max_retries=2, **around)(work)
        for reference in [task.remote(item) for item in items]:
            try:
                yield ray.get(reference)
            except ray.exceptions.RayTaskError as error:
                raise error.cause from error
    finally:
        ray.shutdown()
