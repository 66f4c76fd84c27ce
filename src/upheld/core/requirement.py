"""What which customer asked for: the requirement, who owns it, and what it links to.

Nothing here is judged; a requirement's criteria are statements until the catalogue joins them with their indicators.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from upheld.core.criterion import Binding, Sentence, Stage
from upheld.core.quantity import Quantity


class Status(Enum):
    """The life of a requirement. Retired ones are kept, never reused."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    DELIVERED = "delivered"
    RETIRED = "retired"


class Function(Enum):
    """The parts of an organisation that must agree on a promise, and whoever else takes part."""

    PRODUCT = "product"
    ENGINEERING = "engineering"
    CUSTOMER = "customer"
    OPERATIONS = "operations"
    EXECUTIVE = "executive"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who was promised something."""

    id: str
    name: str = ""
    tier: str = ""
    region: str = ""
    time_zone: str = "UTC"
    contract: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who owns, decides or signs."""

    id: str
    roles: tuple[str, ...] = ()
    name: str = ""
    email: str = ""
    customer: str = ""  # whom a customer's signer speaks for
    keys: tuple[str, ...] = ()  # OpenSSH public keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the customer said it, and the words."""

    document: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A relation to another item, and the fingerprint that its writer saw there."""

    relation: str  # refines, depends-on, supersedes, mitigates, conflicts-with
    to: str
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A criterion as it is written: the sentence, and its bindings per stage."""

    id: str
    that: str
    sentence: Sentence | None = None  # None: it does not parse; lint says why
    bindings: Mapping[Stage, Binding] = field(default_factory=dict)
    needs: tuple[Stage, ...] | None = None  # None: what the project asks for this priority
    blocking: bool = True
    due: dt.date | None = None  # an expected outcome's date
    between: tuple[Quantity, Quantity] | None = None  # what is expected to be measured, in nine of ten cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What somebody should know who promises the same again."""

    lesson: str
    about: tuple[str, ...] = ()  # criteria, requirements or indicators


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement, one file."""

    id: str
    title: str
    status: Status = Status.DRAFT
    type: str = ""
    source: Source = Source()
    customers: tuple[str, ...] = ()  # ids, `tier:…`, `region:…`, or `all`
    priority: str = ""
    owners: Mapping[str, str] = field(default_factory=dict)  # function → person
    links: tuple[Link, ...] = ()
    criteria: tuple[Statement, ...] = ()
    body: str = ""
    file: str = ""
    date: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One question of a joint session, and what was agreed."""

    requirement: str
    gap: str  # the gap it closes (see questions)
    question: str = ""
    answer: str = ""
    by: str = ""
    criterion: str = ""  # the sentence that follows from it


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A joint requirements session: who was there for which function, and what they answered."""

    id: str
    title: str = ""
    date: dt.date | None = None
    attendees: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # function → people
    answers: tuple[Answer, ...] = ()
    body: str = ""
    file: str = ""

    @property
    def joint(self) -> bool:
        """Whether both product and engineering took part."""
        return bool(self.attendees.get("product")) and bool(self.attendees.get("engineering"))
