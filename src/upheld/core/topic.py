"""Which of two gaps a wish leaves open, told by what the rest of its clause speaks of.

"Easily" said of a form is a wish of its users; said of a module, it is one of its developers.
"""

from collections.abc import Collection

from upheld.core.gap import Gap
from upheld.core.wording import Found, word_set

# What a clause speaks of: whole words, or the first six letters of any word.
_TOLD = word_set(
    "notifi notify inform alert alerts alerte escala report reports reporte delive announ contac confir warn warned"
    " refund dispat publis commun"
)
_BUILT = word_set(
    "develo module modula code codeba compon plugin plug upgrad mainta deploy refact patch patche engine"
    " microse librar integr adapt adapte extend modify modifi swap swappe"
)
_CASES = word_set("claim claims compla permit appoin licenc settle refund repair invoic benefi visa mortga")
_HARMS = word_set("medica injury injuri harm accide death health fire collis")
_EMERGENCIES = word_set("emerge brake brakes airbag")
_FAILURES = word_set("outage crash failur disast")
_FIGURES = word_set("positi stock balanc status invent price prices readin dashbo quotes locati figure")
_WORK = word_set("event events messag transa record paymen reques call calls alarm alarms")
_PAST = word_set("histor archiv")
_MOVING = word_set("app scroll animat video game transi play plays")
_SECRETS = word_set("secret secure securi creden passwo encryp cyber cybers vulner authen crypto")
_PERSONAL = word_set("privac person confid gdpr health")
_PROTECTED = word_set("protec safegu privac measur")
_HANDICAP = word_set("accessibility accessible disabi handic")
_HAZARDS = word_set("safety hazard injury")
_OUTPUTS = word_set("predic foreca recomm sugges classi transl diagno answer estima transc")
_MODELS = _OUTPUTS | word_set(
    "detect model models algori recogn score scores search match matche identi flag flagge ai calcul locati measur"
)
_RECORDS = word_set("data record inform regist regist entrie detail catalo master invent addres list lists")
_STORED = word_set("data paymen file files docume passwo transa money stored storag transm accoun card cards secret")
_BODIES = word_set(
    "patien robot vehicl operat people person driver pedest machin human child childr pump drug dose medica"
)
_AT_ONCE = frozenset(
    ["immediately", "delay", "straight", "right", "forthwith", "once", "delays", "instant", "waiting", "instantly"]
)
_DEPENDABLE = word_set(
    "dependable reliable reliably trustworthy good robust stable plausible meaningful useful helpful"
)
_EXACT = word_set("accurate accurately precise precisely")
_APT = word_set("appropriate appropriately suitable suitably proper properly adequate adequately sufficient")
_SAFE = word_set("safe safely")

# From, to, the words of a hit that leave two readings (none: all), what the clause speaks of, what it does not speak of.
_READINGS: tuple[tuple[Gap, Gap, frozenset[str], frozenset[str], frozenset[str]], ...] = (
    (Gap.LATENCY_BOUND, Gap.DEADLINE, _AT_ONCE, _TOLD, frozenset()),
    (Gap.LATENCY_BOUND, Gap.DEADLINE, frozenset(), _CASES, frozenset()),
    (Gap.IMPROVEMENT, Gap.SAFETY, frozenset(("risk", "risks")), _HARMS, frozenset()),
    (Gap.RELIABILITY, Gap.SAFETY, frozenset(), _EMERGENCIES, frozenset()),
    (Gap.AVAILABILITY_TARGET, Gap.RECOVERY, frozenset(("running",)), _FAILURES, frozenset()),
    (Gap.AVAILABILITY_TARGET, Gap.RETENTION, frozenset(("available", "accessible")), _PAST, frozenset()),
    (Gap.SCALE, Gap.THROUGHPUT, frozenset(("burst", "bursts", "volume", "volumes")), _WORK, frozenset()),
    (Gap.USABILITY, Gap.LATENCY_BOUND, frozenset(("smooth", "smoothly")), _MOVING, frozenset()),
    (Gap.LATENCY_BOUND, Gap.FRESHNESS, frozenset(("delay", "delays", "lag")), _FIGURES, frozenset()),
    (Gap.USABILITY, Gap.MAINTAINABILITY, frozenset(), _BUILT, frozenset()),
    (Gap.COMPLIANCE, Gap.ACCESSIBILITY, frozenset(), _HANDICAP, frozenset()),
    (Gap.USABILITY, Gap.ACCESSIBILITY, frozenset(("usable",)), _HANDICAP, frozenset()),
    (Gap.COMPLIANCE, Gap.PRIVACY, frozenset(), _PERSONAL | {"protec"}, frozenset()),
    (Gap.COMPLIANCE, Gap.SECURITY, frozenset(), _SECRETS, frozenset()),
    (Gap.COMPLIANCE, Gap.SAFETY, frozenset(), _HAZARDS, frozenset()),
    (Gap.SAFETY, Gap.SECURITY, _SAFE, _STORED, _BODIES),
    (Gap.ACCURACY, Gap.DATA_QUALITY, _EXACT, _RECORDS, _MODELS),
    (Gap.RELIABILITY, Gap.ACCURACY, _DEPENDABLE, _OUTPUTS, frozenset()),
    (Gap.SUBJECTIVE, Gap.ACCURACY, _DEPENDABLE, _OUTPUTS, frozenset()),
    (Gap.SUBJECTIVE, Gap.DATA_QUALITY, frozenset(("quality",)), _RECORDS, _MODELS),
    (Gap.SUBJECTIVE, Gap.PRIVACY, _APT, _PERSONAL, frozenset()),
    (Gap.QUANTITY, Gap.PRIVACY, _APT, _PERSONAL, frozenset()),
    (Gap.SUBJECTIVE, Gap.SECURITY, _APT, _SECRETS, frozenset()),
    (Gap.QUANTITY, Gap.SECURITY, _APT, _SECRETS, frozenset()),
)


def tell_apart(gaps: dict[Gap, list[Found]], *, lower: str, words: Collection[str], stems: frozenset[str]) -> None:
    """Move every hit that can be read in two ways to the gap that its clause speaks of; `gaps` is changed.

    `lower` is the whole text, `words` and `stems` are those of the clause.
    """
    for general, special, doubtful, about, unless in _READINGS:
        if general not in gaps or not stems.isdisjoint(unless):
            continue
        if stems.isdisjoint(about) and about.isdisjoint(words):
            continue
        moved = [
            hit
            for hit in gaps[general]
            if not doubtful or not doubtful.isdisjoint(lower[hit.start : hit.end].replace("-", " ").split())
        ]
        rest = [hit for hit in gaps.pop(general) if hit not in moved]
        if rest:
            gaps[general] = rest
        if moved:
            gaps[special] = sorted([*gaps.get(special, ()), *moved], key=lambda hit: hit.start)
