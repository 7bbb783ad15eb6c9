//! No file grows past what one reads in a sitting, and none is a drawer for everything.

use std::fs;
use std::path::Path;

use super::{Findings, source};
use crate::failure::{Result, While};
use crate::workshop::Workshop;

const MOST_LINES: usize = 400;
const COUNTED: [&str; 6] = ["rs", "ts", "mjs", "js", "css", "sql"];
const DRAWERS: [&str; 8] = ["utils", "util", "helpers", "helper", "common", "manager", "misc", "shared"];

pub(super) fn check(workshop: &Workshop) -> Result<Findings> {
    let mut findings = Findings::new();
    for file in source::files(workshop)? {
        let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if !COUNTED.contains(&extension) {
            continue;
        }
        let text = fs::read_to_string(workshop.path(&file)).world(format_args!("read {}", file.display()))?;
        let lines = code_lines(&text);
        if lines > MOST_LINES {
            findings.push(format!(
                "{} has {lines} lines before its tests; {MOST_LINES} is the most. Split it.",
                file.display()
            ));
        }
        if is_drawer(&file) {
            findings.push(format!("{} has a name that fits any project. Name it after what it holds.", file.display()));
        }
    }
    Ok(findings)
}

/// Lines before the first inline test module; a test-only item that is no module does not end the count.
fn code_lines(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let starts_tests = |index: &usize| {
        let module = |line: &&str| line.trim_start().starts_with("mod ");
        lines[*index].trim() == "#[cfg(test)]" && lines.get(index + 1).is_some_and(module)
    };
    (0..lines.len()).find(starts_tests).unwrap_or(lines.len())
}

fn is_drawer(file: &Path) -> bool {
    file.with_extension("").iter().any(|part| DRAWERS.contains(&part.to_string_lossy().as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_do_not_count() {
        assert_eq!(code_lines("//! docs\n\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n}\n"), 4);
    }

    #[test]
    fn a_test_only_function_is_no_test_module() {
        assert_eq!(code_lines("#[cfg(test)]\nfn only() {}\nfn a() {}\n"), 3);
        assert_eq!(code_lines("fn a() {}\n#[cfg(test)]"), 2);
    }

    #[test]
    fn the_limit_is_the_last_allowed_line() {
        let at = "x\n".repeat(MOST_LINES);
        assert!(code_lines(&at) <= MOST_LINES);
        assert!(code_lines(&format!("{at}x\n")) > MOST_LINES);
    }

    #[test]
    fn drawers_are_whole_names_of_files_and_folders() {
        assert!(is_drawer(Path::new("backend/src/utils.rs")));
        assert!(is_drawer(Path::new("server/src/common/mod.rs")));
        assert!(!is_drawer(Path::new("backend/src/commonality.rs")));
    }
}
