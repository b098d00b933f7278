"""What a person would expect of each file beside this one: who says what, to whom, with what attached.

An activity: `does`, `who`, `what` (the first object), `where` (the target), `says`, `emoji`, `result`.
The post in it, or alone: `title`, `text`, `author`, `group`, `seen` (by whom), `files` (kinds), `mentions`,
`hashtags`, `warning`, `link`, `page`, `language`, `poll`, `closed`, `quote`, `reply_to`, `image`, `vote`, `place`,
`starts`, `lasts`.
An actor: `is`, `username`, `name`, `inbox`, `shared_inbox`, `fields`, `page`, `icon`, `webfinger`, `locked`, `keys`,
`claim` (SIREN, code, nature, density, site), `agents`, `works_for`.
A collection: `total`, `items`, `first`, `next`.
"""

from typing import Any

BOB = "https://brest.test/users/bob"
NOTE = "https://brest.test/posts/12"

MASTODON = "https://mastodon.test/users/alice"
GOTOSOCIAL = "https://gotosocial.test/users/alice"
LEMMY = "https://lemmy.test/u/alice"
COMPOST = "https://lemmy.test/c/compost"
MODERATOR = "https://lemmy.test/u/moderatrice"
PIEFED = "https://piefed.test/c/compost"
MISSKEY = "https://misskey.test/users/9alice"
PLEROMA = "https://pleroma.test/users/alice"
PIXELFED = "https://pixelfed.test/users/alice"
PEERTUBE = "https://peertube.test/accounts/alice"
CHANNEL = "https://peertube.test/video-channels/conseils"
VIDEO = "https://peertube.test/videos/watch/5d0b"
MOBILIZON = "https://mobilizon.test/@alice"
WORKSHOP = "https://mobilizon.test/@atelier"
EVENT = "https://mobilizon.test/events/77"
WORDPRESS = "https://wordpress.test/?author=2"
BLOG = "https://wordpress.test/?author=0"
GHOST = "https://ghost.test/.ghost/activitypub/users/index"

VELO = {
    "author": MOBILIZON,
    "group": WORKSHOP,
    "title": "Répare ton vélo",
    "text": "Apportez vos vélos.",
    "seen": "public",
    "files": ("image", "link"),
    "hashtags": ("Vélo",),
    "language": "fr",
    "link": "https://atelier.test/programme",
    "place": "Maison des associations, 3 rue du Four, 29000 Saint-Aubin, Bretagne, France",
    "starts": "2026-05-16T12:00:00Z",
}
SEANCE = {
    "author": PEERTUBE,
    "group": CHANNEL,
    "title": "Séance du 4 avril",
    "text": "Ordre du jour : 1. Budget & <voirie> 2. Divers",
    "seen": "public",
    "files": ("video",),
    "hashtags": ("conseil",),
    "page": "https://peertube.test/w/5d0b",
    "image": "https://peertube.test/lazy-static/previews/850.jpg",
    "language": "fr",
    "lasts": 3723,
}
EAU = {
    "author": WORDPRESS,
    "title": "L'eau, un an après",
    "text": "La station a tourné toute l'année. Coûts 12 000 €",
    "warning": None,
    "seen": "public",
    "files": ("image",),
    "image": "https://wordpress.test/wp-content/uploads/source.jpg?w=980&ssl=1",
    "page": "https://wordpress.test/2026/06/eau/",
    "language": "fr",
    "hashtags": ("eau",),
}
COMPOSTER = {
    "author": LEMMY,
    "title": "Un composteur par quartier ?",
    "text": "Retour après six mois",
    "seen": "public",
    "files": ("link",),
    "link": "https://journal.test/composteurs",
    "page": "https://lemmy.test/post/41",
    "image": "https://lemmy.test/pictrs/image/apercu.webp",
    "hashtags": ("compost",),
    "language": "fr",
}


def did(does: str, who: str, what: str | None, **more: Any) -> dict[str, Any]:
    return {"does": does, "who": who, "what": what, **more}


EXPECTED: dict[str, dict[str, Any]] = {
    # --- another server of ours
    "fediterr/actor": {
        "is": "Organization",
        "username": "cc-alvane",
        "name": "CC des Trois-Rivières-d’Alvane",
        "fields": ("SIREN", "Nature", "Population", "Site"),
        "claim": ("296100001", None, "CC", 6, "https://alvane.test/"),
        "agents": "https://reseau.test/actors/cc-alvane/agents",
        "keys": 1,
        "multikeys": 1,
    },
    "fediterr/agent": {
        "is": "Person",
        "username": "agente",
        "works_for": "https://reseau.test/actors/cc-alvane",
        "claim": None,
    },
    "fediterr/authorities": {
        "total": 2,
        "items": ("https://reseau.test/actors/saint-elme", "https://reseau.test/actors/cc-alvane"),
        "next": None,
    },
    # --- Mastodon
    "mastodon/actor": {
        "is": "Person",
        "username": "alice",
        "name": "Alice :lighthouse:",
        "inbox": f"{MASTODON}/inbox",
        "shared_inbox": "https://mastodon.test/inbox",
        "fields": ("Site", "Commune"),
        "page": "https://mastodon.test/@alice",
        "icon": "https://files.mastodon.test/avatars/alice.png",
        "locked": True,
        "keys": 1,
        "emojis": ("lighthouse",),
        "hashtags": ("territoires",),
    },
    "mastodon/create_note": did(
        "Create",
        MASTODON,
        f"{MASTODON}/statuses/101",
        author=MASTODON,
        text="@bob Première semaine en circuit court :lighthouse: #cantines",
        seen="public",
        files=("image",),
        mentions=(BOB,),
        hashtags=("cantines",),
        reply_to=NOTE,
        language="fr",
        page="https://mastodon.test/@alice/101",
        warning=None,
    ),
    "mastodon/create_warned_note": did(
        "Create",
        MASTODON,
        f"{MASTODON}/statuses/102",
        warning="Budget",
        seen="followers",
        text="Les chiffres provisoires.",
    ),
    "mastodon/create_unlisted_note": did("Create", MASTODON, f"{MASTODON}/statuses/103", seen="unlisted"),
    "mastodon/create_private_note": did("Create", MASTODON, f"{MASTODON}/statuses/104", seen="direct", mentions=(BOB,)),
    "mastodon/create_quote": did("Create", MASTODON, f"{MASTODON}/statuses/105", quote=NOTE, seen="public"),
    "mastodon/create_question": did(
        "Create",
        MASTODON,
        f"{MASTODON}/statuses/106",
        text="Quel jour pour l'atelier ?",
        poll=(("Mardi", 5), ("Jeudi", 3)),
        closed=False,
        seen="public",
    ),
    "mastodon/update_question": did("Update", MASTODON, f"{MASTODON}/statuses/106", closed=True),
    "mastodon/create_vote": did(
        "Create",
        MASTODON,
        f"{MASTODON}#votes/55",
        vote=True,
        title="Jeudi",
        reply_to="https://brest.test/posts/15",
        seen="direct",
    ),
    "mastodon/update_note": did(
        "Update", MASTODON, f"{MASTODON}/statuses/101", text="Première semaine en circuit court, corrigé."
    ),
    "mastodon/delete_note": did("Delete", MASTODON, f"{MASTODON}/statuses/101"),
    "mastodon/delete_actor": did("Delete", MASTODON, MASTODON),
    "mastodon/update_actor": did("Update", MASTODON, MASTODON, name="Alice Dune", username="alice"),
    "mastodon/follow": did("Follow", MASTODON, BOB),
    "mastodon/undo_follow": did(
        "Undo", MASTODON, "https://mastodon.test/7d0f0c52-0c7f-4bd4-8f8d-0d8f0c5d0001", undone="Follow"
    ),
    "mastodon/accept_follow": did("Accept", MASTODON, "https://brest.test/activities/31"),
    "mastodon/reject_follow": did("Reject", MASTODON, "https://brest.test/activities/31"),
    "mastodon/like": did("Like", MASTODON, NOTE, says=None),
    "mastodon/undo_like": did("Undo", MASTODON, f"{MASTODON}#likes/77", undone="Like"),
    "mastodon/announce": did("Announce", MASTODON, NOTE),
    "mastodon/undo_announce": did("Undo", MASTODON, f"{MASTODON}/statuses/110/activity", undone="Announce"),
    "mastodon/block": did("Block", MASTODON, BOB),
    "mastodon/undo_block": did(
        "Undo", MASTODON, "https://mastodon.test/7d0f0c52-0c7f-4bd4-8f8d-0d8f0c5d0002", undone="Block"
    ),
    "mastodon/flag": did(
        "Flag",
        "https://mastodon.test/actor",
        BOB,
        says="Publicité répétée",
        all=(BOB, NOTE, "https://brest.test/posts/13"),
    ),
    "mastodon/move": did("Move", MASTODON, MASTODON, where=GOTOSOCIAL),
    "mastodon/add_featured": did("Add", MASTODON, f"{MASTODON}/statuses/101", where=f"{MASTODON}/collections/featured"),
    "mastodon/remove_featured": did(
        "Remove", MASTODON, f"{MASTODON}/statuses/101", where=f"{MASTODON}/collections/featured"
    ),
    "mastodon/quote_request": did("QuoteRequest", MASTODON, NOTE, with_=f"{MASTODON}/statuses/105"),
    "mastodon/accept_quote": did(
        "Accept", MASTODON, "https://brest.test/quotes/9", result=f"{MASTODON}/quote_authorizations/8"
    ),
    "mastodon/reject_quote": did("Reject", MASTODON, "https://brest.test/quotes/9"),
    "mastodon/delete_quote_authorization": did("Delete", MASTODON, f"{MASTODON}/quote_authorizations/8"),
    "mastodon/featured": {"total": 1, "items": (f"{MASTODON}/statuses/101",)},
    "mastodon/outbox": {"total": 412, "items": (), "first": f"{MASTODON}/outbox?page=true"},
    "mastodon/replies_page": {
        "items": (NOTE, f"{MASTODON}/statuses/108"),
        "next": f"{MASTODON}/statuses/101/replies?min_id=9&page=true",
    },
    # --- GoToSocial
    "gotosocial/actor": {
        "is": "Person",
        "username": "alice",
        "inbox": f"{GOTOSOCIAL}/inbox",
        "shared_inbox": "https://gotosocial.test/sharedInbox",
        "fields": ("Métier",),
        "locked": False,
        "keys": 1,
    },
    "gotosocial/create_note": did(
        "Create",
        GOTOSOCIAL,
        f"{GOTOSOCIAL}/statuses/01HZ1",
        text="La salle de lecture rouvre lundi",
        seen="public",
        files=("image",),
        hashtags=("lecture",),
        warning=None,
        page="https://gotosocial.test/@alice/statuses/01HZ1",
    ),
    "gotosocial/update_note": did("Update", GOTOSOCIAL, f"{GOTOSOCIAL}/statuses/01HZ1", text="La salle rouvre mardi"),
    "gotosocial/create_question": did(
        "Create",
        GOTOSOCIAL,
        f"{GOTOSOCIAL}/statuses/01HZ2",
        poll=(("Romans", 2), ("Bandes dessinées", 6)),
        multiple=True,
    ),
    "gotosocial/create_followers_note": did(
        "Create", GOTOSOCIAL, f"{GOTOSOCIAL}/statuses/01HZ3", seen="followers", warning="Travaux", files=()
    ),
    "gotosocial/follow": did("Follow", GOTOSOCIAL, BOB),
    "gotosocial/undo_follow": did("Undo", GOTOSOCIAL, f"{GOTOSOCIAL}/follow/01HZ4", undone="Follow"),
    "gotosocial/accept_follow": did("Accept", GOTOSOCIAL, "https://brest.test/activities/32"),
    "gotosocial/reject_follow": did("Reject", GOTOSOCIAL, "https://brest.test/activities/32"),
    "gotosocial/accept_reply": did(
        "Accept", GOTOSOCIAL, "https://brest.test/posts/21#request", result=f"{GOTOSOCIAL}/authorizations/01HZ7"
    ),
    "gotosocial/like": did("Like", GOTOSOCIAL, NOTE),
    "gotosocial/announce": did("Announce", GOTOSOCIAL, NOTE),
    "gotosocial/block": did("Block", GOTOSOCIAL, BOB),
    "gotosocial/delete_note": did("Delete", GOTOSOCIAL, f"{GOTOSOCIAL}/statuses/01HZ1"),
    "gotosocial/flag": did(
        "Flag", "https://gotosocial.test/users/gotosocial.test", BOB, says="Propos hors charte", all=(BOB, NOTE)
    ),
    "gotosocial/move": did("Move", GOTOSOCIAL, GOTOSOCIAL, where=MASTODON),
    # --- Lemmy
    "lemmy/actor": {"is": "Person", "username": "alice", "inbox": f"{LEMMY}/inbox", "page": LEMMY, "keys": 1},
    "lemmy/group": {
        "is": "Group",
        "username": "compost",
        "name": "Compost partagé",
        "inbox": f"{COMPOST}/inbox",
        "moderators": f"{COMPOST}/moderators",
        "keys": 1,
    },
    "lemmy/create_page": did("Create", LEMMY, "https://lemmy.test/post/41", **COMPOSTER),
    "lemmy/announce_create_page": did("Announce", COMPOST, "https://lemmy.test/activities/create/1a", carried="Create"),
    "lemmy/announce_page": did("Announce", COMPOST, "https://lemmy.test/post/41"),
    "lemmy/create_comment": did(
        "Create",
        LEMMY,
        "https://lemmy.test/comment/9",
        text="Et les odeurs ?",
        reply_to=NOTE,
        seen="public",
        mentions=(BOB,),
        language=None,
    ),
    "lemmy/update_page": did(
        "Update",
        LEMMY,
        "https://lemmy.test/post/41",
        title="Un composteur par quartier",
        files=("image",),
        link=None,
    ),
    "lemmy/create_chat_message": did(
        "Create", LEMMY, "https://lemmy.test/private_message/3", text="Bonjour Bob", seen="direct"
    ),
    "lemmy/follow": did("Follow", LEMMY, "https://brest.test/groups/energie"),
    "lemmy/undo_follow": did("Undo", LEMMY, "https://lemmy.test/activities/follow/3a", undone="Follow"),
    "lemmy/accept_follow": did("Accept", COMPOST, "https://brest.test/activities/33"),
    "lemmy/announce_like": did("Announce", COMPOST, "https://lemmy.test/activities/like/4a", carried="Like"),
    "lemmy/dislike": did("Dislike", LEMMY, NOTE),
    "lemmy/undo_like": did("Undo", LEMMY, "https://lemmy.test/activities/like/4a", undone="Like"),
    "lemmy/delete_page": did("Delete", LEMMY, "https://lemmy.test/post/41", says=None),
    "lemmy/remove_comment": did("Delete", MODERATOR, "https://lemmy.test/comment/9", says="hors sujet"),
    "lemmy/block": did("Block", MODERATOR, BOB, where=COMPOST, says="publicité"),
    "lemmy/undo_block": did("Undo", MODERATOR, "https://lemmy.test/activities/block/6a", undone="Block"),
    "lemmy/add_moderator": did("Add", MODERATOR, BOB, where=f"{COMPOST}/moderators"),
    "lemmy/remove_featured": did("Remove", MODERATOR, "https://lemmy.test/post/41", where=f"{COMPOST}/featured"),
    "lemmy/lock": did("Lock", MODERATOR, "https://lemmy.test/post/41"),
    "lemmy/undo_lock": did("Undo", MODERATOR, "https://lemmy.test/activities/lock/8a", undone="Lock"),
    "lemmy/undo_remove": did("Undo", MODERATOR, "https://lemmy.test/activities/delete/5b", undone="Delete"),
    "lemmy/flag": did("Flag", LEMMY, NOTE, says="information fausse"),
    "lemmy/moderators": {"items": (LEMMY, MODERATOR), "total": None},
    "lemmy/tombstone": {"is": "Tombstone"},
    # --- PieFed
    "piefed/actor": {
        "is": "Person",
        "username": "alice",
        "inbox": "https://piefed.test/u/alice/inbox",
        "page": "https://piefed.test/u/alice",
        "keys": 1,
    },
    "piefed/group": {
        "is": "Group",
        "username": "compost",
        "inbox": f"{PIEFED}/inbox",
        "moderators": f"{PIEFED}/moderators",
        "keys": 1,
    },
    "piefed/announce_create_page": did(
        "Announce", PIEFED, "https://piefed.test/activities/create/aZ1", carried="Create"
    ),
    "piefed/announce_lock": did("Announce", PIEFED, "https://piefed.test/activities/lock/cX3", carried="Lock"),
    # --- Misskey
    "misskey/actor": {
        "is": "Person",
        "username": "alice",
        "name": "アリス",
        "inbox": f"{MISSKEY}/inbox",
        "shared_inbox": "https://misskey.test/inbox",
        "fields": ("場所",),
        "icon": "https://misskey.test/files/avatar.webp",
        "keys": 1,
    },
    "misskey/create_quote": did(
        "Create",
        MISSKEY,
        "https://misskey.test/notes/9n1",
        text="ちょうどこれ RE: https://brest.test/posts/12",
        typed="ちょうどこれ",
        quote=NOTE,
        seen="public",
        files=("image",),
        emojis=("umi",),
        warning=None,
    ),
    "misskey/create_question": did(
        "Create", MISSKEY, "https://misskey.test/notes/9n2", poll=(("海", 3), ("山", 1)), seen="unlisted", closed=False
    ),
    "misskey/like_reaction": did("Like", MISSKEY, NOTE, says=":umi:", emoji="https://misskey.test/files/umi.png"),
    "misskey/like_unicode": did("Like", MISSKEY, NOTE, says="🎉", emoji=None),
    "misskey/undo_like": did("Undo", MISSKEY, "https://misskey.test/likes/9l1", undone="Like"),
    "misskey/follow": did("Follow", MISSKEY, BOB),
    "misskey/undo_follow": did("Undo", MISSKEY, "https://misskey.test/follows/9f/9b", undone="Follow"),
    "misskey/accept_follow": did("Accept", MISSKEY, "https://brest.test/activities/34"),
    "misskey/reject_follow": did("Reject", MISSKEY, "https://brest.test/activities/34"),
    "misskey/announce": did("Announce", MISSKEY, NOTE),
    "misskey/delete_note": did("Delete", MISSKEY, "https://misskey.test/notes/9n1"),
    "misskey/add_featured": did(
        "Add", MISSKEY, "https://misskey.test/notes/9n1", where=f"{MISSKEY}/collections/featured"
    ),
    "misskey/remove_featured": did(
        "Remove", MISSKEY, "https://misskey.test/notes/9n1", where=f"{MISSKEY}/collections/featured"
    ),
    "misskey/block": did("Block", MISSKEY, BOB),
    "misskey/flag": did("Flag", "https://misskey.test/users/instance", BOB, says="迷惑"),
    "misskey/move": did("Move", MISSKEY, MISSKEY, where=MASTODON),
    "misskey/update_actor": did("Update", MISSKEY, MISSKEY, name="アリス二世"),
    # --- Pleroma
    "pleroma/actor": {
        "is": "Person",
        "username": "alice",
        "inbox": f"{PLEROMA}/inbox",
        "webfinger": "alice@pleroma.test",
        "page": PLEROMA,
        "keys": 1,
    },
    "pleroma/create_note": did(
        "Create",
        PLEROMA,
        "https://pleroma.test/objects/n1",
        text="Le modèle est en ligne",
        typed="Le **modèle** est en ligne",
        seen="public",
        files=("document",),
        mentions=(BOB,),
        hashtags=("achats",),
        warning=None,
        quote=None,
        language=None,
    ),
    "pleroma/create_legacy_note": did(
        "Create",
        PLEROMA,
        "https://pleroma.test/objects/n2",
        text="texte brut",
        typed="texte brut",
        seen="public",
        files=(),
    ),
    "pleroma/create_unlisted_note": did("Create", PLEROMA, "https://pleroma.test/objects/n3", seen="unlisted"),
    "pleroma/update_note": did("Update", PLEROMA, "https://pleroma.test/objects/n1", text="Le modèle corrigé"),
    "pleroma/create_question": did(
        "Create",
        PLEROMA,
        "https://pleroma.test/objects/q1",
        poll=(("oui", 9), ("plus tard", 2)),
        multiple=True,
        closed=True,
    ),
    "pleroma/create_chat_message": did(
        "Create", PLEROMA, "https://pleroma.test/objects/chat-1", text="Tu es là ?", seen="direct"
    ),
    "pleroma/listen": did("Listen", PLEROMA, "https://pleroma.test/objects/listen-1", title="La digue", text=None),
    "pleroma/emoji_react": did("EmojiReact", PLEROMA, NOTE, says="🧡", emoji=None),
    "pleroma/emoji_react_custom": did(
        "EmojiReact", PLEROMA, NOTE, says=":bzh:", emoji="https://pleroma.test/emoji/bzh.png"
    ),
    "pleroma/undo_emoji_react": did("Undo", PLEROMA, "https://pleroma.test/activities/react-1", undone="EmojiReact"),
    "pleroma/like": did("Like", PLEROMA, NOTE),
    "pleroma/announce": did("Announce", PLEROMA, NOTE),
    "pleroma/follow": did("Follow", PLEROMA, BOB),
    "pleroma/undo_follow": did("Undo", PLEROMA, "https://pleroma.test/activities/follow-1", undone="Follow"),
    "pleroma/accept_follow": did("Accept", PLEROMA, "https://brest.test/activities/35"),
    "pleroma/reject_follow": did("Reject", PLEROMA, "https://brest.test/activities/35"),
    "pleroma/flag": did("Flag", PLEROMA, BOB, says="À vérifier", all=(BOB, NOTE)),
    "pleroma/block": did("Block", PLEROMA, BOB),
    "pleroma/delete_note": did("Delete", PLEROMA, "https://pleroma.test/objects/n1"),
    "pleroma/move": did("Move", PLEROMA, PLEROMA, where=MASTODON),
    "pleroma/add_featured": did(
        "Add", PLEROMA, "https://pleroma.test/objects/n1", where=f"{PLEROMA}/collections/featured"
    ),
    "pleroma/remove_featured": did(
        "Remove", PLEROMA, "https://pleroma.test/objects/n1", where=f"{PLEROMA}/collections/featured"
    ),
    # --- Pixelfed
    "pixelfed/actor": {
        "is": "Person",
        "username": "alice",
        "inbox": f"{PIXELFED}/inbox",
        "shared_inbox": "https://pixelfed.test/f/inbox",
        "page": "https://pixelfed.test/alice",
        "keys": 1,
    },
    "pixelfed/create_note": did(
        "Create",
        PIXELFED,
        "https://pixelfed.test/p/alice/500",
        text="Deux vues de la digue #digue",
        seen="public",
        files=("image", "image"),
        hashtags=("digue",),
        place="Port-aux-Dunes",
    ),
    "pixelfed/like": did("Like", PIXELFED, NOTE),
    "pixelfed/announce": did("Announce", PIXELFED, NOTE),
    "pixelfed/follow": did("Follow", PIXELFED, BOB),
    "pixelfed/accept_follow": did("Accept", PIXELFED, "https://brest.test/activities/36"),
    "pixelfed/undo_like": did("Undo", PIXELFED, f"{PIXELFED}#likes/1", undone="Like"),
    "pixelfed/delete_note": did("Delete", PIXELFED, "https://pixelfed.test/p/alice/500"),
    # --- PeerTube
    "peertube/actor": {
        "is": "Person",
        "username": "alice",
        "inbox": f"{PEERTUBE}/inbox",
        "icon": "https://peertube.test/lazy-static/avatars/600.jpg",
        "page": "https://peertube.test/a/alice",
        "keys": 1,
    },
    "peertube/group": {
        "is": "Group",
        "username": "conseils",
        "name": "Conseils en vidéo",
        "inbox": f"{CHANNEL}/inbox",
        "moderators": None,
        "keys": 1,
    },
    "peertube/video": {"is": "Video", **SEANCE},
    "peertube/create_video": did("Create", PEERTUBE, VIDEO, **SEANCE),
    "peertube/update_video": did("Update", PEERTUBE, VIDEO, **SEANCE | {"title": "Séance du 4 avril (intégrale)"}),
    "peertube/create_comment": did(
        "Create",
        PEERTUBE,
        f"{VIDEO}/comments/8",
        text="@bob@brest.test merci Le point 2 est à **1 h**",
        typed="@bob@brest.test merci\n\nLe point 2 est à **1 h**",
        mentions=(BOB,),
        reply_to=NOTE,
        seen="public",
    ),
    "peertube/announce_video": did("Announce", CHANNEL, VIDEO),
    "peertube/like": did("Like", PEERTUBE, NOTE),
    "peertube/dislike": did("Dislike", PEERTUBE, NOTE),
    "peertube/follow": did("Follow", PEERTUBE, BOB),
    "peertube/accept_follow": did("Accept", CHANNEL, "https://brest.test/activities/37"),
    "peertube/delete_video": did("Delete", PEERTUBE, VIDEO),
    "peertube/flag": did("Flag", PEERTUBE, NOTE, says="Titre trompeur"),
    "peertube/create_cache_file": did(
        "Create", "https://peertube.test/accounts/peertube", "https://peertube.test/redundancy/1", text=None, files=()
    ),
    "peertube/view": did("View", PEERTUBE, VIDEO),
    # --- Mobilizon
    "mobilizon/actor": {"is": "Person", "username": "alice", "inbox": f"{MOBILIZON}/inbox", "locked": False, "keys": 1},
    "mobilizon/group": {
        "is": "Group",
        "username": "atelier",
        "name": "L'atelier",
        "inbox": f"{WORKSHOP}/inbox",
        "locked": True,
        "keys": 1,
    },
    "mobilizon/event": {"is": "Event", **VELO},
    "mobilizon/create_event": did("Create", MOBILIZON, EVENT, **VELO),
    "mobilizon/update_event": did("Update", MOBILIZON, EVENT, **VELO | {"title": "Répare ton vélo (reporté)"}),
    "mobilizon/create_group_event": did(
        "Create", MOBILIZON, "https://mobilizon.test/events/78", seen="direct", group=WORKSHOP, place=None, link=None
    ),
    "mobilizon/create_post": did(
        "Create",
        MOBILIZON,
        "https://mobilizon.test/p/bilan",
        author=MOBILIZON,
        group=WORKSHOP,
        title="Bilan",
        text="Vingt vélos réparés.",
        seen="public",
        language="fr",
    ),
    "mobilizon/create_comment": did(
        "Create", MOBILIZON, "https://mobilizon.test/comments/5", text="On vient à trois", reply_to=EVENT, seen="public"
    ),
    "mobilizon/join": did("Join", MOBILIZON, "https://brest.test/events/2"),
    "mobilizon/leave": did("Leave", MOBILIZON, "https://brest.test/events/2"),
    "mobilizon/accept_join": did("Accept", MOBILIZON, "https://brest.test/activities/38"),
    "mobilizon/invite": did("Invite", MOBILIZON, WORKSHOP, where=BOB),
    "mobilizon/follow": did("Follow", "https://mobilizon.test/relay", "https://brest.test/relay"),
    "mobilizon/announce": did("Announce", WORKSHOP, EVENT),
    "mobilizon/delete_event": did("Delete", MOBILIZON, EVENT),
    "mobilizon/flag": did(
        "Flag",
        "https://mobilizon.test/relay",
        "https://brest.test/events/2",
        says="Doublon",
        all=("https://brest.test/events/2", BOB),
    ),
    "mobilizon/members": {"total": 1, "items": (), "first": f"{WORKSHOP}/members?page=1"},
    # --- WordPress
    "wordpress/actor": {
        "is": "Person",
        "username": "alice",
        "inbox": "https://wordpress.test/wp-json/activitypub/1.0/actors/2/inbox",
        "fields": ("Blog",),
        "icon": "https://wordpress.test/wp-content/uploads/icone.png?fit=512%2C512&ssl=1",
        "webfinger": "alice@wordpress.test",
        "page": "https://wordpress.test/author/alice/",
        "keys": 1,
    },
    "wordpress/group": {
        "is": "Group",
        "username": "wordpress.test",
        "inbox": "https://wordpress.test/wp-json/activitypub/1.0/actors/0/inbox",
        "moderators": "https://wordpress.test/wp-json/activitypub/1.0/collections/moderators",
        "keys": 1,
    },
    "wordpress/create_article": did("Create", WORDPRESS, "https://wordpress.test/?p=30", **EAU),
    "wordpress/update_article": did(
        "Update", WORDPRESS, "https://wordpress.test/?p=30", **EAU | {"title": "L'eau, un an après (mis à jour)"}
    ),
    "wordpress/announce_create": did(
        "Announce", BLOG, "https://wordpress.test/?p=30#activity-create", carried="Create"
    ),
    "wordpress/create_comment": did(
        "Create", WORDPRESS, "https://wordpress.test?c=9", text="Merci de la question", reply_to=NOTE, seen="public"
    ),
    "wordpress/delete_article": did("Delete", WORDPRESS, "https://wordpress.test/?p=30"),
    "wordpress/accept_follow": did("Accept", WORDPRESS, "https://brest.test/activities/39"),
    "wordpress/undo_follow": did("Undo", WORDPRESS, f"{WORDPRESS}#follow-5", undone="Follow"),
    "wordpress/follow": did("Follow", WORDPRESS, BOB),
    # --- Ghost
    "ghost/actor": {
        "is": "Person",
        "username": "index",
        "name": "La lettre d'Alice",
        "inbox": "https://ghost.test/.ghost/activitypub/inbox/index",
        "page": "https://ghost.test/",
        "keys": 1,
        "multikeys": 1,
    },
    "ghost/create_article": did(
        "Create",
        GHOST,
        "https://ghost.test/.ghost/activitypub/article/61",
        title="La lettre de juin",
        text="Trois communes racontent leur été.",
        preview="Trois communes racontent",
        image="https://ghost.test/content/images/ete.jpg",
        seen="public",
        page="https://ghost.test/lettre-de-juin/",
        warning=None,
    ),
    "ghost/create_note": did(
        "Create",
        GHOST,
        "https://ghost.test/.ghost/activitypub/note/62",
        text="Bonne lecture, @bob@brest.test",
        mentions=(BOB,),
        reply_to=NOTE,
        seen="public",
    ),
    "ghost/update_actor": did("Update", GHOST, GHOST, name="La lettre"),
    "ghost/delete_article": did("Delete", GHOST, "https://ghost.test/.ghost/activitypub/article/61"),
    "ghost/follow": did("Follow", GHOST, BOB),
    "ghost/accept_follow": did("Accept", GHOST, "https://brest.test/activities/40"),
    "ghost/announce": did("Announce", GHOST, NOTE),
    "ghost/like": did("Like", GHOST, NOTE),
    "ghost/undo_like": did("Undo", GHOST, "https://ghost.test/.ghost/activitypub/like/68", undone="Like"),
}

# Every activity we speak of has at least one file of the software that sends it.
ACTIVITIES = (
    *("Follow", "Accept", "Reject", "Undo", "Create", "Update", "Delete", "Announce"),
    *("Like", "EmojiReact", "Block", "Flag", "Move", "Add", "Remove", "Listen"),
)
