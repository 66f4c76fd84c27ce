"""What a raw sentence leaves open: one question per gap, each with the function that owns the answer.

A sentence goes through five steps: tokens; the lexicon finds words of quality ("real-time", "easy to use"); recognisers
find what is already measurable (a bound with its unit, a percentile, a load, a window, a named standard); one rule per
gap compares the two; hits of one gap in one clause become one question. No language model, no network: the same text
always gives the same questions.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from functools import cache
from itertools import pairwise, zip_longest
from typing import Generic, NamedTuple, Self, TypeVar

_Kind = TypeVar("_Kind")


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


class Function(StrEnum):
    """Who in the house, or outside it, owns an answer."""

    PRODUCT = "product"
    ENGINEERING = "engineering"
    CUSTOMER = "customer"


class Gap(Enum):
    """The closed set of things a sentence can leave open; the value is the name that files and findings use."""

    function: Function
    meaning: str
    missing: tuple[str, ...]
    question: str
    suggestion: str

    # Members are compared by identity; hashing their names in Python took a tenth of the time.
    __hash__ = object.__hash__

    def __new__(cls, name: str, function: Function, *texts: *tuple[str, tuple[str, ...], str, str]) -> Self:
        """Give each member its four texts as attributes, and its name in files as its value."""
        member = object.__new__(cls)
        member._value_ = name
        member.function = function
        member.meaning, member.missing, member.question, member.suggestion = texts
        return member

    FRESHNESS = (
        "freshness",
        Function.PRODUCT,
        "Data shall be current, and no age says how current.",
        ("age",),
        "How old may the data behind an answer be, for “{phrase}” to be true?",
        "<data>.age < <N> s over 30 d per customer",
    )
    LATENCY_BOUND = (
        "latency-bound",
        Function.PRODUCT,
        "Something shall be fast, and no time says how fast.",
        ("time", "percentile", "load"),
        "“{phrase}”: which operation takes at most how long, at which percentile, under which load?",
        "p<NN> of <service>.latency < <N> s at <load>/s over 30 d per customer",
    )
    LATENCY_CONDITION = (
        "latency-condition",
        Function.ENGINEERING,
        "A response time has a bound, but no percentile or no load under which it holds.",
        ("percentile", "load"),
        "“{phrase}”: at which percentile, and under which load?",
        "p<NN> of <service>.latency < {bound} at <load>/s over 30 d per customer",
    )
    AVAILABILITY_TARGET = (
        "availability-target",
        Function.CUSTOMER,
        "A service shall be there, and no share of the time says how much of the time.",
        ("share", "window", "exclusions"),
        "“{phrase}”: which share of the time, over which window, and what is excluded?",
        "<service>.availability >= <NN> % over calendar month per customer excluding maintenance",
    )
    AVAILABILITY_WINDOW = (
        "availability-window",
        Function.CUSTOMER,
        "An availability has a figure, but no window over which it is measured.",
        ("window", "exclusions"),
        "“{phrase}”: over which window is it measured, and what is excluded?",
        "<service>.availability >= {bound} over <calendar month> per customer excluding <maintenance>",
    )
    ACCURACY = (
        "accuracy",
        Function.PRODUCT,
        "Predictions, detections or answers shall be right, and no figure or test data say how often.",
        ("figure", "test data"),
        "“{phrase}”: how accurate, and measured how, against which truth?",
        "<model>.accuracy >= {bound} over 30 d per customer",
    )
    THROUGHPUT = (
        "throughput",
        Function.ENGINEERING,
        "Much shall be processed, and no rate says how much in which time.",
        ("rate",),
        "“{phrase}”: how many per second, or how much per day, sustained for how long?",
        "<service>.throughput >= <N>/s over 30 d",
    )
    SCALE = (
        "scale",
        Function.PRODUCT,
        "Many users or growing use shall be carried, and no number says how many.",
        ("number", "growth"),
        "“{phrase}”: how many at the same time, by when, with which response time kept?",
        "p<NN> of <service>.latency < <N> s at <peak load>/s over 30 d",
    )
    EFFICIENCY = (
        "efficiency",
        Function.ENGINEERING,
        "Few resources shall be used, and no figure says how few.",
        ("figure",),
        "“{phrase}”: which resource, at most how much of it, for which work?",
        "<service>.memory <= <N> MB at <load>/s",
    )
    RELIABILITY = (
        "reliability",
        Function.ENGINEERING,
        "Failures shall be rare or bearable, and no rate or named fault says which.",
        ("failure rate", "faults"),
        "“{phrase}”: which faults must it survive, and how often may it fail?",
        "<service>.success >= <NN> % over 30 d per customer",
    )
    RECOVERY = (
        "recovery",
        Function.CUSTOMER,
        "Data or service shall come back after a fault, and no recovery time or recovery point is given.",
        ("recovery time", "recovery point"),
        "“{phrase}”: after which fault, back within which time (RTO), with at most how much data lost (RPO)?",
        "<service>.recovery-time <= <N> h",
    )
    SECURITY = (
        "security",
        Function.ENGINEERING,
        "Something shall be secure, and no control, standard or threat makes that checkable.",
        ("control", "standard"),
        "“{phrase}”: against which threats, shown by which control, standard or test?",
        "sarif.new-errors = 0",
    )
    PRIVACY = (
        "privacy",
        Function.CUSTOMER,
        "Personal or confidential data shall be protected, and no duty or control says how.",
        ("data", "duties"),
        "“{phrase}”: for which data, which duties apply, and which evidence shows that they are met?",
        "<erasure>.within-deadline >= 100 % over calendar month per customer",
    )
    COMPLIANCE = (
        "compliance",
        Function.CUSTOMER,
        "Rules shall be followed, and they are not named.",
        ("rules", "evidence"),
        "“{phrase}”: which ones, in which version, and which evidence shows it?",
        "<control>.passed = 100 %",
    )
    AUDIT = (
        "audit",
        Function.CUSTOMER,
        "What happened shall be provable afterwards, and neither the events nor their fields are named.",
        ("events", "fields", "retention"),
        "“{phrase}”: which events, recorded with which fields, kept for how long, for whom to read?",
        "<audit-record>.complete = 100 % over calendar month per customer",
    )
    RETENTION = (
        "retention",
        Function.CUSTOMER,
        "Data shall be kept, and no period says for how long.",
        ("period",),
        "“{phrase}”: kept for how long, counted from when, and then deleted how?",
        "<record>.kept >= 100 % over <years>",
    )
    EXPLANATION = (
        "explanation",
        Function.PRODUCT,
        "A decision shall be understandable, and nothing says what an explanation contains or whom it must convince.",
        ("reader", "content"),
        "“{phrase}”: to whom, what must the explanation contain, and for which share of the answers?",
        "<answer>.with-reasons >= <NN> % over 30 d per customer",
    )
    FAIRNESS = (
        "fairness",
        Function.PRODUCT,
        "Groups shall be treated alike, and no groups and no tolerated difference are given.",
        ("groups", "difference"),
        "“{phrase}”: between which groups, by which measure, with which difference still allowed?",
        "<model>.selection-ratio >= <NN> % over <quarter>",
    )
    SAFETY = (
        "safety",
        Function.ENGINEERING,
        "Nobody shall be harmed, and no hazard, limit or safety standard is named.",
        ("hazards", "limit"),
        "“{phrase}”: from which hazards, by which limit, interlock or safety standard?",
        "<hazard>.test.passed = 100 %",
    )
    USABILITY = (
        "usability",
        Function.PRODUCT,
        "Something shall be easy for people, and no task, person or share of success is given.",
        ("users", "task", "share"),
        "“{phrase}”: which task, done by whom, by which share of them, in which time?",
        "<task>.done >= <NN> % with 95 % confidence",
    )
    ACCESSIBILITY = (
        "accessibility",
        Function.PRODUCT,
        "People with disabilities shall be able to use it, and no standard with its level is named.",
        ("standard", "level"),
        "“{phrase}”: by which standard and level, for instance WCAG 2.2 AA, checked how?",
        "<page>.wcag-violations = 0",
    )
    SATISFACTION = (
        "satisfaction",
        Function.CUSTOMER,
        "People shall be content, and no survey score says how content.",
        ("score", "survey"),
        "“{phrase}”: which score, in which survey, of whom?",
        "<survey>.csat >= <NN> % over <quarter> per customer",
    )
    DATA_QUALITY = (
        "data-quality",
        Function.PRODUCT,
        "Data shall be clean, complete or consistent, and no share of valid records is given.",
        ("share", "rules"),
        "“{phrase}”: which share of the records passes which checks?",
        "<data>.valid >= <NN> % over 30 d per customer",
    )
    COMPATIBILITY = (
        "compatibility",
        Function.ENGINEERING,
        "It shall work with other things, and these or their versions are not named.",
        ("names", "versions"),
        "“{phrase}”: with which ones exactly, in which versions, through which interface?",
        "<matrix>.test.passed = 100 %",
    )
    MAINTAINABILITY = (
        "maintainability",
        Function.ENGINEERING,
        "It shall be easy to change or run, and no change with its allowed effort is given.",
        ("change", "effort"),
        "“{phrase}”: which typical change or task, done by whom, in at most which time?",
        "<change>.lead-time <= <N> d",
    )
    COST = (
        "cost",
        Function.PRODUCT,
        "It shall be cheap, and no amount says how cheap.",
        ("amount",),
        "“{phrase}”: at most how much money, per what, compared with what?",
        "<service>.cost-per-answer <= <N> EUR over calendar month",
    )
    DEADLINE = (
        "deadline",
        Function.PRODUCT,
        "Something shall happen soon or repeatedly, and no time limit or interval is given.",
        ("time limit", "start"),
        "“{phrase}”: within which time, or how often, counted from which event?",
        "p<NN> of <step>.duration < <N> min over 30 d per customer",
    )
    IMPROVEMENT = (
        "improvement",
        Function.PRODUCT,
        "Something shall get better, and no baseline, target or date says from where to where.",
        ("baseline", "target", "date"),
        "“{phrase}”: from which value today to which value, by when?",
        "<outcome> <= <target> over <quarter>",
    )
    QUANTITY = (
        "quantity",
        Function.PRODUCT,
        "An amount is given in words that have no number.",
        ("number",),
        "“{phrase}”: how many or how much exactly, and which?",
        "<quantity> >= <N>",
    )
    SUBJECTIVE = (
        "subjective",
        Function.PRODUCT,
        "A word of praise or taste that two people may judge differently.",
        ("measure",),
        "“{phrase}”: by which observable property would two people agree that it is met?",
        "<property>.test.passed = 100 %",
    )
    OPEN_END = (
        "open-end",
        Function.PRODUCT,
        "A list or a value is left to be completed later.",
        ("content",),
        "“{phrase}”: what exactly belongs here?",
        "<each item named>",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One thing that cannot be verified yet, and who can say what would make it verifiable."""

    gap: Gap
    """What kind of thing is missing."""
    phrase: str
    """The words of the text that raise the question."""
    start: int
    """Offset of the first character of the phrase in the text."""
    end: int
    """Offset behind its last character."""
    function: Function
    """Who owns the answer."""
    question: str
    """The question, as a person would ask it."""
    missing: tuple[str, ...]
    """The elements that were looked for and not found."""
    suggestion: str
    """A criterion sentence to fill in; what is still open stands in angle brackets."""


class Pattern(Enum):
    """The sentence patterns of EARS (Mavin and others, 2009), and `NONE` for a text without an obligation."""

    UBIQUITOUS = "ubiquitous"
    """The <system> shall <response>."""
    EVENT = "event"
    """When <trigger>, the <system> shall <response>."""
    STATE = "state"
    """While <state>, the <system> shall <response>."""
    OPTIONAL = "optional"
    """Where <feature is included>, the <system> shall <response>."""
    UNWANTED = "unwanted"
    """If <unwanted condition>, then the <system> shall <response>."""
    COMPLEX = "complex"
    """Several of these keywords before the obligation."""
    NONE = "none"
    """No shall, must, will or should: not a requirement sentence."""


class _Sign(Enum):
    """Something measurable, or a word that says what a number is about."""

    # Members are compared by identity; hashing their names in Python took a tenth of the time.
    __hash__ = object.__hash__

    AVAILABILITY_WORD = auto()
    NINES = auto()
    STATISTIC = auto()
    LOAD = auto()
    CONDITION = auto()
    WINDOW = auto()
    EXCLUSION = auto()
    PERIOD = auto()
    METRIC = auto()
    METHOD = auto()
    BASELINE = auto()
    CONTROL = auto()
    ACCESS_STANDARD = auto()
    STANDARD = auto()
    ARTICLE = auto()
    FIELDS = auto()
    VERSION = auto()
    MONEY = auto()
    PERCENT = auto()
    DURATION = auto()
    SIZE = auto()
    RATE = auto()
    COUNT = auto()
    FEW = auto()
    MEASURE = auto()
    CLOCK = auto()
    LABEL = auto()
    NUMBER = auto()
    INNOCENT = auto()


class _Role(Enum):
    """What a duration limits."""

    BOUND = auto()
    AGE = auto()
    WINDOW = auto()
    PERIOD = auto()
    RETAIN = auto()
    TIMEOUT = auto()
    TRIGGER = auto()
    DOWNTIME = auto()
    OPEN = auto()


class _Found(NamedTuple):
    """A concept, a sign or a quantity at its place; `first` and `last` are token numbers, `last` included."""

    kind: Gap | _Sign
    start: int
    end: int
    first: int
    last: int
    value: str = ""
    seconds: float = 0.0
    role: _Role = _Role.OPEN


# ------------------------------------------------------------------------------------------------------------- lexicon
# One phrase a line. `a|b` one of; `stem*` any ending; `word?` may be absent; `..3` up to three words between; `a~b`
# joined, spaced or hyphenated; `before > phrase < after` words that must stand around the phrase and are not part of it.
# A space also matches a hyphen. The first word of a line finds the line, so lines cost nothing where it does not occur.

_MODAL = "shall|must|should|will|can|to"
_MANY = "large|larger|high|higher|huge|massive|vast|big|enormous|great|significant|increasing|growing|substantial|heavy"
_GOOD = (
    "good|great|excellent|high|higher|highest|best|optimal|optimum|superior|acceptable|adequate|sufficient|reasonable"
)
_LITTLE = (
    "low|lower|lowest|minimal|minimum|reduced|limited|small|smallest|little|least|less|few|fewer|reasonable|moderate"
)
_PEOPLE = (
    "user*|customer*|client*|people|visitor*|tenant*|subscriber*|member*|citizen*|patient*|device*|sensor*|session*"
    "|connection*|meter*|vehicle*|student*|merchant*|participant*|employee*|player*|viewer*|partner*|store*|location*"
)
_EVENTS = (
    "transaction*|event*|message*|record*|request*|order*|document*|quer*|payment*|file*|image*|row*|call*|log*"
    "|reading*|measurement*|data|item*|entries|invoice*|claim*|job*|email*|notification*|trade*|packet*|point*"
)
_SYSTEMS = (
    "system*|application*|software|infrastructure|tool*|environment*|landscape|solution*|service*|hardware|platform*"
    "|database*|product*|part*|component*|api*|erp|crm"
)
_TALKS = (
    "integrat*|interfac*|interact*|connect*|communicat*|interoperat*|work|works|exchange*|link|links|linked|coexist*"
)
_MODEL_OUTPUT = (
    "prediction*|forecast*|recommendation*|suggestion*|classification*|detection*|estimate*|estimation*|translation*"
    "|diagnos*|answer*|scoring|score*|match*|result*|advice|transcription*|summar*|insight*|alert*|offer*|hint*"
)
_DATA = "data|information|record*|dataset*|figure*|content|documentation|report*|entries|database*|master"
_QUEST = "fraud*|anomal*|spam|outlier*|intrusion*|malware|sentiment*|face*|object*|defect*|disease*|emotion*|phishing"
_LOOK = "interface*|ui|gui|ux|design|layout|navigation|screen*|menu*|workflow*|app|website|portal|form*|dashboard*"
_LAW = "law*|regulation*|legislation*|standard*|norm*|provision*|guideline*|obligation*|rule*|directive*|requirement*"
_OBLIGED = (
    "comply|complies|compliant|compliance|complying|conform*|adhere*|accordance|line|consistent|meet*|follow*|satisf*"
)
_NOTHING = "hardly|rarely|scarcely|few|rare|no|zero|without|minimal|minimum|minimi*|low|little|least|avoid*|reduce*|prevent*|eliminat*"

_STAYS = "be|is|are|was|remain*|stay*|keep*|kept|hold|held|become*|get|gets"
_WELL = (
    "low|lower|lowest|small|smaller|minimal|minimum|minimised|minimized|reduced|limited|little|few|fewer|rare|negligible|high"
    "|higher|good|better|best|great|short|shorter|fast|acceptable|adequate|reasonable|sufficient|optimal|excellent|strong"
    "|tolerable|satisfactory|moderate|bearable|perfect|affordable|competitive|controlled|stable|contained|down|constant"
)
_PROMISED = {
    "LATENCY_BOUND": "response|responses|latency|latencies|delay|delays|waiting|loading|lag|performance|runtime",
    "AVAILABILITY_TARGET": "downtime|downtimes|outage|outages|interruption*|disruption*|availability|uptime",
    "COST": "cost|costs|expens*|expenditure*|price|prices|bill|bills|fee|fees|spend|spending|tco|budget",
    "EFFICIENCY": "memory|cpu|footprint|battery|batteries|energy|power|bandwidth|consumption|overhead|resource*|storage",
    "RELIABILITY": "failure|failures|error|errors|crashes|stability|defects|bugs|faults|malfunctions|rework",
    "ACCURACY": "accuracy|precision|prediction*|forecast*|recommendation*|hit|deviation*|misclassification*",
    "SECURITY": "security|protection",
    "USABILITY": "usability|clicks|training|effort",
    "SATISFACTION": "satisfaction|acceptance|adoption",
    "THROUGHPUT": "throughput|volume|volumes",
    "DATA_QUALITY": "quality",
}

_LEXICON: dict[Gap | _Sign, str] = {
    Gap.FRESHNESS: """
        near|quasi|almost|nearly real~time
        real~time
        live data|dashboard*|view|views|tracking|status|updates|feed|feeds|metrics|position*|location*|monitoring|information|inventory|stock|prices|map|figures|visibility|overview|insight|insights|picture|alerts|scores|results|rates|quotes|analytics|reporting|availability|traffic
        up~to~date|up~to~the~minute|up~to~the~second
        always|constantly ..6 current|latest|newest|most~recent|freshest
        data|information|prices|figures|report|reports|content|stock|balances|status ..5 be|is|are|remain*|stay*|kept ..2 > current|actual|fresh|recent|live
        most recent|current|up~to~date data|information|status|figures|version|values|results
        latest|freshest data|information|figures|state|status|prices
        fresh data|information|content|results|prices|stock
        freshness
        not|never|no|without|aren|isn ..3 stale|outdated|obsolete|out~of~date
        stale|outdated|obsolete data|information|results|figures|prices|content
        continuously|constantly|permanently|continually|always ..1 updated|synchron*|refreshed|in~sync
        instantly|immediately|instant|immediate ..2 updat*|reflect*|synchron*|visible|sync
        updat*|reflect*|synchron*|sync ..2 instantly|immediately|instantaneously|continuously|constantly
        in sync
        current < ..1 at all times
        track*|see|sees|follow*|monitor*|watch*|display*|show*|updat*|view* ..4 live
        refresh*|updat*|synchroni*|reload* ..3 frequently|regularly|often|constantly|continually|periodically|quickly
        always|constantly|permanently ..2 in step|sync|line
        kept|keep|stay|remain ..2 in step|sync
    """,
    Gap.LATENCY_BOUND: """
        fast|faster|fastest|quick|quicker|quickest|quickly|rapid|rapidly|swift|swiftly|speedy|speedily|snappy|performant
        super|ultra|lightning ..1 fast|quick|quickly
        blazing|blazingly
        acceptable|reasonable|appropriate|short|decent|minimal|least ..1 amount|length|period of time
        responsive|responsively|responsiveness
        instant|instantly|instantaneous|instantaneously|immediate|immediately
        high|great|maximum|good|full|lightning|optimal speed
        low|lower|lowest|minimal|minimum|reduced|short|shorter|small|ultra~low|little|acceptable|reasonable|good|negligible ..2 latency|latencies|delay*|lag|wait|waiting|loading
        acceptable|reasonable|good|short|shorter|quick|fast|low|lower|adequate|optimal|minimal|satisfactory|excellent|best ..2 response|responses|answer|loading|load|processing|waiting|start~up|startup|turnaround time|times|speed|speeds
        no|without|zero ..2 delay|delays|lag|lags|latency|waiting|hesitation
        without|no noticeable|perceptible|visible|significant delay|delays|lag|slowdown*|waiting
        lag~free
        in no time
        in the blink
        high~performance|high~performing|high~speed|well~performing
        good|acceptable|optimal|adequate|excellent|sufficient|satisfactory|reasonable|best|high|great|superior|strong ..1 performance
        performance < ..1 shall|must|should|will|is|be|remain*|stay* ..2 good|acceptable|optimal|adequate|excellent|high|stable|constant
        performance ..4 degrad*|suffer*|deteriorat*|impair*|drop
        degrad*|impact*|affect*|loss|hurt*|compromis*|impair*|deteriorat* ..3 performance
        degradation of|in performance|speed|service
        maintain*|preserve* ..1 performance
        within seconds|milliseconds|moments|minutes|fractions
        in|within a? ..1 few|couple|some|several of? seconds|milliseconds|moments|minutes
        in a? matter of seconds|minutes|moments
        in seconds|milliseconds|moments
        fraction|fractions of a second
        single~digit milliseconds|ms|seconds|minutes
        speed of thought|light
        perform|performs|performing well|adequately|acceptably|fine|optimally
        run*|scroll*|work*|animat*|play*|respond*|operat* ..1 smoothly|fluidly|fluently
        smooth scrolling|animation*|playback|operation|performance|running
        slow|slows|slowed down
        not|never ..1 slow|sluggish|hang|freeze|lag|laggy
        without ..2 freezing|hanging|stuttering
        timely response*|answer*|feedback
        straight~away|right~away|forthwith
        on the spot|fly
        in a flash|heartbeat|snap
        not|never ..2 take ..1 long|forever|ages
        too|so long|slow|slowly to|for|before
        without|no ..3 wait|waiting|delaying
        keep*|have|having|make|makes|making ..3 > wait|waiting
        while ..4 still ..1 on the ..1 phone|line|call
    """,
    Gap.DEADLINE: """
        as soon|quickly|fast|promptly|rapidly|early|expeditiously|swiftly|quick as possible|practicable|practical|feasible|reasonably
        promptly|timely|expeditiously|asap|punctual|punctually|punctuality|urgently|shortly
        in a timely|prompt|expeditious manner|fashion|way
        prompt notification*|response*|delivery|support|repair|resolution|action|payment|service|reporting
        in|within due|good course|time
        without undue|unreasonable|unnecessary delay
        within ..2 acceptable|reasonable|appropriate|suitable|short ..1 time|period|timeframe|time~frame|timescale
        reasonable|sufficient|adequate|appropriate|enough|short ..1 time|timeframe
        in|within a? reasonable ..1 time|timeframe|period
        at the earliest
        on time
        at|in the right moment|time
        regularly|periodically|periodic|frequently|occasionally|sporadically
        at|in regular|periodic|frequent|suitable|appropriate ..1 interval*
        on a regular|periodic|frequent basis
        from time to time
        regular|frequent update*|report*|check*|review*|synchron*
        well|long|soon|shortly before|after
        in time for|to
    """,
    Gap.AVAILABILITY_TARGET: f"""
        24~7|24~x~7|24~7~365|24~x~7~x~365
        24|twenty~four hours|hrs|h a|per|every day
        seven|7 days a|per week
        365 days a|per year
        around|round the clock
        day and night
        always on|up|online|available|accessible|reachable|operational
        always|constantly|continuously|permanently|continually|perpetually ..1 available|online|up|reachable|accessible|operational|running|usable
        always|constantly|permanently ..1 be|remain|stay ..1 available|online|up|reachable|accessible|operational|running|usable
        available|accessible|operational|reachable|usable|online|up ..4 at all times|time
        available|accessible|operational|reachable|usable|online ..3 anytime|always|constantly|permanently|continuously
        at all times|any time < ..1 available|accessible|operational|reachable|usable|online
        remain*|stay*|keep|kept|continue* ..3 available|online|operational|reachable|functional
        continue* to operate|function|work|run
        highly~available|high~availability
        maximum|maximal|good|excellent|high|higher|highest|continuous|permanent|constant|best|guaranteed|sufficient|adequate|acceptable|full|reliable|increased ..2 availability|uptime|up~time
        {_NOTHING} ..3 downtime|downtimes|down~time|outage|outages|interruption|interruptions|disruption|disruptions|unavailability
        long|longer|extended|frequent|prolonged downtime|downtimes|outages|outage|interruption*|disruption*
        uninterrupted|uninterruptedly|uninterruptible|non~stop
        never|not ..2 down|offline|unavailable
        up and running|available
        continuous|continuously operation|service|operat*|availability
        available|operational|online|reachable when needed|required|wanted
        available|operational|online|reachable whenever|anytime
        availab* during|in ..2 business|working|office|opening|service hours
    """,
    Gap.ACCURACY: f"""
        accurate|accurately|precise|precisely
        accuracy < ..3 {_MODAL}|of|at|above|greater|better|least|over|is|are
        achiev*|reach*|attain*|has|have|with|provid*|deliver*|minimum|required|ensur*|%|percent|guarantee* ..3 > accuracy
        accurate|precise|reliable|correct|relevant|meaningful|useful|valuable|actionable|personali*|tailored|smart|intelligent|trustworthy|high~quality|plausible|good|better|helpful ..1 {_MODEL_OUTPUT}
        high|good|great|best|sufficient|acceptable|adequate|reasonable|maximum|higher|improved ..1 accuracy|precision|hit~rate|recall|detection~rate|prediction~quality
        accuracy|precision|quality of ..2 {_MODEL_OUTPUT}|model*|algorithm*|classifier*|system
        predictive|predictively|predict|predicts|predicting
        shall|must|should|will|can|and|that|which|automatically|correctly|early|able~to > forecast|estimate|classify|categorise|categorize|recommend|suggest|anticipate
        forecasts|forecasting|estimates|classifies|recommends|anticipates < ..4 the|a|an|which|when|whether|demand|sales|risk*|failure*|churn|arrival*|automatically|based|incoming|documents
        recommends|forecasts
        provid*|deliver*|generat*|produc*|giv*|offer*|mak*|creat*|present* ..3 prediction*|forecast*|forecasting|recommendation*|suggestion*
        predict*|forecast*|classif*|detect*|answer*|recogni* ..3 reliably|correctly|accurately|precisely|properly|well
        reliably|correctly|accurately|precisely|automatically|properly ..1 predict*|forecast*|classif*|detect*|recogni*|identif*|categori*|translat*|summari*|extract*|transcrib*
        detect*|identif*|recogni*|flag*|spot* ..3 {_QUEST}|suspicious|abnormal*|unusual|churn|pattern*|trend*|early
        {_QUEST}|fraudulent|suspicious|abnormal|unusual ..3 detected|identified|flagged|recogni*|spotted
        anomaly|fraud|intrusion|spam|defect|outlier|pattern|object|face|malware detection|recognition
        speech|facial|image|voice|handwriting|character|text|licence|license|plate ..1 recognition
        machine|automatic|automated translation|classification|transcription|summari*
        ai copilot|co~pilot|assistant*|agent*|engine*|model*|chatbot*|bot|bots|solution*|system*
        {_MODAL} > recogni*
        intelligent|intelligently|smart|smartly|clever|cognitive
        ai|ml~?|machine~learning driven|powered|based|enabled|assisted
        small|low|lower|minimal|few|fewer|no ..1 error|errors|false ..1 positive*|alarm*|negative*|alert*
        false positive*|alarm*|negative*|alert* < ..4 low|minimal|minimi*|few|rare|avoid*|reduc*
        {_MODEL_OUTPUT} ..2 be|are|is|remain* ..1 > relevant|correct|right|trustworthy|reliable|plausible|useful|meaningful|good|precise|helpful
        not|never|without hallucinat*
        correct|right answer*|decision*|recommendation*|diagnos*|prediction*
        relevant search? results|content|hits|documents|matches|suggestions|products
        {_MODEL_OUTPUT}|model|models|accuracy|quality ..3 deteriorat*|degrad*|drift*|worsen*|decay*
        not|never ..1 make|invent|fabricat* ..2 up|facts|answers|things
        helpful|correct|right|sensible and|or? ..1 correct|helpful|accurate|truthful ..1 answer*|response*|advice
    """,
    Gap.DATA_QUALITY: f"""
        data quality
        quality of ..2 data|information|records
        high|good|best|sufficient|adequate|better quality ..1 {_DATA}
        clean|consistent|reliable|trustworthy|accurate|error~free|correct|valid ..2 {_DATA}
        complete|accurate|clean|consistent|correct and ..1 accurate|correct|consistent|reliable|valid|complete|clean ..2 {_DATA}
        {_DATA} ..4 be|is|are|remain*|stay* ..2 > clean|complete|consistent|correct|valid|reliable|accurate|trustworthy|error~free|plausible
        {_DATA} ..4 be|is|are|remain*|stay* ..4 and > complete|consistent|correct|valid|reliable|accurate|trustworthy|plausible
        {_DATA} ..4 be|is|are|has|have|remain*|stay*|with ..2 > high|good|best|sufficient|adequate quality
        data integrity|consistency|completeness|accuracy|hygiene|cleanliness
        integrity|consistency|completeness|accuracy|correctness of ..3 data|records|information|database|transactions
        duplicate~free
    """,
    Gap.SCALE: f"""
        scalab*
        scale|scales|scaled|scaling up|out|with|to|horizontally|vertically|elastically|automatically|dynamically|as|easily|seamlessly|well|beyond|in|on
        {_MODAL}|and > scale
        auto~scal*
        unlimited|limitless ..1 growth|scal*|capacity|users|expansion
        several|many|few hundred|thousand|million|billion ..3 {_PEOPLE}
        elastic|elastically|elasticity
        future|expected|projected|anticipated|business|user|rapid|organic|continued|further ..1 growth|expansion
        accommodat*|support*|handl*|cope*|cater*|allow*|enabl* ..4 growth|grow|growing
        grow*|increas*|rising|increased ..2 number*|demand*|load|loads|user|users|volume|volumes|traffic|workload*|customers
        grow|grows with
        handl*|withstand*|cope*|sustain*|support*|manag*|surviv*|absorb*|process*|bear|under ..4 peak|peaks|spike|spikes|surge|surges|burst|bursts
        full|maximum load|capacity
        peak|high|heavy|higher|increased|extreme|intense|varying ..1 load|loads|traffic|demand|demands|usage|workload|workloads|season|seasons
        traffic|load|demand|usage|seasonal|sudden spike*|peak*|surge*|burst*
        thousands|hundreds|millions|billions|dozens|tens|scores of ..4 {_PEOPLE}
        {_MANY}|any|unlimited|arbitrary|sufficient|adequate number|numbers|amount|amounts|group|groups|base of ..3 {_PEOPLE}|simultaneous|concurrent|parallel ..1 {_PEOPLE}|{_EVENTS}
        {_MANY}|any|unlimited number|numbers of concurrent|simultaneous|parallel
        many|numerous|unlimited|multiple|several|countless|all|more ..1 concurrent|simultaneous|parallel
        many|numerous|unlimited|multiple|several|countless|all|more ..1 users|requests|customers|sessions|people|devices ..2 concurrently|simultaneously|in~parallel
        many|numerous|countless|unlimited ..1 users|customers|clients|devices|tenants|visitors
        support*|handl*|serv*|accommodat* ..1 > multiple|many ..2 users|customers|clients|players|visitors
        support*|handl*|allow*|serv* ..1 > concurrent|simultaneous|parallel ..1 users|sessions|connections|access|requests|customers|logins
        large~scale|massive~scale
        at scale
        black|cyber friday|monday
        christmas|holiday|holidays|seasonal|rush|promotion*|campaign*|peak|busy|busiest ..2 traffic|load|demand|sales|peaks|season|period|periods|hour|hours|times|days
        handl*|cope*|withstand*|absorb*|manag*|sustain* ..3 > traffic|load|loads|rush|demand
        scaleab*
    """,
    Gap.THROUGHPUT: f"""
        {_MANY}|maximum|good|sufficient|adequate|optimal ..1 throughput|bandwidth|data~rate*|frame~rate*
        throughput
        {_MANY} volume|volumes|amount|amounts|quantity|quantities
        {_MANY} data~set*|dataset*|file|files|batches|data
        high~volume|large~volume
        big|bulk|mass data|processing|upload*|import*
        thousands|hundreds|millions|billions|dozens|tens of ..3 {_EVENTS}
        {_MANY}|any|unlimited number|numbers of ..2 {_EVENTS}
        many|numerous|countless transactions|events|messages|records|requests|orders|documents
        several|many|few hundred|thousand|million|billion ..3 {_EVENTS}|accounts|statements|products|articles
        volume|volumes of data|information|transactions|messages|documents
    """,
    Gap.EFFICIENCY: f"""
        efficient|efficiently|lightweight|light~weight|resource~friendly|resource~saving|energy~saving|power~saving|battery~friendly|sparing|sparingly
        resource|energy|power|memory|storage|fuel efficien*
        efficiency
        {_LITTLE} ..2 memory|cpu|ram|power|energy|battery|bandwidth|resource|resources|footprint|storage|disk|overhead|consumption|traffic
        optimise|optimize|optimises|optimizes|optimised|optimized|minimi*|reduc*|conserv*|economi* ..4 resource|resources|memory|storage|bandwidth|energy|battery|power|utili*|cpu|footprint|consumption
        consum*|use|uses|using ..1 as? little|few|minimal|less
        long|longer|good|extended|maximum|sufficient battery ..1 life|runtime|lifetime|time
        not|never ..1 drain
        optimal|optimi*|efficient|good use|usage|utili* of ..2 resource*|hardware|capacity|memory|storage|cpu
        batter*|energy|charge ..5 as long as
        battery|batteries ..3 last|lasts|lasting ..1 long
        on battery|batteries for ..1 as? long
    """,
    Gap.RELIABILITY: """
        robust|robustly|robustness|resilien*|fault~toleran*|dependab*|graceful|gracefully|stable|stably|stability
        reliable|reliably|reliability
        error~free|bug~free|defect~free|crash~free|failure~free|trouble~free|rock~solid|bullet~proof|fail~proof|self~healing
        without|free|minimal|minimum|minimi*|few ..2 errors|error|crashes|crash|crashing|failure|failures|failing|bugs|defects|malfunction*|glitch*|breakdown*
        without|no ..1 problem|problems|trouble|troubles|hiccup*|hitch*
        zero defects|bugs|crashes|failures|errors
        not|never|rarely|seldom ..1 crash|crashes|fail|fails|malfunction|break
        no single point
        single point of failure
        low|lower|acceptable|minimal ..1 failure|error|crash|defect rate|rates
        tolerat*|withstand*|surviv*|cope* ..2 fault*|failure*|error*|crash*|outage*
        handl*|cope*|deal* ..3 error*|failure*|exception*|fault* < ..1 gracefully|properly|appropriately|well|correctly
        perform*|behav*|operat*|work*|function*|run|runs ..2 consistently|predictably|dependably|flawlessly|faultlessly
        consistent|reliable|predictable performance|behaviour|behavior|operation|service|results
        tolerate|tolerates|tolerating|withstand*|survive|survives|surviving
        unstable|poor|intermittent|weak|bad|flaky|unreliable ..1 connection*|network*|connectivity|coverage|signal|internet
        even if|when ..6 lost|fail|fails|failing|crash|crashes|unavailable|offline|down|disconnect*|interrupt*|breaks
        despite ..3 failure*|outage*|fault*|disruption*|errors
        without breaking|falling|stumbling|choking
    """,
    Gap.RECOVERY: """
        no|zero|without|prevent*|avoid*|minimal|minimi*|against|never|any ..3 data~loss
        no|zero|without|prevent*|avoid*|minimal|minimi*|against|any ..2 loss of|in ..2 data|information|messages|transactions|records
        data~loss
        not|never|nothing|cannot|nor ..1 lose|lost ..3 data|message*|transaction*|record*|order*|information|event*|reading*|entries|work
        no|never ..2 data|message*|transaction*|record*|order*|event*|information|reading*|entry|payment* ..3 lost|lose
        never|not ..3 lose my|their|any|his|your|the
        losing ..2 data|messages|transactions|records|work
        disaster recovery
        after|case|event of? ..1 disaster|catastroph*
        recover*|restor* ..4 quickly|rapidly|fast|promptly|immediately|swiftly|soon
        quick*|fast|rapid*|prompt*|swift* ..1 recover*|restor*|failover|fail~over
        recover|recovers|recovery|recovering|restored|restart* ..2 from|after ..3 failure*|crash*|outage*|error*|fault*|interruption*|disruption*|incident*|disaster*
        rpo|rto
        recovery point|time objective*
        backup|backups|back~up|back~ups|backed ..5 regular|regularly|frequent|frequently|periodic|periodically|appropriate|adequate
        regular|frequent|periodic|adequate|appropriate|proper|reliable|automatic|automated ..1 backup*|back~up*
        backup|backups|back~up|back~ups and ..1 recovery|restor*
        durab*
        business continuity
        recoverab*
        never|not|no|nor|without ..3 drop|dropped|dropping|miss|missed|missing|skip|skipped|corrupt|corrupted|forget|forgotten ..1 a|an|any|single|event*|message*|record*|transaction*|order*|reading*|posting*|alarm*|data
        no|never ..2 event|message|record|transaction|order|reading|posting|alarm|packet ..3 dropped|missed|skipped|corrupted|forgotten
    """,
    Gap.SECURITY: """
        safe|safely and secure*
        secure|securely|secured|security
        secure|secured and safe|safely
        cyber~security|cybersecurity|cyber~secure
        tamper~proof|tamper~resistant|hack~proof|hardened|hardening|unbreakable|bank~grade|military~grade|impenetrable
        protect*|guard*|safe|defend*|immune|shield*|secur*|safeguard* ..4 against|from ..4 unauthori*|attack*|threat*|misuse|hack*|malicious|theft|tamper*|intru*|abuse|manipulat*|breach*|leak*|disclosure|cyber*|access|malware|virus*|injection*
        prevent*|avoid*|block*|stop|no|against|from|without ..2 > unauthori* ..1 access|use|disclosure|modification*|person*|users|parties|change*
        unauthori* ..1 access|use|disclosure|modification*|changes ..6 prevented|blocked|avoided|impossible|excluded|denied
        prevent*|avoid*|block*|resist*|withstand*|repel* ..3 attack*|hack*|breach*|intru*|cyber*|tamper*|leak*
        strong|robust|appropriate|adequate|proper|industry~standard|state~of~the~art|sufficient|suitable|strict|modern|tight ..1 encryption|encrypted|password*|authentication|authori*|cryptograph*|access|credential*
        safely|appropriately|properly|adequately|sufficiently|strongly|fully stored|protected|encrypted|transmitted|secured|authenticated|kept
        shall|must|should|will|be|are|is ..1 > protected < $
        safeguard|safeguards|safeguarded|safeguarding
        free|no|without|known|minimal|minimi* ..3 vulnerabilit*
        vulnerab* ..3 minimi*|avoid*|prevent*|fixed|patched|resolved
        safe from
        prying eyes
        strictly|completely|fully|logically|properly|securely ..1 separat*|isolat*|segregat*
        access ..6 > restricted|limited|controlled|protected|regulated appropriately|properly|adequately|suitably|strictly|tightly|carefully
        access ..4 > appropriately|properly|adequately|suitably|strictly|tightly restricted|limited|controlled|protected|regulated
        intrusion*|hacking|cyberattack*|cyber~attack* < ..3 shall|must|be|is|are
    """,
    Gap.PRIVACY: """
        privacy|confidential|confidentially|confidentiality
        gdpr|hipaa|ccpa|lgpd|dsgvo|pipeda ..1 complian*|compliant|conform*|ready|readiness|requirements|rules|regulations
        compl*|conform*|accord*|adher*|line|meet*|satisf*|fulfil*|respect*|follow*|per|under|subject ..4 > gdpr|hipaa|ccpa|lgpd|dsgvo|pipeda
        general data protection regulation
        data~protection < ..1 law*|legislation|regulation*|requirement*|rules|compliant|complian*|standard*|principles|shall|must|is|be
        data~protection
        personal|sensitive|private|customer|patient|user|medical|health|confidential data|information|details|records ..4 > protected|safeguarded|treated|handled|guarded
        protect*|respect*|safeguard*|handl*|treat* ..3 personal|sensitive|private|confidential|patient|customer|user ..1 data|information|details
        anonymi*|de~identif*
        nobody|no~one|noone|only ..5 read|see|access|view ..1 my
        data|information*|details|records|infos ..6 > protected
    """,
    Gap.COMPLIANCE: f"""
        {_OBLIGED} ..1 with|to? ..5 law*|regulation*|legislation*|act
        {_OBLIGED} ..1 with|to? ..4 corporate|company|internal|organi*|agency|existing|government|federal|national|bank|hospital|group|our|customer ..2 polic*|{_LAW}
        applicable|relevant|local|national|international|federal|legal|regulatory|statutory|prevailing|governing|industry|sector|mandatory|accepted|recogni* ..2 law|laws|regulation*|legislation*|standard|standards|norm|norms|provision*|guideline*|obligation*|rule|rules|directive*|practice|practices
        applicable|relevant|legal|regulatory|statutory|auditing|compliance ..1 requirement*
        industry~standard*
        common|usual|established|widely~accepted|generally~accepted|recognised|recognized ..1 standards|conventions|practices|practice
        best~practice*
        full|regulatory|legal|strict|enterprise~ready|built~in|tax|data|ensure*|guarantee*|demonstrat*|assur*|maintain* ..2 compliance
        compl*|conform*|adher* ..1 with|to ..6 requirements|practice|practices
        compl*|conform*|adher*|accordance ..1 with|to ..5 law|laws|regulation|regulations|legislation|rules|norms|standards|guidelines|directives|policies
        regulatory|legal|statutory compliance|compliant|requirements
        shall|must|should|be|is|are|fully|legally|remain ..1 > compliant < $
        {_OBLIGED} ..1 with|to? ..2 > sarbanes~oxley|sox|psd2|mifid|basel|dora|nis2|ferpa|coppa|fda|mdr|itil|cobit
        sox|psd2|mifid|basel|dora|nis2|ferpa|coppa|fda|mdr|soc2 complian*|compliant|conform*
    """,
    Gap.AUDIT: """
        auditab*
        full|fully|complete|completely|comprehensive|detailed|proper|adequate|sufficient|extensive|clear ..1 audit|audited|logging|logged|log|logs|traceab*
        audit~trail|audit~trails|audit~log|audit~logs|audit~logging < ..8 shall|must|maintain*|available|kept|all|any|every|of|for
        provid*|maintain*|keep*|offer*|support*|generat*|includ*|with ..3 > audit~trail*|audit~log*|audit~capab*
        traceable|traceability|accountability|accountable|non~repudiation|provenance
        log*|record*|track*|trac*|audit*|document* ..2 all|any|every|relevant|important|significant|critical|key|major ..3 activit*|action*|event*|access*|change*|operation*|transaction*
        all|any|every|relevant|important|significant|critical|key|major ..3 activit*|action*|event*|access*|change*|operation*|transaction*|decision*|error* ..3 logged|traced|audited|tracked|traceable|auditable
        maintain*|keep*|retain* > logs < of
    """,
    Gap.RETENTION: """
        retain*|retention|archiv*|kept|keep|preserv*|stored|store|hold|held ..6 as~long~as
        retain*|retention|archiv*|kept|keep|preserv*|stored|store|hold|held ..6 appropriate|adequate|sufficient|reasonable|required|necessary|suitable|legal|certain|long|extended ..1 period|periods|time|duration|term
        retain*|archiv*|kept|keep|preserv*|stored ..4 indefinitely|permanently|forever
        as long as < ..2 necessary|needed|required|possible|legally
        long~term storage|archiv*|retention|preservation|storage|availability
        must|shall|should|be|are|is|will > retained|archived|preserved
        retention period*|time*|polic*|requirement*|rule*
        historical|historic|old|past data|records|information ..4 kept|retained|archived|available|preserved|stored|accessible
    """,
    Gap.EXPLANATION: f"""
        explainab*|interpretab*|intelligib*
        explain*|justif*|understand*|understood|comprehen*|see|know|show*|clarif*|transparent ..4 why|decision*|prediction*|recommendation*|score*|reasoning|outcome*|rationale|suggested|model
        transparent|transparently|transparency
        black~box
        explain*|justif* ..3 to ..2 auditor*|regulator*|customer*|user*|applicant*|patient*|clinician*|staff
        easy|possible|able|easily to? ..1 explain|justify
        comprehensible|understandable|plausible|clear|meaningful ..1 reason*|explanation*|decision*|rationale
        decision*|prediction*|recommendation*|score*|reasoning|outcome*|result*|model* ..4 > explained|understood|justified|understandable|comprehensible|transparent|explanation*
        traceable|comprehensible decision*|result*|reasoning
        {_MODEL_OUTPUT}|model* ..5 understand|comprehend|interpret|follow|retrace
        be|are|is|and > justified|justifiable|comprehensible
    """,
    Gap.FAIRNESS: """
        fair|fairly|fairness|unfair|unfairly|unbiased|bias|biased|biases|non~discriminat*|nondiscriminat*|discriminat*|equitab*|ethical|ethically|impartial*
        responsible|trustworthy ai|artificial|use|machine
        equal|equally treatment|treated|treat
    """,
    Gap.SAFETY: """
        safe|safely|unsafe|fail~safe|fail~safely
        safety of ..3 people|person*|user*|patient*|operator*|staff|passenger*|public|driver*|worker*|children
        ensur*|guarante*|maintain*|improv*|highest ..3 safety
        safety < ..1 shall|must|should|is|and
        not|no|without|never|cannot|prevent*|avoid* ..5 danger|risk|hazard
        not|no|without|never|cannot|prevent*|avoid* ..2 harm|harmed|endanger*|injur*|hurt
    """,
    Gap.USABILITY: f"""
        user|customer|people|operator|developer|child friendly|friendliness
        userfriendly|userfriendliness
        mobile friendly
        friendly < ..1 {_LOOK}|user
        easy|easier|easiest|easily|ease
        easy|easier|easily|ease ..1 to use|learn|understand|navigate|operate|read|handle|remember|find|follow
        ease~of~use|ease~of|usability|usable
        intuitive|intuitively|intuitiveness|self~explanatory|self~explaining|self~evident
        convenient|conveniently|convenience|comfortable|comfortably|comfort|effortless|effortlessly|hassle~free|frictionless|painless|uncomplicated|straightforward
        simple ..1 {_LOOK}|language|process|steps|manner|way
        simple|clear|clean and easy|intuitive|clear|simple|modern|attractive|consistent|concise
        simple to
        clear|plain|concise < $
        {_MODAL}|be|as ..1 > simple|obvious|self~evident|clear
        simplicity|simpler
        understandable|comprehensible|understandably|learnab*
        easy~to~understand
        clear|clearly|obvious|obviously|meaningful|helpful|informative|concise ..2 error|message*|messages|language|instruction*|indicat*|{_LOOK}|manner|visible|readable|displayed|marked|label*|control*|feedback|way|identif*|documentation|understand*
        readable|legible|readability|legibility|easily readable?
        no|little|without|limited|less|minimal ..2 experience|knowledge|skills|expertise|background
        minimal|little|no|without|minimum|hardly|less|limited ..2 training|instruction|instructions|learning|clicks|clicking|manual|guidance|effort|explanation
        short|shallow|low|gentle|flat learning ..1 curve
        quick*|fast|easy|easily to? learn*
        attractive|appealing|pleasant|pleasing|aesthetic*|beautiful|elegant|engaging|delightful|enjoyable|polished|sleek|vibrant
        fun to
        ergonomic*|ergonomics
        good|great|excellent|best|positive|optimal|superior|rich|enhanced|better|consistent|smooth|seamless|pleasant|exceptional|outstanding|satisfying|unified|delightful|high~quality|modern ..2 experience|ux
        look and feel
        consistent|uniform|harmonious|coherent ..3 {_LOOK}|look|appearance|style|colour*|color*|branding
        modern|fresh|clean|slick|professional|neat|uncluttered|well~organi* ..2 {_LOOK}|look|appearance
        look*|appear*|feel* ..1 professional|attractive|modern|appealing|good|nice|fun|natural|clean
        well~organi*|well~structured|well~designed|well~laid
        convenient|comfortable|simple|quick way|access
        familiar
        minimal|few|fewest|fewer number? of? clicks|steps
        simplif*
        understandable|usable|clear for ..3 everyone|anyone|citizens|laymen|laypeople|beginners|users
    """,
    Gap.ACCESSIBILITY: """
        accessib* ..5 disabilit*|impair*|disabled|blind|everyone|everybody|elderly|people|citizens|all
        accessibility|barrier~free|inclusive|inclusively
        disabilities|disability|handicap*
        visually|hearing|motor|cognitively|physically impaired|disabled|challenged
        colour~blind|color~blind
        assistive|screen~reader*
        blind|deaf|dyslexic|wheelchair
    """,
    Gap.SATISFACTION: """
        customer|user|client|employee|patient|citizen|staff|passenger|guest|student|people satisfaction|happiness|loyalty|delight|trust|acceptance|adoption|engagement|confidence
        satisfied|happy|delighted|pleased|content with|by
        satisfied|happy|delighted|satisfying customers|users|clients|people
        be|are|feel|stay|remain|keep* ..3 > happy|satisfied|delighted
        meet*|exceed*|fulfil*|satisf*|match* ..4 expectation*|needs
        satisfaction of
        to the satisfaction
        feel|feels ..2 confident|comfortable|valued|informed|respected
        well received|accepted
        delight|delights
        users|people|customers|they|everyone ..1 love|loves
        enjoy|enjoys|enjoyed|enjoying|frustrat*|annoy* ..2 using|the|users|experience|it
        like|love to use
    """,
    Gap.COMPATIBILITY: f"""
        compatib*|interoperab*
        cross~platform|cross~browser|cross~device|multi~platform
        all|any|every|major|modern|popular|common|commonly|standard|leading|mainstream|various|different|multiple|most|current|recent|latest|older|wide|variety|widely ..3 browser*|device|devices|platform|platforms|operating~system*|tablet*|smartphone*|screen~size*|phones|computers|os|file~format*|desktops|hardware|environment|environments
        mobile devices|phones|platforms
        run|runs|running|installed|operate|works|usable ..2 on|in|with|for ..3 existing|any|all|standard|current|common|different ..2 hardware|computer*|environment*|infrastructure|pc|pcs|machine*
        integrat*|connect*|interfac* ..3 seamless|seamlessly|easily|smoothly|tightly|fully|transparently
        seamless|seamlessly|smooth|smoothly|easy|easily|tight|full ..1 integrat*|connect*|interfac*
        work|works|plays|fits|pairs|operate|operates|function|functions ..2 with ..3 all|any|every|your|our|common|major|leading|most|popular ..4 {_SYSTEMS}
        {_TALKS} ..5 existing|legacy|third~party|3rd~party|other|external|internal|current|heterogeneous|various|back~end|upstream|downstream|different|multiple|surrounding|neighbouring|common|popular|modern ..2 {_SYSTEMS}
        plug~and~play|plug~in~play
        open|standard|standardi*|common|industry|modern ..1 interface*|protocol*|apis|api|format|formats|connector*
        open standards
        backward*|forward*|downward*|upward* compatib*
        responsive ..1 design|layout|website|web|site|page*
        different|various|all|any|multiple screen ..1 sizes|size|resolutions
    """,
    Gap.MAINTAINABILITY: """
        maintainab*|extensib*|extendab*|extendib*|expandab*|modular|modularity|modularly|flexible|flexibly|flexibility|adaptab*|future~proof|portability|reusab*|upgradab*|upgradeab*|testab*|debuggab*|monitorab*|observab*|manageab*|supportab*|evolvab*|loosely
        maintainability
        portable < ..1 across|to|between|code
        well|properly|fully|comprehensively|thoroughly|adequately documented|structured|commented|tested
        good|complete|comprehensive|adequate|sufficient|proper|clear|full|extensive|clean|up~to~date ..1 documentation|code|architecture|test~coverage
        highly|easily|fully|freely|widely|flexibly|simply|readily configur*|customi*|parametri*|adjust*|changeable
        easy|easier|simple|quick to ..2 build|maintain*|maintenance|extend*|extens*|modif*|chang*|updat*|upgrad*|adapt*|configur*|deploy*|test|tested|troubleshoot*|monitor*|debug*|integrat*|port|ported|customi*|replac*|expand*|add|adding|administ*|install*|enhanc*|repair*|service
        easily|simply|readily ..1 build|maintain*|maintenance|extend*|extens*|modif*|chang*|updat*|upgrad*|adapt*|configur*|deploy*|test|tested|troubleshoot*|monitor*|debug*|integrat*|port|ported|customi*|replac*|expand*|add|adding|administ*|install*|enhanc*|repair*|service
        ease of ..2 build|maintain*|maintenance|extend*|extens*|modif*|chang*|updat*|upgrad*|adapt*|configur*|deploy*|test|tested|troubleshoot*|monitor*|debug*|integrat*|port|ported|customi*|replac*|expand*|add|adding|administ*|install*|enhanc*|repair*|service
        facilitat*|simplif* ..4 maintenance|evolution|extension*|changes|upgrades|updates|enhancement*
        future evolution|extension*|enhancement*|changes|requirement*|needs|developments|modules
        minimal|little|low|lower|reduced|minimum ..1 maintenance|administration|administrative
        technical debt
        code|software quality
        with|without|minimal|minimum ..1 major|minimal|minimum|significant|much ..1 code? changes|change|effort|rework|redevelopment|modification*|refactoring
    """,
    Gap.COST: """
        cost~effective|cost~effectively|cost~effectiveness|cost~efficient|cost~efficiently|cost~efficiency|cost~optimi*|cost~saving
        affordab*|economically|low~cost|low~price*|cheap|cheaply|cheaper|cheapest|inexpensive|budget~friendly
        value for money
        reasonable|reasonably|competitive|competitively|attractive|fair ..1 pric*|cost|costs|rates|fees
        low|lower|lowest|minimal|minimum|reasonable|acceptable|reduced|controlled|affordable|little|less ..2 cost|costs|price|prices|tco|fees|expense*|expenditure
        minimi*|keep*|kept|limit*|contain* ..4 cost|costs|expense*
        cost|costs|tco ..3 low|minimal|minimi*|reasonable|acceptable|affordable|contained
        within|on|under ..2 budget
        economical|economically
        cost of operation|ownership|running|maintenance ..4 low|minimal|reasonable|small
    """,
    Gap.IMPROVEMENT: """
        improv*|enhanc*|increas*|boost*|rais*|maximi*|lift|lifts|drive|drives|grow|unlock|uplift|optimise|optimize|optimises|optimizes|accelerat*|streamlin*|strengthen*|speed|speeds ..5 efficien*|productiv*|satisfaction|experience|conversion*|engagement|quality|performance|conversion|revenue*|sales|transparency|accuracy|retention|adoption|usability|security|reliab*|collaboration|visibility|awareness|profit*|competitive*|outcome*|process|processes|workflow*|operations|decision*|utili*|loyalty|margin*|coordination|planning
        reduce|reduces|reduced|reducing|decrease|decreases|decreasing|minimi*|lowering|cut|cuts|cutting|shorten*|eliminat*|sav*|less ..5 time|times|effort|efforts|cost|costs|error|errors|workload*|churn|waste|risk|risks|delay*|complexity|paperwork|manual|mistake*|waiting|turnaround|queue*|emission*|consumption|fuel|loss|losses|fraud|calls|overhead|burden|duplication|labour|labor|bureaucracy|paper|staff|incidents|complaints|stress|fatigue|no~show*
        faster|better|quicker|easier|cheaper|more|less|higher|lower ..3 than ..3 today|current|currently|existing|before|now|legacy|competit*|present|previous|previously|old|manual*|previous
        more productive|efficient|efficiently|effective|effectively|productively|competitive
        operational|business|process|work|workflow|cost efficiency|excellence|agility|productivity
        add*|business|creat* value
    """,
    Gap.QUANTITY: f"""
        adequate|adequately|sufficient|sufficiently|enough|reasonable|reasonably|acceptable|acceptably|minimal|minimally
        significant|significantly|substantial|substantially|considerable|considerably
        {_MANY}|wide|small|low|certain|limited|broad|suitable number|numbers|variety|range|array|selection|choice|amount of
        as many|much|few|little as possible|needed|required|necessary
        a lot of
        lots of
        numerous
        unlimited|limitless
        most of
        majority
        multi~lingual|multilingual|multi~language|multi~currency
        support*|handl*|offer*|provid*|in|into|accept*|for|across ..1 > multiple|several|various|different|many ..1 language*|currenc*|format|formats|channel*|countr*|protocol*|payment*|locale*|region*|time~zone*|source*|method*|type|types
        minimi*|maximi* ..1 number|amount|impact|need|degree
        extended|prolonged|long|longer|short period|periods
        a|some|certain ..1 period of ..1 time|inactivity|idleness
        keep*|kept|remain*|stay* ..3 low|small|minimal|short|high
        thousands|hundreds|millions|billions|dozens of
        noticeably|markedly|drastically|dramatically|greatly|vastly|hugely|appreciably
        vast|overwhelming|great majority
    """,
    Gap.SUBJECTIVE: """
        state~of~the~art|cutting~edge|bleeding~edge|leading~edge|world~class|best~in~class|best~of~breed|top~notch|first~class|next~generation|next~gen|enterprise~grade|enterprise~class|enterprise~ready|industry~leading|market~leading|production~ready|high~end|high~quality|top~quality|high~grade|gold~standard|best~effort*
        modern|innovative|excellent|outstanding|superior|exceptional|superb|great|good|nice|optimal|optimally|ideal|ideally|perfect|perfectly|revolutionary|unparalleled|unmatched|unprecedented
        very|extremely|really|highly|truly|particularly|exceptionally|incredibly
        high|highest|good|best|top|better quality|standard|standards
        best|optimum possible|feasible|available|solution|way|suited
        appropriate|appropriately|suitable|suitably|proper|properly|sensible|satisfactory|satisfactorily|meaningful|meaningfully
        professional|professionally ..1 look*|appearance|design*|manner|quality|way|looking
        seamless|seamlessly|smooth|smoothly|powerful|sophisticated|holistic
        rich|comprehensive feature*|functionality|reporting|set
        work*|function*|operat*|behav*|perform* ..1 correctly|well|fine|effectively|as~expected|as~intended|normally
        effectively
        in some way
        appeal|appeals to
        excessive|excessively|undue|unnecessary|unnecessarily
        simply|just works|work
        advanced|sophisticated < ..1 analytics|technolog*|algorithm*|features|capabilit*
        thoroughly|carefully|diligently|sensibly
        helpful|useful|valuable|desirable
    """,
    Gap.OPEN_END: """
        etc
        and so on|forth
        and|or the like
        and|or similar
        and more|others < $
        among|amongst others
        including|includes but not limited|restricted
        tbd|tbc|tba|tbs
        to be defined|determined|decided|specified|agreed|announced|clarified
        still open|undefined|unclear
        not yet defined|decided|determined|known|specified|agreed
        and whatever|anything
    """,
}

# "Response times shall stay low", "keep the costs down", "outages are kept to a minimum": one shape for every attribute.
_PREDICATES: dict[Gap | _Sign, str] = {
    Gap[name]: f"""
        {attribute} ..6 {_STAYS} ..3 {_WELL}
        {attribute} ..6 to a minimum
        keep*|kept|hold*|maintain* ..3 {attribute} ..3 {_WELL}
        {_WELL} ..1 {attribute}
        """
    for name, attribute in _PROMISED.items()
}

_SIGNS: dict[Gap | _Sign, str] = {
    _Sign.AVAILABILITY_WORD: """
        availab*|unavailab*|uptime|up~time|downtime|down~time|outage*|operational|reachable|online|sla|slas|accessib*
        service level*
        in operation|service
        up and running
        up|down|running < ..1 of|at|for
        up|live|running|working|functional|usable ..5 of the time
    """,
    _Sign.NINES: """
        two|three|four|five|six|2|3|4|5|6 nine|nines
    """,
    _Sign.STATISTIC: """
        percentile*|quantile*|median|average|averaged|mean|avg
        all|every|each|any|no ..1 request*|search*|page*|quer*|call*|response*|transaction*|screen*|operation*|answer*|launch*|interaction*|inference*|action*
        maximum|max|maximal|worst~case ..1 response|latency|delay|time|duration
        in all|every|any case|cases|circumstances
        nine|eight|seven|nineteen times? out|of of? ten|twenty
    """,
    _Sign.LOAD: """
        single user
        no|zero load
        idle system
    """,
    _Sign.CONDITION: """
        4g|3g|5g|lte|wifi|wi~fi|broadband|dsl|fibre|fiber|gigabit ..1 connection*|network*|link*|line*
        reference|target|baseline|test|benchmark hardware|device*|environment|machine*|configuration|system|dataset|data|workload|load
        mid~range|low~end ..1 device*|phone*|laptop*|smartphone*
        load~profile|workload
    """,
    _Sign.WINDOW: """
        per|a|each|every|any|calendar|rolling|billing|contract|reporting|given|single|full|trading|one ..1 month|quarter|year|week|day|hour
        monthly|quarterly|yearly|annually|annual|weekly|daily|hourly
        in|during|over|throughout|across|per|for ..3 month|months|quarter|quarters|year|years|week|weeks|season
        measurement|observation|evaluation|rolling|measuring|billing|reporting window|windows|period|periods
    """,
    _Sign.EXCLUSION: """
        exclud*|exclusive|exclusion*|except|excepted|exception|excepting|exempt*
        not counting|including
        other than
        apart|aside|outside from|of ..2 maintenance|window*|downtime
        outside ..3 maintenance|window*
        planned|scheduled|announced|agreed|preannounced|pre~announced maintenance|downtime|outage*|windows
        maintenance window*|period*|times
    """,
    _Sign.PERIOD: """
        hourly|daily|nightly|weekly|monthly|quarterly|annually|yearly|fortnightly|overnight
        every|each ..1 day|night|hour|minute|week|month|morning|evening|quarter|year|second|monday|tuesday|wednesday|thursday|friday|saturday|sunday
        once|twice|times a|per|every|each ..1 day|week|month|hour|quarter|year|minute|shift
        next business|working|calendar day
        same|end ..3 day|week|month|shift
    """,
    _Sign.METRIC: """
        auc|auroc|roc|f1|recall|mape|wape|smape|rmse|mae|rmsle|brier|bleu|rouge|wer|cer|ndcg|iou|kappa|mcc|sensitivity|specificity
        sus|csat|nps|ces|umux|mtbf|mttr|mttf|mtta|cvss
        hit|error|failure|defect|crash|success|completion|false|true ..1 rate|rates
        net promoter
    """,
    _Sign.METHOD: """
        measured|measurement|measurements|measures|verified|validated|benchmark*|evaluated|evaluation|assessed|computed|calculated|audited|sampled|tested|judged|rated|confirmed|survey*|questionnaire*
        held~out|hold~out|test~set|test~data|validation|cross~validation|back~test*|ground~truth|labelled|labeled|gold~standard|reference
        actual|actuals|observed
        compared|against
        in|on a|an|the ..4 test|trial|sample|set|study|corpus|cohort|dataset|cases
    """,
    _Sign.BASELINE: """
        compared with|to|against
        baseline|baselined
        relative to
        versus|vs
        today's|current|present|existing value|level|average|figure|baseline
        than in|the|last
    """,
    _Sign.CONTROL: """
        nist|fips|pci|owasp|asvs|aes|tls|ssl|mtls|sha|rsa|ecdsa|hmac|oauth|oauth2|oidc|openid|saml|ldap|kerberos|bcrypt|argon|argon2id|scrypt|pbkdf|mfa|totp|fido|webauthn|rbac|abac|hitrust|fedramp|bsi|https|sftp|ipsec|hsm|hsts|jwt|pgp|gpg|soc|cwe|cve|cis|stig|eidas
        iso|iec ..2 27001|27002|27017|27018|27701|62443|21434
        multi~factor|two~factor|2~factor|dual~factor
        role~based|attribute~based
        single sign~on
        penetration|pen test*
        least privilege
        four~eyes
    """,
    _Sign.ACCESS_STANDARD: """
        wcag|bitv|rgaa
        en 301
        section 508
    """,
    _Sign.STANDARD: """
        iso|iec|ieee|din|rfc|hl7|fhir|dicom|nen|astm|asil|sil|en|itu|ansi|ecss|sepa|iban|swift|gs1|edifact|osha|w3c|etsi|3gpp|ip
    """,
    _Sign.FIELDS: """
        timestamp*|time~stamp*|username*
        user|actor|patient|session|operator|employee|account ..1 id|ids|identifier|name|identity
        user|who ..6 when|time|date
        date and time
        reason~code*|shap|counterfactual*
        old|previous|before and new|after
        ip address*
    """,
    _Sign.CLOCK: """
        by|before|until|at noon|midnight
    """,
    _Sign.INNOCENT: """
        real~time clock*|kernel*|operating|os|bus|protocol*|transport
        always up to
        most|more frequently|often
        adher*|compl*|conform*|meet*|satisf*|fulfil* ..1 with|to? ..1 the following ..3 requirements|rules|standards|expectations|criteria
        data quality check*|rule*|report*|dashboard*|officer*|team
        minimum|maximum accuracy of
        consistent with
        high|low speed internet|connection*|network*|line|lines|rail|train*|camera*|link*|bus
        highly|very desirable|recommended
        fast food|track*|forward|lane
        quick reference|access|start|guide|link*|filter*|reply|replies|action*|view
        instant messag*|message*|payment*|transfer*
        immediate supervisor|manager|family|predecessor|successor|parent|superior
        smart card*|meter*|phone*|home*|tv|tvs|contract*|watch*|lock*|grid|speaker*|plug*
        secure messag*|message*|boot|element*|area*|zone*|shell|socket*|mail|email|file
        security group*|officer*|guard*|question*|code|codes|number*|team*|token*|patch*|update*|log|logs|event*|incident*|role*|department*|advisor*|scan*|camera*|deposit*|staff|personnel|alert*|desk|identifier|certificate*|type*|price*|gate*|check*|clearance|key|keys
        social|homeland|national security
        safety stock|data|sheet*|glasses|officer*|deposit|margin*|instructions|belt*|factor
        thread|type|null|memory safe|safety
        safe mode|area|deposit|harbor|harbour
        write|password|copy|copyright protected|protection
        protected group*|class*|characteristic*|attribute*|branch*|health|feature*
        privacy policy|policies|notice*|statement*|settings|setting|officer*|level
        accessibility settings|statement*|menu|service*|level
        confidentiality agreement*|level*|label*|class*
        fair use|trade
        responsive to
        transparent background*|colour|color|png|layer*|overlay*|window*|proxy
        good manufacturing|clinical|receipt*|faith|standing|afternoon|morning
        effective date*|from|on|as|until|immediately|dose*
        advanced search*|filter*|settings|options|mode|user*
        sufficient|insufficient|enough|adequate funds|balance|credit*|stock|permission*|rights|privilege*|quantity
        acceptable use
        likert|grey|gray|time|rating|kitchen|weighing|temperature|point|colour|color|the|a|pay|sliding scale|scales
        scale of|from
        stable release*|version*|branch*|identifier*|id|api|url*
        flexible working|hours
        simple object|mail|network|text
        convenience store*
        customer|user|patient|employee satisfaction survey*|form*|score*
        loyalty card|program*|number
        user acceptance test*
        clear button|the|all|cart|filter*|cache
        regular expression*|user*|customer*|price*|employee*|member*|hours|staff
        bulk upload*|import*|edit*|action*|delete*|export*|update*|select*
        backup battery|generator|power|file|phone|contact*|email|copy|codes
        traffic light*|sign*|camera*|lane*|jam*
        growth hormone|rate|curve|chart*|stage*
        engagement letter*
        compliance officer*|team*|department*|report*
        estimated|forecast|predicted value*|time*
    """,
}

# --------------------------------------------------------------------------------------------------- tokens and matching

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%‰€$£§≤≥<>±]")
# Between two words of a phrase; a dash with space around it ends what came before.
_JOINT = r"(?!\s-\s)[\s\-'’\"*_/]{1,4}"
# Dashes and spaces of word processors, the multiplication sign, the full-width percent sign: one character for one.
_LIKE_ASCII = dict.fromkeys(range(0x2010, 0x2015), "-") | dict.fromkeys((0xA0, 0x2009, 0x202F), " ")
_LIKE_ASCII |= {0xD7: "x", 0xFF05: "%"}


# Stems are filed under their first letters; no stem of the lexicon is shorter.
_BUCKET = 3
_MARKS = frozenset(("<", ">", "$"))
_ENDING = r"\w{0,20}"
_HYPHEN = r"[\s\-/]?"
_WORD_BETWEEN = r"(?!(?:and|or|but)\b)\w{1,40}(?:[.,]\d+)?%?"
_STOP_BEHIND = r"\s*(?:[.,;:)]|\Z|and\b|or\b|by\b)"


class _Entry(Generic[_Kind]):
    """One line of the lexicon; its expression is compiled when the words it needs are met for the first time."""

    __slots__ = ("_line", "_match", "kind", "needs")

    def __init__(self, kind: _Kind, line: str) -> None:
        self.kind = kind
        self.needs = _beginnings(line)
        self._line = line
        self._match: Callable[[str, int], re.Match[str] | None] | None = None

    def match(self, text: str, position: int) -> re.Match[str] | None:
        """The phrase that begins at this offset, if it does; group 1 is the phrase without its context."""
        if self._match is None:
            self._match = re.compile(_expression(self._line)).match
        return self._match(text, position)


def _beginnings(line: str) -> frozenset[str]:
    """The first letters that a word of the last obligatory part of a line may have."""
    parts = [part for part in line.split()[1:] if part not in _MARKS and not part.startswith("..") and part[-1] != "?"]
    return frozenset(_key(word)[:_BUCKET] for word in parts[-1].split("|")) if parts else frozenset()


def _key(word: str) -> str:
    """The first token of a lexicon word."""
    found = _TOKEN.match(word)
    return found[0] if found else word


def _word_expression(word: str) -> str:
    return re.escape(word).replace(r"\*", _ENDING).replace("\\~", "~").replace("~", _HYPHEN)


def _expression(line: str) -> str:
    """One lexicon line as a regular expression whose group 1 is the phrase."""
    parts = ["("]
    joint = ""
    for word in line.split():
        if word == ">":
            parts[0] = "(?:"
            parts.append(f"){_JOINT}(")
            joint = ""
        elif word == "<":
            parts.append(")(?=")
        elif word == "$":
            parts.append(_STOP_BEHIND)
        elif word.startswith(".."):
            parts.append(f"(?:{_JOINT}{_WORD_BETWEEN}){{0,{word.lstrip('.')}}}?")
        else:
            choices = "|".join(map(_word_expression, word.rstrip("?").split("|")))
            parts.append(f"(?:{joint}(?:{choices})(?![^\\W_])){'?' if word.endswith('?') else ''}")
            joint = _JOINT
    return "".join([*parts, ")"])


class _Index(Generic[_Kind]):
    """Lexicon lines found by their first word, so that a text pays only for the lines its words can begin."""

    __slots__ = ("_single_stems", "_single_words", "_stems", "_words")

    def __init__(self, lines: Iterable[tuple[_Kind, str]]) -> None:
        self._single_words: dict[str, list[_Kind]] = {}
        self._single_stems: dict[str, list[tuple[str, _Kind]]] = {}
        self._words: dict[str, list[_Entry[_Kind]]] = {}
        self._stems: dict[str, list[_Entry[_Kind]]] = {}
        for kind, line in lines:
            first, *others = line.split(None, 1)
            if others or "~" in first or not first.replace("|", "").replace("*", "").isalpha():
                self._file_line(first, _Entry(kind, line))
            else:
                self._file_words(first, kind)

    def _file_words(self, words: str, kind: _Kind) -> None:
        """File a line of single words: these need no expression."""
        for word in words.split("|"):
            if word.endswith("*"):
                self._single_stems.setdefault(word[:_BUCKET], []).append((word[:-1], kind))
            else:
                self._single_words.setdefault(word, []).append(kind)

    def _file_line(self, first: str, entry: _Entry[_Kind]) -> None:
        """File a line under every token with which it can begin: "cost~effective*" under "cost" and under "costeff…"."""
        for word in first.split("|"):
            keys = dict.fromkeys((_key(word), _key(word.replace("~", ""))))
            if word.endswith("*"):
                for bucket in dict.fromkeys(key[:_BUCKET] for key in keys):
                    self._stems.setdefault(bucket, []).append(entry)
            else:
                for key in keys:
                    self._words.setdefault(key, []).append(entry)

    def matches(self, text: "_Text") -> Iterator[tuple[_Kind, int, int, int]]:
        """Every phrase of the text: its kind, the number of the token at which its line begins, its start and its end."""
        lower = text.lower
        beginnings = {word[:_BUCKET] for word in text.words}
        single_words, single_stems, words, stems = self._single_words, self._single_stems, self._words, self._stems
        for token, word in enumerate(text.words):
            for kind in single_words.get(word, ()):
                yield kind, token, text.starts[token], text.ends[token]
            beginning = word[:_BUCKET]
            for stem, kind in single_stems.get(beginning, ()):
                if word.startswith(stem):
                    yield kind, token, text.starts[token], text.ends[token]
            for entry in (*words.get(word, ()), *stems.get(beginning, ())):
                if entry.needs and entry.needs.isdisjoint(beginnings):
                    continue
                if found := entry.match(lower, text.starts[token]):
                    yield entry.kind, token, *found.span(1)


def _lines(*lexicons: Mapping[_Kind, str]) -> Iterator[tuple[_Kind, str]]:
    for lexicon in lexicons:
        for kind, block in lexicon.items():
            for line in block.splitlines():
                if line.strip():
                    yield kind, line


@cache
def _index() -> _Index[Gap | _Sign]:
    return _Index(_lines(_LEXICON, _PREDICATES, _SIGNS))


class _Text(NamedTuple):
    """A text in lower case, character for character as long as the original, and its tokens."""

    original: str
    lower: str
    words: list[str]
    starts: list[int]
    ends: list[int]


def _read(text: str) -> _Text:
    lower = text.lower()
    if not text.isascii():
        if len(lower) != len(text):
            lower = "".join(low if len(low := char.lower()) == 1 else char for char in text)
        lower = lower.translate(_LIKE_ASCII)
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _TOKEN.finditer(lower):
        start, end = found.span()
        starts.append(start)
        ends.append(end)
        words.append(lower[start:end])
    return _Text(text, lower, words, starts, ends)


# ----------------------------------------------------------------------------------------------------------- quantities

_NUMBER_WORDS = _words(
    "half one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty ninety"
    " hundred thousand million billion dozen"
)
_UNITS_OF_TIME = {
    unit: seconds
    for seconds, units in (
        (1e-9, "ns"),
        (1e-6, "us µs microsecond microseconds"),
        (1e-3, "ms msec msecs millisecond milliseconds"),
        (1.0, "s sec secs second seconds"),
        (60.0, "min mins minute minutes"),
        (3600.0, "h hr hrs hour hours"),
        (86400.0, "d day days night nights"),
        (604800.0, "w week weeks fortnight"),
        (2629800.0, "month months"),
        (7889400.0, "quarter quarters"),
        (31557600.0, "y yr year years"),
    )
    for unit in units.split()
}
_PRINTED_UNITS = {1e-3: "ms", 1.0: "s", 60.0: "min", 3600.0: "h", 86400.0: "d"}
_PARTS = {"half": "0.5", "quarter": "0.25", "tenth": "0.1"}
_NUMERALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_AMOUNTS = {word: str(value) for value, word in enumerate(_NUMERALS, 1)}
_AMOUNTS |= {"a": "1", "an": "1"}
_AMOUNTS |= {"fifteen": "15", "twenty": "20", "thirty": "30", "sixty": "60", "ninety": "90"}
_PERCENT_SIGNS = frozenset(("%", "‰", "percent", "pct", "percentage"))
_SIZES = _words(
    "b kb mb gb tb pb kib mib gib tib byte bytes kilobyte kilobytes megabyte megabytes gigabyte gigabytes terabyte"
    " terabytes bit bits"
)
_RATES = _words("rps tps qps rpm tpm tph hz khz mhz ops bps kbps mbps gbps fps iops eps")
_MONEY = _words("eur euro euros usd dollar dollars gbp pound pounds chf sek nok dkk cent cents pence € $ £")
_MEASURES = _words(
    "m cm mm km metre metres meter meters millimetre millimetres millimeter millimeters kilometre kilometres kilometer"
    " kilometers feet ft inch inches c k kelvin degree degrees deg bar v volt volts w kw kwh mw watt watts a ma mah"
    " lux db dbm ppm g kg mg ml l litre litres liter liters ph decimal decimals px pixel pixels dpi n nm newton"
)
_CAPITAL_UNITS = frozenset("acknvw")
_LEGAL = _words("art article articles section sections clause annex schedule appendix chapter paragraph part §")
_NOT_PLURAL = _words(
    "is this has was does its as business access process status address across less plus minus always class analysis"
    " basis bus gas pass success progress us thus press besides versus vs whereas unless times previous various s ms"
)
_NOT_LOAD = _words(
    "clicks steps taps decimals characters digits letters retries attempts points stars inches words lines features"
    " factors reasons languages browsers versions releases screens levels fields options errors failures faults crashes"
    " interruptions outages defects bugs incidents complaints tickets mistakes violations findings"
)
_STOP = _words(
    "and or but the of in on at to for with within by per is are be was shall must should will can may if when while"
    " that which from than as after before under over no not measured"
)
_LONGER = _words("longer later more greater over exceed exceeds exceeding exceeded beyond above > ≥")
_NEGATIONS = _words("no not never nor cannot without")
_PASSED_BY = _words(
    "of to a an the least about approximately approx around roughly than at time times be is exactly only maximum max"
    " single full next first some = ± first one"
)
_BREAKS = frozenset(".;!?")
_LIST_BREAKS = frozenset(".;:!?,(")
_ARTICLES = frozenset(("a", "an", "one"))
_FRACTIONS = _words("half quarter third fourth fifth tenth hundredth thousandth")
_BEFORE_UNIT = _words("business working calendar consecutive full elapsed")
_SHORT_UNITS = frozenset("dwy")
_ORDINALS = _words("st nd rd th")
_PER = _words("per a an each every")
_HALVES_OF_DAY = _words("am pm")
_OUT_OF = _words("out of")
_CROWDS = _words("people staff personnel")
_JOINS = frozenset(("", "-", "_", "."))
_ENDS_RATE = _STOP - {"per"}
_LONG_UNITS = frozenset(unit for unit, seconds in _UNITS_OF_TIME.items() if seconds >= 1)
_LONGEST_FRACTION = 5  # "a tenth of a second"
_SUB_UNITS = {"second": "1 s", "millisecond": "1 ms"}
_BEFORE_VERSION = frozenset((" ", " ("))
_VERSION_WORDS = _words("version v release")
_SAME_NUMBER = frozenset((" ", "-", " - ", " (", "("))


_WORDS_BEFORE = 6
_WORDS_BEHIND = 3
_RATE_WITHIN = 5


def _before(words: list[str], token: int, count: int) -> list[str]:
    """At most so many words before a token."""
    return words[max(0, token - count) : token]


def _behind(words: list[str], token: int, count: int) -> list[str]:
    """At most so many words behind a token."""
    following = token + 1
    return words[following : following + count]


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in _NUMBER_WORDS


_ROLE_BEHIND = {
    word: role
    for role, line in (
        (_Role.AGE, "old stale"),
        (_Role.PERIOD, "interval intervals cycle cycles"),
        (_Role.WINDOW, "window windows period periods rolling"),
        (_Role.TRIGGER, "ago before notice prior advance earlier"),
    )
    for word in line.split()
}
_ROLE_BEFORE = {
    word: role
    for role, line in (
        (
            _Role.BOUND,
            "within in under below less fewer faster shorter sooner most maximum max up sub beneath ≤ < quicker limit",
        ),
        (_Role.AGE, "older age stale behind"),
        (_Role.WINDOW, "during rolling last past previous trailing throughout across any averaged"),
        (_Role.PERIOD, "every each per interval intervals"),
        (_Role.RETAIN, "for"),
        (_Role.TIMEOUT, "after following"),
    )
    for word in line.split()
}
_STANDING_STILL = _words("inactivity idle idleness operation use")
_DOWN = frozenset(("downtime", "outage", "unavailability"))


def _role(words: list[str], number: int, unit: int) -> _Role:
    """What a duration limits, from the one word behind its unit and the few before its number."""
    behind = _behind(words, unit, _WORDS_BEHIND)
    if behind and behind[0] in _ROLE_BEHIND:
        return _ROLE_BEHIND[behind[0]]
    if behind and behind[0] == "of" and not _STANDING_STILL.isdisjoint(behind):
        return _Role.TIMEOUT
    if not _DOWN.isdisjoint(behind):
        return _Role.DOWNTIME
    before = _before(words, number, _WORDS_BEFORE)
    for word in reversed(before):
        if word in _LONGER:
            if not _NEGATIONS.isdisjoint(before):
                return _Role.BOUND
            return _Role.WINDOW if word == "over" else _Role.TRIGGER
        if word in _ROLE_BEFORE:
            return _ROLE_BEFORE[word]
        if word not in _PASSED_BY and not _is_number(word):
            break
    return _Role.OPEN


def _quantities(text: _Text) -> list[_Found]:
    """Every number with what it counts."""
    found: list[_Found] = []
    past = 0
    for at, word in enumerate(text.words):
        if at < past:
            continue
        if _is_number(word):
            last = at
            while _is_number(_word(text, last + 1) or "-") and _between(text, last) in _SAME_NUMBER:
                last += 1
            found.append(_quantity(text, at, last))
            past = max(last, found[-1].last) + 1
        elif quantity := _unnumbered(text, at):
            found.append(quantity)
            past = quantity.last + 1
    return found


def _unnumbered(text: _Text, at: int) -> _Found | None:
    """A duration that begins without a number: "within a second", "a tenth of a second", "sub-second"."""
    word, *behind = text.words[at : at + _LONGEST_FRACTION]
    if word in _ARTICLES and behind:
        if behind[0] in _FRACTIONS:
            part = behind[1:3] == ["of", "a"] and behind[-1] in _UNITS_OF_TIME
            return _duration(text, at, at + len(behind)) if part else None
        bounded = _word(text, at - 1) == "than" or _ROLE_BEFORE.get(_word(text, at - 1)) is _Role.BOUND
        return _duration(text, at, at + 1) if bounded and behind[0] in _LONG_UNITS else None
    if word == "subsecond":
        return _duration(text, at, at)._replace(value="1 s", seconds=1.0, role=_Role.BOUND)
    if word == "sub" and behind and behind[0] in _SUB_UNITS:
        return _duration(text, at, at + 1)._replace(value=_SUB_UNITS[behind[0]], role=_Role.BOUND)
    return None


def _duration(text: _Text, first: int, last: int) -> _Found:
    start, end = text.starts[first], text.ends[last]
    seconds = _UNITS_OF_TIME.get(text.words[last], 1.0)
    number = text.words[first:last]
    figures = [word.replace(",", ".") for word in number if word[0].isdigit()][-1:]
    figures += [table[word] for table in (_PARTS, _AMOUNTS) for word in number if word in table]
    printed = figures and seconds in _PRINTED_UNITS
    value = f"{figures[0]} {_PRINTED_UNITS[seconds]}" if printed else text.original[start:end]
    return _Found(_Sign.DURATION, start, end, first, last, value, seconds, _role(text.words, first, last))


def _made(kind: _Sign, text: _Text, first: int, last: int) -> _Found:
    start, end = text.starts[first], text.ends[last]
    return _Found(kind, start, end, first, last, text.original[start:end])


def _quantity(text: _Text, first: int, number: int) -> _Found:
    """The number that ends at token `number`, with its unit: the first reading that fits."""
    for read in _READINGS:
        if found := read(text, first, number):
            return found
    return _made(_Sign.NUMBER, text, first, number)


def _word(text: _Text, token: int) -> str:
    return text.words[token] if 0 <= token < len(text.words) else ""


def _between(text: _Text, token: int) -> str:
    """What stands between a token and the next one."""
    return text.lower[text.ends[token] : text.starts[token + 1]] if token + 1 < len(text.words) else ""


def _as_name(text: _Text, first: int, number: int) -> _Found | None:
    """p95, Article 17, REQ-12."""
    before = _word(text, first - 1)
    if before == "p" and text.ends[first - 1] == text.starts[first]:
        return _made(_Sign.STATISTIC, text, first - 1, number)
    if before in _LEGAL:
        return _made(_Sign.ARTICLE, text, first - 1, number)
    joined = before.isalpha() and before != "sub" and _between(text, first - 1) in _JOINS
    return _made(_Sign.LABEL, text, first, number) if joined and text.words[number][0].isdigit() else None


def _as_time(text: _Text, first: int, number: int) -> _Found | None:
    """200/s is a rate, 2 s a duration; so are "five (5) business days" and "half a second"."""
    behind = _word(text, number + 1)
    if behind in _UNITS_OF_TIME and "/" in _between(text, number):
        return _made(_Sign.RATE, text, first, number + 1)
    unit = number + 1
    if text.words[number] in _FRACTIONS and behind in _ARTICLES:
        unit += 1
    while _word(text, unit) in _BEFORE_UNIT:
        unit += 1
    nearby = _word(text, unit)
    if nearby not in _UNITS_OF_TIME or (len(nearby) == 1 and not text.words[number][0].isdigit()):
        return None
    if nearby in _SHORT_UNITS and _between(text, number):
        return None
    return _duration(text, first, unit)


def _as_share(text: _Text, first: int, number: int) -> _Found | None:
    """99.5 %, 95 per cent, 95th percentile."""
    behind = _word(text, number + 1)
    if behind in _PERCENT_SIGNS:
        figure = text.words[number].replace(",", ".")
        found = _made(_Sign.PERCENT, text, first, number + 1)
        return found._replace(value=f"{figure} %" if figure[0].isdigit() else "")
    if behind == "per" and _word(text, number + 2) == "cent":
        return _made(_Sign.PERCENT, text, first, number + 2)
    if behind in _ORDINALS:
        kind = _Sign.STATISTIC if _word(text, number + 2) == "percentile" else _Sign.NUMBER
        return _made(kind, text, first, number + 1)
    return None


def _as_money(text: _Text, first: int, number: int) -> _Found | None:
    """EUR 3, 4 500 dollars."""
    before, behind = _word(text, first - 1) in _MONEY, _word(text, number + 1) in _MONEY
    if not before and not behind:
        return None
    return _made(_Sign.MONEY, text, first - 1 if before else first, number + 1 if behind else number)


def _as_rate(text: _Text, first: int, number: int) -> _Found | None:
    """500 tps, 200 requests per second, 10 000 orders a day."""
    if _word(text, number + 1) in _RATES:
        return _made(_Sign.RATE, text, first, number + 1)
    for last, word in enumerate(_behind(text.words, number, _RATE_WITHIN), number + 1):
        between = _between(text, last - 1)
        if word in _UNITS_OF_TIME and (text.words[last - 1] in _PER or "/" in between):
            return _made(_Sign.RATE, text, first, last)
        if word in _ENDS_RATE or not _BREAKS.isdisjoint(between):
            return None
    return None


def _as_measure(text: _Text, first: int, number: int) -> _Found | None:
    """25 MB, ±0.5 °C, 8 bar; "Pixel 6a" is a name and no current."""
    behind = _word(text, number + 1)
    if behind in _SIZES:
        return _made(_Sign.SIZE, text, first, number + 1)
    if behind in _MEASURES:
        joined = _between(text, number) == ""
        if behind in _CAPITAL_UNITS and not joined and text.original[text.starts[number + 1]].islower():
            return None
        named = len(behind) == 1 and joined and _is_named(text, first)
        return _made(_Sign.VERSION if named else _Sign.MEASURE, text, first, number + 1)
    if _between(text, number).strip()[:1] == "°":
        return _made(_Sign.MEASURE, text, first, number)
    return _made(_Sign.MEASURE, text, first - 1, number) if _word(text, first - 1) == "±" else None


def _as_clock(text: _Text, first: int, number: int) -> _Found | None:
    """06:00, 5 pm."""
    behind = _word(text, number + 1)
    clock = behind in _HALVES_OF_DAY or (_between(text, number) == ":" and behind.isdigit())
    return _made(_Sign.CLOCK, text, first, number + 1) if clock else None


def _as_count(text: _Text, first: int, number: int) -> _Found | None:
    """A load of 200, nine out of ten, 500 concurrent users, 3 clicks."""
    behind = _behind(text.words, number, _WORDS_BEHIND)
    if behind[:1] == ["concurrent"] or "load" in _before(text.words, first, _WORDS_BEHIND):
        return _made(_Sign.LOAD, text, first, number)
    if behind and behind[0] in _OUT_OF and any(map(_is_number, behind)):
        return _made(_Sign.STATISTIC, text, first, number)
    for last, word in enumerate(behind, number + 1):
        if word in _STOP or not _LIST_BREAKS.isdisjoint(_between(text, last - 1)):
            return None
        if word in _CROWDS or (word.endswith("s") and word not in _NOT_PLURAL):
            return _made(_Sign.FEW if word in _NOT_LOAD else _Sign.COUNT, text, first, last)
    return None


def _as_version(text: _Text, first: int, number: int) -> _Found | None:
    """Chrome 120, iOS 15, version 2.1."""
    before = _word(text, first - 1)
    if not before or not text.words[number][0].isdigit() or _between(text, first - 1) not in _BEFORE_VERSION:
        return None
    inner = text.original[text.starts[first - 1] : text.ends[first - 1]][1:]
    named = _is_named(text, first) or before in _VERSION_WORDS or inner != inner.lower()
    return _made(_Sign.VERSION, text, first - 1, number) if named else None


def _is_named(text: _Text, number: int) -> bool:
    """Whether a capitalised word that does not begin the text stands before the number."""
    return number > 1 and text.words[number - 1] not in _STOP and text.original[text.starts[number - 1]].isupper()


_READINGS: tuple[Callable[[_Text, int, int], _Found | None], ...] = (
    _as_name, _as_time, _as_share, _as_money, _as_rate, _as_measure, _as_clock, _as_count, _as_version,
)  # fmt: skip


# -------------------------------------------------------------------------------------------------------------- clauses

# A text without full stops is cut, so that the work per clause is bounded and the whole stays linear.
_LONGEST_SENTENCE = 200
_FULL_STOPS = frozenset("!?;")
_BLANK_LINE = re.compile(r"\n\s*\n")
_BULLETS = frozenset(("-", "*", "•", "#", "##", "###"))
_FINITE = _words(
    "shall must should will is are has have may can cannot needs need does do wants want was were remains requires"
)
_OPENERS = _words("when if while where as under during for with in at once after before upon whenever unless given per")
_VERB_WITHIN = 8
_SPLITTERS = _words("and but while whereas yet")
_JOINTS = _SPLITTERS | _words("that which who when if")
_ABBREVIATED = _words("e g i eg ie approx min max no nos incl excl etc vs art sec resp st dr mr mrs ca cf fig p")
_POINTS_BACK = _words("this these it measured calculated excluding averaged that those both figures")
_POINTED_AT = _words(
    "figure figures measurement percentage calculation value availability uptime target target response latency accuracy"
)


_CONDITIONS = _words("when if unless whenever once until where")
_NO_CONDITION = _words("even than as or")
_ENDS_CONDITION = _words("then shall must")
_LOADS = frozenset((Gap.SCALE, Gap.THROUGHPUT, Gap.QUANTITY, Gap.RECOVERY))


def _conditions(text: _Text, first: int, last: int) -> set[int]:
    """The tokens of a sentence that say when something holds: what is in them is a trigger, not a promise."""
    inside: set[int] = set()
    opened = False
    for token in range(first, last):
        word = text.words[token]
        if opened and (word in _ENDS_CONDITION or "," in _between(text, token - 1)):
            opened = False
        if word in _CONDITIONS and (token == first or text.words[token - 1] not in _NO_CONDITION):
            opened = True
        if opened:
            inside.add(token)
    return inside


# Long enough to tell "response" from "resource", short enough to join "respond" and "response".
_STEM = 6


class _Clause:
    """One clause: its words, what was found in them, and what a rule has already used up."""

    __slots__ = ("_stems", "first", "found", "gaps", "lower", "settled", "text", "used", "words")

    def __init__(self, text: _Text, first: int, last: int, found: list[_Found]) -> None:
        self.words = text.words[first:last]
        self.first = first
        self.text = text
        self.lower = text.lower
        self.found = found
        # A list, because it holds next to nothing and comparing is cheaper than hashing.
        self.used: list[_Found] = []
        self.settled: set[Gap] = set()
        self.gaps: dict[Gap, list[_Found]] = {}
        for item in found:
            if isinstance(item.kind, Gap):
                self.gaps.setdefault(item.kind, []).append(item)
        self._stems: frozenset[str] | None = None

    @property
    def stems(self) -> frozenset[str]:
        """The first six letters of every word."""
        if self._stems is None:
            self._stems = frozenset(word[:_STEM] for word in self.words)
        return self._stems

    def unused(self) -> Iterator[_Found]:
        """Whatever no rule has used up."""
        return (item for item in self.found if item not in self.used)

    def has(self, *signs: _Sign) -> bool:
        """Whether an unused sign of one of these kinds was found."""
        return any(item.kind in signs for item in self.unused())

    def all(self, sign: _Sign) -> list[_Found]:
        """Every unused sign of this kind."""
        return [item for item in self.unused() if item.kind is sign]


def _ends_sentence(text: _Text, token: int) -> bool:
    """Whether a sentence ends between this token and the next."""
    between = _between(text, token)
    if not _FULL_STOPS.isdisjoint(between):
        return True
    if "\n" in between and (_BLANK_LINE.search(between) or between.strip() in _BULLETS):
        return True
    following = text.original[text.starts[token + 1]]
    return (
        "." in between
        and not between.endswith(".")
        and text.words[token] not in _ABBREVIATED
        and not following.islower()
    )


def _sentences(text: _Text) -> Iterator[tuple[int, int]]:
    begin = 0
    for token in range(len(text.words) - 1):
        plain = text.starts[token + 1] - text.ends[token] <= 1
        if token - begin >= _LONGEST_SENTENCE or not (plain or not _ends_sentence(text, token)):
            yield begin, token + 1
            begin = token + 1
    if text.words:
        yield begin, len(text.words)


def _clauses(text: _Text, first: int, last: int) -> list[tuple[int, int]]:
    """A sentence cut where "and", "but" or "while" joins two clauses that each have a verb of their own."""
    cuts = [first]
    verb = False
    for token in range(first, last):
        word = text.words[token]
        verb = verb or word in _FINITE
        joins = word in _SPLITTERS and verb and text.words[cuts[-1]] not in _OPENERS
        if joins and _has_verb(_behind(text.words, token, min(_VERB_WITHIN, last - token - 1))):
            cuts.append(token)
            verb = False
    return list(pairwise((*cuts, last)))


def _has_verb(words: list[str]) -> bool:
    """Whether a verb comes before the next joint."""
    for word in words:
        if word in _FINITE:
            return True
        if word in _JOINTS:
            return False
    return False


# ---------------------------------------------------------------------------------------------------------------- rules

_RESPONSE = _words("respon latenc answer reply replie turnar loadin load loads loaded")
_OPERATION = _RESPONSE | _words(
    "open opens opened displa render return search query querie page pages screen reques result api apis endpoi call"
    " calls login log start starts startu starte launch boot boots proces comple transa calcul genera execut finish"
    " retrie feedba click refres show shows shown take takes round roundt scan scans author valida lookup save saves"
    " saved upload downlo comput infere score scores scorin decisi serve serves served view views list lists appear"
    " websit browse naviga import export"
)
_PAGE_OPERATION = _RESPONSE - {"answer", "reply", "replie", "respon"} | _words(
    "search query querie page pages response"
)
_PEOPLE_WORK = _words(
    "suppor ticket incide inquir enquir compla helpde hotlin staff contra suppli vendor engine techni agent office"
    " custom servic"
)
_TASK = _words("task tasks train traine traini learn learne learns novice partic beginn untrai clicks")
_AGEING = _words("older old age stale fresh freshn lag reflec visibl propag synchr sync update replic delay")
_REFRESHING = _words("update refres synchr reload import recalc")
_RECOVERING = _words("recove restor failov outage rto rpo disast resume backup")
_SERVICE_NOUNS = _words(
    "system service services platform application app portal site website api server servers database infrastructure"
    " network solution product software gateway environment functionality systems applications interface cluster helpdesk"
)
_NARROWS_AVAILABLE = _words("for in as to from via on under only by within through at via with and")
_CARRIERS = _words("on with using")
_UTILISED = _words("cpu load utilisation utilization capacity usage saturation")
_POINTS_FROM = _words("after of from following upon when once")
# How many words may lie between a figure and the word that says what it is a figure of.
_FIGURE_WITHIN = 12
_DOWNTIME_WITHIN = 6
_BE_WITHIN = 2
_AVAILABLE = _words("available operational online reachable")
_OBLIGATIONS = _words("shall must will should")
_NUMERIC = (
    _Sign.PERCENT, _Sign.COUNT, _Sign.SIZE, _Sign.RATE, _Sign.DURATION, _Sign.MEASURE, _Sign.MONEY, _Sign.NUMBER,
    _Sign.METRIC, _Sign.LOAD,
)  # fmt: skip

_SETTLED_BY: dict[Gap, frozenset[_Sign]] = {
    gap: frozenset(signs)
    for gap, signs in {
        Gap.THROUGHPUT: (_Sign.PERCENT, _Sign.RATE, _Sign.COUNT, _Sign.SIZE, _Sign.LOAD),
        Gap.SCALE: (_Sign.COUNT, _Sign.RATE, _Sign.LOAD),
        Gap.EFFICIENCY: (_Sign.SIZE, _Sign.PERCENT, _Sign.MEASURE, _Sign.DURATION, _Sign.NUMBER, _Sign.RATE),
        Gap.RELIABILITY: (_Sign.PERCENT, _Sign.METRIC, _Sign.FEW, _Sign.RATE, _Sign.DURATION, _Sign.NINES),
        Gap.RECOVERY: (_Sign.DURATION, _Sign.PERCENT, _Sign.NUMBER),
        Gap.SECURITY: (_Sign.CONTROL, _Sign.METRIC),
        Gap.PRIVACY: (_Sign.ARTICLE, _Sign.CONTROL, _Sign.DURATION),
        Gap.COMPLIANCE: (_Sign.CONTROL, _Sign.STANDARD, _Sign.ACCESS_STANDARD, _Sign.ARTICLE, _Sign.VERSION),
        Gap.AUDIT: (_Sign.DURATION, _Sign.FIELDS),
        Gap.RETENTION: (_Sign.DURATION, _Sign.CLOCK),
        Gap.EXPLANATION: (_Sign.FEW, _Sign.FIELDS, _Sign.METHOD, _Sign.PERCENT),
        Gap.FAIRNESS: (_Sign.PERCENT, _Sign.METRIC, _Sign.NUMBER),
        Gap.SAFETY: (_Sign.STANDARD, _Sign.MEASURE),
        Gap.USABILITY: (_Sign.PERCENT, _Sign.DURATION, _Sign.FEW, _Sign.METRIC, _Sign.STATISTIC),
        Gap.ACCESSIBILITY: (_Sign.ACCESS_STANDARD,),
        Gap.SATISFACTION: (_Sign.PERCENT, _Sign.METRIC, _Sign.NUMBER, _Sign.FEW),
        Gap.DATA_QUALITY: (_Sign.PERCENT, _Sign.FEW),
        Gap.COMPATIBILITY: (_Sign.VERSION, _Sign.STANDARD, _Sign.FEW),
        Gap.MAINTAINABILITY: (_Sign.DURATION, _Sign.PERCENT, _Sign.FEW, _Sign.MONEY),
        Gap.COST: (_Sign.MONEY, _Sign.PERCENT),
        Gap.DEADLINE: (_Sign.DURATION, _Sign.PERIOD, _Sign.CLOCK),
        Gap.QUANTITY: _NUMERIC,
        Gap.SUBJECTIVE: (),
        Gap.OPEN_END: (),
    }.items()
}
# How long something is kept or watched says nothing of how long it takes, and the other way round.
_TAKES = frozenset((_Role.BOUND, _Role.OPEN, _Role.TIMEOUT, _Role.AGE, _Role.PERIOD, _Role.DOWNTIME))
_LASTS = frozenset((_Role.RETAIN, _Role.BOUND, _Role.OPEN, _Role.TIMEOUT))
_KEPT = frozenset((Gap.RETENTION, Gap.AUDIT, Gap.PRIVACY, Gap.EFFICIENCY, Gap.RELIABILITY))


class _Open(NamedTuple):
    """A gap found by a rule: where, what is missing, and the bound that the text gives."""

    gap: Gap
    start: int
    end: int
    missing: tuple[str, ...]
    bound: str = ""


def _apart(one: _Found, other: _Found) -> int:
    """How many words lie between two places."""
    return max(one.first - other.last, other.first - one.last, 0)


def _has_window(clause: _Clause) -> bool:
    return clause.has(_Sign.WINDOW) or any(item.role is _Role.WINDOW for item in clause.all(_Sign.DURATION))


def _availability(clause: _Clause) -> Iterator[_Open]:
    """A figure needs a window (what is not excluded counts); a wish without a figure needs all three."""
    near = clause.all(_Sign.AVAILABILITY_WORD)
    figures = [(item, item) for item in clause.all(_Sign.NINES)]
    figures += [(item, item) for item in clause.all(_Sign.DURATION) if _is_downtime(clause, item, near)]
    rivals = [item for gap, items in clause.gaps.items() if gap is not Gap.AVAILABILITY_TARGET for item in items]
    rivals += clause.all(_Sign.METRIC)
    for item in clause.all(_Sign.PERCENT) if near else ():
        word = min(near, key=lambda other: _apart(item, other))
        distance = _apart(item, word)
        if distance <= _FIGURE_WITHIN and all(_apart(item, rival) >= distance for rival in rivals):
            figures.append((item, word))
    if figures:
        clause.gaps.pop(Gap.AVAILABILITY_TARGET, None)
        clause.settled.add(Gap.AVAILABILITY_TARGET)
        windowed = _has_window(clause)
        clause.used.extend(item for item, _ in figures)
        if windowed:
            return
        item, word = min(figures, key=lambda figure: figure[0].start)
        missing = ("window",) if clause.has(_Sign.EXCLUSION) else ("window", "exclusions")
        close = _apart(item, word) <= 1
        yield _Open(
            Gap.AVAILABILITY_WINDOW,
            min(item.start, word.start) if close else item.start,
            max(item.end, word.end) if close else item.end,
            missing,
            item.value if item.kind is _Sign.PERCENT else "",
        )
    elif hits := clause.gaps.pop(Gap.AVAILABILITY_TARGET, None):
        yield _Open(Gap.AVAILABILITY_TARGET, hits[0].start, hits[0].end, Gap.AVAILABILITY_TARGET.missing)
    else:
        yield from _plainly_available(clause, near)


def _is_downtime(clause: _Clause, item: _Found, near: list[_Found]) -> bool:
    """Whether a duration bounds how long the service may be away, and not how long a recovery may take."""
    if item.role is _Role.DOWNTIME:
        return True
    if item.role is not _Role.BOUND or clause.stems & _RECOVERING - {"outage"}:
        return False
    return any(_apart(item, word) <= _DOWNTIME_WITHIN and clause.lower[word.start : word.end] in _DOWN for word in near)


def _plainly_available(clause: _Clause, near: list[_Found]) -> Iterator[_Open]:
    """Find "the service shall be available" said of a service, not of a file "available for download"."""
    for item in near:
        place = item.first - clause.first
        before = clause.words[:place]
        said_of_service = not _SERVICE_NOUNS.isdisjoint(before) and not _OBLIGATIONS.isdisjoint(before)
        plain = _NEGATIONS.isdisjoint(before) and _NARROWS_AVAILABLE.isdisjoint(_behind(clause.words, place, 1))
        if (
            clause.lower[item.start : item.end] in _AVAILABLE
            and "be" in _before(clause.words, place, _BE_WITHIN)
            and said_of_service
            and plain
        ):
            yield _Open(Gap.AVAILABILITY_TARGET, item.start, item.end, Gap.AVAILABILITY_TARGET.missing)
            return


def _is_response_time(clause: _Clause, item: _Found) -> bool:
    """Whether a duration bounds an answer of the system, rather than a task, a repair, an age or a person's work."""
    stems = clause.stems
    if item.seconds >= 3600 or item.role not in (_Role.BOUND, _Role.OPEN):
        return False
    if stems & _RECOVERING or stems & _TASK:
        return False
    answers = bool(stems & _RESPONSE)
    if not answers and (item.role is _Role.OPEN or Gap.FRESHNESS in clause.gaps or stems & _AGEING):
        return False
    if item.seconds >= 60:
        return bool(stems & _PAGE_OPERATION) and not stems & _PEOPLE_WORK
    if stems & _OPERATION:
        return True
    behind = _behind(clause.words, item.last - clause.first, _WORDS_BEHIND)
    return clause.words[0] not in _OPENERS and _POINTS_FROM.isdisjoint(behind)


def _latency(clause: _Clause) -> Iterator[_Open]:
    """A bound needs a percentile and a load; a percentile over a window is watched under the load there is."""
    times = [item for item in clause.all(_Sign.DURATION) if _is_response_time(clause, item)]
    if not times:
        hits = clause.gaps.pop(Gap.LATENCY_BOUND, None)
        bounded = any(item.role in (_Role.BOUND, _Role.PERIOD) for item in clause.all(_Sign.DURATION))
        if hits and not bounded:
            yield _Open(Gap.LATENCY_BOUND, hits[0].start, hits[0].end, Gap.LATENCY_BOUND.missing)
        return
    clause.gaps.pop(Gap.LATENCY_BOUND, None)
    clause.settled.add(Gap.LATENCY_BOUND)
    clause.used.extend(times)
    statistic = clause.has(_Sign.STATISTIC)
    load = clause.has(_Sign.LOAD, _Sign.MEASURE, _Sign.RATE, _Sign.CONDITION, _Sign.SIZE, _Sign.COUNT)
    load = load or any(_stands_on(clause, item) for item in clause.all(_Sign.VERSION))
    for share in clause.all(_Sign.PERCENT):
        behind = _behind(clause.words, share.last - clause.first, _WORDS_BEHIND)
        if _UTILISED.isdisjoint(behind):
            statistic = True
        else:
            load = True
        clause.used.append(share)
    missing = () if statistic else ("percentile",)
    if not load:
        clause.gaps.pop(Gap.SCALE, None)
        if not (statistic and _has_window(clause)):
            missing = (*missing, "load")
    if missing:
        first = times[0]
        yield _Open(Gap.LATENCY_CONDITION, first.start, first.end, missing, first.value)


def _stands_on(clause: _Clause, item: _Found) -> bool:
    """Whether a named thing is what the measurement runs on, as in "on a Pixel 6a"."""
    return not _CARRIERS.isdisjoint(_before(clause.text.words, item.first, _WORDS_BEHIND))


def _freshness(clause: _Clause) -> Iterator[_Open]:
    """An age, an update interval or a bound that is no response time says how current."""
    hits = clause.gaps.pop(Gap.FRESHNESS, None)
    if not hits:
        return
    ages = [
        item for item in clause.all(_Sign.DURATION) if item.role in (_Role.AGE, _Role.PERIOD, _Role.BOUND, _Role.OPEN)
    ]
    refreshed = clause.has(_Sign.PERIOD) and clause.stems & _REFRESHING
    if not ages and not refreshed:
        yield _Open(Gap.FRESHNESS, hits[0].start, hits[0].end, Gap.FRESHNESS.missing)


def _accuracy(clause: _Clause) -> Iterator[_Open]:
    """A tolerance in the measured unit stands alone; a share or score needs the data or the window it is taken over."""
    hits = clause.gaps.pop(Gap.ACCURACY, None)
    if not hits:
        return
    figures = [item for item in clause.unused() if item.kind in _NUMERIC]
    if any(item.kind is _Sign.MEASURE for item in figures):
        return
    scored = [item for item in figures if item.kind in (_Sign.PERCENT, _Sign.NUMBER, _Sign.METRIC)]
    tolerance = any(item.kind is _Sign.DURATION and item.role is _Role.BOUND for item in figures)
    tested = clause.has(_Sign.METHOD) or _has_window(clause)
    clause.used.extend(scored)
    if scored and (tested or tolerance):
        return
    shares = [item for item in scored if item.kind is _Sign.PERCENT]
    missing = ("test data",) if scored else Gap.ACCURACY.missing
    yield _Open(Gap.ACCURACY, hits[0].start, hits[0].end, missing, shares[0].value if shares else "")


def _improvement(clause: _Clause) -> Iterator[_Open]:
    """A change needs its size and the value it starts from."""
    hits = clause.gaps.pop(Gap.IMPROVEMENT, None)
    if not hits:
        return
    figures = [item for item in clause.unused() if item.kind in _NUMERIC]
    clause.used.extend(figures)
    both_ends = len(figures) >= 2 and "from" in clause.words and "to" in clause.words
    if not figures:
        yield _Open(Gap.IMPROVEMENT, hits[0].start, hits[0].end, Gap.IMPROVEMENT.missing)
    elif not both_ends and not clause.has(_Sign.BASELINE):
        yield _Open(Gap.IMPROVEMENT, hits[0].start, hits[0].end, ("baseline",))


_POINTING = _words("specified listed following named")
_EVERYDAY = _words("gui ui ux it api apis eu uk us is a i shall must should will")
_NAMEABLE = (
    "protocol",
    "protocols",
    "interface",
    "interfaces",
    "format",
    "formats",
    "api",
    "apis",
    "standard",
    "standards",
)


def _gives_examples(clause: _Clause, item: _Found) -> bool:
    """Whether "etc." closes a list of examples, which needs no end."""
    before = clause.words[: item.first - clause.first]
    return any(pair in (("e", "g"), ("for", "example"), ("such", "as")) for pair in pairwise(before))


def _settled(clause: _Clause) -> Iterator[_Open]:
    """Every other gap is closed by a sign of the right kind in the same clause."""
    for gap, hits in clause.gaps.items():
        if gap is Gap.OPEN_END and _gives_examples(clause, hits[0]):
            continue
        if gap in (Gap.COMPATIBILITY, Gap.COMPLIANCE) and _names_what_it_uses(clause, hits[0]):
            continue
        roles = _LASTS if gap in _KEPT else _TAKES
        wanted = _SETTLED_BY[gap]
        measured = any(
            item.kind in wanted and (item.kind is not _Sign.DURATION or item.role in roles) for item in clause.unused()
        )
        if measured and not (gap is Gap.RECOVERY and _wants_both_objectives(clause)):
            clause.settled.add(gap)
        else:
            yield _Open(gap, hits[0].start, hits[0].end, gap.missing)


def _names_what_it_uses(clause: _Clause, item: _Found) -> bool:
    """Whether a "standard protocol" comes with its name, as in "standard protocols (TCP/IP)" or "IBM's CUA standards"."""
    text = clause.text
    if not _POINTING.isdisjoint(text.words[item.first : item.last + 1]):
        return True
    if not clause.lower[item.start : item.end].endswith(_NAMEABLE):
        return False
    tokens = range(item.first, min(item.last + 7, len(text.words)))
    return any(
        text.original[text.starts[token] : text.starts[token] + 2].isupper() and text.words[token] not in _EVERYDAY
        for token in tokens
    )


def _wants_both_objectives(clause: _Clause) -> bool:
    """Whether recovery time and recovery point are both named and only one of them has a value."""
    return {"rto", "rpo"} <= set(clause.words) and len(clause.all(_Sign.DURATION)) < 2


# In this order, because a rule uses up the figures that are its own.
_RULES = (_availability, _latency, _freshness, _accuracy, _improvement, _settled)


# ----------------------------------------------------------------------------------------------------------- public face


# "24/7", "several million accounts", "a few seconds": the number in these is part of the phrase and measures nothing.
_SPELLS_AMOUNT = frozenset((Gap.AVAILABILITY_TARGET, Gap.SCALE, Gap.THROUGHPUT, Gap.QUANTITY, Gap.LATENCY_BOUND))


def _find(text: _Text) -> list[_Found]:
    """Concepts, signs and quantities of the whole text in order, without what a longer phrase already says."""
    concepts: list[_Found] = []
    signs: list[_Found] = []
    for kind, token, start, end in _index().matches(text):
        first = bisect_left(text.starts, start, lo=token)
        last = bisect_left(text.starts, end, lo=first + 1) - 1
        place = _Found(kind, start, end, first, last)
        (concepts if isinstance(kind, Gap) or kind is _Sign.INNOCENT else signs).append(place)
    kept = _longest(concepts)
    amounts = [item for item in kept if item.kind in _SPELLS_AMOUNT]
    signs.extend(item for item in _quantities(text) if item.kind is _Sign.PERCENT or not _inside(item, amounts))
    rates = [item for item in signs if item.kind is _Sign.RATE]
    busy = sorted(
        [*rates, *(item for item in kept if item.kind is Gap.AVAILABILITY_TARGET)], key=lambda item: item.start
    )
    signs = [item for item in signs if item.kind not in (_Sign.WINDOW, _Sign.PERIOD) or not _inside(item, busy)]
    kept = [item for item in kept if item.kind is not _Sign.INNOCENT]
    kept = [item for item, behind in zip_longest(kept, kept[1:]) if not _only_degree(item, behind)]
    return sorted([*kept, *signs], key=lambda item: (item.start, item.end))


def _only_degree(item: _Found, behind: _Found | None) -> bool:
    """Whether a word of degree or praise stands directly before another concept, whose question covers it."""
    return item.kind in (Gap.QUANTITY, Gap.SUBJECTIVE) and behind is not None and behind.first - item.last == 1


def _longest(items: list[_Found]) -> list[_Found]:
    """Of phrases that lie inside one another, the longest; an innocent phrase silences what lies inside it."""
    items.sort(key=lambda item: (item.start, -item.end, item.kind is not _Sign.INNOCENT))
    kept: list[_Found] = []
    reach = 0
    for item in items:
        if item.end > reach:
            kept.append(item)
            reach = item.end
    return kept


def _inside(item: _Found, others: list[_Found]) -> bool:
    """Whether an item overlaps one of these places, which are in order and do not contain each other."""
    place = bisect_right(others, item.start, key=lambda other: other.start)
    return any(other.start < item.end and item.start < other.end for other in others[max(0, place - 1) : place + 1])


def _is_label(text: _Text, item: _Found, sentence: int) -> bool:
    """Whether the phrase is a heading in front of the sentence, as in "Usability: ..."."""
    return item.first - sentence <= 1 and text.lower[item.end : item.end + 3].lstrip(" *").startswith((":", "- "))


def _is_name(text: _Text, item: _Found, first: int) -> bool:
    """Whether a capitalised word inside a sentence belongs to a name, as in "the Rapid Transit interface"."""
    if item.first == first or item.last > item.first or item.kind in (Gap.PRIVACY, Gap.RECOVERY, Gap.OPEN_END):
        return False
    before, here, *behind = (text.original[at].isupper() for at in text.starts[item.first - 1 : item.last + 2])
    return here and ((before and item.first - 1 > first) or behind == [True])


_HEADLINE = 2 / 3


def _promised(text: _Text, first: int, last: int, items: list[_Found]) -> list[_Found]:
    """What a sentence promises: without headings and names, without the concepts and durations of its conditions."""
    if not items:
        return items
    conditions = _conditions(text, first, last)
    # Where most words are capitalised, as in a headline, a capital says nothing.
    capitals = sum(text.original[at].isupper() for at in text.starts[first:last])
    headline = capitals >= _HEADLINE * (last - first)
    return [
        item
        for item in items
        if not (isinstance(item.kind, Gap) and _is_label(text, item, first))
        and not (isinstance(item.kind, Gap) and not headline and _is_name(text, item, first))
        and not (item.first in conditions and _only_triggers(item))
    ]


def _only_triggers(item: _Found) -> bool:
    """Whether something in a condition is only its trigger; an amount of work in a condition is a promise to bear it."""
    return item.kind is _Sign.DURATION or (isinstance(item.kind, Gap) and item.kind not in _LOADS)


def _points_back(text: _Text, first: int, found: list[_Found]) -> bool:
    """Whether a sentence completes the one before, as in "This is measured over 30 days"."""
    words = text.words[first : first + 2]
    if words[0] in _POINTS_BACK or (words[0] == "the" and words[-1] in _POINTED_AT):
        return True
    return any(item.kind is _Sign.METHOD and item.first - first < _METHOD_WITHIN for item in found)


def questions(text: str) -> tuple[Question, ...]:
    """What cannot be verified yet in a text, one question per gap and clause, in order of appearance.

    Offsets count characters of `text`. A text without words of quality, or whose words of quality come with their
    measure, has no questions. The time taken grows linearly with the text.
    """
    read = _read(text)
    found = _find(read)
    if not any(
        isinstance(item.kind, Gap) or item.kind in (_Sign.DURATION, _Sign.AVAILABILITY_WORD, _Sign.NINES)
        for item in found
    ):
        return ()
    sentences = list(_with_findings(read, found))
    opened: list[_Open] = []
    settled_before: list[_Open] = []
    for number, (first, last, items) in enumerate(sentences):
        more: list[_Found] = []
        if (
            number + 1 < len(sentences)
            and items
            and _points_back(read, sentences[number + 1][0], sentences[number + 1][2])
        ):
            more = [item for item in sentences[number + 1][2] if item.kind in _COMPLETING]
        here, settled = _ask(read, first, last, items, more)
        opened.extend(item for item in settled_before if item.gap not in settled)
        settled_before = here
    opened.extend(settled_before)
    opened.sort(key=lambda item: (item.start, item.end))
    return tuple(_question(text, item) for item in opened)


def _with_findings(text: _Text, found: list[_Found]) -> Iterator[tuple[int, int, list[_Found]]]:
    """Every sentence with what was found in it."""
    at = 0
    for first, last in _sentences(text):
        begin = at
        while at < len(found) and found[at].first < last:
            at += 1
        yield first, last, found[begin:at]


def _ask(text: _Text, first: int, last: int, items: list[_Found], more: list[_Found]) -> tuple[list[_Open], set[Gap]]:
    """The gaps that one sentence leaves open, and those that it closes for the sentence before."""
    opened: list[_Open] = []
    settled: set[Gap] = set()
    items = _promised(text, first, last, items)
    if items:
        for begin, end in _clauses(text, first, last):
            here = [item for item in items if begin <= item.first < end]
            if here:
                clause = _Clause(text, begin, end, [*here, *more])
                for rule in _RULES:
                    opened.extend(rule(clause))
                settled |= clause.settled
    return opened, settled


_METHOD_WITHIN = 5
_COMPLETING = frozenset(
    (_Sign.WINDOW, _Sign.EXCLUSION, _Sign.STATISTIC, _Sign.LOAD, _Sign.RATE, _Sign.METHOD, _Sign.CONDITION, _Sign.COUNT)
)

_PARTIAL_QUESTIONS: dict[tuple[str, ...], str] = {
    ("percentile",): "“{phrase}”: at which percentile?",
    ("load",): "“{phrase}”: under which load?",
    ("window",): "“{phrase}”: over which window is it measured?",
    ("test data",): "“{phrase}”: measured how, on which data, against which truth?",
    ("baseline",): "“{phrase}”: compared with which value today, and by when?",
}


def _question(text: str, item: _Open) -> Question:
    phrase = text[item.start : item.end]
    shown = " ".join(phrase.split())
    wording = item.gap.question
    if item.missing != item.gap.missing:
        wording = _PARTIAL_QUESTIONS.get(item.missing, wording)
    return Question(
        gap=item.gap,
        phrase=phrase,
        start=item.start,
        end=item.end,
        function=item.gap.function,
        question=wording.replace("{phrase}", shown),
        missing=item.missing,
        suggestion=item.gap.suggestion.replace("{bound}", item.bound or "<NN> %"),
    )


# ------------------------------------------------------------------------------------------------- weak words and patterns

_WEAK: dict[str, str] = {
    "say when it applies, or leave it out": """
        as|if|where|when|whenever|wherever appropriate|possible|necessary|needed|required|applicable|feasible|practicable|practical|suitable
        as far as possible|practicable
        to the ..2 extent possible|practicable|feasible
        normally|typically|generally|usually|mostly|commonly|ordinarily
        in general
        under normal|typical|usual circumstances|conditions|operation|load|use
        best effort|efforts
        unless otherwise
    """,
    "say “shall”, or call it an option": """
        might|could|possibly|probably|perhaps|preferably|optionally|hopefully
        may be
        nice to have
        it is desirable|desired|recommended
        should ideally|preferably
    """,
    "name every member": """
        etc
        and so on|forth
        such as
        including but not limited
        and or
        among others
        or similar
        various|several|some|many|certain|miscellaneous|different
    """,
    "give the number": """
        approximately|roughly|nearly|almost|adequate|adequately|sufficient|sufficiently|enough|minimal|significant|significantly|substantial|numerous|considerable|reasonable|reasonably|acceptable|few|most|large|small
        as many|much|few|little as possible
        a lot of
        a few|couple
    """,
    "say how it is measured": """
        fast|faster|quick|quickly|rapid|rapidly|slow|responsive|easy|easily|simple|simply|user~friendly|intuitive|intuitively|convenient|efficient|efficiently|effective|effectively|robust|reliable|reliably|flexible|scalable|secure|securely|seamless|seamlessly|smooth|smoothly|modern|state~of~the~art|clear|clearly|appropriate|appropriately|suitable|proper|properly|correctly|good|better|best|high|low|optimal|optimally|accurate|accurately|powerful|comprehensive|transparent|meaningful|high~quality
    """,
    "give the time or the interval": """
        as soon as possible
        timely|promptly|immediately|instantly|regularly|periodically|frequently|occasionally|often|sometimes|real~time|near~real~time|up~to~date
        from time to time
    """,
    "say what it does": """
        be able to
        be capable of
        provide|provides|with the ability|capability|possibility to|of
        not limited to
    """,
    "settle it before approval": """
        tbd|tbc|tba|tbs
        to be defined|determined|decided|specified|agreed
    """,
}


class WeakWord(NamedTuple):
    """A word that weakens a requirement, where it stands, and what to do about it."""

    word: str
    start: int
    end: int
    advice: str


@cache
def _weak_index() -> _Index[str]:
    return _Index(_lines(_WEAK))


def weak_words(text: str) -> list[WeakWord]:
    """Words by which a requirement escapes its obligation, in order, each with its place and an advice."""
    read = _read(text)
    found = sorted(
        ((start, -end, advice) for advice, _, start, end in _weak_index().matches(read)), key=lambda item: item[:2]
    )
    weak: list[WeakWord] = []
    for start, minus_end, advice in found:
        if not weak or -minus_end > weak[-1].end:
            weak.append(WeakWord(text[start:-minus_end], start, -minus_end, advice))
    return weak


_KEYWORDS = {
    "while": Pattern.STATE,
    "during": Pattern.STATE,
    "when": Pattern.EVENT,
    "whenever": Pattern.EVENT,
    "upon": Pattern.EVENT,
    "once": Pattern.EVENT,
    "after": Pattern.EVENT,
    "where": Pattern.OPTIONAL,
    "if": Pattern.UNWANTED,
}


def ears_pattern(text: str) -> Pattern:
    """The pattern of the first sentence with an obligation, by the keywords that open its clauses before "shall".

    A condition behind the obligation leaves the sentence ubiquitous: what EARS asks for is that it stands in front.
    """
    read = _read(text)
    for first, last in _sentences(read):
        modal = next((token for token in range(first, last) if read.words[token] in _OBLIGATIONS), None)
        if modal is None:
            continue
        patterns = {
            _KEYWORDS[read.words[token]]
            for token in range(first, modal)
            if read.words[token] in _KEYWORDS and _opens_clause(read, token, first)
        }
        return Pattern.COMPLEX if len(patterns) > 1 else next(iter(patterns), Pattern.UBIQUITOUS)
    return Pattern.NONE


def _opens_clause(text: _Text, token: int, first: int) -> bool:
    """Whether a word begins the sentence, or stands behind a comma, a colon, "and" or "then"."""
    if token == first or text.words[token - 1] in {"and", "then", "or"}:
        return True
    return not frozenset(",:").isdisjoint(text.lower[text.ends[token - 1] : text.starts[token]])
