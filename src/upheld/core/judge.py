"""judge(criterion, stage, evidence, at) -> met, not met, or inconclusive with its reason and what would settle it.

A verdict is a function of a criterion and its evidence: no clock, no store, no network. Here it is decided which
evidence counts, for which members and in how many attempts; `weigh` says what one pool of it shows.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations, product

from upheld.core import criterion as criteria
from upheld.core import evidence as records
from upheld.core import quantity, statistics
from upheld.core.criterion import Criterion, Rule, Stage
from upheld.core.evidence import Evidence
from upheld.core.fingerprint import indicator_hash
from upheld.core.verdict import Attempt, Group, Reason, State, Verdict, worst
from upheld.core.weigh import CLOCK_SKEW, Answer, Scale, day, inconclusive, minute, runs


def judge(
    criterion: Criterion,
    stage: Stage,
    evidence: Sequence[Evidence],
    *,
    at: datetime,
    subject: str = "",
    ancestors: frozenset[str] = frozenset(),
    require_subject: bool = False,
) -> Verdict:
    """Judge one criterion at one stage.

    `evidence` may hold anything; what is not about this criterion is left aside. `subject` is what is asked about at
    build and release (empty: whatever the newest evidence measured); `ancestors` are older subjects that will do where
    the binding says `of: ancestor`. Evidence observed after `at` does not exist yet.
    """
    about = [e for e in evidence if _is_about(e, criterion, stage)]
    judging = _Judging(criterion, stage, at)
    if stage in (Stage.BUILD, Stage.RELEASE) and not subject:
        subject = _newest_subject(about, at)
    usable, refused = judging.sift(about, subject=subject, ancestors=ancestors, require_subject=require_subject)
    if stage in (Stage.BUILD, Stage.RELEASE):
        usable = _of_one_subject(usable, subject)
    if not usable:
        answer = refused[0] if refused else inconclusive(Reason.MISSING, settle=_where_to_find(criterion, stage))
        return judging.verdict(answer, ())
    counted = [e for e in usable if not e.void and not e.unreadable]
    broken = [e for e in usable if e.unreadable]
    if not counted:
        answer = (
            inconclusive(Reason.UNREADABLE, _unreadable_detail(broken[0]), settle="give a readable report")
            if broken
            else inconclusive(Reason.MISSING, f"every run is void: {usable[0].void}", settle="run it again")
        )
        return judging.verdict(answer, usable)
    verdict = judging.decide(_once(counted), usable)
    if broken and verdict.state is State.MET:
        return replace(
            verdict, state=State.INCONCLUSIVE, reason=Reason.UNREADABLE, detail=_unreadable_detail(broken[0])
        )
    return verdict


def _is_about(e: Evidence, criterion: Criterion, stage: Stage) -> bool:
    if e.indicator != criterion.indicator.name or e.stage is not stage:
        return False
    if e.unreadable:
        return True  # nobody knows whom it names, so it may be anybody's
    customer = e.customer
    if customer and criterion.customers and customer not in criterion.customers:
        return False
    if criterion.requirement and criterion.indicator.linked:
        return criterion.address in e.links or criterion.requirement in e.links
    if not criterion.requirement and criterion.indicator.linked:
        return not e.links
    return not e.links or criterion.address in e.links or criterion.requirement in e.links


def _newest_subject(evidence: Sequence[Evidence], at: datetime) -> str:
    dated = [e for e in evidence if e.subject and (e.observed is None or e.observed <= at + CLOCK_SKEW)]
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return max(dated, key=lambda e: e.observed or epoch).subject if dated else ""


def _of_one_subject(usable: Sequence[Evidence], subject: str) -> list[Evidence]:
    """The evidence on the subject itself, else on the newest that will do: runs on other subjects are no re-runs of it."""
    own = any(e.subject in ("", subject) for e in usable if not e.unreadable)
    chosen = subject if own else next((e.subject for e in usable if e.subject), "")
    return [e for e in usable if e.subject in ("", chosen)]


def _one_view(counted: Sequence[Evidence], dimension: str) -> list[Evidence]:
    """Of a report that gives a whole and its parts, the parts by `dimension`, else the whole."""
    views: dict[str, set[frozenset[str]]] = {}
    for e in counted:
        views.setdefault(e.source.get("digest", ""), set()).add(frozenset(e.population))
    chosen = {}
    for digest, keys in views.items():
        fitting = {k for k in keys if dimension in k} or keys
        chosen[digest] = min(fitting, key=lambda k: (len(k), sorted(k)))
    return [e for e in counted if not e.source.get("digest") or frozenset(e.population) == chosen[e.source["digest"]]]


def _where_to_find(criterion: Criterion, stage: Stage) -> str:
    source = criterion.indicator.sources.get(stage, "")
    hint = f" ({source})" if source and not source.startswith("{") else ""
    return f"evidence of {criterion.indicator.name} at stage {stage.value}{hint}"


def _unreadable_detail(e: Evidence) -> str:
    file = e.source.get("file", "")
    return f"{file}: {e.unreadable}" if file else e.unreadable


def _once(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The same source, the same measurement or the same record counts once (design: evidence adds only when disjoint)."""
    seen: set[object] = set()
    unique = []
    for e in evidence:
        digest = e.source.get("digest", "")
        population = tuple(sorted(e.population.items()))
        key: object = e.id or id(e)
        if digest:
            key = (digest, population, e.links)
        elif e.start and e.end:  # a record that was sent again with more provenance is still the same measurement
            key = (e.start, e.end, population, e.links, e.statistic)
        if key not in seen:
            seen.add(key)
            unique.append(e)
    return unique


@dataclass(frozen=True, slots=True)
class _Judging:
    """One criterion at one stage and moment: the parameters that every step below needs."""

    criterion: Criterion
    stage: Stage
    at: datetime

    @property
    def scale(self) -> Scale:
        """What weighs one pool of evidence."""
        return Scale(self.criterion, self.stage, self.at)

    # ── 1. Which evidence may be counted ────────────────────────────────────────────────────────────────────────────

    def sift(
        self, evidence: Sequence[Evidence], *, subject: str, ancestors: frozenset[str], require_subject: bool
    ) -> tuple[list[Evidence], list[Answer]]:
        """Split into what counts, and why the rest does not (newest first)."""
        usable, refused = [], []
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        for e in sorted(evidence, key=lambda e: (e.observed or epoch, e.id), reverse=True):
            if e.observed is not None and e.observed > self.at + CLOCK_SKEW:
                refused.append(
                    inconclusive(Reason.MISSING, f"observed only on {day(e.observed)}, after the time asked about")
                )
                continue
            answer = (
                None
                if e.unreadable
                else self._refuse(e, subject=subject, ancestors=ancestors, require_subject=require_subject)
            )
            if answer is None:
                usable.append(e)
            else:
                refused.append(answer)
        if self.stage is Stage.DESIGN and len(usable) > 1:  # a newer assessment replaces the older prediction
            usable = usable[:1]
        return usable, refused

    def _refuse(self, e: Evidence, *, subject: str, ancestors: frozenset[str], require_subject: bool) -> Answer | None:
        binding = self.criterion.binding(self.stage)
        named = e.source.get("file") or e.run or e.id[:19] or "the record"
        if self.stage in (Stage.BUILD, Stage.RELEASE):
            if require_subject and (not e.subject or e.asserted):
                how = "only asserts its subject" if e.asserted else "does not say what it measured"
                return inconclusive(
                    Reason.NO_SUBJECT, f"{named} {how}", settle="record it with: upheld evidence FILE --record"
                )
            older = binding.subject == "ancestor" and e.subject in ancestors
            if e.subject and subject and e.subject != subject and not older:
                return inconclusive(
                    Reason.SUBJECT,
                    f"{named} measured {_short(e.subject)}, asked about {_short(subject)}",
                    settle=f"measure {_short(subject)}",
                )
        if binding.max_age is not None:
            if e.observed is None:
                return inconclusive(Reason.OLD, f"{named} does not say when it was observed, and a maximum age is set",
                                     settle="record it with: upheld evidence FILE --record")  # fmt: skip
            age = (self.at - e.observed).total_seconds()
            if age > binding.max_age:
                limit, shown = (quantity.show(v, quantity.SECOND) for v in (binding.max_age, age))
                return inconclusive(
                    Reason.OLD, f"{named} is {shown} old, at most {limit} is allowed", settle="measure again"
                )
        if binding.environment and e.environment != binding.environment:
            where = f"was measured in {e.environment}" if e.environment else "names no environment"
            return inconclusive(Reason.ENVIRONMENT, f"{named} {where}, {binding.environment} is asked for",
                                 settle=f"measure in {binding.environment}")  # fmt: skip
        if e.indicator_hash and e.indicator_hash != indicator_hash(self.criterion.indicator, self.stage):
            return inconclusive(Reason.STALE, f"{self.criterion.indicator.name} is defined differently since {named}",
                                 settle="measure again")  # fmt: skip
        expected = criteria.expected_unit(self.criterion.sentence.statistic, self.criterion.indicator)
        if e.unit and not quantity.compatible(quantity.find_unit(e.unit), expected):
            return inconclusive(Reason.UNIT, f"{named} is in {e.unit}, {expected.name or 'a plain number'} is expected")
        return None

    # ── 2. Members, runs and pools ──────────────────────────────────────────────────────────────────────────────────

    def decide(self, counted: Sequence[Evidence], shown: Sequence[Evidence]) -> Verdict:
        """Judge the evidence that counts; `shown` are all attempts, void and unreadable ones included."""
        dimension = self._dimension()
        counted = _one_view(counted, dimension)
        overlap = self._overlap(counted) or self._nested(counted)
        if overlap is not None:
            return self.verdict(overlap, shown)
        if not dimension:
            return self.verdict(self.scale.pool(counted, self._level(counted)), shown)
        members = self._members(counted, dimension)
        if set(members) == {""}:
            return self.verdict(
                inconclusive(
                    Reason.POPULATION, f"promised per {dimension}, but the evidence names none",
                    settle=f"evidence with population {{{dimension}: …}}",
                ),
                shown,
            )  # fmt: skip
        return self._per_member(members, counted, shown)

    def _dimension(self) -> str:
        """Production judges per member, build and release pool unless the binding says otherwise (rule 6)."""
        written = self.criterion.binding(self.stage).per
        if written:
            return "" if written == "all" else written
        return self.criterion.sentence.per if self.stage is Stage.PRODUCTION else ""

    def _members(self, counted: Sequence[Evidence], dimension: str) -> dict[str, list[Evidence]]:
        members: dict[str, list[Evidence]] = {}
        for e in counted:
            members.setdefault(e.population.get(dimension, ""), []).append(e)
        if dimension == "customer" and set(members) != {""}:
            for customer in self.criterion.customers:
                members.setdefault(customer, [])
        return members

    def _per_member(
        self, members: Mapping[str, list[Evidence]], counted: Sequence[Evidence], shown: Sequence[Evidence]
    ) -> Verdict:
        level = self._level(counted)
        minimum = self._minimum_per_member()
        silent = {name: found for name, found in members.items() if not found}
        small = {n: found for n, found in members.items() if found and self._size(found) < minimum}
        alone = {n: found for n, found in members.items() if found and n not in small}
        k = len(alone) + (1 if small else 0)
        groups = [self._group(name, found, level, k) for name, found in sorted(alone.items())]
        if small:
            together = self._group(f"{len(small)} small together", [e for f in small.values() for e in f], level, k)
            groups.append(together)
        listed = tuple(
            replace(self._group(name, found, level, k), state=State.INCONCLUSIVE, reason=Reason.FEW,
                    detail=f"fewer than {minimum} events, judged together with the other small ones")
            for name, found in sorted(small.items())
        )  # fmt: skip
        absent = tuple(
            Group(member=name, state=State.INCONCLUSIVE, reason=Reason.NO_TRAFFIC, detail="no evidence")
            for name in sorted(silent)
        )
        total = self.scale.pool(counted, level)
        state = worst([g.state for g in (*groups, *absent)])
        first = next((g for g in (*groups, *absent) if g.state is state), None)
        reason, detail = Reason.NONE, ""
        if state is not State.MET and first is not None:
            bad = [g.member for g in (*groups, *absent) if g.state is state]
            names = ", ".join(bad[:5]) + (f" and {len(bad) - 5} more" if len(bad) > 5 else "")
            reason, detail = first.reason, f"{names}" + (f" ({first.detail})" if first.detail else "")
        answer = replace(total, state=state, reason=reason, detail=detail)
        return replace(self.verdict(answer, shown), groups=(*groups, *listed, *absent))

    def _group(self, name: str, found: Sequence[Evidence], level: float, members: int) -> Group:
        """Met at C; not met at 1 − (1−C)/K, so that some member is not falsely broken every month (rule 6)."""
        answer = self.scale.pool(found, level)
        if answer.state is State.NOT_MET and members > 1 and self.scale.rule in (Rule.CONFIDENT, Rule.SEQUENTIAL):
            strict = self.scale.pool(found, statistics.per_member_level(level, members))
            if strict.state is not State.NOT_MET:
                answer = replace(answer, state=State.INCONCLUSIVE, reason=Reason.UNPROVEN,
                                 detail=f"below the promise, but not beyond what one of {members} shows by chance")  # fmt: skip
        return Group(
            member=name, state=answer.state, reason=answer.reason, detail=answer.detail, estimate=answer.estimate,
            interval=answer.interval, n=answer.n, n_eff=answer.n_eff, share=answer.share,
        )  # fmt: skip

    def _minimum_per_member(self) -> int:
        written = self.criterion.binding(self.stage).at_least
        if written is not None:
            return written
        if not self.criterion.counts:
            return 1
        op, target = self.criterion.share_target
        allowed = target if op.upper else 1 - target
        return math.ceil(1 / allowed) if 0 < allowed < 1 else 1

    def _size(self, found: Sequence[Evidence]) -> int:
        if any(isinstance(e.statistic, records.Slices) for e in found):
            return self._minimum_per_member()  # minutes are not events
        return sum(e.statistic.n for e in found if e.statistic is not None)

    def _level(self, counted: Sequence[Evidence]) -> float:
        """C, made stricter for every repeated run on one subject (rule 12)."""
        level = self.criterion.confidence(self.stage)
        if self.stage not in (Stage.BUILD, Stage.RELEASE) or self.scale.rule is Rule.CENSUS:
            return level
        attempts = len(self._attempt_runs(counted))
        return statistics.rerun_level(level, attempts) if attempts > 1 else level

    def _attempt_runs(self, counted: Sequence[Evidence]) -> list[list[Evidence]]:
        """Runs that repeat a population already measured; disjoint populations are one run's shards."""
        populations: list[set[tuple[tuple[str, str], ...]]] = []
        attempts: list[list[Evidence]] = []
        for run in runs(counted):
            mine = {tuple(sorted(e.population.items())) for e in run}
            for i, seen in enumerate(populations):
                if not (mine & seen):
                    populations[i] = seen | mine
                    attempts[i] = attempts[i] + run
                    break
            else:
                populations.append(mine)
                attempts.append(run)
        return attempts

    def _overlap(self, counted: Sequence[Evidence]) -> Answer | None:
        """The same time and population counted twice is an error (never for complete counts of a build)."""
        if self.criterion.indicator.census and self.stage is not Stage.PRODUCTION:
            return None
        timed = sorted((e for e in counted if e.start and e.end), key=lambda e: e.start or self.at)
        reach: list[Evidence] = []
        for e in timed:
            reach = [other for other in reach if other.end and e.start and other.end > e.start]
            for other in reach:
                if self._same_run(e, other) or _disjoint(e.population, other.population):
                    continue
                start = e.start or self.at
                names = " and ".join(x.source.get("file") or x.run or x.id[:19] for x in (other, e))
                return inconclusive(Reason.OVERLAP, f"{names} both count {minute(start)}", settle="remove one of them")
            reach.append(e)
        return None

    def _nested(self, counted: Sequence[Evidence]) -> Answer | None:
        """A total beside its parts counts the parts twice, also where no time is stated."""
        if self.criterion.indicator.census and self.stage is not Stage.PRODUCTION:
            return None
        views: dict[frozenset[str], list[Evidence]] = {}
        for e in counted:
            if isinstance(e.statistic, records.ADDITIVE) and not (e.start and e.end):
                views.setdefault(frozenset(e.population), []).append(e)
        for keys, others in combinations(views, 2):  # populations with the same keys differ, or are one
            for e, other in product(views[keys], views[others]):
                if not _disjoint(e.population, other.population) and not self._same_run(e, other):
                    names = " and ".join(x.source.get("file") or x.run or x.id[:19] for x in (e, other))
                    return inconclusive(
                        Reason.OVERLAP, f"{names} may count the same events", settle="remove one of them"
                    )
        return None

    def _same_run(self, e: Evidence, other: Evidence) -> bool:
        return bool(e.run) and e.run == other.run and e.population != other.population

    # ── 4. The verdict ──────────────────────────────────────────────────────────────────────────────────────────────

    def verdict(self, answer: Answer, shown: Sequence[Evidence]) -> Verdict:
        """Dress an answer with what a reader needs beside it."""
        sentence = self.criterion.sentence
        target = float(sentence.target)
        margin = None
        if answer.estimate is not None and math.isfinite(answer.estimate):
            margin = target - answer.estimate if sentence.op.upper else answer.estimate - target
        newest = shown[0] if shown else None
        return Verdict(
            state=answer.state, stage=self.stage, rule=self.scale.rule, target=target,
            unit=criteria.expected_unit(sentence.statistic, self.criterion.indicator),
            reason=answer.reason, detail=answer.detail, estimate=answer.estimate, interval=answer.interval,
            share=answer.share, needed=float(self.criterion.share_target[1]) if answer.share else None,
            level=self.criterion.confidence(self.stage), n=answer.n, n_eff=answer.n_eff, margin=margin,
            attempts=self._attempts(shown), evidence=tuple(e.id for e in shown if e.id),
            subject=newest.subject if newest else "", observed=newest.observed if newest else None,
            settle=answer.settle if answer.state is State.INCONCLUSIVE else "",
            notes=tuple(dict.fromkeys(note for e in shown for note in e.notes)),
        )  # fmt: skip

    def _attempts(self, shown: Sequence[Evidence]) -> tuple[Attempt, ...]:
        if self.stage not in (Stage.BUILD, Stage.RELEASE):
            return ()
        tried = self._attempt_runs([e for e in shown if not e.unreadable])
        if len(tried) < 2 and not any(e.void for e in shown):
            return ()  # one run is its own verdict
        attempts = []
        for run in tried:
            first = run[0]
            counted = [e for e in run if not e.void]
            answer = self.scale.pool(counted, self.criterion.confidence(self.stage)) if counted else None
            attempts.append(
                Attempt(
                    run=first.run or first.source.get("file", "") or first.id[:19],
                    state=answer.state if answer else State.INCONCLUSIVE,
                    estimate=answer.estimate if answer else None,
                    n=answer.n if answer else 0, observed=first.observed, void=first.void,
                )
            )  # fmt: skip
        return tuple(attempts)


def _disjoint(first: Mapping[str, str], second: Mapping[str, str]) -> bool:
    """Whether two populations cannot share a member: some dimension names different members in both."""
    return any(first[key] != second[key] for key in first.keys() & second.keys())


def _short(subject: str) -> str:
    kind, colon, value = subject.partition(":")
    return f"{kind}:{value[:12]}" if colon else subject[:16]
