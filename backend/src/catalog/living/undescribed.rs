//! Repositories that nothing in the catalog comes from, with whose they might be.

use domain::{
    access::{Role, Viewer},
    catalog::EntityRef,
};
use sqlx::PgConnection;

use super::address::{Host, USUAL_FILE};
use crate::{
    Db, Result,
    catalog::{Proposal, Reason},
};

/// A repository that no entity tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undescribed {
    /// Owner and name.
    pub repository: String,
    pub description: String,
    /// Where people look at it.
    pub address: String,
    /// Where the file is that would describe it, once it is there.
    pub file: Option<String>,
    pub proposal: Option<Proposal>,
    /// The viewer may make an entity of it for the proposed owner, or for a team of their choice where nobody is proposed.
    pub may_adopt: bool,
}

/// More are not read by anybody; the page says that there are more.
pub const MOST_UNDESCRIBED: i64 = 200;

/// Of those that the viewer may read, by name.
pub async fn undescribed(viewer: &Viewer, db: &Db) -> Result<Vec<Undescribed>> {
    found(&mut *db.pool.acquire().await?, viewer).await
}

pub(super) async fn found(db: &mut PgConnection, viewer: &Viewer) -> Result<Vec<Undescribed>> {
    let url = sqlx::query_scalar!("select url from catalog_host where not $1", viewer.is_outsider())
        .fetch_optional(&mut *db)
        .await?;
    let Some(host) = url.and_then(|url| Host::new(&url)) else { return Ok(Vec::new()) };
    let rows = sqlx::query!(
        r#"with living as (
               select reference from entity
               where kind in ('group', 'user') and orphaned_at is null and readers && $1::text[]
           ),
           told as (
               select lower(repository) as repository from catalog_source where repository is not null and ended_at is null
               union
               -- Of this very host, below the folder where it lies there: another one may call something the same.
               select split_part(at.path, '/', 1) || '/' || regexp_replace(split_part(at.path, '/', 2), '[.]git$', '')
               from entity e
               cross join lateral (
                   select lower(e.document #>> '{metadata,annotations,backstage.io/source-location}') as location
               ) as of
               cross join lateral (select regexp_replace(substr(of.location, length($6) + 1), '[?#].*$', '') as path) as at
               where e.removed_at is null and starts_with(of.location, $6)
           )
           select r.repository, r.description, r.branch, r.has_file, p.owner as "proposed?", p.reason as "reason?"
           from catalog_repository r
           left join lateral (
               select c.owner, c.reason
               from (
                   select named as owner, 2 as reason from unnest(r.code_owners) as named
                   union all
                   select 'group:default/' || lower(split_part(r.repository, '/', 1)), 3
                   union all
                   (select m.to_ref, 5
                    from unnest(r.authors) as author
                    join entity u on u.kind = 'user' and lower(u.document #>> '{spec,profile,email}') = author
                         and u.readers && $1::text[]
                    join entity_relation m on m.from_ref = u.reference and m.name = 'memberOf'
                    group by m.to_ref order by count(*) desc, m.to_ref limit 1)
               ) as c
               join living on living.reference = c.owner
               order by c.reason, c.owner limit 1
           ) as p on true
           where not $2 and ($3 or r.is_open or lower(split_part(r.repository, '/', 1)) = any ($4))
             and lower(r.repository) not in (select repository from told where repository is not null)
           order by lower(r.repository) limit $5"#,
        &viewer.catalog_readers(),
        viewer.is_outsider(),
        viewer.sees_all_teams(),
        &viewer.teams,
        MOST_UNDESCRIBED,
        format!("url:{}/", host.as_str().trim_end_matches('/')).to_lowercase(),
    )
    .fetch_all(&mut *db)
    .await?;
    let found = rows.into_iter().filter_map(|row| {
        let name = row.repository.parse().ok()?;
        let proposed: Option<EntityRef> = row.proposed.and_then(|owner| owner.parse().ok());
        let reason = row.reason.and_then(Reason::numbered);
        let is_theirs = |owner: &EntityRef| viewer.team_references().contains(&owner.to_string());
        Some(Undescribed {
            address: host.repository(&name),
            file: row.has_file.then(|| host.page(&name, &row.branch, USUAL_FILE)),
            may_adopt: viewer.has(Role::Platform) || proposed.as_ref().is_some_and(is_theirs),
            proposal: proposed.zip(reason).map(|(owner, reason)| Proposal { owner, reason }),
            repository: row.repository,
            description: row.description,
        })
    });
    Ok(found.collect())
}
