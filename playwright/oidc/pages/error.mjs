/** One page for everything that went wrong. */
import { frame } from './frame.mjs';
import { html } from './html.mjs';

/** @param {{title: string, text: string, detail?: string, home: string}} state */
export function errorPage({ title, text, detail, home }) {
  return frame({
    title,
    narrow: true,
    content: html`<h1>${title}</h1>
<p class="lead">${text}</p>
${detail && html`<p class="detail"><span class="second">In the words of the protocol:</span> <span class="mono">${detail}</span></p>`}
<p class="actions"><a class="button primary" href="${home}">Go to Waymark</a></p>`,
  });
}
