/** What people read when a sign-in cannot go on: what happened, and the way back. */
import { errorPage } from './pages/error.mjs';

const HOMES = Symbol('homes');

const EXPIRED = {
  title: 'This sign-in has expired',
  text: 'It was finished, left for over an hour, or overtaken by another one in this browser. Start again from Waymark.',
};
const NOT_FOUND = {
  title: 'There is nothing at this address',
  text: 'This provider only signs people in and out. Go back to Waymark and start from there.',
};
const FAILED = {
  title: 'The provider has failed',
  text: 'The cause is in its log. Go back to Waymark and try once more.',
};
const BY_ERROR = {
  invalid_redirect_uri: {
    title: 'The address to return to is not known here',
    text: 'Waymark asked to return to an address that this provider was not started with. Open Waymark at its own address; if that is where you come from, stop the local stack and start it again.',
  },
  invalid_client: {
    title: 'This application is not known here',
    text: 'The provider was started for another application. Stop the local stack and start it again, then try once more.',
  },
};
const REFUSED = {
  title: 'This request cannot be answered',
  text: 'It is incomplete or was changed on its way. Go back to Waymark and start again.',
};

/** Remembers where each client lives, for the links on pages that know no client. */
export function rememberHomes(provider, settings) {
  provider.context[HOMES] = settings.clients.map((client) => new URL('/', client.redirect_uris[0]).href);
}

/** The start page of the application that a person came from, or of the first configured one. */
export function homeOf(ctx) {
  const [redirectUri] = ctx.oidc?.client?.redirectUris ?? [];
  return redirectUri ? new URL('/', redirectUri).href : ctx[HOMES][0];
}

/** Called by the library for errors that must not be sent to the client. */
export function showError(ctx, out, error) {
  ctx.type = 'html';
  ctx.body = errorPage({ ...wordsFor(error, out), detail: out.error_description, home: homeOf(ctx) });
}

/** Catches what our own pages throw, and addresses that nobody answers. */
export async function showErrors(ctx, next) {
  try {
    await next();
    if (ctx.status === 404 && !ctx.body) ctx.throw(404);
  } catch (error) {
    ctx.status = error.statusCode ?? 500;
    if (ctx.status >= 500) ctx.app.emit('server_error', ctx, error);
    showError(ctx, error.expose ? error : {}, error);
  }
}

function wordsFor(error, out) {
  const status = error.statusCode ?? 500;
  if (error.name === 'SessionNotFound') return EXPIRED;
  if (status === 404) return NOT_FOUND;
  if (status >= 500) return FAILED;
  return BY_ERROR[out.error] ?? REFUSED;
}
