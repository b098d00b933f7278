// What the tests may ask of this peer: verbs of its people, its journal, and requests no honest server sends.
import { Temporal } from "@js-temporal/polyfill";
import * as vocab from "@fedify/vocab";
import { asRecipient } from "./federation.mjs";
import * as wire from "./wire.mjs";

export function createControl(peer) {
  const { state, journal } = peer;
  const actorUri = (name) => peer.context().getActorUri(name);
  const newUri = (kind) => new URL(`/${kind}/${crypto.randomUUID()}`, peer.origin);
  const keyOf = (uri) => uri.pathname.split("/").at(-1);
  const said = (Kind, actor, values) => new Kind({ id: newUri("activities"), actor: actorUri(actor), ...values });

  async function find(who) {
    const found = await peer.context().lookupObject(who);
    if (found?.inboxId == null) throw new Error(`nobody is found at ${who}`);
    return found;
  }

  /** Send as Fedify does, to the followers and those named; tells each request made, with its scheme and status. */
  async function deliver(name, activity, others = [], toFollowers = true) {
    const recipients = new Map(others.map((other) => [other.id.href, asRecipient(other)]));
    if (toFollowers) for (const [uri, one] of state.actors.get(name).followers) recipients.set(uri, one);
    const before = journal.sent.length;
    let error = null;
    try {
      await peer.context().sendActivity({ identifier: name }, [...recipients.values()], activity);
    } catch (failure) {
      error = String(failure);
    }
    const deliveries = journal.sent.slice(before).filter((entry) => entry.method === "POST");
    return { id: activity.id.href, object: activity.objectId?.href, deliveries, error };
  }

  /** Read with the actor's signature, as one must what is not public. */
  async function read(name, uri) {
    const documentLoader = await peer.context().getDocumentLoader({ identifier: name });
    const object = await peer.context().lookupObject(uri, { documentLoader });
    if (object == null) throw new Error(`nothing is found at ${uri}`);
    return object;
  }

  /** Publish to the audience `public`, `followers` or `direct`, naming those in `to` and who is replied to. */
  async function note({ actor, content, to = [], reply_to = null, followers = true, audience = "public" }) {
    const mentioned = await Promise.all(to.map(find));
    const parent = reply_to == null ? null : await read(actor, reply_to);
    if (parent != null) mentioned.push(await find(parent.attributionId));
    const id = newUri("notes");
    const everyone = { public: vocab.PUBLIC_COLLECTION, followers: peer.context().getFollowersUri(actor) }[audience];
    const tos = [...(everyone == null ? [] : [everyone]), ...mentioned.map((person) => person.id)];
    const mention = (person) => new vocab.Mention({ href: person.id, name: `@${person.preferredUsername}` });
    const tags = mentioned.map(mention);
    const attribution = actorUri(actor);
    const published = Temporal.Now.instant();
    const made = new vocab.Note({ id, attribution, content, tos, tags, published, url: id, replyTarget: parent?.id });
    state.notes.set(keyOf(id), made);
    const create = said(vocab.Create, actor, { object: made, tos });
    return await deliver(actor, create, mentioned, followers && audience !== "direct");
  }

  async function update({ actor, object, content }) {
    const key = keyOf(new URL(object));
    const edited = state.notes.get(key).clone({ content, updated: Temporal.Now.instant() });
    state.notes.set(key, edited);
    return await deliver(actor, said(vocab.Update, actor, { object: edited, to: vocab.PUBLIC_COLLECTION }));
  }

  async function remove({ actor, object }) {
    const tombstone = new vocab.Tombstone({ id: new URL(object) });
    state.notes.delete(keyOf(tombstone.id));
    return await deliver(actor, said(vocab.Delete, actor, { object: tombstone, to: vocab.PUBLIC_COLLECTION }));
  }

  async function follow({ actor, who }) {
    const person = await find(who);
    const follow = said(vocab.Follow, actor, { object: person.id });
    state.actors.get(actor).following.set(person.id.href, { id: follow.id.href, state: "requested" });
    return await deliver(actor, follow, [person], false);
  }

  async function unfollow({ actor, who }) {
    const person = await find(who);
    const { following } = state.actors.get(actor);
    const id = new URL(following.get(person.id.href).id);
    following.delete(person.id.href);
    const undone = new vocab.Follow({ id, actor: actorUri(actor), object: person.id });
    return await deliver(actor, said(vocab.Undo, actor, { object: undone }), [person], false);
  }

  /** Like or boost; with `undo`, the id of an earlier one, take it back. */
  async function react(Kind, { actor, object, undo = null }) {
    const liked = await read(actor, object);
    const values = { object: liked.id, to: Kind === vocab.Announce ? vocab.PUBLIC_COLLECTION : liked.attributionId };
    const reaction = said(Kind, actor, undo == null ? values : { ...values, id: new URL(undo) });
    const activity = undo == null ? reaction : said(vocab.Undo, actor, { object: reaction });
    return await deliver(actor, activity, [await find(liked.attributionId)], Kind === vocab.Announce);
  }

  /** The activity as Fedify itself sends it: with a proof by its author; if `older`, a Linked-Data signature too. */
  async function prove(name, activity, older) {
    const author = { id: actorUri(name), inboxId: new URL(wire.LETTERBOX, peer.origin) };
    const object = await vocab.Activity.fromJsonLd(activity, peer.context());
    await peer.context().sendActivity({ identifier: name }, author, object);
    const { signature, ...proven } = JSON.parse(journal.letters.pop());
    return older ? { ...proven, signature } : proven;
  }

  /** A request made by hand: `key_of` signs, `key_id_of` is named, `proof_of` proves, `after_*` alter. */
  async function send(wanted) {
    const { inbox, key_of, key_id_of = key_of, scheme = wire.RFC9421, proof_of = null, ld = false } = wanted;
    const context = peer.context();
    const rsa = async (name) => (await context.getActorKeyPairs(name))[0];
    const activity = proof_of == null ? wanted.activity : await prove(proof_of, wanted.activity, ld);
    let body = JSON.stringify(activity);
    if (wanted.after_proof != null) body = wire.replaceOnce(body, wanted.after_proof);
    const { privateKey } = await rsa(key_of);
    const { keyId } = await rsa(key_id_of);
    const { age, drop, after_signature: altered } = wanted;
    return await wire.post({ url: inbox, body, privateKey, keyId, spec: scheme, age, drop, altered });
  }

  /** Take what passed so far out of the journal. */
  function clear() {
    for (const list of [journal.sent, journal.received, journal.fetched, state.handled, state.errors]) list.length = 0;
    return {};
  }

  return {
    follow,
    unfollow,
    note,
    update,
    delete: remove,
    like: (wanted) => react(vocab.Like, wanted),
    boost: (wanted) => react(vocab.Announce, wanted),
    send,
    clear,
    lookup: async ({ what }) => await asUnderstood(await peer.context().lookupObject(what), peer.context()),
    read: async ({ actor, what }) => await asUnderstood(await read(actor, what), peer.context()),
    sign: ({ first }) => ((peer.first = first), {}),
    accept: ({ only }) => ((peer.only = only), {}),
    authorize: ({ fetches }) => ((state.authorizedFetch = fetches), {}),
    received: () => journal.received.map((one) => ({ ...one, handled: state.handled.includes(one.id) })),
    sent: () => journal.sent,
    fetched: () => journal.fetched,
    outside: () => journal.outside,
    errors: () => state.errors,
    followers: ({ actor }) => [...state.actors.get(actor).followers.keys()],
    following: ({ actor }) => {
      const asked = [...state.actors.get(actor).following];
      return Object.fromEntries(asked.map(([uri, follow]) => [uri, follow.state]));
    },
  };
}

/** What Fedify made of a document, by its meaning as linked data: a term without a definition is not there. */
async function asUnderstood(object, context) {
  if (object == null) return null;
  const href = (uri) => uri?.href ?? null;
  const text = (value) => value?.toString() ?? null;
  const understood = { id: href(object.id), type: object.constructor.name, content: text(object.content) };
  if (object.inboxId == null) return { ...understood, author: href(object.attributionId) };
  const keys = [];
  for await (const key of object.getPublicKeys(context)) keys.push({ id: href(key.id), owner: href(key.ownerId) });
  const proofKeys = [];
  for await (const key of object.getAssertionMethods(context)) {
    const algorithm = key.publicKey?.algorithm.name;
    proofKeys.push({ id: href(key.id), controller: href(key.controllerId), algorithm });
  }
  const names = { name: text(object.name), username: text(object.preferredUsername) };
  const inboxes = { inbox: href(object.inboxId), shared_inbox: href(object.endpoints?.sharedInbox) };
  return { ...understood, ...names, ...inboxes, keys, proof_keys: proofKeys };
}
