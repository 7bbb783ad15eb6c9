use proptest::prelude::*;

use super::*;

const DEV: &str = "\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: payments-checkout-dev
resources:
  - ../../base
images:
  # Written by CI after each merge.
  - name: checkout
    newName: registry.example/checkout # ours
    newTag: \"1.5\"

configMapGenerator:
  - name: checkout
    behavior: merge
";

const STAGING: &str = "\
images:
  # Written by a promotion or a rollback.
  - name: checkout
    newName: registry.example/starter
    digest: sha256:5f0c
# The end.
replicas:
  - name: checkout
    count: 2
";

fn of(name: &str, new_name: Option<&str>, new_tag: Option<&str>, digest: Option<&str>) -> ImageOverride {
    let own = |text: Option<&str>| text.map(str::to_owned);
    ImageOverride { name: name.into(), new_name: own(new_name), new_tag: own(new_tag), digest: own(digest) }
}

#[test]
fn images_are_read_in_any_quotes() {
    assert_eq!(image_overrides(DEV).unwrap(), [of("checkout", Some("registry.example/checkout"), Some("1.5"), None)]);
    assert_eq!(image_overrides("resources: []\n").unwrap(), []);
    let single = "images:\n- name: 'it''s'\n  newTag: 'v1' # x\n";
    assert_eq!(image_overrides(single).unwrap(), [of("it's", None, Some("v1"), None)]);
    assert_eq!(image_overrides(DEV).unwrap()[0].image(), "registry.example/checkout:1.5");
    assert_eq!(image_overrides(STAGING).unwrap()[0].image(), "registry.example/starter@sha256:5f0c");
}

#[test]
fn a_promotion_changes_the_lines_of_the_image_and_no_other() {
    let promoted = promote(STAGING, &image_overrides(DEV).unwrap()).unwrap();
    let expected = STAGING
        .replace("registry.example/starter", "registry.example/checkout")
        .replace("    digest: sha256:5f0c\n", "    newTag: \"1.5\"\n");
    assert_eq!(promoted, expected);
    assert_eq!(
        promote(&promoted, &image_overrides(DEV).unwrap()).unwrap(),
        promoted,
        "the second time nothing changes"
    );
}

#[test]
fn a_new_tag_is_one_line() {
    let newer = [of("checkout", Some("registry.example/checkout"), Some("1.6"), None)];
    let promoted = promote(DEV, &newer).unwrap();
    let changed: Vec<_> = DEV.lines().zip(promoted.lines()).filter(|(a, b)| a != b).collect();
    assert_eq!(changed, [("    newTag: \"1.5\"", "    newTag: \"1.6\"")]);
    assert_eq!(promoted.lines().count(), DEV.lines().count());
}

#[test]
fn what_is_not_there_is_added() {
    let wanted = [of("checkout", None, Some("v2"), None), of("sidecar", Some("a/b"), None, Some("sha256:00"))];
    let promoted = promote("resources:\n  - ../../base", &wanted).unwrap();
    assert_eq!(image_overrides(&promoted).unwrap(), wanted);
    let promoted = promote(STAGING, &wanted).unwrap();
    assert_eq!(image_overrides(&promoted).unwrap(), wanted);
    assert!(promoted.contains("# The end.\nreplicas:"), "{promoted}");
    let without_end =
        promote("images:\n- name: a\n  newTag: v1", &[of("a", None, Some("v1"), Some("sha256:1"))]).unwrap();
    assert_eq!(without_end, "images:\n- name: a\n  newTag: v1\n  digest: sha256:1\n");
    assert_eq!(promote(STAGING, &[]), Err(OverlayError::NoImages));
}

#[test]
fn what_reads_as_a_number_or_a_word_is_quoted() {
    for tag in ["1.10", "20261121", "1e3", "true", "null", "0x1f"] {
        let promoted = promote(STAGING, &[of("checkout", None, Some(tag), None)]).unwrap();
        assert!(promoted.contains(&format!("newTag: \"{tag}\"")), "{promoted}");
    }
}

#[test]
fn other_styles_are_refused_with_their_line() {
    for (text, line) in [
        ("images: [{name: a, newTag: b}]\n", 1),
        ("kind: x\nimages:\n  - {name: a}\n", 3),
        ("images:\n  - newTag: b\n    name: a\n", 1),
        ("images:\n  - name: a\n    newTag: >-\n      b\n", 3),
        ("images:\n  - name: &x a\n", 2),
        ("images:\n  - name: a\n  - name: a\n", 1),
        ("images:\n  - name: a\nimages:\n", 3),
        ("images:\n  - name: a\n---\nimages:\n", 3),
        ("\"images\":\n  - name: a\n", 1),
        ("images:\n  - name: a\n      newTag: b\n", 3),
        ("images:\n  -\n    name: a\n", 2),
        ("images:\n  - name: \"a\\n\"\n", 2),
    ] {
        assert_eq!(image_overrides(text), Err(OverlayError::Style(line)), "{text}");
        assert!(promote(text, &[of("a", None, Some("v"), None)]).is_err(), "{text}");
    }
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z][a-z0-9./-]{0,8}[a-z0-9]", "[0-9.]{1,6}", "sha256:[0-9a-f]{8}", "[a-z \"\\\\#:']{1,8}"]
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("not empty", |text| !text.is_empty())
}

fn overrides() -> impl Strategy<Value = Vec<ImageOverride>> {
    let entry = (proptest::option::of(value()), proptest::option::of(value()), proptest::option::of(value()));
    proptest::collection::vec(entry, 1..4).prop_map(|entries| {
        let named =
            |(at, (new_name, new_tag, digest))| ImageOverride { name: format!("i{at}"), new_name, new_tag, digest };
        entries.into_iter().enumerate().map(named).collect()
    })
}

/// An overlay that holds these, with comments and other keys around.
fn overlay(entries: &[ImageOverride], indent: usize, noise: bool, eol: &str) -> String {
    let pad = " ".repeat(indent);
    let mut lines = vec!["kind: Kustomization".to_owned(), "# before".into(), "images:".into()];
    for entry in entries {
        if noise {
            lines.extend([format!("{pad}# about {}", entry.name), String::new()]);
        }
        lines.push(format!("{pad}- name: {}", scalar::write(&entry.name)));
        for field in [Field::Digest, Field::NewTag, Field::NewName] {
            if let Some(value) = entry.get(field) {
                let comment = if noise { " # kept" } else { "" };
                lines.push(format!("{pad}  {}: {}{comment}", field.as_str(), scalar::write(value)));
            }
        }
    }
    lines.extend(["# after".to_owned(), "replicas:".into(), "  - name: x".into(), "    count: 1".into()]);
    lines.join(eol) + eol
}

proptest! {
    #[test]
    fn a_promotion_does_what_it_says_and_nothing_else(
        target in overrides(), source in overrides(), indent in 0..4_usize, noise: bool, crlf: bool,
    ) {
        let eol = if crlf { "\r\n" } else { "\n" };
        let before = overlay(&target, indent, noise, eol);
        prop_assert_eq!(image_overrides(&before).unwrap(), target.clone());
        let after = promote(&before, &source).unwrap();
        let mut expected = target.clone();
        for wanted in &source {
            match expected.iter_mut().find(|e| e.name == wanted.name) {
                Some(entry) => *entry = wanted.clone(),
                None => expected.push(wanted.clone()),
            }
        }
        prop_assert_eq!(image_overrides(&after).unwrap(), expected);
        prop_assert_eq!(promote(&after, &source).unwrap(), after.clone());
        // Lines that set no image stand as they stood, in their order.
        let others = |text: &str| -> Vec<String> {
            let sets = |l: &&str| ["newName:", "newTag:", "digest:"].iter().any(|key| l.trim_start().starts_with(key));
            let names = |l: &&str| l.trim_start().starts_with("- name: i");
            text.lines().filter(|l| !sets(l) && !names(l)).map(str::to_owned).collect()
        };
        prop_assert_eq!(others(&before), others(&after));
        prop_assert_eq!(before.contains("\r\n"), after.contains("\r\n"));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(images:\n)?([- a-z:\"'#\\[\\]{}&*|>\n]{0,40})") {
        let _ = promote(&text, &[of("a", None, Some("v1"), None)]);
    }
}
