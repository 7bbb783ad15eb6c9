//! A path inside a repository that means the same file on every system, and never one outside.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// 1 to 20 components between single slashes, each of 1 to 100 ASCII characters, such as `src/main.rs`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RelPath(String);

/// Which path is refused, and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("The path `{path}` {fault}")]
pub struct PathError {
    /// The path with control characters escaped, cut to 200 characters.
    pub path: String,
    pub fault: PathFault,
}

/// The second half of a sentence that begins with the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PathFault {
    #[error("is empty or has an empty part: put exactly one slash between names and none at either end.")]
    Empty,
    #[error("has more than 20 parts: use fewer folders inside each other.")]
    TooDeep,
    #[error("has a part of more than 100 characters: shorten it.")]
    TooLong,
    #[error("has the character {0:?}: use ASCII letters, digits, inner spaces and . _ - + @ = , ( ) [ ] $ only.")]
    Character(char),
    #[error("has the part `.` or `..`: write where the file is without steps.")]
    Step,
    #[error("has a part that begins with a space or ends with a space or a dot, which Windows drops: rename it.")]
    Edge,
    #[error("has a part that names a device on Windows: rename it.")]
    Device,
    #[error(
        "has a part that begins with `.git`: only the files .gitignore, .gitattributes and .gitlab-ci.yml \
         and the folder .github are allowed."
    )]
    Git,
}

const MAX_COMPONENTS: usize = 20;
const MAX_COMPONENT_BYTES: usize = 100;
const MAX_SHOWN: usize = 200;

/// Beside letters and digits. Without `~`, `:` and `\` the short names and streams of NTFS cannot be written.
const PUNCTUATION: &str = "._-+@=,()[]$ ";
const GIT_FILES: [&str; 3] = [".gitignore", ".gitattributes", ".gitlab-ci.yml"];
const GIT_FOLDERS: [&str; 1] = [".github"];
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
const NUMBERED_DEVICES: [&str; 2] = ["com", "lpt"];

impl RelPath {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn components(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }

    pub fn file_name(&self) -> &str {
        self.components().next_back().unwrap_or(&self.0)
    }

    /// The folders above it, outermost first: `a` and `a/b` for `a/b/c`.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.0.match_indices('/').map(|(at, _)| &self.0[..at])
    }
}

impl FromStr for RelPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        check(text).map_err(|fault| PathError { path: shown(text), fault })?;
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for RelPath {
    type Error = PathError;

    fn try_from(text: String) -> Result<Self, PathError> {
        text.parse()
    }
}

impl From<RelPath> for String {
    fn from(path: RelPath) -> Self {
        path.0
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check(text: &str) -> Result<(), PathFault> {
    let mut components = text.split('/').enumerate().peekable();
    while let Some((index, component)) = components.next() {
        if index == MAX_COMPONENTS {
            return Err(PathFault::TooDeep);
        }
        check_component(component)?;
        check_git(component, components.peek().is_none())?;
    }
    Ok(())
}

fn check_component(component: &str) -> Result<(), PathFault> {
    if component.is_empty() {
        return Err(PathFault::Empty);
    }
    if let Some(stray) = component.chars().find(|c| !c.is_ascii_alphanumeric() && !PUNCTUATION.contains(*c)) {
        return Err(PathFault::Character(stray));
    }
    if component.len() > MAX_COMPONENT_BYTES {
        return Err(PathFault::TooLong);
    }
    if component == "." || component == ".." {
        return Err(PathFault::Step);
    }
    if component.starts_with(' ') || component.ends_with([' ', '.']) {
        return Err(PathFault::Edge);
    }
    if is_device(component) { Err(PathFault::Device) } else { Ok(()) }
}

/// Windows looks at what stands before the first dot, without regard to case and to spaces at its end.
fn is_device(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let is_digit = |rest: &str| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit());
    DEVICES.contains(&stem.as_str())
        || NUMBERED_DEVICES.into_iter().any(|device| stem.strip_prefix(device).is_some_and(is_digit))
}

fn check_git(component: &str, is_file: bool) -> Result<(), PathFault> {
    let allowed: &[&str] = if is_file { &GIT_FILES } else { &GIT_FOLDERS };
    let is_git = component.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(".git"));
    if is_git && !allowed.contains(&component) { Err(PathFault::Git) } else { Ok(()) }
}

/// Safe to show and to log.
fn shown(text: &str) -> String {
    text.chars().take(MAX_SHOWN).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_templates_hold_is_accepted() {
        let deepest = vec!["a"; 20].join("/");
        let longest = "a".repeat(100);
        for good in [
            "a",
            "src/main.rs",
            ".gitignore",
            "web/.gitignore",
            ".gitattributes",
            ".gitlab-ci.yml",
            ".github/workflows/build.yaml",
            "app/[id]/(group)/$page.tsx",
            "@types/a+b=c,d.ts",
            "My notes.md",
            "-components/x",
            "console/com10/nullable",
            "...a/.b",
            deepest.as_str(),
            longest.as_str(),
        ] {
            assert_eq!(good.parse::<RelPath>().map(String::from), Ok(good.to_owned()));
        }
    }

    #[test]
    fn what_could_escape_or_collide_is_refused() {
        let too_deep = vec!["a"; 21].join("/");
        let too_long = format!("x/{}", "a".repeat(101));
        for (bad, why) in [
            ("", PathFault::Empty),
            ("/etc/passwd", PathFault::Empty),
            ("a//b", PathFault::Empty),
            ("a/", PathFault::Empty),
            (".", PathFault::Step),
            ("a/../b", PathFault::Step),
            (too_deep.as_str(), PathFault::TooDeep),
            (too_long.as_str(), PathFault::TooLong),
            ("a\\b", PathFault::Character('\\')),
            ("C:x", PathFault::Character(':')),
            ("git~1/x", PathFault::Character('~')),
            (".gi\u{200c}t/x", PathFault::Character('\u{200c}')),
            ("a\0", PathFault::Character('\0')),
            ("a\nM 100644", PathFault::Character('\n')),
            ("a\"b", PathFault::Character('"')),
            ("ü", PathFault::Character('ü')),
            ("a/b ", PathFault::Edge),
            (" a", PathFault::Edge),
            ("a./b", PathFault::Edge),
            ("...", PathFault::Edge),
            ("nul", PathFault::Device),
            ("a/NUL.txt", PathFault::Device),
            ("aux .c", PathFault::Device),
            ("Com1/x", PathFault::Device),
            ("lpt0.log.txt", PathFault::Device),
            ("CONIN$", PathFault::Device),
            (".git", PathFault::Git),
            (".git/config", PathFault::Git),
            ("a/.GIT/hooks/x", PathFault::Git),
            (".gitmodules", PathFault::Git),
            ("a/.gitmodules", PathFault::Git),
            (".GitIgnore", PathFault::Git),
            (".gitignore/x", PathFault::Git),
            (".github", PathFault::Git),
            (".githubs/x", PathFault::Git),
        ] {
            assert_eq!(bad.parse::<RelPath>().map_err(|e| e.fault), Err(why), "{bad:?}");
        }
    }

    #[test]
    fn the_message_shows_the_path_without_its_control_characters() {
        let message = "a\u{1b}[2Jb\n".parse::<RelPath>().unwrap_err().to_string();
        assert!(message.starts_with("The path `a\\u{1b}[2Jb\\n` has the character"), "{message}");
        assert!("x/".repeat(5_000).parse::<RelPath>().unwrap_err().to_string().len() < 1_000);
    }

    #[test]
    fn folders_are_listed_from_the_outside() {
        let path: RelPath = "a/b/c".parse().unwrap();
        assert_eq!(path.folders().collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(path.file_name(), "c");
    }

    #[test]
    fn it_cannot_be_read_from_json_past_the_rules() {
        assert!(serde_json::from_str::<RelPath>("\"../x\"").is_err());
        assert_eq!(serde_json::to_string(&"a/b".parse::<RelPath>().unwrap()).unwrap(), "\"a/b\"");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_is_accepted_keeps_the_promises(text in "[./ ~a-cgitGITnulNUL0-2_:\\\\\"\n\u{200c}é-]{0,24}") {
            let Ok(path) = text.parse::<RelPath>() else { return Ok(()) };
            prop_assert_eq!(path.as_str(), &text);
            prop_assert!((1..=20).contains(&path.components().count()));
            for component in path.components() {
                prop_assert!((1..=100).contains(&component.len()) && component.is_ascii());
                prop_assert!(component != "." && component != "..");
                prop_assert!(!component.ends_with(['.', ' ']));
                prop_assert!(!component.contains(['\\', ':', '~', '"', '\n', '\0']));
                let folded = component.to_ascii_lowercase();
                let known = [".gitignore", ".gitattributes", ".gitlab-ci.yml", ".github"];
                prop_assert!(!folded.starts_with(".git") || known.contains(&component));
                prop_assert!(folded.split('.').next().unwrap().trim_end() != "nul");
            }
        }

        #[test]
        fn any_text_is_judged_without_a_panic(text in "\\PC{0,40}|[\\x00-\\x1f/.]{0,300}") {
            if let Err(error) = text.parse::<RelPath>() {
                let message = error.to_string();
                prop_assert!(!message.contains(char::is_control) && message.ends_with('.'));
            }
        }
    }
}
