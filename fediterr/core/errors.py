"""What can go wrong, in the words of the domain; each message may be shown to whoever asked.

    Problem
    ├── Invalid        what was given makes no sense, or breaks a limit
    ├── Unauthorized   we do not know who is asking (no signature, no token, no session)
    ├── Forbidden      we know, and they may not
    ├── NotFound       it does not exist, or they may not know that it does
    │   └── Gone       it existed and was deleted
    ├── Conflict       it contradicts something that is already so
    ├── TooLarge       more bytes or entries than the limit
    ├── TooMany        more requests than the limit; may carry `retry_after` seconds
    ├── Refused        another server (or our rules about it) said no: never try again
    └── Unreachable    another server could not be asked: try again later

Each door translates them once into its own answers.
"""


class Problem(Exception):
    """Base of all errors whose message may be shown."""

    def __init__(self, message: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


class Invalid(Problem):
    pass


class Unauthorized(Problem):
    pass


class Forbidden(Problem):
    pass


class NotFound(Problem):
    pass


class Gone(NotFound):
    pass


class Conflict(Problem):
    pass


class TooLarge(Problem):
    pass


class TooMany(Problem):
    pass


class Refused(Problem):
    pass


class Unreachable(Problem):
    pass
