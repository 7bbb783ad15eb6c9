/** What every page of the provider has around its content. */
import { html } from './html.mjs';

const mark = html`<svg width="20" height="20" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round" aria-hidden="true"><path d="M3 13V4l5-2 5 2v9l-5-2.4z"/><path d="M8 2v8.6"/></svg>`;

/** @returns {string} a whole document */
export function frame({ title, narrow = false, content }) {
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="preload" href="/assets/inter.woff2" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="/assets/style.css">
</head>
<body>
<div class="page${narrow && ' narrow'}">
<header class="brand">${mark}<span>Waymark</span><span class="second">local demo provider</span></header>
<main>
${content}
</main>
</div>
</body>
</html>
`);
}
