//! Any change of a file in any mixture of styles: what was asked for is there, all else is as it was.

use proptest::{collection::vec, option, prelude::*};

use super::*;

const TITLES: [&str; 6] = [
    "",
    "  title: Old # t\n",
    "  title: 'Old'\n",
    "  title: \"Old\"\n",
    "  title: Old\n    long\n",
    "  \"title\": Old\n",
];
const DESCRIPTIONS: [&str; 7] = [
    "",
    "  description: Old\n",
    "  description: | # d\n    Old\n\n    text\n\n",
    "  description: >-\n    Old\n    text\n",
    "  description: |+\n      Old\n\n",
    "  description: |2-\n    Old\n",
    "  description: \"Old \\\n    text\"\n",
];
const TAGS: [&str; 6] = [
    "",
    "  tags: [a, b]\n",
    "  tags:\n  - a # a\n  # b\n  - b\n",
    "  tags:\n    - 'a'\n    - \"b\"\n",
    "  tags: [\n    a,\n    b\n  ]\n",
    "  tags: []\n",
];
const LINKS: [&str; 4] = [
    "",
    "  links:\n    - url: https://a.example # u\n      title: A\n      more: [1, 2]\n    - title: B\n      url: https://b.example\n",
    "  links: [{url: https://a.example, title: A}, {title: B, url: https://b.example}]\n",
    "  links:\n  - {\"url\": \"https://a.example\"}\n",
];

fn texts() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        "yes",
        "No",
        "1",
        "1.5",
        "null",
        "~",
        "a: b",
        "a #b",
        "- a",
        "-",
        "@a",
        "*a",
        "&a",
        "!a",
        "%a",
        "`a`",
        "'a'",
        "\"",
        "\\",
        "{a}",
        "[a]",
        "a,b",
        "<<",
        "=",
        "é",
        "\u{1}",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "2026-01-01",
        "0x1f",
        "12:30",
        "---",
        "...",
        "# a",
        "a:",
        "a\nb",
        "a\n\n b",
        "a\n\tb",
        "|",
        ">",
        "?",
        "? a",
        ".inf",
        "true",
        "trail  two",
        "x\n---\ny",
        "\u{10ffff}",
    ]);
    prop_oneof![nasty.prop_map(str::to_owned), "[ -~é\n]{1,60}", "[a-z]{1,9}( [a-z]{1,9}){0,30}"]
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("empty", |text| !text.is_empty())
}

fn edit<T: Clone + std::fmt::Debug>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Option<Edit<T>>> {
    option::of(prop_oneof![3 => of.prop_map(Edit::Set), 1 => Just(Edit::Remove)])
}

fn links() -> impl Strategy<Value = Vec<Link>> {
    let one = (
        prop::sample::select(vec!["https://a.example", "https://b.example", "https://c.example/?a=b#c"]),
        option::of("[a-zA-Z:# ]{0,5}x"),
    );
    vec(one.prop_map(|(url, title)| link(url, title.unwrap_or_default().trim())), 1..4)
}

fn changes() -> impl Strategy<Value = Change> {
    let title = texts().prop_map(|text| text.replace('\n', " "));
    let owner =
        prop::sample::select(vec!["search", "group:a/b", "user:jo"]).prop_map(|text| Edit::Set(text.to_owned()));
    (edit(title), edit(texts()), option::of(owner), edit(vec("[a-c]{1,2}[+#:]?|1", 1..4)), edit(links()))
        .prop_map(|(title, description, owner, tags, links)| Change { title, description, owner, tags, links })
}

fn files() -> impl Strategy<Value = String> {
    let pick = |from: &'static [&'static str]| prop::sample::select(from);
    (pick(&TITLES), pick(&DESCRIPTIONS), pick(&TAGS), pick(&LINKS), any::<(bool, bool, bool)>()).prop_map(
        |(title, description, tags, links, (is_windows, is_open, is_first))| {
            let lines = if is_first {
                format!("{tags}  # one\n{title}  z: [1]\n{links}{description}  # two")
            } else {
                format!("{title}{description}  # one\n  labels: {{a: b}}\n{tags}{links}  # two")
            };
            let text = format!("{}---\n{}# end\n", file(&lines), file("  title: other").replace("checkout", "other"));
            let text = if is_open { text.trim_end().to_owned() } else { text };
            if is_windows { text.replace('\n', "\r\n") } else { text }
        },
    )
}

/// The lines that the files above give to comments alone. A description may have lines that look like others.
fn comments(text: &str) -> Vec<&str> {
    let is_one = |line: &&str| ["# Who we are.", "# one", "# two", "# b", "# end"].contains(&line.trim());
    text.lines().filter(is_one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_written_reads_as_asked(text in files(), change in changes()) {
        let written = write(&text, &checkout(), &change);
        let written = written.map_err(|error| TestCaseError::fail(format!("{error:?}\n{text}\n{change:?}")))?;
        let expected = expected::document(said(&text), &change).map_err(|_| TestCaseError::fail("elsewhere"))?;
        prop_assert_eq!(said(&written), expected);
        // A second time there is nothing to do.
        prop_assert_eq!(write(&written, &checkout(), &change), Ok(written.clone()));
        // Only what stands inside a list or a text that goes may go with it.
        let is_kept = |comment: &&str| change.tags.is_none() || comment.trim() != "# b";
        let kept: Vec<&str> = comments(&text).into_iter().filter(is_kept).collect();
        prop_assert_eq!(comments(&written).into_iter().filter(is_kept).collect::<Vec<_>>(), kept);
        prop_assert_eq!(written.contains("\r\n"), text.contains("\r\n"));
        prop_assert_eq!(written.matches('\n').count(), written.lines().count() - usize::from(!text.ends_with('\n')));
    }

    #[test]
    fn no_change_changes_nothing(text in files()) {
        prop_assert_eq!(write(&text, &checkout(), &Change::default()), Ok(text.clone()));
        let fields = Fields::of(&said(&text));
        let change = Change::between(&checkout(), &fields, &fields);
        prop_assert_eq!(change, Ok(Change::default()));
    }

    #[test]
    fn no_text_breaks_it(text in "[-a:{}\\[\\],&*|>'\"# \n]{0,80}", title in texts(), cut in 0usize..400) {
        let head = "apiVersion: example.org/v1\nkind: Component\nmetadata:\n  name: checkout\n  ";
        let _ = write(&format!("{head}{text}"), &checkout(), &titled(&title));
        let whole = file("  tags: [a, &b c]\n  description: |+\n    a\n\n  links: [{url: https://a.example}]");
        let cut = whole.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(whole.len());
        let _ = write(&whole[..cut], &checkout(), &Change { links: linked(&[link("https://b.example", "")]).links, ..tagged(&["z"]) });
    }
}
