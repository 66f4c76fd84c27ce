"""A worker process: takes one full analysis after the other, politely (niced, one thread)."""

import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from techflow import analysis
from techflow.banks import bank_of
from techflow.home import Home
from techflow.jobs import Job, Jobs
from techflow.log import log
from techflow.model import Model
from techflow.state import State

# Answers come first: a worker gets what the web process leaves. SCHED_IDLE would go further, and then a machine that is
# shared with anybody else would never finish an analysis.
NICENESS = 15


class TakenOver(Exception):
    """The lease ran out and another worker has the job."""


def inputs_of(view: dict[str, Any], market: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """What an analysis is made from: the client's view, the bank's market, and what is asked to be different."""
    return {"view": {**view, **market}, "change": change}


def make(inputs: dict[str, Any], *, paths: int, seed: int, model: Model, progress: Callable[[int, int], None]) -> Any:
    """One full analysis; equal inputs, paths and seed give equal results."""
    change = dict(inputs["change"])
    scenarios: tuple[analysis.Scenario, ...] = analysis.SCENARIOS
    if change:
        asked = analysis.Scenario(name="what if", **{name: float(value) for name, value in change.items()})
        scenarios = (scenarios[0], asked)
    view = inputs["view"]
    result = analysis.run(analysis.portfolio_of(view), paths=paths, seed=seed, scenarios=scenarios, progress=progress)
    return {**result, "contact": analysis.contact_counterfactuals(model, view), "model": model.digest}


def perform(job: Job, worker: str, jobs: Jobs, state: State, model: Model) -> bool:
    """Make one job's analysis; False when it was taken over or could not be made."""
    view = state.client(job.client)
    if view is None:
        jobs.fail(job, worker, f"no client {job.client}")
        return False
    inputs = inputs_of(view, state.markets().get(bank_of(job.client), {}), job.change)
    told = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal told
        if done == total or time.monotonic() - told > 0.5:
            told = time.monotonic()
            if not jobs.progress(job.id, worker, done, total):
                raise TakenOver

    started = time.monotonic()
    try:
        result = make(inputs, paths=job.paths, seed=job.seed, model=model, progress=progress)
    except TakenOver:
        log("analysis.taken-over", job=job.id, worker=worker)
        return False
    took = time.monotonic() - started
    finished = jobs.finish(job, worker, {**inputs, "paths": job.paths, "seed": job.seed}, result, took)
    log("analysis.done", job=job.id, kind=job.kind, client=job.client, seconds=round(took, 2), kept=finished)
    return finished


def run(home: Home, *, name: str, kinds: tuple[str, ...]) -> None:
    """Work until SIGTERM; the job at hand is left to its lease then."""
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    os.nice(NICENESS)
    settings, worker = home.settings(), f"{name}-{os.getpid()}"
    jobs, state, model = Jobs(home.jobs), State(home.state), home.load_model()
    log("worker.started", worker=worker, settings=json.dumps(asdict(settings)))
    try:
        while not stopping:
            job = jobs.lease(
                worker, kinds=kinds, diary=home.diary(), refresh=settings.refresh_seconds, paths=settings.paths
            )
            if job is None:
                time.sleep(0.3)
                continue
            try:
                perform(job, worker, jobs, state, model)
            except (ValueError, TypeError) as error:
                jobs.fail(job, worker, str(error))
                log("analysis.failed", job=job.id, error=repr(error))
    except KeyboardInterrupt:
        log("worker.stopped", worker=worker)
