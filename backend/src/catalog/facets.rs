//! How many entities each value of each filter would leave.

use std::sync::Arc;

use domain::access::Viewer;

use super::{CatalogFilter, kept, list::ownerless};
use crate::{Db, Result};

/// More values of one facet do not fit into a list that opens.
const MOST_VALUES: i64 = 300;
/// What a value takes with its name, about, in bytes.
const SIZE: usize = 100;

/// How many entities a filter would leave for one of its values, the other filters as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    /// `None` where the entities have no such thing.
    pub value: Option<String>,
    pub count: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    Kind,
    Type,
    Lifecycle,
    Owner,
    System,
    Domain,
    Tag,
    Level,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// How many entities all filters leave.
    pub total: i64,
    values: Vec<(Facet, FacetValue)>,
}

impl Facet {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "kind" => Self::Kind,
            "type" => Self::Type,
            "lifecycle" => Self::Lifecycle,
            "owner" => Self::Owner,
            "system" => Self::System,
            "domain" => Self::Domain,
            "tag" => Self::Tag,
            "level" => Self::Level,
            _ => return None,
        })
    }
}

impl Facets {
    /// The values of a facet, the most frequent first.
    pub fn of(&self, facet: Facet) -> impl Iterator<Item = &FacetValue> {
        self.values.iter().filter(move |(of, _)| *of == facet).map(|(_, value)| value)
    }
}

/// The counts beside each filter. A facet is counted as if it were not chosen itself, so that others of it can be.
pub async fn facets(viewer: &Viewer, db: &Db, filter: &CatalogFilter) -> Result<Arc<Facets>> {
    if filter.asks_for_nothing() {
        return Ok(Arc::default());
    }
    let size = |facets: &Facets| facets.values.len() * SIZE;
    kept(viewer, db, &format!("facets {filter:?}"), size, counted(viewer, db, filter)).await
}

async fn counted(viewer: &Viewer, db: &Db, filter: &CatalogFilter) -> Result<Facets> {
    let rows = sqlx::query!(
        r#"with domains as (
               select r.from_ref as part, min(r.to_ref) as domain
               from entity_relation r
               join entity teller on teller.entity_id = r.entity_id and teller.reference = r.from_ref
               where lower(r.name) = 'partof' and r.to_ref like 'domain:%' and teller.readers && $1::text[]
               group by r.from_ref
           ),
           seen as materialized (
               select kind, type, lifecycle, owner, system, d.domain, tags, known.level,
                      $2::text is null or kind = $2 as of_kind,
                      $3::text is null or coalesce(type = $3, false) as of_type,
                      $4::text is null or coalesce(lifecycle = $4, false) as of_lifecycle,
                      $5::text is null or coalesce(owner = $5, false)
                          or coalesce($5 = 'mine' and owner = any ($9::text[]), false)
                          or ($5 = 'none' and owner is null and kind <> all ($11::text[])) as of_owner,
                      $6::text is null or coalesce(system = $6, false) as of_system,
                      $7::text is null or $7 = any (tags) as of_tag,
                      $10::text is null or coalesce(d.domain = $10, false) as of_domain,
                      $12::text is null or coalesce(known.level = $12, false) as of_level
               from entity e left join domains d on d.part = coalesce(e.system, e.reference)
               left join maturity_level l on l.subject = e.reference
               cross join lateral (
                   select case when e.kind = 'component' and ($13 or e.owner = any ($9::text[]))
                               then coalesce(l.level::text, 'unknown') end as level) known
               where e.readers && $1::text[]
           ),
           counted as (
               select 'total' as facet, null as value, count(*) as count from seen
               where of_kind and of_type and of_lifecycle and of_owner and of_system and of_domain and of_tag and of_level
               union all
               select 'kind', kind, count(*) from seen
               where of_type and of_lifecycle and of_owner and of_system and of_tag and of_domain and of_level group by kind
               union all
               select 'type', type, count(*) from seen
               where of_kind and of_lifecycle and of_owner and of_system and of_tag and of_domain and of_level group by type
               union all
               select 'lifecycle', lifecycle, count(*) from seen
               where of_kind and of_type and of_owner and of_system and of_tag and of_domain and of_level group by lifecycle
               union all
               select 'owner', owner, count(*) from seen
               where of_kind and of_type and of_lifecycle and of_system and of_tag and of_domain and of_level
                 and (owner is not null or kind <> all ($11::text[])) group by owner
               union all
               select 'system', system, count(*) from seen
               where of_kind and of_type and of_lifecycle and of_owner and of_tag and of_domain and of_level group by system
               union all
               select 'domain', domain, count(*) from seen
               where of_kind and of_type and of_lifecycle and of_owner and of_system and of_tag and of_level group by domain
               union all
               select 'tag', tag, count(*) from seen cross join lateral unnest(tags) as tag
               where of_kind and of_type and of_lifecycle and of_owner and of_system and of_domain and of_level group by tag
               union all
               select 'level', level, count(*) from seen
               where of_kind and of_type and of_lifecycle and of_owner and of_system and of_domain and of_tag and level is not null
               group by level
           ),
           ranked as (
               select *, row_number() over (partition by facet order by count desc, value) as place from counted
           )
           select facet as "facet!", value, count as "count!" from ranked where place <= $8 order by facet, place"#,
        &viewer.catalog_readers(),
        filter.kind,
        filter.spec_type,
        filter.lifecycle,
        filter.owner,
        filter.system,
        filter.tag,
        MOST_VALUES,
        &viewer.team_references(),
        filter.domain,
        &ownerless(),
        filter.level,
        viewer.sees_all_levels(),
    )
    .fetch_all(&db.pool)
    .await?;
    let mut facets = Facets::default();
    for row in rows {
        match Facet::of(&row.facet) {
            Some(facet) => facets.values.push((facet, FacetValue { value: row.value, count: row.count })),
            None => facets.total = row.count,
        }
    }
    Ok(facets)
}
