// A web application on a site of its own, as Phanpy and Elk are: registers, signs in by redirect with PKCE (S256), then
// asks from the browser, across sites, with masto.js.

import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from "masto";

const home = new URL(location.pathname, location.href).href;
const scope = "read write follow push";

function base64(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

async function leave(server) {
  const rest = createRestAPIClient({ url: server });
  const application = await rest.v1.apps.create({ clientName: "Estran", redirectUris: home, scopes: scope });
  const verifier = base64(crypto.getRandomValues(new Uint8Array(48)));
  const challenge = base64(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  sessionStorage.setItem("sign-in", JSON.stringify({ server, application, verifier }));
  const query = new URLSearchParams({
    client_id: application.clientId, redirect_uri: home, response_type: "code", scope, state: "marée",
    code_challenge: challenge, code_challenge_method: "S256",
  });
  location.assign(`${server}/oauth/authorize?${query}`);
}

async function arrive(code) {
  const { server, application, verifier } = JSON.parse(sessionStorage.getItem("sign-in"));
  const given = await createOAuthAPIClient({ url: server }).token.create({
    clientId: application.clientId, clientSecret: application.clientSecret, redirectUri: home,
    grantType: "authorization_code", code, codeVerifier: verifier, scope,
  });
  const rest = createRestAPIClient({ url: server, accessToken: given.accessToken });
  const me = await rest.v1.accounts.verifyCredentials();
  const instance = await rest.v2.instance.fetch();
  const socket = createStreamingAPIClient({
    streamingApiUrl: `${instance.configuration.urls.streaming}/api/v1/streaming`, accessToken: given.accessToken,
  });
  await socket.prepare();
  const heard = socket.user.subscribe();
  setTimeout(() => rest.v1.statuses.create({ status: "Depuis une page" }), 500);
  for await (const event of heard) {
    if (event.event === "update") break;
  }
  const first = (await rest.v1.timelines.home.list({ limit: 1 }))[0];
  document.body.textContent = `${me.username}: ${new DOMParser().parseFromString(first.content, "text/html").body.textContent}`;
}

const query = new URLSearchParams(location.search);
if (query.get("code")) arrive(query.get("code")).catch((error) => (document.body.textContent = String(error)));
else if (query.get("error")) document.body.textContent = `${query.get("error")} ${query.get("state")}`;
else leave(query.get("server")).catch((error) => (document.body.textContent = String(error)));
