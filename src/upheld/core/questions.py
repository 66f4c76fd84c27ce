"""What a raw sentence leaves open: one question per gap, each with the function that owns the answer.

A sentence goes through five steps: tokens; the lexicon finds words of quality ("real-time", "easy to use"); recognisers
find what is already measurable (a bound with its unit, a percentile, a load, a window, a named standard); one rule per
gap compares the two; hits of one gap in one clause become one question. No language model, no network: the same text
always gives the same questions.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from functools import cache
from typing import NamedTuple


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

    def __new__(  # noqa: D102
        cls, name: str, function: Function, meaning: str, missing: tuple[str, ...], question: str, suggestion: str
    ) -> "Gap":
        member = object.__new__(cls)
        member._value_ = name
        member.function = function
        member.meaning = meaning
        member.missing = missing
        member.question = question
        member.suggestion = suggestion
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
        "“{phrase}”: how many or how much, exactly?",
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
    ARTICLE = auto()
    FIELDS = auto()
    VERSION = auto()
    MONEY = auto()
    PERCENT = auto()
    DURATION = auto()
    SIZE = auto()
    RATE = auto()
    COUNT = auto()
    MEASURE = auto()
    CLOCK = auto()
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
_NOTHING = "no|zero|without|minimal|minimum|minimi*|low|little|least|avoid*|reduce*|prevent*|eliminat*"

_LEXICON: dict[Gap | _Sign, str] = {
    Gap.FRESHNESS: """
        near|quasi|almost|nearly real~time
        real~time
        live data|dashboard*|view|views|tracking|status|updates|feed|feeds|metrics|position*|location*|monitoring|information|inventory|stock|prices|map|figures
        up~to~date|up~to~the~minute|up~to~the~second
        always|constantly current
        most recent|current|up~to~date data|information|status|figures|version?
        latest|freshest data|information|figures|state|status|prices
        fresh data|information|content|results|prices|stock
        freshness
        stale|outdated|obsolete data|information|results|figures|prices|content
        continuously|constantly|permanently|continually|always ..1 updated|synchron*|refreshed|in~sync
        instantly|immediately|instant|immediate ..2 updat*|reflect*|synchron*|visible|sync
        updat*|reflect*|synchron*|sync ..2 instantly|immediately|instantaneously|continuously|constantly
        in sync
        current < ..1 at all times
    """,
    Gap.LATENCY_BOUND: f"""
        fast|faster|fastest|quick|quicker|quickest|quickly|rapid|rapidly|swift|swiftly|speedy|speedily|snappy|performant
        blazing|blazingly|lightning|super|ultra ..1 fast|quick|quickly
        responsive|responsively|responsiveness
        instant|instantly|instantaneous|instantaneously|immediate|immediately
        high|great|maximum|good|full|lightning|optimal speed
        low|lower|lowest|minimal|minimum|reduced|short|shorter|small|ultra~low|little|acceptable|reasonable|good|negligible ..2 latency|latencies|delay*|lag|wait|waiting|loading
        acceptable|reasonable|good|short|shorter|quick|fast|low|lower|adequate|optimal|minimal|satisfactory|excellent|best ..2 response|responses|answer|loading|load|processing|waiting|start~up|startup|turnaround time|times|speed|speeds
        no|without|zero ..2 delay|delays|lag|lags|latency|waiting|hesitation|perceptible|noticeable ..1 delay?|lag?
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
        perform|performs|performing well|adequately|acceptably|fine|optimally
        run*|scroll*|work*|animat*|play*|respond*|operat* ..1 smoothly|fluidly|fluently
        smooth scrolling|animation*|playback|operation|performance|running
        slow|slows|slowed down
        not|never ..1 slow|sluggish|hang|freeze|lag|laggy
        without ..2 freezing|hanging|stuttering
        timely response*|answer*|feedback
    """,
    Gap.DEADLINE: """
        as soon|quickly|fast|promptly|rapidly|early|expeditiously|swiftly|quick as possible|practicable|practical|feasible|reasonably
        promptly|timely|expeditiously|asap|punctual|punctually|punctuality|urgently|shortly
        in a timely|prompt|expeditious manner|fashion|way
        prompt notification*|response*|delivery|support|repair|resolution|action|payment|service|reporting
        in|within due|good course|time
        without undue|unreasonable|unnecessary delay
        within ..2 acceptable|reasonable|appropriate|suitable|short ..1 time|period|timeframe|time~frame|timescale
        in|within a? reasonable ..1 time|timeframe|period
        at the earliest
        on time
        regularly|periodically|periodic|frequently|occasionally|sporadically
        at|in regular|periodic|frequent|suitable|appropriate ..1 interval*
        on a regular|periodic|frequent basis
        from time to time
        regular|frequent update*|report*|check*|review*|maintenance|synchron*
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
        uninterrupted|uninterruptedly|uninterruptible|non~stop
        never|not ..2 down|offline|unavailable
        continuous|continuously operation|service|operat*|availability
        available|operational|online|reachable when needed|required|during|whenever
        availab* during|in ..2 business|working|office|opening|service hours
    """,
    Gap.ACCURACY: f"""
        accurate|accurately|accuracy|precise|precisely
        accurate|precise|reliable|correct|relevant|meaningful|useful|valuable|actionable|personali*|tailored|smart|intelligent|trustworthy|high~quality|plausible|good|better|helpful ..1 {_MODEL_OUTPUT}
        high|good|great|best|sufficient|acceptable|adequate|reasonable|maximum|higher|improved ..1 accuracy|precision|hit~rate|recall|detection~rate|prediction~quality
        accuracy|precision|quality of ..2 {_MODEL_OUTPUT}
        predictive|predictively|predict|predicts|predicting
        {_MODAL}|and|that|which|automatically|correctly|early > forecast|estimate|classify|categori*|recommend|suggest|infer|anticipate
        forecasts|forecasting|estimates|classifies|categori*|recommends|anticipates < ..4 the|a|an|which|when|whether|demand|sales|risk*|failure*|churn|arrival*|automatically|based|incoming|documents
        recommends|forecasts
        provid*|deliver*|generat*|produc*|giv*|offer*|mak*|creat*|present* ..3 prediction*|forecast*|forecasting|recommendation*|suggestion*
        predict*|forecast*|classif*|detect*|answer*|recogni* ..3 reliably|correctly|accurately|precisely|properly|well
        reliably|correctly|accurately|precisely|automatically|properly ..1 predict*|forecast*|classif*|detect*|recogni*|identif*|categori*|translat*|summari*|extract*|transcrib*
        detect*|identif*|recogni*|flag*|spot* ..3 {_QUEST}|suspicious|abnormal*|unusual|churn|pattern*|trend*|early
        {_QUEST}|fraudulent|suspicious|abnormal|unusual ..3 detected|identified|flagged|recogni*|spotted
        anomaly|fraud|intrusion|spam|defect|outlier|pattern|object|face|malware|event detection|recognition
        speech|facial|image|voice|handwriting|character|text|licence|license|plate ..1 recognition
        machine|automatic|automated translation|classification|categori*|transcription|summari*
        intelligent|intelligently|smart|smartly|clever|cognitive
        ai|ml~?|machine~learning driven|powered|based|enabled|assisted
        small|low|lower|minimal|few|fewer|no ..1 error|errors|false ..1 positive*|alarm*|negative*|alert*
        false positive*|alarm*|negative*|alert* < ..4 low|minimal|minimi*|few|rare|avoid*|reduc*
        {_MODEL_OUTPUT} ..2 be|are|is|remain* ..1 > relevant|correct|right|trustworthy|reliable|plausible|useful|meaningful|good|precise|helpful
        not|never|without hallucinat*
        correct|right answer*|decision*|recommendation*|diagnos*|prediction*
        relevant search? results|content|hits|documents|matches|suggestions|products
    """,
    Gap.DATA_QUALITY: f"""
        data quality
        quality of ..2 data|information|records
        high|good|best|sufficient|adequate|better quality ..1 {_DATA}
        clean|consistent|reliable|trustworthy|accurate|error~free|accurate ..4 and? complete|consistent|current|reliable|correct|valid? ..2 {_DATA}
        clean|consistent|reliable|trustworthy|accurate|error~free|correct|valid ..2 {_DATA}
        complete and accurate|correct|consistent|reliable|valid
        {_DATA} ..4 be|is|are|remain*|stay*|as ..2 > clean|complete|consistent|correct|valid|reliable|accurate|trustworthy|error~free|of|plausible ..4 and? clean|complete|consistent|correct|valid|reliable|accurate|high|good? ..1 quality?
        data integrity|consistency|completeness|accuracy|hygiene|cleanliness
        integrity|consistency|completeness|accuracy|correctness of ..3 data|records|information|database|transactions
        duplicate~free
    """,
    Gap.SCALE: f"""
        scalab*
        scale|scales|scaled|scaling up|out|with|to|horizontally|vertically|elastically|automatically|dynamically|as|easily|seamlessly|well|beyond|in|on
        {_MODAL}|and > scale
        auto~scal*
        elastic|elastically|elasticity
        future|expected|projected|anticipated|business|user|rapid|organic|continued|further ..1 growth|expansion
        accommodat*|support*|handl*|cope*|cater*|allow*|enabl* ..4 growth|grow|growing|expansion
        grow*|increas*|rising|increased ..2 number*|demand*|load|loads|user|users|volume|volumes|traffic|workload*|customers
        grow|grows with
        handl*|withstand*|cope*|sustain*|support*|manag*|surviv*|absorb*|process*|bear|under ..4 peak|peaks|spike|spikes|surge|surges|burst|bursts|traffic
        peak|high|heavy|higher|full|maximum|increased|extreme|intense|variable|varying|stress ..1 load|loads|traffic|demand|demands|usage|workload|workloads|season|seasons
        traffic|load|demand|usage|seasonal|sudden spike*|peak*|surge*|burst*
        thousands|hundreds|millions|billions|dozens|tens|scores of ..4 {_PEOPLE}
        {_MANY}|any|unlimited|arbitrary|sufficient|adequate number|numbers|amount|amounts|group|groups|base of ..3 {_PEOPLE}|simultaneous|concurrent|parallel ..1 {_PEOPLE}|{_EVENTS}
        {_MANY}|any|unlimited number|numbers of concurrent|simultaneous|parallel
        many|numerous|unlimited|multiple|several|countless|all|more ..1 concurrent|simultaneous|parallel ..1 {_PEOPLE}|{_EVENTS}|processing
        many|numerous|countless|unlimited ..1 users|customers|clients|devices|tenants|visitors
        support*|handl*|allow*|serv* ..1 > concurrent|simultaneous|parallel ..1 users|sessions|connections|access|requests|customers|logins
        large~scale|massive~scale
        at scale
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
        volume|volumes of data|information|transactions|messages|documents
    """,
    Gap.EFFICIENCY: f"""
        efficient|efficiently|lightweight|light~weight|resource~friendly|resource~saving|energy~saving|power~saving|battery~friendly|economical|sparing|sparingly
        resource|energy|power|memory|storage|fuel efficien*
        efficiency
        {_LITTLE} ..2 memory|cpu|ram|power|energy|battery|bandwidth|resource|resources|footprint|storage|disk|overhead|consumption|traffic
        optimi*|minimi*|reduc*|conserv*|economi* ..4 resource|resources|memory|storage|bandwidth|energy|battery|power|utili*|cpu|footprint|consumption
        consum*|use|uses|using ..1 as? little|few|minimal|less ..1 as? possible?|battery?|memory?|power?|data?
        long|longer|good|extended|maximum|sufficient battery ..1 life|runtime|lifetime|time
        not|never ..1 drain
        optimal|optimi*|efficient|good use|usage|utili* of ..2 resource*|hardware|capacity|memory|storage|cpu
    """,
    Gap.RELIABILITY: f"""
        robust|robustly|robustness|resilien*|fault~toleran*|dependab*|graceful|gracefully|stable|stably|stability
        reliable|reliably|reliability
        error~free|bug~free|defect~free|crash~free|failure~free|trouble~free|rock~solid|bullet~proof|fail~proof|self~healing
        without|free|minimal|minimum|minimi*|few ..2 errors|error|crashes|crash|crashing|failure|failures|failing|bugs|defects|malfunction*|glitch*|breakdown*
        zero defects|bugs|crashes|failures|errors
        not|never|rarely|seldom ..1 crash|crashes|fail|fails|malfunction|break
        no single point
        single point of failure
        low|lower|acceptable|minimal ..1 failure|error|crash|defect rate|rates
        tolerat*|withstand*|surviv* ..2 fault*|failure*|error*|crash*|outage*
        handl*|cope*|deal* ..3 error*|failure*|exception*|fault* < ..1 gracefully|properly|appropriately|well|correctly
        consistent|reliable|predictable performance|behaviour|behavior|operation|service|results
    """,
    Gap.RECOVERY: """
        no|zero|without|prevent*|avoid*|minimal|minimi*|against|never|any ..3 data~loss
        no|zero|without|prevent*|avoid*|minimal|minimi*|against|any ..2 loss of ..2 data|information|messages|transactions|records
        data~loss
        not|never|nothing|cannot|nor ..1 lose|lost ..3 data|message*|transaction*|record*|order*|information|event*|reading*|entries|work
        no|never ..2 data|message*|transaction*|record*|order*|event*|information|reading*|entry|payment* ..3 lost|lose
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
    """,
    Gap.SECURITY: """
        safe|safely and secure*
        secure|securely|secured|security and? safe?
        cyber~security|cybersecurity|cyber~secure
        tamper~proof|tamper~resistant|hack~proof|hardened|hardening|unbreakable|bank~grade|military~grade|impenetrable
        protect*|guard*|safe|defend*|immune|shield*|secur*|safeguard* ..4 against|from ..4 unauthori*|attack*|threat*|misuse|hack*|malicious|theft|tamper*|intru*|abuse|manipulat*|breach*|leak*|disclosure|cyber*|access|malware|virus*|injection*
        prevent*|avoid*|block*|stop|no|against|from|without ..2 > unauthori* ..1 access|use|disclosure|modification*|person*|users|parties|change*
        prevent*|avoid*|block*|resist*|withstand*|repel* ..3 attack*|hack*|breach*|intru*|cyber*|tamper*|leak*
        strong|robust|appropriate|adequate|proper|industry~standard|state~of~the~art|sufficient|suitable|strict|modern|tight ..1 encryption|encrypted|password*|authentication|authori*|cryptograph*|access|credential*
        safely|appropriately|properly|adequately|sufficiently|strongly|fully stored|protected|encrypted|transmitted|secured|authenticated|kept
        shall|must|should|will|be|are|is ..1 > protected < $
        safeguard|safeguards|safeguarded|safeguarding
        free|no|without|known|minimal|minimi* ..3 vulnerabilit*
        vulnerab* ..3 minimi*|avoid*|prevent*|fixed|patched|resolved
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
    """,
    Gap.COMPLIANCE: f"""
        {_OBLIGED} ..1 with|to? ..5 law*|regulation*|legislation*|act
        {_OBLIGED} ..1 with|to? ..4 corporate|company|internal|organi*|agency|existing|government|federal|national|bank|hospital|group|our|customer ..2 polic*|{_LAW}
        applicable|relevant|local|national|international|federal|legal|regulatory|statutory|prevailing|governing|industry|sector|mandatory|accepted|recogni* ..3 {_LAW}|practice|practices
        industry~standard*
        best~practice*
        fully? regulatory|legal|statutory compliance|compliant|requirements
        shall|must|should|be|is|are|fully|legally|remain ..1 > compliant < $
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
        comprehensible|understandable|plausible|clear|meaningful ..1 reason*|explanation*|decision*|rationale
        decision*|prediction*|recommendation*|score*|reasoning|outcome*|result*|model* ..4 > explained|understood|justified|understandable|comprehensible|transparent|explanation*
        traceable|comprehensible decision*|result*|reasoning
    """,
    Gap.FAIRNESS: """
        fair|fairly|fairness|unfair|unfairly|unbiased|bias|biased|biases|non~discriminat*|nondiscriminat*|discriminat*|equitab*|ethical|ethically|impartial*
        responsible|trustworthy ai|artificial|use|machine
        equal|equally treatment|treated|treat
    """,
    Gap.SAFETY: """
        safe|safely|safety|unsafe|fail~safe|fail~safely
        not|no|without|never|cannot|prevent*|avoid* ..2 harm|harmed|endanger*|injur*|hurt
    """,
    Gap.USABILITY: f"""
        user|customer|people|operator|developer|child friendly|friendliness
        userfriendly|userfriendliness
        mobile friendly
        friendly < ..1 {_LOOK}|user
        easy|easier|easiest|easily|ease ..1 to? use|learn|understand|navigate|operate|read|handle|remember|find?
        ease~of~use|ease~of|usability|usable
        intuitive|intuitively|intuitiveness|self~explanatory|self~explaining|self~evident
        convenient|conveniently|convenience|comfortable|comfortably|comfort|effortless|effortlessly|hassle~free|frictionless|painless|uncomplicated|straightforward
        simple ..1 {_LOOK}|language|process|steps|manner|way
        simple|clear|clean and easy|intuitive|clear|simple|modern|attractive|consistent|concise
        simple to
        {_MODAL}|be|as ..1 > simple|obvious|self~evident|clear
        simplicity|simpler
        understandable|comprehensible|understandably|learnab*
        easy~to~understand
        clear|clearly|obvious|obviously|meaningful|helpful|informative|concise|plain ..2 error|message*|messages|language|instruction*|indicat*|{_LOOK}|manner|visible|readable|displayed|marked|label*|control*|feedback|way|identif*|documentation|understand*
        readable|legible|readability|legibility|easily readable?
        minimal|little|no|without|minimum|hardly|less|limited ..2 training|instruction|instructions|learning|clicks|clicking|manual|guidance|effort|explanation
        short|shallow|low|gentle|flat learning ..1 curve
        quick*|fast|easy|easily to? learn*
        attractive|appealing|pleasant|pleasing|aesthetic*|beautiful|elegant|engaging|delightful|enjoyable|fun|polished|sleek|vibrant
        ergonomic*|ergonomics
        good|great|excellent|best|positive|optimal|superior|rich|enhanced|better|consistent|smooth|seamless|pleasant|exceptional|outstanding|satisfying|unified|delightful|high~quality|modern ..2 experience|ux
        look and feel
        consistent|uniform|harmonious|coherent ..3 {_LOOK}|look|appearance|style|colour*|color*|branding
        modern|fresh|clean|slick|professional|neat|uncluttered|well~organi* ..2 {_LOOK}|look|appearance
        well~organi*|well~structured|well~designed|well~laid
        convenient|comfortable|simple|quick way|access
        familiar to|with?
        minimal|few|fewest|fewer number? of? clicks|steps
        simplif*
    """,
    Gap.ACCESSIBILITY: """
        accessib* ..5 disabilit*|impair*|disabled|blind|everyone|everybody|elderly|people|citizens|all
        accessibility|barrier~free|inclusive|inclusively
        disabilities|disability|handicap*
        visually|hearing|motor|cognitively|physically impaired|disabled|challenged
        colour~blind|color~blind
        assistive|screen~reader* technolog*?
    """,
    Gap.SATISFACTION: """
        customer|user|client|employee|patient|citizen|staff|passenger|guest|student|people satisfaction|happiness|loyalty|delight|trust|acceptance|adoption|engagement|confidence
        satisfied|happy|delighted|pleased|content with|by
        satisfied|happy|delighted|satisfying customers|users|clients|people
        be|are|feel|stay|remain|keep* ..3 > happy|satisfied|delighted
        meet*|exceed*|fulfil*|satisf*|match* ..4 expectation*|needs
        satisfaction of
        to the satisfaction
        well received|accepted
        delight|delights
    """,
    Gap.COMPATIBILITY: f"""
        compatib*|interoperab*
        cross~platform|cross~browser|cross~device|multi~platform
        all|any|every|major|modern|popular|common|commonly|standard|leading|mainstream|various|different|multiple|most|current|recent|latest|older|wide|several|many|other|variety|widely ..3 browser*|device|devices|platform|platforms|operating~system*|tablet*|smartphone*|screen~size*|phones|computers|os|file~format*|desktops|hardware
        mobile devices|phones|platforms
        integrat*|connect*|interfac* ..3 seamless|seamlessly|easily|smoothly|tightly|fully|transparently
        seamless|seamlessly|smooth|smoothly|easy|easily|tight|full ..1 integrat*|connect*|interfac*
        {_TALKS} ..5 existing|legacy|third~party|3rd~party|other|external|internal|current|heterogeneous|various|back~end|upstream|downstream|different|multiple|surrounding|neighbouring|common|popular|modern ..2 {_SYSTEMS}
        plug~and~play|plug~in~play
        open|standard|standardi*|common|industry|modern ..1 interface*|protocol*|apis|api|format|formats|connector*
        open standards
        backward*|forward*|downward*|upward* compatib*
        responsive ..1 design|layout|website|web|site|page*
        different|various|all|any|multiple screen ..1 sizes|size|resolutions
    """,
    Gap.MAINTAINABILITY: """
        maintainab*|extensib*|extendab*|extendib*|expandab*|modular|modularity|modularly|flexible|flexibly|flexibility|adaptab*|future~proof|portability|reusab*|upgradab*|upgradeab*|testab*|manageab*|supportab*|evolvab*|loosely
        maintainability
        portable < ..1 across|to|between|code
        well|properly|fully|comprehensively|thoroughly|adequately documented|structured|commented|tested
        good|complete|comprehensive|adequate|sufficient|proper|clear|full|extensive|clean|up~to~date ..1 documentation|code|architecture|test~coverage
        highly|easily|fully|freely|widely|flexibly|simply|readily configur*|customi*|parametri*|adjust*|changeable
        easy|easier|easily|simple|simply|quick|quickly|readily|ease ..2 to|of? ..2 maintain*|maintenance|extend*|extens*|modif*|chang*|updat*|upgrad*|adapt*|configur*|deploy*|test|tested|troubleshoot*|monitor*|debug*|integrat*|port|ported|customi*|replac*|expand*|add|administ*|install*|enhanc*|manag*
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
        economical < ..2 to|solution
    """,
    Gap.IMPROVEMENT: """
        improv*|enhanc*|increas*|boost*|rais*|maximi*|optimi*|accelerat*|streamlin*|strengthen*|speed|speeds ..5 efficien*|productiv*|satisfaction|experience|conversion*|engagement|quality|performance|revenue*|sales|transparency|accuracy|retention|adoption|usability|security|reliab*|collaboration|visibility|awareness|profit*|competitive*|outcome*|process|processes|workflow*|operations|decision*|utili*|loyalty|margin*|coordination|planning
        reduc*|decreas*|minimi*|lower*|cut|cuts|cutting|shorten*|eliminat*|sav*|less ..5 time|times|effort|efforts|cost|costs|error|errors|workload*|churn|waste|risk|risks|delay*|complexity|paperwork|manual|mistake*|waiting|turnaround|queue*|emission*|loss|losses|fraud|calls|overhead|burden|duplication|labour|labor|bureaucracy|paper|staff|incidents|complaints|stress|fatigue|no~show*
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
        unlimited
        most of
        majority
        multi~lingual|multilingual|multi~language|multi~currency
        support*|handl*|offer*|provid*|in|into|accept*|for|across ..1 > multiple|several|various|different|many ..1 language*|currenc*|format|formats|channel*|countr*|protocol*|payment*|locale*|region*|time~zone*|source*|method*|type|types
        minimi*|maximi* ..1 number|amount|use|usage|impact|need|degree
        thousands|hundreds|millions|billions|dozens of
    """,
    Gap.SUBJECTIVE: """
        state~of~the~art|cutting~edge|bleeding~edge|leading~edge|world~class|best~in~class|best~of~breed|top~notch|first~class|next~generation|next~gen|enterprise~grade|enterprise~class|enterprise~ready|industry~leading|market~leading|production~ready|high~end|high~quality|top~quality|high~grade|gold~standard|best~effort*
        modern|innovative|excellent|outstanding|superior|exceptional|superb|great|good|nice|optimal|optimally|ideal|ideally|perfect|perfectly|revolutionary|unparalleled|unmatched|unprecedented
        high|highest|good|best|top|better quality|standard|standards
        best|optimum possible|feasible|available|solution|way|suited
        appropriate|appropriately|suitable|suitably|proper|properly|sensible|satisfactory|satisfactorily|meaningful|meaningfully
        professional|professionally ..1 look*|appearance|design*|manner|quality|way|looking
        seamless|seamlessly|smooth|smoothly|powerful|sophisticated|holistic|rich|comprehensive ..1 feature*|functionality|reporting|set?
        work*|function*|operat*|behav*|perform* ..1 correctly|well|fine|effectively|as~expected|as~intended|normally
        effective|effectively
        excessive|excessively|undue|unnecessary|unnecessarily
        simply|just works|work
        advanced|sophisticated < ..1 analytics|technolog*|algorithm*|features|capabilit*
    """,
    Gap.OPEN_END: """
        etc
        and so on|forth
        and|or the like
        and|or similar
        and more|others < $
        among|amongst others|other
        including|includes but not limited|restricted
        tbd|tbc|tba|tbs
        to be defined|determined|decided|specified|agreed|announced|clarified
        still open|undefined|unclear
        not yet defined|decided|determined|known|specified|agreed
        and whatever|anything
    """,
}

_SIGNS: dict[_Sign, str] = {
    _Sign.AVAILABILITY_WORD: """
        availab*|unavailab*|uptime|up~time|downtime|down~time|outage*|operational|reachable|online|sla|slas|accessib*
        service level*
        in operation|service
        up and running
        up|down|running < ..1 of|at|for
        of the|all time
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
        iso|iec|ieee|din|rfc|nist|fips|pci|wcag|owasp|asvs|hl7|fhir|dicom|aes|tls|mtls|sha|rsa|ecdsa|hmac|oauth|oauth2|oidc|openid|saml|ldap|kerberos|bcrypt|argon|argon2id|scrypt|pbkdf|mfa|totp|fido|webauthn|rbac|abac|hitrust|fedramp|bsi|nen|astm|https|sftp|ipsec|hsm|hsts|jwt|pgp|gpg|soc|asil|sil|en|itu|ansi|ecss|cwe|cve|cis|stig|eidas|sepa|iban|swift|gs1|edifact|osha
        multi~factor|two~factor|2~factor|dual~factor
        role~based|attribute~based
        single sign~on
        penetration|pen test*
        least privilege
        four~eyes
        section 508
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
_JOINT = r"[\s\-'’\"*_/]{1,4}"
_LIKE_ASCII = str.maketrans(
    {"‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "×": "x", "％": "%"}
)


class _Entry:
    """One line of the lexicon; its expression is compiled when its first word is met for the first time."""

    __slots__ = ("kind", "line", "match")

    def __init__(self, kind: Gap | _Sign | str, line: str) -> None:
        self.kind = kind
        self.line = line
        self.match = self._compile_and_match

    def _compile_and_match(self, text: str, position: int) -> re.Match[str] | None:
        self.match = re.compile(_expression(self.line)).match  # type: ignore[method-assign]
        return self.match(text, position)


def _word_expression(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w{0,20}").replace("\\~", r"[\s\-/]?").replace("~", r"[\s\-/]?")


def _expression(line: str) -> str:
    """One lexicon line as a regular expression whose group 1 is the phrase."""
    parts: list[str] = ["("]
    first = True
    ahead = False
    for word in line.split():
        if word == ">":
            parts[0] = "(?:"
            parts.append(")" + _JOINT + "(")
            first = True
        elif word == "<":
            parts.append(")(?=")
            ahead = True
        elif word == "$":
            parts.append(r"\s*(?:[.,;:)]|\Z|and\b|or\b|by\b)")
        elif word.startswith(".."):
            parts.append(rf"(?:{_JOINT}[\w%]{{1,40}}){{0,{word[2:]}}}?")
        else:
            optional = word.endswith("?")
            group = "(?:" + "|".join(map(_word_expression, word.rstrip("?").split("|"))) + r")(?![^\W_])"
            group = group if first else f"(?:{_JOINT}{group})"
            parts.append(group + "?" if optional else group)
            first = False
    parts.append(")" if not ahead else ")")
    return "".join(parts)


class _Index:
    """Lexicon lines found by their first word, so that a text pays only for the lines its words can begin."""

    __slots__ = ("_stems", "_words")

    def __init__(self, lines: Iterable[tuple[Gap | _Sign | str, str]]) -> None:
        self._words: dict[str, list[_Entry]] = {}
        self._stems: dict[str, list[_Entry]] = {}
        for kind, line in lines:
            entry = _Entry(kind, line)
            for first in line.split(None, 1)[0].split("|"):
                for word in {first.split("~", 1)[0], first.replace("~", "")}:
                    table, key = (self._stems, word[:3]) if word.endswith("*") else (self._words, word)
                    here = table.setdefault(key, [])
                    if entry not in here:
                        here.append(entry)

    def matches(self, word: str, text: str, position: int) -> Iterator[tuple[Gap | _Sign | str, int, int]]:
        """Every phrase that begins with this word at this offset, as kind, start, end."""
        for table, key in ((self._words, word), (self._stems, word[:3])):
            for entry in table.get(key, ()):
                if found := entry.match(text, position):
                    yield entry.kind, *found.span(1)


def _lines(*lexicons: dict[Gap | _Sign, str] | dict[Gap, str] | dict[_Sign, str]) -> Iterator[tuple[Gap | _Sign, str]]:
    for lexicon in lexicons:
        for kind, block in lexicon.items():
            for line in block.splitlines():
                if line.strip():
                    yield kind, line


@cache
def _index() -> _Index:
    return _Index(_lines(_LEXICON, _SIGNS))


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

_NUMBER_WORDS = frozenset(
    "half one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty ninety"
    " hundred thousand million billion dozen".split()
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
_PERCENT_SIGNS = frozenset(("%", "‰", "percent", "pct", "percentage"))
_SIZES = frozenset(
    "b kb mb gb tb pb kib mib gib tib byte bytes kilobyte kilobytes megabyte megabytes gigabyte gigabytes terabyte"
    " terabytes bit bits".split()
)
_RATES = frozenset("rps tps qps rpm tpm tph hz khz mhz ops bps kbps mbps gbps fps iops eps".split())
_MONEY = frozenset("eur euro euros usd dollar dollars gbp pound pounds chf sek nok dkk cent cents pence € $ £".split())
_MEASURES = frozenset(
    "m cm mm km metre metres meter meters millimetre millimetres millimeter millimeters kilometre kilometres kilometer"
    " kilometers feet ft inch inches c k kelvin degree degrees deg bar v volt volts w kw kwh mw watt watts a ma mah"
    " lux db dbm ppm g kg mg ml l litre litres liter liters ph decimal decimals px pixel pixels dpi n nm newton".split()
)
_LEGAL = frozenset(
    "art article articles section sections clause annex schedule appendix chapter paragraph part §".split()
)
_NOT_PLURAL = frozenset(
    "is this has was does its as business access process status address across less plus minus always class analysis"
    " basis bus gas pass success progress us thus press besides versus vs whereas unless times previous various".split()
)
_NOT_OPERATION = frozenset(
    "clicks steps taps decimals characters digits letters letters retries attempts points stars inches words lines"
    " features factors reasons languages browsers versions releases screens levels fields options".split()
)
_STOP = frozenset(
    "and or but the of in on at to for with within by per is are be was shall must should will can may if when while"
    " that which from than as after before under over no not measured".split()
)
_BOUND_WORDS = frozenset(
    "within in under below less fewer faster shorter sooner most maximum max up sub beneath ≤ < quicker limit".split()
)
_LONGER = frozenset("longer later more greater over exceed exceeds exceeding exceeded beyond above > ≥".split())
_NEGATIONS = frozenset("no not never nor cannot without".split())
_SPANS = frozenset("during rolling last past previous trailing throughout across any averaged".split())
_PASSED_BY = frozenset(
    "of to a an the least about approximately approx around roughly than at time times be is exactly only maximum max"
    " single full next first some = ± first one".split()
)
_BREAKS = frozenset(".;!?")
_SAME_NUMBER = frozenset((" ", "-", " - ", " (", "("))


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in _NUMBER_WORDS


def _role(words: list[str], number: int, unit: int) -> _Role:
    """What a duration limits, from the few words before its number and the one behind its unit."""
    after = words[unit + 1 : unit + 4]
    if after:
        if after[0] in ("old", "stale"):
            return _Role.AGE
        if after[0] in ("interval", "intervals", "cycle", "cycles"):
            return _Role.PERIOD
        if after[0] in ("window", "windows", "period", "periods", "rolling"):
            return _Role.WINDOW
        if after[0] in ("ago", "before", "notice", "prior", "advance", "earlier"):
            return _Role.TRIGGER
        if after[0] == "of" and after[1:2] and after[1] in ("inactivity", "idle", "idleness", "operation", "use"):
            return _Role.TIMEOUT
        if "downtime" in after or "outage" in after or "unavailability" in after:
            return _Role.DOWNTIME
    for back in range(number - 1, max(-1, number - 7), -1):
        word = words[back]
        if word in _BOUND_WORDS:
            return _Role.BOUND
        if word in ("older", "age", "stale", "behind"):
            return _Role.AGE
        if word in _LONGER:
            before = words[max(0, back - 4) : back]
            if any(w in _NEGATIONS for w in before):
                return _Role.BOUND
            return _Role.WINDOW if word == "over" else _Role.TRIGGER
        if word in _SPANS:
            return _Role.WINDOW
        if word in ("every", "each", "per"):
            return _Role.PERIOD
        if word == "for":
            return _Role.RETAIN
        if word in ("after", "following"):
            return _Role.TIMEOUT
        if word in ("interval", "intervals"):
            return _Role.PERIOD
        if word not in _PASSED_BY and not _is_number(word):
            break
    return _Role.OPEN


def _quantities(text: _Text) -> list[_Found]:
    """Every number with what it counts."""
    words, starts, ends = text.words, text.starts, text.ends
    found: list[_Found] = []
    size = len(words)
    at = 0
    while at < size:
        word = words[at]
        if not _is_number(word):
            article = word in ("a", "an", "one") and at + 1 < size and _UNITS_OF_TIME.get(words[at + 1], 0) >= 1
            if article and at and (words[at - 1] in _BOUND_WORDS or words[at - 1] == "than"):
                role = _role(words, at, at + 1)
                found.append(_duration(text, at, at + 1, role))
                at += 1
            elif word in ("sub", "subsecond") and (
                word == "subsecond" or words[at + 1 : at + 2] in (["second"], ["millisecond"])
            ):
                last = at if word == "subsecond" else at + 1
                found.append(
                    _duration(text, at, last, _Role.BOUND, value="1 ms" if words[last] == "millisecond" else "1 s")
                )
                at = last
            at += 1
            continue
        first = at
        while at + 1 < size and _is_number(words[at + 1]) and text.lower[ends[at] : starts[at + 1]] in _SAME_NUMBER:
            at += 1
        found.append(_quantity(text, first, at))
        at = max(at, found[-1].last) + 1
    return found


def _duration(text: _Text, first: int, last: int, role: _Role, value: str = "") -> _Found:
    start, end = text.starts[first], text.ends[last]
    seconds = _UNITS_OF_TIME.get(text.words[last], 1.0)
    return _Found(_Sign.DURATION, start, end, first, last, value or text.original[start:end], seconds, role)


def _quantity(text: _Text, first: int, number: int) -> _Found:
    """The number that ends at token `number`, with its unit: the first reading that fits."""
    words, starts, ends = text.words, text.starts, text.ends
    size = len(words)

    def made(kind: _Sign, last: int, begin: int = first) -> _Found:
        start, end = starts[begin], ends[last]
        return _Found(kind, start, end, begin, last, text.original[start:end])

    before = words[first - 1] if first else ""
    if before == "p" and ends[first - 1] == starts[first]:
        return made(_Sign.STATISTIC, number, first - 1)
    if before in _LEGAL:
        return made(_Sign.ARTICLE, number, first - 1)
    behind = words[number + 1] if number + 1 < size else ""
    if behind in _UNITS_OF_TIME and "/" in text.lower[ends[number] : starts[number + 1]]:
        return made(_Sign.RATE, number + 1)
    unit = number + 1
    while unit < min(size, number + 3) and words[unit] in (
        "a",
        "an",
        "business",
        "working",
        "calendar",
        "consecutive",
        "full",
        "elapsed",
        "of",
        "quarter",
    ):
        if words[unit] == "of" and words[number] not in ("half", "quarter", "quarters"):
            break
        unit += 1
    nearby = words[unit] if unit < size else ""
    if nearby in _UNITS_OF_TIME and (len(nearby) > 1 or words[number][0].isdigit()):
        if nearby in ("d", "w", "y") and starts[unit] - ends[number] > 1:
            return made(_Sign.NUMBER, number)
        return _duration(text, first, unit, _role(words, first, unit))
    if behind in _PERCENT_SIGNS:
        return made(_Sign.PERCENT, number + 1)
    if behind == "per" and words[number + 2 : number + 3] == ["cent"]:
        return made(_Sign.PERCENT, number + 2)
    if behind in ("st", "nd", "rd", "th"):
        return made(_Sign.STATISTIC if "percentile" in words[number + 2 : number + 3] else _Sign.NUMBER, number + 1)
    if before in _MONEY or behind in _MONEY:
        return made(_Sign.MONEY, number + 1 if behind in _MONEY else number, first - 1 if before in _MONEY else first)
    if behind in _RATES:
        return made(_Sign.RATE, number + 1)
    for last in range(number + 1, min(size, number + 6)):
        word = words[last]
        if (
            last > number + 1
            and word in _UNITS_OF_TIME
            and (
                words[last - 1] in ("per", "a", "an", "each", "every")
                or "/" in text.lower[ends[last - 1] : starts[last]]
            )
        ):
            return made(_Sign.RATE, last)
        if word in _STOP and word != "per" or any(c in _BREAKS for c in text.lower[ends[last - 1] : starts[last]]):
            break
    if behind in _SIZES:
        return made(_Sign.SIZE, number + 1)
    if behind in _MEASURES or text.lower[ends[number] : ends[number] + 3].strip()[:1] == "°":
        return made(_Sign.MEASURE, number + 1 if behind in _MEASURES else number)
    if before == "±":
        return made(_Sign.MEASURE, number, first - 1)
    if ":" == text.lower[ends[number] : ends[number] + 1] and number + 1 < size and words[number + 1].isdigit():
        return made(_Sign.CLOCK, number + 1)
    if behind in ("am", "pm", "o") and words[number][0].isdigit():
        return made(_Sign.CLOCK, number + 1)
    if "load" in words[max(0, first - 3) : first] or "concurrent" in words[number + 1 : number + 2]:
        return made(_Sign.LOAD, number)
    if behind in ("out", "of") and any(w.isdigit() or w in _NUMBER_WORDS for w in words[number + 1 : number + 4]):
        return made(_Sign.STATISTIC, number)
    for last in range(number + 1, min(size, number + 4)):
        word = words[last]
        if word in _STOP or any(c in ".;:!?,(" for c in text.lower[ends[last - 1] : starts[last]]):
            break
        if (len(word) > 3 and word[-1] == "s" and word not in _NOT_PLURAL) or word in ("people", "staff"):
            return made(_Sign.COUNT, last)
    if words[number][0].isdigit() and before and before not in _STOP and starts[first] - ends[first - 1] <= 1:
        named = text.original[starts[first - 1]]
        inner = text.original[starts[first - 1] : ends[first - 1]]
        if (
            (named.isupper() and first > 1)
            or any(c.isupper() for c in inner[1:])
            or before in ("version", "v", "release")
        ):
            return made(_Sign.VERSION, number, first - 1)
    return made(_Sign.NUMBER, number)


# -------------------------------------------------------------------------------------------------------------- clauses

_FINITE = frozenset(
    "shall must should will is are has have may can cannot needs need does do wants want was were remains requires".split()
)
_OPENERS = frozenset(
    "when if while where as under during for with in at once after before upon whenever unless given per".split()
)
_SPLITTERS = frozenset("and but while whereas yet".split())
_ABBREVIATED = frozenset(
    "e g i eg ie approx min max no nos incl excl etc vs art sec resp st dr mr mrs ca cf fig p".split()
)
_POINTS_BACK = frozenset("this these it measured calculated excluding averaged that those both figures".split())
_POINTED_AT = frozenset(
    "figure figures measurement percentage calculation value availability uptime target target response latency accuracy".split()
)


class _Clause:
    """One clause: its words, what was found in them, and what a rule has already used up."""

    __slots__ = ("_stems", "first", "found", "gaps", "lower", "used", "words")

    def __init__(self, text: _Text, first: int, last: int, found: list[_Found]) -> None:
        self.words = text.words[first:last]
        self.first = first
        self.lower = text.lower
        self.found = found
        self.used: set[_Found] = set()
        self.gaps: dict[Gap, list[_Found]] = {}
        for item in found:
            if isinstance(item.kind, Gap):
                self.gaps.setdefault(item.kind, []).append(item)
        self._stems: frozenset[str] | None = None

    @property
    def stems(self) -> frozenset[str]:
        """The first six letters of every word."""
        if self._stems is None:
            self._stems = frozenset(word[:6] for word in self.words)
        return self._stems

    def has(self, *signs: _Sign) -> bool:
        """Whether an unused sign of one of these kinds was found."""
        return any(item.kind in signs and item not in self.used for item in self.found)

    def all(self, sign: _Sign) -> list[_Found]:
        """Every unused sign of this kind."""
        return [item for item in self.found if item.kind is sign and item not in self.used]


def _ends_sentence(text: _Text, token: int) -> bool:
    """Whether a sentence ends between this token and the next."""
    between = text.lower[text.ends[token] : text.starts[token + 1]]
    if between == " ":
        return False
    if "\n" in between and (
        "\n\n" in between or "\n\r\n" in between or between.strip() in ("-", "*", "•", "–", "#", "##", "###")
    ):
        return True
    for sign in between:
        if sign in "!?;":
            return True
        if sign == ".":
            following = text.original[text.starts[token + 1]]
            return (
                text.words[token] not in _ABBREVIATED and " " in between.replace("\n", " ") and not following.islower()
            )
    return False


def _sentences(text: _Text) -> Iterator[tuple[int, int]]:
    begin = 0
    for token in range(len(text.words) - 1):
        if text.starts[token + 1] - text.ends[token] > 1 and _ends_sentence(text, token):
            yield begin, token + 1
            begin = token + 1
    if text.words:
        yield begin, len(text.words)


def _clauses(text: _Text, first: int, last: int) -> list[tuple[int, int]]:
    """A sentence cut where "and", "but" or "while" joins two clauses that each have a verb of their own."""
    words = text.words
    cuts: list[int] = []
    begin = first
    for token in range(first + 2, last - 2):
        if words[token] not in _SPLITTERS or words[begin] in _OPENERS:
            continue
        if not any(word in _FINITE for word in words[begin:token]):
            continue
        for word in words[token + 1 : min(last, token + 9)]:
            if word in _SPLITTERS or word in ("that", "which", "who", "when", "if"):
                break
            if word in _FINITE:
                cuts.append(token)
                begin = token + 1
                break
    edges = [first, *cuts, last]
    return list(zip(edges, edges[1:], strict=False))


# ---------------------------------------------------------------------------------------------------------------- rules

_RESPONSE = frozenset("respon latenc answer reply replie turnar loadin load loads loaded".split())
_OPERATION = _RESPONSE | frozenset(
    "open opens opened displa render return search query querie page pages screen reques result api apis endpoi call"
    " calls login log start starts startu starte launch boot boots proces comple transa calcul genera execut finish"
    " retrie feedba click refres show shows shown take takes round roundt scan scans author valida lookup save saves"
    " saved upload downlo comput infere score scores scorin decisi serve serves served view views list lists appear"
    " websit browse confir submit switch naviga import export".split()
)
_PAGE_OPERATION = _RESPONSE - {"answer", "reply", "replie", "respon"} | frozenset(
    "search query querie page pages response".split()
)
_PEOPLE_WORK = frozenset(
    "suppor ticket incide inquir enquir compla helpde hotlin staff contra suppli vendor engine techni agent office"
    " custom servic".split()
)
_TASK = frozenset("task tasks train traine traini learn learne learns novice partic beginn untrai clicks".split())
_AGEING = frozenset("older old age stale fresh freshn lag reflec visibl propag synchr sync update replic delay".split())
_RECOVERING = frozenset("recove restor failov outage rto rpo disast resume repair backup".split())
_SERVICE_NOUNS = frozenset(
    "system service services platform application app portal site website api server servers database infrastructure"
    " network solution product software gateway environment functionality systems applications interface cluster helpdesk"
    " data".split()
)
_NARROWS_AVAILABLE = frozenset("for in as to from via on under only by within through at via with and".split())
_UTILISED = frozenset("cpu load utilisation utilization capacity usage saturation".split())
_POINTS_FROM = frozenset("after of from following upon when once".split())
_NUMERIC = (
    _Sign.PERCENT, _Sign.COUNT, _Sign.SIZE, _Sign.RATE, _Sign.DURATION, _Sign.MEASURE, _Sign.MONEY, _Sign.NUMBER,
    _Sign.METRIC, _Sign.LOAD,
)  # fmt: skip

_SETTLED_BY: dict[Gap, tuple[_Sign, ...]] = {
    Gap.THROUGHPUT: (_Sign.RATE, _Sign.COUNT, _Sign.SIZE, _Sign.LOAD),
    Gap.SCALE: (_Sign.COUNT, _Sign.RATE, _Sign.LOAD),
    Gap.EFFICIENCY: (_Sign.SIZE, _Sign.PERCENT, _Sign.MEASURE, _Sign.DURATION, _Sign.NUMBER, _Sign.RATE),
    Gap.RELIABILITY: (_Sign.PERCENT, _Sign.METRIC, _Sign.COUNT, _Sign.RATE, _Sign.DURATION, _Sign.NINES),
    Gap.RECOVERY: (_Sign.DURATION,),
    Gap.SECURITY: (_Sign.CONTROL, _Sign.METRIC),
    Gap.PRIVACY: (_Sign.ARTICLE, _Sign.CONTROL, _Sign.DURATION),
    Gap.COMPLIANCE: (_Sign.CONTROL, _Sign.ARTICLE, _Sign.VERSION),
    Gap.AUDIT: (_Sign.DURATION, _Sign.FIELDS),
    Gap.RETENTION: (_Sign.DURATION, _Sign.CLOCK),
    Gap.EXPLANATION: (_Sign.COUNT, _Sign.FIELDS, _Sign.METHOD, _Sign.PERCENT),
    Gap.FAIRNESS: (_Sign.PERCENT, _Sign.METRIC, _Sign.NUMBER),
    Gap.SAFETY: (_Sign.CONTROL, _Sign.MEASURE),
    Gap.USABILITY: (_Sign.PERCENT, _Sign.DURATION, _Sign.COUNT, _Sign.METRIC, _Sign.MEASURE),
    Gap.ACCESSIBILITY: (_Sign.CONTROL,),
    Gap.SATISFACTION: (_Sign.PERCENT, _Sign.METRIC, _Sign.NUMBER, _Sign.COUNT),
    Gap.DATA_QUALITY: (_Sign.PERCENT, _Sign.COUNT),
    Gap.COMPATIBILITY: (_Sign.VERSION, _Sign.CONTROL, _Sign.COUNT),
    Gap.MAINTAINABILITY: (_Sign.DURATION, _Sign.PERCENT, _Sign.COUNT, _Sign.MONEY),
    Gap.COST: (_Sign.MONEY, _Sign.PERCENT),
    Gap.DEADLINE: (_Sign.DURATION, _Sign.PERIOD, _Sign.CLOCK),
    Gap.QUANTITY: _NUMERIC,
    Gap.SUBJECTIVE: (),
    Gap.OPEN_END: (),
}


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
    rivals = [item for gap, items in clause.gaps.items() if gap is not Gap.AVAILABILITY_TARGET for item in items]
    rivals += clause.all(_Sign.METRIC)
    if near:
        for item in clause.all(_Sign.PERCENT):
            word = min(near, key=lambda other: _apart(item, other))
            distance = _apart(item, word)
            if distance <= 12 and all(_apart(item, rival) >= distance for rival in rivals):
                figures.append((item, word))
        for item in clause.all(_Sign.DURATION):
            if item.role is _Role.DOWNTIME or (
                item.role is _Role.BOUND
                and not clause.stems & _RECOVERING - {"outage"}
                and any(
                    _apart(item, word) <= 6 and clause.lower[word.start : word.end] in ("downtime", "outage")
                    for word in near
                )
            ):
                figures.append((item, item))
    if figures:
        clause.gaps.pop(Gap.AVAILABILITY_TARGET, None)
        windowed = _has_window(clause)
        clause.used.update(item for item, _ in figures)
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


def _plainly_available(clause: _Clause, near: list[_Found]) -> Iterator[_Open]:
    """ "The service shall be available." said of a service, not of a file "available for download"."""
    for item in near:
        if clause.lower[item.start : item.end] not in ("available", "operational", "online", "reachable"):
            continue
        place = item.first - clause.first
        before = clause.words[max(0, place - 4) : place]
        after = clause.words[place + 1 : place + 2]
        subject = clause.words[max(0, place - 8) : place]
        if (
            "be" in before
            and not _NEGATIONS.intersection(before)
            and any(word in ("shall", "must", "should", "will") for word in before)
            and _SERVICE_NOUNS.intersection(subject)
            and not (after and after[0] in _NARROWS_AVAILABLE)
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
    place = item.last - clause.first
    triggered = clause.words[0] in _OPENERS or not _POINTS_FROM.isdisjoint(clause.words[place + 1 : place + 4])
    return not triggered


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
    clause.used.update(times)
    statistic = clause.has(_Sign.STATISTIC)
    load = clause.has(_Sign.LOAD, _Sign.RATE, _Sign.CONDITION, _Sign.VERSION, _Sign.SIZE)
    for share in clause.all(_Sign.PERCENT):
        behind = clause.words[share.last - clause.first + 1 : share.last - clause.first + 3]
        if _UTILISED.isdisjoint(behind):
            statistic = True
        else:
            load = True
        clause.used.add(share)
    load = load or any(clause.words[item.last - clause.first] not in _NOT_OPERATION for item in clause.all(_Sign.COUNT))
    missing = () if statistic else ("percentile",)
    if not load:
        clause.gaps.pop(Gap.SCALE, None)
        if not (statistic and _has_window(clause)):
            missing = (*missing, "load")
    if missing:
        first = times[0]
        yield _Open(Gap.LATENCY_CONDITION, first.start, first.end, missing, first.value)


def _freshness(clause: _Clause) -> Iterator[_Open]:
    """An age, an update interval or a bound that is no response time says how current."""
    hits = clause.gaps.pop(Gap.FRESHNESS, None)
    if not hits:
        return
    ages = [
        item for item in clause.all(_Sign.DURATION) if item.role in (_Role.AGE, _Role.PERIOD, _Role.BOUND, _Role.OPEN)
    ]
    if not ages and not clause.has(_Sign.PERIOD):
        yield _Open(Gap.FRESHNESS, hits[0].start, hits[0].end, Gap.FRESHNESS.missing)


def _accuracy(clause: _Clause) -> Iterator[_Open]:
    """A tolerance in the measured unit stands alone; a share or score needs the data or the window it is taken over."""
    hits = clause.gaps.pop(Gap.ACCURACY, None)
    if not hits:
        return
    figures = [item for item in clause.found if item.kind in _NUMERIC and item not in clause.used]
    if any(item.kind is _Sign.MEASURE for item in figures):
        return
    scored = [item for item in figures if item.kind in (_Sign.PERCENT, _Sign.NUMBER, _Sign.METRIC)]
    tolerance = any(item.kind is _Sign.DURATION and item.role is _Role.BOUND for item in figures)
    tested = clause.has(_Sign.METHOD) or _has_window(clause)
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
    figures = [item for item in clause.found if item.kind in _NUMERIC and item not in clause.used]
    both_ends = len(figures) >= 2 and "from" in clause.words and "to" in clause.words
    if not figures:
        yield _Open(Gap.IMPROVEMENT, hits[0].start, hits[0].end, Gap.IMPROVEMENT.missing)
    elif not both_ends and not clause.has(_Sign.BASELINE):
        yield _Open(Gap.IMPROVEMENT, hits[0].start, hits[0].end, ("baseline",))


def _settled(clause: _Clause) -> Iterator[_Open]:
    """Every other gap is closed by a sign of the right kind in the same clause."""
    for gap, hits in clause.gaps.items():
        if clause.has(*_SETTLED_BY[gap]):
            if (
                gap is not Gap.RECOVERY
                or not {"rto", "rpo"} <= set(clause.words)
                or len(clause.all(_Sign.DURATION)) > 1
            ):
                continue
        yield _Open(gap, hits[0].start, hits[0].end, gap.missing)


# In this order, because a rule uses up the figures that are its own.
_RULES = (_availability, _latency, _freshness, _accuracy, _improvement, _settled)


# ----------------------------------------------------------------------------------------------------------- public face


def _find(text: _Text) -> list[_Found]:
    """Concepts, signs and quantities of the whole text in order, without what a longer phrase already says."""
    index = _index()
    concepts: list[_Found] = []
    signs: list[_Found] = []
    for token, word in enumerate(text.words):
        for kind, start, end in index.matches(word, text.lower, text.starts[token]):
            first = token if start == text.starts[token] else bisect_left(text.starts, start)
            last = max(first, bisect_left(text.starts, end) - 1)
            place = _Found(kind, start, end, first, last)  # type: ignore[arg-type]
            (concepts if isinstance(kind, Gap) or kind is _Sign.INNOCENT else signs).append(place)
    kept = _longest(concepts)
    for item in _quantities(text):
        if not _inside(item, kept):
            signs.append(item)
    rates = [item for item in signs if item.kind is _Sign.RATE]
    busy = sorted(
        [*rates, *(item for item in kept if item.kind is Gap.AVAILABILITY_TARGET)], key=lambda item: item.start
    )
    signs = [item for item in signs if item.kind not in (_Sign.WINDOW, _Sign.PERIOD) or not _inside(item, busy)]
    kept = [item for item in kept if item.kind is not _Sign.INNOCENT]
    return sorted([*kept, *signs], key=lambda item: (item.start, item.end))


def _longest(items: list[_Found]) -> list[_Found]:
    """Of phrases that lie inside one another, the longest; an innocent phrase silences what lies inside it."""
    items.sort(key=lambda item: (item.start, -item.end, item.kind is not _Sign.INNOCENT))
    kept: list[_Found] = []
    reach = -1
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


def _points_back(text: _Text, first: int, last: int, found: list[_Found]) -> bool:
    """Whether a sentence completes the one before, as in "This is measured over 30 days"."""
    words = text.words[first : first + 2]
    if words[0] in _POINTS_BACK or (words[0] == "the" and words[-1] in _POINTED_AT):
        return True
    return any(item.kind is _Sign.METHOD and item.first - first <= 4 for item in found)


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
    sentences: list[tuple[int, int, list[_Found]]] = []
    at = 0
    for first, last in _sentences(read):
        begin = at
        while at < len(found) and found[at].first < last:
            at += 1
        sentences.append((first, last, found[begin:at]))
    opened: list[_Open] = []
    for number, (first, last, items) in enumerate(sentences):
        following = sentences[number + 1] if number + 1 < len(sentences) else None
        more: list[_Found] = []
        if following and items and _points_back(read, *following):
            more = [item for item in following[2] if item.kind in _COMPLETING]
        for begin, end in _clauses(read, first, last):
            here = [
                item
                for item in items
                if begin <= item.first < end and not (isinstance(item.kind, Gap) and _is_label(read, item, first))
            ]
            if here:
                clause = _Clause(read, begin, end, [*here, *more])
                for rule in _RULES:
                    opened.extend(rule(clause))
    opened.sort(key=lambda item: (item.start, item.end))
    return tuple(_question(text, item) for item in opened)


_COMPLETING = frozenset(
    (_Sign.WINDOW, _Sign.EXCLUSION, _Sign.STATISTIC, _Sign.LOAD, _Sign.RATE, _Sign.METHOD, _Sign.CONDITION, _Sign.COUNT)
)

_CONDITION_QUESTIONS = {
    ("percentile",): "“{phrase}”: at which percentile?",
    ("load",): "“{phrase}”: under which load?",
    ("window",): "“{phrase}”: over which window is it measured?",
    ("test data",): "“{phrase}”: measured how, on which data, against which truth?",
    ("baseline",): "“{phrase}”: compared with which value today, and by when?",
}


def _question(text: str, item: _Open) -> Question:
    phrase = text[item.start : item.end]
    shown = " ".join(phrase.split())
    wording = (
        _CONDITION_QUESTIONS.get(item.missing, item.gap.question)
        if item.missing != item.gap.missing
        else item.gap.question
    )
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
