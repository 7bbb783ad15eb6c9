//! What no living group or person owns, with who might.

use domain::{
    access::{Role, Viewer},
    catalog::EntityRef,
    error::FieldError,
};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::{Db, Error, Result};

/// An entity that should have an owner and has none that lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unowned {
    pub reference: EntityRef,
    pub title: Option<String>,
    /// Whom it names; the catalog does not know them, or not any more. `None` where it names nobody.
    pub named: Option<EntityRef>,
    pub proposal: Option<Proposal>,
    /// The viewer may make the proposed owner its owner, or a team of their choice where nobody is proposed.
    pub may_adopt: bool,
    /// A change of its owner that is under way.
    pub under_way: Option<Uuid>,
}

/// Somebody who lives in the catalog and might own it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub owner: EntityRef,
    pub reason: Reason,
}

/// Why somebody is proposed, the strongest reason first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A label or an annotation of its own names the team.
    Label,
    /// They own what it is a part of.
    Whole,
    /// The code owners file of its repository names them.
    CodeOwners,
    /// Its repository lies below their name at the Git host.
    Repository,
    /// They own most of what depends on it.
    Dependents,
    /// Most of those who committed last are members.
    History,
}

impl Reason {
    /// As the statements number them.
    pub(super) fn numbered(number: i32) -> Option<Self> {
        let all = [Self::Label, Self::Whole, Self::CodeOwners, Self::Repository, Self::Dependents, Self::History];
        all.get(usize::try_from(number).ok()?).copied()
    }
}

/// More are not read by anybody; the page says that there are more.
pub const MOST_UNOWNED: i64 = 200;

/// Kinds whose entities belong to somebody.
const OWNED: [&str; 6] = ["api", "component", "domain", "resource", "system", "template"];

struct Row {
    reference: String,
    title: Option<String>,
    owner: Option<String>,
    proposed: Option<String>,
    reason: Option<i32>,
    under_way: Option<Uuid>,
}

/// By reference.
pub async fn unowned(viewer: &Viewer, db: &Db) -> Result<Vec<Unowned>> {
    ask(&db.pool, viewer, None).await
}

/// One of them; nothing for what has a living owner, and for what the viewer does not see.
pub(super) async fn find(db: impl PgExecutor<'_>, viewer: &Viewer, reference: &EntityRef) -> Result<Option<Unowned>> {
    Ok(ask(db, viewer, Some(reference.to_string())).await?.pop())
}

/// Whether somebody who chooses an owner may choose this one.
pub(super) async fn is_living_group(db: impl PgExecutor<'_>, viewer: &Viewer, owner: &EntityRef) -> Result<bool> {
    let is_living = sqlx::query_scalar!(
        r#"select exists (
               select 1 from entity
               where reference = $1 and kind = 'group' and orphaned_at is null and removed_at is null and readers && $2::text[]
           ) as "is_living!""#,
        owner.to_string(),
        &viewer.catalog_readers(),
    )
    .fetch_one(db)
    .await?;
    Ok(is_living)
}

/// What is said to who chose nobody that lives.
pub(super) fn no_such_team() -> Error {
    Error::Invalid(vec![FieldError::new("/owner", "Choose a team that the catalog knows, then adopt it.")])
}

async fn ask(db: impl PgExecutor<'_>, viewer: &Viewer, only: Option<String>) -> Result<Vec<Unowned>> {
    let kinds = OWNED.map(str::to_owned);
    let rows = sqlx::query_as!(
        Row,
        r#"with living as (
               select reference from entity
               where kind in ('group', 'user') and orphaned_at is null and readers && $1::text[]
           ),
           lost as (
               select e.* from entity e
               where e.readers && $1::text[] and e.kind = any ($2) and e.orphaned_at is null
                 and ($4::text is null or e.reference = $4)
                 and (e.owner is null or not exists (select 1 from living l where l.reference = e.owner))
               order by e.reference limit $3
           ),
           hosted as (
               -- Who may not read a repository does not learn who looks after it.
               select s.origin, r.code_owners, r.authors
               from catalog_source s join catalog_repository r on lower(r.repository) = lower(s.repository)
               where $5 or r.is_open or lower(split_part(r.repository, '/', 1)) = any ($6)
           )
           select e.reference as "reference!", e.title, e.owner, p.owner as "proposed?", p.reason as "reason?",
                  (select change_id from catalog_change c where c.entity_id = e.entity_id and c.is_waiting and c.change -> 'owner' <> 'null'
                   order by c.created_at desc limit 1) as under_way
           from lost e
           left join lateral (
               select c.owner, c.reason
               from (
                   select 'group:default/' || lower(said) as owner, 0 as reason
                   from unnest(array[
                       e.document #>> '{metadata,labels,team}', e.document #>> '{metadata,labels,owner}',
                       regexp_replace(e.document #>> '{metadata,annotations,github.com/team-slug}', '^.*/', '')
                   ]) as said
                   union all
                   select whole.owner, 1
                   from entity_relation r
                   join entity whole on whole.reference = r.to_ref and whole.readers && $1::text[]
                   where r.entity_id = e.entity_id and r.from_ref = e.reference and r.name = 'partOf'
                   union all
                   select named, 2 from hosted h cross join unnest(h.code_owners) as named where h.origin = e.origin
                   union all
                   select 'group:default/' || lower(split_part(s.repository, '/', 1)), 3
                   from catalog_source s where s.origin = e.origin and s.repository is not null
                   union all
                   (select other.owner, 4
                    from entity_relation r
                    join entity other on other.entity_id = r.entity_id and other.readers && $1::text[]
                    where lower(r.name) in ('dependson', 'consumesapi') and r.to_ref = e.reference
                      and exists (select 1 from living l where l.reference = other.owner)
                    group by other.owner order by count(*) desc, other.owner limit 1)
                   union all
                   (select m.to_ref, 5
                    from hosted h
                    cross join unnest(h.authors) as author
                    join entity u on u.kind = 'user' and lower(u.document #>> '{spec,profile,email}') = author
                         and u.readers && $1::text[]
                    join entity_relation m on m.from_ref = u.reference and m.name = 'memberOf'
                    where h.origin = e.origin
                    group by m.to_ref order by count(*) desc, m.to_ref limit 1)
               ) as c
               join living on living.reference = c.owner
               order by c.reason, c.owner limit 1
           ) as p on true
           order by e.reference"#,
        &viewer.catalog_readers(),
        &kinds,
        MOST_UNOWNED,
        only,
        viewer.sees_all_teams(),
        &viewer.teams,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().filter_map(|row| row.read(viewer)).collect())
}

impl Row {
    /// Only references that can be read are stored.
    fn read(self, viewer: &Viewer) -> Option<Unowned> {
        let of = |text: Option<String>| text.and_then(|text| text.parse().ok());
        let reason = self.reason.and_then(Reason::numbered);
        let is_theirs = |owner: &String| viewer.team_references().contains(owner);
        Some(Unowned {
            reference: self.reference.parse().ok()?,
            title: self.title,
            named: of(self.owner),
            may_adopt: viewer.has(Role::Platform) || self.proposed.as_ref().is_some_and(is_theirs),
            proposal: of(self.proposed).zip(reason).map(|(owner, reason)| Proposal { owner, reason }),
            under_way: self.under_way,
        })
    }
}
