/** The question before a sign-out that nothing vouches for, and the page after one. */
import { frame } from './frame.mjs';
import { html, trusted } from './html.mjs';

/** @param {{form: string, account: string}} state `form` is the library's own, with its single-use secret */
export function signOutPage({ form, account }) {
  return frame({
    title: 'Sign out of Waymark?',
    narrow: true,
    content: html`<h1>Sign out of Waymark?</h1>
<p class="lead">You are signed in as <span class="mono">${account}</span>. Signing out ends this in every application that uses this provider.</p>
${trusted(form)}
<p class="actions">
<button type="submit" form="op.logoutForm" name="logout" value="yes" class="primary">Sign out</button>
<button type="submit" form="op.logoutForm">Stay signed in</button>
</p>`,
  });
}

export function signedOutPage({ home }) {
  return frame({
    title: 'You are signed out',
    narrow: true,
    content: html`<h1>You are signed out</h1>
<p class="lead">Nobody is signed in at the local demo provider in this browser.</p>
<p class="actions"><a class="button primary" href="${home}">Go to Waymark</a></p>`,
  });
}
