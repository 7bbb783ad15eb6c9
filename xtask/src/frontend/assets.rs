//! Publishes the stage: names with the content's hash, so that browsers may keep every file for ever, and compressed
//! copies beside each, so that the server compresses nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;

use super::Profile;
use crate::failure::{Result, While};
use crate::fingerprint::{files_below, short_hash};
use crate::progress;

/// Plain name to published name, as `manifest.json` holds it.
pub(crate) type Manifest = BTreeMap<String, String>;

const NAMED: [&str; 4] = ["inter.woff2", "waymark.css", "waymark.js", "waymark.wasm"];
const CURRENT: &str = "manifest.json";
/// What the build before named: a server that still runs has read it.
const PREVIOUS: &str = "manifest.previous.json";
const FONT_ADDRESS: &str = "/pkg/inter.woff2";

/// Copies the stage into `pkg` and answers the manifest that it wrote there.
pub(super) fn publish(stage: &Path, pkg: &Path, profile: Profile) -> Result<Manifest> {
    fs::create_dir_all(pkg).world(format_args!("make {}", pkg.display()))?;
    let before = read_manifest(&pkg.join(CURRENT));
    let mut manifest = Manifest::new();
    for name in NAMED {
        let mut content = fs::read(stage.join(name)).world(format_args!("read {name}"))?;
        if name == "waymark.css" {
            content = with_font(&content, &manifest);
        }
        let published = hashed(name, &content);
        write(&pkg.join(&published), &content, profile)?;
        manifest.insert(name.into(), published);
    }
    let snippets = publish_snippets(stage, pkg, profile)?;
    if manifest != before {
        write_manifest(&pkg.join(PREVIOUS), &before)?;
        write_manifest(&pkg.join(CURRENT), &manifest)?;
    }
    prune(pkg, &[&manifest, &read_manifest(&pkg.join(PREVIOUS))], &snippets)?;
    Ok(manifest)
}

/// `waymark.css` with the content's hash: `waymark.0123456789abcdef.css`.
fn hashed(name: &str, content: &[u8]) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    format!("{stem}.{}.{extension}", short_hash(content))
}

fn with_font(css: &[u8], manifest: &Manifest) -> Vec<u8> {
    let css = String::from_utf8_lossy(css);
    match manifest.get("inter.woff2") {
        Some(font) => css.replace(FONT_ADDRESS, &format!("/pkg/{font}")).into_bytes(),
        None => css.into_owned().into_bytes(),
    }
}

/// Script snippets of libraries: imported by relative path, and their folders carry a hash already.
fn publish_snippets(stage: &Path, pkg: &Path, profile: Profile) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for path in files_below(&stage.join("snippets"))? {
        let relative = path.strip_prefix(stage).world("place a snippet")?;
        let published = pkg.join(relative);
        if let Some(folder) = published.parent() {
            fs::create_dir_all(folder).world("make a snippet's folder")?;
        }
        write(&published, &fs::read(&path).world("read a snippet")?, profile)?;
        names.insert(relative.to_string_lossy().into_owned());
    }
    Ok(names)
}

/// Writes a file and its compressed copies, unless they are there; the font is compressed in itself.
fn write(path: &Path, content: &[u8], profile: Profile) -> Result<()> {
    if fs::read(path).is_ok_and(|there| there == content) && (is_font(path) || copy(path, "br").exists()) {
        return Ok(());
    }
    replace(path, content)?;
    if is_font(path) {
        return Ok(());
    }
    replace(&copy(path, "gz"), &gzip(content).world("compress")?)?;
    // Last, because its presence says that all three are whole.
    replace(&copy(path, "br"), &brotli(content, profile).world("compress")?)
}

fn is_font(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "woff2")
}

fn copy(path: &Path, extension: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

fn brotli(content: &[u8], profile: Profile) -> std::io::Result<Vec<u8>> {
    let quality = match profile {
        Profile::Dev => 4,
        Profile::Release => 11,
    };
    let mut writer = ::brotli::CompressorWriter::new(Vec::new(), 1 << 16, quality, 24);
    writer.write_all(content)?;
    writer.flush()?;
    Ok(writer.into_inner())
}

fn gzip(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(9));
    writer.write_all(content)?;
    writer.finish()
}

/// A running server may be reading: the new file appears whole.
fn replace(path: &Path, content: &[u8]) -> Result<()> {
    let beside = copy(path, "new");
    fs::write(&beside, content).and_then(|()| fs::rename(&beside, path)).world(format_args!("write {}", path.display()))
}

fn write_manifest(path: &Path, manifest: &Manifest) -> Result<()> {
    let text = serde_json::to_string_pretty(manifest).world("write the manifest")?;
    replace(path, text.as_bytes())
}

fn read_manifest(path: &Path) -> Manifest {
    fs::read(path).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

/// Removes what neither manifest names.
fn prune(pkg: &Path, manifests: &[&Manifest], snippets: &BTreeSet<String>) -> Result<()> {
    let kept: BTreeSet<&str> = manifests.iter().flat_map(|manifest| manifest.values()).map(String::as_str).collect();
    for path in files_below(pkg)? {
        let relative = path.strip_prefix(pkg).world("list the front end")?.to_string_lossy().into_owned();
        let plain = relative.trim_end_matches(".br").trim_end_matches(".gz");
        if plain != CURRENT && plain != PREVIOUS && !kept.contains(plain) && !snippets.contains(plain) {
            fs::remove_file(&path).world(format_args!("remove {}", path.display()))?;
            progress::note(&format!("Removed {relative} of an older build."));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn stage(css: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("inter.woff2"), "font").unwrap();
        fs::write(folder.path().join("waymark.css"), css).unwrap();
        fs::write(folder.path().join("waymark.js"), "import './snippets/a-1/b.js'").unwrap();
        fs::write(folder.path().join("waymark.wasm"), "module").unwrap();
        fs::create_dir_all(folder.path().join("snippets/a-1")).unwrap();
        fs::write(folder.path().join("snippets/a-1/b.js"), "snippet").unwrap();
        folder
    }

    #[test]
    fn names_carry_the_hash_and_the_style_sheet_names_the_font() {
        let stage = stage("a{src:url(/pkg/inter.woff2)}");
        let pkg = stage.path().join("pkg");
        let manifest = publish(stage.path(), &pkg, Profile::Dev).unwrap();
        let font = &manifest["inter.woff2"];
        assert_eq!(*font, format!("inter.{}.woff2", short_hash(b"font")));
        let css = fs::read_to_string(pkg.join(&manifest["waymark.css"])).unwrap();
        assert_eq!(css, format!("a{{src:url(/pkg/{font})}}"));
        assert_eq!(manifest["waymark.css"], format!("waymark.{}.css", short_hash(css.as_bytes())));
        assert_eq!(read_manifest(&pkg.join(CURRENT)), manifest);
        assert!(pkg.join("snippets/a-1/b.js.br").exists());
    }

    #[test]
    fn compressed_copies_hold_the_same_content() {
        let stage = stage("a{}");
        let pkg = stage.path().join("pkg");
        let manifest = publish(stage.path(), &pkg, Profile::Dev).unwrap();
        let path = pkg.join(&manifest["waymark.wasm"]);
        let mut unpacked = String::new();
        ::brotli::Decompressor::new(fs::File::open(copy(&path, "br")).unwrap(), 4096)
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, "module");
        unpacked.clear();
        flate2::read::GzDecoder::new(fs::File::open(copy(&path, "gz")).unwrap()).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, "module");
        assert!(!copy(&pkg.join(&manifest["inter.woff2"]), "br").exists());
    }

    #[test]
    fn the_last_build_stays_for_a_running_server_and_older_ones_go() {
        let stage = stage("one");
        let pkg = stage.path().join("pkg");
        let mut names = Vec::new();
        for css in ["one", "two", "three", "three"] {
            fs::write(stage.path().join("waymark.css"), css).unwrap();
            names.push(publish(stage.path(), &pkg, Profile::Dev).unwrap()["waymark.css"].clone());
        }
        let there: Vec<bool> = names[..3].iter().map(|name| pkg.join(name).exists()).collect();
        assert_eq!(there, [false, true, true]);
        assert!(!pkg.join(format!("{}.br", names[0])).exists());
    }
}
