//! Gitea's own database in the stack's Postgres, owned by a role that has nothing else.

use crate::failure::Result;
use crate::stack::postgres::{Database, psql};
use crate::tools::postgres::Postgres;
use crate::workshop::Workshop;

/// Name of the database and of the role that owns it.
pub(super) const NAME: &str = "gitea";

/// Makes both where they are missing. Gitea itself migrates the database at its start.
pub(super) fn ensure(workshop: &Workshop, database: &Database, password: &str) -> Result<()> {
    let postgres = Postgres::set_up(workshop)?;
    psql(workshop, &postgres, &database.admin_url, &script(password)).map(drop)
}

fn script(password: &str) -> String {
    format!(
        "SELECT 'CREATE ROLE {NAME} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{NAME}') \\gexec\n\
         ALTER ROLE {NAME} PASSWORD '{password}';\n\
         SELECT 'CREATE DATABASE {NAME} OWNER {NAME}' \
         WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{NAME}') \\gexec\n"
    )
}
