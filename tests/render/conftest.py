"""The sample's threads, and threads of every sort that a board must show."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from upheld.core import criterion as criteria
from upheld.core import quantity
from upheld.core.catalogue import Catalogue, Config
from upheld.core.criterion import Indicator, Kind, Stage
from upheld.core.evidence import Evidence, Level, Prediction, Share, distribution, identified
from upheld.core.requirement import Customer, Requirement, Source, Statement, Status
from upheld.core.thread import threads
from upheld.wiring import open_workspace

AT = datetime(2026, 11, 22, 7, 40, tzinfo=UTC)
MONTH = {"start": datetime(2026, 10, 23, 7, tzinfo=UTC), "end": datetime(2026, 11, 22, 7, tzinfo=UTC),
         "observed": datetime(2026, 11, 22, 7, tzinfo=UTC)}  # fmt: skip


def requirement(name: str, sentence: str, *needs: Stage, **more) -> Requirement:
    statement = Statement(id="c1", that=sentence, sentence=criteria.parse(sentence), needs=needs or tuple(Stage))
    settings = {"title": f"What {name} is for", "status": Status.APPROVED, "customers": ("all",), "priority": "must",
                "owners": {"product": "jake", "engineering": "lisa"}} | more  # fmt: skip
    return Requirement(id=name, criteria=(statement,), **settings)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    indicators = (
        Indicator(name="wait", kind=Kind.VALUE, unit=quantity.SECOND),
        Indicator(name="up", kind=Kind.RATIO, unit=quantity.SHARE),
        Indicator(name="auc.score", kind=Kind.LEVEL), Indicator(name="findings", kind=Kind.LEVEL, census=True),
    )  # fmt: skip
    found = (
        requirement("REQ-A", "up >= 99 % over 30 d per customer", Stage.PRODUCTION, Stage.BUILD),
        requirement("REQ-B", "p95 of wait < 1 s", type="quality", priority="should"),
        requirement("REQ-C", "auc.score >= 0.8", Stage.BUILD, owners={"engineering": "omar"}, customers=("north",)),
        requirement("REQ-D", "findings = 0", Stage.BUILD),
        requirement("REQ-E", "up >= 90 %", Stage.BUILD, title="<script>alert(1)</script> & 'quotes'",
                    source=Source(document='MSA "3"', quote="</script><b>fast</b>")),
    )  # fmt: skip
    return Catalogue(
        config=Config(project="Adviser & Co"), customers={c: Customer(id=c) for c in ("north", "east")},
        indicators={i.name: i for i in indicators}, requirements={r.id: r for r in found},
    )  # fmt: skip


@pytest.fixture(scope="session")
def evidence() -> list[Evidence]:
    run = {"stage": Stage.BUILD, "subject": "git:1", "run": "7", "observed": MONTH["observed"]}
    found = [
        Evidence(indicator="up", stage=Stage.PRODUCTION, statistic=Share(10_000, good), population={"customer": c}, **MONTH)
        for c, good in (("north", 9_990), ("east", 9_800))
    ]  # fmt: skip
    found += [
        Evidence(indicator="up", statistic=Share(8, 8), **run),
        Evidence(indicator="wait", statistic=distribution([0.5] * 980 + [2.0] * 20), **run),
        Evidence(
            indicator="wait", stage=Stage.DESIGN, statistic=Prediction(0.76, 0.62, 0.91), observed=MONTH["observed"]
        ),
        Evidence(indicator="auc.score", statistic=Level(0.61, 0.02), source={"file": "model.json"}, **run),
        Evidence(indicator="findings", statistic=Level(3.0), **run),
    ]
    return [identified(e) for e in found]


@pytest.fixture(scope="session")
def found(catalogue, evidence):
    return threads(catalogue, evidence, at=AT)


@pytest.fixture(scope="session")
def sample(repository: Path):
    """The sample project as the demo judges it: threads, evidence."""
    folder = repository / "src" / "upheld" / "sample"
    workspace = open_workspace(folder, store=False)
    known = workspace.named([e for r in workspace.read([folder / "evidence"], workspace.request()) for e in r.evidence])
    return threads(workspace.catalogue, known, at=AT, sign_offs=workspace.sign_offs()), known
