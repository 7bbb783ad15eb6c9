//! Search in documentation: in one, and in all that a viewer may see.

use std::sync::Arc;

use domain::{access::Viewer, catalog::EntityRef};

use crate::{
    Db, Result,
    catalog::{kept, search::asked_words},
};

/// A place in a page that has the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocsHit {
    pub entity: EntityRef,
    /// The entity's title, or its name.
    pub entity_title: String,
    /// What follows `docs/` in the page's address.
    pub address: String,
    pub title: String,
    /// The heading above the words and its place; none where they stand before the first one.
    pub heading: Option<(String, String)>,
    pub snippet: Snippet,
}

/// Parts of the text around the words: whether each is one of them, and what it is.
pub type Snippet = Vec<(bool, String)>;

/// Of words that stand everywhere, as many places are compared.
const MOST_RANKED: i64 = 2_000;
/// What a hit takes, about, in bytes.
const SIZE: usize = 1_000;
/// Stand around a word that was found; no text holds them.
const BEGIN: char = '\u{e000}';
const END: char = '\u{e001}';

/// Sections of one entity's documentation with every word, best first.
pub async fn search_docs(viewer: &Viewer, db: &Db, of: &EntityRef, text: &str, limit: i64) -> Result<Vec<DocsHit>> {
    found(viewer, db, Some(of), text, limit).await
}

/// Pages of all documentation that have every word in one section, best first, each once.
pub async fn search_pages(viewer: &Viewer, db: &Db, text: &str, limit: i64) -> Result<Arc<Vec<DocsHit>>> {
    let text = text.trim();
    let size = |hits: &Vec<DocsHit>| hits.len() * SIZE;
    kept(viewer, db, &format!("docs {limit} {text}"), size, found(viewer, db, None, text, limit)).await
}

/// Documentation that several entities share is found with the first of them that the viewer sees.
async fn found(viewer: &Viewer, db: &Db, of: Option<&EntityRef>, text: &str, limit: i64) -> Result<Vec<DocsHit>> {
    let Some(words) = asked_words(text) else { return Ok(Vec::new()) };
    let rows = sqlx::query!(
        r#"with asked as (select to_tsquery('simple', $2) || to_tsquery('english', $2) as words),
           shown as materialized (
               select distinct d.docs_id from entity_docs d join entity e using (entity_id)
               where e.readers && $1::text[] and ($3::text is null or e.reference = $3)
           ),
           candidate as materialized (
               select s.page_id, s.position, s.words
               from asked, catalog_docs_section s join catalog_docs_page p using (page_id)
               where s.words @@ asked.words and p.docs_id in (select docs_id from shown) limit $5
           ),
           hit as (
               select c.page_id, c.position, ts_rank(c.words, asked.words) as rank,
                      row_number() over (partition by c.page_id order by ts_rank(c.words, asked.words) desc, c.position) as place
               from candidate c, asked
           ),
           best as (
               select * from hit where $3 is not null or place = 1 order by rank desc, page_id, position limit $4
           )
           select e.reference as "reference!", coalesce(e.title, e.name) as "entity_title!", p.address, p.title, s.anchor,
                  s.heading,
                  ts_headline('english', s.text, asked.words,
                      'MaxWords=30, MinWords=12, ShortWord=2, StartSel=' || chr(57344) || ', StopSel=' || chr(57345)) as "snippet!"
           from best cross join asked join catalog_docs_section s using (page_id, position)
           join catalog_docs_page p using (page_id)
           cross join lateral (
               select e.reference, e.title, e.name from entity_docs d join entity e using (entity_id)
               where d.docs_id = p.docs_id and e.readers && $1::text[] and ($3::text is null or e.reference = $3)
               order by e.reference limit 1
           ) as e
           order by best.rank desc, best.page_id, best.position"#,
        &viewer.catalog_readers(),
        words,
        of.map(ToString::to_string),
        limit.clamp(1, 100),
        MOST_RANKED,
    )
    .fetch_all(&db.pool)
    .await?;
    let hit = |entity: String, entity_title, address, title, heading: Option<(String, String)>, snippet: &str| {
        let entity = entity.parse().ok()?;
        Some(DocsHit { entity, entity_title, address, title, heading, snippet: parts(snippet) })
    };
    let hits = rows.into_iter().filter_map(|row| {
        let heading = row.anchor.map(|anchor| (row.heading, anchor)).filter(|(heading, _)| !heading.is_empty());
        hit(row.reference, row.entity_title, row.address, row.title, heading, &row.snippet)
    });
    Ok(hits.collect())
}

fn parts(text: &str) -> Snippet {
    let mut parts = Vec::new();
    for piece in text.split(BEGIN) {
        let (word, rest) = piece.split_once(END).map_or((None, piece), |(word, rest)| (Some(word), rest));
        parts.extend(word.map(|word| (true, word.to_owned())));
        parts.extend(Some(rest).filter(|rest| !rest.is_empty()).map(|rest| (false, rest.to_owned())));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn words_are_marked_and_nothing_else_is() {
        let found = parts("a \u{e000}b\u{e001} <mark>c</mark> \u{e000}d\u{e001}");
        let expected = [(false, "a "), (true, "b"), (false, " <mark>c</mark> "), (true, "d")];
        assert_eq!(found, expected.map(|(is_word, text)| (is_word, text.to_owned())));
        assert_eq!(parts(""), []);
    }
}
