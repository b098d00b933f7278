"""How the federation fares and what waits, as administrators see it; two gestures for a server that fails."""

import json
import re
from datetime import timedelta

import pytest

from fediterr.activitypub import software
from fediterr.activitypub.models import Delivery, Errand, Host
from fediterr.core import clock, db
from fediterr.moderation import service as domains
from tests.fediverse import Fediverse
from tests.web.browser import Browser, Page, signed_in

FEDERATION = "/administration/federation"


def spaced(page: Page) -> str:
    """The words of a page, those of each tag apart."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.html).split())


def test_a_server_that_fails_is_seen_tried_again_and_given_up(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, bob, paul = brest.register("alice", role="admin"), brest.register("bob"), nantes.register("paul")
    admin = signed_in(alice)
    empty = admin.open(FEDERATION)
    assert "Aucun serveur encore" in empty.words
    paul.follow("bob@brest.test")
    bob.follow("paul@nantes.test")
    fediverse.settle()
    page = admin.open(FEDERATION)
    assert "nantes.test" in page.words
    assert "Tout va bien" in page.words

    # What runs there is asked for, once.
    with brest.inside():
        software.ask_around()
    fediverse.settle()
    peer = admin.open(f"{FEDERATION}/nantes.test")
    assert "fediterr 0." in peer.words
    for figure in ("Comptes connus 1", "Suivis par nous 1", "Nous suivent 1", "Envois qui attendent 0"):
        assert figure in spaced(peer)
    with brest.inside():
        software.ask_around()
    assert brest.count(Errand) == 0

    # It goes away: what waits is counted, and why it failed is said.
    nantes.down = True
    bob.says("Bonjour Nantes")
    fediverse.settle()
    page = admin.open(f"{FEDERATION}?etat=difficulte")
    assert "En difficulté" in page.words
    assert "En difficulté" in admin.open(f"{FEDERATION}?nom=NANT").words
    assert "Aucun serveur ne correspond" in admin.open(f"{FEDERATION}?nom=lyon").words
    peer = admin.open(f"{FEDERATION}/nantes.test")
    assert "Échecs de suite 1" in spaced(peer)
    assert "Il ne répond pas." in peer.words
    assert "À envoyer à d’autres serveurs 1" in spaced(admin.open("/administration/machines"))
    state = brest.host_state("nantes.test")
    assert state
    assert state.due_at
    assert state.due_at > clock.now()

    # It is back, and is knocked at now.
    nantes.down = False
    assert "rappelé dès maintenant" in admin.send(peer, "/reessayer").words
    fediverse.settle()
    assert "Bonjour Nantes" in paul.home()
    assert brest.count(Delivery) == 0

    # Gone for good: what waits is thrown away, once that is confirmed.
    nantes.down = True
    bob.says("Un dernier mot")
    fediverse.settle()
    peer = admin.open(f"{FEDERATION}/nantes.test")
    asked = admin.open(peer.link(href=f"{FEDERATION}/nantes.test/vider"))
    assert "Un envoi sera jeté" in asked.words
    assert brest.count(Delivery) == 1
    assert "Un envoi est jeté." in admin.send(asked, "/vider").words
    assert brest.count(Delivery) == 0
    journal = admin.open("/moderation/journal").words
    assert "a fait réessayer le serveur" in journal
    assert "a jeté ce qui attendait" in journal
    with brest.inside():
        domains.block_domain("nantes.test")
    assert "Tenu à l’écart" in admin.open(f"{FEDERATION}/nantes.test").words


def test_what_servers_say_of_themselves_is_read_with_care(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    says = {
        "good.test": ("https://good.test/nodeinfo", {"software": {"name": "Mastodon", "version": "4.5.0<b>"}}),
        "elsewhere.test": ("https://good.test/nodeinfo", {}),
        "silent.test": ("https://silent.test/none", None),
    }

    def stranger(name: str) -> None:
        place, about = says[name]
        rel = "http://nodeinfo.diaspora.software/ns/schema/2.1"

        def answer(request: object) -> tuple[int, dict[str, str], bytes]:
            known = "well-known" in str(getattr(request, "url", ""))
            told = {"links": [{"rel": rel, "href": place}]} if known else about
            return (200 if told is not None else 404), {"Content-Type": "application/json"}, json.dumps(told).encode()

        fediverse.strangers[name] = answer

    for name in says:
        stranger(name)
    with brest.inside():
        db.session.add_all([Host(name=name) for name in (*says, "away.test")])
        db.session.add(Host(name="failing.test", failures=3, failing_since=clock.now() - timedelta(days=1)))
    with brest.inside():
        software.ask_around()
    brest.run("errands")
    found = {name: brest.host_state(name) for name in (*says, "away.test", "failing.test")}
    assert {name: host.software for name, host in found.items() if host} == {
        "good.test": "mastodon 4.5.0<b>", "elsewhere.test": "", "silent.test": "", "away.test": None,
        "failing.test": None,
    }  # fmt: skip
    page = signed_in(brest.register("alice", role="admin")).open(FEDERATION)
    assert "mastodon 4.5.0&lt;b&gt;" in page.html


def test_pages_of_machines_show_what_waits_and_the_room_taken(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    brest.settings.data_dir.mkdir(exist_ok=True)
    alice = brest.register("alice", role="admin")
    admin = signed_in(alice)
    page = admin.open("/administration/machines")
    assert "aucun signe de vie" in page.words
    assert "Arrivé ici, à faire savoir 0" in spaced(page)
    alice.says("Un message")
    page = admin.open("/administration/machines")
    assert "Arrivé ici, à faire savoir 1 moins d’une minute" in spaced(page)
    brest.run("heartbeat")
    fediverse.settle()
    page = admin.open("/administration/machines")
    assert "Le travail avance" in page.words
    assert "Base de données" in page.words
    assert "Encore libre sur le disque" in page.words
    assert "Mio" in page.words
    assert page.html.count('<figure class="chart">') == 3
    fediverse.wait(minutes=10)
    assert "Personne ne travaille" in admin.open("/administration/machines").words


@pytest.mark.parametrize("path", [FEDERATION, f"{FEDERATION}/nantes.test", "/administration/machines"])
def test_only_administrators_see_machines(fediverse: Fediverse, path: str) -> None:
    server = fediverse["brest.test"]
    moderator = signed_in(server.register("maria", role="moderator"))
    assert moderator.open(path).status == 403
    assert Browser(server).open(path).form("/connexion")
    csrf = moderator.open("/").form("/deconnexion").values["csrf"]
    assert moderator.post(f"{FEDERATION}/nantes.test/vider", {"csrf": csrf}).status == 403
    assert signed_in(server.register("alice", role="admin")).open(f"{FEDERATION}/nulle.part").status == 404
