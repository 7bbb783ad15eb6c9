//! What pages and programs ask for.

use std::collections::BTreeMap;

use domain::{
    access::Viewer,
    error::FieldError,
    maturity::{
        Bundle, Dimension, Explained, Headline, Outcome, Report, Rule, Score, SubjectKind, evaluate, explained,
        is_unowned,
    },
};
use time::OffsetDateTime;

use super::{
    load::{Basis, Loaded, Scope, Sight, load, plain_name, reference},
    model::Model,
};
use crate::{Db, Error, Result};

/// The levels of one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectLevels {
    pub reference: String,
    pub title: String,
    /// All five dimensions, by their words.
    pub scores: Vec<Score>,
    pub headline: Option<Headline>,
    /// Dimensions in which an exemption counts, of the subject itself or of something that it sums up.
    pub exempt: Vec<Dimension>,
}

/// All that a viewer may see at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    pub basis: Basis,
    /// Whether these are all teams there are, or the viewer's own.
    pub is_whole: bool,
    pub units: Vec<SubjectLevels>,
    /// With those services last that nobody owns.
    pub teams: Vec<SubjectLevels>,
}

#[derive(Clone, Debug)]
pub struct TeamPage {
    pub basis: Basis,
    pub levels: SubjectLevels,
    pub services: Vec<SubjectLevels>,
    /// Of the rules about the team itself.
    pub rules: Vec<(&'static Rule, Explained)>,
}

#[derive(Clone, Debug)]
pub struct ServicePage {
    pub basis: Basis,
    pub levels: SubjectLevels,
    /// Full reference of the team; none: nobody owns it.
    pub team: Option<String>,
    pub rules: Vec<(&'static Rule, Explained)>,
}

/// One rule, and what it says about everything that the viewer may see.
#[derive(Clone, Debug)]
pub struct RulePage {
    pub basis: Basis,
    pub rule: &'static Rule,
    /// Title and explanation, by reference.
    pub subjects: Vec<(String, Explained)>,
}

/// Which scores are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScoreFilter {
    pub subject: Option<String>,
    pub dimension: Option<String>,
    /// `certified`, `strict` or `potential`.
    pub reading: Option<String>,
    pub as_of: Option<OffsetDateTime>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

#[derive(Clone, Debug)]
pub struct ScorePage {
    pub as_of: OffsetDateTime,
    pub basis: Basis,
    pub items: Vec<Score>,
    pub next_cursor: Option<String>,
}

const PAGE: usize = 100;

/// Teams and units with their levels. Members see their own teams; leadership and the platform see all.
pub async fn overview(viewer: &Viewer, db: &Db, now: OffsetDateTime) -> Result<Overview> {
    let evaluated = evaluated(Sight::of(viewer), db, Scope::All, now).await?;
    let is_whole = viewer.sees_all_levels();
    let of_kind = |kind| evaluated.of_kind(kind);
    let mut teams = of_kind(SubjectKind::Team);
    teams.sort_by(|a, b| (&a.title, &a.reference).cmp(&(&b.title, &b.reference)));
    teams.extend(evaluated.unowned().filter(|_| is_whole));
    Ok(Overview { is_whole, units: of_kind(SubjectKind::Unit), teams, basis: evaluated.loaded.basis.clone() })
}

/// One team, by name or reference.
pub async fn team(viewer: &Viewer, db: &Db, name: &str, now: OffsetDateTime) -> Result<TeamPage> {
    let team = reference(name, "group")?;
    let evaluated = evaluated(Sight::of(viewer), db, Scope::Team(team.clone()), now).await?;
    let levels = evaluated.levels(&team.to_string()).ok_or(Error::NotFound)?;
    let mut services = evaluated.of_kind(SubjectKind::Service);
    services.sort_by(|a, b| a.title.cmp(&b.title));
    let rules = evaluated.explained(|subject, _| subject == levels.reference)?;
    Ok(TeamPage { services, rules, levels, basis: evaluated.loaded.basis.clone() })
}

/// One service, by name or reference.
pub async fn service(viewer: &Viewer, db: &Db, name: &str, now: OffsetDateTime) -> Result<ServicePage> {
    let service = reference(name, "component")?;
    let evaluated = evaluated(Sight::of(viewer), db, Scope::Service(service.clone()), now).await?;
    let levels = evaluated.levels(&service.to_string()).ok_or(Error::NotFound)?;
    let rules = evaluated.explained(|_, _| true)?;
    let team = owner(db, &service).await?;
    Ok(ServicePage { team, rules, levels, basis: evaluated.loaded.basis.clone() })
}

/// One rule. Everybody of the organisation may read it; what it says is shown of what they may see.
pub async fn rule(viewer: &Viewer, db: &Db, id: &str, now: OffsetDateTime) -> Result<RulePage> {
    let rule = Model::shipped()?.rule(id).filter(|_| !viewer.is_outsider()).ok_or(Error::NotFound)?;
    let evaluated = evaluated(Sight::of(viewer), db, Scope::All, now).await?;
    let explained = evaluated.explained(|_, rule| rule == id)?;
    let named = explained.into_iter().map(|(_, explained)| (evaluated.title(&explained.result.subject), explained));
    Ok(RulePage { rule, subjects: named.collect(), basis: evaluated.loaded.basis.clone() })
}

/// Scores by subject and dimension, a page at a time.
pub async fn scores(viewer: &Viewer, db: &Db, filter: &ScoreFilter, now: OffsetDateTime) -> Result<ScorePage> {
    let (dimension, reading) = checked(filter, now)?;
    let as_of = filter.as_of.unwrap_or(now);
    let evaluated = evaluated(Sight::of(viewer), db, Scope::All, as_of).await?;
    let is_whole = viewer.sees_all_levels();
    let key = |score: &Score| format!("{} {}", score.subject, score.dimension.word());
    let wanted = |score: &Score| {
        (is_whole || !is_unowned(&score.subject))
            && filter.subject.as_ref().is_none_or(|subject| *subject == score.subject)
            && dimension.is_none_or(|dimension| dimension == score.dimension)
            && filter.after.as_ref().is_none_or(|after| key(score) > *after)
    };
    let mut items: Vec<Score> = evaluated.report.scores.iter().filter(|score| wanted(score)).cloned().collect();
    items.sort_by_key(key);
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    let next_cursor = items.last().filter(|_| more).map(key);
    let items = items.into_iter().map(|score| read_as(score, reading)).collect();
    Ok(ScorePage { as_of, items, next_cursor, basis: evaluated.loaded.basis.clone() })
}

/// Why each rule says what it says about one subject.
pub async fn explain(
    viewer: &Viewer,
    db: &Db,
    filter: &ScoreFilter,
    now: OffsetDateTime,
) -> Result<(Basis, Vec<Explained>)> {
    let (dimension, _) = checked(filter, now)?;
    let Some(subject) = &filter.subject else {
        return Err(invalid("/subject", "Name the subject, such as component:default/checkout."));
    };
    let evaluated = evaluated(Sight::of(viewer), db, Scope::All, filter.as_of.unwrap_or(now)).await?;
    evaluated.levels(subject).filter(|_| !is_unowned(subject)).ok_or(Error::NotFound)?;
    let rules = evaluated.explained(|of, _| of == subject)?;
    let wanted = rules.into_iter().filter(|(rule, _)| dimension.is_none_or(|dimension| dimension == rule.dimension));
    Ok((evaluated.loaded.basis.clone(), wanted.map(|(_, explained)| explained).collect()))
}

pub(super) struct Evaluated {
    pub(super) loaded: Loaded,
    pub(super) report: Report,
}

/// The evaluation has a thread of its own: it computes, and must not keep others waiting.
pub(super) async fn evaluated(sight: Sight, db: &Db, scope: Scope, as_of: OffsetDateTime) -> Result<Evaluated> {
    let loaded = load(&sight, db, &scope, as_of).await?;
    let done = tokio::task::spawn_blocking(move || {
        let report = evaluate(&loaded.bundle);
        Evaluated { loaded, report }
    });
    done.await.map_err(|error| Error::internal(format!("evaluation: {error}")))
}

async fn owner(db: &Db, service: &domain::catalog::EntityRef) -> Result<Option<String>> {
    let owner = sqlx::query_scalar!(
        "select owner from entity where kind = $1 and namespace = $2 and name = $3",
        service.kind(),
        service.namespace(),
        service.name(),
    )
    .fetch_optional(&db.pool)
    .await?;
    Ok(owner.flatten())
}

impl Evaluated {
    fn bundle(&self) -> &Bundle {
        &self.loaded.bundle
    }

    pub(super) fn title(&self, reference: &str) -> String {
        if is_unowned(reference) {
            return "Owned by nobody".to_owned();
        }
        self.loaded.titles.get(reference).cloned().unwrap_or_else(|| plain_name(reference))
    }

    pub(super) fn of_kind(&self, kind: SubjectKind) -> Vec<SubjectLevels> {
        let subjects = self.bundle().subjects.iter().filter(|subject| subject.kind == kind);
        subjects.filter_map(|subject| self.levels(&subject.reference)).collect()
    }

    fn unowned(&self) -> Option<SubjectLevels> {
        let subject = self.report.headline.iter().map(|headline| &headline.subject).find(|name| is_unowned(name))?;
        self.levels(subject)
    }

    /// None: the viewer does not see it, or it is not there.
    fn levels(&self, reference: &str) -> Option<SubjectLevels> {
        let scores: Vec<Score> =
            self.report.scores.iter().filter(|score| score.subject == reference).cloned().collect();
        (!scores.is_empty()).then(|| SubjectLevels {
            title: self.title(reference),
            headline: self.report.headline.iter().find(|headline| headline.subject == reference).cloned(),
            exempt: self.exempt(reference),
            reference: reference.to_owned(),
            scores,
        })
    }

    fn exempt(&self, reference: &str) -> Vec<Dimension> {
        let dimensions: BTreeMap<&str, Dimension> =
            self.bundle().rules.iter().map(|rule| (rule.id.as_str(), rule.dimension)).collect();
        let is_part = |subject: &str| {
            subject == reference
                || self.bundle().subjects.iter().any(|s| s.reference == subject && s.team.as_deref() == Some(reference))
        };
        let exempt = self.report.results.iter().filter(|r| r.outcome == Outcome::Exempt && is_part(&r.subject));
        let mut found: Vec<Dimension> = exempt.filter_map(|r| dimensions.get(r.rule.as_str()).copied()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn explained(&self, wanted: impl Fn(&str, &str) -> bool) -> Result<Vec<(&'static Rule, Explained)>> {
        let model = Model::shipped()?;
        let found = explained(self.bundle(), wanted);
        Ok(found.into_iter().filter_map(|explained| Some((model.rule(&explained.result.rule)?, explained))).collect())
    }
}

#[derive(Clone, Copy)]
enum Reading {
    Certified,
    Strict,
    Potential,
}

fn checked(filter: &ScoreFilter, now: OffsetDateTime) -> Result<(Option<Dimension>, Reading)> {
    let dimension = match filter.dimension.as_deref() {
        None => None,
        Some(word) => Some(Dimension::of_word(word).ok_or_else(|| {
            let known = Dimension::ALL.map(Dimension::word).join(", ");
            invalid("/dimension", format!("Use one of {known}."))
        })?),
    };
    let reading = match filter.reading.as_deref() {
        None | Some("certified") => Reading::Certified,
        Some("strict") => Reading::Strict,
        Some("potential") => Reading::Potential,
        Some(_) => return Err(invalid("/reading", "Use one of certified, strict, potential.")),
    };
    if filter.as_of.is_some_and(|as_of| as_of > now) {
        return Err(invalid("/as_of", "Use a time that is over; nothing is known about the future."));
    }
    Ok((dimension, reading))
}

fn read_as(score: Score, reading: Reading) -> Score {
    let shown = match reading {
        Reading::Certified => return score,
        Reading::Strict => score.strict.clone(),
        Reading::Potential => score.potential.clone(),
    };
    Score { level: shown.level, score: shown.score, exact: shown.exact, ..score }
}

fn invalid(pointer: &str, message: impl Into<String>) -> Error {
    Error::Invalid(vec![FieldError::new(pointer, message)])
}
