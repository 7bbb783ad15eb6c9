//! Our rows behind `tower-sessions`.

use async_trait::async_trait;
use backend::{
    Db,
    access::{self, IdHash, SessionLife, SessionRow},
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{Error, Result},
};
use uuid::Uuid;

use crate::config::PublicUrl;

/// Key of the signed-in person's id in the session.
pub const SESSION_PERSON: &str = "person";
/// Key of when that person proved to the provider who they are, in seconds since 1970; absent where it did not say.
pub const SESSION_AUTH_TIME: &str = "auth_time";
/// Key of the provider's own session id.
pub(super) const SESSION_PROVIDER_SID: &str = "provider_sid";
/// Key of the ID token; the provider wants it back at sign-out.
pub(super) const SESSION_ID_TOKEN: &str = "id_token";

#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    life: SessionLife,
}

/// The cookie lives as long as the browser; how long the session lives is decided by the database alone.
pub fn layer(db: Db, life: SessionLife, public_url: &PublicUrl) -> SessionManagerLayer<Store> {
    SessionManagerLayer::new(Store { db, life })
        .with_name(format!("__Host-sid{}", public_url.cookie_suffix()))
        .with_secure(true)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd)
}

/// The hash under which a session is kept.
pub fn id_hash(id: Id) -> IdHash {
    Sha256::digest(id.0.to_be_bytes()).into()
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !access::create_session(&self.db, &id_hash(record.id), &row(record)?).await.map_err(backend_error)? {
            record.id = Id::default();
        }
        Ok(())
    }

    /// A session that has ended meanwhile stays ended; whoever holds its id is signed out at the next request.
    async fn save(&self, record: &Record) -> Result<()> {
        let alive = access::save_session(&self.db, &id_hash(record.id), &row(record)?).await.map_err(backend_error)?;
        if !alive {
            tracing::info!("a request finished after its session had ended");
        }
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(live) = access::load_session(&self.db, &id_hash(*id), &self.life).await.map_err(backend_error)? else {
            return Ok(None);
        };
        let data = serde_json::from_value(live.data).map_err(|e| Error::Decode(e.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date: live.ends_at }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        access::delete_session(&self.db, &id_hash(*id)).await.map_err(backend_error)
    }
}

fn row(record: &Record) -> Result<SessionRow> {
    let text = |key: &str| record.data.get(key).and_then(Value::as_str).map(str::to_owned);
    Ok(SessionRow {
        person: text(SESSION_PERSON).and_then(|id| id.parse::<Uuid>().ok()),
        provider_sid: text(SESSION_PROVIDER_SID),
        data: serde_json::to_value(&record.data).map_err(|e| Error::Encode(e.to_string()))?,
    })
}

fn backend_error(error: backend::Error) -> Error {
    Error::Backend(error.to_string())
}
