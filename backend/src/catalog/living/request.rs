//! Asking for an import. What can be said at once is said at once; the rest is a worker's to find out.

use domain::{access::Viewer, error::FieldError};
use serde_json::json;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::{
    address::{Address, Host, USUAL_FILE},
    led::hash_of_all,
    queue::Imports,
};
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    catalog::import::Preview,
    git_host::Branch,
    keyed_queue::Keys,
};

/// Unanswered imports of one person; more are a mistake or an attack.
const MOST_OPEN: i64 = 20;
/// Repositories that are offered for choosing.
const MOST_CANDIDATES: i64 = 200;

/// A repository that may be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub repository: String,
    pub description: String,
    /// Whether `catalog-info.yaml` lies at its root.
    pub has_file: bool,
    /// A source of it that is read already.
    pub source: Option<Uuid>,
    /// The address to import it by.
    pub address: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The root of the Git host; none until a worker has said it.
    pub host: Option<String>,
    pub repositories: Vec<Candidate>,
    /// When they were listed last; none before the first time.
    pub listed_at: Option<time::OffsetDateTime>,
}

/// What is wrong with an address before any host is asked, by its field.
pub async fn check_address(viewer: &Viewer, db: &Db, text: &str) -> Result<Option<FieldError>> {
    if viewer.is_outsider() {
        return Ok(Some(nothing_for_outsiders()));
    }
    let mut tx = db.pool.begin().await?;
    match address(&mut tx, text).await {
        Ok(_) => Ok(None),
        Err(Error::Invalid(mut fields)) => Ok(fields.pop()),
        Err(other) => Err(other),
    }
}

/// Asks for the file at an address to be read, and answers the id of the import.
pub async fn request_import(viewer: &Viewer, db: &Db, text: &str) -> Result<Uuid> {
    if viewer.is_outsider() {
        return Err(Error::Invalid(vec![nothing_for_outsiders()]));
    }
    let mut tx = db.pool.begin().await?;
    let address = address(&mut tx, text).await?;
    let import = insert(&mut tx, Some(viewer), &address).await?;
    asked(tx, &Actor::Person(viewer.person), import, &address).await?;
    Ok(import)
}

/// On behalf of whoever runs a command beside the database.
pub async fn request_for_command(db: &Db, text: &str) -> Result<Uuid> {
    let mut tx = db.pool.begin().await?;
    let address = address(&mut tx, text).await?;
    let import = insert(&mut tx, None, &address).await?;
    asked(tx, &Actor::System("catalog-import"), import, &address).await?;
    Ok(import)
}

/// What became of an import that a command asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    NotYet,
    Ready {
        hash: String,
        preview: Preview,
    },
    /// Why not, in full sentences.
    Never {
        problem: String,
    },
}

pub async fn answered(db: &Db, import: Uuid) -> Result<Answered> {
    let row = sqlx::query!(
        r#"select i.state, i.hash, i.problem, i.preview, coalesce(bool_or(l.state = 'reading'), false) as "leads_on!",
                  coalesce(array_agg(l.hash order by l.import_id) filter (where l.state = 'ready'), '{}') as "led!"
           from catalog_import i left join catalog_import l on l.led_by = i.import_id
           where i.import_id = $1 group by i.import_id"#,
        import
    )
    .fetch_one(&db.pool)
    .await?;
    Ok(match (row.state.as_str(), row.hash, row.preview) {
        ("reading", ..) => Answered::NotYet,
        ("ready", ..) if row.leads_on => Answered::NotYet,
        ("ready", Some(hash), Some(preview)) => {
            let unreadable = |error| Error::internal(format!("catalog_import {import}: preview: {error}"));
            let hash = hash_of_all(&hash, row.led.iter().map(String::as_str));
            Answered::Ready { hash, preview: serde_json::from_value(preview).map_err(unreadable)? }
        }
        _ => Answered::Never { problem: row.problem.unwrap_or_else(|| "It was accepted already.".to_owned()) },
    })
}

/// Asks once more for what an import of the viewer's was about.
pub async fn request_again(viewer: &Viewer, db: &Db, import: Uuid) -> Result<Uuid> {
    let mut tx = db.pool.begin().await?;
    let before = sqlx::query!(
        "select repository, branch, path from catalog_import
         where import_id = $1 and person_id = $2 and not $3",
        import,
        viewer.person.0,
        viewer.is_outsider(),
    )
    .fetch_one(&mut *tx)
    .await?;
    let broken = |what: &str| Error::internal(format!("catalog_import {import}: {what} is not readable"));
    let address = Address {
        repository: before.repository.parse().map_err(|_| broken("repository"))?,
        branch: before.branch.map(|branch| branch.parse::<Branch>()).transpose().map_err(|_| broken("branch"))?,
        path: Some(before.path),
    };
    let import = insert(&mut tx, Some(viewer), &address).await?;
    asked(tx, &Actor::Person(viewer.person), import, &address).await?;
    Ok(import)
}

/// Removes imports of a month ago; answers how many.
pub async fn purge_imports(db: &Db) -> Result<u64> {
    let removed = sqlx::query!("delete from catalog_import where created_at < now() - interval '30 days'")
        .execute(&db.pool)
        .await?;
    Ok(removed.rows_affected())
}

/// The repositories that the viewer may choose from, those with a catalog file first.
pub async fn candidates(viewer: &Viewer, db: &Db) -> Result<Candidates> {
    let host = sqlx::query!("select url, listed_at from catalog_host where not $1", viewer.is_outsider())
        .fetch_optional(&db.pool)
        .await?;
    let Some((host, listed_at)) = host.and_then(|row| Some((Host::new(&row.url)?, row.listed_at))) else {
        return Ok(Candidates::default());
    };
    let rows = sqlx::query!(
        r#"select r.repository, r.description, r.branch, r.has_file,
                  (select s.source_id from catalog_source s where lower(s.repository) = lower(r.repository) and s.ended_at is null
                   order by s.path <> $5, s.source_id limit 1) as source
           from catalog_repository r
           where not $1 and ($2 or r.is_open or lower(split_part(r.repository, '/', 1)) = any ($3))
           order by not r.has_file, lower(r.repository) limit $4"#,
        viewer.is_outsider(),
        viewer.sees_all_teams(),
        &viewer.teams,
        MOST_CANDIDATES,
        USUAL_FILE,
    )
    .fetch_all(&db.pool)
    .await?;
    let repositories = rows.into_iter().filter_map(|row| {
        let name = row.repository.parse().ok()?;
        Some(Candidate {
            address: host.page(&name, &row.branch, USUAL_FILE),
            repository: row.repository,
            description: row.description,
            has_file: row.has_file,
            source: row.source,
        })
    });
    Ok(Candidates { repositories: repositories.collect(), host: Some(host.as_str().to_owned()), listed_at })
}

async fn address(tx: &mut Transaction<'_, Postgres>, text: &str) -> Result<Address> {
    let host = sqlx::query_scalar!("select url from catalog_host").fetch_optional(&mut **tx).await?;
    let Some(host) = host.and_then(|url| Host::new(&url)) else {
        let message = "The platform reads from no Git host yet. Ask the platform team to connect one, then try again.";
        return Err(at_field(message));
    };
    host.address(text).map_err(|message| at_field(&message))
}

/// Without a viewer a command asks, which is trusted with everything.
async fn insert(tx: &mut Transaction<'_, Postgres>, viewer: Option<&Viewer>, address: &Address) -> Result<Uuid> {
    let person = viewer.map(|viewer| viewer.person.0);
    if let Some(person) = person {
        room(tx, person).await?;
    }
    let trusts_all = viewer.is_none_or(Viewer::sees_all_teams);
    let trusts = viewer.map(|viewer| viewer.teams.clone()).unwrap_or_default();
    let is_trusted = trusts_all || trusts.contains(&address.repository.owner.as_str().to_lowercase());
    let import = sqlx::query_scalar!(
        "insert into catalog_import (person_id, repository, branch, path, is_trusted, trusts_all, trusts, state)
         values ($1, $2, $3, $4, $5, $6, $7, 'reading') returning import_id",
        person,
        address.repository.to_string(),
        address.branch.as_ref().map(Branch::as_str),
        address.path.as_deref().unwrap_or(USUAL_FILE),
        is_trusted,
        trusts_all,
        &trusts,
    )
    .fetch_one(&mut **tx)
    .await?;
    Imports::wake(tx, import).await?;
    Ok(import)
}

/// One person's imports are counted by one transaction at a time.
async fn room(tx: &mut Transaction<'_, Postgres>, person: Uuid) -> Result<()> {
    sqlx::query!("select 1 as one from person where person_id = $1 for update", person).fetch_one(&mut **tx).await?;
    let open = sqlx::query_scalar!(
        r#"select count(*) as "open!" from catalog_import where person_id = $1 and state = 'reading' and led_by is null"#,
        person
    )
    .fetch_one(&mut **tx)
    .await?;
    if open < MOST_OPEN {
        return Ok(());
    }
    Err(Error::Conflict {
        code: "too_many_imports",
        detail: format!("{MOST_OPEN} imports of yours wait for an answer. Wait for one of them, then ask again."),
    })
}

async fn asked(tx: Transaction<'_, Postgres>, actor: &Actor, import: Uuid, address: &Address) -> Result<()> {
    let detail = json!({ "repository": address.repository.to_string(), "path": address.path });
    audit::commit(tx, Record { actor, action: "catalog.import_request", target: format!("import:{import}"), detail })
        .await
}

fn at_field(message: &str) -> Error {
    Error::Invalid(vec![FieldError::new("/address", message)])
}

fn nothing_for_outsiders() -> FieldError {
    FieldError::new("/address", "You belong to no team yet. Ask the platform team for a group, then import.")
}
