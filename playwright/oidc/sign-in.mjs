/** The sign-in form: shows it, checks it, and hands the account to the waiting authorization request. */
import { findByLogin, findByPassword } from './accounts.mjs';
import { signInPage } from './pages/sign-in.mjs';
import { endSession } from './session.mjs';

const PATH = /^\/sign-in\/([\w-]+)$/;
const BODY_LIMIT = 8 * 1024;

export function signIn(provider) {
  return async (ctx, next) => {
    const [, uid] = PATH.exec(ctx.path) ?? [];
    if (!uid) return next();
    ctx.set('Cache-Control', 'no-store');
    if (!['GET', 'HEAD', 'POST'].includes(ctx.method)) ctx.throw(405);

    const interaction = await provider.interactionDetails(ctx.req, ctx.res);
    if (interaction.uid !== uid) ctx.throw(400);
    if (ctx.method === 'POST') await submit(provider, ctx, interaction);
    else ctx.body = await page(provider, interaction, { login: interaction.params.login_hint });
  };
}

async function submit(provider, ctx, interaction) {
  const site = ctx.get('Sec-Fetch-Site');
  if (site && site !== 'same-origin') ctx.throw(403);

  const form = await readForm(ctx);
  const login = (form.get('login') ?? '').trim();
  // The list of accounts signs in with one press, so its buttons carry the account instead of a password.
  const account = findByLogin(form.get('account')) ?? findByPassword(login, form.get('password') ?? '');
  if (!account) {
    ctx.status = 422;
    ctx.body = await page(provider, interaction, { login, refused: true });
    return;
  }
  await leaveOtherAccount(provider, interaction, account);
  const result = { login: { accountId: account.login, amr: ['pwd'] } };
  const resume = await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
  ctx.status = 303;
  ctx.redirect(resume);
}

/** Without this the library asks the browser to post a sign-out form by script before it goes on. */
async function leaveOtherAccount(provider, interaction, account) {
  const { uid, accountId } = interaction.session ?? {};
  if (!accountId || accountId === account.login) return;
  await endSession(provider, await provider.Session.findByUid(uid));
  interaction.session = undefined;
  await interaction.persist();
}

async function page(provider, interaction, { login = '', refused = false }) {
  const client = await provider.Client.find(interaction.params.client_id);
  const action = `/sign-in/${interaction.uid}`;
  return signInPage({ action, login, refused, goesTo: new URL(client.redirectUris[0]).host });
}

async function readForm(ctx) {
  if (!ctx.is('application/x-www-form-urlencoded')) ctx.throw(415);
  const chunks = [];
  let size = 0;
  for await (const chunk of ctx.req) {
    size += chunk.length;
    if (size > BODY_LIMIT) ctx.throw(413);
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
