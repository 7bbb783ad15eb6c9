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
    relations: Option<Value>,
    findings: Option<Value>,
}

/// In the order of their ids, without those that the viewer does not see or that went meanwhile.
pub(super) async fn told(viewer: &Viewer, db: &Db, ids: &[Uuid], parts: Parts) -> Result<Vec<(Uuid, Value)>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select e.entity_id, e.kind, e.namespace, e.name, e.document, e.etag as "etag!", e.origin, e.source_file,
                  e.orphaned_at is not null as "is_orphan!",
                  case when $3 then coalesce((
                      select jsonb_agg(jsonb_build_object('type', t.name, 'targetRef', t.to_ref) order by t.name, t.to_ref)
                      from (
                          select distinct r.name, r.to_ref
                          from entity_relation r join entity teller on teller.entity_id = r.entity_id
                          where r.from_ref = e.reference and teller.readers && $2::text[]
                      ) as t
                  ), '[]') end as relations,
                  case when $4 then (
                      select jsonb_agg(jsonb_build_object(
                          'type', 'backstage.io/catalog-processing', 'level', f.severity,
                          'message', f.file || ':' || f.line || ': ' || f.message,
                          'error', jsonb_build_object('name', f.rule, 'message', f.message)
                      ) order by f.line, f.position)
                      from catalog_source s
                      join catalog_finding f on f.source_id = s.source_id and f.file = e.source_file
                      where s.origin = e.origin and e.orphaned_at is null and f.line >= e.source_line
                        and f.line < e.source_end
                  ) end as findings
           from unnest($1::uuid[]) with ordinality as wanted (id, place) join entity e on e.entity_id = wanted.id
           where e.readers && $2::text[] order by wanted.place"#,
        ids,
        &viewer.catalog_readers(),
        parts.has_relations,
        parts.has_status,
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter().map(|row| Ok((row.entity_id, row.told()?))).collect()
}

impl Row {
    fn told(self) -> Result<Value> {
        let reference = EntityRef::new(&self.kind, &self.namespace, &self.name)
            .map_err(|error| Error::internal(format!("entity {}: {error}", self.entity_id)))?;
        let mut entity = as_told(&self.document, &reference, &self.origin, self.source_file.as_deref());
        entity["metadata"]["uid"] = json!(self.entity_id);
        entity["metadata"]["etag"] = json!(self.etag);
        if self.is_orphan {
            entity["metadata"]["annotations"]["backstage.io/orphan"] = json!("true");
        }
        if let Some(relations) = self.relations {
            entity["relations"] = relations;
        }
        if let Some(findings) = self.findings {
            entity["status"] = json!({ "items": findings });
        }
        Ok(entity)
    }
}
