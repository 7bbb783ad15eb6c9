//! How clients of Backstage's catalog ask for entities (`@backstage/plugin-catalog-backend` 4.0): filters, predicates,
//! orders and fields, and the paths under which an entity is found.

mod fields;
mod filter;
mod order;
mod paths;
mod predicate;
mod read;
mod told;

pub use fields::narrowed;
pub use filter::filters;
pub use order::Order;
pub use paths::{MOST_CHARS, paths_of};
pub use predicate::{Predicate, Test};
pub use read::predicate;
pub use told::{ORPHAN, as_told};
