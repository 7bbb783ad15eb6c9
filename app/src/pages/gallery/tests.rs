use std::{fs, path::Path};

/// The text of all files of a folder.
fn sources(folder: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files
        .filter(|file| file.is_file() && !file.ends_with("tests.rs"))
        .map(|file| fs::read_to_string(file).unwrap())
        .collect()
}

/// What stands behind `mark` and the words that make it public.
fn public<'a>(sources: &'a str, mark: &str, words: &str) -> Vec<&'a str> {
    let begins = sources.split(mark).skip(1).filter_map(|rest| rest.trim_start().strip_prefix(words));
    begins.filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next()).collect()
}

#[test]
fn every_part_that_pages_are_drawn_with_is_shown() {
    let (parts, gallery) = (sources("src/components"), sources("src/pages/gallery"));
    let components = public(&parts, "#[component]", "pub fn ");
    let slots = public(&parts, "#[slot]", "pub struct ");
    assert!(components.len() > 40 && slots.len() > 4, "{components:?} {slots:?}");
    let is_drawn = |name: &&str| {
        gallery.split(&format!("<{name}")).skip(1).any(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    };
    let missing: Vec<&str> = components.into_iter().chain(slots).filter(|name| !is_drawn(name)).collect();
    assert!(missing.is_empty(), "show these at /development/components: {missing:?}");
}
