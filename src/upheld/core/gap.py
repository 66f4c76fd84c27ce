"""The closed set of things a sentence can leave open, each with its question and the function that owns the answer."""

from enum import Enum, StrEnum
from typing import Self


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
