"""The subscription of an application to Web Push: one for each token."""

from typing import Any

from fediterr.accounts.models import Token
from fediterr.core import errors, site, webpush
from fediterr.mastodon import routes
from fediterr.mastodon.entities import Entity
from fediterr.social import pushes
from fediterr.social.models import PushSubscription

# Of these Mastodon only speaks to applications that asked for them.
SELDOM = {"severed_relationships", "moderation_warning"}


@routes.post("/api/v1/push/subscription", "push")
def subscribe() -> Any:
    given = routes.sent().part("subscription")
    keys = given.part("keys")
    p256dh, auth = webpush.read_keys(keys.text("p256dh") or "", keys.text("auth") or "")
    receiver = webpush.Receiver(given.text("endpoint") or "", p256dh, auth, standard=bool(given.flag("standard")))
    return _shown(pushes.subscribe(_token(), routes.me(), receiver, _wanted()))


@routes.get("/api/v1/push/subscription", "push")
def one() -> Any:
    return _shown(pushes.of(_token()))


@routes.put("/api/v1/push/subscription", "push")
def change() -> Any:
    found = pushes.of(_token())
    pushes.change(found, _wanted())
    return _shown(found)


@routes.delete("/api/v1/push/subscription", "push")
def unsubscribe() -> Any:
    pushes.unsubscribe(_token())
    return {}


def _token() -> Token:
    token = routes.token()
    if token is None:
        raise errors.Unauthorized("The access token is invalid")
    return token


def _wanted() -> pushes.Wanted:
    """Which alerts and from whom; some clients put the policy beside the alerts, some at the top."""
    sent, data = routes.sent(), routes.sent().part("data")
    alerts = data.part("alerts")
    return pushes.Wanted(
        alerts={kind: bool(alerts.flag(kind)) for kind in pushes.KINDS} if "alerts" in data else None,
        policy=data.text("policy") or sent.text("policy"),
    )


def _shown(subscription: PushSubscription) -> Entity:
    return {
        "id": str(subscription.id),
        "endpoint": subscription.endpoint,
        "standard": subscription.standard,
        "alerts": {
            kind: kind in subscription.alerts
            for kind in pushes.KINDS
            if kind not in SELDOM or kind in subscription.alerts
        },
        "policy": subscription.policy,
        "server_key": webpush.public_key(site.settings().secret_key),
    }
