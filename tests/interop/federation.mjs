// The fediverse server of this peer, in memory: actors, their notes, who follows whom, and what their inboxes do.
import { createFederationBuilder, MemoryKvStore } from "@fedify/fedify";
import { generateCryptoKeyPair } from "@fedify/fedify/sig";
import { Accept, Activity, Endpoints, Follow, Note, Person, PUBLIC_COLLECTION, Undo } from "@fedify/vocab";

export const NAMES = ["alice", "mallory"];

/** An account of this server; RSA comes first, since Fedify shows the first key as the actor's `publicKey`. */
async function createActor() {
  const keys = await Promise.all(["RSASSA-PKCS1-v1_5", "Ed25519"].map((kind) => generateCryptoKeyPair(kind)));
  return { keys, followers: new Map(), following: new Map() };
}

export async function createState() {
  const actors = new Map();
  for (const name of NAMES) actors.set(name, await createActor());
  return { actors, notes: new Map(), authorizedFetch: false, handled: [], errors: [] };
}

/** Fedify remembers which scheme a server took last, even when it merely answered 404; a test decides by itself. */
class ForgetfulStore extends MemoryKvStore {
  async get(key) {
    return key.includes("httpMessageSignaturesSpec") ? undefined : await super.get(key);
  }
}

/** One Fedify federation per signature scheme tried first; both serve the same `state`. */
export async function createFederations(state, specs, origin) {
  const builder = describe(state);
  const federations = new Map();
  for (const spec of specs) {
    const kv = new ForgetfulStore();
    federations.set(spec, await builder.build({ kv, origin, firstKnock: spec, allowPrivateAddress: true }));
  }
  return federations;
}

function describe(state) {
  const builder = createFederationBuilder();
  const mayRead = async (ctx) => !state.authorizedFetch || (await ctx.getSignedKeyOwner()) != null;
  builder
    .setActorDispatcher("/users/{identifier}", (ctx, name) => (state.actors.has(name) ? asPerson(ctx, name) : null))
    .setKeyPairsDispatcher((_ctx, name) => state.actors.get(name)?.keys ?? [])
    .authorize(mayRead);
  builder
    .setObjectDispatcher(Note, "/notes/{id}", (_ctx, { id }) => state.notes.get(id) ?? null)
    .authorize(async (ctx, { id }) => (await mayRead(ctx)) && (await isFor(state, ctx, state.notes.get(id))));
  builder
    .setFollowersDispatcher("/users/{identifier}/followers", (_ctx, name) => ({
      items: [...(state.actors.get(name)?.followers.values() ?? [])],
    }))
    .setCounter((_ctx, name) => state.actors.get(name)?.followers.size ?? 0);
  builder
    .setFollowingDispatcher("/users/{identifier}/following", (_ctx, name) => ({
      items: [...(state.actors.get(name)?.following.keys() ?? [])].map((uri) => new URL(uri)),
    }))
    .setCounter((_ctx, name) => state.actors.get(name)?.following.size ?? 0);
  builder
    .setInboxListeners("/users/{identifier}/inbox", "/inbox")
    .on(Activity, (ctx, activity) => handle(state, ctx, activity))
    .onError((_ctx, error) => void state.errors.push(String(error.stack ?? error)));
  return builder;
}

/** Whether a note is public, or asked for by the signature of a follower or of someone it names. */
async function isFor(state, ctx, note) {
  const named = note?.toIds.map((uri) => uri.href) ?? [];
  if (note == null || named.includes(PUBLIC_COLLECTION.href)) return true;
  const asker = (await ctx.getSignedKeyOwner())?.id.href;
  const author = ctx.parseUri(note.attributionId).identifier;
  if (named.includes(asker)) return true;
  return named.includes(ctx.getFollowersUri(author).href) && state.actors.get(author).followers.has(asker);
}

async function asPerson(ctx, name) {
  const keys = await ctx.getActorKeyPairs(name);
  return new Person({
    id: ctx.getActorUri(name),
    url: ctx.getActorUri(name),
    preferredUsername: name,
    name: name[0].toUpperCase() + name.slice(1),
    summary: `<p>I am ${name}.</p>`,
    inbox: ctx.getInboxUri(name),
    endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
    followers: ctx.getFollowersUri(name),
    following: ctx.getFollowingUri(name),
    publicKey: keys[0].cryptographicKey,
    assertionMethods: keys.map((key) => key.multikey),
  });
}

/** Fedify calls this only for an activity it has verified; everything is written down, follows are lived. */
async function handle(state, ctx, activity) {
  const ours = (uri) => state.actors.get(ctx.parseUri(uri)?.identifier);
  if (activity instanceof Follow) {
    const followed = ctx.parseUri(activity.objectId)?.identifier;
    const follower = await activity.getActor(ctx);
    if (!state.actors.has(followed) || follower == null) return;
    state.actors.get(followed).followers.set(follower.id.href, asRecipient(follower));
    // Not awaited: a server that handles our Accept before it has finished its own request must not wait for itself.
    const accept = new Accept({
      id: new URL(`/activities/${crypto.randomUUID()}`, ctx.origin),
      actor: activity.objectId,
      object: activity,
    });
    ctx.sendActivity({ identifier: followed }, follower, accept).catch((error) => state.errors.push(String(error)));
  } else if (activity instanceof Undo) {
    const undone = await activity.getObject(ctx);
    if (undone instanceof Follow) ours(undone.objectId)?.followers.delete(activity.actorId.href);
  } else if (activity instanceof Accept) {
    // By the id we gave: Fedify rightly takes nobody's word for a Follow that is not on the word-giver's own server.
    for (const { following } of state.actors.values()) {
      const asked = following.get(activity.actorId.href);
      if (asked?.id === activity.objectId?.href) asked.state = "accepted";
    }
  }
  state.handled.push(activity.id.href);
}

export function asRecipient(actor) {
  return { id: actor.id, inboxId: actor.inboxId, endpoints: actor.endpoints };
}
