//! What every first visit downloads stays small.

use std::fs;
use std::path::Path;

use super::Findings;
use crate::failure::{Result, While};
use crate::fingerprint::files_below;
use crate::frontend::Site;
use crate::progress;

/// Bytes of module and script together, compressed with brotli.
const MOST_BYTES: u64 = 130_000;

/// Reports the size of each file of a release build and compares module and scripts with the budget.
pub(crate) fn size_budget(site: &Site) -> Result<Findings> {
    let pkg = site.folder.join("pkg");
    let mut counted = 0;
    for (name, published) in &site.manifest {
        let (plain, sent) = sizes(&pkg.join(published))?;
        progress::note(&format!("{name:<14}{:>8.1} kB, sent as {:.1} kB", kilo(plain), kilo(sent)));
        if name.ends_with(".wasm") || name.ends_with(".js") {
            counted += sent;
        }
    }
    for snippet in files_below(&pkg.join("snippets"))? {
        if snippet.extension().is_some_and(|extension| extension == "js") {
            counted += sizes(&snippet)?.1;
        }
    }
    progress::note(&format!("module and scripts: {:.1} kB of {:.0} kB", kilo(counted), kilo(MOST_BYTES)));
    Ok(judge(counted))
}

fn judge(counted: u64) -> Findings {
    if counted <= MOST_BYTES {
        return Findings::new();
    }
    vec![format!(
        "Module and scripts are {:.1} kB, and {:.0} kB is the most. Look at what the last change pulled into `app`.",
        kilo(counted),
        kilo(MOST_BYTES)
    )]
}

/// The file's own size, and that of its brotli copy; what has no copy is sent as it is.
fn sizes(path: &Path) -> Result<(u64, u64)> {
    let plain = fs::metadata(path).world(format_args!("read {}", path.display()))?.len();
    let mut copy = path.as_os_str().to_owned();
    copy.push(".br");
    Ok((plain, fs::metadata(copy).map_or(plain, |copy| copy.len())))
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn kilo(bytes: u64) -> f64 {
    bytes as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_is_the_last_allowed_byte() {
        assert_eq!(judge(MOST_BYTES), Findings::new());
        assert_eq!(judge(MOST_BYTES + 1).len(), 1);
    }

    #[test]
    fn module_and_scripts_count_compressed_and_the_style_sheet_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let pkg = folder.path().join("pkg");
        fs::create_dir_all(pkg.join("snippets/a")).unwrap();
        let mut manifest = crate::frontend::Manifest::new();
        for (name, plain, sent) in
            [("waymark.wasm", 300_000, 100_000), ("waymark.js", 50_000, 20_000), ("waymark.css", 900_000, 500_000)]
        {
            manifest.insert(name.into(), name.into());
            fs::write(pkg.join(name), vec![0; plain]).unwrap();
            fs::write(pkg.join(format!("{name}.br")), vec![0; sent]).unwrap();
        }
        let site = Site { folder: folder.path().to_owned(), manifest };
        assert_eq!(size_budget(&site).unwrap(), Findings::new());
        fs::write(pkg.join("snippets/a/b.js"), vec![0; 10_001]).unwrap();
        assert_eq!(size_budget(&site).unwrap().len(), 1);
    }
}
