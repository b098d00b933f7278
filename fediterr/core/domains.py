"""Domains as they are compared."""

from fediterr.core import errors


def normal(domain: str) -> str:
    """A domain in ASCII and lower case, without port or final dot. Raises Invalid."""
    host = domain.strip().lower().rstrip(".")
    if not host.startswith("[") and host.count(":") == 1:
        host = host.split(":")[0].rstrip(".")
    try:
        return host.encode("idna").decode() if host else host
    except UnicodeError as problem:
        raise errors.Invalid(f"{domain[:100]} is not a domain.") from problem
