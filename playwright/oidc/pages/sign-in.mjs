/** The sign-in page: the form, and the demo accounts with what each may do. */
import { accounts, PASSWORD } from '../accounts.mjs';
import { frame } from './frame.mjs';
import { html } from './html.mjs';

/**
 * @param {object} state
 * @param {string} state.action where both forms are sent
 * @param {string} state.login what was typed before
 * @param {boolean} state.refused whether the last answer was wrong
 * @param {string} state.goesTo host and port of the application behind this sign-in
 */
export function signInPage({ action, login, refused, goesTo }) {
  return frame({
    title: 'Sign in to Waymark',
    content: html`<h1>Sign in to Waymark</h1>
<p class="lead">This is the local demo provider: its people are invented and exist on this machine alone. You go on to <span class="mono">${goesTo}</span>.</p>
<div class="columns">
<section class="card" aria-labelledby="with-password">
<h2 id="with-password">With a password</h2>
${passwordForm({ action, login, refused })}
</section>
<section class="card" aria-labelledby="as-somebody">
<h2 id="as-somebody">As one of the demo accounts</h2>
<form method="post" action="${action}">
<ul class="rows">
${accounts.map(accountRow)}
</ul>
</form>
</section>
</div>`,
  });
}

function passwordForm({ action, login, refused }) {
  return html`<form method="post" action="${action}" class="fields">
<label for="login">Account</label>
<input id="login" name="login" type="text" value="${login}" autocomplete="username" autocapitalize="none" spellcheck="false" required${!refused && html` autofocus`}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required aria-describedby="password-hint${refused && ' password-error'}"${refused && html` aria-invalid="true" autofocus`}>
${refused && html`<p class="error" id="password-error">This account and password do not belong together. Check both, or choose an account from the list.</p>`}
<p class="hint" id="password-hint">Every demo account has the password <span class="mono">${PASSWORD}</span>.</p>
<button type="submit" class="primary">Sign in</button>
</form>`;
}

function accountRow({ login, name, groups, may }) {
  return html`<li>
<div>
<p><strong>${name}</strong> <span class="second">${groups.length > 0 ? groups.join(', ') : 'no group'}</span></p>
<p class="second">${may}</p>
</div>
<button name="account" value="${login}">Sign in as ${login}</button>
</li>
`;
}
