//! The identity provider: discovery, the code flow and the checks of its tokens.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use openidconnect::{
    AccessToken, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, LogoutRequest,
    Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, RedirectUrl, Scope,
    TokenResponse,
    core::{CoreAuthPrompt, CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreResponseType},
};
use tokio::sync::RwLock;
use url::Url;

use super::{
    claims::{OurClaims, OurClient, OurIdToken, OurUserInfo, identity},
    fresh,
};
use crate::{
    clock,
    config::{OidcConfig, PublicUrl},
};

mod client;
mod logout_token;
mod metadata;

pub use client::HttpError;
use metadata::{Extensions, OurMetadata};

/// The provider as configured; discovery happens at the first use and again when its keys have changed.
#[derive(Clone, Debug)]
pub struct Provider {
    config: Arc<OidcConfig>,
    public_url: PublicUrl,
    http: client::Http,
    discovered: Arc<RwLock<Option<Arc<Discovered>>>>,
}

#[derive(Debug)]
struct Discovered {
    client: OurClient,
    extensions: Extensions,
    keys: CoreJsonWebKeySet,
    at: Instant,
}

/// What has to be kept between the way there and the way back.
#[derive(Debug)]
pub struct Departure {
    pub url: Url,
    pub state: String,
    pub nonce: String,
    pub pkce_verifier: String,
}

/// A verified arrival.
#[derive(Debug)]
pub struct Arrival {
    pub identity: backend::access::Identity,
    pub id_token: String,
    /// When the person proved who they are, in seconds since 1970.
    pub auth_time: Option<i64>,
    pub provider_sid: Option<String>,
}

/// Why nobody was signed in. The text goes to the log; people get one sentence for all of them.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("the provider does not answer: {0}")]
    Unreachable(String),
    #[error("the answer did not hold: {0}")]
    Refused(String),
}

impl Provider {
    pub fn new(config: OidcConfig, public_url: PublicUrl) -> Result<Self, HttpError> {
        let http = client::Http::new()?;
        Ok(Self { config: Arc::new(config), public_url, http, discovered: Arc::default() })
    }

    /// The address to send the browser to, with state, nonce and PKCE. A provider that is told a greatest age has to say
    /// when the person signed in there (OpenID Connect Core, 3.1.2.1); asked for a fresh sign-in, it asks the person.
    pub async fn depart(&self, is_fresh: bool) -> Result<Departure, SignInError> {
        let discovered = self.discovered().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let request = discovered
            .client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || CsrfToken::new_random_len(32),
                || Nonce::new_random_len(32),
            )
            .add_scopes(["profile", "email", "groups"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge)
            .set_max_age(if is_fresh { fresh::LIFE.unsigned_abs() } else { OLDEST_SIGN_IN });
        let request = if is_fresh { request.add_prompt(CoreAuthPrompt::Login) } else { request };
        let (url, state, nonce) = request.url();
        Ok(Departure {
            url,
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            pkce_verifier: verifier.into_secret(),
        })
    }

    /// Exchanges the code and checks everything that came with it.
    pub async fn arrive(&self, code: String, nonce: String, pkce_verifier: String) -> Result<Arrival, SignInError> {
        let discovered = self.discovered().await?;
        let tokens = discovered
            .client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(refused)?
            .set_pkce_verifier(PkceCodeVerifier::new(pkce_verifier))
            .request_async(&self.http)
            .await
            .map_err(refused)?;
        let id_token = tokens.id_token().ok_or_else(|| refused("no ID token"))?;
        let claims = self.verified(id_token, &Nonce::new(nonce)).await?;
        let groups = match claims.additional_claims().groups(&self.config.groups_claim) {
            Some(groups) => groups,
            None => self.groups_from_user_info(tokens.access_token(), &claims).await?,
        };
        Ok(Arrival {
            identity: identity(&claims, groups),
            auth_time: claims.auth_time().map(|at| at.timestamp()),
            provider_sid: claims.additional_claims().text("sid").map(str::to_owned),
            id_token: id_token.to_string(),
        })
    }

    /// Whether an answer names the configured provider (RFC 9207). A provider that says it always names itself must.
    pub async fn is_from_issuer(&self, named: Option<&str>) -> Result<bool, SignInError> {
        match named {
            Some(issuer) => Ok(issuer == self.config.issuer),
            None => Ok(!self.discovered().await?.extensions.authorization_response_iss_parameter_supported),
        }
    }

    pub fn issuer(&self) -> &str {
        &self.config.issuer
    }

    /// Where to send the browser to end the provider's session too; `None` where the provider has no such address.
    pub async fn end_session_url(&self, id_token: Option<&str>) -> Option<Url> {
        let discovered = self.discovered().await.ok()?;
        let back = PostLogoutRedirectUrl::new(self.public_url.join("/")).ok()?;
        let mut request = LogoutRequest::from(discovered.extensions.end_session_endpoint.clone()?)
            .set_client_id(ClientId::new(self.config.client_id.clone()))
            .set_post_logout_redirect_uri(back);
        if let Some(id_token) = id_token.and_then(|token| token.parse::<OurIdToken>().ok()) {
            request = request.set_id_token_hint(&id_token);
        }
        Some(request.http_get_url())
    }

    /// Signature, issuer, audience, times and nonce. Keys are asked for again once, in case they were changed.
    async fn verified(&self, token: &OurIdToken, nonce: &Nonce) -> Result<OurClaims, SignInError> {
        if let Ok(claims) = check(&*self.discovered().await?, token, nonce) {
            return Ok(claims);
        }
        self.forget().await;
        check(&*self.discovered().await?, token, nonce)
    }

    async fn groups_from_user_info(&self, token: &AccessToken, claims: &OurClaims) -> Result<Vec<String>, SignInError> {
        let discovered = self.discovered().await?;
        let request = discovered.client.user_info(token.clone(), Some(claims.subject().clone())).map_err(refused)?;
        let info: OurUserInfo = request.request_async(&self.http).await.map_err(refused)?;
        Ok(info.additional_claims().groups(&self.config.groups_claim).unwrap_or_default())
    }

    async fn forget(&self) {
        *self.discovered.write().await = None;
    }

    /// Forgets what was discovered unless that was a moment ago; whether it did.
    async fn forget_old(&self) -> bool {
        let mut discovered = self.discovered.write().await;
        let is_old = discovered.as_ref().is_none_or(|known| known.at.elapsed() > ASK_AGAIN_AFTER);
        if is_old {
            *discovered = None;
        }
        is_old
    }

    async fn discovered(&self) -> Result<Arc<Discovered>, SignInError> {
        if let Some(discovered) = self.discovered.read().await.clone() {
            return Ok(discovered);
        }
        let fresh = Arc::new(self.discover().await?);
        *self.discovered.write().await = Some(fresh.clone());
        Ok(fresh)
    }

    /// The library checks that the issuer in the document equals the configured one, character by character.
    async fn discover(&self) -> Result<Discovered, SignInError> {
        let unreachable = |error: &dyn std::fmt::Display| SignInError::Unreachable(error.to_string());
        let issuer = IssuerUrl::new(self.config.issuer.clone()).map_err(|e| unreachable(&e))?;
        let metadata = OurMetadata::discover_async(issuer, &self.http).await.map_err(|e| unreachable(&e))?;
        let extensions = metadata.additional_metadata().clone();
        let keys = metadata.jwks().clone();
        let redirect = RedirectUrl::new(self.public_url.join("/auth/callback")).map_err(|e| unreachable(&e))?;
        let client = OurClient::from_provider_metadata(
            metadata,
            ClientId::new(self.config.client_id.clone()),
            Some(ClientSecret::new(self.config.client_secret.expose().to_owned())),
        )
        .set_redirect_uri(redirect);
        Ok(Discovered { client, extensions, keys, at: Instant::now() })
    }
}

/// The provider is asked for its keys again at most this often because of a token that none of them has signed.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(60);

/// How long ago the person may have signed in at the provider: as long as a session of ours lives at most.
const OLDEST_SIGN_IN: Duration = Duration::from_secs(24 * 60 * 60);

/// The provider's clock may be ahead of ours by this much, in seconds.
const LEEWAY: i64 = 60;

/// Asymmetric algorithms alone: with a shared secret every client could forge tokens.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 3] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

fn check(discovered: &Discovered, token: &OurIdToken, nonce: &Nonce) -> Result<OurClaims, SignInError> {
    let latest = clock::now().unix_timestamp() + LEEWAY;
    let verifier =
        discovered.client.id_token_verifier().set_allowed_algs(ALGORITHMS).set_issue_time_verifier_fn(move |at| {
            if at.timestamp() > latest { Err("issued in the future".into()) } else { Ok(()) }
        });
    let claims = token.claims(&verifier, nonce).map_err(refused)?;
    // The library leaves this one to us.
    if claims.authorized_party().is_some_and(|party| party != discovered.client.client_id()) {
        return Err(refused("made for another client"));
    }
    Ok(claims.clone())
}

fn refused(error: impl std::fmt::Display) -> SignInError {
    SignInError::Refused(error.to_string())
}
