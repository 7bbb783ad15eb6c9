//! From files to what people see.

mod drawing;
mod reading;
mod scripts;
mod seen;

use std::{fs, path::Path};

use domain::access::Viewer;
use sqlx::PgPool;

use super::*;
use crate::{
    Db, Error,
    audit::Actor,
    catalog::{self, Collected, Imported, collect, import},
    testing::viewer,
};

/// An entity with these lines in its annotations.
fn entity(name: &str, annotations: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n  annotations:\n    a/b: c\n{annotations}\
         spec: {{type: service, lifecycle: x, owner: payments}}\n---\n"
    )
}

const HERE: &str = "    backstage.io/techdocs-ref: dir:.\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0123";

fn write(folder: &Path, files: &[(&str, &[u8])]) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// A folder with a described component and its files.
async fn collected(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Collected) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("catalog-info.yaml", entity("ledger", HERE).as_bytes())]);
    write(folder.path(), files);
    let collected = collect(&folder.path().join("catalog-info.yaml"), None).await.unwrap();
    (folder, collected)
}

fn told(collected: &Collected) -> Vec<&str> {
    collected.findings.iter().map(|(_, finding)| finding.message.as_str()).collect()
}

async fn take(db: &Db, collected: &Collected) -> Imported {
    import(db, &Actor::System("test"), "file:all", collected).await.unwrap()
}
