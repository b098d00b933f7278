// masto.js, which Phanpy and Elk are built on: JSON bodies, PUT for every update, one WebSocket for all live updates.

import assert from "node:assert/strict";
import test from "node:test";
import { createRestAPIClient, createStreamingAPIClient } from "masto";
import { origin, picture, tokens, until } from "./town.mjs";

const [alice, bob, admin] = ["alice", "bob", "admin"].map((name) =>
  createRestAPIClient({ url: origin, accessToken: tokens[name] }),
);
const me = { alice: await alice.v1.accounts.verifyCredentials(), bob: await bob.v1.accounts.verifyCredentials() };

test("a status with a picture is posted, edited, read with its history and deleted", async () => {
  const sent = await alice.v2.media.create({ file: new Blob([picture()], { type: "image/png" }), description: "Un quai" });
  const ready = await until(async () => {
    const found = await alice.v1.media.$select(sent.id).fetch();
    return found.url ? found : null;
  });
  const posted = await alice.v1.statuses.create({ status: "Le #quai", mediaIds: [ready.id], visibility: "public" });
  assert.equal(posted.mediaAttachments[0].description, "Un quai");
  const changed = await alice.v1.statuses.$select(posted.id).update({
    status: "Le #quai rouvre",
    mediaIds: [ready.id],
    mediaAttributes: [{ id: ready.id, description: "Le quai" }],
  });
  assert.equal(changed.mediaAttachments[0].description, "Le quai");
  assert.equal((await alice.v1.statuses.$select(posted.id).history.list()).length, 2);
  assert.equal((await alice.v1.statuses.$select(posted.id).source.fetch()).text, "Le #quai rouvre");
  assert.deepEqual((await bob.v1.statuses.list({ id: [posted.id] })).map((status) => status.id), [posted.id]);
  assert.equal((await alice.v1.statuses.$select(posted.id).remove()).text, "Le #quai rouvre");
  await assert.rejects(bob.v1.statuses.$select(posted.id).fetch(), /Record not found/);
});

test("a poll, a scheduled status, and what one does with a status", async () => {
  const asked = await alice.v1.statuses.create({ status: "Quel jour ?", poll: { options: ["Lundi", "Mardi"], expiresIn: 3600 } });
  const voted = await bob.v1.polls.$select(asked.poll.id).votes.create({ choices: [0] });
  assert.deepEqual(voted.ownVotes, [0]);
  const scheduledAt = new Date(Date.now() + 86_400_000).toISOString();
  const waiting = await alice.v1.statuses.create({ status: "Demain", scheduledAt });
  assert.equal(waiting.params.text, "Demain");
  await alice.v1.scheduledStatuses.$select(waiting.id).update({ scheduledAt });
  await alice.v1.scheduledStatuses.$select(waiting.id).remove();
  for (const [does, shows] of [["favourite", "favourited"], ["bookmark", "bookmarked"], ["mute", "muted"]]) {
    assert.equal((await bob.v1.statuses.$select(asked.id)[does]())[shows], true);
    const undoes = `un${does}`;
    assert.equal((await bob.v1.statuses.$select(asked.id)[undoes]())[shows], false);
  }
  const boosted = await bob.v1.statuses.$select(asked.id).reblog();
  assert.equal(boosted.reblog.id, asked.id);
  assert.equal((await alice.v1.statuses.$select(asked.id).rebloggedBy.list())[0].username, me.bob.username);
});

test("timelines come page by page, by the Link header", async () => {
  const posted = [];
  for (let number = 0; number < 5; number += 1) {
    posted.unshift((await alice.v1.statuses.create({ status: `Marée #masto ${number}` })).id);
  }
  const read = [];
  for await (const page of alice.v1.timelines.tag.$select("masto").list({ limit: 2 })) read.push(...page.map((s) => s.id));
  assert.deepEqual(read, posted);
  assert.ok((await alice.v1.timelines.home.list()).length >= 5);
  assert.ok((await alice.v1.timelines.public.list({ local: true })).length >= 5);
});

test("lists, filters, markers, search, preferences and the profile", async () => {
  await alice.v1.accounts.$select(me.bob.id).follow({ notify: true, reblogs: true });
  const list = await alice.v1.lists.create({ title: "Voisins", repliesPolicy: "list" });
  await alice.v1.lists.$select(list.id).accounts.create({ accountIds: [me.bob.id] });
  assert.equal((await alice.v1.lists.$select(list.id).accounts.list())[0].id, me.bob.id);
  assert.equal((await alice.v1.lists.$select(list.id).update({ title: "Voisines" })).title, "Voisines");
  await alice.v1.lists.$select(list.id).remove();
  const filter = await alice.v2.filters.create({
    title: "Ronds-points", context: ["home"], filterAction: "warn",
    keywordsAttributes: [{ keyword: "rond-point", wholeWord: true }],
  });
  assert.equal(filter.keywords[0].keyword, "rond-point");
  await alice.v2.filters.$select(filter.id).remove();
  const { home } = await alice.v1.markers.create({ home: { lastReadId: "1" } });
  assert.equal(home.lastReadId, "1");
  assert.equal((await alice.v2.search.list({ q: me.bob.acct, type: "accounts" })).accounts[0].id, me.bob.id);
  assert.equal((await alice.v1.preferences.fetch())["posting:default:visibility"], "public");
  const shown = await alice.v1.accounts.updateCredentials({
    displayName: "Alice", fieldsAttributes: [{ name: "Port", value: "Nord" }], source: { language: "fr" },
  });
  assert.equal(shown.source.fields[0].value, "Nord");
  assert.equal(shown.source.language, "fr");
});

test("notifications, alone and in groups", async () => {
  const posted = await alice.v1.statuses.create({ status: "Qui vient ?" });
  await bob.v1.statuses.$select(posted.id).favourite();
  await until(async () => (await alice.v1.notifications.list({ types: ["favourite"] })).some((n) => n.status.id === posted.id));
  const grouped = await alice.v2.notifications.list();
  assert.ok(grouped.notificationGroups.some((group) => group.type === "favourite"));
  const policy = await alice.v2.notifications.policy.update({ forNewAccounts: "accept" });
  assert.equal(policy.forNewAccounts, "accept");
});

test("everything happens on one WebSocket", async () => {
  const instance = await alice.v2.instance.fetch();
  const socket = createStreamingAPIClient({
    streamingApiUrl: `${instance.configuration.urls.streaming}/api/v1/streaming`,
    accessToken: tokens.bob,
  });
  const heard = [];
  const listen = async (stream, subscription) => {
    for await (const event of subscription) heard.push(`${stream} ${event.event} ${event.payload.id ?? event.payload}`);
  };
  await bob.v1.accounts.$select(me.alice.id).follow();
  await until(async () => (await bob.v1.accounts.relationships.fetch({ id: [me.alice.id] }))[0].following);
  await socket.prepare();
  const open = [socket.user.subscribe(), socket.hashtag.subscribe({ tag: "vagues" })];
  listen("user", open[0]);
  listen("hashtag", open[1]);
  await new Promise((go) => setTimeout(go, 500));
  const posted = await alice.v1.statuses.create({ status: "Des #vagues" });
  await until(() => heard.includes(`user update ${posted.id}`) && heard.includes(`hashtag update ${posted.id}`));
  await alice.v1.statuses.$select(posted.id).update({ status: "Des #vagues hautes" });
  await until(() => heard.includes(`user status.update ${posted.id}`));
  await alice.v1.statuses.$select(posted.id).remove();
  await until(() => heard.includes(`user delete ${posted.id}`));
  for (const subscription of open) subscription.unsubscribe();
  socket.close();
});

test("moderators", async () => {
  assert.ok((await admin.v1.admin.accounts.list({ local: true })).length >= 2);
  const made = await alice.v1.reports.create({ accountId: me.bob.id, comment: "Trop de mouettes", category: "other" });
  const report = await admin.v1.admin.reports.$select(made.id).fetch();
  assert.equal(report.comment, "Trop de mouettes");
  assert.equal((await admin.v1.admin.reports.$select(made.id).resolve()).actionTaken, true);
  await assert.rejects(async () => alice.v1.admin.reports.list(), /This action is not allowed/);
});
