"""What people are told on their page of notifications."""

from fediterr.accounts import service as accounts
from fediterr.moderation import people
from fediterr.moderation import service as moderation
from tests.fediverse import Fediverse
from tests.web.browser import signed_in


def test_one_reads_what_moderators_wrote_and_which_follows_ended(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    alice, maria = brest.register("alice", display_name="Alice du Bourg"), brest.register("maria", role="admin")
    fediverse["nantes.test"].register("paul").follow("alice@brest.test")
    fediverse.settle()
    with maria.acting() as actor:
        people.act(actor, accounts.local("alice"), "none", text="Restons courtois.")
        moderation.block_domain("nantes.test")
    fediverse.settle()
    page = signed_in(alice).open("/notifications").words
    assert "La modération vous a écrit : Restons courtois." in page
    assert "des abonnements entre vous et lui ont pris fin" in page
