//! Putting a version of a path where everybody starts from it.

use domain::catalog::Name;
use domain::error::FieldError;
use domain::golden_paths::VERSION_ANNOTATION;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::{Postgres, Transaction};

use crate::audit::{self, Actor, Record};
use crate::golden_paths::{GoldenPath, PathFiles};
use crate::{Db, Error, Result};

/// What publishing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub name: String,
    pub version: String,
    /// False when exactly this was published before.
    pub is_new: bool,
}

const WORKLOAD_ANNOTATION: &str = "waymark.dev/workload";

/// Publishes a version, which becomes the current one. The same files again change nothing; other files under a number
/// that is published are refused. Whether the path is any good is said by [`lint`](crate::golden_paths::lint()).
pub async fn publish(db: &Db, actor: &Actor, path: GoldenPath) -> Result<Published> {
    let (name, version) = identity(&path)?;
    let digest = digest(&path.files);
    let mut tx = db.pool.begin().await?;
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('golden_path ' || $1, 0))", name)
        .execute(&mut *tx)
        .await?;
    let published = sqlx::query_scalar!(
        "select digest from golden_path_version where golden_path = $1 and version = $2",
        name,
        version,
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(published) = published {
        if published == digest {
            return Ok(Published { name, version, is_new: false });
        }
        let detail = format!(
            "Version {version} of {name} is published with other files: raise `{VERSION_ANNOTATION}` in template.yaml."
        );
        return Err(Error::Conflict { code: "version_published", detail });
    }
    insert(&mut tx, &name, &version, &digest, &path).await?;
    let record = Record {
        actor,
        action: "golden_path.publish",
        target: format!("golden_path:{name}"),
        detail: json!({ "version": version, "digest": hex::encode(digest) }),
    };
    audit::commit(tx, record).await?;
    Ok(Published { name, version, is_new: true })
}

/// Name and version as addresses and plans can hold them.
fn identity(path: &GoldenPath) -> Result<(String, String)> {
    let name: Name = path
        .template
        .name
        .parse()
        .map_err(|error| Error::Invalid(vec![FieldError::new("/metadata/name", format!("{error}"))]))?;
    let version = path.template.version.clone().ok_or_else(|| {
        let message = format!("Give the path the annotation `{VERSION_ANNOTATION}` with a version such as \"1.0.0\".");
        Error::Invalid(vec![FieldError::new("/metadata/annotations", message)])
    })?;
    Ok((name.as_str().to_owned(), version))
}

/// Lengths stand before contents, so that no two sets of files are hashed from the same bytes.
fn digest(files: &PathFiles) -> [u8; 32] {
    let mut hash = Sha256::new();
    for (path, file) in files.below("") {
        for part in [path.as_bytes(), &[u8::from(file.executable)], &file.bytes] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    hash.finalize().into()
}

async fn insert(
    tx: &mut Transaction<'_, Postgres>,
    name: &str,
    version: &str,
    digest: &[u8; 32],
    path: &GoldenPath,
) -> Result<()> {
    let template = &path.template;
    sqlx::query!(
        "insert into golden_path (name, current_version) values ($1, $2)
         on conflict (name) do update set current_version = excluded.current_version",
        name,
        version,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into golden_path_version (golden_path, version, digest, title, description, owner, tags, workload)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        name,
        version,
        &digest[..],
        template.title.as_deref().unwrap_or(name),
        template.description.as_deref().unwrap_or_default(),
        template.owner,
        &template.tags,
        workload(path),
    )
    .execute(&mut **tx)
    .await?;
    for (file, source) in path.files.below("") {
        sqlx::query!(
            "insert into golden_path_file (golden_path, version, path, content, executable) values ($1, $2, $3, $4, $5)",
            name,
            version,
            file,
            source.bytes,
            source.executable,
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

fn workload(path: &GoldenPath) -> Option<String> {
    let annotations = path.document.get("metadata")?.get("annotations")?;
    annotations.get(WORKLOAD_ANNOTATION)?.text().map(str::to_owned)
}
