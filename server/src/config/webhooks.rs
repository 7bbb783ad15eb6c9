//! What the Git host signs its events with. Both processes know it: the worker registers webhooks with it, and the web
//! process checks what comes in.

use backend::{git_host::Webhook, webhooks::Source};
use url::Url;

use super::{PUBLIC_URL, PublicUrl, Secret, Vars};

/// What the worker registers at repositories.
#[derive(Clone, Debug)]
pub struct WebhookConfig {
    /// Below `WAYMARK_PUBLIC_URL`
    pub url: Url,
    pub secret: Secret,
}

/// As long as the signature that is made with it.
const SHORTEST: usize = 32;

/// `WAYMARK_WEBHOOK_SECRET`
pub(super) fn secret(vars: &mut Vars) -> Option<Secret> {
    let text = vars.optional("WAYMARK_WEBHOOK_SECRET")?;
    if text.chars().count() < SHORTEST {
        let must = "it must have at least 32 characters; `openssl rand -hex 32` prints one";
        vars.problem("WAYMARK_WEBHOOK_SECRET", must);
    }
    Some(Secret::new(text))
}

impl WebhookConfig {
    /// `None` when no secret is configured. The address has no default here: the Git host is somewhere else.
    pub(super) fn read(vars: &mut Vars, source: Source) -> Option<Self> {
        let secret = secret(vars)?;
        let what = "the address of the pages, which the Git host sends its webhooks to";
        let text = vars.required("WAYMARK_PUBLIC_URL", what);
        let url = text.parse::<PublicUrl>().ok().and_then(|public| Url::parse(&public.join(&source.path())).ok());
        if url.is_none() && !text.is_empty() {
            vars.problem("WAYMARK_PUBLIC_URL", format!("it must be {PUBLIC_URL}"));
        }
        Some(Self { url: url?, secret })
    }

    pub fn webhook(&self) -> Webhook {
        Webhook { url: self.url.clone(), secret: self.secret.expose().to_owned().into() }
    }
}
