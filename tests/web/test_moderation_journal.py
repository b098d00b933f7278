"""The journal: every act has its line, in words, found again and taken along."""

import ast
import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import flask

import fediterr
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core.paging import Page
from fediterr.moderation import (
    announcements,
    appeals,
    entrance,
    journal,
    offices,
    people,
    reports,
    rules,
    texts,
)
from fediterr.moderation import service as domains
from fediterr.social import posts
from fediterr.web.moderation import words
from tests.fediverse import Fediverse, Server
from tests.web.browser import signed_in


def written() -> set[str]:
    """The acts that the source writes down under their own name."""
    found = set()
    for path in Path(fediterr.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in ("write_down", "write_many"):
                found |= {arg.value for arg in call.args[1:2] if isinstance(arg, ast.Constant)}
    return found


def test_every_act_has_its_words(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    changes = {f"{verb}_{kind}" for verb in ("write", "forget") for kind in texts.Kind}
    about_reports = {"assign_report", "unassign_report", "update_report", "resolve_report", "reopen_report"}
    about_networks = {"block_ip", "change_ip_block", "unblock_ip"}
    with brest.app.test_request_context():
        flask.g.user = None
        said = set(words.acts())
    wanted = (
        written() | set(people.MEASURES) | changes | about_reports | about_networks | {"accept_appeal", "refuse_appeal"}
    )
    assert wanted - said == set(), "give these words in fediterr/web/moderation/words.py"


def test_every_act_writes_a_line(fediverse: Fediverse) -> None:
    brest = fediverse.add("brest.test", registrations="approval")
    maria, bob = brest.register("maria", role="admin"), brest.register("bob")
    brest.register("ines", role="admin")
    for newcomer in ("carl", "dora"):
        brest.register(newcomer, approved=False)
    uri = bob.says("Un message")
    fediverse.settle()
    with brest.inside():
        report = reports.report(accounts.local("ines"), accounts.local("bob"))
        assert report is not None
        number = report.id

    def acts(me: Account) -> list[Callable[[], object]]:
        him, made, post = accounts.local("bob"), reports.get(number), posts.by_uri(uri)
        user = accounts.user_of(him)
        assert post is not None
        assert user is not None
        rule = rules.add("Écouter", actor=me)
        other = accounts.local("ines")
        return [
            *(lambda each=each: people.act(me, him, each) for each in ("none", "sensitive", "silence", "disable")),
            lambda: people.act(me, him, people.DELETE, deleted=[post]),
            *(lambda verb=verb: verb(me, him) for verb in (people.unveil, people.unsilence, people.enable)),
            lambda: people.act(me, him, "suspend"),
            lambda: people.unsuspend(me, him),
            lambda: people.note(me, him, "Vu"),
            lambda: people.approve(me, accounts.local("carl")),
            lambda: people.reject(me, accounts.local("dora")),
            *(lambda verb=verb: verb(made, me) for verb in (reports.assign, reports.unassign)),
            *(lambda verb=verb: verb(made, me) for verb in (reports.resolve, reports.reopen)),
            lambda: reports.update(made, me, category="spam", rule_ids=None),
            lambda: reports.note(made, me, "Vu"),
            lambda: appeals.lodge(people.act(me, him, "none"), "Non"),
            lambda: appeals.answer(appeals.listed(Page())[0], other, accepted=False, words="Si"),
            lambda: domains.block_domain("spam.example", actor=me),
            lambda: domains.change_block(domains.rules()[0], domains.Block("silence"), me),
            lambda: domains.forget_domain("spam.example", actor=me),
            lambda: domains.allow_domain("ami.example", actor=me),
            lambda: domains.block_many({"a.example": domains.Block()}, me),
            lambda: entrance.block_email_domain("jetable.example", me),
            lambda: entrance.unblock_email_domain(entrance.listed(entrance.EmailDomainBlock, Page())[0], me),
            lambda: entrance.block_canonical("x@jetable.example", None, me),
            lambda: entrance.unblock_canonical(entrance.listed(entrance.CanonicalEmailBlock, Page())[0], me),
            lambda: entrance.block_ip("192.0.2.0/24", "sign_up_block", me),
            lambda: entrance.change_ip_block(entrance.listed(entrance.IpBlock, Page())[0], me, comment="Robots"),
            lambda: entrance.unblock_ip(entrance.listed(entrance.IpBlock, Page())[0], me),
            lambda: offices.give_role(me, user, "moderator"),
            lambda: rules.change(rule, "Écouter d’abord", actor=me),
            lambda: rules.translate(rule, "en", "Listen first", actor=me),
            lambda: rules.move(rule, 1, actor=me),
            lambda: rules.withdraw(rule, actor=me),
            lambda: announcements.publish("Bonjour", actor=me),
            lambda: announcements.withdraw(announcements.every()[0].id, actor=me),
            lambda: texts.put(texts.Kind.PRIVACY, "<p>Rien</p>", actor=me),
            lambda: texts.forget(texts.Kind.PRIVACY, actor=me),
            lambda: offices.give_role(me, user, "member"),
            lambda: (people.act(me, him, "suspend"), people.delete(me, him)),
        ]

    with maria.acting() as me:
        for act in acts(me):
            before = len(journal.listed(Page(limit=1000)))
            act()
            assert len(journal.listed(Page(limit=1000))) > before


def test_lines_are_found_by_who_what_whom_and_when_and_taken_along(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria, bob = brest.register("maria", role="admin", display_name="Maria du Bourg"), brest.register("bob")
    with maria.acting() as me:
        people.act(me, accounts.local("bob"), "silence", text='=HYPERLINK("x")')
        domains.block_domain("spam.example", reason="Publicité")
    browser = signed_in(maria)
    every = browser.open("/moderation/journal").words
    assert "Maria du Bourg a limité @bob@brest.test" in every
    assert "En ligne de commande, on a bloqué ou limité le serveur spam.example" in every

    def found(query: str) -> tuple[bool, bool]:
        table = browser.open(f"/moderation/journal?{query}").words.partition("Les plus récents")[2]
        return "@bob" in table, "spam.example" in table

    today = date.fromisoformat(every_day(brest))
    assert found(f"qui={maria.account().id}") == (True, False)
    assert found("qui=0") == (False, True)
    assert found("acte=silence") == (True, False)
    assert found("sujet=spam") == (False, True)
    assert found(f"depuis={today}&jusqu_a={today}") == (True, True)
    assert found("jusqu_a=2001-01-01") == (False, False)
    assert "Ce n’est pas une date." in browser.open("/moderation/journal?depuis=hier").words
    file = browser.open(
        browser.open("/moderation/journal?acte=silence").link(href="/moderation/journal/journal.csv?acte=silence")
    )
    assert file.headers["Content-Disposition"].startswith("attachment")
    head, line = list(csv.reader(io.StringIO(file.html.lstrip("\ufeff"))))
    assert head == ["Date", "Qui", "Acte", "Sur", "Motif"]
    assert line[1:] == ["maria@brest.test", "a limité", "bob@brest.test", '\'=HYPERLINK("x")']
    assert bob.account().silenced_at is not None


def every_day(server: Server) -> str:
    """The day of the last line."""
    with server.inside():
        return journal.listed(Page(limit=1))[0].created_at.date().isoformat()


def test_an_account_is_noted_on_given_a_role_and_deleted_once_its_name_is_typed(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria, bob = brest.register("maria", role="admin"), brest.register("bob")
    browser = signed_in(maria)
    listed = browser.open("/moderation/comptes?nom=@bob@brest.test")
    assert "@bob@brest.test" in listed.words
    assert "@maria" not in listed.words
    assert "Personne ne correspond" in browser.open("/moderation/comptes?nom=zoe").words
    assert browser.open("/moderation/comptes?reseau=chez-moi").status == 400
    address = f"/moderation/comptes/{bob.account().id}"
    page = browser.open(address)
    assert "bob@brest.test.example" in page.words
    assert browser.send(page, "/note", note="").status == 400
    page = browser.send(page, "/note", note="Connu du CCAS")
    assert "Connu du CCAS" in page.words
    page = browser.send(page, "/role", role="moderator")
    assert "Le rôle est changé." in page.words
    assert signed_in(bob).open("/moderation").status == 200
    hers = browser.open(f"/moderation/comptes/{maria.account().id}")
    assert "une autre" in browser.send(hers, "/role", role="member").words
    page = browser.send(page, "/decider", measure="suspend", reason="Départ")
    page = browser.send(page, "/lever", way_back="unsuspend")
    assert "La mesure est levée." in page.words
    assert "Seul un compte suspendu" in browser.open(f"{address}/supprimer").words
    browser.send(page, "/decider", measure="suspend", reason="Départ")
    asked = browser.open(f"{address}/supprimer")
    wrong = browser.send(asked, "/supprimer", handle="@maria")
    assert "Ce n’est pas le nom de ce compte." in wrong.words
    done = browser.send(wrong, "/supprimer", handle="@bob@brest.test")
    assert "est supprimé" in done.words
    assert "a supprimé le compte" in browser.open(address).words
