//! Entities in Postgres: whole, with what they point at, where they come from and what is wrong there.

mod cause;
pub mod changing;
mod docs;
mod entity;
mod export;
mod facets;
mod former;
mod found_by;
mod import;
mod kept;
mod list;
pub mod living;
mod mine;
mod neighbours;
pub mod query;
mod readers;
mod reading;
mod register;
mod removed;
pub mod running;
mod search;
mod surroundings;
#[cfg(test)]
mod tests;
mod timeline;
mod troubles;
mod unowned;

pub use docs::{
    DocsHit, DocsImage, DocsPage, Heading, NavRow, Snippet, docs_image, docs_page, has_docs, search_docs, search_pages,
};
pub use entity::{Entity, Origin, find};
pub use export::export;
pub use facets::{Facet, FacetValue, Facets, facets};
pub use former::{Former, called_now, former};
pub use import::{Imported, Preview, PreviewDocument, PreviewFate, findings, import, previews};
pub(crate) use kept::Kept;
pub use kept::{add_up_revisions, kept};
pub use list::{CatalogFilter, CatalogPage, MINE, NOBODY, NOT_KNOWN, Sort, list};
pub use mine::{MOST_NEEDY, Mine, Needy, mine};
pub use neighbours::{Neighbour, NeighbourGroup, Referrers, neighbours, referrers};
pub use reading::{Collected, FileText, collect};
pub(crate) use register::{Registered, is_taken, register};
pub use removed::{Removed, may_remove, purge_removed, remove, removed, restore};
pub use search::{Found, MAX_SEARCH, search};
pub use surroundings::{Surroundings, surroundings};
pub use timeline::{Happening, What, timeline};
pub use troubles::{Trouble, troubles};
pub use unowned::{MOST_UNOWNED, Proposal, Reason, Unowned, unowned};
