//! Nothing in the tree names the machine on which it was written: no home folder, no checkout path, no registry's host.

use std::fs;

use super::{Findings, source};
use crate::failure::{Result, While};
use crate::workshop::Workshop;

/// The lock file of cargo names its index by rule.
const EXEMPT: [&str; 1] = ["Cargo.lock"];
/// In two parts each, so that this file does not name them either.
const HOSTS: [(&str, &str); 7] = [
    ("registry.", "npmjs.org"),
    ("registry.", "yarnpkg.com"),
    ("index.", "crates.io"),
    ("static.", "crates.io"),
    ("proxy.", "golang.org"),
    ("deb.", "debian.org"),
    ("/arti", "factory/"),
];

pub(super) fn check(workshop: &Workshop) -> Result<Findings> {
    let forbidden = forbidden(workshop);
    let mut findings = Findings::new();
    for file in source::files(workshop)? {
        if EXEMPT.iter().any(|exempt| file.ends_with(exempt)) {
            continue;
        }
        let content = fs::read(workshop.path(&file)).world(format_args!("read {}", file.display()))?;
        let name = file.display().to_string();
        findings.extend(judge(&name, &String::from_utf8_lossy(&content), &forbidden));
    }
    Ok(findings)
}

/// The hosts, and the places of this very machine, whatever they are called here.
fn forbidden(workshop: &Workshop) -> Vec<String> {
    let mut words: Vec<String> = HOSTS.iter().map(|(first, second)| format!("{first}{second}")).collect();
    let home = std::env::home_dir().map(|home| home.display().to_string());
    for place in [Some(workshop.root().display().to_string()), home].into_iter().flatten() {
        // A home of `/` or `/x` would forbid half of all paths.
        if place.len() > 4 {
            words.push(format!("{place}/"));
        }
    }
    words
}

fn judge(file: &str, text: &str, forbidden: &[String]) -> Findings {
    let mut findings = Findings::new();
    for (index, line) in text.lines().enumerate() {
        for word in forbidden.iter().map(String::as_str).chain(home_in(line)) {
            if line.contains(word) {
                findings
                    .push(format!("{file}:{}: names `{word}`, which belongs to one machine. Remove it.", index + 1));
            }
        }
    }
    findings
}

/// Anybody's home folder, on Linux and on macOS.
fn home_in(line: &str) -> Option<&str> {
    ["/home/", "/Users/"].into_iter().find_map(|start| {
        let at = line.find(start)?;
        let name = line[at + start.len()..].split_once('/')?.0;
        let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
        (!name.is_empty() && name.chars().all(plain)).then(|| &line[at..at + start.len() + name.len() + 1])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_places_are_found_with_their_line() {
        let forbidden = vec!["npm.example/".to_owned()];
        let findings = judge("a.json", "{\n \"resolved\": \"https://npm.example/x\"\n}", &forbidden);
        assert_eq!(findings, ["a.json:2: names `npm.example/`, which belongs to one machine. Remove it."]);
    }

    #[test]
    fn homes_are_found_whoever_lives_there() {
        assert_eq!(home_in(&["see ", "/home", "/ada/src/x"].concat()), Some(["/home", "/ada/"].concat().as_str()));
        assert_eq!(home_in("the route /home/ is taken"), None);
        assert_eq!(home_in("/home/{user}/x"), None);
    }

    #[test]
    fn each_host_is_whole() {
        let hosts: Vec<String> = HOSTS.iter().map(|(first, second)| format!("{first}{second}")).collect();
        for host in &hosts {
            assert_eq!(judge("x", &format!("https://{host}/"), &hosts).len(), 1, "{host}");
        }
    }
}
