//! Who owns what, and which unit is below which.

use std::collections::{BTreeMap, BTreeSet};

use crate::maturity::bundle::{Bundle, Subject, SubjectKind};

/// The services that nobody owns are shown together under this name.
pub(in crate::maturity) const UNOWNED: &str = "unowned";

/// The subjects of a bundle, in their places.
#[derive(Debug)]
pub(in crate::maturity) struct Organisation<'a> {
    pub(in crate::maturity) services: Vec<&'a Subject>,
    /// The teams that are there, and `unowned` where a service has none.
    pub(in crate::maturity) teams: Vec<&'a str>,
    pub(in crate::maturity) units: Vec<&'a Subject>,
    /// From a service to its team.
    owner: BTreeMap<&'a str, &'a str>,
    /// From a team to the units that it is below, the nearest and all above.
    above: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Organisation<'a> {
    pub(in crate::maturity) fn of(bundle: &'a Bundle) -> Self {
        let of_kind = |kind| bundle.subjects.iter().filter(move |subject| subject.kind == kind);
        let services: Vec<&Subject> = of_kind(SubjectKind::Service).collect();
        let units: Vec<&Subject> = of_kind(SubjectKind::Unit).collect();
        let known: BTreeSet<&str> = of_kind(SubjectKind::Team).map(|team| team.reference.as_str()).collect();
        let owned_by = |service: &'a Subject| service.team.as_deref().filter(|team| known.contains(team));
        let owner: BTreeMap<&str, &str> =
            services.iter().map(|s| (s.reference.as_str(), owned_by(s).unwrap_or(UNOWNED))).collect();
        let mut above: BTreeMap<&str, BTreeSet<&str>> = of_kind(SubjectKind::Team)
            .map(|team| (team.reference.as_str(), chain(&units, team.unit.as_deref())))
            .collect();
        let mut teams: BTreeSet<&str> = known;
        if owner.values().any(|team| *team == UNOWNED) {
            teams.insert(UNOWNED);
            let roots = units.iter().filter(|unit| unit.parent.is_none());
            above.entry(UNOWNED).or_default().extend(roots.map(|unit| unit.reference.as_str()));
        }
        Self { services, teams: teams.into_iter().collect(), units, owner, above }
    }

    /// Empty for services and units.
    pub(in crate::maturity) fn services_of_team(&self, team: &str) -> Vec<&'a Subject> {
        let owns = |service: &&&'a Subject| self.owner.get(service.reference.as_str()) == Some(&team);
        self.services.iter().filter(owns).copied().collect()
    }

    pub(in crate::maturity) fn teams_of_unit(&self, unit: &str) -> Vec<&'a str> {
        let below = |team: &&&'a str| self.above.get(**team).is_some_and(|units| units.contains(unit));
        self.teams.iter().filter(below).copied().collect()
    }

    pub(in crate::maturity) fn services_of_unit(&self, unit: &str) -> Vec<&'a Subject> {
        self.teams_of_unit(unit).into_iter().flat_map(|team| self.services_of_team(team)).collect()
    }
}

/// A unit and all above it. Circles were refused, and would end here all the same.
fn chain<'a>(units: &[&'a Subject], start: Option<&'a str>) -> BTreeSet<&'a str> {
    let mut chain = BTreeSet::new();
    let mut next = start;
    while let Some(unit) = next.filter(|unit| chain.insert(*unit)) {
        next = units.iter().find(|known| known.reference == unit).and_then(|known| known.parent.as_deref());
    }
    chain
}
