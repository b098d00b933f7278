// What goes over the wire: a web server around Fedify, a journal of what passed, and requests signed well or badly.
import { createServer } from "node:http";
import { Temporal } from "@js-temporal/polyfill";
import * as sig from "@fedify/fedify/sig";
import { Activity } from "@fedify/vocab";

export const RFC9421 = "rfc9421";
export const CAVAGE = "draft-cavage-http-signatures-12";

/** What is sent to an inbox of this name goes nowhere and is kept, for someone else to forward. */
export const LETTERBOX = "/letterbox";

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

export function schemeOf(headers) {
  if (headers.has("signature-input")) return RFC9421;
  return headers.has("signature") ? CAVAGE : null;
}

/** Every request of this process passes here: written down, and refused when it would leave the machine. */
export function guardFetch(journal) {
  const dial = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (!LOOPBACK.test(url.hostname)) {
      journal.outside.push(request.url);
      throw new TypeError(`this peer only speaks to loopback, not to ${url.origin}`);
    }
    // Fedify looks acct: handles up over https only; the servers under test speak plain http.
    url.protocol = "http:";
    const body = request.body == null ? undefined : await request.text();
    if (url.pathname === LETTERBOX) {
      journal.letters.push(body);
      return new Response(null, { status: 202 });
    }
    const entry = { method: request.method, url: url.href, scheme: schemeOf(request.headers), status: null };
    journal.sent.push(entry);
    const { method, headers, signal } = request;
    const response = await dial(url, { method, headers, body, signal, redirect: request.redirect });
    entry.status = response.status;
    return response;
  };
}

/** Serve `answer(Request) -> Response` on loopback; `port` 0 takes a free one. Returns the origin. */
export async function serve(port, answer) {
  let origin;
  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method, rawHeaders, url } = incoming;
    const headers = new Headers();
    for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i], rawHeaders[i + 1]);
    const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
    const response = await answer(new Request(origin + url, { method, headers, body })).catch(
      (error) => new Response(error.stack, { status: 500 }),
    );
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise((listening) => server.listen(port, "127.0.0.1", listening));
  origin = `http://127.0.0.1:${server.address().port}`;
  return origin;
}

/** What a request to an inbox proves, by Fedify's own verifiers: its HTTP signature and its object integrity proof. */
export async function weigh(request, loaders) {
  const json = await request.clone().json();
  const http = await sig.verifyRequestDetailed(request.clone(), loaders);
  const entry = {
    path: new URL(request.url).pathname,
    type: json.type,
    id: json.id,
    actor: json.actor?.id ?? json.actor,
    object: json.object,
    scheme: schemeOf(request.headers),
    signature: http.verified ? "verified" : http.reason.type,
    signer: http.verified ? http.key.ownerId?.href : null,
    proof: "none",
    headers: Object.fromEntries(request.headers),
    body: json,
  };
  if (sig.hasProofLike(json)) {
    const proven = await sig.verifyObject(Activity, sig.detachSignature(json), loaders).catch(() => null);
    entry.proof = proven == null ? "invalid" : "verified";
  }
  return entry;
}

/** Post bytes to an inbox, signed by whoever's key, `age` seconds ago, and replace text in them after the signature. */
export async function post({ url, body, privateKey, keyId, spec, age = 0, altered = null, drop = [] }) {
  const then = Temporal.Now.instant().subtract({ seconds: age });
  const headers = { "Content-Type": "application/activity+json" };
  const request = new Request(url, { method: "POST", headers, body });
  const signed = await sig.signRequest(request, privateKey, keyId, { spec, currentTime: then });
  const kept = new Headers(signed.headers);
  for (const name of drop) kept.delete(name);
  const sent = altered == null ? body : replaceOnce(body, altered);
  const response = await fetch(url, { method: "POST", headers: kept, body: sent });
  return { status: response.status, answer: await response.text(), sent: JSON.parse(sent) };
}

/** Replace the first occurrence; a text that is not there is a mistake of the test. */
export function replaceOnce(text, [found, put]) {
  if (!text.includes(found)) throw new Error(`nothing to alter: ${found}`);
  return text.replace(found, () => put);
}
