//! Documentation that lies as Markdown beside the code. It is read with its source, from the same commit, drawn once and
//! kept as clean HTML with the text that is searched; who sees an entity sees its documentation.
//!
//! * `collect`, `folders`, `files`: what is read, within limits. * `draw`, `outline`, `clean`: one page. * `navigation`: their order.
//!   * `keep`, `pages`: what is written. * `view`, `search`: what people see.

mod clean;
mod collect;
mod draw;
mod files;
mod folders;
mod keep;
mod navigation;
mod outline;
mod pages;
mod search;
#[cfg(test)]
mod tests;
mod view;

pub(super) use collect::{DocsRead, WantedDocs, read_docs};
pub(super) use keep::keep;
pub use navigation::NavRow;
pub use outline::Heading;
pub use search::{DocsHit, Snippet, search_docs, search_pages};
pub use view::{DocsImage, DocsPage, docs_image, docs_page, has_docs};
