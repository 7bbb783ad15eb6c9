//! What became of an entity over time.

use domain::{access::Viewer, catalog::EntityRef};
use time::OffsetDateTime;

use super::changing::{EntityChange, changes_of};
use crate::{Db, Result};

/// One thing that happened to an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    pub at: OffsetDateTime,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// It came into the catalog.
    Appeared,
    /// Its description did.
    Changed {
        /// Paths of fields, such as `metadata.description`; more than twenty are cut.
        fields: Vec<String>,
        /// Who owned it before and after, as full references, where that changed.
        owner: Option<(Option<String>, Option<String>)>,
        /// At the Git host.
        commit: Option<String>,
    },
    /// It ran and stood in no catalog until somebody took it; the name of the person.
    Adopted { by: String },
    /// Its source described it no more.
    Orphaned,
    /// Its source describes it again.
    Found,
    /// It was called so before.
    Renamed { before: String },
    /// Somebody took it out of the catalog.
    Removed,
    /// Somebody put it back.
    Restored,
    /// Somebody asked for a change; the time is that of its state.
    Asked(Box<EntityChange>),
}

const MOST: i64 = 20;
const AT_COMMIT: &str = "commit:";

/// The latest first. What a change did that was asked for here is told by that change.
pub async fn timeline(viewer: &Viewer, db: &Db, reference: &EntityRef) -> Result<Vec<Happening>> {
    let rows = sqlx::query!(
        r#"select v.at as "at!", v.kind as "kind!", v.fields as "fields!", v.owner_before, v.owner_after, v.called_before, v.cause,
                  (select p.name from person p where v.kind = 'adopted' and p.person_id::text = substr(v.cause, 8)) as by
           from entity e cross join lateral (
               select at, kind, fields, owner_before, owner_after, called_before, cause from catalog_event
               where entity_id = e.entity_id and (cause is null or not starts_with(cause, 'change:'))
               order by event_id desc limit $3) v
           where e.reference = $1 and e.readers && $2::text[]
           union all
           select created_at, 'appeared', '{}', null, null, null, null, null from entity where reference = $1 and readers && $2::text[]"#,
        reference.to_string(),
        &viewer.catalog_readers(),
        MOST,
    )
    .fetch_all(&db.pool)
    .await?;
    let event = |kind: &str, fields, owners: (Option<String>, Option<String>), cause: Option<String>| match kind {
        "appeared" => What::Appeared,
        "orphaned" => What::Orphaned,
        "found" => What::Found,
        "removed" => What::Removed,
        "restored" => What::Restored,
        _ => What::Changed {
            fields,
            owner: (owners != (None, None)).then_some(owners),
            commit: cause.and_then(|cause| cause.strip_prefix(AT_COMMIT).map(str::to_owned)),
        },
    };
    let mut all: Vec<Happening> = rows
        .into_iter()
        // That is told by another event already.
        .filter(|row| row.fields != ["metadata.name"])
        .map(|row| Happening {
            at: row.at,
            what: match (row.called_before, row.by) {
                (Some(before), _) => What::Renamed { before },
                (None, Some(by)) => What::Adopted { by },
                (None, None) => event(&row.kind, row.fields, (row.owner_before, row.owner_after), row.cause),
            },
        })
        .collect();
    let asked = changes_of(viewer, db, reference, MOST).await?;
    all.extend(asked.into_iter().map(|asked| Happening { at: asked.since, what: What::Asked(Box::new(asked)) }));
    all.sort_by_key(|happening| std::cmp::Reverse(happening.at));
    Ok(all)
}
