//! A private Postgres cluster: loopback TCP with passwords, no socket, durable as in production.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::Signal;
use url::Url;

use super::launch::Spec;
use super::state::{Folder, Stack};
use super::supervise::Supervisor;
use super::user::User;
use crate::failure::{Failure, Result, While};
use crate::fingerprint::short_hash;
use crate::progress;
use crate::tool::Tool;
use crate::tools::postgres::Postgres;
use crate::workshop::Workshop;

const ELSEWHERE: &str = "/var/tmp";
const OWNER_FILE: &str = "waymark-state";
/// A cluster that was killed hard replays its log before it answers.
const READY_DEADLINE: Duration = Duration::from_secs(60);

/// How to reach the database of a running stack.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    /// What the server and the worker use: owner of one database.
    pub(crate) url: String,
    /// May create databases, for tests; the same as `url` where the database is foreign.
    pub(crate) admin_url: String,
}

struct Cluster<'a> {
    workshop: &'a Workshop,
    postgres: Postgres,
    user: Option<User>,
    data: PathBuf,
}

/// Starts the private cluster, or takes `DATABASE_URL` where the person set it.
pub(crate) fn start(
    workshop: &Workshop,
    folder: &Folder,
    stack: &mut Stack,
    supervisor: &mut Supervisor,
) -> Result<Database> {
    if let Some(url) = foreign_url() {
        progress::note("Using the database that `DATABASE_URL` names.");
        return Ok(Database { admin_url: url.clone(), url });
    }
    let postgres = Postgres::set_up(workshop)?;
    let user = User::for_engines()?;
    let place = place(workshop, folder, stack, user)?;
    let cluster = Cluster { workshop, postgres, user, data: place.join("data") };
    if !cluster.data.join("PG_VERSION").exists() {
        progress::step("Making a private Postgres cluster", || cluster.initialise(&place, stack))?;
    }
    cluster.check_version(folder)?;
    let port = stack.ports.postgres;
    supervisor.start_until(&cluster.spec(port), READY_DEADLINE, || cluster.is_ready(port))?;
    let database = urls(stack);
    cluster.make_database(stack, &database)?;
    Ok(database)
}

impl Database {
    fn is_private(&self) -> bool {
        self.admin_url != self.url
    }

    /// Another database of the same server, for whoever may make databases.
    pub(crate) fn other(&self, name: &str) -> Result<String> {
        let mut url = Url::parse(&self.admin_url).input("read the database's address")?;
        if url.host_str().is_none() {
            return Err(Failure::input(
                "`DATABASE_URL` names no host. Give it in the form postgres://user:password@host/db.",
            ));
        }
        url.set_path(name);
        Ok(url.into())
    }
}

/// The cluster is thrown away with the tests, so that nothing of it has to outlive a loss of power.
pub(crate) fn forget_safety(workshop: &Workshop, database: &Database) -> Result<()> {
    if !database.is_private() {
        return Ok(());
    }
    let settings = ["fsync", "full_page_writes", "synchronous_commit"];
    let script = settings.map(|setting| format!("ALTER SYSTEM SET {setting} = off;\n")).concat();
    let script = format!("{script}SELECT pg_reload_conf();\n");
    psql(workshop, &Postgres::set_up(workshop)?, &database.admin_url, &script).map(drop)
}

/// Brings what new databases begin as up to date, so that each test does not do it again; a server of somebody else is
/// left as it is.
pub(crate) fn migrate_template(database: &Database, migrate: impl FnOnce(&str) -> Result<()>) -> Result<()> {
    if database.is_private() { migrate(&database.other("template1")?) } else { Ok(()) }
}

/// `DATABASE_URL`, where it is set and not empty.
pub(crate) fn foreign_url() -> Option<String> {
    std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// The addresses of the private cluster, running or not.
pub(crate) fn urls(stack: &Stack) -> Database {
    let url = |user: &str, password: &str, database: &str| {
        format!("postgres://{user}:{password}@127.0.0.1:{}/{database}", stack.ports.postgres)
    };
    Database {
        url: url("waymark", &stack.secrets.postgres, "waymark"),
        admin_url: url("postgres", &stack.secrets.postgres_superuser, "postgres"),
    }
}

/// Removes the folder outside the state folder, if this stack has one there.
pub(crate) fn remove_elsewhere(stack: &Stack) -> Result<()> {
    match &stack.postgres_folder {
        Some(place) if place.starts_with(ELSEWHERE) && place.exists() => {
            fs::remove_dir_all(place).world(format_args!("remove {}", place.display()))
        }
        _ => Ok(()),
    }
}

/// Inside the state folder where the cluster's user can go there, else in a folder of its own in `/var/tmp`.
fn place(workshop: &Workshop, folder: &Folder, stack: &mut Stack, user: Option<User>) -> Result<PathBuf> {
    if let Some(recorded) = stack.postgres_folder.clone().filter(|recorded| recorded.is_dir()) {
        return Ok(recorded);
    }
    let reachable = match user {
        Some(user) => user.reaches(workshop, folder.path())?,
        None => true,
    };
    let place = if reachable {
        folder.path().join("postgres")
    } else {
        remove_orphans()?;
        let hash = short_hash(folder.path().as_os_str().as_encoded_bytes());
        let place = Path::new(ELSEWHERE).join(format!("waymark-{hash}"));
        progress::note(&format!(
            "Postgres may not enter {}; its data go to {}.",
            folder.path().display(),
            place.display()
        ));
        place
    };
    claim(&place, folder, user)?;
    stack.postgres_folder = Some(place.clone());
    folder.keep(stack)?;
    Ok(place)
}

/// Makes the folder, for one user alone. In `/var/tmp` everybody may have made one of that name before us.
fn claim(place: &Path, folder: &Folder, user: Option<User>) -> Result<()> {
    if place.starts_with(ELSEWHERE) && place.symlink_metadata().is_ok() {
        fs::remove_dir_all(place).world(format_args!("clear {}", place.display()))?;
    }
    if !place.is_dir() {
        fs::create_dir(place).world(format_args!("make {}", place.display()))?;
    }
    fs::set_permissions(place, fs::Permissions::from_mode(0o700)).world("protect the database's folder")?;
    fs::write(place.join(OWNER_FILE), folder.path().as_os_str().as_encoded_bytes()).world("mark the folder")?;
    match user {
        Some(user) => chown(place, Some(user.uid), Some(user.gid)).world("hand the folder to the database's user"),
        None => Ok(()),
    }
}

/// Folders in `/var/tmp` whose state folder was removed by hand.
fn remove_orphans() -> Result<()> {
    for entry in fs::read_dir(ELSEWHERE).world("list /var/tmp")?.flatten() {
        let path = entry.path();
        let ours = entry.file_name().to_string_lossy().starts_with("waymark-") && path.is_dir();
        let Some(owner) = ours.then(|| fs::read_to_string(path.join(OWNER_FILE)).ok()).flatten() else { continue };
        let in_use = path.join("data/postmaster.pid").exists();
        if !Path::new(&owner).exists() && !in_use {
            progress::note(&format!("Removing {}: its state folder {owner} is gone.", path.display()));
            fs::remove_dir_all(&path).world(format_args!("remove {}", path.display()))?;
        }
    }
    Ok(())
}

impl Cluster<'_> {
    fn tool(&self, program: &str) -> Tool {
        let tool = Tool::new(self.postgres.program(program)).current_dir("/");
        match self.user {
            Some(user) => tool.user(user.uid, user.gid),
            None => tool,
        }
    }

    fn initialise(&self, place: &Path, stack: &Stack) -> Result<()> {
        // A start that was interrupted leaves half a cluster, which `initdb` refuses.
        if self.data.exists() {
            fs::remove_dir_all(&self.data).world("clear half a cluster")?;
        }
        let password = place.join("password");
        write_private(&password, &stack.secrets.postgres_superuser).world("hand over the password")?;
        if let Some(user) = self.user {
            chown(&password, Some(user.uid), Some(user.gid)).world("hand over the password")?;
        }
        let made = self
            .tool("initdb")
            .args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"])
            .arg(format!("--pwfile={}", password.display()))
            .arg("--pgdata")
            .arg(&self.data)
            .quiet(self.workshop);
        fs::remove_file(&password).world("remove the password file")?;
        made.map(drop)
    }

    fn check_version(&self, folder: &Folder) -> Result<()> {
        let made_by = fs::read_to_string(self.data.join("PG_VERSION")).world("read the cluster's version")?;
        if made_by.trim() == self.postgres.major().to_string() {
            return Ok(());
        }
        Err(Failure::world(format!(
            "The cluster of {} was made by Postgres {}, and this is Postgres {}. Run `cargo xtask stack down --purge` to \
             start afresh.",
            folder.path().display(),
            made_by.trim(),
            self.postgres.major()
        )))
    }

    fn spec(&self, port: u16) -> Spec {
        let mut spec = Spec::new("postgres", self.postgres.program("postgres"), "/").args(["-D"]);
        spec.args.push(self.data.clone().into_os_string());
        for setting in [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={port}"),
            "unix_socket_directories=".to_owned(),
            "max_connections=300".to_owned(),
            "timezone=UTC".to_owned(),
            "log_timezone=UTC".to_owned(),
        ] {
            spec = spec.args(["-c".to_owned(), setting]);
        }
        spec.user = self.user.map(|user| (user.uid, user.gid));
        // Fast: ends connections instead of waiting for them.
        spec.stop = Signal::INT;
        spec
    }

    fn is_ready(&self, port: u16) -> Result<bool> {
        let said = self.tool("pg_isready").args(["--host=127.0.0.1", &format!("--port={port}")]).ask(self.workshop)?;
        Ok(said.status.success())
    }

    /// The server's own role is no superuser and owns one database.
    fn make_database(&self, stack: &Stack, database: &Database) -> Result<()> {
        let password = &stack.secrets.postgres;
        let script = format!(
            "SELECT 'CREATE ROLE waymark LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'waymark') \\gexec\n\
             ALTER ROLE waymark PASSWORD '{password}';\n\
             SELECT 'CREATE DATABASE waymark OWNER waymark' \
             WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'waymark') \\gexec\n"
        );
        psql(self.workshop, &self.postgres, &database.admin_url, &script).map(drop)
    }
}

fn write_private(path: &Path, content: &str) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(content.as_bytes())
}

/// Runs a script of SQL and psql commands; any error in it is a failure.
pub(crate) fn psql(workshop: &Workshop, postgres: &Postgres, url: &str, script: &str) -> Result<String> {
    let (url, password) = without_password(url);
    let mut psql = Tool::new(postgres.program("psql"))
        .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--file=-"])
        .args(["--dbname", &url])
        .input(script);
    if let Some(password) = password {
        psql = psql.env("PGPASSWORD", password);
    }
    psql.quiet(workshop)
}

/// Everybody on the machine can read a program's arguments, so a plain password travels in the environment.
fn without_password(url: &str) -> (String, Option<String>) {
    let plain = |password: &str| !password.contains('%');
    match Url::parse(url) {
        Ok(mut parsed) if parsed.password().is_some_and(plain) => {
            let password = parsed.password().map(str::to_owned);
            match parsed.set_password(None) {
                Ok(()) => (parsed.into(), password),
                Err(()) => (url.to_owned(), None),
            }
        }
        _ => (url.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_lies_on_the_same_server() {
        let of = |admin_url: &str| Database { url: String::new(), admin_url: admin_url.to_owned() };
        let other = of("postgres://postgres:secret@127.0.0.1:25000/postgres?sslmode=disable").other("scratch").unwrap();
        assert_eq!(other, "postgres://postgres:secret@127.0.0.1:25000/scratch?sslmode=disable");
        assert!(of("postgres:///scratch").other("more").is_err());
    }

    #[test]
    fn a_plain_password_leaves_the_address() {
        let (url, password) = without_password("postgres://waymark:secret@127.0.0.1:25000/waymark?sslmode=disable");
        assert_eq!(url, "postgres://waymark@127.0.0.1:25000/waymark?sslmode=disable");
        assert_eq!(password.as_deref(), Some("secret"));
    }

    #[test]
    fn other_addresses_stay_as_they_are() {
        for url in ["postgres://localhost/waymark", "postgres://a:b%40c@localhost/x", "host=localhost dbname=x"] {
            assert_eq!(without_password(url), (url.to_owned(), None));
        }
    }

    #[test]
    fn a_foreign_folder_of_our_name_is_replaced() {
        let parent = tempfile::tempdir_in(ELSEWHERE).unwrap();
        let folder = Folder::open(&parent.path().join("state")).unwrap();
        let place = parent.path().join("place");
        fs::create_dir(&place).unwrap();
        fs::write(place.join("planted"), "").unwrap();
        claim(&place, &folder, None).unwrap();
        assert!(!place.join("planted").exists());
        assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_foreign_link_of_our_name_is_not_followed() {
        let parent = tempfile::tempdir_in(ELSEWHERE).unwrap();
        let folder = Folder::open(&parent.path().join("state")).unwrap();
        let (place, victim) = (parent.path().join("place"), parent.path().join("victim"));
        fs::create_dir(&victim).unwrap();
        fs::write(victim.join("kept"), "").unwrap();
        std::os::unix::fs::symlink(&victim, &place).unwrap();
        claim(&place, &folder, None).unwrap();
        assert!(!place.symlink_metadata().unwrap().is_symlink());
        assert!(victim.join("kept").exists() && !victim.join(OWNER_FILE).exists());
    }
}
