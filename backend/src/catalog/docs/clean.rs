//! The last word on what a page may hold, whatever drew it: a list of what is allowed, and nothing else.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};

const TAGS: [&str; 34] = [
    "a",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
    "kbd",
];
const ATTRIBUTES: [(&str, &[&str]); 17] = [
    ("a", &["href", "title", "class", "id", "aria-label"]),
    ("img", &["src", "alt", "title", "loading"]),
    ("code", &["class"]),
    ("div", &["class", "role", "tabindex", "aria-label"]),
    ("p", &["class"]),
    ("span", &["class", "role", "aria-label"]),
    ("section", &["class"]),
    ("sup", &["class"]),
    ("li", &["id", "class"]),
    ("ol", &["start"]),
    ("td", &["align"]),
    ("th", &["align"]),
    ("h2", &["id"]),
    ("h3", &["id"]),
    ("h4", &["id"]),
    ("h5", &["id"]),
    ("h6", &["id"]),
];
/// Classes that drawing gives.
const CLASSES: [&str; 13] = [
    "docs-scroll",
    "markdown-alert",
    "markdown-alert-note",
    "markdown-alert-tip",
    "markdown-alert-important",
    "markdown-alert-warning",
    "markdown-alert-caution",
    "markdown-alert-title",
    "footnotes",
    "footnote-ref",
    "footnote-backref",
    "task",
    "image-link",
];
const MOST_LANGUAGE: usize = 40;

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    let attributes: HashMap<&str, HashSet<&str>> =
        ATTRIBUTES.into_iter().map(|(tag, names)| (tag, names.iter().copied().collect())).collect();
    builder
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from(["script", "style", "iframe", "svg", "math", "noscript", "template"]))
        .tag_attributes(attributes)
        .url_schemes(HashSet::from(["https", "http", "mailto", "docs"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("nofollow noreferrer"))
        .strip_comments(true)
        .attribute_filter(|_, name, value| may_stand(name, value).then_some(Cow::Borrowed(value)));
    builder
});

/// Nothing but allowed elements with allowed attributes comes out.
pub(super) fn clean(html: &str) -> String {
    CLEANER.clean(html).to_string()
}

fn may_stand(name: &str, value: &str) -> bool {
    match name {
        "href" => ["https://", "http://", "mailto:", "docs:page/", "docs:home", "#"]
            .iter()
            .any(|start| value.starts_with(start)),
        "src" => value
            .strip_prefix("docs:image/")
            .is_some_and(|hash| hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))),
        "class" => value.split(' ').all(|class| CLASSES.contains(&class) || is_language(class)),
        "id" => ["docs-", "fn-", "fnref-"].iter().any(|start| value.starts_with(start)),
        "role" => matches!(value, "group" | "img"),
        "tabindex" => value == "0",
        "align" => matches!(value, "left" | "right" | "center"),
        "start" => value.len() < 10 && value.bytes().all(|byte| byte.is_ascii_digit()),
        "loading" => value == "lazy",
        _ => true,
    }
}

fn is_language(class: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '#' | '.');
    class.strip_prefix("language-").is_some_and(|name| name.len() <= MOST_LANGUAGE && name.chars().all(is_plain))
}
