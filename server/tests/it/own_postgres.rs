//! A Postgres server of one test, which may be restarted whenever it likes. `cargo xtask test` says where the programs
//! are and which user runs them where we are root, as which Postgres refuses to run.

use std::{
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Command, Stdio},
};

use tempfile::TempDir;

pub(crate) struct OwnPostgres {
    programs: PathBuf,
    user: Option<(u32, u32)>,
    /// A folder that the user reaches; it goes with the value.
    folder: TempDir,
    port: u16,
}

impl OwnPostgres {
    pub(crate) fn start() -> Self {
        let programs = std::env::var_os("WAYMARK_POSTGRES").expect("WAYMARK_POSTGRES names a folder with `initdb`");
        let user = std::env::var("WAYMARK_POSTGRES_USER").ok().map(|text| {
            let (uid, gid) = text.split_once(':').expect("WAYMARK_POSTGRES_USER is a user and a group");
            (uid.parse().unwrap(), gid.parse().unwrap())
        });
        let folder = tempfile::tempdir_in("/var/tmp").unwrap();
        if let Some((uid, gid)) = user {
            std::os::unix::fs::chown(folder.path(), Some(uid), Some(gid)).unwrap();
        }
        let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let own = Self { programs: programs.into(), user, folder, port: unused };
        own.run("initdb", &["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
        own.control(&["start", "--wait"]);
        own
    }

    /// May make databases.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends every connection where it stands, as a crash does, and starts again from the log of what was committed.
    pub(crate) fn restart(&self) {
        self.control(&["restart", "--mode=immediate", "--wait"]);
    }

    fn control(&self, what: &[&str]) {
        let options =
            format!("--options=-c port={} -c listen_addresses=127.0.0.1 -c unix_socket_directories=", self.port);
        let log = format!("--log={}", self.folder.path().join("log").display());
        self.run("pg_ctl", &[what, &[&options, &log]].concat());
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).arg("--pgdata").arg(self.folder.path().join("data")).current_dir("/");
        if let Some((uid, gid)) = self.user {
            command.gid(gid).uid(uid);
        }
        // The server inherits what it is given, and would keep a pipe of ours open.
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(status.success(), "{program} {arguments:?}: {status}");
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        self.control(&["stop", "--mode=immediate", "--wait"]);
    }
}
