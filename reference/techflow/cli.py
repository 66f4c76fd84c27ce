"""The command `techflow`."""

import argparse
import asyncio
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from techflow import campaign, evidence, faults
from techflow.analysis import PATHS
from techflow.banks import BANKS
from techflow.feeds import SHAPES
from techflow.flags import RELEASES
from techflow.home import MODEL_ROWS, Home, HomeBusy, Settings
from techflow.legacy import DRIFT, FAULTS
from techflow.log import log
from techflow.model import ModelRefused


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 all right, 1 the answer is no, 2 it cannot be done as asked."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    try:
        code: int = chosen.run(Home(), chosen)
    except (
        campaign.NotTheFile, faults.FaultError, HomeBusy, ModelRefused, FileNotFoundError, ProcessLookupError,
    ) as error:  # fmt: skip
        print(f"techflow: {error}", file=sys.stderr)
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="techflow",
        description="Predictive insights for a bank's advisers, from seven legacy systems. "
        "TECHFLOW_HOME names the folder of an installation (default .techflow).",
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    def verb(name: str, run: Any, help: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=help, description=help)
        added.set_defaults(run=run)
        return added

    run = verb("run", _run, "start the system: legacy systems, intake, workers, web; prepares it at the first time")
    _settings(run)
    run.add_argument("--release", choices=RELEASES, default="v2", help="v1 synchronous, v2 two tiers, v3 regression")
    run.add_argument("--port", type=int, default=8620)
    run.add_argument("--workers", type=int, default=2, help="processes for full analyses")
    _settings(verb("prepare", _prepare, "make data, model and first load without starting anything"))
    verb("reset", _reset, "remove everything that running made; an imported data file stays")

    data = verb("data", _import, "take the public bank marketing file")
    data.add_argument("action", choices=["import"])
    data.add_argument("file", type=Path)

    verb("train", _train, "train, sign and pin the model").add_argument("--seed", type=int, default=2026)
    judge = verb("evaluate", _evaluate, "the model on the time after its training; exits 1 unless the AUC is met")
    judge.add_argument("--target", type=float, default=0.70, help="AUC that must be reached")
    judge.add_argument("--shuffle-labels", type=int, metavar="SEED", help="mix the answers: nothing must be met")
    judge.add_argument("--evidence", type=Path, metavar="DIR", help="write evidence records there")
    judge.add_argument("--subject", help="what the evidence is about; default the model's digest")

    again = verb("replay", _replay, "compute recorded answers again; exits 1 when one differs")
    again.add_argument("id", nargs="?", help="an answer's id; without it the newest ones")
    again.add_argument("--newest", type=int, default=100)
    again.add_argument("--evidence", type=Path, metavar="DIR", help="write an evidence record there")
    again.add_argument("--subject", help="what is measured; default a digest of this package")
    again.add_argument("--analysis", action="store_true", help="make the full analysis behind the answer again, too")
    verb("verify", _verify, "check the chain of audit records")
    verb("health", _health, "sources, findings and the customers they touch")
    play = verb(
        "simulate", _simulate, "play the stopped system's next ticks of 5 s in compressed time, then tell its health"
    )
    play.add_argument("--ticks", type=int, default=120)
    held = verb("quarantine", _quarantine, "what waits in quarantine; with a fix, try it again")
    held.add_argument("--fix", metavar="JSON", help='such as {"feed": "crm", "rename": {"occupation": "job"}}')

    load = verb("load", _load, "offer load with an open model and write evidence records")
    load.add_argument("--url", default="http://127.0.0.1:8620/insight")
    load.add_argument("--rate", type=float, default=200)
    load.add_argument("--seconds", type=float, default=600)
    load.add_argument("--seed", type=int, default=1)
    load.add_argument("--diary-share", type=float, default=0.9, help="share of requests for today's clients")
    load.add_argument("--faults", action="store_true", help="kill two feeds and a worker and slow a source meanwhile")
    load.add_argument("--evidence", type=Path, metavar="DIR")
    load.add_argument("--subject", help="what is measured, such as git:COMMIT; default a digest of this package")
    load.add_argument("--environment", default="staging")

    _fault_parser(verb("fault", _fault, "bring in a fault, or clear all"))
    size = verb("size", _size, "how long the full analysis takes here")
    size.add_argument("--paths", type=int, default=PATHS)

    serve = verb("serve", _serve, "the web service alone")
    serve.add_argument("--release", choices=RELEASES, default="v2")
    serve.add_argument("--port", type=int, default=8620)
    process = verb("process", _process, "one background process alone")
    process.add_argument("role", choices=["legacy", "intake", "worker"])
    process.add_argument("--kinds", nargs="+", default=["what-if", "refresh"], choices=["what-if", "refresh"])
    return parser


def _settings(parser: argparse.ArgumentParser) -> None:
    default = Settings()
    parser.add_argument("--clients", type=int, default=default.clients)
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--feeds", choices=["embedded", "real"], default=default.feeds)
    parser.add_argument("--paths", type=int, default=default.paths, help="size of a full analysis")
    parser.add_argument("--refresh", type=int, default=default.refresh_seconds, metavar="SECONDS")
    parser.add_argument("--diary", type=int, default=default.diary_per_bank, metavar="N", help="diary clients a bank")


def _fault_parser(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="fault", required=True, metavar="FAULT")
    feed = kinds.add_parser("feed", help=f"{', '.join((*FAULTS, DRIFT))} of a feed")
    feed.add_argument("feed", choices=list(SHAPES))
    feed.add_argument("kind", choices=[*FAULTS, DRIFT])
    feed.add_argument("--bank", action="append", default=[], choices=list(BANKS), help="only these; default all")
    kinds.add_parser("latency", help="add to every answer").add_argument("milliseconds", type=float)
    kinds.add_parser("errors", help="let so many percent of requests fail").add_argument("percent", type=float)
    for name, text in (("stall", "stop a process without ending it"), ("kill", "end a process at once")):
        kinds.add_parser(name, help=text).add_argument("role", help="web, intake, legacy, worker-1 …")
    kinds.add_parser("late-labels", help="outcomes arrive long after their date")
    kinds.add_parser("full-disk", help="fill the small disk that TECHFLOW_HOME lies on")
    kinds.add_parser("clear", help="end all faults")


def _say(document: Any) -> None:
    print(json.dumps(document, indent=2, ensure_ascii=False, default=str))


def _prepared(home: Home, chosen: argparse.Namespace) -> None:
    if home.ready:
        return
    print("TechFlow makes its data, model and first load: about half a minute, once.", file=sys.stderr)
    settings = Settings(
        seed=chosen.seed, clients=chosen.clients, feeds=chosen.feeds, paths=chosen.paths,
        refresh_seconds=chosen.refresh, diary_per_bank=chosen.diary,
    )  # fmt: skip
    log("prepared", home=str(home.path), **home.prepare(settings))


def _run(home: Home, chosen: argparse.Namespace) -> int:
    from techflow import supervisor

    _prepared(home, chosen)
    return supervisor.run(home, release=chosen.release, port=chosen.port, workers=chosen.workers)


def _prepare(home: Home, chosen: argparse.Namespace) -> int:
    _prepared(home, chosen)
    return 0


def _reset(home: Home, chosen: argparse.Namespace) -> int:
    home.reset()
    return 0


def _import(home: Home, chosen: argparse.Namespace) -> int:
    rows = home.import_file(chosen.file)
    print(f"{rows} rows imported.\nCite: {campaign.CITATION}\nLicence: {campaign.LICENCE}")
    if home.ready:
        print("The system was prepared with other data: `techflow reset`, then `techflow run`.")
    return 0


def _train(home: Home, chosen: argparse.Namespace) -> int:
    print(home.train(chosen.seed))
    return 0


def _evaluate(home: Home, chosen: argparse.Namespace) -> int:
    from techflow import evaluate

    if not (home.models / "pinned").exists():
        home.train(Settings().seed)
    rows, source = home.rows(MODEL_ROWS, home.settings().seed if home.ready else Settings().seed)
    model = home.load_model()
    if model.document["source"] != source:
        print(f"techflow: the model was trained on: {model.document['source']}; here is: {source}", file=sys.stderr)
        return 2
    found = evaluate.evaluate(model, rows, target=chosen.target, shuffle=chosen.shuffle_labels)
    del found["inference"]["seconds"]
    if chosen.evidence and chosen.shuffle_labels is None:
        known: dict[str, Any] = {
            "subject": chosen.subject or f"sha256:{model.digest}",
            "environment": "staging",
            "population": {"rows": str(found["rows"]), "of": source},
            "observed": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        level = {"kind": "level", "value": found["auc"]["value"], "se": found["auc"]["se"]}
        additive = evidence.share(found["explanations"]["additive"], found["explanations"]["checked"])
        for name, statistic in (
            ("model.auc", level),
            ("explanation.valid", additive),
        ):
            document = evidence.record(name, statistic, tool="techflow evaluate", **known)
            evidence.write(chosen.evidence, name, document)
    _say(found)
    return 0 if found["auc"]["verdict"] == "met" else 1


def _replay(home: Home, chosen: argparse.Namespace) -> int:
    from techflow import audit, worker
    from techflow.jobs import Jobs

    records = audit.Audit(home.audit)
    wrong = 0
    numbers = [chosen.id] if chosen.id else list(records.ids(chosen.newest))
    for number in numbers:
        record = records.record(number)
        if record is None:
            print(f"techflow: no answer {number}", file=sys.stderr)
            return 2
        model = home.load_model(record["inputs"]["model"])
        same, answered, again = audit.replay(record, model)
        wrong += not same
        if not same:
            print(f"{number}: differs\n  answered {answered.decode()}\n  again    {again.decode()}")
        made = record["inputs"]["analysis"]
        if chosen.analysis and made and (kept := Jobs(home.jobs).analysis(made["id"])):
            inputs = kept["inputs"]
            result = worker.make(
                inputs, paths=inputs["paths"], seed=inputs["seed"], model=model, progress=lambda done, total: None
            )
            wrong += result != kept["result"]
            print(f"{made['id']}: {'identical' if result == kept['result'] else 'differs'}")
    print(f"{len(numbers)} replayed, {wrong} differ")
    if chosen.evidence:
        document = evidence.record(
            "audit.replayed", evidence.share(len(numbers) - wrong, len(numbers)), tool="techflow replay",
            subject=chosen.subject or evidence.source_digest(), environment="staging",
            observed=datetime.now(UTC).isoformat(timespec="seconds"),
        )  # fmt: skip
        evidence.write(chosen.evidence, "audit.replayed", document)
    records.close()
    return 1 if wrong else 0


def _verify(home: Home, chosen: argparse.Namespace) -> int:
    from techflow.audit import Audit

    broken = Audit(home.audit).broken()
    print(f"the chain is broken at {broken}" if broken else "the chain of records holds")
    return 1 if broken else 0


def _simulate(home: Home, chosen: argparse.Namespace) -> int:
    from techflow import feeds, health
    from techflow.intake import Intake
    from techflow.legacy import TICK
    from techflow.state import State

    settings, state, legacy = home.settings(), State(home.state), home.legacy(home.settings())
    start, planted = datetime.fromisoformat(settings.start), faults.Faults(home.faults)
    now = max([start, *(datetime.fromisoformat(at) for (at,) in state.connection.execute("SELECT max(at) FROM beats"))])
    sources = feeds.sources(home.systems, real=settings.feeds == "real", positions=state.positions())
    intake = Intake(state, sources, clock=lambda: now)
    for _ in range(chosen.ticks):
        now += TICK
        legacy.tick(int((now - start) / TICK), now, planted.feeds())
        intake.drain()
    found = health.report(state, now)
    _say(found)
    return 1 if found["findings"] else 0


def _health(home: Home, chosen: argparse.Namespace) -> int:
    from techflow import health
    from techflow.state import State

    found = health.report(State(home.state), datetime.now(UTC))
    _say(found)
    return 1 if found["findings"] else 0


def _quarantine(home: Home, chosen: argparse.Namespace) -> int:
    from techflow.intake import Fix, quarantined, replay
    from techflow.state import State

    state = State(home.state)
    if chosen.fix:
        accepted, refused = replay(state, Fix(**json.loads(chosen.fix)), datetime.now(UTC))
        print(f"{accepted} accepted, {refused} still refused")
        return 1 if refused else 0
    for entry in quarantined(state):
        print(json.dumps(entry, ensure_ascii=False))
    return 0


def _load(home: Home, chosen: argparse.Namespace) -> int:
    from techflow import load
    from techflow.beside import SCHEDULE, Beside, unrecorded
    from techflow.state import State

    settings, state, diary = home.settings(), State(home.state), home.diary()
    others = [client for bank in BANKS for client in state.clients(bank, 200) if client not in diary]
    state.close()
    # Weigh by repetition: the diary's share of the list is the share of requests.
    times = max(1, round(chosen.diary_share / max(1e-9, 1 - chosen.diary_share) * len(others) / len(diary)))
    with Beside(home, seconds=chosen.seconds, schedule=SCHEDULE if chosen.faults else ()) as beside:
        run = asyncio.run(
            load.offer(chosen.url, diary * times + others, rate=chosen.rate, seconds=chosen.seconds, seed=chosen.seed)
        )
    answered = {outcome.id for outcome in run.outcomes if outcome.id}
    conditions = {
        "portfolios": len(diary), "refresh seconds": settings.refresh_seconds, "paths": settings.paths,
        **beside.conditions(len(run.outcomes)),
        "answers without a record": len(unrecorded(home, answered)),
    }  # fmt: skip
    summary = {**run.summary(), **conditions}
    _say(summary)
    if chosen.evidence:
        records = run.records(
            subject=chosen.subject or evidence.source_digest(), environment=chosen.environment,
            run=f"load-{int(run.started)}-{secrets.token_hex(4)}", conditions=conditions,
        )  # fmt: skip
        for name, document in records.items():
            evidence.write(chosen.evidence, name, document)
        (chosen.evidence / "report.txt").write_text(json.dumps(summary, indent=2) + "\n")
    return 1 if conditions["answers without a record"] else 0


def _fault(home: Home, chosen: argparse.Namespace) -> int:
    match chosen.fault:
        case "feed":
            _say(faults.feed(home, chosen.feed, chosen.kind, chosen.bank))
        case "late-labels":
            _say(faults.feed(home, "backoffice", "late", []))
        case "latency":
            _say(faults.latency(home, chosen.milliseconds))
        case "errors":
            _say(faults.errors(home, chosen.percent))
        case "stall" | "kill":
            number = signal.SIGSTOP if chosen.fault == "stall" else signal.SIGKILL
            print(f"{chosen.role}: process {faults.process(home, chosen.role, number)}")
        case "full-disk":
            print(f"{faults.fill_disk(home)} bytes of ballast")
        case _:
            faults.clear(home)
            print("all faults cleared")
    return 0


def _size(home: Home, chosen: argparse.Namespace) -> int:
    from techflow import analysis

    view = {
        "balance": 3_000_000,
        "age": 44,
        "paid_in": 200_000,
        "paid_out": 120_000,
        "housing": "yes",
        "euribor3m": 1.0,
    }
    started, busy = time.perf_counter(), time.process_time()
    result = analysis.run(analysis.portfolio_of(view), paths=chosen.paths, seed=1)
    took = {"wall s": round(time.perf_counter() - started, 2), "cpu s": round(time.process_time() - busy, 2)}
    _say({"paths": result["paths"], **took, "machine load": os.getloadavg()[0]})
    return 0


def _serve(home: Home, chosen: argparse.Namespace) -> int:
    from techflow.service import serve

    serve(home, release=chosen.release, port=chosen.port)
    return 0


def _process(home: Home, chosen: argparse.Namespace) -> int:
    from techflow import supervisor, worker

    match chosen.role:
        case "legacy":
            supervisor.play_legacy(home)
        case "intake":
            supervisor.play_intake(home)
        case _:
            worker.run(home, name="worker", kinds=tuple(chosen.kinds))
    return 0
