"""Who was here on which day: written down once, and not for ever."""

from fediterr.accounts import service as accounts
from fediterr.accounts import visits
from fediterr.accounts.models import Visit
from tests.fediverse import Fediverse
from workers import upkeep


def test_a_visit_is_written_down_once_a_day_and_address_and_forgotten_after_a_year(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    brest.register("bob")

    def come(ip: str | None) -> None:
        with brest.inside():
            user = accounts.user_of(accounts.local("bob"))
            assert user is not None
            visits.note(user, ip)

    for ip in ("192.0.2.1", "192.0.2.1", "::1", None):
        come(ip)
    assert brest.count(Visit) == 3
    fediverse.wait(days=1)
    come("192.0.2.1")
    assert brest.count(Visit) == 4
    with brest.app.app_context():
        assert visits.active_lately() == 1
    fediverse.wait(days=366)
    with brest.app.app_context():
        upkeep.clear()
    assert brest.count(Visit) == 1
