//! What a production environment runs beside what the branch holds for it, in sentences.

use crate::sentence::listed;

/// How many paths are named before the rest is counted.
const NAMED: usize = 6;

/// Without a full stop. `commits` counts those of the branch after the one that runs; `None` when it is not known.
pub fn unreleased(branch: &str, environment: &str, commits: Option<u32>, files: &[String]) -> String {
    let ahead = match commits {
        None | Some(0) => format!("{branch} is ahead"),
        Some(1) => format!("{branch} is 1 commit ahead"),
        Some(count) => format!("{branch} is {count} commits ahead"),
    };
    let verb = if files.len() == 1 { "differs" } else { "differ" };
    format!("{ahead} of what {environment} runs: {} {verb}", paths(files))
}

/// What others pushed since, and what comes with a change for that reason.
pub fn rides_along(branch: &str, environment: &str, files: &[String]) -> String {
    format!(
        "This also brings what was pushed to {branch} before and does not run in {environment} yet, in {}.",
        paths(files)
    )
}

/// What others pushed since and a roll-back takes out of the branch again.
pub fn taken_back(branch: &str, environment: &str, files: &[String]) -> String {
    format!(
        "This also takes back what was pushed to {branch} before and does not run in {environment} yet, in {}.",
        paths(files)
    )
}

/// Other environments that are built from the same files and follow the branch.
pub fn shared(environments: &[String], files: &[String]) -> String {
    let names: Vec<&str> = environments.iter().map(String::as_str).collect();
    let (verb, follow) = if names.len() == 1 { ("is", "follows") } else { ("are", "follow") };
    format!("{} {verb} built from {} as well and {follow} at once.", listed(&names), paths(files))
}

fn paths(files: &[String]) -> String {
    let mut names: Vec<String> = files.iter().take(NAMED).cloned().collect();
    match files.len().saturating_sub(NAMED) {
        0 => {}
        1 => names.push("one more file".to_owned()),
        more => names.push(format!("{more} more files")),
    }
    listed(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("f{n}")).collect()
    }

    #[test]
    fn what_is_not_released_is_counted_and_named() {
        assert_eq!(
            unreleased("main", "prod", Some(1), &files(1)),
            "main is 1 commit ahead of what prod runs: f0 differs"
        );
        assert_eq!(
            unreleased("main", "prod", Some(3), &files(8)),
            "main is 3 commits ahead of what prod runs: f0, f1, f2, f3, f4, f5 and 2 more files differ"
        );
        assert_eq!(
            unreleased("main", "prod", None, &files(2)),
            "main is ahead of what prod runs: f0 and f1 differ",
            "what is not counted is not zero"
        );
    }

    #[test]
    fn what_comes_with_a_change_is_a_sentence() {
        assert!(rides_along("main", "prod", &files(1)).ends_with("does not run in prod yet, in f0."));
        assert!(taken_back("main", "prod", &files(7)).ends_with("f5 and one more file."));
        assert_eq!(
            shared(&["dev".into(), "staging".into()], &files(1)),
            "dev and staging are built from f0 as well and follow at once."
        );
        assert_eq!(shared(&["dev".into()], &files(1)), "dev is built from f0 as well and follows at once.");
    }
}
