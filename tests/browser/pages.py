"""Every page of the door for people: how to get there, and as whom."""

from typing import NamedTuple


class Row(NamedTuple):
    """One page. `who` is alice (administrator), bob (member), or empty for a visitor."""

    endpoint: str
    path: str
    who: str = "alice"
    status: int = 200

    def __str__(self) -> str:
        return f"{self.endpoint.removeprefix('web.')}{'-' + self.who if self.who != 'alice' else ''}"


PAGES = [
    Row("web.feed.home", "/"),
    Row("web.feed.home", "/", who=""),
    Row("web.feed.public", "/public", who=""),
    Row("web.feed.network", "/public/reseau"),
    Row("web.feed.tagged", "/tags/OpenData", who=""),
    Row("web.writing.write", "/publier?reponse={post}"),
    Row("web.writing.write", "/publier?citer={poll}", who="bob"),
    Row("web.drafts.listed", "/brouillons"),
    Row("web.drafts.confirm", "/brouillons/{draft}/supprimer"),
    Row("web.rewriting.change", "/@alice/{post}/modifier"),
    Row("web.rewriting.confirm", "/@alice/{post}/supprimer"),
    Row("web.rewriting.versions", "/@alice/{post}/versions", who=""),
    Row("web.echoes.boosts", "/@alice/{post}/relais"),
    Row("web.echoes.liked", "/@alice/{post}/utiles"),
    Row("web.echoes.quoted", "/@alice/{post}/citations"),
    Row("web.elsewhere.follow", "/@alice/d-ailleurs", who=""),
    Row("web.elsewhere.answer", "/@alice/{post}/d-ailleurs", who=""),
    Row("web.accounts.profile", "/@bob"),
    Row("web.accounts.profile", "/@alice", who=""),
    Row("web.accounts.following", "/@alice/abonnements"),
    Row("web.accounts.followers", "/@alice/abonnes"),
    Row("web.posts.post", "/@alice/{post}"),
    Row("web.posts.post", "/@bob/{poll}", who=""),
    Row("web.posts.embed", "/@alice/{post}/embed", who=""),
    Row("web.search.about", "/about", who=""),
    Row("web.search.search", "/recherche"),
    Row("web.search.interact", "/authorize_interaction?uri=@bob"),
    Row("web.registration.ask", "/inscription", who=""),
    Row("web.registration.prove", "/confirmation?token=x", who="", status=404),
    Row("web.entrance.sign_in", "/connexion", who=""),
    Row("web.forgotten.ask", "/mot-de-passe-oublie", who=""),
    Row("web.forgotten.choose", "/nouveau-mot-de-passe?token=x", who="", status=404),
    Row("web.forgotten.prove", "/nouvelle-adresse?token=x", who="", status=404),
    Row("web.security.show", "/reglages/securite"),
    Row("web.security.password", "/reglages/securite/mot-de-passe"),
    Row("web.security.address", "/reglages/securite/adresse"),
    Row("web.passkeys.listed", "/reglages/securite/cles"),
    Row("web.passkeys.ask_to_remove", "/reglages/securite/cles/1/retirer", status=404),
    Row("web.second_factor.show", "/reglages/securite/double-authentification"),
    Row("web.second_factor.ask_to_remove", "/reglages/securite/double-authentification/retirer", status=409),
    Row("web.invitations.listed", "/moderation/invitations"),
    Row("web.newcomers.listed", "/moderation/demandes"),
    Row("web.openid.depart", "/connexion/service", who="", status=503),
    Row("web.openid.come_back", "/connexion/retour", who="", status=403),
    Row("web.openid.welcome", "/connexion/bienvenue", who="", status=403),
    Row("web.openid.show", "/reglages/service-de-connexion"),
    Row("web.notifications.listed", "/notifications"),
    Row("web.authorization.listed", "/reglages/applications"),
    Row("web.my_data.show", "/reglages/donnees"),
    Row("web.moving.show", "/reglages/demenagement"),
    Row("web.settings.profile", "/reglages/profil"),
    Row("web.appearance.show", "/administration/apparence"),
    Row("web.legal_texts.show", "/administration/pages-legales"),
    Row("web.legal.accessibility", "/accessibilite", who=""),
    Row("web.legal.notice", "/mentions-legales", who=""),
    Row("web.legal.privacy", "/confidentialite", who=""),
    Row("web.legal.ecodesign", "/ecoconception", who=""),
    Row("web.first_run.done", "/administration/premiers-pas"),
    Row("web.administration.overview", "/administration"),
    Row("web.identity.show", "/administration/identite"),
    Row("web.checks.show", "/administration/verifications"),
    Row("web.people.listed", "/administration/roles"),
    Row("web.news.listed", "/administration/annonces"),
    Row("web.house_rules.show", "/administration/regles"),
    Row("web.house_rules.one", "/administration/regles/1"),
    Row("web.custom_emoji.listed", "/administration/emojis"),
    Row("web.custom_emoji.confirm", "/administration/emojis/blason/retirer"),
]

# Addresses that are no pages of their own, or that need a moment of their own: who looks at them.
ELSEWHERE = {
    "web.syndication.of_account": "tests/web/test_public_face.py",
    "web.syndication.of_tag": "tests/web/test_public_face.py",
    "web.pictures.of_account": "tests/web/test_pictures.py",
    "web.pictures.of_post": "tests/web/test_pictures.py",
    "web.second_step.ask": "test_signing_in.py",
    "web.openid.left": "tests/clients/test_openid.py",
    "web.my_data.fetch_list": "a file: test_my_data.py",
    "web.my_data.fetch_archive": "a file: test_my_data.py",
    "web.assets.style": "tests/web/test_look.py",
    "web.assets.script": "tests/web/test_look.py",
    "web.livery.sheet": "tests/web/test_legal.py",
    "web.legal.robots": "tests/web/test_legal.py",
    "web.legal.security": "tests/web/test_legal.py",
    "web.settings.only_page": "leads on to the profile",
    "web.first_run.show": "test_first_run.py",
    "web.authorization.ask": "tests/clients/test_signing_in.py",
    "web.authorization.show_code": "tests/clients/test_signing_in.py",
}
