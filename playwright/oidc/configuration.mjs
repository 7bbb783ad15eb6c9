/** What oidc-provider is told: code flow with PKCE (unless a client cannot), no consent, the account asked for every time. */
import { interactionPolicy } from 'oidc-provider';
// Named directly because the default adapter is this very one plus a warning about production.
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js';

import { claimsOfScopes, findAccount } from './accounts.mjs';
import { cookieNames, cookieOptions } from './cookies.mjs';
import { showError } from './errors.mjs';
import { answerSignOut, showSignedOut } from './sign-out.mjs';

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

export function configurationFor(settings) {
  const withoutPkce = new Set(settings.clients.filter(({ pkce }) => pkce === false).map((client) => client.client_id));
  return {
    adapter: createMemoryAdapter(),
    clients: settings.clients.map(clientFrom),
    jwks: settings.jwks,
    cookies: {
      keys: settings.cookie_keys,
      names: cookieNames(settings.port),
      long: cookieOptions,
      short: cookieOptions,
    },
    scopes: Object.keys(claimsOfScopes),
    claims: claimsOfScopes,
    conformIdTokenClaims: false,
    findAccount,
    loadExistingGrant: grantWhatIsAsked,
    responseTypes: ['code'],
    pkce: { required: (_ctx, { clientId }) => !withoutPkce.has(clientId) },
    interactions: { policy: alwaysAsk(), url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    clientBasedCORS: () => false,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    enabledJWA: { idTokenSigningAlgValues: ['RS256'] },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: answerSignOut, postLogoutSuccessSource: showSignedOut },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      dPoP: { enabled: false },
    },
    renderError: showError,
    // The library refuses loopback addresses; here the only calls are sign-out notices to configured clients.
    fetch: (url, { dispatcher: _loopbackRefusing, ...options }) => fetch(url, options),
    ttl: { AccessToken: HOUR, AuthorizationCode: 60, IdToken: HOUR, Interaction: HOUR, Session: DAY, Grant: DAY },
  };
}

function clientFrom(client) {
  return {
    client_id: client.client_id,
    client_secret: client.client_secret,
    redirect_uris: client.redirect_uris,
    post_logout_redirect_uris: client.post_logout_redirect_uris ?? [],
    ...(client.backchannel_logout_uri && {
      backchannel_logout_uri: client.backchannel_logout_uri,
      backchannel_logout_session_required: true,
    }),
    grant_types: ['authorization_code'],
    response_types: ['code'],
    // form_post would answer with an inline script, which the content security policy forbids.
    response_modes: ['query'],
  };
}

/** Adds the reason that makes each authorization request ask, also when somebody is signed in here. */
function alwaysAsk() {
  const policy = interactionPolicy.base();
  policy.get('login').checks.add(
    new interactionPolicy.Check('account_choice', 'Which account is asked for every time', 'login_required', (ctx) =>
      !ctx.oidc.result?.login,
    ),
  );
  return policy;
}

/** Stands for the consent page that there is none of. */
async function grantWhatIsAsked({ oidc }) {
  const { provider, client, session } = oidc;
  const known = session.grantIdFor(client.clientId);
  const grant =
    (known && (await provider.Grant.find(known))) ||
    new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  grant.addOIDCScope(oidc.requestParamOIDCScopes);
  await grant.save();
  return grant;
}
