//! The levels of one subject: one row for each dimension, and as cells of a heat map.

use backend::maturity::{Basis, SubjectLevels};
use domain::{
    links,
    maturity::{Dimension, Limit, Score, level_name},
};
use leptos::prelude::*;

use super::in_force;
use crate::components::{
    Align, Badge, Cell, Column, DataTable, HeatMap, HeatRow, LevelCell, LevelReading, RowHeader, SafeHref, TableRow,
    TextLink, Tone,
};

/// Below this share of known evidence a level is drawn as thin.
const THIN_BELOW: f64 = 70.0;

/// What a cell shows of a score. A level that nothing is known about is drawn as unknown, whatever it counts as.
pub(super) fn reading(score: &Score, is_exempt: bool) -> LevelReading {
    LevelReading {
        level: score.level.filter(|_| is_known(score)),
        progress: score.progress,
        is_thin: known_percent(score).is_some_and(|percent| percent < THIN_BELOW),
        is_exempt,
    }
}

/// Whether any evidence is behind it. Units that sum up practices alone have no share of their own: a zero of theirs that
/// could be more is as likely unknown as missed, and is drawn as unknown.
pub(super) fn is_known(score: &Score) -> bool {
    match known_percent(score) {
        Some(percent) => percent > 0.0,
        None => score.level.is_some_and(|level| level > 0 || score.potential.level == Some(0)),
    }
}

/// In the order of the headings.
fn as_told(scores: &[Score]) -> impl Iterator<Item = &Score> {
    Dimension::AS_TOLD.into_iter().filter_map(|told| scores.iter().find(|score| score.dimension == told))
}

fn known_percent(score: &Score) -> Option<f64> {
    score.coverage.as_ref()?.parse().ok()
}

/// Subjects by dimension, as a real table.
#[component]
pub(super) fn SubjectHeat(
    #[prop(into)] caption: String,
    #[prop(into)] subject: String,
    rows: Vec<SubjectLevels>,
    basis: Basis,
) -> impl IntoView {
    let dimensions = Dimension::AS_TOLD.map(|dimension| dimension.title().to_owned()).to_vec();
    let row = |levels: SubjectLevels| {
        let href = links::levels(&levels.reference).unwrap_or_else(|| "/maturity".to_owned());
        let cell = |score: &Score| {
            let is_exempt = levels.exempt.contains(&score.dimension);
            (reading(score, is_exempt), SafeHref::from(format!("{href}#{}", score.dimension.word())))
        };
        let cells = as_told(&levels.scores).map(cell).collect();
        HeatRow { subject: levels.title, href: SafeHref::from(href.clone()), cells, trend: in_force(&basis) }
    };
    let rows = rows.into_iter().map(row).collect();
    view! { <HeatMap caption=caption subject=subject dimensions=dimensions trend="Based on" rows=rows /> }.into_any()
}

/// The levels of one subject side by side, each opening to its evidence.
#[component]
pub(crate) fn LevelsRow(levels: SubjectLevels, basis: Basis) -> impl IntoView {
    let href = links::levels(&levels.reference).unwrap_or_else(|| "/maturity".to_owned());
    let cell = |score: &Score| {
        let name = score.dimension.title();
        let shown = reading(score, levels.exempt.contains(&score.dimension));
        let (whose, address) =
            (format!("{}, {name}", levels.title), SafeHref::from(format!("{href}#{}", score.dimension.word())));
        view! {
            <li>
                <p class="mb-1 text-sm text-ink-2">{name}</p>
                <LevelCell subject=whose reading=shown href=address />
            </li>
        }
    };
    let cells = as_told(&levels.scores).map(cell).collect_view();
    view! {
        <ul class="grid grid-cols-[repeat(auto-fit,minmax(5.5rem,1fr))] items-end gap-2">{cells}</ul>
        <p class="mt-3 text-sm text-ink-2">
            {in_force(&basis)} ". " <TextLink href=href.clone()>"What blocks the next level"</TextLink>
        </p>
    }
    .into_any()
}

/// One row for each dimension, with what it rests on and what comes next.
#[component]
pub(super) fn LevelsTable(levels: SubjectLevels, basis: Basis) -> impl IntoView {
    let columns =
        vec![Column::text("Dimension"), Column::centered("Level"), Column::text("Reached"), Column::text("Next")];
    let row = |score: &Score| {
        let is_exempt = levels.exempt.contains(&score.dimension);
        let name = score.dimension.title();
        let (whose, beside) = (format!("{}, {name}", levels.title), in_force(&basis));
        let (shown, words, known, next) = (reading(score, is_exempt), reached(score), evidence(score), next(score));
        let href = SafeHref::from(format!("#{}", score.dimension.word()));
        view! {
            <TableRow>
                <RowHeader label="Dimension">{name}</RowHeader>
                <Cell label="Level" align=Align::Center>
                    <LevelCell subject=whose reading=shown href=href />
                </Cell>
                <Cell label="Reached">
                    <p>{words}</p>
                    <p class="text-sm text-ink-2">{known} " " {beside} "."</p>
                </Cell>
                <Cell label="Next">{next}</Cell>
            </TableRow>
        }
    };
    let rows = as_told(&levels.scores).map(row).collect_view();
    view! { <DataTable caption=format!("Levels of {}", levels.title) columns=columns>{rows}</DataTable> }.into_any()
}

fn reached(score: &Score) -> AnyView {
    let Some(level) = score.level.filter(|_| is_known(score)) else {
        let words = match (score.level, score.potential.level) {
            (Some(_), Some(potential)) if potential > 0 => {
                format!(" Up to level {potential}, {}, if evidence arrives.", level_name(potential))
            }
            (Some(_), _) => " Its rules are waiting for evidence.".to_owned(),
            (None, _) => " No rule in force applies here.".to_owned(),
        };
        return view! { <Badge tone=Tone::Unknown word="not known" /> {words} }.into_any();
    };
    let mut words = format!("Level {level}, {}.", level_name(level));
    if let Some(strict) = score.strict.level.filter(|strict| *strict < level) {
        words.push_str(&format!(" Without exemptions level {strict}."));
    }
    if let Some(potential) = score.potential.level.filter(|potential| *potential > level) {
        words.push_str(&format!(" Up to level {potential} if evidence arrives."));
    }
    words.into_any()
}

fn evidence(score: &Score) -> String {
    match &score.coverage {
        None if score.level.is_some() => "It sums up what teams do.".to_owned(),
        None => "Nothing was assessed.".to_owned(),
        Some(percent) => format!("{} % of it is known.", percent.strip_suffix(".00").unwrap_or(percent)),
    }
}

/// What stands between here and the next level.
fn next(score: &Score) -> AnyView {
    let Some(next) = score.next else {
        return match score.level {
            Some(_) => "Nothing more is asked for yet.".into_any(),
            None => "–".into_any(),
        };
    };
    let rules =
        score.blocked_by.clone().into_iter().map(|id| view! { " " <TextLink href=links::rule(&id)>{id}</TextLink> });
    let limit = match score.limited_by {
        Some(Limit::Services) => Some("Limited by its services."),
        Some(Limit::Practices) => Some("Limited by what the team does itself."),
        Some(Limit::CriticalFloor) => Some("Limited by a critical service."),
        None => None,
    };
    view! {
        <p>{format!("To level {next}, {}:", level_name(next))} {rules.collect_view()}</p>
        {limit.map(|limit| view! { <p class="text-sm text-ink-2">{limit}</p> })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::maturity::Shown;

    use super::*;

    fn score(level: Option<u8>, potential: Option<u8>, coverage: Option<&str>) -> Score {
        let shown = |level| Shown { level, score: None, exact: None };
        Score {
            subject: "component:default/a".into(),
            dimension: Dimension::Policy,
            level,
            score: None,
            exact: None,
            strict: shown(level),
            potential: shown(potential),
            coverage: coverage.map(str::to_owned),
            next: None,
            blocked_by: vec![],
            limited_by: None,
            progress: 50,
        }
    }

    #[test]
    fn what_nobody_knows_is_drawn_as_unknown_and_never_as_zero() {
        for (level, potential, coverage, drawn) in [
            (None, None, None, None),
            (Some(0), Some(2), Some("0.00"), None),
            (Some(0), Some(2), Some("33.33"), Some(0)),
            (Some(2), Some(2), Some("100.00"), Some(2)),
            (Some(1), Some(1), None, Some(1)),
            (Some(0), Some(1), None, None),
            (Some(0), Some(0), None, Some(0)),
        ] {
            assert_eq!(reading(&score(level, potential, coverage), false).level, drawn, "{level:?} {coverage:?}");
        }
    }

    #[test]
    fn little_evidence_is_thin() {
        assert!(reading(&score(Some(1), Some(2), Some("69.99")), false).is_thin);
        assert!(!reading(&score(Some(1), Some(2), Some("70.00")), false).is_thin);
    }
}
