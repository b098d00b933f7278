"""What we speak with other servers, told from the code itself: `python -m fediterr.activitypub.federation`.

Writes FEDERATION.md (FEP-67ff); a test holds that the file is current and that nothing sent or understood is left out.
"""

import inspect
import sys

from fediterr.activitypub import inbox

SENT = {
    "Accept": "a Follow was let in; a QuoteRequest was granted, with its QuoteAuthorization as `result`",
    "Add": "a post is pinned to a profile or a community (`featured`); a community has another moderator",
    "Announce": "a boost; of a community, also the whole activity that it passes on (FEP-1b12)",
    "Block": "somebody keeps somebody away; with a `target`, a moderator sends somebody away from that community",
    "Create": "a Note, Question or another kind of post; a vote is a Note that is only a name",
    "Delete": "a post (as a Tombstone), a QuoteAuthorization, or an actor whose account was closed; by a moderator, "
    "of what somebody else wrote in their community",
    "Flag": "a report, in the name of the server's own actor: who reported stays unnamed",
    "Follow": "somebody here asks to follow",
    "Like": "somebody likes a post",
    "Lock": "a moderator closes a thread of their community",
    "Move": "an account of here lives elsewhere now",
    "QuoteRequest": "somebody here asks to quote a post",
    "Reject": "a Follow or a QuoteRequest was refused, or a follower sent away",
    "Remove": "a post is pinned no longer; a community has a moderator less",
    "Undo": "of a Follow, Like, Announce, Block, Lock, or of a moderator's Delete",
    "Update": "a post was edited or may quote or be quoted, a poll has new counts or is over, a profile changed",
}

STANDARDS = (
    ("ActivityPub, server to server", "https://www.w3.org/TR/activitypub/"),
    ("WebFinger (RFC 7033), also with handles at another domain than the server's", "https://www.rfc-editor.org/rfc/rfc7033"),
    ("Web Host Metadata (RFC 6415)", "https://www.rfc-editor.org/rfc/rfc6415"),
    ("NodeInfo 2.0 and 2.1", "https://nodeinfo.diaspora.software/"),
    ("HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530), made and checked", "https://www.rfc-editor.org/rfc/rfc9421"),
    (
        "HTTP Signatures (draft-cavage-12; `rsa-sha256`, `hs2019`), made and checked",
        "https://datatracker.ietf.org/doc/html/draft-cavage-http-signatures-12",
    ),
)  # fmt: skip

FEPS = (
    ("67ff", "FEDERATION.md", ""),
    ("f1d5", "NodeInfo in Fediverse Software", ""),
    ("2677", "Identifying the Application Actor", ""),
    ("844e", "Capability discovery", "`implements` of the server's actor, and `generator` of the others"),
    ("521a", "Representing actor's public keys", ""),
    ("8b32", "Object Integrity Proofs", "`eddsa-jcs-2022`, on what anybody may read; checked on what others pass on"),
    ("8fcf", "Followers collection synchronization across servers", ""),
    ("2c59", "Discovery of a Webfinger address from an ActivityPub actor", ""),
    (
        "1b12",
        "Group federation",
        "communities announce posts, and what is done in them as whole activities, believed by a proof (FEP-8b32)",
    ),
    ("d36d", "Sharing content across groups", "a community of here may follow another one and announce the same, once"),
    ("7628", "Move actor", "push mode"),
    ("9967", "Polls", ""),
    ("7888", "Demystifying the context property", "the context of a thread is a collection of its public posts"),
    ("f228", "Backfilling conversations", "served by context; read by `replies` and `inReplyTo`"),
    ("c0e0", "Emoji reactions", "read as likes that keep their sign"),
    (
        "044f",
        "Consent-respecting quote posts",
        "granted at once or not at all; `quoteUrl`, `quoteUri`, `_misskey_quote` too",
    ),
    ("e232", "Object links", "for quotes"),
    ("fb2a", "Actor metadata", "read; sent as PropertyValue"),
    ("6fcd", "Account Export Container Format", "written as a tar, by the page of one's data"),
    ("5feb", "Search indexing consent for actors", "`indexable` is sent and kept"),
)


NO_LD = """\
No Linked Data signatures: an activity that is not signed by its actor, and carries no proof of theirs, is at most a
reason to ask its own server."""

ACTORS = """\
Actors are `Person`, `Organization`, `Group`, `Service`, and one `Application` that speaks for the server and signs what
is fetched. They have `inbox`, `outbox`, `followers`, `following`, `featured`, `featuredTags` and a `sharedInbox`.
Actors and public posts can be fetched unsigned unless the operator asks for authorized fetch; then an unsigned fetch of
an actor gives just enough to check its signatures."""

AUTHORITIES = """\
The account of a public body is an `Organization`. Its profile says as `PropertyValue`, for everybody: SIREN, Code
INSEE, Nature, Population, Site (a link with `rel="me"`, so that its website can prove it). For peers the same in terms
of `ft: https://w3id.org/fediterr/ns#`, which are also read without the prefix, as one or many:

- `siren` (nine digits), `inseeCode`, `territoryKind` (`ft:kind`; the natures of BANATIC: `COM`, `CC`, `CA`…),
  `density7` (1 to 7, INSEE's grid), `location` (a `Place` at its centre);
- `agents`: a collection of the actors that it has among its agents. A `Person` says `worksFor` (schema.org) with the id
  of their employer; both must say so;
- `authorities`, of the server's own actor: an `OrderedCollection` of the organizations of that server that let
  themselves be found. NodeInfo names it in `metadata.fediterr.authorities`, beside `version`, `features` and
  `territory`.

Nothing of it is believed by being said. The list counts for actors of its own server only, and each is read at its own
place. A SIREN must be well formed, and is shown as "selon son serveur" until the receiving server has found a link with
`rel="me"` to the actor on the page that `Site` names; it looks again each week. Lists are read once a day, from servers
that are known already; they are not a way to learn of others.

A post that came along when its author moved from another server has its addresses there in `ft:formerId`;
`/former?uri=` with one of them leads to it. A server that does so has the feature `ft-former`."""

OBJECTS = """\
Posts are `Note`, `Question`, and read in every kind: `Article`, `Page`, `Event`, `Image`, `Video`, `Audio`, `Document`…
Whatever the kind, its name, text or summary, files and link are shown."""

COMMUNITIES = """\
A community is a `Group`: to follow it is to be in it. It has `attributedTo` (the collection of its moderators),
`featured`, `postingRestrictedToMods` and `membersOnly` (`https://w3id.org/fediterr/ns#membersOnly`). What is written
for it is addressed to it and has it as `audience`; a thread with a title is a `Page` with a `name`, anything else a
`Note`. Members begin threads, anybody answers. It announces the id of what begins a thread, and whole activities.

A private one (`membersOnly`) announces to its followers alone, and whole activities alone, which must carry the proof
of their author (FEP-8b32). What is written there is addressed `to` its `followers` and to itself, never to all; it can
be fetched with a signature by a server on which a member lives. Its lists are not to be read."""

ANSWERS = """\
`202` the activity is stored and will be handled; `400` it makes no sense; `401` nobody provably sent it; `403` its
server or actor is not welcome; `410` the account is closed; `413` it is too large; `415` it is not JSON; `429` too many
unknown keys; `503` the key cannot be had just now. The last two say when to try again.

What failed is sent again for seven days, to each server in order, always with the same id and bytes."""


def understood() -> list[tuple[str, str]]:
    """Each kind of activity that has an effect here, `Undo(Like)`, and what its handler says of it."""
    lines = []
    for (kind, about), handler in inbox.UNDERSTOOD.items():
        if handler is not inbox.politely_ignore:
            name = kind if about == "*" else f"{kind}({about})"
            lines.append((name, (inspect.getdoc(handler) or "").partition("\n")[0]))
    return sorted(lines)


def text() -> str:
    """The whole of FEDERATION.md."""
    feps = [f"- [FEP-{number}: {name}](https://w3id.org/fep/{number})" for number, name, _ in FEPS]
    notes = [f": {note}" if note else "" for *_, note in FEPS]
    parts = [
        "# Federation",
        "Made by `python -m fediterr.activitypub.federation`: change that, not this file.",
        "## Supported federation protocols and standards",
        "\n".join(f"- [{name}]({address})" for name, address in STANDARDS),
        NO_LD,
        "## Supported FEPs",
        "\n".join(map("".join, zip(feps, notes, strict=True))),
        "## ActivityPub",
        ACTORS,
        OBJECTS,
        "### Public bodies",
        AUTHORITIES,
        "### Communities",
        COMMUNITIES,
        "### What is understood",
        "\n".join(f"- `{name}`: {says}" for name, says in understood()),
        "Anything else is accepted and has no effect.",
        "### What is sent",
        "\n".join(f"- `{name}`: {why}" for name, why in sorted(SENT.items())),
        "### Answers of an inbox",
        ANSWERS,
    ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
