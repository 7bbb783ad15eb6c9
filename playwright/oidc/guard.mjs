/** Stands in front of everything: the headers of every answer, and requests that name another host. */

export function guard({ issuer, clients }) {
  const { host } = new URL(issuer);
  const headers = headersFor(clients);
  return (ctx, next) => {
    ctx.set(headers);
    // Links are built from the Host header, and a name that resolves to loopback must not reach the accounts.
    if (ctx.host !== host) {
      ctx.status = 421;
      ctx.body = `This provider answers at ${issuer} only.\n`;
      return undefined;
    }
    return next();
  };
}

function headersFor(clients) {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "style-src 'self'",
      "font-src 'self'",
      "img-src 'self'",
      // Chrome holds the redirects that follow a form to this list too, so it names where people are sent.
      `form-action 'self' ${originsOf(clients).join(' ')}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  };
}

function originsOf(clients) {
  const uris = clients.flatMap((client) => [...client.redirect_uris, ...(client.post_logout_redirect_uris ?? [])]);
  return [...new Set(uris.map((uri) => new URL(uri).origin))];
}
