"""Every rule of `upheld lint`, in the order in which a reader meets them.

A rule is a pure function from a project on one day to faults; adding one means writing it in the module of its subject
and naming it here.
"""

from upheld.project.rules import (
    assessments,
    classes,
    decisions,
    gates,
    links,
    promises,
    requirements,
    reviews,
    risks,
    sessions,
    wording,
)  # fmt: skip
from upheld.project.rules.reading import READING
from upheld.project.rules.rule import Fault, Rule
from upheld.project.rules.scope import Scope

__all__ = ["CHECKED", "READING", "RULES", "Fault", "Rule", "Scope"]

# Rules with a check of their own, which run on every lint.
CHECKED: tuple[Rule, ...] = (
    requirements.criterion_missing,
    requirements.customers_missing,
    requirements.source_missing,
    requirements.owner_missing,
    requirements.owner_role,
    requirements.person_unknown,
    requirements.customer_unknown,
    promises.indicator_unknown,
    promises.fits_indicator,
    promises.equality,
    promises.window_missing,
    promises.load_missing,
    promises.indicator_nowhere,
    promises.stage_blind,
    promises.census_on_sample,
    promises.percentile_order,
    promises.margin_on_share,
    promises.environment_unknown,
    promises.alert_impossible,
    promises.run_too_short,
    promises.run_length,
    links.link_dangling,
    links.path_rule,
    links.link_cycle,
    links.link_suspect,
    decisions.cites_nothing,
    decisions.options,
    decisions.impact,
    decisions.expected,
    decisions.review,
    decisions.review_overdue,
    decisions.matrix,
    decisions.excluded,
    decisions.not_first,
    decisions.interval,
    decisions.reopened,
    decisions.supersede_cycle,
    decisions.sign_off,
    decisions.plain,
    risks.risk_incomplete,
    risks.risk_materialising,
    reviews.review_not_joint,
    reviews.review_about,
    reviews.about_unknown,
    classes.nonfunctional_open,
    classes.nonfunctional_unknown,
    classes.budget_part,
    classes.budget_exceeded,
    assessments.assessment_criterion,
    assessments.assessment_option,
    gates.gate_empty,
    gates.gate_stage,
    gates.gate_role,
    gates.role_unheld,
    gates.waiver_unknown,
    gates.waiver_own,
    gates.waiver_policy,
    gates.waiver_ending,
    sessions.question,
    sessions.session_not_joint,
    sessions.attendee_unknown,
    sessions.session_requirement,
    sessions.session_gap,
    sessions.answer_without_criterion,
    wording.weak_word,
    wording.ears,
)
# Those that reading tells as well: the same fault has one name, wherever it is noticed.
RULES: tuple[Rule, ...] = (*CHECKED, *READING)
