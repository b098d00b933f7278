"""What may be wrong with a value that was sent, in the words that applications know."""

from fediterr.core import errors


def blank(what: str) -> errors.Invalid:
    return errors.Invalid(f"{what} can't be blank")


def unlisted(what: str) -> errors.Invalid:
    return errors.Invalid(f"{what} is not included in the list")


def taken(what: str) -> errors.Invalid:
    return errors.Invalid(f"{what} has already been taken")


def malformed(what: str) -> errors.Invalid:
    return errors.Invalid(f"{what} is invalid")


def too_long(what: str, most: int) -> errors.Invalid:
    return errors.Invalid(f"{what} is too long (maximum is {most} characters)")


def words(what: str, given: str, most: int) -> str:
    """What was written, when there is something and not too much."""
    if not given.strip():
        raise blank(what)
    if len(given) > most:
        raise too_long(what, most)
    return given.strip()
