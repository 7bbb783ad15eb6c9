//! Environments: a service in a namespace of a cluster, what should run there beside what does.

mod gather;
mod view;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{access::Viewer, catalog::running::rank, error::FieldError};

use self::gather::gather;
pub use self::view::{EnvironmentState, EnvironmentView};
use super::sight::{ClusterSight, sights};
use crate::{Db, Error, Result, catalog::MINE};

/// What to list. Everything that is not there does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvironmentFilter {
    /// Its name, or [`NOT_KNOWN`].
    pub environment: Option<String>,
    pub cluster: Option<String>,
    /// Full reference, or [`MINE`].
    pub owner: Option<String>,
    pub state: Option<EnvironmentState>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// 1 to 100; 50 when absent.
    pub limit: Option<usize>,
}

/// Stands for an environment that nothing names.
pub const NOT_KNOWN: &str = "not-known";

#[derive(Clone, Debug)]
pub struct EnvironmentPage {
    pub items: Vec<EnvironmentView>,
    pub next: Option<String>,
    /// How many all filters leave.
    pub total: usize,
    /// How many the filters leave of each environment but for the filter by environment, in the order in which a change
    /// travels.
    pub counts: Vec<EnvironmentCount>,
    /// Owners that the viewer can choose among, by reference.
    pub owners: Vec<String>,
    pub clusters: Vec<ClusterSight>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentCount {
    /// `None` where nothing names it.
    pub name: Option<String>,
    pub count: usize,
}

const MAX_PAGE: usize = 100;
const PAGE: usize = 50;

/// Those of services that the viewer sees, by service.
pub async fn environments(viewer: &Viewer, db: &Db, filter: &EnvironmentFilter) -> Result<EnvironmentPage> {
    let after = filter.after.as_deref().map(cursor).transpose()?;
    let clusters = sights(&db.pool).await?;
    let mut all = gather(viewer, db, &clusters).await?;
    let mut owners: Vec<String> = all.iter().filter_map(|found| Some(found.owner.as_ref()?.to_string())).collect();
    owners.sort();
    owners.dedup();
    all.retain(|found| is_of(found, filter, viewer));
    if let Some(wanted) = filter.state {
        view::describe(viewer, db, &mut all).await?;
        all.retain(|found| found.states.contains(&wanted));
    }
    let counts = counts(&all);
    if let Some(wanted) = &filter.environment {
        all.retain(|found| found.environment_name().unwrap_or(NOT_KNOWN) == wanted);
    }
    all.sort_by_cached_key(key);
    let total = all.len();
    all.retain(|found| after.as_ref().is_none_or(|after| key(found) > *after));
    let limit = filter.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
    let is_more = all.len() > limit;
    all.truncate(limit);
    let next = all.last().filter(|_| is_more).map(|last| written(&key(last)));
    view::describe(viewer, db, &mut all).await?;
    Ok(EnvironmentPage { items: all, next, total, counts, owners, clusters })
}

fn is_of(found: &EnvironmentView, filter: &EnvironmentFilter, viewer: &Viewer) -> bool {
    let owner = found.owner.as_ref().map(ToString::to_string);
    let is_owners = match filter.owner.as_deref() {
        None => true,
        Some(MINE) => owner.is_some_and(|owner| viewer.team_references().contains(&owner)),
        Some(wanted) => owner.as_deref() == Some(wanted),
    };
    is_owners && filter.cluster.as_ref().is_none_or(|wanted| *wanted == found.cluster)
}

fn counts(all: &[EnvironmentView]) -> Vec<EnvironmentCount> {
    let mut names: Vec<(u8, Option<&str>)> =
        all.iter().map(|found| found.environment_name()).map(|name| (rank(name), name)).collect();
    names.sort();
    let of = |same: &[(u8, Option<&str>)]| {
        let name = same.first().and_then(|(_, name)| name.map(str::to_owned));
        EnvironmentCount { name, count: same.len() }
    };
    names.chunk_by(|one, next| one == next).map(of).collect()
}

/// By what environments are sorted, and where a page ends.
type Key = (String, u8, String, String, String);

fn key(found: &EnvironmentView) -> Key {
    let name = found.environment_name();
    let place = (found.cluster.clone(), found.namespace.clone());
    (found.service.to_string(), rank(name), name.unwrap_or_default().to_owned(), place.0, place.1)
}

fn written(key: &Key) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_string(key).unwrap_or_default())
}

fn cursor(text: &str) -> Result<Key> {
    let bytes = URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    serde_json::from_slice(&bytes).map_err(|_| {
        let message = "This is not where a page ends. Begin with the first page.";
        Error::Invalid(vec![FieldError::new("/after", message)])
    })
}
