//! A queue whose keys are rows of a feature's own table: each is due, then leased to one worker under an epoch that only
//! grows, and every later write names it. Time is the database's, so workers need not agree on theirs.
//!
//! The row that is leased is the row that people's changes lock as well: there is one order of locks, and nothing to tidy
//! up when a row goes. That is why the queue has no table of its own. Its queries are written once and checked for each.
//!
//! * `keys`: whose turn it is. * `table`: the queries. * `work`: what a feature does with a key. * `worker`, `turn`: the
//!   loop. * `stop`: how a look ends. * `triggers`: what makes due.

mod keys;
mod stop;
mod table;
mod triggers;
mod turn;
mod work;
mod worker;

pub(crate) use keys::{Claim, InCluster, Keys};
pub(crate) use stop::{Next, Stop, held};
pub(crate) use table::keyed_table;
pub(crate) use triggers::follow;
pub(crate) use work::{Settings, Work};
pub(crate) use worker::run;
