"""A run: a segmenter, a data set and the robot; typed rows written as samples are done, resumed where it stopped."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pinpoint3d.datasets.registry import open_dataset
from pinpoint3d.engines import Engine, run_all
from pinpoint3d.evaluation.published import write_published
from pinpoint3d.evaluation.rows import Journal, SampleResult
from pinpoint3d.evaluation.samples import Sample, samples_of
from pinpoint3d.evaluation.settings import Settings, claim
from pinpoint3d.evaluation.sources import read_source
from pinpoint3d.evaluation.worker import Batch, Loader, annotate_batch
from pinpoint3d.progress import track
from pinpoint3d.segmenters.registry import load_model

PUBLISHED = "published.csv"
_BATCH = 8  # samples of one scene that share an encoding; what a cut-off loses at most, a worker


def run(
    settings: Settings,
    out: Path,
    *,
    engine: Engine = Engine.LOCAL,
    workers: int | None = None,
    address: str | None = None,
    load: Loader = load_model,
) -> list[SampleResult]:
    """Annotate every sample and write `run.json`, `rows.jsonl`, `samples.jsonl` and `published.csv` to a folder.

    A folder with a run of the same settings is continued; finished samples are not made again.

    Args:
        settings: what to measure.
        out: folder, made where there is none.
        engine: where to work.
        workers: processes; see `run_all`.
        address: of a Ray cluster.
        load: what makes a segmenter of its name; a function of a module.

    Returns:
        All results, in the order of the samples.

    Raises:
        FileError: the folder holds a run of other settings, or a scene cannot be read.
        PinPointError: the segmenter or data set is unknown, nothing of this level is there, or a worker died.
    """
    load(settings.segmenter)  # an unknown name must fail before any work
    dataset = open_dataset(settings.data)
    samples = list(samples_of(dataset, settings.level, settings.selection, settings.seed, settings.per_scene))
    claim(out, settings)
    journal = Journal(out)
    try:
        batches = list(_batches(settings, [sample for sample in samples if sample.id not in journal.done], load))
        with track("annotating", len(samples)) as advance:
            advance(len(journal.done))
            for results in run_all(annotate_batch, batches, engine, workers, address):
                for result in results:
                    journal.write(result)
                advance(len(results))
    finally:
        journal.close()
    source = read_source(out)
    write_published(out / PUBLISHED, source.rows)
    return source.results


def _batches(settings: Settings, samples: Sequence[Sample], load: Loader) -> Iterator[Batch]:
    batch: list[Sample] = []
    for sample in samples:
        if batch and (sample.scene != batch[0].scene or len(batch) == _BATCH):
            yield Batch(settings, tuple(batch), load)
            batch = []
        batch.append(sample)
    if batch:
        yield Batch(settings, tuple(batch), load)
