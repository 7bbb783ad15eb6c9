//! An identity provider that a test makes lie. The real one is used by the journeys.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Form, Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(crate) const CLIENT_ID: &str = "waymark";
pub(crate) const CLIENT_SECRET: &str = "canary-client-secret";

/// How the next token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    Well,
    /// By somebody else, under the name of the provider's key.
    BySomebodyElse,
    /// By nobody: `alg` is `none`.
    ByNobody,
    /// With the secret that the client knows as well (HS256).
    WithOurSecret,
}

/// What the provider puts into tokens.
pub(crate) struct Lie {
    pub(crate) claims: fn(&mut Value),
    pub(crate) signed: Signed,
}

/// A way in that was promised: to whom, with which nonce, for which proof (PKCE).
struct Promise {
    login: String,
    nonce: String,
    challenge: String,
}

pub(crate) struct FakeProvider {
    pub(crate) issuer: String,
    promises: Mutex<HashMap<String, Promise>>,
    pub(crate) lie: Mutex<Lie>,
    /// What discovery says in place of the true issuer.
    pub(crate) named: Mutex<Option<String>>,
}

impl FakeProvider {
    pub(crate) async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Arc::new(Self {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            promises: Mutex::default(),
            lie: Mutex::new(Lie { claims: |_| {}, signed: Signed::Well }),
            named: Mutex::default(),
        });
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/jwks", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        provider
    }

    /// What the sign-in page would do: a code for what the browser was sent here with.
    pub(crate) fn promise(&self, login: &str, asked: &HashMap<String, String>) -> String {
        let mut promises = self.promises.lock().unwrap();
        let code = format!("code-{}", uuid::Uuid::new_v4());
        let (nonce, challenge) = (asked["nonce"].clone(), asked["code_challenge"].clone());
        promises.insert(code.clone(), Promise { login: login.to_owned(), nonce, challenge });
        code
    }

    fn token(&self, promise: &Promise) -> String {
        let now = server::clock::now().unix_timestamp();
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT_ID, "sub": promise.login, "nonce": promise.nonce,
            "iat": now, "exp": now + 600, "auth_time": now,
            "preferred_username": promise.login, "name": promise.login, "groups": ["payments", "platform"],
        });
        let lie = self.lie.lock().unwrap();
        (lie.claims)(&mut claims);
        sign(&claims, lie.signed)
    }
}

fn sign(claims: &Value, signed: Signed) -> String {
    let algorithm = match signed {
        Signed::Well | Signed::BySomebodyElse => "EdDSA",
        Signed::ByNobody => "none",
        Signed::WithOurSecret => "HS256",
    };
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(&json!({ "alg": algorithm, "kid": "of-the-test" })), part(claims));
    let signature = match signed {
        Signed::Well => key(1).sign(&CoreJwsSigningAlgorithm::EdDsa, message.as_bytes()).unwrap(),
        Signed::BySomebodyElse => key(2).sign(&CoreJwsSigningAlgorithm::EdDsa, message.as_bytes()).unwrap(),
        Signed::ByNobody => Vec::new(),
        Signed::WithOurSecret => {
            let mut mac = Hmac::<Sha256>::new_from_slice(CLIENT_SECRET.as_bytes()).unwrap();
            mac.update(message.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
    };
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// A key for Ed25519 as PKCS #8 writes it: what it is, then its 32 bytes.
fn key(seed: u8) -> CoreEdDsaPrivateSigningKey {
    let mut bytes =
        vec![0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    bytes.extend([seed; 32]);
    let kind = "PRIVATE KEY";
    let pem = format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", STANDARD.encode(bytes));
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new("of-the-test".into()))).unwrap()
}

async fn configuration(State(provider): State<Arc<FakeProvider>>) -> Json<Value> {
    let issuer = &provider.issuer;
    let named = provider.named.lock().unwrap().clone();
    Json(json!({
        "issuer": named.as_ref().unwrap_or(issuer),
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn keys() -> Json<Value> {
    Json(json!({ "keys": [key(1).as_verification_key()] }))
}

/// A code is good once, and only with the proof that it was asked for.
async fn token(State(provider): State<Arc<FakeProvider>>, Form(sent): Form<HashMap<String, String>>) -> Response {
    let promise = provider.promises.lock().unwrap().remove(&sent["code"]);
    let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(sent["code_verifier"].as_bytes()));
    match promise.filter(|promise| promise.challenge == proof) {
        Some(promise) => {
            let token = provider.token(&promise);
            Json(json!({ "access_token": "a", "token_type": "Bearer", "id_token": token })).into_response()
        }
        None => (http::StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response(),
    }
}
