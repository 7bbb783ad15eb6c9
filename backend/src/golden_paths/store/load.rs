//! A published version as it was before it was published.

use std::collections::BTreeMap;

use domain::access::Viewer;
use domain::golden_paths::{Finding, TEMPLATE_FILE, Template};

use crate::golden_paths::{GoldenPath, PathFiles, SourceFile};
use crate::{Db, Error, Result};

/// All of a version, the current one where none is named.
pub(crate) async fn load(db: &Db, name: &str, version: Option<&str>) -> Result<GoldenPath> {
    let files = sqlx::query!(
        "select f.path, f.content, f.executable from golden_path p
         join golden_path_file f on f.golden_path = p.name and f.version = coalesce($2, p.current_version)
         where p.name = $1",
        name,
        version,
    )
    .fetch_all(&db.pool)
    .await?;
    let source = files.into_iter().map(|f| (f.path, SourceFile { bytes: f.content, executable: f.executable }));
    read(name, source.collect())
}

/// The document of the current version, which is all that the form needs.
pub async fn template(viewer: &Viewer, db: &Db, name: &str) -> Result<Template> {
    let document = sqlx::query_scalar!(
        "select f.content from golden_path p
         join golden_path_file f on f.golden_path = p.name and f.version = p.current_version
         where p.name = $1 and f.path = $2 and not $3",
        name,
        TEMPLATE_FILE,
        viewer.is_outsider(),
    )
    .fetch_one(&db.pool)
    .await?;
    let file = SourceFile { bytes: document, executable: false };
    Ok(read(name, [(TEMPLATE_FILE.to_owned(), file)].into())?.template)
}

fn read(name: &str, files: BTreeMap<String, SourceFile>) -> Result<GoldenPath> {
    if files.is_empty() {
        return Err(Error::NotFound);
    }
    GoldenPath::read(PathFiles::new(files)).map_err(|findings| unreadable(name, &findings))
}

/// It could be read when it was published: another version of this program did that.
fn unreadable(name: &str, findings: &[Finding]) -> Error {
    let first = findings.first().map(Finding::to_string).unwrap_or_default();
    Error::internal(format!("golden path {name}: {first}"))
}
