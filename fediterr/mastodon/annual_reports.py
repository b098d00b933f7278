"""Reports on somebody's year: none are made here, and applications are told so in the way that Mastodon does."""

from typing import Any

from fediterr.core import errors
from fediterr.mastodon import routes


@routes.get("/api/v1/annual_reports", "read:accounts")
def listed() -> Any:
    return {"annual_reports": [], "accounts": [], "statuses": []}


@routes.get("/api/v1/annual_reports/:id", "read:accounts")
def one(identifier: int) -> Any:
    raise errors.NotFound(f"There is no report on {identifier}.")


@routes.post("/api/v1/annual_reports/:id/read", "write:accounts")
def read(identifier: int) -> Any:
    return one(identifier)


@routes.get("/api/v1/annual_reports/:id/state", "read:accounts")
def state(**_year: int) -> Any:
    return {"state": "ineligible"}


@routes.post("/api/v1/annual_reports/:id/generate", "write:accounts")
def generate(**_year: int) -> Any:
    return {}
