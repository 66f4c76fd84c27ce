"""`upheld mcp`: the promises of a project for coding agents and editors, over the Model Context Protocol, read-only.

Every call reads the project as it lies, so that an agent sees its own edit at once. Nothing is written: no record, no
cache, no definition.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from upheld import __version__
from upheld.core import report, shown
from upheld.core.criterion import Stage
from upheld.core.evidence import Evidence
from upheld.core.gate import Result
from upheld.core.thread import Thread, threads
from upheld.core.verdict import State, Verdict
from upheld.errors import UpheldError, UsageError
from upheld.stages.check import check, criteria_of
from upheld.wiring import Workspace, open_workspace, serves

Json = dict[str, Any]
Clock = Callable[[], datetime]

INSTRUCTIONS = """\
Upheld keeps what customers were promised as criteria and judges them on evidence: met, not met, or inconclusive with its
reason. Before you change a file, ask which requirements it serves; before you say that something is done, ask what the
gate still needs. Inconclusive is never a pass. Nothing here changes the project."""
_READ = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def server(root: Path, *, now: Clock = lambda: datetime.now(UTC)) -> MCPServer:
    """The server for the project around `root`; `now` is the time that verdicts are for."""
    made = MCPServer("upheld", title="Upheld", version=__version__, instructions=INSTRUCTIONS, log_level="WARNING")
    tools = _Tools(root, now)
    for tool in (
        tools.list_threads,
        tools.read_thread,
        tools.explain_verdict,
        tools.requirements_of_file,
        tools.gate_needs,
    ):
        made.tool(annotations=_READ, structured_output=True)(_told(tool))
    return made


def _told(tool: Callable[..., Json]) -> Callable[..., Json]:
    """The same tool, whose refusals reach the agent as they are written; everything else is a fault of ours."""

    @wraps(tool)
    def answer(**words: Any) -> Json:  # noqa: ANN401 - the tool's own parameters
        try:
            return tool(**words)
        except UpheldError as error:
            raise ToolError(error.message) from None

    return answer


class _Tools:
    """The tools; a method's name, docstring and parameters are what an agent reads."""

    def __init__(self, root: Path, now: Clock) -> None:
        self._root = root
        self._now = now

    def list_threads(
        self,
        *,
        needs_attention: Annotated[
            bool, Field(description="Only promises that are not met or not known somewhere.")
        ] = False,
    ) -> Json:
        """List every promise: its sentence, its customers, and its verdict at each stage that must answer."""
        workspace, at = self._open()
        found = [_brief(t) for t in _threads(workspace, at)]
        if needs_attention:
            found = [entry for entry in found if any(v != State.MET.value for v in entry["stages"].values())]
        return {"project": workspace.catalogue.config.project, "subject": workspace.subject, "criteria": found}

    def read_thread(
        self,
        id: Annotated[str, Field(description="A requirement or criterion, e.g. REQ-LAT-001 or REQ-LAT-001.c1.")],  # noqa: A002
    ) -> Json:
        """Read everything known about one promise, in stage order, with numbers, evidence and what is missing."""
        workspace, at = self._open()
        found = _threads(workspace, at, id)
        project = workspace.catalogue.config.project
        return report.thread_json(found, project=project, subject=workspace.subject, at=at)

    def explain_verdict(
        self,
        criterion: Annotated[str, Field(description="A criterion, e.g. REQ-LAT-001.c1.")],
        stage: Annotated[
            str, Field(description="design, build, release or production; empty: the first that is not met.")
        ] = "",
    ) -> Json:
        """Explain one verdict: the numbers that carry it, why it is not met or not known, and what would settle it."""
        workspace, at = self._open()
        [thread] = _threads(workspace, at, criterion, one=True)
        chosen = _stage(thread, stage)
        verdict = thread.stages[chosen]
        if verdict is None:
            return {
                "criterion": criterion,
                "stage": chosen.value,
                "verdict": None,
                "explanation": "this stage is not asked",
            }
        return {"explanation": _explained(thread, verdict), **report.verdict_json(thread.criterion, verdict)}

    def requirements_of_file(
        self, path: Annotated[str, Field(description="A file of the project, from its root.")]
    ) -> Json:
        """Say which requirements and criteria a file serves, how that is known, and which evidence each needs at build."""
        workspace, _ = self._open()
        found = serves(workspace, path)
        return {
            "path": path,
            "criteria": [
                {
                    "criterion": address, "sentence": str(workspace.catalogue.criteria[address].sentence),
                    "customers": list(workspace.catalogue.criteria[address].customers), "because": [t.how for t in touches],
                    "needs": [s.value for s in workspace.catalogue.criteria[address].needs],
                    "measured_by": workspace.catalogue.criteria[address].indicator.sources.get(Stage.BUILD, ""),
                }
                for address, touches in found.items()
            ],
        }  # fmt: skip

    def gate_needs(self, gate: Annotated[str, Field(description="A gate of gates.yaml, e.g. merge.")]) -> Json:
        """Say what a gate still needs on the source as it lies: criteria not met or not known, and missing sign-offs."""
        workspace, at = self._open()
        known = workspace.catalogue.gates
        if gate not in known:
            raise UsageError(f'no gate "{gate}"; known: {", ".join(known) or "none"}')
        wanted = criteria_of(workspace.catalogue, known[gate])
        result = check(
            workspace.catalogue, known[gate], _evidence(workspace, at), at=at, subject=workspace.subject,
            ancestors=workspace.ancestors(workspace.subject), sign_offs=workspace.sign_offs(),
        )  # fmt: skip
        return _needs(result) | {"criteria": len(wanted)}

    def _open(self) -> tuple[Workspace, datetime]:
        return open_workspace(self._root, cache=False), self._now()


def _evidence(workspace: Workspace, at: datetime) -> list[Evidence]:
    facts = workspace.named(workspace.facts(list(workspace.catalogue.criteria.values()), at=at))
    known = {e.id for e in facts}
    return [*facts, *(e for e in workspace.kept() if e.id not in known)]


def _threads(workspace: Workspace, at: datetime, item: str = "", *, one: bool = False) -> tuple[Thread, ...]:
    catalogue = workspace.catalogue
    if item and item not in catalogue.criteria and (one or item not in catalogue.requirements):
        raise UsageError(f'no {"criterion" if one else "requirement or criterion"} "{item}"; list_threads names them')
    return threads(
        catalogue, _evidence(workspace, at), at=at, subject=workspace.subject,
        ancestors=frozenset(workspace.ancestors(workspace.subject)), sign_offs=workspace.sign_offs(),
        only=(item,) if item else (),
    )  # fmt: skip


def _brief(t: Thread) -> Json:
    return {
        "criterion": t.criterion.address, "title": t.title, "sentence": str(t.criterion.sentence),
        "customers": list(t.criterion.customers),
        "stages": {stage.value: verdict.state.value for stage, verdict in t.stages.items() if verdict is not None},
    }  # fmt: skip


def _stage(t: Thread, name: str) -> Stage:
    if name:
        try:
            return Stage(name)
        except ValueError:
            raise UsageError(f'no stage "{name}"; one of: {", ".join(s.value for s in Stage)}') from None
    asked = [(stage, verdict) for stage, verdict in t.stages.items() if verdict is not None]
    return next((stage for stage, v in asked if v.state is not State.MET), asked[0][0] if asked else Stage.BUILD)


def _explained(t: Thread, verdict: Verdict) -> str:
    parts = [
        f"{t.criterion.address} “{t.criterion.sentence}” is {verdict.state.value} at {verdict.stage.value}",
        shown.carried_by(t.criterion, verdict), verdict.why,
        f"would settle it: {verdict.settle}" if verdict.settle else "", *verdict.notes[:6],
    ]  # fmt: skip
    return "; ".join(part for part in parts if part)


def _needs(result: Result) -> Json:
    return {
        "gate": result.gate.name, "verdict": result.state.value, "reason": result.reason, "enforced": result.enforced,
        "subject": result.subject,
        "needs": [
            {
                "criterion": line.criterion, "sentence": line.sentence, "verdict": line.verdict.state.value,
                "why": line.verdict.why, "would_settle_it": line.verdict.settle,
                "blocking": line.blocking, "waived": line.waiver is not None,
            }
            for line in result.lines
            if line.verdict.state is not State.MET
        ],
        "sign_offs": [{"role": s.role, "state": s.state.value} for s in result.sign_offs if not s.stands],
    }  # fmt: skip


def run(root: Path) -> None:
    """Serve over standard input and output until the other side hangs up."""
    open_workspace(root, cache=False)  # a project that cannot be read is told at once, not at the first question
    server(root).run("stdio")
