//! One look at the host: which repositories there are, and which of them have a catalog file.

use std::collections::BTreeMap;

use domain::{
    catalog::code_owners::{FILES, owners},
    scaffold::tree::{MAX_FILE_BYTES, RelPath},
};

use super::{address::USUAL_FILE, queue::RepositoryHosts};
use crate::{
    Db, Error,
    git_host::{Branch, FileAt, GitHost, ListedRepository, Revision},
    keyed_queue::{Claim, Keys, Stop},
};

/// More are not offered for choosing; each can still be imported by its address.
const MOST_PAGES: u32 = 100;

/// Puts what the host lists in the place of what was known.
pub(super) async fn list_repositories(db: &Db, git_host: &dyn GitHost, claim: &Claim) -> Result<(), Stop> {
    let known = known(db).await?;
    let mut listed = Vec::new();
    for page in 1..=MOST_PAGES {
        let some = git_host.list_repositories(page).await?;
        if some.is_empty() {
            break;
        }
        for one in some.into_iter().filter(|one| !one.repository.archived) {
            let found = look(git_host, known.get(&one.repository.name.to_string()), &one).await?;
            listed.push((one, found));
        }
    }
    let mut tx = RepositoryHosts::fenced(db, claim).await?.ok_or(Stop::LeaseLost)?;
    let column = |part: fn(&(ListedRepository, Known)) -> String| listed.iter().map(part).collect::<Vec<_>>();
    let texts = |part: fn(&Known) -> String| listed.iter().map(|(_, known)| part(known)).collect::<Vec<_>>();
    let flag = |part: fn(&(ListedRepository, Known)) -> bool| listed.iter().map(part).collect::<Vec<_>>();
    sqlx::query!("delete from catalog_repository").execute(&mut *tx).await.map_err(Error::from)?;
    sqlx::query!(
        "insert into catalog_repository (repository, description, branch, changed, is_open, has_file, code_owners, authors)
         select r.repository, r.description, r.branch, r.changed, r.is_open, r.has_file,
                string_to_array(r.code_owners, ' '), string_to_array(r.authors, chr(10))
         from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::bool[], $7::text[], $8::text[])
              as r (repository, description, branch, changed, is_open, has_file, code_owners, authors)
         on conflict do nothing",
        &column(|(one, _)| one.repository.name.to_string()),
        &column(|(one, _)| one.repository.description.replace('\0', "")),
        &column(|(one, _)| one.repository.default_branch.clone()),
        &column(|(_, found)| found.changed.clone()),
        &flag(|(one, _)| one.repository.is_open),
        &flag(|(_, found)| found.has_file),
        &texts(|known| known.code_owners.join(" ")),
        &texts(|known| known.authors.join("\n")),
    )
    .execute(&mut *tx)
    .await
    .map_err(Error::from)?;
    sqlx::query!("update catalog_host set listed_at = now() where host_id = $1", claim.key)
        .execute(&mut *tx)
        .await
        .map_err(Error::from)?;
    tx.commit().await.map_err(Error::from)?;
    Ok(())
}

/// Writes down which host is read.
pub(super) async fn declare_host(db: &Db, url: &str) -> crate::Result<()> {
    sqlx::query!(
        "insert into catalog_host (url) values ($1)
         on conflict on constraint catalog_host_once do update set url = excluded.url, due_at = now()",
        url
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// What each was like when it was looked into.
async fn known(db: &Db) -> crate::Result<BTreeMap<String, Known>> {
    let rows = sqlx::query!("select repository, changed, has_file, code_owners, authors from catalog_repository")
        .fetch_all(&db.pool)
        .await?;
    let known = rows.into_iter().map(|row| {
        let known =
            Known { changed: row.changed, has_file: row.has_file, code_owners: row.code_owners, authors: row.authors };
        (row.repository, known)
    });
    Ok(known.collect())
}

/// What is kept of a look into a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    changed: String,
    has_file: bool,
    /// Full references, and addresses.
    code_owners: Vec<String>,
    authors: Vec<String>,
}

/// Stands before the time of a change after which no file was found yet: a host tells times in seconds, so the file may
/// have come within the same one, and it is looked once more.
const NOT_YET: char = '?';

/// A repository that cannot be looked into now harms no other: it has no file yet.
async fn look(git_host: &dyn GitHost, known: Option<&Known>, listed: &ListedRepository) -> crate::Result<Known> {
    if let Some(known) = known.filter(|known| known.changed == listed.changed) {
        return Ok(known.clone());
    }
    let path: RelPath = USUAL_FILE.parse().map_err(|_| Error::internal("the usual file has no usual name"))?;
    let first = format!("{NOT_YET}{}", listed.changed);
    let mut has_file = false;
    let changed = match git_host.has_file(&listed.repository.name, &path).await {
        Ok(true) => {
            has_file = true;
            listed.changed.clone()
        }
        Ok(false) if known.is_some_and(|known| known.changed == first) => listed.changed.clone(),
        Ok(false) => first,
        Err(error) => {
            tracing::warn!(%error, repository = %listed.repository.name, "not looked into");
            first
        }
    };
    let (code_owners, authors) = look_after(git_host, listed).await.unwrap_or_else(|error| {
        tracing::debug!(%error, repository = %listed.repository.name, "who looks after it could not be read");
        Default::default()
    });
    Ok(Known { changed, has_file, code_owners, authors })
}

/// Commits that tell whose a repository is.
const LATEST: u8 = 30;

/// Whom its code owners file names, and who committed last.
async fn look_after(git_host: &dyn GitHost, listed: &ListedRepository) -> crate::Result<(Vec<String>, Vec<String>)> {
    let name = &listed.repository.name;
    let branch: Branch = listed.repository.default_branch.parse().map_err(|_| Error::NotFound)?;
    let at = Revision::Branch(branch);
    let commits = git_host.list_commits(name, &at, LATEST).await?;
    let authors = commits.into_iter().map(|commit| commit.email.trim().to_lowercase());
    let authors = authors.filter(|email| !email.is_empty() && !email.contains('\0')).collect();
    let files: Vec<RelPath> = FILES.iter().filter_map(|path| path.parse().ok()).collect();
    let found = git_host.read_files(name, &at, &files, MAX_FILE_BYTES).await?;
    let first = found.into_iter().find_map(|file| match file {
        FileAt::Bytes(bytes) => Some(bytes),
        FileAt::Missing | FileAt::TooLarge => None,
    });
    let text = String::from_utf8_lossy(first.as_deref().unwrap_or_default()).into_owned();
    Ok((owners(&text).iter().map(ToString::to_string).collect(), authors))
}
