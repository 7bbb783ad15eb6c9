//! Where an import leads: locations in its files name files of other repositories. Each becomes an import of its own, which is
//! read as if who asked had named it, and is accepted with the first or not at all.

use std::collections::BTreeMap;

use domain::catalog::descriptor::Finding;
use sha2::{Digest, Sha256};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::{
    address::{Address, USUAL_FILE},
    queue::Imports,
};
use crate::{Result, catalog::reading::Elsewhere, git_host::Branch, keyed_queue::Keys};

/// Repositories that one leads to, one after the other.
pub(super) const MOST_DEPTH: i32 = 3;
/// Imports that one leads to altogether.
pub const MOST_LED: i64 = 300;

/// Asks for what was read to be followed. What is a source already, or is asked for already, is not asked for again.
pub(super) async fn follow(tx: &mut Transaction<'_, Postgres>, import: Uuid, elsewhere: &[Elsewhere]) -> Result<()> {
    if elsewhere.is_empty() {
        return Ok(());
    }
    // What two of them lead to is counted by one transaction at a time.
    let root = sqlx::query_scalar!(
        r#"select import_id from catalog_import
           where import_id = (select coalesce(led_by, import_id) from catalog_import where import_id = $1) for no key update"#,
        import
    )
    .fetch_one(&mut **tx)
    .await?;
    let named = Named::of(elsewhere);
    let led = sqlx::query_scalar!(
        r#"insert into catalog_import
               (person_id, repository, branch, path, is_trusted, state, led_by, said_by, depth, target, is_optional,
                trusts_all, trusts)
           select i.person_id, n.repository, n.branch, n.path,
                  i.trusts_all or lower(split_part(n.repository, '/', 1)) = any (i.trusts), 'reading', $2, i.import_id,
                  i.depth + 1, n.target, n.is_optional, i.trusts_all, i.trusts
           from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bool[])
                    with ordinality as n (repository, branch, path, target, is_optional, place)
           join catalog_import i on i.import_id = $1 and i.depth < $8
           where not exists (
                   select from catalog_source s
                   where s.is_living and lower(s.repository) = lower(n.repository) and s.path = n.path
                     and (n.branch is null or s.branch = n.branch))
             and not exists (
                   select from catalog_import o
                   where (o.import_id = $2 or o.led_by = $2) and lower(o.repository) = lower(n.repository)
                     and o.path = n.path and (n.branch is null or o.branch is null or o.branch = n.branch))
           order by n.place
           limit greatest(0, $9 - (select count(*) from catalog_import o where o.led_by = $2))
           returning import_id"#,
        import,
        root,
        &named.repositories,
        &named.branches as &[Option<String>],
        &named.paths,
        &named.targets,
        &named.optional,
        MOST_DEPTH,
        MOST_LED,
    )
    .fetch_all(&mut **tx)
    .await?;
    for import in led {
        Imports::wake(tx, import).await?;
    }
    Ok(())
}

/// What a source names and no source reads, as findings of the source.
pub(super) async fn unread(
    tx: &mut Transaction<'_, Postgres>,
    elsewhere: &[Elsewhere],
) -> Result<Vec<(String, Finding)>> {
    let named = Named::of(elsewhere);
    let unread = sqlx::query_scalar!(
        r#"select n.target as "target!"
           from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as n (repository, branch, path, target)
           where not exists (
               select from catalog_source s
               where s.is_living and lower(s.repository) = lower(n.repository) and s.path = n.path
                 and (n.branch is null or s.branch = n.branch))"#,
        &named.repositories,
        &named.branches as &[Option<String>],
        &named.paths,
        &named.targets,
    )
    .fetch_all(&mut **tx)
    .await?;
    let finding = |one: &Elsewhere| {
        let message = format!(
            "{} is in another repository, and no source reads it. Import this file once more, which brings it as well, or \
             import it by itself.",
            one.target
        );
        (one.file.clone(), Finding::warning(one.place, UNREAD, message))
    };
    Ok(elsewhere.iter().filter(|one| !one.is_optional && unread.contains(&one.target)).map(finding).collect())
}

/// The rule of what a source names and no source reads.
const UNREAD: &str = "location-unread";

/// Sources that missed what may have become one by now.
pub(super) async fn missing(tx: &mut Transaction<'_, Postgres>) -> Result<Vec<Uuid>> {
    let sources = sqlx::query_scalar!(
        "update catalog_source set etag = null
         where is_living and source_id in (select source_id from catalog_finding where rule = $1) returning source_id",
        UNREAD
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(sources)
}

/// What is accepted is named by it: the import as it was read, and all that it led to and is ready.
pub(super) fn hash_of_all<'a>(own: &str, led: impl Iterator<Item = &'a str>) -> String {
    let mut led = led.peekable();
    if led.peek().is_none() {
        return own.to_owned();
    }
    hex::encode(led.fold(Sha256::new().chain_update(own), |all, hash| all.chain_update(hash)).finalize())
}

/// The same file named twice is followed once.
#[derive(Default)]
struct Named {
    repositories: Vec<String>,
    branches: Vec<Option<String>>,
    paths: Vec<String>,
    targets: Vec<String>,
    optional: Vec<bool>,
}

impl Named {
    fn of(elsewhere: &[Elsewhere]) -> Self {
        let mut named = Self::default();
        let mut seen: BTreeMap<(String, &str), Vec<Option<&str>>> = BTreeMap::new();
        for Elsewhere { target, is_optional, at: Address { repository, branch, path }, .. } in elsewhere {
            let (branch, path) = (branch.as_ref().map(Branch::as_str), path.as_deref().unwrap_or(USUAL_FILE));
            let named_so_far = seen.entry((repository.to_string().to_lowercase(), path)).or_default();
            // Without a branch it is that of the repository, which is most likely the one that another names.
            if named_so_far.iter().any(|other| branch.is_none() || other.is_none() || *other == branch) {
                continue;
            }
            named_so_far.push(branch);
            named.repositories.push(repository.to_string());
            named.branches.push(branch.map(str::to_owned));
            named.paths.push(path.to_owned());
            named.targets.push(target.clone());
            named.optional.push(*is_optional);
        }
        named
    }
}

#[cfg(test)]
mod tests {
    use super::hash_of_all;

    #[test]
    fn what_leads_nowhere_keeps_its_hash() {
        assert_eq!(hash_of_all("a", [].into_iter()), "a");
        let both = hash_of_all("a", ["b", "c"].into_iter());
        assert!(both.len() == 64 && both != hash_of_all("a", ["c", "b"].into_iter()));
    }
}
