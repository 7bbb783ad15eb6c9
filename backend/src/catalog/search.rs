//! Search: entries that have the words, best first; where none has them, those that are called almost so.

use std::sync::Arc;

use domain::access::Viewer;
use uuid::Uuid;

use super::{entity::Entity, kept, list::entities};
use crate::{Db, Result};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    pub items: Vec<Entity>,
    /// Nothing has the words; these are spelled alike.
    pub is_close: bool,
}

/// Longer texts are not looked for.
pub const MAX_SEARCH: usize = 100;
/// More words than that narrow nothing.
const MOST_WORDS: usize = 12;

/// Entries with every word of the text, or words that begin so, in name, title, owner, system, tags, description,
/// annotations or API text.
pub async fn search(viewer: &Viewer, db: &Db, text: &str, limit: i64) -> Result<Arc<Found>> {
    let Some(words) = asked_words(text) else { return Ok(Arc::default()) };
    let text = text.trim().to_lowercase();
    let limit = limit.clamp(1, 100);
    let size = |found: &Found| found.items.iter().map(Entity::size).sum();
    kept(viewer, db, &format!("search {limit} {text}"), size, look_for(viewer, db, &text, &words, limit)).await
}

async fn look_for(viewer: &Viewer, db: &Db, text: &str, words: &str, limit: i64) -> Result<Found> {
    let ids = with_words(viewer, db, text, words, limit).await?;
    if !ids.is_empty() {
        return Ok(Found { items: entities(viewer, db, &ids).await?, is_close: false });
    }
    let ids = spelled_alike(viewer, db, text, limit).await?;
    Ok(Found { items: entities(viewer, db, &ids).await?, is_close: true })
}

/// What the database is asked for; nothing where the text has no words, or too many.
pub(super) fn asked_words(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let words = words(&text);
    (!words.is_empty() && text.chars().count() <= MAX_SEARCH && !text.contains('\0')).then_some(words)
}

/// Each word of the text as the beginning of a word, in the database's own notation. Nothing but letters and digits gets
/// into it.
fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(MOST_WORDS);
    words.map(|word| format!("{word}:*")).collect::<Vec<_>>().join(" & ")
}

/// What is called exactly so comes first, then what begins so, then by weight.
async fn with_words(viewer: &Viewer, db: &Db, text: &str, words: &str, limit: i64) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "with asked as (select to_tsquery('simple', $2) || to_tsquery('english', $2) as words)
         select entity_id from entity, asked
         where readers && $1::text[] and entity.words @@ asked.words
         order by name <> $3 and lower(coalesce(title, '')) <> $3, not starts_with(called, $3),
                  ts_rank(entity.words, asked.words) desc, reference
         limit $4",
        &viewer.catalog_readers(),
        words,
        text,
        limit,
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(ids)
}

/// Trigrams that a name or title shares with the text find what is worth comparing; what stays has seven letters in ten
/// right, where two neighbours that changed places count as one.
async fn spelled_alike(viewer: &Viewer, db: &Db, text: &str, limit: i64) -> Result<Vec<Uuid>> {
    let mut tx = db.pool.begin().await?;
    sqlx::query!("select set_config('pg_trgm.word_similarity_threshold', '0.25', true)").fetch_one(&mut *tx).await?;
    let worth = sqlx::query!(
        r#"select entity_id, name, lower(coalesce(title, '')) as "title!" from entity
           where readers && $1::text[] and $2 <% called order by word_similarity($2, called) desc, reference limit $3"#,
        &viewer.catalog_readers(),
        text,
        MOST_COMPARED,
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let mut close: Vec<(f64, Uuid)> =
        worth.into_iter().map(|row| (closeness(text, [&row.name, &row.title]), row.entity_id)).collect();
    close.retain(|(closeness, _)| *closeness >= CLOSE);
    close.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    close.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(close.into_iter().map(|(_, id)| id).collect())
}

const MOST_COMPARED: i64 = 200;
const CLOSE: f64 = 0.7;

/// From 0 to 1: how alike the text and the nearest of the names, or of their words, are.
fn closeness(text: &str, names: [&str; 2]) -> f64 {
    let words = names.into_iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
    names.into_iter().chain(words).map(|name| strsim::normalized_damerau_levenshtein(text, name)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::{CLOSE, closeness, words};

    #[test]
    fn only_letters_and_digits_are_asked_for() {
        for (text, asked) in [
            ("payment-gateway", "payment:* & gateway:*"),
            ("  group:default/payments ", "group:* & default:* & payments:*"),
            ("o'brien & !x | (y)", "o:* & brien:* & x:* & y:*"),
            ("é2", "é2:*"),
            ("%_\\", ""),
            ("a\0b", "a:* & b:*"),
            ("", ""),
        ] {
            assert_eq!(words(text), asked, "{text:?}");
        }
    }

    #[test]
    fn a_slip_is_close_and_another_word_is_not() {
        for (text, names, is_close) in [
            ("ledgr", ["ledger", ""], true),
            ("legder", ["ledger-archive", ""], true),
            ("bnak link", ["payment-gateway", "bank link"], true),
            ("crt", ["cart", ""], true),
            ("ledger", ["leader", ""], false),
            ("ledger", ["larder", ""], false),
            ("xylophone", ["telephone", ""], false),
        ] {
            assert_eq!(closeness(text, names) >= CLOSE, is_close, "{text} {names:?}: {}", closeness(text, names));
        }
    }
}
