"""Applications that want to be told even when they are not open: their subscriptions, and what waits for them."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from fediterr.accounts.models import Account, Token
from fediterr.core import clock, errors, guard, ids, jobs, site, webpush
from fediterr.core.db import insert_once, session
from fediterr.social import follows
from fediterr.social.models import Notification, Push, PushSubscription

KINDS = (
    "mention", "quote", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update", "quoted_update",
    "severed_relationships", "moderation_warning", "admin.sign_up", "admin.report",
)  # fmt: skip
POLICIES = ("all", "followed", "follower", "none")
WAITING = 100  # messages for one application; what comes on top pushes the oldest out
PER_ACCOUNT = 30  # applications of one account; a new one takes the place of the oldest
LONGEST_ENDPOINT = 2000
KEEP = timedelta(days=2)


@dataclass(frozen=True)
class Wanted:
    """What an application asks for; None leaves a thing as it is."""

    alerts: dict[str, bool] | None = None
    policy: str | None = None


def subscribe(token: Token, account: Account, receiver: webpush.Receiver, wanted: Wanted) -> PushSubscription:
    """Tell this application from now on, at its address; what it had asked for before is forgotten."""
    if len(receiver.endpoint) > LONGEST_ENDPOINT:
        raise errors.Invalid("This address is too long.")
    guard.Guard(site.settings().federation_allow_hosts, own_host=None).check_url(receiver.endpoint)
    session.execute(sa.delete(PushSubscription).where(PushSubscription.token_id == token.id))
    oldest = sa.select(PushSubscription.id).where(PushSubscription.account_id == account.id)
    beyond = session.scalars(oldest.order_by(PushSubscription.id.desc()).offset(PER_ACCOUNT - 1)).all()
    session.execute(sa.delete(PushSubscription).where(PushSubscription.id.in_(beyond)))
    made = PushSubscription(
        token_id=token.id,
        account_id=account.id,
        endpoint=receiver.endpoint,
        p256dh=receiver.p256dh.hex(),
        auth=receiver.auth.hex(),
        standard=receiver.standard,
        alerts=[],
        policy="all",
    )
    session.add(made)
    change(made, wanted)
    return made


def change(subscription: PushSubscription, wanted: Wanted) -> None:
    if wanted.alerts is not None:
        subscription.alerts = [kind for kind in KINDS if wanted.alerts.get(kind)]
    if wanted.policy is not None:
        if wanted.policy not in POLICIES:
            raise errors.Invalid("Who may cause a push is all, followed, follower or none.")
        subscription.policy = wanted.policy
    session.flush()


def of(token: Token) -> PushSubscription:
    """The subscription of an application; NotFound when it has none."""
    found = session.scalar(sa.select(PushSubscription).where(PushSubscription.token_id == token.id))
    if found is None:
        raise errors.NotFound("There is no such subscription.")
    return found


def unsubscribe(token: Token) -> None:
    session.execute(sa.delete(PushSubscription).where(PushSubscription.token_id == token.id))


def wanting(told: Notification) -> list[PushSubscription]:
    """The applications of an account that want to hear of a notification, and still may."""
    of_account = sa.select(PushSubscription).join(Token, Token.id == PushSubscription.token_id)
    held = of_account.where(PushSubscription.account_id == told.account_id, Token.revoked_at.is_(None))
    return [each for each in session.scalars(held) if told.kind in each.alerts and _lets(each.policy, told)]


def _lets(policy: str, told: Notification) -> bool:
    if policy in ("all", "none"):
        return policy == "all"
    account = session.get_one(Account, told.account_id)
    pair = (account, told.sender) if policy == "followed" else (told.sender, account)
    found = follows.find(*pair)
    return found is not None and found.accepted


def queue(subscription: PushSubscription, payload: str) -> None:
    """Let a message wait for its turn, after those before it."""
    row = {"id": ids.new(), "subscription_id": subscription.id, "payload": payload, "created_at": clock.now()}
    insert_once(Push, row)
    waiting = sa.select(Push.id).where(Push.subscription_id == subscription.id).order_by(Push.id.desc())
    beyond = session.scalars(waiting.offset(WAITING)).all()
    if beyond:
        session.execute(sa.delete(Push).where(Push.id.in_(beyond)))
    if subscription.due_at is None:
        subscription.due_at = clock.now()
        session.flush()
    jobs.later("push")


def forget_old() -> None:
    """Nobody wants to hear of it any more."""
    session.execute(sa.delete(Push).where(Push.created_at < clock.now() - KEEP))
