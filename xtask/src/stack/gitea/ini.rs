//! Gitea's configuration: loopback only, nobody registers, people come in through the identity provider, tokens for `git`.

use std::fmt::{self, Display};
use std::path::Path;

use super::database;
use super::kept::Kept;

/// Passwords are off everywhere: the only page to sign in is the provider's, and `git` takes tokens. Accounts are named by
/// `nickname` because they share one namespace with organisations, and are never linked to one that has the name already.
const PEOPLE: &str = "\
[service]
DISABLE_REGISTRATION = true
SHOW_REGISTRATION_BUTTON = false
ENABLE_PASSWORD_SIGNIN_FORM = false
ENABLE_PASSKEY_AUTHENTICATION = false
ENABLE_BASIC_AUTHENTICATION = false
REQUIRE_SIGNIN_VIEW = true
ENABLE_NOTIFY_MAIL = false
DEFAULT_ALLOW_CREATE_ORGANIZATION = false
DEFAULT_KEEP_EMAIL_PRIVATE = true
NO_REPLY_ADDRESS = noreply.localhost

[openid]
ENABLE_OPENID_SIGNIN = false
ENABLE_OPENID_SIGNUP = false

[oauth2_client]
ENABLE_AUTO_REGISTRATION = true
USERNAME = nickname
ACCOUNT_LINKING = disabled
UPDATE_AVATAR = false
";

/// Webhooks may reach this machine, which Gitea refuses otherwise, and nothing else; the rest is what nobody uses here.
const REST: &str = "\
[webhook]
ALLOWED_HOST_LIST = loopback
DELIVER_TIMEOUT = 5

[actions]
ENABLED = false

[packages]
ENABLED = false

[indexer]
ISSUE_INDEXER_TYPE = db
REPO_INDEXER_ENABLED = false

[cron.update_checker]
ENABLED = false

[mailer]
ENABLED = false

[log]
MODE = console
LEVEL = Warn
";

/// What differs between two stacks.
pub(super) struct Ini<'a> {
    pub(super) home: &'a Path,
    pub(super) port: u16,
    pub(super) postgres_port: u16,
    pub(super) secrets: &'a Kept,
}

/// A value that may hold any character but the quote itself: unquoted, `#` and `;` begin a comment.
struct Quoted<T>(T);

impl<T: Display> Display for Quoted<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}`", self.0)
    }
}

impl Ini<'_> {
    /// The whole of `app.ini`. Gitea adds secrets that are missing; none is, so that the file stays as it is.
    pub(super) fn render(&self) -> String {
        [&self.server(), &self.storage(), &self.security(), PEOPLE, REST].join("\n")
    }

    fn server(&self) -> String {
        let Self { home, port, .. } = self;
        let (path, statics) = (Quoted(home.display()), Quoted(home.join("static").display().to_string()));
        format!(
            "APP_NAME = Waymark local Git host\nRUN_MODE = prod\nWORK_PATH = {path}\n\n\
             [server]\nPROTOCOL = http\nHTTP_ADDR = 127.0.0.1\nHTTP_PORT = {port}\nDOMAIN = localhost\n\
             ROOT_URL = {}/\nSTATIC_ROOT_PATH = {statics}\n\
             DISABLE_SSH = true\nOFFLINE_MODE = true\nLFS_START_SERVER = false\n",
            super::url(*port)
        )
    }

    fn storage(&self) -> String {
        let repositories = self.home.join("data/repositories");
        format!(
            "[database]\nDB_TYPE = postgres\nHOST = 127.0.0.1:{}\nNAME = {name}\nUSER = {name}\nPASSWD = {}\n\
             SSL_MODE = disable\nMAX_OPEN_CONNS = 10\n\n\
             [repository]\nROOT = {}\nDEFAULT_BRANCH = main\nDEFAULT_PRIVATE = private\nDISABLE_MIGRATIONS = true\n\
             ENABLE_PUSH_CREATE_USER = false\nENABLE_PUSH_CREATE_ORG = false\nMAX_CREATION_LIMIT = 0\n",
            self.postgres_port,
            self.secrets.postgres,
            Quoted(repositories.display()),
            name = database::NAME,
        )
    }

    fn security(&self) -> String {
        let Kept { secret_key, internal_token, jwt_secret, .. } = self.secrets;
        format!(
            "[security]\nINSTALL_LOCK = true\nSECRET_KEY = {secret_key}\nINTERNAL_TOKEN = {internal_token}\n\
             DISABLE_GIT_HOOKS = true\nDISABLE_QUERY_AUTH_TOKEN = true\n\n\
             [oauth2]\nENABLED = false\nJWT_SECRET = {jwt_secret}\n\n\
             [session]\nPROVIDER = db\nCOOKIE_NAME = waymark_gitea_{}\n",
            self.port
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::stack::state::Folder;

    fn rendered(home: &str) -> (String, Kept) {
        let parent = tempfile::tempdir().unwrap();
        let secrets = Kept::open(&Folder::open(parent.path()).unwrap()).unwrap();
        let ini = Ini { home: Path::new(home), port: 25_007, postgres_port: 25_000, secrets: &secrets }.render();
        (ini, secrets)
    }

    #[test]
    fn every_setting_has_a_value_and_is_set_once() {
        let (ini, _) = rendered("/var/tmp/a");
        let mut section = "";
        let mut seen = BTreeSet::new();
        for line in ini.lines().filter(|line| !line.is_empty()) {
            if line.starts_with('[') {
                section = line;
                assert!(seen.insert((section, "")), "{section} is there twice");
            } else {
                let (name, value) = line.split_once(" = ").unwrap();
                assert!(!value.is_empty(), "{name} has no value");
                assert!(seen.insert((section, name)), "{section} sets {name} twice");
            }
        }
        for wanted in ["HTTP_PORT = 25007", "ROOT_URL = http://localhost:25007/", "HOST = 127.0.0.1:25000"] {
            assert!(ini.lines().any(|line| line == wanted), "{wanted} is missing");
        }
    }

    #[test]
    fn each_secret_stands_at_its_place_and_the_others_stay_away() {
        let (ini, secrets) = rendered("/var/tmp/a");
        for (name, secret) in [
            ("PASSWD", &secrets.postgres),
            ("SECRET_KEY", &secrets.secret_key),
            ("INTERNAL_TOKEN", &secrets.internal_token),
            ("JWT_SECRET", &secrets.jwt_secret),
        ] {
            assert_eq!(ini.matches(secret.as_str()).count(), 1);
            assert!(ini.contains(&format!("\n{name} = {secret}\n")), "{name}");
        }
        assert!(!ini.contains(&secrets.oidc_client));
    }

    #[test]
    fn a_folder_name_is_no_comment() {
        let (ini, _) = rendered("/tmp/a#b;c");
        assert!(ini.contains("\nWORK_PATH = `/tmp/a#b;c`\n"), "{ini}");
    }
}
