//! Entities as clients know them: with what people wrote, what others say of them, and what is wrong with them.

use domain::{
    access::Viewer,
    catalog::{EntityRef, query::as_told},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Db, Error, Result};

/// What stands beside the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    pub has_relations: bool,
    pub has_status: bool,
}

impl Parts {
    pub const ALL: Self = Self { has_relations: true, has_status: true };
}

struct Row {
    entity_id: Uuid,
    kind: String,
    namespace: String,
    name: String,
    document: Value,
    etag: String,
    origin: String,
    source_file: Option<String>,
    is_orphan: bool,
    /// Relations in their order: what they are called, and whom they lead to.
    types: Option<Vec<String>>,
    targets: Option<Vec<String>>,
    findings: Option<Value>,
}

/// In the order of their ids, without those that the viewer does not see or that went meanwhile.
pub(super) async fn told(viewer: &Viewer, db: &Db, ids: &[Uuid], parts: Parts) -> Result<Vec<(Uuid, Value)>> {
    let rows = sqlx::query_as!(
        Row,
        r#"with wanted as materialized (
               select e.entity_id, e.kind, e.namespace, e.name, e.reference, e.document, e.etag, e.origin, e.source_file,
                      e.source_line, e.source_end, e.orphaned_at, w.place
               from unnest($1::uuid[]) with ordinality as w (id, place) join entity e on e.entity_id = w.id
               where e.readers && $2::text[]
           ),
           wrong as (
               select w.entity_id, jsonb_agg(jsonb_build_object(
                          'type', 'backstage.io/catalog-processing', 'level', f.severity,
                          'message', f.file || ':' || f.line || ': ' || f.message,
                          'error', jsonb_build_object('name', f.rule, 'message', f.message)
                      ) order by f.line, f.position) as findings
               from wanted w join catalog_source s on s.origin = w.origin
               join catalog_finding f on f.source_id = s.source_id and f.file = w.source_file
               where $4 and w.orphaned_at is null and f.line >= w.source_line and f.line < w.source_end
               group by w.entity_id
           )
           select e.entity_id, e.kind, e.namespace, e.name, e.document, e.etag as "etag!", e.origin, e.source_file,
                  e.orphaned_at is not null as "is_orphan!", related.types as "types?", related.targets as "targets?",
                  wrong.findings as "findings?"
           from wanted e
           left join lateral (
               select array_agg(t.name) as types, array_agg(t.to_ref) as targets
               from (
                   select r.name, r.to_ref from entity_relation r
                   where r.from_ref = e.reference and (r.entity_id = e.entity_id or exists (
                       select 1 from entity teller where teller.entity_id = r.entity_id and teller.readers && $2::text[]))
                   group by r.name, r.to_ref order by r.name, r.to_ref
               ) as t
           ) as related on $3
           left join wrong on wrong.entity_id = e.entity_id
           order by e.place"#,
        ids,
        &viewer.catalog_readers(),
        parts.has_relations,
        parts.has_status,
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter().map(|row| Ok((row.entity_id, row.told(parts)?))).collect()
}

impl Row {
    fn told(self, parts: Parts) -> Result<Value> {
        let reference = EntityRef::new(&self.kind, &self.namespace, &self.name)
            .map_err(|error| Error::internal(format!("entity {}: {error}", self.entity_id)))?;
        let mut entity = as_told(&self.document, &reference, &self.origin, self.source_file.as_deref());
        entity["metadata"]["uid"] = json!(self.entity_id);
        entity["metadata"]["etag"] = json!(self.etag);
        if self.is_orphan {
            entity["metadata"]["annotations"]["backstage.io/orphan"] = json!("true");
        }
        if parts.has_relations {
            let relations = self.types.into_iter().flatten().zip(self.targets.into_iter().flatten());
            entity["relations"] = relations.map(|(name, to)| json!({ "type": name, "targetRef": to })).collect();
        }
        if let Some(findings) = self.findings {
            entity["status"] = json!({ "items": findings });
        }
        Ok(entity)
    }
}
