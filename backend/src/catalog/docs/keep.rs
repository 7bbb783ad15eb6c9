//! What a reading writes: where nothing is another than before, no page is touched.

use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::{
    collect::DocsRead,
    pages::{Docs, Page},
};
use crate::Result;

/// Pages that are sent to the database together.
const CHUNK: usize = 50;

/// Puts what was read in the place of what the source had. Entities that were not read keep theirs.
pub(in crate::catalog) async fn keep(tx: &mut Transaction<'_, Postgres>, origin: &str, read: &DocsRead) -> Result<()> {
    let source = sqlx::query_scalar!("select source_id from catalog_source where origin = $1", origin)
        .fetch_one(&mut **tx)
        .await?;
    let mut ids = Vec::new();
    for docs in &read.all {
        ids.push(keep_one(tx, source, read.commit.as_deref(), docs).await?);
    }
    let references: Vec<String> = read.of.keys().cloned().collect();
    let theirs: Vec<Option<Uuid>> = read.of.values().map(|at| at.and_then(|at| ids.get(at).copied())).collect();
    sqlx::query!(
        "with given as (select * from unnest($2::text[], $3::uuid[]) as g (reference, docs_id)),
         gone as (
             delete from entity_docs d using entity e, given g
             where e.entity_id = d.entity_id and e.reference = g.reference and e.origin = $1 and g.docs_id is null
         )
         insert into entity_docs as d (entity_id, docs_id)
         select e.entity_id, g.docs_id from given g join entity e on e.reference = g.reference and e.origin = $1
         where g.docs_id is not null
         on conflict (entity_id) do update set docs_id = excluded.docs_id where d.docs_id <> excluded.docs_id",
        origin,
        &references,
        &theirs as &[Option<Uuid>],
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "delete from catalog_docs d
         where d.source_id = $1 and not exists (select from entity_docs e where e.docs_id = d.docs_id)",
        source
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn keep_one(tx: &mut Transaction<'_, Postgres>, source: Uuid, commit: Option<&str>, docs: &Docs) -> Result<Uuid> {
    let before = sqlx::query!(
        "update catalog_docs set commit_id = $3, read_at = now() where source_id = $1 and folder = $2
         returning docs_id, hash",
        source,
        docs.folder,
        commit,
    )
    .fetch_optional(&mut **tx)
    .await?;
    if let Some(same) = before.filter(|before| before.hash == docs.hash) {
        return Ok(same.docs_id);
    }
    let id = sqlx::query_scalar!(
        "insert into catalog_docs (source_id, folder, title, home, nav, commit_id, hash)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict on constraint catalog_docs_once do update
             set title = excluded.title, home = excluded.home, nav = excluded.nav, hash = excluded.hash
         returning docs_id",
        source,
        docs.folder,
        docs.title,
        docs.home,
        json!(docs.nav),
        commit,
        docs.hash,
    )
    .fetch_one(&mut **tx)
    .await?;
    keep_pages(tx, id, docs).await?;
    keep_images(tx, id, docs).await?;
    Ok(id)
}

async fn keep_pages(tx: &mut Transaction<'_, Postgres>, id: Uuid, docs: &Docs) -> Result<()> {
    let addresses: Vec<String> = docs.pages.iter().map(|page| page.address.clone()).collect();
    sqlx::query!("delete from catalog_docs_page where docs_id = $1 and address <> all ($2)", id, &addresses)
        .execute(&mut **tx)
        .await?;
    for chunk in docs.pages.chunks(CHUNK) {
        let column = |part: fn(&Page) -> &str| chunk.iter().map(|page| part(page).to_owned()).collect::<Vec<String>>();
        let headings: Vec<Value> = chunk.iter().map(|page| json!(page.headings)).collect();
        let written = sqlx::query!(
            "insert into catalog_docs_page as p (docs_id, address, file, title, html, headings, hash)
             select $1, g.* from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::text[]) as g
             on conflict on constraint catalog_docs_page_once do update
                 set file = excluded.file, title = excluded.title, html = excluded.html, headings = excluded.headings,
                     hash = excluded.hash
                 where p.hash <> excluded.hash
             returning page_id, address",
            id,
            &column(|page| &page.address),
            &column(|page| &page.file),
            &column(|page| &page.title),
            &column(|page| &page.html),
            &headings,
            &column(|page| &page.hash),
        )
        .fetch_all(&mut **tx)
        .await?;
        let changed = written.into_iter().filter_map(|row| {
            let page = chunk.iter().find(|page| page.address == row.address)?;
            Some((row.page_id, page))
        });
        keep_sections(tx, &changed.collect::<Vec<_>>()).await?;
    }
    Ok(())
}

async fn keep_sections(tx: &mut Transaction<'_, Postgres>, changed: &[(Uuid, &Page)]) -> Result<()> {
    let pages: Vec<Uuid> = changed.iter().map(|(id, _)| *id).collect();
    sqlx::query!("delete from catalog_docs_section where page_id = any ($1)", &pages).execute(&mut **tx).await?;
    let all = changed
        .iter()
        .flat_map(|(id, page)| (0_i32..).zip(&page.sections).map(move |(at, section)| (*id, at, section)));
    let (mut ids, mut places, mut anchors, mut headings, mut texts) = (vec![], vec![], vec![], vec![], vec![]);
    for (id, at, section) in all {
        ids.push(id);
        places.push(at);
        anchors.push(section.anchor.clone());
        headings.push(section.heading.clone());
        texts.push(section.text.clone());
    }
    sqlx::query!(
        "insert into catalog_docs_section (page_id, position, anchor, heading, text)
         select * from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[])",
        &ids,
        &places,
        &anchors as &[Option<String>],
        &headings,
        &texts,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn keep_images(tx: &mut Transaction<'_, Postgres>, id: Uuid, docs: &Docs) -> Result<()> {
    let hashes: Vec<String> = docs.images.iter().map(|image| image.hash.clone()).collect();
    sqlx::query!("delete from catalog_docs_image where docs_id = $1 and hash <> all ($2)", id, &hashes)
        .execute(&mut **tx)
        .await?;
    let there =
        sqlx::query_scalar!("select hash from catalog_docs_image where docs_id = $1", id).fetch_all(&mut **tx).await?;
    for image in docs.images.iter().filter(|image| !there.contains(&image.hash)) {
        sqlx::query!(
            "insert into catalog_docs_image (docs_id, hash, kind, bytes) values ($1, $2, $3, $4) on conflict do nothing",
            id,
            image.hash,
            image.kind,
            image.bytes,
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
