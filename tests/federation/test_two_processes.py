"""Two real servers, two databases: what people do across them, and what survives a kill in the middle."""

import random
from collections.abc import Iterator

import pytest
import requests

from tests.processes import Member, Serve, until

POSTS = 200

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("two servers")]


@pytest.fixture(scope="module")
def brest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    server = Serve(tmp_path_factory.mktemp("brest"))
    server.start()
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def nantes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    server = Serve(tmp_path_factory.mktemp("nantes"))
    server.start()
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def maria(brest: Serve) -> Member:
    return brest.member("maria")


@pytest.fixture(scope="module")
def paul(nantes: Serve, maria: Member) -> Member:
    """Paul of Nantes and Maria of Brest follow each other."""
    someone = nantes.member("paul")
    someone.follow(maria.handle)
    maria.follow(someone.handle)
    return someone


def test_what_two_people_do_across_two_servers(maria: Member, paul: Member) -> None:
    post = maria.says("Notre régie de l'eau ouvre ses données")
    seen = until(lambda: paul.sees(post["uri"]))
    assert seen is not None

    answer = paul.says("Bravo, et les coûts ?", in_reply_to_id=seen["id"])
    until(lambda: maria.sees(answer["uri"]))
    assert [each["uri"] for each in maria.api("GET", f"v1/statuses/{post['id']}/context")["descendants"]] == [
        answer["uri"]
    ]

    paul.api("POST", f"v1/statuses/{seen['id']}/favourite")
    paul.api("POST", f"v1/statuses/{seen['id']}/reblog")
    until(lambda: maria.told("favourite") and maria.told("reblog"))
    counted = maria.api("GET", f"v1/statuses/{post['id']}")
    assert (counted["favourites_count"], counted["reblogs_count"]) == (1, 1)

    maria.api("PUT", f"v1/statuses/{post['id']}", json={"status": "Notre régie de l'eau a ouvert ses données"})
    until(lambda: "a ouvert" in paul.api("GET", f"v1/statuses/{seen['id']}")["content"])

    maria.api("DELETE", f"v1/statuses/{post['id']}")
    until(lambda: paul.ask("GET", f"v1/statuses/{seen['id']}").status_code == 404)


def test_a_direct_post_reaches_whom_it_names_and_nobody_else(maria: Member, paul: Member, nantes: Serve) -> None:
    carol = nantes.member("carol")
    carol.follow(maria.handle)
    note = maria.says(f"{paul.handle} entre nous", visibility="direct")
    until(lambda: [each for each in paul.told("mention") if each["status"]["uri"] == note["uri"]])
    assert carol.sees(note["uri"]) is None
    address = note["uri"].removeprefix(maria.server.origin)
    asked = requests.get(maria.server.origin + address, headers={"Accept": "application/activity+json"}, timeout=10)
    assert asked.status_code == 404


def test_a_poll_is_voted_on_from_another_server(maria: Member, paul: Member) -> None:
    poll = maria.says("Quel jour ?", poll={"options": ["mardi", "jeudi"], "expires_in": 3600})
    seen = until(lambda: paul.sees(poll["uri"]))
    assert seen is not None
    paul.api("POST", f"v1/polls/{seen['poll']['id']}/votes", json={"choices": [1]})
    counts = until(
        lambda: [
            counts
            for counts in [
                [option["votes_count"] for option in maria.api("GET", f"v1/polls/{poll['poll']['id']}")["options"]]
            ]
            if counts != [0, 0]
        ]
    )
    assert counts == [[0, 1]]


def test_followers_go_where_an_account_moves(maria: Member, paul: Member, brest: Serve, nantes: Serve) -> None:
    old, new = brest.member("service_sig"), nantes.member("service_carto")
    identifier = paul.follow(old.handle)
    nantes.run("accounts", "alias", "service_carto", old.handle)
    brest.run("accounts", "move", "service_sig", new.handle)
    arrived = until(lambda: paul.find(new.handle))
    assert arrived is not None
    until(lambda: paul.relationship(arrived["id"])["following"])
    assert not paul.relationship(identifier)["following"]


def _publish_through(author: Member, words: str, key: str) -> str:
    """Publish once, as an application does on a bad line: again with the same key until it is answered."""

    def attempt() -> str | None:
        try:
            answer = author.ask("POST", "v1/statuses", json={"status": words}, headers={"Idempotency-Key": key})
        except requests.RequestException:
            return None
        return str(answer.json()["uri"]) if answer.ok else None

    return str(until(attempt, 60))


@pytest.mark.parametrize("loss", ["processes are killed", "the queue is emptied"])
def test_nothing_is_lost_or_doubled_or_out_of_order_when(loss: str, maria: Member, paul: Member) -> None:
    dice = random.Random(loss)
    moments = set(dice.sample(range(20, POSTS - 20), 4))
    run = f"{loss} {dice.randrange(10**9)}"
    published = []
    for number in range(POSTS):
        published.append(_publish_through(maria, f"{run}: message {number}", f"{run}-{number}"))
        if number in moments:
            for server in (maria.server, paul.server):
                if loss == "processes are killed":
                    server.kill("worker")
                    server.kill("web")
                else:
                    server.empty_queue()
    arrived = until(
        lambda: [uris for uris in [[each["uri"] for each in paul.home(1000) if run in each["content"]]]
                 if len(uris) >= POSTS],
        180, pause=1,
    )[0]  # fmt: skip
    assert len(arrived) == len(set(arrived)), "something arrived twice"
    assert arrived == published[::-1]


def test_a_whole_server_killed_and_started_again_goes_on_where_it_was(maria: Member, paul: Member) -> None:
    paul.server.kill_all()
    published = [maria.says(f"Pendant que Nantes est à terre, {number}")["uri"] for number in range(5)]
    maria.server.kill_all()
    maria.server.start()
    paul.server.start()
    # Nantes was found down: its queue waits a minute, unless it speaks first.
    paul.says(f"De retour {maria.handle}")
    until(lambda: all(paul.sees(uri) for uri in published), 90, pause=1)
