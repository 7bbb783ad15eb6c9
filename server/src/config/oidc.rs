//! The identity provider.

use url::Url;

use backend::is_https_or_loopback;

use super::{Secret, Vars};

#[derive(Clone, Debug)]
pub struct OidcConfig {
    /// `WAYMARK_OIDC_ISSUER`, exactly as the provider writes it in its tokens.
    pub issuer: String,
    /// `WAYMARK_OIDC_CLIENT_ID`
    pub client_id: String,
    /// `WAYMARK_OIDC_CLIENT_SECRET`
    pub client_secret: Secret,
    /// `WAYMARK_OIDC_GROUPS_CLAIM`: the claim that lists a person's groups.
    pub groups_claim: String,
}

impl OidcConfig {
    pub(super) fn read(vars: &mut Vars) -> Self {
        let issuer = vars.required("WAYMARK_OIDC_ISSUER", "the issuer of your identity provider");
        if !issuer.is_empty() {
            match Url::parse(&issuer) {
                Ok(url) if is_https_or_loopback(&url) => {}
                Ok(_) => vars.problem(
                    "WAYMARK_OIDC_ISSUER",
                    "it must begin with https://; plain http is for this machine alone",
                ),
                Err(_) => vars.problem("WAYMARK_OIDC_ISSUER", "it must be a web address"),
            }
        }
        Self {
            issuer,
            client_id: vars
                .required("WAYMARK_OIDC_CLIENT_ID", "the client that your identity provider knows Waymark by"),
            client_secret: Secret::new(vars.required("WAYMARK_OIDC_CLIENT_SECRET", "that client's secret")),
            groups_claim: vars.text("WAYMARK_OIDC_GROUPS_CLAIM", "groups"),
        }
    }

    /// Scheme, host and port of the provider, for the content security policy.
    pub fn origin(&self) -> String {
        Url::parse(&self.issuer).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
    }
}
