"""The words: which phrases raise which gap, which are signs of something measurable, and which weaken a requirement.

Data alone; `wording` reads it.
"""

from enum import Enum, auto

from upheld.core.gap import Gap


class Sign(Enum):
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

LEXICON: dict[Gap | Sign, str] = {
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
        24~x~7|24~7~365|24~x~7~x~365
        24 7
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
PREDICATES: dict[Gap | Sign, str] = {
    Gap[name]: f"""
        {attribute} ..6 {_STAYS} ..3 {_WELL}
        {attribute} ..6 to a minimum
        keep*|kept|hold*|maintain* ..3 {attribute} ..3 {_WELL}
        {_WELL} ..1 {attribute}
        """
    for name, attribute in _PROMISED.items()
}

SIGNS: dict[Gap | Sign, str] = {
    Sign.AVAILABILITY_WORD: """
        availab*|unavailab*|uptime|up~time|downtime|down~time|outage*|operational|reachable|online|sla|slas|accessib*
        service level*
        in operation|service
        up and running
        up|down|running < ..1 of|at|for
        up|live|running|working|functional|usable ..5 of the time
    """,
    Sign.NINES: """
        two|three|four|five|six|2|3|4|5|6 nine|nines
    """,
    Sign.STATISTIC: """
        percentile*|quantile*|median|average|averaged|mean|avg
        all|every|each|any|no ..1 request*|search*|page*|quer*|call*|response*|transaction*|screen*|operation*|answer*|launch*|interaction*|inference*|action*
        maximum|max|maximal|worst~case ..1 response|latency|delay|time|duration
        in all|every|any case|cases|circumstances
        nine|eight|seven|nineteen times? out|of of? ten|twenty
    """,
    Sign.LOAD: """
        single user
        no|zero load
        idle system
    """,
    Sign.CONDITION: """
        4g|3g|5g|lte|wifi|wi~fi|broadband|dsl|fibre|fiber|gigabit ..1 connection*|network*|link*|line*
        reference|target|baseline|test|benchmark hardware|device*|environment|machine*|configuration|system|dataset|data|workload|load
        mid~range|low~end ..1 device*|phone*|laptop*|smartphone*
        load~profile|workload
    """,
    Sign.WINDOW: """
        per|a|each|every|any|calendar|rolling|billing|contract|reporting|given|single|full|trading|one ..1 month|quarter|year|week|day|hour
        monthly|quarterly|yearly|annually|annual|weekly|daily|hourly
        in|during|over|throughout|across|per|for ..3 month|months|quarter|quarters|year|years|week|weeks|season
        measurement|observation|evaluation|rolling|measuring|billing|reporting window|windows|period|periods
    """,
    Sign.EXCLUSION: """
        exclud*|exclusive|exclusion*|except|excepted|exception|excepting|exempt*
        not counting|including
        other than
        apart|aside|outside from|of ..2 maintenance|window*|downtime
        outside ..3 maintenance|window*
        planned|scheduled|announced|agreed|preannounced|pre~announced maintenance|downtime|outage*|windows
        maintenance window*|period*|times
    """,
    Sign.PERIOD: """
        hourly|daily|nightly|weekly|monthly|quarterly|annually|yearly|fortnightly|overnight
        every|each ..1 day|night|hour|minute|week|month|morning|evening|quarter|year|second|monday|tuesday|wednesday|thursday|friday|saturday|sunday
        once|twice|times a|per|every|each ..1 day|week|month|hour|quarter|year|minute|shift
        next business|working|calendar day
        same|end ..3 day|week|month|shift
    """,
    Sign.METRIC: """
        auc|auroc|roc|f1|recall|mape|wape|smape|rmse|mae|rmsle|brier|bleu|rouge|wer|cer|ndcg|iou|kappa|mcc|sensitivity|specificity
        sus|csat|nps|ces|umux|mtbf|mttr|mttf|mtta|cvss
        hit|error|failure|defect|crash|success|completion|false|true ..1 rate|rates
        net promoter
    """,
    Sign.METHOD: """
        measured|measurement|measurements|measures|verified|validated|benchmark*|evaluated|evaluation|assessed|computed|calculated|audited|sampled|tested|judged|rated|confirmed|survey*|questionnaire*
        held~out|hold~out|test~set|test~data|validation|cross~validation|back~test*|ground~truth|labelled|labeled|gold~standard|reference
        actual|actuals|observed
        compared|against
        in|on a|an|the ..4 test|trial|sample|set|study|corpus|cohort|dataset|cases
    """,
    Sign.BASELINE: """
        compared with|to|against
        baseline|baselined
        relative to
        versus|vs
        today's|current|present|existing value|level|average|figure|baseline
        than in|the|last
    """,
    Sign.CONTROL: """
        nist|fips|pci|owasp|asvs|aes|tls|ssl|mtls|sha|rsa|ecdsa|hmac|oauth|oauth2|oidc|openid|saml|ldap|kerberos|bcrypt|argon|argon2id|scrypt|pbkdf|mfa|totp|fido|webauthn|rbac|abac|hitrust|fedramp|bsi|https|sftp|ipsec|hsm|hsts|jwt|pgp|gpg|soc|cwe|cve|cis|stig|eidas
        iso|iec ..2 27001|27002|27017|27018|27701|62443|21434
        multi~factor|two~factor|2~factor|dual~factor
        role~based|attribute~based
        single sign~on
        penetration|pen test*
        least privilege
        four~eyes
    """,
    Sign.ACCESS_STANDARD: """
        wcag|bitv|rgaa
        en 301
        section 508
    """,
    Sign.STANDARD: """
        iso|iec|ieee|din|rfc|hl7|fhir|dicom|nen|astm|asil|sil|en|itu|ansi|ecss|sepa|iban|swift|gs1|edifact|osha|w3c|etsi|3gpp|ip
    """,
    Sign.FIELDS: """
        timestamp*|time~stamp*|username*
        user|actor|patient|session|operator|employee|account ..1 id|ids|identifier|name|identity
        user|who ..6 when|time|date
        date and time
        reason~code*|shap|counterfactual*
        old|previous|before and new|after
        ip address*
    """,
    Sign.CLOCK: """
        by|before|until|at noon|midnight
    """,
    Sign.INNOCENT: """
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

WEAK: dict[str, str] = {
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
