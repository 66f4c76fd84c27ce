"""The shapes in which a sentence promises a quality without a figure.

A quality has a name ("throughput", "outages", "confidentiality"); a promise says how much of it there shall be: "high
throughput", "outages must be rare", "confidentiality shall be ensured". So the names stand in one table by gap, the
words of degree in another, and a few shapes join them: whatever has a name is found in every shape.
"""

from functools import cache
from typing import NamedTuple

from upheld.core.gap import Gap
from upheld.core.lexicon import LEXICON, SIGNS, Sign
from upheld.core.wording import Index, Text, lexicon_lines, text_between, word_set


class Attribute(NamedTuple):
    """The name of a quality, and whether more of it is wished, or less; None is a word that only speaks of it."""

    gap: Gap
    wanted: bool | None


# One name a line or several with `|`, in the notation of the lexicon.
_WANTED: dict[Gap, str] = {
    Gap.LATENCY_BOUND: "performance|responsiveness|reactivity",
    Gap.AVAILABILITY_TARGET: "availability|uptime|reachability|up~time",
    Gap.RELIABILITY: "stability|reliability|robustness|resilience|resiliency|dependability|redundancy|redundancies",
    Gap.SCALE: "capacity|capacities|headroom|scalability|elasticity",
    Gap.THROUGHPUT: "throughput|data~rate*|frame~rate*",
    Gap.EFFICIENCY: """
        efficiency|utilisation|utilization|lifetime|runtime
        use|usage of ..2 resource*|hardware|cpu|gpu|gpus|cpus|memory|bandwidth|energy|storage|cluster*|disk
        battery life|lifetime|runtime
    """,
    Gap.ACCURACY: """
        accuracy|precision|correctness|recall|relevance|truthfulness|factuality|groundedness
        prediction*|forecast*|recommendation*|suggestion*|classification*|translation*|transcription*|transcript*|diagnos*|answer*|scoring|estimates|estimation*|insight*|advice
        hit|detection|recognition|match|matching ..1 rate*|quality|results
    """,
    Gap.SECURITY: """
        security|cybersecurity|protection|safeguards|encryption|authentication|cryptography|countermeasures|hardening
        access control*|management|protection
        security|protective|cyber|protection ..1 measure*|control*|level*|mechanism*|posture|safeguard*
    """,
    Gap.PRIVACY: "privacy|confidentiality|anonymity|secrecy|pseudonymity",
    Gap.DATA_QUALITY: """
        data quality|integrity|consistency|completeness|hygiene
        quality|integrity|consistency|completeness|validity|correctness of ..3 data|records|information|datasets|inputs|entries|content
    """,
    Gap.USABILITY: """
        usability|readability|legibility|clarity|ergonomics|convenience|comfort|ux|learnability|discoverability|simplicity|friendliness
        user|customer|shopping|reading|viewing|visitor|learning|digital|developer ..1 experience*|journey*|guidance
    """,
    Gap.ACCESSIBILITY: "accessibility",
    Gap.SATISFACTION: "satisfaction|acceptance|adoption|engagement|loyalty|trust|confidence|happiness",
    Gap.MAINTAINABILITY: """
        maintainability|modularity|testability|portability|configurability|extensibility|observability|flexibility|adaptability|reusability|documentation
        code|software|test ..1 quality|coverage
    """,
    Gap.AUDIT: "traceability|accountability|auditability|provenance|audit~trail*|logging",
    Gap.EXPLANATION: "explainability|interpretability|transparency|explanation*|justification*",
    Gap.FAIRNESS: "fairness|neutrality|impartiality|non~discrimination",
    Gap.SAFETY: "safety",
    Gap.COMPATIBILITY: "interoperability|compatibility|integration",
    Gap.COST: "value for money",
    Gap.FRESHNESS: "freshness|timeliness|recency|currency of|actuality",
}
_UNWANTED: dict[Gap, str] = {
    Gap.LATENCY_BOUND: """
        latency|latencies|delay|delays|lag|lags|wait|waits|waiting|hesitation|slowdown*|stutter*|jitter|jank|freeze|freezing|freezes|hang|hangs|hanging|stall*|buffering|lagging|sluggish*
        response|reaction|loading|load|waiting|wait|answer|start~up|startup|processing|turnaround|execution|rendering ..1 time|times
        ping|round~trip*|queue|queues|queuing
    """,
    Gap.AVAILABILITY_TARGET: """
        downtime|downtimes|down~time|outage*|interrupt*|disrupt*|unavailab*|disturbance*
        customer*|service|user*|business|operational|production ..1 impact|impacts
        impact|impacts|effect|effects on ..2 customer*|service*|user*|business|operation*|production|availability
    """,
    Gap.RELIABILITY: """
        error|errors|failure|failures|fail|fails|crash|crashes|crashing|bug|bugs|defect|defects|malfunction*|glitch*|fault|faults|breakdown*|instability|hiccup*|abort|aborts
        single points? of failure
    """,
    Gap.RECOVERY: """
        data~loss
        loss of ..2 data|information|messages|transactions|records|work
        recovery point|time|times|duration
        time|times to repair|recover|recovery|restore|fix|resume
        restoration|restart|restore|recovery|failover|resumption time|times
    """,
    Gap.EFFICIENCY: """
        memory|cpu|ram|energy|battery|batteries|power|bandwidth|footprint|consumption|overhead|resource*|storage|disk
        waste|wasted|wasting
    """,
    Gap.ACCURACY: """
        hallucinat*|misclassif*|misdiagnos*|mispredict*|misidentif*|confabulat*
        false ..1 positive*|negative*|alarm*|alert*|match*|rejection*|acceptance*
        wrong|incorrect|misleading|erroneous ..2 answer*|prediction*|recommendation*|classification*|translation*|result*|advice|decision*
    """,
    Gap.SECURITY: """
        attack*|breach*|intrusion*|tamper*|leak|leaks|leakage|vulnerabilit*|misuse|abuse|exploit*|hack|hacks|hacked|hackers|hacking|malware|phishing|theft|spoofing|manipulation*|interception|intercepted|eavesdrop*|compromise|compromised
        unauthori* ..1 access|use|usage|disclosure|modification*|person*|user*|part*|change*|copying|viewing|release
    """,
    Gap.PRIVACY: "re~identif*|disclosure|disclosures|surveillance|profiling",
    Gap.DATA_QUALITY: """
        duplicates|duplication*|inconsistenc*|discrepanc*|typos|corruption|contradiction*
        data|input|entry|record ..1 error|errors|mistake|mistakes
        missing|invalid|wrong|duplicate ..1 values|data|fields|entries|records|information
    """,
    Gap.USABILITY: """
        training|clicks|confusion|frustration|effort|friction|help|experience|expertise|guidance|instruction|instructions|knowledge|steps|hassle|clutter
        learning curve|time|effort
        user errors
    """,
    Gap.SAFETY: "harm|harms|harmed|harming|injur*|endanger*|danger|dangers|hazard|hazards|accident|accidents|hurt|hurts",
    Gap.FAIRNESS: "bias|biases|biased|discriminat*|prejudice*|disadvantag*|stereotyp*|favouritism|favoritism",
    Gap.MAINTAINABILITY: """
        technical debt
        vendor~? lock~in
        maintenance|administration|operations|operational|engineering|development|configuration|integration ..1 effort|overhead|burden|work
        rework|refactoring
    """,
    Gap.COST: "cost|costs|expense|expenses|expenditure*|price|prices|bill|bills|fee|fees|spend|spending|tco|budget",
    Gap.FRESHNESS: "stale|outdated|obsolete|staleness|out~of~date",
    Gap.SATISFACTION: "complaint*|dissatisf*",
    Gap.COMPLIANCE: "violation*|penalt*|fines|infringement*|non~compliance",
}


# Words that speak of a quality and promise nothing by themselves: they name the gap of a wish that has no other name.
_HINTS: dict[Gap, str] = {
    Gap.FRESHNESS: """
        newest|outdated|stale|synchronous|refreshed|momentary|meanwhile|in~step|happening|whereabouts|as~of~now
        time~lag|instantaneous*|everywhere
    """,
    Gap.LATENCY_BOUND: """
        wait|waits|waited|waiting|slow|slower|slowly|patience|impatient|moment|moments|delay|delays|hang|hangs|freeze
        pace|smooth|smoothly|stutter*|immediacy|reactive|laggy|sluggish|abandon|bored|linger*|spinner*|hourglass
        quickest|swiftness
        loses patience
    """,
    Gap.DEADLINE: """
        early|earlier|late|lately|soon|sooner|often|overdue|punctual*|deadline*|timely|frequent*|urgent*|urgency
        postpone*|turnaround|lead~time|promptly|hurry|backlogged|tardy
    """,
    Gap.AVAILABILITY_TARGET: """
        unavailable|reachable|outage*|weekends|nights|holidays|interrupted|interruption*|around~the~clock
        out~of~service|unusable|blackout*|dark|standstill|halt
        taken down
        up and running
    """,
    Gap.ACCURACY: """
        predict|predicts|predicted|forecast|forecasts|forecasted|hallucinat*|guess|guesses|guesswork|wrong|wrongly
        correct|incorrect|mistake*|mistaken|truth|irrelevant|misses|unsure|uncertain*|chatbot|tell|realistic
        misleading|misunderst*|nonsense|recognise|recognises|recognize|recognizes|judge|judges|judgement|judgment
        detected|spotted|plausib*|approximat*|genuine|lifelike|fabricat*|invent|invents|faithful*|overlook*
    """,
    Gap.THROUGHPUT: """
        backlog*|flood|floods|bottleneck*|onslaught|heaps|piles|congest*|saturat*
        keep up
    """,
    Gap.SCALE: """
        grow|grows|growing|growth|peaks|rush|crowd*|thousand|thousands|million|millions|hundreds|expansion|rollout
        roll~out|season|masses|popular|crunch|influx|audience|busy|busiest|viral|nationwide|worldwide|global|countless
        headroom|spikes|surge*|doubling|double|doubles|multiply|multiplies
    """,
    Gap.EFFICIENCY: """
        battery|batteries|bandwidth|wasteful|waste|wasted|economical|economically|sparing*|fuel|emissions|carbon
        thrifty|lean|drain|drains|hog|hogs|heavy|bloat*|overhead|idle|paper|consume|consumes|consumption|fan|heat
        overloaded|overload
    """,
    Gap.RELIABILITY: """
        unreliab*|fail|fails|failing|fault|faults|faulty|crash*|problem|problems|trouble*|stable|unstable|bug|bugs
        harsh|rough|worst|circumstances|rely|dependab*|glitch*|malfunction*|hiccup*|breakdown*|broken|flaky|flawless*
        hitch*|steady|steadily|ruin*|collapse*|buckle*|seize*|choke*|unresponsive|dead|die|dies|spurious
        trustworthy|survive*|withstand*|cope|copes|tolera*
        stop working
    """,
    Gap.RECOVERY: """
        recover*|restor*|lost|lose|loses|losing|disaster*|catastroph*|fallback|rollback|fall~back|undone|wiped|vanish*
        disappear*|gone|restart|restarts|aftermath|resum*|rescued|corrupt*|destroyed
        back to normal
    """,
    Gap.SECURITY: """
        attack*|hack*|intrud*|intrusion*|tamper*|manipulat*|unauthori*|malicious|steal*|stolen|theft|forg*|fake|faked
        misuse*|abuse*|insecure|leak*|breach*|vulnerab*|outsider*|strangers|spy*|eavesdrop*|imperson*|burglar*
        criminal*|cyber*|ransom*|virus*|malware|phish*|compromis*|exploit*|sabotage*|unlocked|guard*|shield*
        intercept*|sniff*|weakness*|weak|safeguard*|crack|cracked
        locked down
    """,
    Gap.PRIVACY: """
        disclos*|anonymous*|intimate|secret|secrecy|snoop*|prying|identifiable|discretion|re~identif*|eyes|salaries
        privately|gossip|surveil*|tracked
        strictly confidential
        need to know
    """,
    Gap.COMPLIANCE: """
        compliant|law|laws|legal|legally|lawful*|regulation*|regulator*|regulatory|legislation|statut*|norms
        directive*|prescribed|binding|licen*ing|watchdog*|auditors|certif*|conformity|illegal|unlawful|infring*
        violat*|fine|fines|liable|liability
    """,
    Gap.AUDIT: """
        trace|traces|traced|traceab*|proof|prove|proven|verifiab*|accountab*|reconstruct*|undeniab*|repudiat*|retrace*
        paper~trail|forensic*|witness*
        who did
        on record
    """,
    Gap.RETENTION: """
        retain*|retention|preserved|long~term|forever|purge*|disposed|historic*|years|decades|posterity|outlive*
        stay on file
    """,
    Gap.EXPLANATION: """
        reasons|reasoning|why|comprehensib*|understandab*|justif*|transparen*|opaque|rationale|retraceable
        interpretab*|explain|explains|explained|explanation*|grounds|mystery|black~box
    """,
    Gap.FAIRNESS: """
        equal|equally|fair|fairly|unfair*|bias*|discriminat*|disadvantag*|prejudice*|impartial*|neutral*|minorit*
        gender|ethnic*|race|racial*|sexes|stereotyp*|favouritism|favoured|favored|alike|one~sided|inclusive*
    """,
    Gap.SAFETY: """
        danger*|hazard*|injur*|harm*|accident*|unsafe|hurt*|collision*|collide*|overheat*|fatal*|death*|kill*|risk
        risks|risky|endanger*|jeopardi*|bystander*|peril*|toxic|scald*|burn|burns|trapped|crush*
    """,
    Gap.USABILITY: """
        overview|intuitive*|confus*|easy|easily|simple|simply|clarity|clicks|effort|guidance|training|instinctiv*
        beginners|novice*|comfortabl*|convenien*|cumbersome|tedious|complicated|attractive|familiar|readable|legible
        fun|frustrat*|stress*|overwhelm*|glance|hassle|struggle*|fiddl*|burden*|remember|memoris*|learnt|clutter*
        inviting|pleasant*|welcoming|laborious*|awkward*|retyp*|logical|obvious*|daunt*|self~explan*|unaided|jargon
        get lost
        by hand
    """,
    Gap.ACCESSIBILITY: """
        blind|deaf|disabilit*|disabled|impair*|wheelchair*|elderly|handicap*|barrier*|screen~reader*|low~vision
        dyslexi*|colour~blind*|color~blind*|sighted|hearing|seniors|assistive
        older people
    """,
    Gap.SATISFACTION: """
        motivat*|encourag*|satisf*|happy|happier|happiness|complain*|complaint*|feedback|delight*|enjoy*|love|loves|loyal*|confidence
        annoy*|pleased|mood|reputation|praise*|welcome|welcomed|embrace|proud|impress*|fond|cherish*|trust|trusts
        positive|positively
        recommend us
        accept it
        win over
        well received
    """,
    Gap.DATA_QUALITY: """
        duplicate*|contradict*|inconsistent|inconsistenc*|incomplete|gaps|plausible|clean|mismatch*|discrepanc*
        garbage|dirty|erroneous|gapless|holes|misspel*|deviat*|tally|tallies|reconcil*|coherent*|flawed|bogus|credible
        in agreement
    """,
    Gap.COMPATIBILITY: """
        legacy|third~party|compatib*|interoperab*|dovetail*|mesh|coexist*|interplay|ecosystem*|cooperat*|co~operat*
        harmoni*|interwork*|landscape|incompatib*
    """,
    Gap.MAINTAINABILITY: """
        developers|extended|extensible|modular*|adapt|adapted|adapting|upgrade|upgraded|upgrades|swapped|refactor*
        reuse|reused|testable|debugg*|decoupl*|rewrit*|reprogram*|evolve*|evolution|source~code|codebase|code~base
        spaghetti|lock~in|pluggable|exchanged|dependencies|coupled|technical~debt|newcomers|coders|programmers
    """,
    Gap.COST: """
        cost|costs|costly|fees|expens*|cheap*|afford*|spend*|pay~off|economy|savings|value~for~money|spiral|financial*
    """,
    Gap.IMPROVEMENT: """
        improv*|fewer|faster|drop|drops|shorten*|boost*|productiv*|effectiveness|efficien*|workload|relieve*|better
        easier|raise|lift|shrink*|halve*|cut|less|more~efficient*|strengthen*
    """,
    Gap.QUANTITY: """
        some|few|several|plenty|generous*|ample|handful|moderate|certain~amount|enough|excess*|sparse*|roughly
        about~right|sizeable|sizable
    """,
    Gap.SUBJECTIVE: """
        natural|naturally|nice|nicely|pretty|beautiful*|quality|tone|taste|sensible|sensibly|modern|elegant*
        right~thing|suitabl*|appropriat*|proper|properly|well|good|best|great|friendly|polite*|professional*|adequat*
        reasonabl*|desirabl*|optimal*|ideal*|perfect*|worthy|meaningful*|useful*|helpful*|valuable
    """,
}


NAMES: dict[bool | None, dict[Gap, str]] = {True: _WANTED, False: _UNWANTED, None: _HINTS}
"""The names of qualities, by what is wished of them."""


@cache
def phrase_index() -> Index[Gap | Sign | Attribute]:
    """The lines of every gap, sign and name of a quality, made when they are asked for the first time."""
    named = [
        (Attribute(gap=gap, wanted=wanted), line)
        for wanted, table in NAMES.items()
        for gap, line in lexicon_lines(table)
    ]
    return Index([*lexicon_lines(LEXICON, SIGNS), *named])


_MUCH = word_set(
    "good great excellent high higher highest best optimal optimum superior acceptable adequate adequately sufficient"
    " sufficiently reasonable strong stronger strict full maximum maximal appropriate appropriately proper suitable"
    " satisfactory decent improved better consistent stable constant continuous outstanding exceptional top utmost"
    " increased robust solid comparable competitive superb fair ample tight rigorous enhanced enough uncompromised"
    " unrivalled guaranteed demonstrable perfect ideal sound meaningful useful helpful trustworthy plausible valuable"
    " actionable correct well long longer effective extensive comprehensive grade class smart impeccable smooth seamless pleasant"
)
_LITTLE = word_set(
    "low lower lowest minimal minimum minimised minimized minimally reduced limited small smaller smallest little least"
    " less few fewer fewest rare infrequent negligible short shorter shortest tolerable manageable bearable moderate"
    " modest slight light insignificant minor imperceptible unnoticeable acceptable reasonable adequate sufficient"
    " satisfactory affordable competitive economical controlled predictable stable optimal fast faster good close near quick zero"
)
_NONE = word_set(
    "no without zero never not cannot neither nor none nobody nothing mustn shouldn won don doesn isn aren rarely seldom hardly scarcely barely free"
)
_GONE = word_set(
    "avoided prevented excluded eliminated mitigated prohibited impossible unlikely exceptional unacceptable intolerable"
    " minimum down check bounds ruled occur occurs happen happens arise exist accepted tolerated noticeable"
)
_STAYS = word_set(
    "be is are was were been remain remains stay stays keep keeps kept keeping become get gets hold held feel not never"
)
# Verbs by their first five letters, so that every form of them is one entry.
_VERB = 5
_CARE = word_set("ensur guara assur maint prese uphol maxim optim safeg")
_AVOID = word_set("avoid preve elimi minim exclu prohi mitig precl withs toler survi resis prote guard conta")
_HURT = word_set(
    "suffe degra deter impai compr drop drops dropp decli affec jeopa endan impac sacri harm harms harmi harme losin loss"
    " hurt hurts hurti"
)
# A price or a use of memory is never none.
_ALWAYS_SOME = frozenset((Gap.COST, Gap.EFFICIENCY))

_BEFORE = 3
_BEHIND = 14
_PREDICATE = 4
_BREAKS = frozenset(".;:!?,()")


def promise(text: Text, name: Attribute, first: int, last: int) -> tuple[int, int] | None:
    """The tokens of the promise that is made about a name at these tokens, `last` included, if one is made."""
    before = _reach(text, first, -1, _BEFORE)
    behind = _reach(text, last, 1, _BEHIND)
    degree, verbs = (_MUCH, _CARE) if name.wanted else (_LITTLE, _AVOID)
    for step, word in enumerate(before, 1):
        none = not name.wanted and word in _NONE and name.gap not in _ALWAYS_SOME
        if word in degree or word[:_VERB] in verbs or none:
            return first - step, last
        if word[:_VERB] in _HURT and not _NONE.isdisjoint(text.words[max(0, first - step - _BEFORE) : first - step]):
            return first - step, last
    if not name.wanted and behind[:1] == ["free"]:
        return first, last + 1
    stays = next((step for step, word in enumerate(behind) if word in _STAYS), None)
    if not _STAYS.isdisjoint(before):
        stays = 0
    if stays is None:
        return None
    for step, word in enumerate(behind[stays : stays + _PREDICATE + 1], stays + 1):
        if word in degree or (not name.wanted and word in _GONE):
            return first, last + step
        if name.wanted and (word[:_VERB] in _CARE or (word[:_VERB] in _HURT and not _NONE.isdisjoint(behind[:step]))):
            return first, last + step
    return None


def _reach(text: Text, token: int, direction: int, count: int) -> list[str]:
    """At most so many words before or behind a token, nearest first, up to the next mark of punctuation."""
    words: list[str] = []
    for _ in range(count):
        between = text_between(text, min(token, token + direction))
        token += direction
        if not 0 <= token < len(text.words) or not _BREAKS.isdisjoint(between):
            break
        words.append(text.words[token])
    return words
