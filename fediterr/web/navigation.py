"""Where one can go: the sections beside every page, and the pages of the parts that have several.

A place is shown to whoever may open it.
"""

from dataclasses import dataclass

import flask
from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from fediterr.accounts.models import Role
from fediterr.web import conformity, session


@dataclass(frozen=True)
class Place:
    """A link: the endpoint it leads to, its word and icon, and the blueprints whose pages belong to it."""

    endpoint: str
    word: LazyString
    icon: str = ""
    pages: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()  # empty: everybody who is signed in

    @property
    def address(self) -> str:
        return flask.url_for(self.endpoint)

    @property
    def is_open(self) -> bool:
        user = session.user()
        return not self.roles or (user is not None and user.role in self.roles)

    @property
    def is_current(self) -> bool:
        return request.endpoint == self.endpoint or (request.blueprint or "").removeprefix("web.") in self.pages


MODERATORS = (Role.MODERATOR, Role.ADMIN)
ADMINISTRATORS = (Role.ADMIN,)

# The pages of the settings of one person, in order.
SETTINGS = (
    Place("web.settings.profile", _("Profil")),
    Place("web.reading.show", _("Lecture")),
    Place("web.security.show", _("Sécurité"), pages=("security", "second_factor", "passkeys", "openid")),
    Place("web.filters.listed", _("Filtres"), pages=("filters",)),
    Place("web.distances.listed", _("Masqués et bloqués"), pages=("distances",)),
    Place("web.reach.show", _("Qui peut me joindre"), pages=("reach",)),
    Place("web.authorization.listed", _("Applications")),
    Place("web.my_data.show", _("Mes données"), pages=("my_data", "imports", "departure")),
    Place("web.moving.show", _("Déménagement"), pages=("moving",)),
)

# What moderators see to.
MODERATION = (
    Place("web.moderation.overview", _("Vue d’ensemble"), roles=MODERATORS),
    Place("web.reports.listed", _("Signalements"), pages=("reports",), roles=MODERATORS),
    Place("web.moderated_accounts.listed", _("Comptes"), pages=("moderated_accounts",), roles=MODERATORS),
    Place("web.newcomers.listed", _("Demandes d’inscription"), pages=("newcomers",), roles=MODERATORS),
    Place("web.invitations.listed", _("Invitations"), pages=("invitations",), roles=MODERATORS),
    Place("web.servers.listed", _("Serveurs"), pages=("servers", "blocklists"), roles=MODERATORS),
    Place("web.appeals.listed", _("Contestations"), pages=("appeals",), roles=MODERATORS),
    Place("web.entrance_blocks.listed", _("Adresses refusées"), pages=("entrance_blocks",), roles=MODERATORS),
    Place("web.journal.listed", _("Journal"), pages=("journal",), roles=MODERATORS),
)

# What administrators see to.
ADMINISTRATION = (
    Place("web.administration.overview", _("Tableau de bord"), roles=ADMINISTRATORS),
    Place("web.identity.show", _("Identité"), pages=("identity",), roles=ADMINISTRATORS),
    Place("web.own_territory.show", _("Territoire"), pages=("own_territory",), roles=ADMINISTRATORS),
    Place("web.appearance.show", _("Apparence"), pages=("appearance",), roles=ADMINISTRATORS),
    Place("web.legal_texts.show", _("Pages légales"), pages=("legal_texts",), roles=ADMINISTRATORS),
    Place("web.house_rules.show", _("Règles"), pages=("house_rules",), roles=ADMINISTRATORS),
    Place("web.news.listed", _("Annonces"), pages=("news",), roles=ADMINISTRATORS),
    Place("web.people.listed", _("Rôles"), pages=("people",), roles=ADMINISTRATORS),
    Place("web.claims.listed", _("Représentations"), pages=("claims",), roles=ADMINISTRATORS),
    Place("web.custom_emoji.listed", _("Émojis"), pages=("custom_emoji",), roles=ADMINISTRATORS),
    Place("web.registers.show", _("Annuaire"), pages=("registers",), roles=ADMINISTRATORS),
    Place("web.federation.overview", _("Fédération"), pages=("federation",), roles=ADMINISTRATORS),
    Place("web.machinery.show", _("Files et stockage"), pages=("machinery",), roles=ADMINISTRATORS),
    Place("web.checks.show", _("Vérifications"), pages=("checks",), roles=ADMINISTRATORS),
)


def _pages_of(places: tuple[Place, ...]) -> tuple[str, ...]:
    """What belongs to any of these places."""
    return tuple(place.endpoint.split(".")[1] for place in places) + sum((place.pages for place in places), ())


OF_STAFF = frozenset((*_pages_of(MODERATION), *_pages_of(ADMINISTRATION)))

# Groups of the column of sections, for whoever is signed in.
SECTIONS = (
    (
        Place("web.feed.home", _("Fil"), "feed", ("feed", "posts")),
        Place("web.notifications.listed", _("Notifications"), "bell", ("notifications",)),
        Place("web.messages.listed", _("Messages privés"), "letter", ("messages",)),
        Place("web.search.search", _("Recherche"), "search", ("search",)),
        Place("web.directory.listed", _("Personnes"), "people", ("directory",)),
        Place(
            "web.communities.listed",
            _("Communautés"),
            "circle",
            ("communities", "founding", "joining", "community_members", "charter", "community_threads", "summary"),
        ),
        Place(
            "web.territory_directory.listed",
            _("Territoires"),
            "map",
            ("territory_directory", "territory_map", "territories"),
        ),
        Place("web.lists.listed", _("Listes"), "list", ("lists",)),
        Place("web.keeping.bookmarks", _("Enregistrés"), "bookmark", ("keeping",)),
        Place("web.drafts.listed", _("Brouillons"), "write", ("drafts",)),
    ),
    (
        Place("web.moderation.overview", _("Modération"), "shield", _pages_of(MODERATION), MODERATORS),
        Place("web.administration.overview", _("Administration"), "gauge", _pages_of(ADMINISTRATION), ADMINISTRATORS),
        Place("web.settings.profile", _("Réglages"), "settings", _pages_of(SETTINGS)),
    ),
)

# What the law asks for, at the foot of every page.
LEGAL = (
    Place("web.legal.accessibility", conformity.word()),
    Place("web.legal.notice", _("Mentions légales")),
    Place("web.legal.privacy", _("Données personnelles")),
    Place("web.legal.ecodesign", _("Écoconception")),
)


def shown(places: tuple[Place, ...]) -> list[Place]:
    """Those that the reader may open."""
    return [place for place in places if place.is_open]
