//! The user under which engines run that refuse root.

use std::fs;
use std::path::Path;

use crate::failure::{Failure, Result};
use crate::tool::Tool;
use crate::workshop::Workshop;

/// Tried in this order: the package's own user, then the one that exists everywhere and owns nothing.
const NAMES: [&str; 2] = ["postgres", "nobody"];

/// A user and its first group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl User {
    /// `None` when xtask itself is not root, so that everything runs as the person.
    pub(crate) fn for_engines() -> Result<Option<Self>> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        NAMES.iter().find_map(|name| parse(&users, name)).map(Some).ok_or_else(|| {
            Failure::world("Postgres does not run as root, and there is no user `postgres` or `nobody`. Add one.")
        })
    }

    /// Whether this user may pass through the folder, which depends on every folder above it.
    pub(crate) fn reaches(self, workshop: &Workshop, folder: &Path) -> Result<bool> {
        let said = Tool::new("test").arg("-x").arg(folder).current_dir("/").user(self.uid, self.gid).ask(workshop)?;
        Ok(said.status.success())
    }
}

fn parse(users: &str, name: &str) -> Option<User> {
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let fields: Vec<&str> = line.split(':').collect();
    Some(User { uid: fields.get(2)?.parse().ok()?, gid: fields.get(3)?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let users = "root:x:0:0:root:/root:/bin/bash\npostgres2:x:7:7::/:\npostgres:x:101:104:,,,:/var/lib/postgresql:/bin/bash\n";
        assert_eq!(parse(users, "postgres"), Some(User { uid: 101, gid: 104 }));
        assert_eq!(parse(users, "nobody"), None);
    }
}
