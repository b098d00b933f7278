// megalodon, which desktop clients are built on: detection of the software, one client for several kinds of server.

import assert from "node:assert/strict";
import test from "node:test";
import generator from "megalodon";
import { origin, tokens, until } from "./town.mjs";

const { detector } = await import("megalodon");
const make = generator.default ?? generator;
const [alice, bob] = ["alice", "bob"].map((name) => make("mastodon", origin, tokens[name], "maree"));
const people = {
  alice: (await alice.verifyAccountCredentials()).data,
  bob: (await bob.verifyAccountCredentials()).data,
};

test("posting, editing, acting, deleting", async () => {
  const { data: posted } = await alice.postStatus("Le phare s’allume", { visibility: "public", language: "fr" });
  assert.equal(posted.visibility, "public");
  const { data: changed } = await alice.editStatus(posted.id, { status: "Le phare s’éteint" });
  assert.match(changed.content, /éteint/);
  assert.equal((await bob.favouriteStatus(posted.id)).data.favourited, true);
  assert.equal((await bob.bookmarkStatus(posted.id)).data.bookmarked, true);
  assert.equal((await bob.reblogStatus(posted.id)).data.reblog.id, posted.id);
  assert.equal((await alice.pinStatus(posted.id)).data.pinned, true);
  assert.deepEqual((await alice.getStatusFavouritedBy(posted.id)).data.map((a) => a.id), [people.bob.id]);
  assert.deepEqual((await alice.getStatusContext(posted.id)).data, { ancestors: [], descendants: [] });
  await alice.deleteStatus(posted.id);
  await assert.rejects(bob.getStatus(posted.id), (error) => error.response.status === 404);
});

test("people and what is between them", async () => {
  assert.equal((await alice.followAccount(people.bob.id)).data.following, true);
  assert.equal((await alice.setAccountNote(people.bob.id, "Au port")).data.note, "Au port");
  assert.equal((await alice.muteAccount(people.bob.id, true)).data.muting, true);
  assert.equal((await alice.unmuteAccount(people.bob.id)).data.muting, false);
  assert.equal((await alice.lookupAccount(people.bob.acct)).data.id, people.bob.id);
  assert.equal((await alice.searchAccount(people.bob.username, { limit: 1 })).data[0].id, people.bob.id);
  await alice.blockDomain("ailleurs.example");
  assert.deepEqual((await alice.getDomainBlocks()).data, ["ailleurs.example"]);
  await alice.unblockDomain("ailleurs.example");
});

test("timelines, lists, notifications, the server", async () => {
  const { data: said } = await bob.postStatus("Bonjour #megalodon");
  const { data: list } = await alice.createList("Port");
  await alice.addAccountsToList(list.id, [people.bob.id]);
  assert.ok((await alice.getListTimeline(list.id)).data.some((status) => status.id === said.id));
  await alice.deleteList(list.id);
  for (const read of [
    () => alice.getHomeTimeline(), () => alice.getLocalTimeline(), () => alice.getPublicTimeline(),
    () => alice.getTagTimeline("megalodon"),
  ]) {
    assert.ok((await read()).data.some((status) => status.id === said.id));
  }
  await alice.favouriteStatus(said.id);
  await until(async () => (await bob.getNotifications()).data.some((n) => n.type === "favourite"));
  assert.ok((await alice.search("megalodon", { type: "hashtags" })).data.hashtags.length);
  assert.ok((await alice.getInstance()).data.uri);
  for (const ask of ["getInstancePeers", "getInstanceActivity", "getInstanceCustomEmojis", "getInstanceAnnouncements"]) {
    assert.ok(Array.isArray((await alice[ask]()).data));
  }
});
