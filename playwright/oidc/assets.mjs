/** The three files that the pages load. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const inter = createRequire(import.meta.url).resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2');

const assets = new Map([
  ['/assets/style.css', { type: 'text/css; charset=utf-8', body: readFileSync(new URL('style.css', import.meta.url)) }],
  ['/assets/icon.svg', { type: 'image/svg+xml', body: readFileSync(new URL('icon.svg', import.meta.url)) }],
  ['/assets/inter.woff2', { type: 'font/woff2', body: readFileSync(inter) }],
]);

export function serveAssets(ctx, next) {
  const asset = assets.get(ctx.path);
  if (!asset || !['GET', 'HEAD'].includes(ctx.method)) return next();
  ctx.set('Cache-Control', 'public, max-age=300');
  ctx.type = asset.type;
  ctx.body = asset.body;
  return undefined;
}
