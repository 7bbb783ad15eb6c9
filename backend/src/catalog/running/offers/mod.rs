//! What runs and stands in no catalog, with who might own it: for those who see every team, and for the team that is
//! proposed.

mod found;
mod propose;

use domain::{
    access::{Role, Viewer},
    catalog::{
        EntityRef,
        running::{Group, Grouped, Labels, Place, WorkloadKind, environment, grouped, marks},
    },
};
use sqlx::PgConnection;

pub use self::propose::OfferReason;
use self::{
    found::{Found, find_namespaces, find_workloads},
    propose::{Hints, Known},
};
use crate::{Db, Result};

/// What is offered, by cluster and namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    pub found: Vec<Offer>,
    /// There are more.
    pub is_cut: bool,
    /// Whom the viewer may give it to, whoever is proposed; empty for those who may not choose.
    pub owners: Vec<EntityRef>,
}

/// One thing that an entity could stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub key: OfferKey,
    /// What the entity would be called, unless somebody has the name.
    pub name: String,
    /// None: it is the namespace itself.
    pub members: Vec<(WorkloadKind, String)>,
    pub images: Vec<String>,
    pub environment: Option<String>,
    pub proposal: Option<(EntityRef, OfferReason)>,
    /// Annotations by which the entity claims exactly what is offered; `None` where no label tells it apart.
    pub marks: Option<Labels>,
    /// The viewer may adopt it.
    pub may_adopt: bool,
}

/// What is offered, the same as long as it is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfferKey {
    pub cluster: String,
    pub namespace: String,
    /// What keeps workloads together, such as `instance/shop`; `None` for the namespace itself.
    pub what: Option<String>,
}

/// More are not read by anybody; the page says that there are more.
pub const MOST_OFFERED: usize = 200;

pub async fn offers(viewer: &Viewer, db: &Db) -> Result<Offers> {
    let mut connection = db.pool.acquire().await?;
    let mut found = offered(&mut connection, viewer).await?;
    let is_cut = found.len() > MOST_OFFERED;
    found.truncate(MOST_OFFERED);
    let owners = match viewer.has(Role::Platform) {
        true => found::living_groups(&mut connection, viewer).await?,
        false => Vec::new(),
    };
    Ok(Offers { found, is_cut, owners })
}

/// All of it that the viewer sees.
pub(super) async fn offered(db: &mut PgConnection, viewer: &Viewer) -> Result<Vec<Offer>> {
    if viewer.is_outsider() {
        return Ok(Vec::new());
    }
    let mut all: Vec<(Offer, Hints)> = Vec::new();
    for namespace in find_workloads(db, viewer).await? {
        all.extend(of_namespace(namespace));
    }
    all.extend(find_namespaces(db).await?.into_iter().map(itself));
    let known = Known::look_up(db, viewer, all.iter().map(|(_, hints)| hints)).await?;
    let teams = viewer.team_references();
    let mut offers: Vec<Offer> = Vec::new();
    for (offer, hints) in all {
        let proposal = known.proposal(&hints);
        let is_theirs = proposal.as_ref().is_some_and(|(owner, _)| teams.contains(&owner.to_string()));
        if viewer.sees_all_teams() || is_theirs {
            let may_adopt = offer.marks.is_some() && (viewer.has(Role::Platform) || is_theirs);
            offers.push(Offer { proposal, may_adopt, ..offer });
        }
    }
    offers.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(offers)
}

/// The workloads of a namespace that nothing claims, put together where they belong together.
fn of_namespace(namespace: Found) -> Vec<(Offer, Hints)> {
    let Found { cluster, namespace, labels, unclaimed, claimed, images, owners } = namespace;
    let at = Place { cluster: &cluster, namespace: &namespace };
    let groups = grouped(unclaimed);
    let others_of = |key: &str| -> Vec<&Labels> {
        let others = groups.iter().filter(|group| group.key != key).flat_map(|group| &group.members);
        others.map(|member| &member.labels).chain(&claimed).collect()
    };
    let offer = |group: &Group| {
        let hints = Hints {
            own: group.members.iter().map(|member| member.labels.clone()).collect(),
            namespace: labels.clone(),
            neighbours: owners.clone(),
        };
        let is_named = |member: &Grouped| (member.kind, member.name.clone());
        let mut shown: Vec<String> =
            group.members.iter().filter_map(|of| images.get(&is_named(of))).flatten().cloned().collect();
        shown.dedup();
        let said = group.members.iter().find_map(|member| environment(&member.labels, &labels));
        let offer = Offer {
            key: OfferKey { cluster: cluster.clone(), namespace: namespace.clone(), what: Some(group.key.clone()) },
            name: group.name().to_owned(),
            members: group.members.iter().map(is_named).collect(),
            images: shown,
            environment: said.map(|environment| environment.name),
            proposal: None,
            marks: marks(at, &group.members, &others_of(&group.key)),
            may_adopt: false,
        };
        (offer, hints)
    };
    groups.iter().map(offer).collect()
}

fn itself((cluster, namespace, labels): (String, String, Labels)) -> (Offer, Hints) {
    let offer = Offer {
        name: namespace.clone(),
        environment: environment(&Labels::new(), &labels).map(|environment| environment.name),
        key: OfferKey { cluster, namespace, what: None },
        members: Vec::new(),
        images: Vec::new(),
        proposal: None,
        marks: Some(Labels::new()),
        may_adopt: false,
    };
    (offer, Hints { own: Vec::new(), namespace: labels, neighbours: Vec::new() })
}
