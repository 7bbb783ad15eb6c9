/** Sign-out as a client starts it: at once where the ID token proves who asks, after a question where it does not. */
import { cookieOptions } from './cookies.mjs';
import { homeOf } from './errors.mjs';
import { signedOutPage, signOutPage } from './pages/sign-out.mjs';
import { endSession } from './session.mjs';

/** Called by the library with its own form, after it has checked the ID token and the address to return to. */
export async function answerSignOut(ctx, form) {
  const { provider, session, entities } = ctx.oidc;
  if (entities.IdTokenHint?.payload.sub !== session.accountId) {
    ctx.body = signOutPage({ form, account: session.accountId });
    return;
  }
  await endSession(provider, session);
  ctx.cookies.set(provider.cookieName('session'), null, cookieOptions);
  leave(ctx);
}

/**
 * When nobody is signed in here the library answers with a form that a script sends.
 * There is nothing left to end, so the browser goes straight on.
 */
export async function skipEmptySignOut(ctx, next) {
  await next();
  if (ctx.oidc?.route === 'end_session' && ctx.status === 200 && !ctx.oidc.session.accountId) leave(ctx);
}

export function showSignedOut(ctx) {
  ctx.body = signedOutPage({ home: homeOf(ctx) });
}

function leave(ctx) {
  const { postLogoutRedirectUri, state } = ctx.oidc.session.state;
  const target = new URL(postLogoutRedirectUri ?? ctx.oidc.urlFor('end_session_success'));
  if (postLogoutRedirectUri && state !== undefined) target.searchParams.set('state', state);
  ctx.status = 303;
  ctx.redirect(target.href);
}
