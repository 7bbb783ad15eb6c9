//! The order in which a stack comes up: database, sign-in, pages, engines, worker.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::control_plane::{self, Cluster, Engines};
use super::gitea::{self, GitHost};
use super::oidc::{self, Client};
use super::postgres::{self, Database};
use super::state::Phase;
use super::{Running, accounts, demo, server};
use crate::engines::{self, GITEA, Installed, KUSTOMIZE};
use crate::failure::{Failure, Result, While};
use crate::frontend::{self, Profile};
use crate::progress;
use crate::workshop::Workshop;

/// What the worker acts on and with.
pub(crate) struct Started {
    pub(crate) cluster: Cluster,
    pub(crate) git: GitHost,
    pub(crate) kustomize: PathBuf,
}

impl Running {
    pub(crate) fn start_database(&mut self, workshop: &Workshop) -> Result<Database> {
        postgres::start(workshop, &self.folder, &mut self.stack, &mut self.supervisor)
    }

    /// Starts the identity provider, unless the person configured one.
    pub(crate) fn start_sign_in(&mut self, workshop: &Workshop) -> Result<Client> {
        oidc::start(workshop, &self.folder, &self.stack, &mut self.supervisor)
    }

    /// Builds and starts everything that the pages need, and answers the program.
    pub(crate) fn start_pages(
        &mut self,
        workshop: &Workshop,
        front_end: Profile,
        program: Profile,
        database: &Database,
        client: &Client,
    ) -> Result<PathBuf> {
        let site = frontend::build(workshop, front_end)?;
        let waymark = server::build(workshop, program)?;
        server::migrate(workshop, &waymark, &database.url)?;
        server::import_demo(workshop, &waymark, &database.url)?;
        server::publish_paths(workshop, &waymark, &database.url)?;
        server::import_budgets(workshop, &waymark, &database.url)?;
        let ports = self.stack.ports.clone();
        let login = match Cluster::foreign() {
            None => Some(Cluster::login(&self.folder)?),
            Some(_) => None,
        };
        let secret = &self.stack.secrets.webhook;
        let serve = server::serve_env(&ports, database, client, &site.folder, login, secret, given);
        server::serve(workshop, &mut self.supervisor, &waymark, serve, &ports)?;
        if client.is_local {
            eprint!("{}", accounts::table());
        }
        self.announce(Phase::Pages, &format!("ready {}", server::public_url(&ports)))?;
        Ok(waymark)
    }

    /// Finds or builds the engines and starts cluster and Git host. What runs already is looked after meanwhile, because
    /// the first build takes a quarter of an hour.
    pub(crate) fn start_engines(
        &mut self,
        workshop: &Workshop,
        database: &Database,
        client: Option<&Client>,
    ) -> Result<Started> {
        let issuer = client.filter(|client| client.is_local).map(|client| client.issuer.as_str());
        let (engines, git_engine, kustomize) = self.meanwhile(|| find_engines(workshop))?;
        let cluster = match (Cluster::foreign(), engines) {
            (None, Some(engines)) => {
                control_plane::start(workshop, &self.folder, &self.stack, &mut self.supervisor, &engines)?
            }
            (foreign, _) => {
                progress::note("Using the cluster that `WAYMARK_KUBECONFIG` names.");
                foreign.unwrap_or_default()
            }
        };
        let git = self.start_git_host(workshop, database, git_engine.as_ref(), issuer)?;
        cluster.record(&self.folder)?;
        Ok(Started { cluster, git, kustomize: kustomize.program("kustomize")? })
    }

    /// Starts the worker, which makes things in the cluster and on the Git host.
    pub(crate) fn start_worker(
        &mut self,
        workshop: &Workshop,
        database: &Database,
        waymark: &Path,
        started: &Started,
    ) -> Result<()> {
        let ports = self.stack.ports.clone();
        let is_local = gitea::foreign(given)?.is_none();
        let secret = is_local.then_some(self.stack.secrets.webhook.as_str());
        let work = server::work_env(&ports, database, started, secret, given);
        server::work(workshop, &mut self.supervisor, waymark, work, &ports)?;
        self.announce(Phase::Ready, "ready cluster")
    }

    /// Makes the demo services that run, while everything is looked after. The local provider knows their maker; another
    /// one does not.
    pub(crate) fn make_demo_services(&mut self, workshop: &Workshop, client: &Client) -> Result<()> {
        if !client.is_local {
            return Ok(());
        }
        let web = server::public_url(&self.stack.ports);
        match self.meanwhile(|| demo::make(&workshop.interrupt, &web)) {
            Err(failure) if !failure.is_interruption() => {
                progress::note(&format!("The demo services were not made: {failure}"));
                Ok(())
            }
            other => other,
        }
    }

    fn start_git_host(
        &mut self,
        workshop: &Workshop,
        database: &Database,
        engine: Option<&Installed>,
        issuer: Option<&str>,
    ) -> Result<GitHost> {
        match (engine, gitea::foreign(given)?) {
            (Some(engine), None) => {
                let settings = gitea::Settings {
                    binary: &engine.program("gitea")?,
                    static_dir: &engine.extra("static"),
                    port: self.stack.ports.gitea,
                    issuer,
                };
                let (folder, stack, supervisor) = (&self.folder, &self.stack, &mut self.supervisor);
                progress::step("Starting the Git host", || {
                    gitea::start(workshop, folder, stack, supervisor, database, &settings)
                })
            }
            (_, Some(foreign)) => {
                progress::note("Using the Git host that `WAYMARK_GIT_URL` names.");
                Ok(foreign)
            }
            (None, None) => Err(Failure::world("There is no Git host to start.")),
        }
    }

    /// Does something long while the processes that run are looked after.
    fn meanwhile<T: Send>(&mut self, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        std::thread::scope(|scope| {
            let worker = scope.spawn(work);
            let watched = self.supervisor.watch_until(|| worker.is_finished().then_some(()));
            let done = worker.join().unwrap_or_else(|_| Err(Failure::world("Setting up the engines broke off.")));
            watched.and(done)
        })
    }

    fn announce(&self, phase: Phase, line: &str) -> Result<()> {
        self.folder.set_phase(phase)?;
        println!("{line}");
        std::io::stdout().flush().world("write to stdout")
    }
}

/// The cluster's engines and the Git host's, neither where the person configured one, and the builder of overlays.
fn find_engines(workshop: &Workshop) -> Result<(Option<Engines>, Option<Installed>, Installed)> {
    let cluster = if Cluster::foreign().is_some() { None } else { Some(Engines::set_up(workshop)?) };
    let git = if gitea::foreign(given)?.is_some() { None } else { Some(engines::set_up(workshop, &GITEA)?) };
    Ok((cluster, git, engines::set_up(workshop, &KUSTOMIZE)?))
}

/// A variable that the person set and did not leave empty.
fn given(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
