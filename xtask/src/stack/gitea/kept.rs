//! What is decided or made once for a Gitea: `gitea.json` in the state folder, readable by its owner alone.

use std::fs;

use serde::{Deserialize, Serialize};

use crate::failure::{Result, While};
use crate::stack::state::Folder;

const FILE: &str = "gitea.json";

/// Secrets made at random for this folder, and what was set up with them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The password of Gitea's own role in Postgres.
    pub(super) postgres: String,
    pub(super) oidc_client: String,
    pub(super) secret_key: String,
    pub(super) internal_token: String,
    /// 43 letters of URL-safe Base64 for 32 bytes: Gitea takes nothing else.
    pub(super) jwt_secret: String,
    /// The administrator's.
    pub(super) token: Option<String>,
    /// The fingerprint of the login source as Gitea has it.
    pub(super) login_source: Option<String>,
}

impl Kept {
    /// What an earlier start wrote down.
    pub(super) fn read(folder: &Folder) -> Result<Option<Self>> {
        let path = folder.path().join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read(&path).world(format_args!("read {}", path.display()))?;
        let read = serde_json::from_slice(&text);
        read.map(Some)
            .input(format_args!("read {} (run `cargo xtask stack down --purge` to start afresh)", path.display()))
    }

    /// What was written down, else made and written down.
    pub(super) fn open(folder: &Folder) -> Result<Self> {
        if let Some(kept) = Self::read(folder)? {
            return Ok(kept);
        }
        let kept = Self::make();
        kept.keep(folder)?;
        Ok(kept)
    }

    pub(super) fn keep(&self, folder: &Folder) -> Result<()> {
        folder.write(FILE, &serde_json::to_vec_pretty(self).world("write gitea.json")?)
    }

    fn make() -> Self {
        let secret = || hex::encode(rand::random::<[u8; 32]>());
        Self {
            postgres: secret(),
            oidc_client: secret(),
            secret_key: secret(),
            internal_token: secret(),
            // Hex digits are letters of Base64 too; the last one must leave the two spare bits empty, as `0` does.
            jwt_secret: format!("{}0", hex::encode(rand::random::<[u8; 21]>())),
            token: None,
            login_source: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_was_made_stays_and_is_for_the_owner_alone() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path()).unwrap();
        assert!(Kept::read(&folder).unwrap().is_none());
        let mut kept = Kept::open(&folder).unwrap();
        kept.token = Some("t".into());
        kept.keep(&folder).unwrap();
        assert!(Kept::open(&folder).unwrap() == kept);
        let mode = fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
    }

    #[test]
    fn secrets_have_the_shape_that_gitea_takes_and_differ() {
        let (one, other) = (Kept::make(), Kept::make());
        assert_eq!(one.jwt_secret.len(), 43);
        assert!(
            one.jwt_secret != other.jwt_secret && one.postgres != one.oidc_client && one.postgres != other.postgres
        );
    }
}
