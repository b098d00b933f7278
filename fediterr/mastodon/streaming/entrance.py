"""Who may listen: a token and what it reaches, asked of the database in a thread."""

from dataclasses import dataclass

from flask import Flask

from fediterr.accounts import scopes, tokens
from fediterr.accounts import service as accounts
from fediterr.core import errors
from fediterr.mastodon import routes
from fediterr.mastodon.streaming.channels import Refusal
from fediterr.moderation import entrance as blocks
from fediterr.social import lists

CHUNK = 500  # tokens in one question


@dataclass(frozen=True)
class Pass:
    """What a good token stands for."""

    token_id: int
    account_id: int
    scopes: str


def admit(app: Flask, value: str, address: str) -> Pass:
    """The pass that goes with a token; Refusal when there is none, or when nothing is answered to that address."""
    if not value:
        raise Refusal(401, "Missing access token")
    with app.app_context():
        if not blocks.may_enter(address):
            raise Refusal(403, "This server does not answer to your network.")
        try:
            token = routes.admit(value, routes.Access(scopes.ANY))
        except errors.Problem as problem:
            raise Refusal(401, problem.message or "Invalid access token") from problem
        assert token.account is not None
        return Pass(token.id, token.account.id, token.scopes)


def find_list(app: Flask, bearer: Pass, identifier: int) -> None:
    """Refusal unless somebody has a list of that number; of others' lists nobody hears."""
    with app.app_context():
        try:
            lists.get(accounts.get(bearer.account_id), identifier)
        except errors.NotFound:
            raise Refusal(404, "Record not found") from None


def still_held(app: Flask, identifiers: list[int]) -> dict[int, str]:
    """The scopes of the tokens that still hold, by id."""
    held: dict[int, str] = {}
    with app.app_context():
        for start in range(0, len(identifiers), CHUNK):
            held |= tokens.still_held(identifiers[start : start + CHUNK])
    return held
