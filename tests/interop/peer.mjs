// An ActivityPub server we did not write (Fedify), to federate with in tests: `node peer.mjs [port [control port]]`.
// It prints one line of JSON when ready, {"origin", "control"}, and ends when its standard input does.
import * as federation from "./federation.mjs";
import { createControl } from "./control.mjs";
import * as wire from "./wire.mjs";

const journal = { sent: [], received: [], fetched: [], outside: [], letters: [] };
wire.guardFetch(journal);

const state = await federation.createState();
const peer = { state, journal, first: wire.RFC9421, only: null, origin: null, federations: null };
peer.context = () => peer.federations.get(peer.first).createContext(new URL(peer.origin), null);

/** A key cache for our own weighing, so that a test reads which requests the other server answered, once each. */
function createKeyCache() {
  const keys = new Map();
  return { get: async (id) => keys.get(id.href), set: async (id, key) => void (key && keys.set(id.href, key)) };
}

const keyCache = createKeyCache();

async function answer(request) {
  const federation = peer.federations.get(peer.first);
  if (request.method !== "POST") {
    const { pathname, search } = new URL(request.url);
    const response = await federation.fetch(request, { contextData: null });
    journal.fetched.push({ path: pathname + search, scheme: wire.schemeOf(request.headers), status: response.status });
    return response;
  }
  const refused = peer.only != null && wire.schemeOf(request.headers) !== peer.only;
  if (refused) return new Response(`this server only knows ${peer.only}`, { status: 401 });
  const { documentLoader, contextLoader } = peer.context();
  const entry = await wire.weigh(request, { documentLoader, contextLoader, keyCache });
  const response = await federation.fetch(request, { contextData: null });
  journal.received.push({ ...entry, status: response.status });
  return response;
}

async function command(request) {
  const verb = new URL(request.url).pathname.slice(1);
  if (!Object.hasOwn(control, verb)) return Response.json({ error: `no such verb: ${verb}` }, { status: 404 });
  try {
    return Response.json((await control[verb](await request.json())) ?? null);
  } catch (error) {
    return Response.json({ error: String(error.stack) }, { status: 422 });
  }
}

const [port = "0", controlPort = "0"] = process.argv.slice(2);
peer.origin = await wire.serve(Number(port), answer);
peer.federations = await federation.createFederations(state, [wire.RFC9421, wire.CAVAGE], peer.origin);
const control = createControl(peer);
const controlOrigin = await wire.serve(Number(controlPort), command);
process.stdin.resume().on("end", () => process.exit(0));
console.log(JSON.stringify({ origin: peer.origin, control: controlOrigin }));
