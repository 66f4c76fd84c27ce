"""One tree of errors: what went wrong, with its exit status for the terminal and its HTTP status for the server.

UpheldError
├── UsageError          exit 2, HTTP 400   the command or the request is wrong
├── AccessError         exit 2, HTTP 4xx   the caller is not known, may not, asks for what is not there, or too much
│   ├── SignInError            HTTP 401    nobody is signed in
│   ├── RefusedError           HTTP 403    the caller may not
│   ├── UnknownError           HTTP 404    there is no such thing, or none that the caller may see
│   ├── ConflictError          HTTP 409    it does not fit what is here
│   ├── TooLargeError          HTTP 413    the request is too large
│   └── TooManyError           HTTP 429    too many requests; worth a retry
├── DefinitionError     exit 2, HTTP 422   a text file of the project is broken
│   └── SentenceError                      a criterion sentence does not parse, or its parts do not fit together
├── EvidenceError       exit 3, HTTP 422   a file given as evidence cannot be read: never a pass
│   └── HistoryError                       the clone lacks the history that the answer needs
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


class AccessError(UpheldError):
    """The caller cannot have this."""


class SignInError(AccessError):
    """Nobody is signed in; sign in, or send a token."""

    http_status = 401


class RefusedError(AccessError):
    """You may not do this."""

    http_status = 403


class UnknownError(AccessError):
    """There is no such thing here."""

    http_status = 404


class ConflictError(AccessError):
    """This does not fit what is here."""

    http_status = 409


class TooLargeError(AccessError):
    """The request is larger than what is taken."""

    http_status = 413


class TooManyError(AccessError):
    """Too many requests; wait a moment."""

    http_status = 429
    retry = True


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


class HistoryError(EvidenceError):
    """The clone is too shallow for the answer; with the whole history it could be given."""


class SignatureError(UpheldError):
    """A signature does not verify."""

    exit_status = 4
    http_status = 422


class UnavailableError(UpheldError):
    """The store or the network cannot be reached."""

    exit_status = 5
    http_status = 503
    retry = True
