"""What each definition file may say: one table per file, with the help that a person reads."""

from collections.abc import Mapping

from upheld.core.criterion import Kind, Rule, Stage
from upheld.core.gate import Kind as GateKind
from upheld.core.meeting import Pack
from upheld.core.requirement import Function, Status
from upheld.core.risk import Kind as RiskKind
from upheld.core.risk import Status as RiskStatus
from upheld.project.schema import Field, Shape, Type

RELATIONS = ("refines", "depends-on", "supersedes", "mitigates", "conflicts-with")
STAGES = tuple(stage.value for stage in Stage)
FUNCTIONS = tuple(function.value for function in Function)


def _names(text: str, *, example: str = "", of: Type = Type.TEXT) -> Field:
    return Field(type=Type.LIST, of=Field(type=of, help="a name"), one=True, help=text, example=example)


def _stages(text: str) -> Field:
    stage = Field(type=Type.CHOICE, choices=STAGES, help="a stage")
    return Field(type=Type.LIST, of=stage, one=True, help=text, example="[build, production]")


LINK = Field(type=Type.LINK, choices=RELATIONS, help="a relation to another item", example="{refines: REQ-ADV-004}")

BINDING = Shape(
    name="a binding",
    fields={
        "for": Field(type=Type.DURATION, help="how long a run must last", example="10 min"),
        "environment": Field(help="where it is measured", example="staging"),
        "of": Field(
            type=Type.CHOICE,
            choices=("exact", "ancestor"),
            help="whether an earlier commit will do",
            example="ancestor",
        ),
        "max-age": Field(type=Type.DURATION, help="how old the evidence may be", example="7 d"),
        "per": Field(help="all (pooled) or a dimension", example="customer"),
        "at-least": Field(type=Type.COUNT, help="the smallest sample that counts", example="2000"),
        "no-worse-than": Field(
            type=Type.MARGIN, help="how much worse than the baseline is still the same", example="3 %"
        ),
        "rule": Field(
            type=Type.CHOICE, choices=tuple(rule.value for rule in Rule), help="the decision rule", example="confident"
        ),
        "confidence": Field(type=Type.CONFIDENCE, help="how sure a verdict must be", example="99 %"),
        "at": Field(
            type=Type.LOAD, help="the load of this stage, where it differs from the sentence's", example="200/s"
        ),
    },
)
_BINDINGS = {
    stage: Field(
        type=Type.MAPPING, shape=BINDING, help=f"how the criterion is evaluated at {stage}", example="{for: 10 min}"
    )
    for stage in STAGES
}
_ID = Field(type=Type.ID, required=True, help="a short name, kept for ever", example="c1")
_THAT = Field(
    type=Type.SENTENCE,
    required=True,
    help="the criterion sentence",
    example="p95 of insight.latency < 1 s at 200/s over 30 d per customer",
)

CRITERION = Shape(
    name="a criterion",
    fields={
        "id": _ID,
        "that": _THAT,
        "needs": _stages("the stages that must answer, where they are not those of the priority"),
        "severity": Field(
            type=Type.CHOICE, choices=("blocking", "advisory"), help="whether it decides a gate", example="advisory"
        ),
        **_BINDINGS,
    },
)
OUTCOME = Shape(
    name="an expected outcome",
    fields={
        "id": _ID,
        "that": _THAT,
        "by": Field(type=Type.DATE, help="the day it is looked at", example="2027-03-01"),
        "between": Field(
            type=Type.LIST,
            of=Field(type=Type.QUANTITY, help="a bound", example="0.6 s"),
            help="the interval in which it is expected, nine times of ten",
            example="[0.6 s, 0.9 s]",
        ),
        **_BINDINGS,
    },
)

_ABOUT = "criteria, requirements, decisions or indicators that it is about"
_LESSONS = Field(
    type=Type.LIST,
    of=Field(
        type=Type.MAPPING,
        shape=Shape(
            name="a lesson",
            fields={
                "about": _names(_ABOUT, example="[REQ-LAT-001.c1]"),
                "lesson": Field(required=True, help="what somebody should know who promises the same again"),
            },
        ),
        help="a lesson",
    ),
    help="what was learned, found again by `upheld learn`",
    example="[{about: [REQ-LAT-001.c1], lesson: warm the cache before the load test}]",
)

REQUIREMENT = Shape(
    name="a requirement",
    fields={
        "id": Field(type=Type.ID, required=True, help="never used again", example="REQ-LAT-001"),
        "title": Field(required=True, help="what the customer gains, in one line"),
        "status": Field(
            type=Type.CHOICE, choices=tuple(status.value for status in Status), help="where it stands", example="draft"
        ),
        "type": Field(
            type=Type.CHOICE,
            choices=("functional", "quality", "constraint", "interface", "data", "model", "compliance"),
            help="what sort of requirement it is",
            example="quality",
        ),
        "source": Field(
            type=Type.MAPPING,
            shape=Shape(
                name="a source",
                fields={
                    "document": Field(help="where the customer said it", example="North Bank MSA 3.2"),
                    "quote": Field(help="the customer's own words", example="sub-second response times"),
                },
            ),
            help="who said it, and how",
            example="{document: North Bank MSA 3.2, quote: sub-second response times}",
        ),
        "customers": _names("who was promised it: ids, tier:…, region:…, or all", example='[northbank, "tier:silver"]'),
        "priority": Field(
            type=Type.ID, help="sets which stages must answer (see needs in upheld.yaml)", example="must"
        ),
        "owners": Field(
            type=Type.MAPPING,
            shape=Shape(
                name="owners",
                fields={
                    name: Field(type=Type.ID, help=f"the person who answers for {name}", example="jake")
                    for name in FUNCTIONS
                },
            ),
            help="who answers for it, in product and in engineering",
            example="{product: jake, engineering: lisa}",
        ),
        "links": Field(type=Type.LIST, of=LINK, help="relations to other items", example="[{refines: REQ-ADV-004}]"),
        "criteria": Field(
            type=Type.LIST,
            of=Field(type=Type.MAPPING, shape=CRITERION, help="a criterion"),
            unique="id",
            help="the measurable statements",
        ),
        "date": Field(type=Type.DATE, help="the day it was written", example="2026-11-22"),
    },
)
# In a list file there is no Markdown body, so the statement is a field.
LISTED = Shape(name="a requirement", fields={**REQUIREMENT.fields, "text": Field(help="the statement")})

_IMPACT = Field(
    type=Type.LIST,
    of=Field(
        type=Type.MAPPING,
        shape=Shape(
            name="a customer impact",
            fields={
                "customer": Field(required=True, help="the customer", example="northbank"),
                "impact": Field(required=True, help="what changes for them"),
                "accepted-by": Field(help="who of them accepted it", example="nb-cto"),
            },
        ),
        help="what it means for one customer",
    ),
    help="what it means for each customer",
    example="[{customer: northbank, impact: first answer may be 5 min old}]",
)

DECISION = Shape(
    name="a decision",
    fields={
        "id": Field(type=Type.ID, help="the file's number unless written", example="ADR-0007"),
        "title": Field(help="the first heading unless written"),
        "status": Field(
            type=Type.ANY, help="proposed, accepted, rejected, deprecated, superseded by …", example="accepted"
        ),
        "date": Field(type=Type.DATE, help="the day of the decision", example="2026-11-22"),
        "decision-makers": _names("who decided", example="[jake, lisa]"),
        "deciders": _names("who decided (MADR 3)"),
        "consulted": _names("who was asked"),
        "informed": _names("who was told"),
        "affects": _names("requirements and criteria that it touches", example="[REQ-LAT-001.c1]"),
        "scenarios": _names("scenarios it answers", example="[scenarios/morning-peak.feature]"),
        "options": _names("what could have been chosen", example="[precompute, on-demand, hybrid]"),
        "matrix": Field(
            type=Type.LIST,
            of=Field(
                type=Type.MAPPING,
                shape=Shape(
                    name="a row of the matrix",
                    fields={
                        "axis": Field(help="what is compared", example="running cost"),
                        "criterion": Field(help="the criterion that is compared", example="REQ-LAT-001.c1"),
                        "weight": Field(help="how much it counts, as a share of 1", example="0.5"),
                        "hard": Field(
                            type=Type.BOOLEAN,
                            help="whether an option that breaks the criterion is excluded, whatever its score",
                            example="true",
                        ),
                        "better": Field(
                            type=Type.CHOICE,
                            choices=("more", "less"),
                            help="which scores of an axis are better; of a criterion its comparison says so",
                            example="less",
                        ),
                    },
                    others=Field(help="the score or predicted value of an option"),
                ),
                help="one axis of the trade-off",
            ),
            help="the trade-off: a weight and a value per option",
            example="[{criterion: REQ-LAT-001.c1, weight: 0.5, precompute: 0.4 s, on-demand: 17 s}]",
        ),
        "chosen": Field(help="the option that was taken", example="hybrid"),
        "customer-impact": _IMPACT,
        "expected": Field(
            type=Type.LIST,
            of=Field(type=Type.MAPPING, shape=OUTCOME, help="an outcome"),
            unique="id",
            help="what will be seen when the decision was right",
            example="[{id: e1, that: p95 of insight.latency < 0.8 s, by: 2027-03-01}]",
        ),
        "assumptions": Field(
            type=Type.LIST,
            of=Field(type=Type.MAPPING, shape=OUTCOME, help="an assumption"),
            unique="id",
            help="what must stay true; when it no longer is, the decision is open again",
            example="[{id: a1, that: cache.hits >= 80 %}]",
        ),
        "review-by": Field(type=Type.DATE, help="the day to look again", example="2027-06-01"),
        "cost": Field(type=Type.QUANTITY, help="what it costs", example="20000 EUR"),
        "lessons": _LESSONS,
        "links": Field(type=Type.LIST, of=LINK, help="relations to other items"),
    },
    # Keys of site generators that decision folders are published with.
    foreign=frozenset(
        {
            "parent",
            "nav_order",
            "grand_parent",
            "has_children",
            "layout",
            "tags",
            "permalink",
            "categories",
            "description",
        }
    ),
)
# A decision with one of these is written for us, and judged by our rules; one without is read as it is.
OURS = frozenset(
    {
        "id", "affects", "scenarios", "options", "matrix", "chosen", "customer-impact", "expected", "assumptions",
        "review-by", "cost", "links", "lessons",
    }
)  # fmt: skip

RISK = Shape(
    name="a risk",
    fields={
        "id": Field(type=Type.ID, help="the file's name unless written", example="RISK-003"),
        "title": Field(help="what may happen, in one line; the first heading unless written"),
        "kind": Field(
            type=Type.CHOICE,
            choices=tuple(kind.value for kind in RiskKind),
            help="what would suffer",
            example="integration",
        ),
        "status": Field(
            type=Type.CHOICE,
            choices=tuple(status.value for status in RiskStatus),
            help="what was decided about it",
            example="open",
        ),
        "date": Field(type=Type.DATE, help="the day it was seen", example="2026-11-22"),
        "owner": Field(type=Type.ID, help="who looks after it", example="lisa"),
        "customer-impact": _IMPACT,
        "mitigation": Field(help="what is done so that it does not happen, or hurts less"),
        "watch": Field(
            type=Type.LIST,
            of=Field(type=Type.MAPPING, shape=OUTCOME, help="a watched promise"),
            unique="id",
            help="the promise whose breach says that it happens",
            example="[{id: w1, that: source-3.nulls <= 5 %}]",
        ),
        "review-by": Field(type=Type.DATE, help="the day to look again", example="2027-06-01"),
        "links": Field(type=Type.LIST, of=LINK, help="relations to other items"),
    },
)

_ATTENDEES = Field(
    type=Type.MAPPING,
    shape=Shape(
        name="attendees",
        fields={
            name: Field(
                type=Type.LIST,
                of=Field(type=Type.ID, help="a person"),
                one=True,
                help=f"who spoke for {name}",
                example="[jake]",
            )
            for name in FUNCTIONS
        },
    ),
    help="who was there, for which function",
    example="{product: [jake], engineering: [lisa]}",
)
REVIEW = Shape(
    name="a review",
    fields={
        "id": Field(type=Type.ID, help="the file's name unless written"),
        "title": Field(help="what was looked at, in one line"),
        "pack": Field(
            type=Type.CHOICE,
            choices=tuple(pack.value for pack in Pack),
            help="the rhythm it belongs to",
            example="weekly",
        ),
        "date": Field(type=Type.DATE, help="the day it took place", example="2026-11-27"),
        "attendees": _ATTENDEES,
        "outcomes": Field(
            type=Type.LIST,
            of=Field(
                type=Type.MAPPING,
                shape=Shape(
                    name="an outcome of a review",
                    fields={
                        "outcome": Field(required=True, help="what was decided, or who does what"),
                        "about": _names(_ABOUT, example="[REQ-LAT-001.c1]"),
                        "owner": Field(type=Type.ID, help="who does it", example="lisa"),
                        "by": Field(type=Type.DATE, help="until when", example="2026-12-04"),
                    },
                ),
                help="one outcome",
            ),
            help="what came out of it, for which criterion",
            example="[{outcome: measure again with 200/s, about: [REQ-LAT-001.c1], owner: lisa, by: 2026-12-04}]",
        ),
        "lessons": _LESSONS,
    },
)

SESSION = Shape(
    name="a session",
    fields={
        "id": Field(type=Type.ID, help="the file's name unless written"),
        "title": Field(help="what it was about"),
        "date": Field(type=Type.DATE, help="the day", example="2026-11-22"),
        "attendees": _ATTENDEES,
        "answers": Field(
            type=Type.LIST,
            of=Field(
                type=Type.MAPPING,
                shape=Shape(
                    name="an answer",
                    fields={
                        "requirement": Field(
                            required=True, type=Type.ID, help="the requirement", example="REQ-LAT-001"
                        ),
                        "gap": Field(
                            required=True, help="the question's name, as lint prints it", example="latency-bound"
                        ),
                        "question": Field(help="the question as it was asked"),
                        "answer": Field(help="what was agreed"),
                        "by": Field(type=Type.ID, help="who answered", example="lisa"),
                        "criterion": Field(
                            type=Type.SENTENCE,
                            help="the criterion that follows",
                            example="p95 of insight.latency < 1 s",
                        ),
                    },
                ),
                help="one question and its answer",
            ),
            help="the questions that were closed",
        ),
    },
)

WAIVER = Shape(
    name="a waiver",
    fields={
        "id": Field(type=Type.ID, help="the file's name unless written"),
        "criterion": Field(required=True, help="the criterion's address", example="REQ-LAT-001.c1"),
        "gate": Field(type=Type.ID, help="the gate; every gate unless written", example="merge"),
        "owner": Field(type=Type.ID, required=True, help="who asks for it", example="lisa"),
        "approver": Field(type=Type.ID, required=True, help="who grants it: another person", example="jake"),
        "reason": Field(required=True, help="why the risk is taken"),
        "since": Field(type=Type.DATE, help="the first day", example="2026-11-22"),
        "until": Field(type=Type.DATE, required=True, help="the last day", example="2026-12-01"),
        "customers-informed": Field(type=Type.BOOLEAN, help="whether the customers know", example="true"),
    },
)

SIGN_OFF = Shape(
    name="a sign-off",
    fields={
        "schema": Field(type=Type.CHOICE, choices=("upheld/sign-off/v1",), required=True, help="the format"),
        "item": Field(required=True, help="what is approved", example="REQ-LAT-001"),
        "hash": Field(required=True, help="the hash of its content", example="sha256:…"),
        "role": Field(required=True, help="the role in which it is approved", example="product"),
        "person": Field(type=Type.ID, required=True, help="who approves", example="jake"),
        "meaning": Field(help="what the approval says"),
        "time": Field(type=Type.TIME, help="when", example="2026-11-22T09:30:00Z"),
        "via": Field(type=Type.CHOICE, choices=("server",), help="the server vouches that this person signed in there"),
        "signature": Field(help="the SSH signature over all of this"),
    },
)

FOLDERS: Mapping[str, str] = {
    "requirements": "requirements", "decisions": "decisions", "sessions": "sessions", "risks": "risks",
    "reviews": "reviews", "assessments": "assessments", "rollouts": "rollouts", "contracts": "contracts",
    "scenarios": "scenarios", "runbooks": "runbooks", "sign-offs": "signoffs", "waivers": "waivers",
}  # fmt: skip

# Where decisions are when upheld.yaml does not say: the first folder that exists.
DECISION_FOLDERS = (
    "decisions", "docs/decisions", "docs/adr", "docs/adrs", "doc/adr", "docs/architecture/decisions",
    "doc/architecture/decisions", "docs/ADR", "adr", "adrs",
)  # fmt: skip

PERSON = Shape(
    name="a person",
    fields={
        "role": _names("the roles they hold", example="product", of=Type.ID),
        "name": Field(help="their full name"),
        "email": Field(help="where to write to", example="jake@example.com"),
        "customer": Field(type=Type.ID, help="the customer they speak for", example="northbank"),
        "keys": _names("their SSH public keys", example="[ssh-ed25519 AAAA…]"),
    },
)
CONFIG = Shape(
    name="upheld.yaml",
    fields={
        "project": Field(help="the name of the project", example="Adviser Insights"),
        "since": Field(type=Type.DATE, help="older items get advice only", example="2026-11-22"),
        "folders": Field(
            type=Type.MAPPING,
            shape=Shape(
                name="folders",
                fields={kind: Field(help=f"where {kind} are", example=folder) for kind, folder in FOLDERS.items()}
                | {"evidence": Field(help="where evidence is committed", example="benchmarks/results")},
            ),
            help="folders that are not the usual ones",
            example="{decisions: docs/adr}",
        ),
        "needs": Field(
            type=Type.TABLE,
            of=_stages("the stages that must answer"),
            help="which stages a priority asks for",
            example="{must: [design, build, release, production]}",
        ),
        "people": Field(
            type=Type.TABLE,
            of=Field(type=Type.MAPPING, shape=PERSON, help="a person"),
            help="who owns, decides and signs",
            example="{jake: {role: product}}",
        ),
        "environments": Field(
            type=Type.TABLE,
            of=Field(
                type=Type.MAPPING,
                shape=Shape(
                    name="an environment",
                    fields={
                        "stage": Field(
                            type=Type.CHOICE,
                            choices=STAGES,
                            required=True,
                            help="the stage it serves",
                            example="production",
                        )
                    },
                    others=Field(help="how its telemetry is reached"),
                ),
                help="an environment",
            ),
            help="where each stage runs, and how its telemetry is reached",
            example="{production: {stage: production, prometheus: $PROMETHEUS_URL}}",
        ),
        "paths": Field(
            type=Type.TABLE,
            keys=Type.TEXT,
            of=Field(
                type=Type.MAPPING,
                short="serves",
                shape=Shape(
                    name="a path rule",
                    fields={
                        "serves": _names(
                            "the requirements or criteria that these files serve", example="[REQ-LAT-001]"
                        ),
                        "review": _names("roles that must look at a change of them", example="[security]"),
                        "because": Field(help="why they serve no requirement", example="generated from the schema"),
                    },
                ),
                help="what these files are for",
            ),
            help="which files serve which requirement, for the review of a change",
            example="{src/insight/**: REQ-LAT-001}",
        ),
        "reviews": Field(
            type=Type.MAPPING,
            shape=Shape(
                name="reviews",
                fields={
                    pack.value: Field(
                        type=Type.DATE, help=f"the day from which one is held {pack.value}", example="2026-11-23"
                    )
                    for pack in Pack
                },
            ),
            help="the rhythm of design reviews: one is planned in each period from that day on",
            example="{weekly: 2026-11-23}",
        ),
        "server-keys": Field(
            type=Type.LIST,
            of=Field(help="an OpenSSH public key"),
            one=True,
            help="keys of the server that people sign off on",
            example="[ssh-ed25519 AAAA…]",
        ),
        "cost-limit": Field(
            type=Type.QUANTITY, help="above it a decision needs an executive's sign-off", example="50000 EUR"
        ),
    },
)

ANSWER = Shape(
    name="an answer to a class of requirements",
    fields={
        "criteria": _names("the criteria that answer it", example="[REQ-LAT-001.c1]"),
        "owner": Field(type=Type.ID, help="who lives without it, where no criterion answers", example="jake"),
        "reason": Field(help="why no criterion is needed yet"),
        "until": Field(type=Type.DATE, help="the last day of doing without", example="2027-06-01"),
    },
)
PART = Shape(
    name="a part of a budget",
    fields={
        "limit": Field(type=Type.QUANTITY, required=True, help="what the component may use", example="300 ms"),
        "misses": Field(
            type=Type.QUANTITY, help="of a percentile: the share of requests in which it may use more", example="1 %"
        ),
    },
)
BUDGET = Shape(
    name="a budget",
    fields={
        "criterion": Field(required=True, help="the promise that is shared out", example="REQ-LAT-001.c1"),
        "parts": Field(
            type=Type.TABLE,
            of=Field(type=Type.MAPPING, shape=PART, short="limit", help="a quantity, or {limit: …, misses: …}"),
            required=True,
            help="what each component may use of it",
            example="{gateway: 100 ms, model: 700 ms}",
        ),
    },
)

CUSTOMER = Shape(
    name="a customer",
    fields={
        "name": Field(help="their full name"),
        "tier": Field(type=Type.ID, help="a group that is promised the same", example="gold"),
        "region": Field(type=Type.ID, help="where they are", example="uk"),
        "time-zone": Field(help="their own hours", example="Europe/London"),
        "contract": Field(help="what was signed", example="North Bank MSA"),
        "alias": _names("their names in telemetry", example="[nb-0017]"),
    },
)
INDICATOR = Shape(
    name="an indicator",
    names=Type.INDICATOR,
    fields={
        "kind": Field(
            type=Type.CHOICE,
            choices=tuple(kind.value for kind in Kind),
            required=True,
            help="what it measures",
            example="value",
        ),
        "unit": Field(type=Type.UNIT, help="the unit of its values", example="s"),
        "help": Field(help="what it means, in one line"),
        "census": Field(type=Type.BOOLEAN, help="whether it counts everything, and not a sample", example="true"),
        **{
            stage: Field(type=Type.ANY, help=f"where {stage} finds it", example="{load: POST /insight}")
            for stage in STAGES
        },
    },
)
GATE_CRITERION = Shape(
    name="a gate's criterion",
    fields={
        "that": _THAT,
        "advisory": Field(type=Type.BOOLEAN, help="whether it is shown only", example="true"),
        **_BINDINGS,
    },
)
GATE = Shape(
    name="a gate",
    fields={
        "kind": Field(
            type=Type.CHOICE,
            choices=tuple(kind.value for kind in GateKind),
            required=True,
            help="what it guards",
            example="technical",
        ),
        "stage": Field(type=Type.CHOICE, choices=STAGES, required=True, help="the stage it judges", example="build"),
        "select": Field(
            type=Type.MAPPING,
            shape=Shape(
                name="select",
                fields={
                    "status": Field(
                        type=Type.LIST,
                        of=Field(type=Type.CHOICE, choices=tuple(status.value for status in Status), help="a status"),
                        one=True,
                        help="requirements in this state",
                        example="approved",
                    ),
                    "priority": _names("requirements of this priority", example="must"),
                    "customers": _names("requirements promised to them", example="northbank"),
                    "type": _names("requirements of this type", example="quality"),
                },
            ),
            help="which requirements' criteria join",
            example="{status: approved}",
        ),
        "criteria": Field(
            type=Type.TABLE,
            of=Field(type=Type.MAPPING, shape=GATE_CRITERION, short="that", help="a criterion sentence, or {that: …}"),
            help="the gate's own criteria",
            example="{coverage: coverage.changed-lines >= 80 %}",
        ),
        "sign-offs": _names("the roles that must agree", example="[product, engineering]"),
        "waivers": Field(
            type=Type.MAPPING,
            shape=Shape(
                name="waivers",
                fields={
                    "approver": Field(help="the role that grants one", example="engineering"),
                    "at-most": Field(type=Type.DURATION, help="how long one may last", example="14 d"),
                },
            ),
            help="who may grant a waiver, and for how long",
            example="{approver: engineering, at-most: 14 d}",
        ),
        "enforce-from": Field(type=Type.DATE, help="before that day it only reports", example="2027-01-15"),
        "require-subject": Field(
            type=Type.BOOLEAN, help="whether evidence that only asserts its subject is refused", example="true"
        ),
    },
)
