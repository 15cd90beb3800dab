"""Where work is done: in which process, and with what around it."""

import os

import pytest

from pinpoint3d.engines import Engine, run_all


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_workers_begin_with_the_environment_and_this_process_keeps_its_own(monkeypatch, workers):
    monkeypatch.delenv("A_VARIABLE", raising=False)
    monkeypatch.setenv("ANOTHER", "as it was")
    variables = {"A_VARIABLE": "here", "ANOTHER": "changed"}
    assert list(run_all(os.getenv, list(variables), Engine.LOCAL, workers, None, variables)) == ["here", "changed"]
    assert "A_VARIABLE" not in os.environ
    assert os.environ["ANOTHER"] == "as it was"


def test_one_worker_works_in_this_process():
    assert list(run_all(lambda item: (item, os.getpid()), [3], Engine.LOCAL, 1, None)) == [(3, os.getpid())]
