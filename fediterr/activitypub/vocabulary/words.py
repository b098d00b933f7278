"""The words themselves: the one context we send, the types we know, and the names of everybody."""

from typing import Any, Final

AS2: Final = "https://www.w3.org/ns/activitystreams"
PUBLIC: Final = AS2 + "#Public"
CONTENT_TYPE: Final = "application/activity+json"
LD_CONTENT_TYPE: Final = f'application/ld+json; profile="{AS2}"'

# ActivityPub 5.6 allows the compacted forms; old Mobilizon wrote http.
PUBLIC_NAMES: Final = frozenset({PUBLIC, "as:Public", "Public", "http://www.w3.org/ns/activitystreams#Public"})

ACTIVITY_TYPES: Final = frozenset(
    {
        "Accept",
        "Add",
        "Announce",
        "Apply",
        "Arrive",
        "Block",
        "Create",
        "Delete",
        "Dislike",
        "EmojiReact",
        "Flag",
        "Follow",
        "Ignore",
        "Invite",
        "Join",
        "Leave",
        "Like",
        "Listen",
        "Lock",
        "Move",
        "Offer",
        "QuoteRequest",
        "LikeRequest",
        "ReplyRequest",
        "AnnounceRequest",
        "Read",
        "Reject",
        "Remove",
        "Resolve",
        "TentativeAccept",
        "TentativeReject",
        "Travel",
        "Undo",
        "Update",
        "View",
        "Warn",
    }
)
ACTOR_TYPES: Final = frozenset({"Person", "Group", "Organization", "Application", "Service"})
COLLECTION_TYPES: Final = frozenset({"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"})
OBJECT_TYPES: Final = frozenset(
    {
        "Article",
        "Audio",
        "ChatMessage",
        "Document",
        "Event",
        "Image",
        "Note",
        "Page",
        "Place",
        "Profile",
        "Question",
        "Relationship",
        "Tombstone",
        "Video",
    }
)
# A file that is itself the post: its `url` leads to bytes as well as to a page.
FILE_TYPES: Final = frozenset({"Image", "Video", "Audio", "Document"})
# Where `summary` hides the text behind it (Mastodon); elsewhere it is an abstract.
WARNED_TYPES: Final = frozenset({"Note", "Question", "ChatMessage"})

# Prefixes under which some software compacts the names below; contexts are never consulted, so none can be redefined.
PREFIXES: Final = frozenset(
    {
        "as",
        "toot",
        "schema",
        "sc",
        "litepub",
        "misskey",
        "fedibird",
        "ostatus",
        "pt",
        "mz",
        "gts",
        "gs",
        "ical",
        "lemmy",
        "ft",
        "sec",
        "security",
        "vcard",
    }
)
# Names that give authority are only read plain.
PLAIN_ONLY: Final = frozenset(
    {
        "id",
        "type",
        "actor",
        "object",
        "target",
        "attributedTo",
        "publicKey",
        "assertionMethod",
        "alsoKnownAs",
        "movedTo",
        "inbox",
        "outbox",
    }
)

# The one context of everything we send. Terms are inlined so that nobody has to fetch ours.
CONTEXT: Final[list[str | dict[str, Any]]] = [
    AS2,
    "https://w3id.org/security/v1",
    "https://w3id.org/security/data-integrity/v1",
    "https://w3id.org/security/multikey/v1",
    {
        # prefixes
        "toot": "http://joinmastodon.org/ns#",
        "schema": "http://schema.org/",
        "litepub": "http://litepub.social/ns#",
        "misskey": "https://misskey-hub.net/ns#",
        "fedibird": "http://fedibird.com/ns#",
        "gts": "https://gotosocial.org/ns#",
        "lemmy": "https://join-lemmy.org/ns#",
        "mz": "https://joinmobilizon.org/ns#",
        "ostatus": "http://ostatus.org#",
        "dcterms": "http://purl.org/dc/terms/",
        "prov": "http://www.w3.org/ns/prov#",
        "ft": "https://w3id.org/fediterr/ns#",
        # everybody
        "Hashtag": "as:Hashtag",
        "sensitive": "as:sensitive",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "movedTo": {"@id": "as:movedTo", "@type": "@id"},
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "conversation": "ostatus:conversation",
        # Mastodon
        "Emoji": "toot:Emoji",
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "featuredTags": {"@id": "toot:featuredTags", "@type": "@id"},
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "memorial": "toot:memorial",
        "suspended": "toot:suspended",
        "attributionDomains": {"@id": "toot:attributionDomains", "@container": "@set"},
        "votersCount": "toot:votersCount",
        "blurhash": "toot:blurhash",
        "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
        # Mastodon writes schema.org with a #; profile fields are only recognised so.
        "PropertyValue": "http://schema.org#PropertyValue",
        "value": "http://schema.org#value",
        # reactions
        "EmojiReact": "litepub:EmojiReact",
        # quotes: FEP-044f, and the names used before it
        "quote": {"@id": "https://w3id.org/fep/044f#quote", "@type": "@id"},
        "quoteAuthorization": {"@id": "https://w3id.org/fep/044f#quoteAuthorization", "@type": "@id"},
        "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
        "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
        "quoteUrl": "as:quoteUrl",
        "quoteUri": "fedibird:quoteUri",
        "_misskey_quote": "misskey:_misskey_quote",
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
        "manualApproval": {"@id": "gts:manualApproval", "@type": "@id"},
        "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
        "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
        # groups (FEP-1b12) and events (FEP-8a8e)
        "postingRestrictedToMods": "lemmy:postingRestrictedToMods",
        "membersOnly": "ft:membersOnly",
        "joinMode": "mz:joinMode",
        "timezone": "mz:timezone",
        # public bodies, and who works there
        "siren": "ft:siren",
        "inseeCode": "ft:inseeCode",
        "territoryKind": "ft:kind",
        "density7": "ft:density7",
        "agents": {"@id": "ft:agents", "@type": "@id"},
        "authorities": {"@id": "ft:authorities", "@type": "@id"},
        "formerId": {"@id": "ft:formerId", "@type": "@id"},
        "worksFor": {"@id": "schema:worksFor", "@type": "@id"},
        # documents
        "digestMultibase": {"@id": "https://w3id.org/security#digestMultibase", "@type": "sec:multibase"},
        "size": "http://joinpeertube.org/ns#size",
        "license": {"@id": "schema:license", "@type": "@id"},
        "version": "schema:version",
        "wasDerivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
        # keys: FEP-521a uses a term its own contexts lack; FEP-2c59
        "assertionMethod": {"@id": "https://w3id.org/security#assertionMethod", "@type": "@id", "@container": "@set"},
        "webfinger": {"@id": "https://purl.archive.org/socialweb/webfinger#webfinger"},
    },
]


def is_public(address: str) -> bool:
    """Is this one of the names of everybody? (ActivityPub, section 5.6)"""
    return address in PUBLIC_NAMES
