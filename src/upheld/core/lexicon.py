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
        reflect*|show*|contain*|display*|see|sees|include*|with|on|have ..2 > latest|newest|most~recent ..2 data|information|trade*|order*|change*|reading*|figures|price*|stock|balance*|news|state|status|position*|results|transactions|events|updates|measurements
        as they|it|things happen|happens|occur|occurs|arrive|arrives|come|comes|arise
        minute~by~minute|second~by~second|up~to~the~moment
        timely|contemporaneous data|information|figures|content|insight*|picture|view
        as recent|current|fresh as
        not|never|no ..2 lag|lags|fall|falls behind
        at any|every|each|all moment|point in~time
        match*|correspond*|agree* ..4 really|actual|actually|reality
        be|is|are|remain*|stay*|kept ..2 > current|fresh|recent|up~to~date|contemporary < $
        true|faithful|accurate|current|clear|complete|realistic|timely picture|view|reflection|image|overview of ..3 situation|state|status|network|stock|market|position*|what|reality|current
        current|present|actual|latest state|situation|status|picture|position|whereabouts of
        show*|display*|see|seen|know|reflect*|report* ..4 right now|away
        happening|happens|going on ..1 now|currently
        visible|appear|appears|available|show|shows|reflected|propagat* ..4 as soon as|immediately|instantly|straight~away|at~once < ..6 they|it|changes|is|are|in|across|everywhere|to
        propagat*|replicat*|synchroni*|mirror*|sync ..4 quickly|immediately|promptly|continuously|seamlessly|fast|across|between
        same|identical data|information|state|status|content|view|figures ..3 all|every|both devices|channels|systems|sites|locations|channel|device
        time~lag|ongoing|continual|continuous basis|update*|refresh|synchronisation|synchronization
        show*|see|sees|reflect*|display*|know* ..4 > latest|newest|most~recent < ..2 of|interaction*|activity|activities|activit*|contact*|events|changes|updates|message*
        current|latest|actual ..1 market|price|rate|weather|traffic|sensor|stock|customer|exchange data|figures|information|values|prices|rates
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
        zippy|nippy|briskly|brisk|expeditious|speedier|low~latency|time~efficient
        at once
        shortest ..1 time
        take|takes|taking ..2 long|ages|forever
        bog|bogs|bogged down
        sooner|speedup
        without ..1 having|need|needing to ..1 wait
        low|good|stable ..1 ping|round~trip|jitter
        jerk|flicker|stutter|delay|judder|wait|latency free
        fluid|fluidly|fluent|fluently|time~critical|time~sensitive|perceptibly|imperceptibly
        while ..3 customer|caller|user|patient|client|shopper|passenger|visitor|guest|driver|they|he|she is|are ..1 still|on|at|in|waiting|standing|speaking|talking
        keep|keeps|keeping ..1 up ..1 with ..2 typing|speech|user*|conversation|pace
        before ..4 impatient|bored|gives|give|leave*|lose
        short|shorter|no|without queue|queues|queuing|queueing|wait|waits
        immediate|instant response|feedback|reaction|access|answer
        take|takes ..1 too long
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
        at ..1 earliest opportunity|convenience|possible
        in good time
        ahead of time
        periodic|recurring|frequent|regular ..2 audit*|test*|review*|backup*|scan*|assessment*|training*|inspection*|maintenance|monitor*|retrain*|patch*|update*|report*|meeting*
        routinely < $
        early < ..1 enough|stage|warning*
        early warning*|notification*|notice|detection
        sufficient|enough|ample|adequate|reasonable|advance|prior ..1 notice|warning
        in advance < $
        settl*|process*|handl*|resolv*|answer*|paid|pay|refund*|decid*|complet*|deliver*|dispatch*|approv*|repair*|fix*|react*|respond* ..6 > at~once|swiftly|speedily|soon|rapidly|without~delay|expeditiously
        soon < ..3 after|$
        when due
        before ..1 it ..1 is|becomes ..1 too late
        at ..1 an early|later|suitable|agreed|given|certain|convenient stage|time|date|point|moment
        as and when
        latest ..1 possible
        in|within ..2 foreseeable|near future|term
        without ..1 further|any|unreasonable|undue delay
        lengthy|long|longer|endless|excessive processing|handling|approval|turnaround|lead ..1 time|times
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
        operable|contactable|serviceable < ..4 throughout|during|at|all|any|whenever|when
        throughout ..2 day|night|year|week|weekend|season < $
        continuity of ..1 service*|operation*|supply|business
        service|operational|uninterrupted continuity
        at any hour|time < ..2 day|night
        any time of ..1 day|night
        never|not ..2 go|goes|be|taken ..1 down|offline|dark
        always|constantly ..1 there|working|functional|on|in operation
        whenever ..3 need|needs|want|wants
        always~on
        permanent|continuous|constant|round~the~clock access|availability|operation|support|coverage|monitoring
        operational|available|reachable|online|staffed|accessible|usable|running outside|beyond|throughout ..4 hours|day|night|weekend*|year|season
        outside|beyond ..3 hours < ..6 operational|available|reachable|online|staffed
        stay*|remain*|keep*|be ..1 up|alive|live|open|in~service|on~air < ..1 during|when|while|through|throughout|even|at|always|for|all
        not|never|no ..3 interrupt*|disrupt*|unavailable|inaccessible|unreachable|offline
        any ..1 time|moment < ..3 available|accessible|reachable|possible|use|used|call|contact
        accessible|reachable|possible|usable|contactable|used|reached|accessed ..2 any|every|all ..1 time|times|hour|hours|moment
        hot|warm standby
        24|twenty~four hour service|support|operation|coverage|availability|access
        out of hours|service
        available|accessible|reachable|usable|open ..4 at any|all|every time|times|hour|hours|moment
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
        correctly|reliably|accurately|precisely|properly|wrongly|incorrectly ..2 classif*|label*|tag*|route*|rout*|match*|detect*|recogni*|identif*|categori*|transcri*|translat*|diagnos*|rank*|flag*|scored|extract*
        classif*|label*|tag|tags|tagged|route|routes|routed|match|matches|matched|rank|ranks|ranked|extract|extracts|extracted ..5 > correctly|reliably|accurately|precisely|automatically
        not|never|rarely|seldom|hardly|without ..2 hallucinat*|fabricat*|confabulat*|mislead*|misinform*|misclassif*|misdiagnos*
        convincing|human~like|human~level|expert~level|near~human
        grounded|factual|factually|truthful|truthfully|faithful|faithfully
        actually|really ..2 looking|want|wants|need|needs|mean|means|meant|searching|said
        anticipat*|foresee*|foretell* < ..5 demand|need|needs|failure*|churn|risk*|delay*|fault*|outage*|breakdown*
        level|degree of ..1 assurance|confidence|certainty|correctness|accuracy|precision
        calculat*|comput*|measure*|estimat*|result*|figures|valuation*|total* ..6 be|is|are|remain ..1 > correct|exact|right|precise|accurate|error~free|true
        close|closely|near to|match* ..2 reality|truth|human*|actual|real
        right|correct first time|the~first~time
        right|correct|best|relevant|suitable|appropriate|matching ..1 document*|item*|article*|hit|hits|candidate*|category|product*|person|specialist|diagnosis|answer|treatment|passage*|content
        find*|deliver*|return*|show*|produc*|yield* ..2 relevant|useful|helpful|meaningful|correct
        distinguish*|differentiat*|tell|telling ..6 from|apart|between
        not|never|without ..2 miss|misses|missing|overlook* ..2 any|a|an|single|important|relevant|fraud*|patient*|case*|critical
        catch|catches|spot|spots|uncover*|pick up ..4 fraud*|error*|problem*|anomal*|defect*|issue*|cheat*|suspicious|fake*|irregularit*
        understand|understands|interpret|interprets|comprehend* ..4 speech|language|accent*|intent*|question*|request*|query|queries|dialect*|natural|what|command*|free~text
        detect*|recogni*|identif*|flag*|predict*|classif* ..4 effectively|successfully|well|too|safely|even|early
        mislead*|misjudg*|wrongly|falsely|mistaken|mistakenly|erroneously
        quality|goodness|correctness|usefulness|helpfulness of ..3 answer*|output*|result*|response*|hit|hits|match*|search|model*|translation*
        generalis*|generaliz* ..2 well|to|beyond|across
        not|never ..1 miss|overlook ..3 case*|condition*|sign*|symptom*|fraud*|defect*|risk*|patient*|diagnos*|threat*|object*|person*
        calculat*|comput*|determin*|billed|charged|booked|priced ..4 > correctly|exactly|accurately|properly|precisely
        only ..1 relevant|meaningful|important|true|genuine|real alarm*|alert*|result*|hits|message*|notification*|warning*
    """,
    Gap.DATA_QUALITY: f"""
        data quality
        quality of ..2 data|information|records
        high|good|best|sufficient|adequate|better quality ..1 {_DATA}
        clean|consistent|reliable|trustworthy|accurate|error~free|correct|valid ..2 {_DATA}
        complete|accurate|clean|consistent|correct and ..1 accurate|correct|consistent|reliable|valid|complete|clean ..2 {_DATA}
        {_DATA} ..4 be|is|are|remain*|stay* ..2 > clean|complete|consistent|correct|valid|reliable|accurate|trustworthy|error~free|plausible
        {_DATA} ..4 be|is|are|remain*|stay* ..4 and > complete|consistent|correct|valid|reliable|accurate|trustworthy|plausible
        {_DATA} ..4 be|is|are|has|have|remain*|stay*|with ..4 > high|good|best|sufficient|adequate|better quality
        representative|unbiased|balanced|comprehensive < ..4 data|dataset*|sample*|records|quality
        data integrity|consistency|completeness|accuracy|hygiene|cleanliness
        integrity|consistency|completeness|accuracy|correctness of ..3 data|records|information|database|transactions
        duplicate~free
        records|data|information|entries|figures|dataset*|inputs|details|fields|feeds|catalogue|catalog|inventory ..10 be|is|are|remain*|stay*|kept ..4 > clean|complete|consistent|correct|valid|accurate|deduplicated|gap~free|coherent|error~free|plausible|trustworthy|up~to~standard|reconciled|sound
        deduplicated|gap~free|well~formed
        not|never|no|without ..3 contradict* ..2 each|one|other
        agree|agrees|match|matches|reconcile* with each|one other|another
        single|one source|version of truth
        address*|master|reference|customer|product|contact|stock|location ..2 data|records|details ..4 be|is|are|remain*|stay* ..3 > valid|correct|clean|complete|consistent|accurate|plausible|right
        {_DATA} ..4 match*|agree*|correspond*|reconcil*|tally|tie ..3 across|between|both|all|each
        gap|gaps|hole|holes|error*|mistake* in ..2 {_DATA}|series|history
        golden|clean|trusted|validated|high~integrity ..1 record*|data|source*|master|dataset*
        free from|of ..2 error*|mistake*|gap*|duplicat*|inconsistenc*|noise|outlier* < ..6 data|record*|entries
        plausibility|plausible value*|check*|entries|data|reading*|input*
        {_DATA}|inventory|register|catalogue|catalog|ledger ..6 consistent|agreement|line with ..3 real|actual|physical|reality|each|other|source
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
        spike*|surge*|peak|peaks|burst|bursts|rush|fluctuation* in ..2 demand|traffic|load|usage|use|submissions|orders|requests|volume|registrations|activity
        spiky|bursty|fluctuating|growing|rising|unpredictable ..1 demand|load|loads|traffic|volume|volumes|numbers|workload*|customer~base|user~base|audience
        more ..1 users|customers|tenants|stores|devices|traffic|data|branches|sites|partners ..3 later|future|added|join|onboard*
        large|huge|growing|broad|big|nationwide|worldwide|global audience|audiences|user~base|customer~base|userbase|fleet|fleets
        traffic|load|demand|volumes ..5 > bring ..4 down
        grow|grows|growing ..3 business|company|organi*|demand|needs
        additional|extra|further|new users|customers|branches|sites|stores|countries|regions ..3 without|easily
        scale|scales|scaled|scaling < $
        support*|handl*|serv*|cope*|accommodat*|carry|carries|manag*|host*|hold|holds|connect*|cater* ..3 large|larger|huge|growing|increasing|high|higher|massive|vast|unlimited|arbitrary|rising|big|great|enormous ..1 number|numbers|amount|crowd*|population of
        lot|lots|plenty|loads|crowds|flood|tens|masses|multitude|numerous|many|countless|unlimited of ..2 {_PEOPLE}
        lot|lots|plenty|loads|masses of ..2 traffic|concurrent|simultaneous|parallel
        dimension*|sized|design*|built|prepar*|equipped|ready|plan*|laid|architected|capacity ..3 for|to ..5 growth|grow|roll~out|rollout|more|further|additional|future|peak*|expansion|increase*|larger|many
        room ..1 to|for ..1 grow|growth|expand|expansion
        as ..3 business|company|number|usage|demand|customer*|user*|team|data ..1 grow|grows|increases|expands|join
        any|arbitrary|growing|whatever|regardless|irrespective ..3 number|amount|quantity of
        expand*|extend*|roll*|rolled ..3 to ..2 more|other|new|further|additional|all ..1 countr*|region*|market*|site*|branch*|depart*|countries|location*|customers|users|stores
        all|thousands|entire|whole ..1 employees|workforce|staff|population|company|organisation|organization ..6 simultaneously|at~once|same time|concurrently|together
        rush|peak|busy|busiest hour|hours|time|times|period*|season*|day|days
        user|player|customer|device|visitor|traffic numbers|growth
        high|heavy ..1 utilisation|utilization|attendance|demand|concurrency|footfall
        thousand*|hundred*|million*|dozen*|ten and ..1 more ..2 {_PEOPLE}
        handl*|cope*|absorb*|bear|withstand*|manag* ..4 increase|increases|rise|jump|growth|doubling in|of
    """,
    Gap.THROUGHPUT: f"""
        {_MANY}|maximum|good|sufficient|adequate|optimal ..1 throughput|bandwidth|data~rate*|frame~rate*
        throughput
        {_MANY} volume|volumes|amount|amounts|quantity|quantities
        {_MANY} ..2 data~set*|dataset*|file|files|batches|uploads|exports|imports|attachments|images|videos|documents
        {_MANY} data|tables|jobs
        high~volume|large~volume
        big|bulk|mass data|processing|upload*|import*
        thousands|hundreds|millions|billions|dozens|tens of ..3 {_EVENTS}
        {_MANY}|any|unlimited number|numbers of ..2 {_EVENTS}
        many|numerous|countless transactions|events|messages|records|requests|orders|documents
        several|many|few hundred|thousand|million|billion ..3 {_EVENTS}|accounts|statements|products|articles
        volume|volumes of data|information|transactions|messages|documents
        lot|lots|plenty|loads|masses|flood|stream|streams of ..2 {_EVENTS}
        keep*|kept ..1 up|pace with
        cope*|deal*|handl*|manag*|absorb* ..2 > volume|volumes|quantity|quantities|amount|amounts|flood|backlog|mass
        backlog*|bottleneck*|bottle~neck*
        process*|handl*|ingest*|import*|clear*|complete* ..5 > overnight|within the night|in one go|bulk
        batch|nightly run|processing|job|jobs < ..4 time|quickly|large|fast
        handl*|process*|cope*|accept*|support*|import* ..3 > long|large|big|huge|heavy|lengthy|bulky|extensive ..1 document*|file*|text*|message*|dataset*|order*|list*|batch*|image*|video*|input*|attachment*
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
        economical|economically|thrifty|frugal|wasteful|power~hungry|bloated
        good|better|best|full|sensible|efficient|optimal ..1 use|usage|utilisation|utilization of
        last|lasts|run|runs|operate*|survive ..3 long|longer|as~long~as ..6 battery|batteries|charge|cell
        small|tiny|minimal|low|light ..1 footprint|resource|memory|bundle|download
        sustainable|sustainably|sustainability|eco~friendly|environmentally|climate~friendly
        go|easy|gentle|light easy|on ..2 battery|batteries|memory|network|cpu|bandwidth|resource*
        sav*|spar*|conserv*|economi* ..2 energy|battery|bandwidth|paper|memory|storage|space|power|fuel|water|resource*|disk
        energy|carbon|ecological|environmental|resource ..1 footprint|impact|balance|consumption|sav*
        modest|old|older|limited|low~end|weak|cheap|small|constrained ..1 hardware|device*|machine*|computer*|server*|phone*|processor*|pcs|laptops
        as little ..3 as possible
        lean|thin client|clients|design|footprint|implementation
        drain* ..3 battery|batteries|power|energy
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
        highly|rock|fail~over|self~recovering ..1 dependable|redundant|resilient
        intermittent|patchy|spotty|degraded|slow|unstable ..1 connectivity|connection*|network*|coverage|bandwidth|internet|reception
        graceful degradation|shutdown
        trouble~free|dependable|foolproof|failproof|unfailing|unfailingly
        keep*|continue*|carry|carries ..2 work|working|operat*|function*|running|on|trading ..4 when|even|if|despite|through|during|without|under
        partial|individual|single|component|node|hardware|network|server|site failure* < ..8 not|no|never|without|continue*
        redundantly
        even|also when|if|where|under|with|during|in ..8 poor|weak|lost|fail*|crash*|down|unavailable|offline|unreachable|patchy|intermittent|degraded|unstable|missing|interrupted|broken|disconnected|breaks|bad|slow|overloaded
        in ..1 case|event of ..4 failure*|fault*|error*|outage*|breakdown*|malfunction*
        always|invariably|unfailingly ..1 be ..1 delivered|received|processed|sent|transmitted|executed|saved|stored|recorded|forwarded|completed
        always|invariably ..1 arrive*|reach*|deliver*|complete*|succeed*|work|works
        guaranteed ..1 delivery|processing|execution|arrival
        harsh|rough|adverse|extreme|severe|hostile|demanding|difficult|tough|unfavourable|bad ..1 condition*|environment*|weather|climate|temperature*|terrain
        not|no|never|without ..5 technical|software|hardware|system|unexpected ..1 problem*|issue*|trouble*|difficult*|error*|fault*|glitch*
        be|can ..1 relied|depended|counted|rely|depend|count on|upon
        without fail
        in|under all|any|every ..1 circumstances|conditions|situation*|condition|weather
        unattended|without ..2 supervision|human~intervention|intervention|restart*|reboot*|manual~intervention
        keep*|kept|continue* ..1 run|running|going|functioning|operating|working|serving < ..3 even|if|when|despite|through|during|after|for|at|without
        interrupted|disturbed|disrupted|affected|impaired ..2 technical|outage*|failure*|fault*|error*|problem*|glitch*
        consistent|consistently|repeatable|reproducible|deterministic ..2 result*|behav*|output*|outcome*|perform*
        long~lasting|durable|sturdy|rugged|ruggedised|ruggedized|weatherproof|waterproof|shockproof|wear~resistant|hard~wearing|heavy~duty|industrial~grade|maintenance~free
        side~effect*|unexpectedly|unexpected behaviou*
        retry|retries|retried < ..4 until|appropriately|sensibly
        last|lasts ..2 years|decades|long|lifetime
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
        recover*|restor*|resum*|reinstat*|come|comes|return* ..6 after|from|following|event|case ..5 disaster*|failure*|crash*|outage*|incident*|disruption*|loss|catastroph*|interruption*|power|emergenc*|attack*
        after|following|event|case ..3 disaster*|failure*|crash*|outage*|incident*|disruption*|loss|catastroph*|interruption*|emergenc*|attack* ..12 recover*|restor*|resum*|reinstat*
        back up|ups and ..1 running|online
        be|is|are|gets backed up
        backup*|back~up* < ..4 available|taken|made|must|shall|should|kept|exist|restor*
        survive|survives|outlive*|withstand* ..4 disaster*|crash*|reboot*|restart*|power|loss of
        no|never|not|without ..4 lose|loses|losing|lost ..4 data|work|order*|entries|changes|message*|progress|cart*|information|draft*|record*
        work|progress|entries|changes|input|data|drafts ..3 be|is|are|get|gets never|not lost
        fail~over|failover|switch~over|switchover ..4 quickly|rapid*|fast|automatic*|seamless*|transparent*
        contingency|continuity plan*|arrangement*|measure*|provision*
        restorab*|redundant copy|copies
        come|comes|coming|get|gets|be|bring|brings|brought ..2 back ..1 up|online|quickly|soon|fast|again|to|into|after|in
        pick|picks|picked up ..1 where
        return*|back ..1 to normal|business|operation|service
        roll|rolls|rolled back ..4 quickly|easily|safely|fast
        fallback|fall~back|rollback < ..4 must|shall|should|plan|option|available|exist|procedure
        not|never|no|nothing ..4 lost|lose
        emergency|contingency|disaster|continuity ..1 plan*|operation*|procedure*|scenario*|case*|mode
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
        encrypt|encrypts|encrypted|encryption < $
        encrypted in|at|during|end transit|rest|end|motion|transport
        safe|protected|shielded|safeguarded|guarded|secured from|against
        unauthori* ..1 access|use|disclosure|parties|persons|people|users ..8 > prevented|blocked|denied|excluded|impossible
        only|solely ..3 authori* ..1 people|persons|personnel|staff|users|parties|employees
        strong|strongly|secure|robust|tough|rigorous ..1 authenticat*|identif*|sign~in|login|log~in|verification|password*|passphrase*
        secret*|credential*|password*|key|keys|token* ..5 > safe|safely|secure|securely|protected
        fraud|hacker|tamper|theft|attack|virus ..1 proof|resistant|resilient
        malicious|hostile ..1 user*|actor*|input*|traffic|code|insider*|party|parties|attack*
        security~by~design|secure~by~design|zero~trust|defence~in~depth|defense~in~depth
        keep*|kept|lock* ..1 out|away ..2 intruder*|stranger*|outsider*|attacker*|hacker*|competitor*|unauthori*|third
        only|solely|exclusively ..3 entitled|trusted|authori*|permitted|legitimate|eligible|right|approved ..1 people|person*|personnel|staff|user*|part*|employee*|device*|member*|individual*
        not|never|nobody|noone|impossible|cannot ..3 forge*|fake*|bypass*|circumvent*|guess*|crack*|intercept*|impersonat*|counterfeit*|clone*|steal*|stolen|overhear*|sniff*|abus*|hijack*|compromis*
        attack|threat|security surface*|hole*|gap*|weakness*|flaw*|risk*|threat*|incident*|breach*
        known weakness*|vulnerabilit*|exploit*
        locked~down|defended|defensible|impregnable|watertight|fraud~proof
        identity|identities ..4 reliably|securely|properly|adequately|sufficiently|safely verified|checked|established|proven|confirmed
        manipulat*|falsif*|alter*|forg* ..2 > unnoticed|undetected
        third|unauthori* parties|party|persons ..4 cannot|not|never|read|intercept|access|gain
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
        with|on ..1 need~to~know
        privacy~by~design|privacy~friendly|privacy~preserving|data~minimi*|pseudonymi*
        personal|sensitive|private|confidential|patient|health|customer|identifiable ..2 data|information|details|records ..6 > confidential|private|secret|anonymous|disclosed|shared|exposed|lawfully|carefully|care|responsibly|sensitively
        discreetly|discretion
        no~one|nobody|noone|not|never|only ..6 see|read|view|access|know|identify|share|expose|disclose|reveal ..3 personal|sensitive|private|confidential|patient|health|salary|medical
        wrong|unauthori* hands
        extent|degree ..1 necessary|needed|required
        only|minimum|minimal|least|little|limited|necessary|unnecessary ..4 personal|private|sensitive|identifying|patient ..1 data|information|details
        personal|private|sensitive|customer|patient|employee|user|pupil*|student*|salary|identifying ..1 data|information|details|records ..8 necessary|needed|third|consent|lawful|minimum|purpose|share*|pass*|disclos*|leak*|visible|expos*|sold|abus*|misus*|deleted|erased|strictly
        traced|linked|attributed|tracked back? to ..3 individual*|person*|patient*|user*|customer*|people|respondent*
        data subject*|minimi*
        third parties|party ..6 not|never|no ..4 data|information|details
        informational self
        consent < ..6 required|given|obtained|before|lawful
        secrecy|secret|anonymous|anonymously|incognito
        personal|private|sensitive|confidential|patient|customer ..1 data|information|details ..2 not|never ..1 appear|show|leave|leak|reach|escape|end
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
        regulator*|law|legislation|lawful|lawfully|lawfulness < ..3 requir*|compliant|expect*|demand*|permits|permitted|allows
        compl*|conform*|adher*|accord*|line|keeping|consistent ..1 with|to ..5 policy|policies|practice|practices|principles|framework|frameworks|code|codes|charter|expectations|norms
        required by law|regulation*|regulator*|authorit*|legislation
        responsible|ethical|good|sound ..1 ai|governance|practice|practices|principles|conduct
        stay|stays|remain|remains|be|keeps ..2 compliant
        law|laws|regulation*|regulator*|legislation|rules|authorities|supervisor* ..1 demand*|require*|prescribe*|stipulate*|allow*|permit*|expect*|dictate*|lay
        observ*|respect*|honour*|honor*|abid*|heed*|obey*|conformity|obedience ..2 > applicable|all|relevant|prevailing|local|national|professional|legal|current|common ..3 {_LAW}|secrecy|practice*
        legal|legally sound|valid|binding|watertight|admissible|compliant|safe|robust|certainty|requirements|obligations|duties
        as prescribed|stipulated|required ..1 by
        professional|ethical|regulatory|legal|statutory|supervisory ..2 rules|duties|standards|requirements|obligations|secrecy|expectations|constraints
        certified|certifiable|accredited < $
        in|within ..3 > legal|regulatory|statutory framework|limits|boundaries|constraints
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
        unalterable|immutable|immutably|tamper~evident|unalterably|incontestable|evidential|indisputable|verifiably
        evidence|proof|proven|prove|demonstrate|reconstruct*|retrace* ..6 who|what|how|when|later|afterwards|retrospect
        trail|record|history of ..2 all|every|any|user|relevant|important|changes|actions|activities|decisions
        all|every|any|each|important|relevant|significant|critical|security ..3 action*|change*|access*|activit*|event*|decision* ..5 > recorded|logged|documented|traceable|tracked|captured
        log|logs|record|records|document|documents|capture|captures ..2 > user|admin*|operator|security|suspicious|relevant ..1 activity|activities|actions|events
        sufficient|adequate|appropriate|full|detailed|extensive|complete ..1 log|logs|logging|records|history|evidence
        who ..2 did|changed|accessed what
        verifiable|provable|reconstructable|reproducible|retraceable|attributable|demonstrable|revisable|audit~proof|audit~ready|audit~safe < ..4 later|afterwards|at|by|for|to|any|and
        be|is|are|remain ..1 > verifiable|provable|reconstructable|retraceable|attributable|audit~proof
        full|complete|seamless|gapless|detailed|comprehensive|unbroken ..2 history|histories|chronology|chain|documentation of
        who ..3 did|does|change*|approv*|access*|saw|edit*|delet*|creat* ..2 what|which|when|it
        cannot|not|never ..2 den*|repudiat*
        leave*|keep*|kept ..2 trail|trace|logbook|record of
        can be traced|followed|reconstructed|retraced
        logged|recorded|documented|captured|stored|kept ..3 for ..3 review|reviews|audit|audits|inspection|evidence|investigation*|auditor*|verification
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
        retain*|kept|keep*|preserv*|stor*|archiv*|hold|held|delet*|purg*|remov*|destroy*|eras*|dispos* ..8 > as~long~as|no~longer~than|longer~than|legally|required~period|necessary|no longer|eventually|expired|outdated|in due course
        old|older|expired|obsolete|historic|historical|stale|inactive|unused|dormant ..2 data|records|accounts|files|logs|documents|entries|profiles ..5 delet*|purg*|remov*|archiv*|clean*|erased|destroyed
        legally required ..1 records|data|documents
        long~term|permanent|permanently|indefinite|indefinitely ..2 archiv*|preserv*|kept|retain*
        past|previous|historical|historic ..3 > kept|retained|archived|available|preserved|accessible
        data~retention
        kept|retain*|stor*|archiv*|preserv*|held|hold|keep|available ..5 prescribed|statutory|mandated|mandatory|legal|agreed|defined|specified|regulatory ..2 period*|term*|duration|time*|minimum
        retain*|retention|archiv*|kept|keep|preserv*|stor*|hold|held|remain|available ..6 sufficient|adequate|certain|appropriate|reasonable|suitable|long|longer|some|extended time|while|period|duration|enough
        long|longer|far back enough < ..6 kept|stored|retained|available|go|history
        retriev*|readable|accessible|available ..4 years later|to come|afterwards
        as long as ..3 law|needed|required|necessary|customer|relevant|possible
        delet*|eras*|remov*|purg*|destroy*|dispos* ..8 due~course|no~longer|after ..2 reasonable|appropriate|certain|while|period|use|needed|required
        not|never ..4 longer ..1 than ..2 necessary|needed|required
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
        understand*|see|know|learn|told|tell|tells|inform*|show*|explain*|state*|give*|given|clear ..3 why|how ..8 refused|rejected|declined|decid*|decision|chosen|chose|reached|recommend*|suggest*|denied|approved|ranked|scored|flagged|computed|calculated|predicted|came|made
        reason|reasons|rationale|reasoning|basis|grounds|logic behind|for|of ..4 decision*|recommendation*|score*|result*|outcome*|suggestion*|prediction*|rejection*|refusal*|alert*|rating*
        black~boxes|opaque|opaquely
        understood|trusted|followed|comprehended|retraced|questioned|challenged|verified|checked < ..2 by ..4 user*|customer*|doctor*|clinician*|lawyer*|staff|auditor*|people|human*|analyst*|expert*|citizen*|layp*
        how ..4 arriv*|came|come|comes|reached|got|decided|works
        source*|citation*|reference*|evidence ..3 behind|for|so|with ..4 answer*|claim*|statement*|result*|they
        cite*|give|gives|show|shows|name|names|state|states|provid*|attach* ..1 its|their ..1 source*|reason*|working*|evidence|basis|rationale|reasoning
        comprehensibly|understandably|plausibly|traceably explain*|present*|show*|justif*|motivat*|derive*
    """,
    Gap.FAIRNESS: """
        fair|fairly|fairness|unfair|unfairly|unbiased|bias|biased|biases|non~discriminat*|nondiscriminat*|discriminat*|equitab*|ethical|ethically|impartial*
        responsible|trustworthy ai|artificial|use|machine
        equal|equally treatment|treated|treat
        treat*|serve*|score* ..4 equally|alike|equal|fairly|evenly|evenhandedly|the same
        equal|same|equivalent ..1 opportunit*|chance|chances|outcome*|performance|quality ..6 group*|gender*|demographic*|ethnic*|everyone|all|regardless
        irrespective|regardless of ..3 gender|race|age|origin|ethnic*|religion|background|sex|nationality
        disproportionate*|disparit*|favouring|favoring|favour|favor < ..6 group*|minorit*|gender*|any|certain|particular|applicant*|candidate*
        even~handed|evenly|non~partisan|neutral|inclusive
        same|equal|fair ..1 chance*|chances|odds|treatment|access|opportunit*|conditions
        prejudice*|partiality|one~sided|skewed|level~playing
        across|between|among|of ..2 demographic*|gender*|ethnic*|age|social|population ..1 group*|groups < ..6 differ*|equal*|same|similar*|consistent*|comparabl*
        objectively|objective < ..4 score*|rank*|assess*|evaluat*|decision*|treat*|judg*|select*
        systematically|unduly ..2 favour*|favor*|disfavour*|penali*|disadvantag*|prefer*
    """,
    Gap.SAFETY: """
        safe|safely|unsafe|fail~safe|fail~safely
        safety of ..3 people|person*|user*|patient*|operator*|staff|passenger*|public|driver*|worker*|children
        ensur*|guarante*|maintain*|improv*|highest ..3 safety
        safety < ..1 shall|must|should|is|and
        not|no|without|never|cannot|prevent*|avoid* ..5 danger|risk|hazard
        not|no|without|never|cannot|prevent*|avoid* ..2 harm|harmed|endanger*|injur*|hurt
        safely|safe < ..4 human*|people|person*|operator*|patient*|child*|pedestrian*|driver*
        hazardous|dangerous|life~threatening|fatal
        in|into a safe state
        physical harm|injury|damage
        at|put|puts ..2 risk
        pose*|present*|create*|cause*|constitut* ..1 no|any ..1 danger|threat|risk|hazard
        no|without|never|not|avoid*|prevent* ..3 collision*|collide*|overheat*|fire|explosion*|electrocut*|burn|burns|fall|falls|crush*|unsafe|fatal*|poison*|overdos*
        safe|safer state|distance|operation|handling|use|stop|shutdown|position|speed
        risk* ..1 to|for ..3 people|person*|patient*|health|life|lives|operator*|user*|occupant*|passenger*|public|staff
        protect*|guard* ..3 operator*|worker*|patient*|staff|driver*|people|user*|children|passenger* ..2 from|against
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
        painless|painlessly|smooth|smoothly|seamless|foolproof|fool~proof|approachable|inviting|graspable|unobtrusive|unobtrusively|uncluttered|neat|tidy|handy|comfy|pleasurable|discoverable|effort~free|stress~free|jargon~free|no~brainer
        without|no|little|minimal ..2 help|assistance|support|guidance|manual|hesitation|confusion|thinking|prior|technical
        find|finds|locate|complete|reach|understand|perform|accomplish|do|navigate ..6 > easily|effortlessly|unaided|comfortably|conveniently|naturally
        understood|learned|learnt|mastered|operated|used|completed|grasped ..3 > by ..3 everyone|anyone|novice*|beginner*|layperson|laypeople|non~expert*|non~technical|inexperienced|untrained|average
        at a glance
        in|with ..1 few|fewer|minimal|handful|minimum ..2 click*|step*|tap|taps|key~stroke*|keystroke*|action*
        plain|simple|clear|everyday|understandable|non~technical language|wording|english|words|terms
        non~technical|inexperienced|untrained|novice|first~time|elderly|occasional|non~expert ..1 users|people|staff|customers|employees|citizens|operators|person|user
        without ..2 frustrat*|getting lost|consult*|reading|reference
        cumbersome|clunky|confusing|complicated|awkward|tedious|overwhelm*|clutter*|tiresome|fiddly
        get|gets|find|finds|know|knows ..2 lost|around
        without ..2 having|need|needing to
        without ..1 switching|searching|leaving|scrolling|typing|reading|asking|calling|phoning|reentering|re~entering|retyping|navigating|jumping|looking|hunting|consulting|memorising|memorizing|remembering|training|explanation*|thinking
        first glance|sight
        one|single click|tap|step
        by anyone|everybody|everyone|anybody|laymen|novices
        explain*|speak* ..1 itself|themselves
        find|finds|know|knows ..2 way ..1 around|through|about
        get started|going|along ..3 quickly|easily|immediately|right|without|straight|alone
        logical|logically|well~arranged|well~laid~out|self~descriptive|unambiguous|tidy ..2 order*|arranged|structur*|layout|group*|menu*|laid|present*|organi*|navigation|form*|screen*|name*|manner
        on the go|move
        one~handed|hands~free|with gloves
        overview ..4 keep|lose|gain|get
        lose|losing|lost track|overview|orientation
        intelligible|digestible|catchy|welcoming|human~friendly|helpfully|instructive|supportive
        not|never|without|no ..3 overload*|overwhelm*|confus*|distract*|burden*|tir* ..3 user*|staff|customer*|employee*|reader*|operator*|people|with|by
        busy people|staff|user*
        as few ..1 input*|click*|step*|field*|tap*|question*|keystroke*|screen*|interaction* as
    """,
    Gap.ACCESSIBILITY: """
        accessib* ..5 disabilit*|impair*|disabled|blind|everyone|everybody|elderly|people|citizens|all
        accessibility|barrier~free|inclusive|inclusively
        disabilities|disability|handicap*
        visually|hearing|motor|cognitively|physically impaired|disabled|challenged
        colour~blind|color~blind
        assistive|screen~reader*
        blind|deaf|dyslexic|wheelchair
        hearing|visual|sight|vision|motor|cognitive|physical|reading|learning|mobility ..1 loss|impair*|limitation*|difficult*|problem*|deficien*|handicap*|aid|aids|disorder*
        low|poor|reduced|limited vision|eyesight|sight|hearing|mobility|dexterity
        keyboard~only|magnifier*|large~print|sign~language|easy~read|text~to~speech|subtitles for|only
        regardless|irrespective of ..4 abilit*|disabilit*|impairment*|age
        everyone|everybody|anyone|all~citizens|all~users < ..6 including|regardless|irrespective|disab*|impair*
        cannot|not|barely|hardly ..1 see|hear|read|walk|speak ..1 well|properly|clearly
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
        users|people|customers|they|everyone|employees|patients|staff|guests ..2 enjoy*|love|loves|like|appreciate*|trust|prefer|recommend
        pleased|content|happy|glad|thrilled with|to|about
        trust|trusts|confidence < ..2 the|in|our|this
        positive|good|favourable|favorable|high ..1 feedback|review*|rating*|reception|sentiment
        please*|impress*|thrill*|wow|delight* ..2 customer*|user*|client*|visitor*|guest*|people|them|us
        liked|loved|appreciated|valued|accepted|embraced|welcomed by ..2 customer*|user*|client*|staff|employee*|citizen*|patient*|driver*|people|team*
        proud|morale|goodwill|word~of~mouth|brand~image|reputation
        feel*|felt ..3 at~home|looked~after|taken~seriously|supported|understood|safe|good|welcome
        recommend* ..3 to|us ..2 friend*|colleague*|others|peers
    """,
    Gap.COMPATIBILITY: f"""
        compatib*|interoperab*
        cross~platform|cross~browser|cross~device|multi~platform
        all|any|every|major|modern|popular|common|commonly|standard|leading|mainstream|various|different|multiple|most|current|recent|latest|older|wide|variety|widely ..3 browser*|device|devices|platform|platforms|operating~system*|tablet*|smartphone*|screen~size*|phones|computers|os|file~format*|desktops|hardware|environment|environments
        support*|run|runs|work|works|usable|available|optimi*|suitable ..4 > mobile devices|phones|platforms
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
        interwork*|interlink*|inter~operate*|interconnect*
        equipment|systems|products|devices|software|tools|solutions|services of|from ..2 other|different|various|third|multiple|all ..1 vendor*|manufacturer*|supplier*|provider*|part*
        multi~vendor|vendor~neutral|vendor~independent|vendor~agnostic|cloud~agnostic|platform~independent|platform~agnostic|browser~independent|device~independent|agnostic
        talk|talks|speak|plug*|hook*|tie*|fit|fits|slot|sync|syncs|play|plays|couple* ..2 to|with|into|nicely ..3 existing|our|their|your|legacy|third~party|external|surrounding
        wide|broad|large ..1 range|variety|selection of ..2 devices|browsers|platforms|phones|hardware|systems
        all|any|every|most|older|modern|recent|common|usual|typical ..1 phone*|handset*|tablet*|laptop*|printer*|scanner*|browser*|screen*|terminal*|reader*|wearable*|tv|tvs
        migrat* ..4 easily|seamlessly|smoothly|other|another
        with|into ..3 > existing|legacy|current|surrounding|third~party|external ..1 landscape|systems|infrastructure|applications|tooling|estate|equipment
        work*|run|runs|operate*|usable|used|install*|play|plays|display* ..3 on|with|in ..4 > already|whatever|any|every|own|existing|older|old|common|usual|various|different ..3 have|has|own|owns|use|uses|device*|hardware|tablet*|phone*|browser*|computer*|laptop*|platform*|equipment|printer*|systems
        interface*|api|apis|connection*|exchange*|format*|protocol*|export*|import* ..8 common|standard|standardi*|usual|open|established|accepted|well~known|widespread ..1 standard*|format*|protocol*|interface*|specification*
        common|open|usual|widespread|standard|accepted standards|interfaces|formats|protocols|technologies
        alongside|together with ..3 existing|other|current|legacy|our|third
        fit*|slot*|blend* ..1 in|into ..3 existing|our|current|present|it|landscape|environment
        exchang*|shar*|import*|export*|synchroni* ..4 with|from|to ..2 other|existing|external|third~party|neighbouring|partner|different ..3 system*|application*|program*|tool*|service*|software|vendor*|register*|platform*|institution*|agenc*
        regardless|irrespective|independent of ..4 device*|browser*|platform*|operating|vendor*|manufacturer*|hardware|system
        bring~your~own
        works with < ..4 any|all|most|everything|your
        exchange of ..1 data|information|messages|documents|files|records ..2 with|between
        work*|run|runs|look*|display*|function* ..2 on ..2 smartphone*|phones|tablet*|mobile|browsers|devices
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
        pluggable|swappable|interchangeable|replaceable|serviceab*|repairab*|diagnos~ab*|understandab*|refactor*|decoupled|composable|vendor~lock~in|lock~in
        swap*|replac*|add|adds|added|chang*|extend*|upgrad*|modif*|deploy*|onboard*|introduc*|roll*|updat*|configur*|patch*|adapt*|migrat* ..6 > easily|effortlessly|without ..2 effort|rework|rewriting|rewrite|redeploy*|disrupt*|code|difficulty|developer*|reprogramming|recompil*|hassle|downtime
        clean|readable|well~written|well~commented|tidy|idiomatic|maintainable ..1 code|codebase|code~base|architecture|design
        easy|quick|simple|straightforward to ..2 debug|diagnos*|operate|run|support|manage|reason|evolve|swap|hand
        coding standard*|guideline*|convention*
        future needs|requirement*|changes|extension*|business|use~cases
        new ..2 developer*|engineer*|team ..8 quickly|easily|productive|effort|fast
        spaghetti code
        without ..3 programming|coding|developer*|vendor|supplier|programmer*|specialist*|consultant*|reprogramming
        by ..1 our|own|the ..2 staff|team|administrators < $
        clean|testable|tidy|lean|readable < ..3 code|codebase|code~base
        be|is|are|stay*|remain* ..2 > clean|testable|maintainable|modular|extensible|tidy < $
        adapt*|adjust*|chang*|modif*|extend*|enhanc*|amend* ..6 > changing|new|future|changed|other|further|evolving|additional|later ..2 need*|requirement*|law*|regulation*|rule*|business|process*|condition*|demand*|situation*|tariff*|product*|feature*|function*
        add|adding|added|introduc*|onboard*|integrat*|connect* ..3 new|further|additional|more|other ..5 easily|effort|quickly|simply|simple|little|minimal|minimum|without|fast|low
        minimum|minimal|little|low|reasonable|moderate|limited|justifiable|acceptable|least|small|manageable ..1 effort|work|expense|workload|configuration
        upgrad*|updat*|deploy*|releas*|maintain* ..6 > simple|easy|straightforward|smooth|smoothly|simply|easily
        long~lived|evolvable
        standard component*|technolog*|building|software
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
        cost|costs|pricing|price|prices|fees|bill|tco ..8 > reasonable|affordable|low|competitive|bearable|acceptable
        inexpensively|bargain|good~value|best~value|value~for~money|low~budget
        at ..2 reasonable|low|lowest|minimal|affordable|acceptable|little|no|additional|extra ..1 cost|costs|price|expense
        break|breaks the bank
        save*|saving money|costs|budget
        cost~neutral|pay|pays for itself
        hidden|unexpected|extra|additional ..1 cost*|fee*|charge*
        fee|fees|tariff*|licence*|license*|subscription*|rate|rates|charge*|hosting ..4 > competitive|fair|reasonable|cheap|low|affordable|attractive|modest|moderate
        prudent|thrifty|sparing ..2 money|spend*|fund*|budget
        return on investment
    """,
    Gap.IMPROVEMENT: """
        improv*|enhanc*|increas*|boost*|rais*|maximi*|lift|lifts|drive|drives|grow|unlock|uplift|optimise|optimize|optimises|optimizes|accelerat*|streamlin*|strengthen*|speed|speeds ..5 efficien*|productiv*|satisfaction|experience|conversion*|engagement|quality|performance|conversion|revenue*|sales|transparency|accuracy|retention|adoption|usability|security|reliab*|collaboration|visibility|awareness|profit*|competitive*|outcome*|process|processes|workflow*|operations|decision*|utili*|loyalty|margin*|coordination|planning
        reduce|reduces|reduced|reducing|decrease|decreases|decreasing|minimi*|lowering|cut|cuts|cutting|shorten*|eliminat*|sav*|less ..5 time|times|effort|efforts|cost|costs|error|errors|workload*|churn|waste|risk|risks|delay*|complexity|paperwork|manual|mistake*|waiting|turnaround|queue*|emission*|consumption|fuel|loss|losses|fraud|calls|overhead|burden|duplication|labour|labor|bureaucracy|paper|staff|incidents|complaints|stress|fatigue|no~show*
        faster|better|quicker|easier|cheaper|more|less|higher|lower ..3 than ..3 today|current|currently|existing|before|now|legacy|competit*|present|previous|previously|old|manual*|previous
        more productive|efficient|efficiently|effective|effectively|productively|competitive
        operational|business|process|work|workflow|cost efficiency|excellence|agility|productivity
        add*|business|creat* value
        reduc*|cut|cuts|cutting|lower|lowers|decreas*|increas*|rais*|shrink|limit|lessen|bring|brings|drive|drives ..3 number|amount|rate|share|level|volume|frequency|proportion|percentage of
        want|wants|aim*|goal|intend*|hope*|seek*|objective|plan|plans|wish|wishes|strive* ..3 to ..1 reduc*|cut|lower|decreas*|increas*|rais*|improv*|shorten|boost|grow|speed|shrink|halve|streamline|become
        fewer|less ..3 than ..4 today|now|before|currently|present
        shall|should|will|must|help|helps|can|would ..2 > improve|enhance|optimise|optimize|reduce|boost|shorten|strengthen|accelerate|relieve|simplify|streamline|modernise|modernize
        lead*|contribut*|result* ..1 to|in ..2 > better|higher|lower|fewer|more|less|faster|improved|increased|reduced|shorter|greater|happier|safer
        relieve*|unburden*|offload* ..4 staff|team*|employee*|user*|people|burden|workload
        improve|improves|improving|optimise|optimize|learn|learns continuously|constantly|steadily|over~time|continually|permanently
        continuous|continual|constant|ongoing improvement|optimisation|optimization|learning
        should|shall|must ..1 > increase|raise|lower|decrease|multiply|double|halve
        become*|get|gets|be ..2 > faster|better|easier|cheaper|quicker|shorter|leaner|safer|happier
        be|is|are|being ..2 > shortened|reduced|improved|increased|lowered|raised|boosted|enhanced|optimised|optimized|halved|streamlined|accelerated|strengthened < $
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
        sizeable|sizable|ample|plenty|abundant|countless
        tons|loads|handful|bunch of
        so|very many|much|few|little|large|small|long|often|big
        sufficient|enough|adequate|ample|reasonable|limited|extended ..1 time|space|room|storage|memory|supply|capacity|detail|length|size|resources|staff|personnel|information
        small|large|certain|limited|reasonable|modest|fair ..1 share|proportion|fraction|percentage|part|portion|amount|number|group|set of
        nearly|almost|virtually|practically all|every|any|everyone|everything
        most|nearly~all|almost~all|majority ..2 users|customers|people|cases|requests|queries|patients|devices|transactions|employees|members|visitors|documents|countries
        practically|virtually|nearly|almost|essentially|basically|more~or~less|largely|mainly|mostly ..1 all|every|any|always|never|no|none|everyone
        some|several|few|many ..1 minutes|hours|days|weeks|seconds|times|months|years
        all|any|every|only ..1 relevant|necessary|required|important|essential|appropriate|pertinent|needed|useful ..2 information|data|details|documents|fields|facts|records|parties|stakeholders|functions|features
        most|majority|nearly~all|almost~all ..2 applications|orders|claims|tickets|enquiries|inquiries|messages|records|products|files|steps|tasks|processes
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
        high|highest|good|best|top|better|excellent|superior|outstanding|sufficient|adequate|acceptable|reasonable|decent quality|standard|calibre
        of ..2 high|highest|good|best|top|excellent|superior|outstanding quality|standard|calibre
        high~quality|top~quality|best~possible|fit~for~purpose|user~centric|customer~centric|professionally|stunning|amazing|compelling|satisfying|worthwhile|futuristic|contemporary|stylish|tasteful|sleek|eye~catching|memorable|beautiful|elegantly|neatly|wisely|cleverly
        fit for ..1 purpose|use
        as good|well|smooth|smoothly|easily|accurately|realistic|closely as possible|feasible
        due|reasonable|proper|utmost|best|great care|attention|diligence|skill|endeavours|endeavors|efforts
        sound|prudent|prudently|diligent|judicious|effective|comprehensive|holistic|thorough|rigorous|credible|well~considered|well~thought < ..4 strateg*|polic*|process*|procedure*|framework*|arrangement*|governance|management|approach*|measure*|plan*|mechanism*|control*|system*
        where|if|when appropriate|possible|necessary|suitable|feasible|practicable|reasonable|sensible|helpful|useful|desired
        as appropriate
        where|if|when|wherever|whenever ..1 reasonably|technically|economically ..1 appropriate|possible|necessary|feasible|practicable
        workmanlike|competent|competently|experienced|qualified|skilled < ..4 staff|personnel|manner|team|engineer*|consultant*|people|professional*
        adds value
        sound|sounds|feel|feels|look|looks|appear|appears|seem|seems ..1 natural|friendly|polite|trustworthy|serious|nice|coherent|human|warm|calm|premium|right
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
        and|or ..1 other|further|additional|more|others ..2 format*|type*|channel*|system*|source*|device*|tool*|method*|platform*|service*|feature*|field*|partner*|provider*|browser*|protocol*|language*|currenc*|document*|report*|data|item*|standard*|integration*|information|function*|application* < $
        such as|like ..8 and ..1 others|more|so
        to follow|tbs|xxx|x~y < $
        or equivalent|comparable|alike
        not|never ..1 limited to
        agreed|defined|specified|determined < ..2 later|separately|subsequently
        will be|to be supplied|provided|added|completed|confirmed|finalised|finalized|detailed later|separately|subsequently|in
        subject to ..2 confirmation|agreement|change|approval|clarification
        further details|information ..2 follow
    """,
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
        of|on|over|across|in ..4 test|validation|evaluation|sample|labelled|labeled|reference|annotated ..1 case|cases|set|sets|data|images|recordings|documents|calls|messages|examples|patients|questions|sentences|transactions|scans
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
        training data|dataset*|set*|record*|corpus|example*|sample*|material*|course*|session*|centre*|center*
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
