// A service that lets people sign in, as ProConnect does: the code flow with PKCE, what it tells of people as a signed
// token, the SIRET of their employer among it. Told what to be in JSON (PROVIDER); ends with its standard input.

import Provider from "oidc-provider";

const { port, clientId, secret, home, people } = JSON.parse(process.env.PROVIDER);
const issuer = `http://127.0.0.1:${port}`;

const SCOPES = ["given_name", "usual_name", "email", "siret", "uid"];

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: secret,
      redirect_uris: [`${home}/connexion/retour`],
      post_logout_redirect_uris: [`${home}/deconnexion/retour`],
      token_endpoint_auth_method: "client_secret_post",
      id_token_signed_response_alg: "RS256",
      userinfo_signed_response_alg: "RS256",
    },
  ],
  claims: { openid: ["sub"], ...Object.fromEntries(SCOPES.map((name) => [name, [name]])) },
  scopes: ["openid", ...SCOPES],
  acrValues: ["eidas1"],
  features: {
    devInteractions: { enabled: false },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      async logoutSource(context, hidden) {
        context.body = page(`${hidden}<button form="op.logoutForm" name="logout" value="yes">Terminer la session</button>`);
      },
    },
  },
  pkce: { required: () => true },
  cookies: { keys: ["estran"] },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  async findAccount(_context, id) {
    return { accountId: id, claims: async () => ({ sub: id, ...people[id] }) };
  },
  // Nobody is asked whether we may know who they are: the service was told so once for all.
  async loadExistingGrant(context) {
    const { client, session, provider: here } = context.oidc;
    const grant = new here.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(["openid", ...SCOPES].join(" "));
    await grant.save();
    return grant;
  },
});

function page(body) {
  return `<!doctype html><html lang="fr"><title>Service de connexion</title><link rel="icon" href="data:,">${body}</html>`;
}

function form(uid) {
  const choices = Object.keys(people).map((id) => `<button name="who" value="${id}">${people[id].email}</button>`);
  const out = '<button name="who" value="">Renoncer</button>';
  return page(`<h1>Qui êtes-vous ?</h1><form method="post" action="/interaction/${uid}">${choices.join(" ")} ${out}</form>`);
}

async function read(request) {
  let body = "";
  for await (const piece of request) body += piece;
  return new URLSearchParams(body);
}

provider.use(async (context, next) => {
  const [, , uid] = context.path.split("/");
  if (!context.path.startsWith("/interaction/")) return next();
  if (context.method === "GET") {
    context.type = "html";
    context.body = form(uid);
    return undefined;
  }
  const accountId = (await read(context.req)).get("who");
  const result = accountId ? { login: { accountId, acr: "eidas1" } } : { error: "access_denied" };
  context.respond = false;
  return provider.interactionFinished(context.req, context.res, result, { mergeWithLastSubmission: false });
});

const server = provider.listen(port, "127.0.0.1", () => console.log(issuer));
process.stdin.resume().on("end", () => server.close(() => process.exit()));
