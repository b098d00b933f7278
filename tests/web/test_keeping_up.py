"""Keeping up: the Fil since the last visit, its filters and lists, what one was told, kept posts, hashtags, people."""

from fediterr.accounts import service as accounts
from fediterr.social import follows
from tests.fediverse import Fediverse
from tests.web.browser import Browser, path_of, signed_in


def test_the_fil_says_how_far_one_had_read(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    alice.follow("bob")
    fediverse.settle()
    bob.says("Le premier")
    browser = signed_in(alice)
    assert "Vous aviez lu jusqu’ici" not in browser.open("/").words
    bob.says("Le second")
    for _ in range(2):  # also for whoever comes back from a post
        words = browser.open("/").words
        assert words.index("Le second") < words.index("Vous aviez lu jusqu’ici") < words.index("Le premier")
    bob.says("Le troisième")
    words = browser.open("/").words
    assert words.index("Le troisième") < words.index("Vous aviez lu jusqu’ici") < words.index("Le second")


def test_filters_are_made_in_plain_words_and_hold_where_they_say(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    alice.follow("bob")
    fediverse.settle()
    uri = bob.says("Réélection du président du club")
    browser = signed_in(alice)
    page = browser.open("/reglages/filtres")
    assert "Aucun filtre" in page.words
    page = browser.send(browser.open("/reglages/filtres/nouveau"), "/nouveau", title="", words="élection*")
    assert page.status == 400
    assert "Donnez un nom à ce filtre." in page.words
    assert page.form("/nouveau").values["words"] == "élection*"
    browser.send(page, "/nouveau", title="Élections", words="élection*\nscrutin", lasts="1d")
    assert "Filtré : Élections" in browser.open("/").words
    assert "Filtré" not in browser.open(path_of(uri, bob)).words, "who opens it has asked for it"
    listed = browser.open("/reglages/filtres")
    change = next(link["href"] for link in listed.links if "/reglages/filtres/1" in link.get("href", ""))
    form = browser.open(change).form(change).values
    assert form["words"] == "élection*\nscrutin"
    assert form["lasts"] == "same"
    browser.post(change, {**form, "action": "hide"})
    words = browser.open("/").words
    assert "Réélection" not in words
    assert "Vos filtres masquent tous ces messages" in words
    assert "Réélection" in Browser(server).open("/public").words
    assert signed_in(bob).open(change).status == 404
    browser.post(change, {**form, "words": "scrutin"})
    assert "Réélection" in browser.open("/").words
    page = browser.send(browser.open(f"{change}/supprimer"), "/supprimer")
    assert "Le filtre est supprimé." in page.words


def test_lists_have_their_own_fil(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob, carol = (server.register(name) for name in ("alice", "bob", "carol"))
    alice.follow("bob")
    alice.follow("carol")
    fediverse.settle()
    bob.says("De Bob")
    carol.says("De Carol")
    browser = signed_in(alice)
    refused = browser.send(browser.open("/listes"), "/listes", title=" ")
    assert refused.status == 400
    assert "Donnez un titre." in refused.words
    page = browser.send(refused, "/listes", title="Voisines", exclusive="1")
    assert "Personne dans cette liste" in page.words
    with alice.acting():
        ids = {name: accounts.local(name).id for name in ("bob", "carol")}
    page = browser.send(page, f"/membres/{ids['bob']}")
    assert "bob est dans la liste « Voisines »." in page.words
    here = page.path.removesuffix("/membres")
    words = browser.open(here).words
    assert "De Bob" in words
    assert "De Carol" not in words
    assert "De Bob" not in browser.open("/").words, "read apart"
    browser.send(browser.open(f"{here}/modifier"), "/modifier", title="Communes voisines", exclusive="")
    home = browser.open("/")
    assert "De Bob" in home.words
    assert "Communes voisines" in home.words
    person = browser.open(f"/listes/pour/{ids['bob']}")
    assert "bob n’est plus dans la liste" in browser.send(person, f"/membres/{ids['bob']}").words
    assert signed_in(bob).open(here).status == 404
    assert "La liste est supprimée." in browser.send(browser.open(f"{here}/supprimer"), "/supprimer").words
    assert browser.open(here).status == 404


def test_what_one_was_told_is_told_in_groups_and_forgotten_on_demand(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob, carol, dan = (server.register(name) for name in ("alice", "bob", "carol", "dan"))
    uri = alice.says("La piscine rouvre")
    for person in (bob, carol, dan):
        person.boosts(uri)
        person.likes(uri)
    bob.says("@alice bravo", answers=uri)
    fediverse.settle()
    browser = signed_in(alice)
    assert "Notifications7" in browser.open("/listes").words
    page = browser.open("/notifications")
    assert "dan et 2 autres personnes ont relayé votre message." in page.words
    assert "dan et 2 autres personnes trouvent votre message utile." in page.words
    assert "Nouveau" in page.words
    again = browser.open("/notifications")
    assert "Nouveau" not in again.words
    assert "Notifications7" not in again.words
    mentions = browser.open("/notifications?vue=mentions").words
    assert "bravo" in mentions
    assert "ont relayé" not in mentions
    page = browser.send(again, "/effacer")
    assert "bravo" not in page.words, "the newest is forgotten"
    assert "ont relayé" in page.words
    assert "Effacer toutes vos notifications ?" in browser.open("/notifications/effacer").words
    page = browser.send(browser.open("/notifications/effacer"), "/notifications/effacer")
    assert "Rien de nouveau" in page.words


def test_one_chooses_who_is_heard_at_once(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob, carol = (server.register(name) for name in ("alice", "bob", "carol"))
    browser = signed_in(alice)
    page = browser.send(browser.open("/reglages/joindre"), "/joindre", for_not_following="filter")
    assert page.form("/joindre").values["for_not_following"] == "filter"
    assert browser.send(page, "/joindre", for_bots="perhaps").status == 400
    bob.says("@alice puis-je demander ?")
    carol.says("@alice achetez mes capteurs")
    fediverse.settle()
    page = browser.open("/notifications")
    assert "puis-je demander" not in page.words
    assert "De côté (2)" in page.words
    kept = browser.open("/notifications/filtrees")
    assert "1 notification de côté" in kept.words
    first, second = (link["href"] for link in kept.links if "/filtrees/" in link.get("href", ""))
    asked = {path: browser.open(path) for path in (first, second)}
    for page in asked.values():
        answer = "accept" if "puis-je demander" in page.words else "dismiss"
        browser.send(page, "/notifications/filtrees", answer=answer)
    fediverse.settle()
    words = browser.open("/notifications").words
    assert "puis-je demander" in words
    assert "capteurs" not in words
    assert "Rien n’attend" in browser.open("/notifications/filtrees").words
    assert signed_in(bob).open(first).status == 404


def test_posts_are_kept_and_found_again(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    uri = bob.says("Le marché de capteurs")
    identifier = uri.rpartition("/")[2]
    secret = bob.says("Entre nous", visibility="direct").rpartition("/")[2]
    browser = signed_in(alice)
    assert "Rien d’enregistré" in browser.open("/enregistres").words
    page = browser.send(browser.open("/public"), f"/enregistres/{identifier}")
    assert page.path.startswith("/public")
    assert "Le marché de capteurs" in browser.open("/enregistres").words
    browser.send(browser.open("/public"), "/utile")
    assert "Le marché de capteurs" in browser.open("/utiles").words
    word = page.form("/deconnexion").values["csrf"]
    assert browser.post(f"/enregistres/{secret}", {"csrf": word}).status == 404
    browser.send(browser.open("/enregistres"), f"/enregistres/{identifier}")
    assert "Rien d’enregistré" in browser.open("/enregistres").words
    assert Browser(server).open("/enregistres").form("/connexion")


def test_a_hashtag_is_followed_and_shown(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    bob.says("Extinction de minuit à cinq heures #éclairage")
    browser = signed_in(alice)
    page = browser.open("/tags/éclairage")
    assert "1 message public ces sept derniers jours" in page.words
    page = browser.send(page, "/suivre")
    assert "Vous suivez #éclairage" in page.words
    assert "Extinction" in browser.open("/").words
    browser.send(page, "/profil")
    assert "#éclairage" in Browser(server).open("/@alice").words
    followed = browser.open("/tags")
    assert "#éclairage" in followed.words
    browser.send(followed, "/suivre")
    assert "Extinction" not in browser.open("/").words


def test_people_are_found_and_followed_from_where_they_are_listed(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob", display_name="Bob du service eau")
    carol = server.register("carol")
    for person in (bob, carol):
        person.says("Bonjour")
    carol.follow("bob")
    fediverse.settle()
    browser = signed_in(alice)
    home = browser.open("/")
    assert "Comptes à découvrir" in home.words
    page = browser.open("/personnes")
    assert "Bob du service eau" in page.words
    page = browser.send(page, "/@bob/suivre")
    assert page.path.startswith("/personnes")
    assert "Ne plus suivre" in page.words
    assert "Bob du service eau" in browser.open("/personnes?q=eau").words
    assert "Personne ne s’appelle ainsi" in browser.open("/personnes?q=zzz").words
    assert "carol" in browser.open("/@bob/abonnes").words
    assert Browser(server).open("/personnes").form("/connexion")


def test_one_keeps_away_and_comes_back(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, bob = brest.register("alice"), brest.register("bob")
    nantes.register("paul")
    for handle in ("bob", "paul@nantes.test"):
        alice.follow(handle)
    bob.follow("alice")
    fediverse.settle()
    uri = bob.says("Encore moi")
    browser = signed_in(alice)
    away = browser.open("/@bob/distance")
    page = browser.send(away, "/masquer", length="1d")
    assert "Vous ne lirez plus bob" in page.words
    assert "Encore moi" not in browser.open("/").words
    listed = browser.open("/reglages/distances")
    assert "jusqu’au" in listed.words
    assert "Vous lirez de nouveau bob." in browser.send(listed, "/retirer").words
    browser.send(browser.open("/@bob"), "/suivre/reglages", notify="1", boosts="")
    with alice.acting() as me:
        follow = follows.find(me, accounts.local("bob"))
        assert follow is not None
        assert (follow.notify, follow.boosts) == (True, False)
    page = browser.send(browser.open("/@bob/distance"), "/note", comment="Rencontré aux assises de l’eau")
    assert "Rencontré aux assises" in page.words
    assert "Rencontré aux assises" not in signed_in(bob).open("/@bob").words
    too_long = browser.send(browser.open("/@bob/distance"), "/note", comment="x" * 2001)
    assert too_long.status == 400
    assert "x" * 2001 in too_long.html
    browser.send(browser.open("/@bob/distance"), "/retirer")
    assert bob.follows("alice") is None
    page = browser.send(browser.open("/@paul@nantes.test/distance"), "/serveur")
    assert "Vous ne verrez plus rien de nantes.test." in page.words
    assert alice.follows("paul@nantes.test") is None
    servers = browser.open("/reglages/distances/serveurs")
    assert "nantes.test" in servers.words
    assert "Ce n’est pas un nom de domaine." in browser.send(servers, "/serveurs", domain="rien").words
    assert "Vous verrez de nouveau nantes.test." in browser.send(servers, "/montrer").words
    page = browser.send(browser.open(path_of(uri, bob)), "/distances/conversations")
    assert "Vous n’êtes pas prévenu de ce qui s’y dit." in page.words
    bob.says("@alice tu lis ?", answers=uri)
    fediverse.settle()
    assert "tu lis" not in browser.open("/notifications").words
    page = browser.send(browser.open("/reglages/distances/conversations"), "/rouvrir")
    assert "Aucune conversation tue" in page.words
    assert browser.open("/@alice/distance").status == 403


def test_how_one_reads_is_ones_own_choice(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    bob.says("Bonjour à tous", language="fr")
    bob.says("Demat d’an holl", language="br")
    bob.says("Le détail", warning="Sujet sensible", language="fr")
    browser = signed_in(alice)
    assert "Demat" in browser.open("/public").words
    form = browser.open("/reglages/lecture").form("/lecture").values
    page = browser.post(
        "/reglages/lecture",
        {**form, "languages": "fr", "post_language": "br", "visibility": "unlisted", "expand_spoilers": "1"},
    )
    assert "Vos préférences sont enregistrées." in page.words
    assert page.form("/lecture").values["visibility"] == "unlisted"
    words = browser.open("/public")
    assert "Demat" not in words.words
    assert '<details class="warning" open>' in words.html
    assert alice.account().language == "br"
    assert "Demat" in Browser(server).open("/public").words
    assert browser.post("/reglages/lecture", {**form, "visibility": "nobody"}).status == 400


def test_addresses_that_nobody_could_have_given_name_nothing(fediverse: Fediverse) -> None:
    browser = signed_in(fediverse["brest.test"].register("alice"))
    far = "9" * 30
    page = browser.open(f"/?max_id={far}")
    assert page.status == 200
    for path in (f"/listes/{far}", f"/messages/{far}", f"/reglages/filtres/{far}", "/tags/%00"):
        assert browser.open(path).status == 404, path
    assert browser.open("/recherche?q=a%00").status == 200
    word = page.form("/deconnexion").values["csrf"]
    assert browser.post("/notifications/filtrees", {"csrf": word, "id": far, "answer": "accept"}).status == 200
