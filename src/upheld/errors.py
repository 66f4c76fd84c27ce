"""One tree of errors: what went wrong, with its exit status for the terminal and its HTTP status for the server.

UpheldError
├── UsageError          exit 2, HTTP 400   the command or the request is wrong
├── DefinitionError     exit 2, HTTP 422   a text file of the project is broken
│   └── SentenceError                      a criterion sentence does not parse, or its parts do not fit together
├── EvidenceError       exit 3, HTTP 422   a file given as evidence cannot be read: never a pass
├── SignatureError      exit 4, HTTP 422   a signature or the audit trail does not verify
└── UnavailableError    exit 5, HTTP 503   the store or the network cannot be reached; worth a retry
"""


class UpheldError(Exception):
    """Something Upheld was asked to do cannot be done."""

    exit_status = 2
    http_status = 400
    retry = False

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())

    @property
    def message(self) -> str:
        """The sentence a person reads: what, which value, where, and what to do next."""
        return str(self.args[0])


class UsageError(UpheldError):
    """The command was called in a way that has no meaning."""


class DefinitionError(UpheldError):
    """A definition of the project is broken."""

    http_status = 422


class SentenceError(DefinitionError):
    """A criterion sentence does not parse, or its parts do not fit together.

    `column` counts from 1 inside the sentence; `fix` is what to write instead, or empty.
    """

    def __init__(self, message: str, *, column: int = 1, fix: str = "", rule: str = "sentence-syntax") -> None:
        super().__init__(message)
        self.column = column
        self.fix = fix
        self.rule = rule


class EvidenceError(UpheldError):
    """A file given as evidence cannot be read."""

    exit_status = 3
    http_status = 422


class SignatureError(UpheldError):
    """A signature does not verify."""

    exit_status = 4
    http_status = 422


class UnavailableError(UpheldError):
    """The store or the network cannot be reached."""

    exit_status = 5
    http_status = 503
    retry = True
