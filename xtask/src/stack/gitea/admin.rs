//! What only Gitea's own program can set up: the first administrator, a token without a password, the login source.

use super::home::Home;
use super::kept::Kept;
use super::{KIND, SOURCE, organisations};
use crate::failure::{Failure, Result};
use crate::fingerprint::Fingerprint;
use crate::progress;
use crate::stack::state::Folder;
use crate::workshop::Workshop;

const NAME: &str = "waymark-admin";
/// What the platform does with its token: organisations, repositories, and the accounts behind read credentials.
const SCOPES: &str = "write:admin,write:organization,write:repository,write:user";
const CREATE: [&str; 10] = [
    "admin",
    "user",
    "create",
    "--username",
    NAME,
    "--email",
    "waymark-admin@localhost.invalid",
    "--admin",
    "--random-password",
    "--must-change-password=false",
];

/// Runs commands of one Gitea, whose server runs.
pub(super) struct Admin<'a> {
    pub(super) workshop: &'a Workshop,
    pub(super) home: &'a Home,
}

impl Admin<'_> {
    /// A token of the administrator, who is made where there is none. A token that was lost cannot be read again.
    pub(super) fn new_token(&self) -> Result<String> {
        let users = self.run(&["admin", "user", "list", "--admin"])?;
        if find_row(&users, 1, NAME).is_none() {
            // It prints the password, which nobody needs and which is dropped here.
            self.run(&CREATE)?;
        }
        let name = format!("stack-{}", hex::encode(rand::random::<[u8; 4]>()));
        let token = ["admin", "user", "generate-access-token", "--raw", "--username", NAME, "--scopes", SCOPES];
        let said = self.run(&[token.as_slice(), &["--token-name", &name]].concat())?;
        parse_token(&said).ok_or_else(|| Failure::world("`gitea` made a token and did not print it. Start once more."))
    }

    /// Adds the login source or brings it up to date; does nothing when Gitea has this very one.
    /// A server that runs takes notice of a new one, but not of a changed one.
    pub(super) fn ensure_login_source(&self, folder: &Folder, kept: &mut Kept, issuer: &str) -> Result<()> {
        let options = login_source(issuer, &kept.oidc_client);
        let wanted = options.iter().fold(Fingerprint::default(), |print, option| print.text(option)).finish();
        if kept.login_source.as_ref() == Some(&wanted) {
            return Ok(());
        }
        progress::step("Connecting the Git host to the identity provider", || {
            self.run(&["migrate"])?;
            let sources = self.run(&["admin", "auth", "list"])?;
            let options: Vec<&str> = options.iter().map(String::as_str).collect();
            match find_row(&sources, 1, SOURCE) {
                Some(row) => {
                    self.run(&[&["admin", "auth", "update-oauth", "--id", row[0]], options.as_slice()].concat())
                }
                None => self.run(&[&["admin", "auth", "add-oauth"], options.as_slice()].concat()),
            }
        })?;
        kept.login_source = Some(wanted);
        kept.keep(folder)
    }

    fn run(&self, args: &[&str]) -> Result<String> {
        self.home.command().args(args).quiet(self.workshop)
    }
}

/// For a moment the secret stands where everybody on the machine can read it: the program takes it no other way. It opens
/// a provider on this machine whose passwords are published.
fn login_source(issuer: &str, secret: &str) -> Vec<String> {
    let groups = organisations::group_map().to_string();
    let discovery = format!("{issuer}/.well-known/openid-configuration");
    let pairs = [
        ("--name", SOURCE),
        ("--provider", "openidConnect"),
        ("--key", KIND),
        ("--secret", secret),
        ("--auto-discover-url", &discovery),
        ("--scopes", "profile"),
        ("--scopes", "email"),
        ("--scopes", "groups"),
        ("--group-claim-name", "groups"),
        ("--group-team-map", &groups),
    ];
    let removal = "--group-team-map-removal".to_owned();
    pairs.into_iter().flat_map(|(name, value)| [name.to_owned(), value.to_owned()]).chain([removal]).collect()
}

/// The row of a printed table that has this word in the column.
fn find_row<'a>(table: &'a str, column: usize, word: &str) -> Option<Vec<&'a str>> {
    let mut rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.find(|row| row.get(column) == Some(&word))
}

/// The last line that is nothing but 40 hex digits.
fn parse_token(said: &str) -> Option<String> {
    let is_token = |line: &&str| line.len() == 40 && line.bytes().all(|letter| letter.is_ascii_hexdigit());
    said.lines().map(str::trim).rfind(is_token).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_found_by_the_whole_word_in_its_column() {
        let table =
            "ID  Name          Type    Enabled\n7   waymark-old   OAuth2  true\n12  waymark       OAuth2  true\n";
        assert_eq!(find_row(table, 1, "waymark").unwrap()[0], "12");
        assert!(find_row(table, 1, "OAuth2").is_none());
    }

    #[test]
    fn a_token_is_told_from_what_else_is_printed() {
        let token = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(parse_token(&format!("a warning\n{token}\n")).as_deref(), Some(token));
        assert_eq!(parse_token("New user 'waymark-admin' has been made"), None);
    }

    #[test]
    fn another_provider_or_secret_is_another_login_source() {
        let first = login_source("http://localhost:25001", "s");
        assert_eq!(first, login_source("http://localhost:25001", "s"));
        assert_ne!(first, login_source("http://localhost:25002", "s"));
        assert_ne!(first, login_source("http://localhost:25001", "t"));
    }
}
