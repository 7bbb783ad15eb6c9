//! Entities as clients of Backstage's catalog ask for them and know them.

mod ancestry;
mod count;
mod locations;
mod page;
mod question;
mod some;
mod told;

pub use ancestry::{Ancestor, ancestry};
pub use count::{count, values_at};
pub use locations::{Location, location, location_of, locations};
pub use page::{EntityPage, Position, Start, page};
pub use some::{by_references, by_uid};
pub use told::Parts;

use domain::catalog::query::{Order, Predicate};
use serde_json::Value;

use question::Question;

/// Which entities, in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityQuery {
    pub predicate: Predicate,
    /// Words that stand somewhere in one of the fields.
    pub words: Option<Words>,
    /// Without one the order is that of the references.
    pub order: Option<Order>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Not empty.
    pub text: String,
    /// Paths in lower case.
    pub fields: Vec<String>,
}

/// What is bound to the statements; `None` where nothing can be found.
struct Bound {
    /// The argument of `catalog_found`; `None` for every entity.
    question: Option<Value>,
    /// A path of SQL's language for JSON that leads somewhere where the words are found.
    words: Option<String>,
    /// What stands in name, title or description of whatever has the words, in lower case; reading every field of every
    /// entity would take ten times as long. `None` where words are looked for elsewhere, or have letters that several
    /// others are capitals of.
    among: Option<String>,
}

impl Bound {
    fn of(predicate: &Predicate, words: Option<&Words>) -> Option<Self> {
        // Nothing that is stored holds the character NUL, and the database takes no text with it.
        if words.is_some_and(|words| words.text.contains('\0') || words.fields.iter().any(|path| path.contains('\0'))) {
            return None;
        }
        let question = match Question::of(predicate) {
            Question::Everything => None,
            Question::Asked(question) => Some(question),
            Question::Nothing => return None,
        };
        let among = words.filter(|words| words.is_among_names()).map(|words| words.text.to_lowercase());
        Some(Self { question, words: words.map(Words::path), among })
    }
}

const NAMES: [&str; 3] = ["metadata.name", "metadata.title", "metadata.description"];

impl Words {
    fn is_among_names(&self) -> bool {
        self.text.is_ascii() && self.fields.iter().all(|field| NAMES.contains(&field.as_str()))
    }

    /// `$ ? (@."metadata.name"[*] like_regex "text" flag "iq")`: taken literally, whatever their case.
    fn path(&self) -> String {
        let string = |text: &str| Value::from(text).to_string();
        let text = string(&self.text);
        let tests = self.fields.iter().map(|path| format!("@.{}[*] like_regex {text} flag \"iq\"", string(path)));
        format!("$ ? ({})", tests.collect::<Vec<_>>().join(" || "))
    }
}
