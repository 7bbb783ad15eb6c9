//! Every style that people write, what is refused, and that nothing else is touched.

mod fields;
mod form;
mod property;
mod refused;
mod styles;

use super::*;

pub(super) fn checkout() -> EntityRef {
    EntityRef::new("component", "default", "checkout").unwrap()
}

pub(super) fn set(text: &str) -> Option<Edit<String>> {
    Some(Edit::Set(text.to_owned()))
}

pub(super) fn link(url: &str, title: &str) -> Link {
    Link { url: url.to_owned(), title: title.to_owned(), ..Link::default() }
}

pub(super) fn described(text: &str) -> Change {
    Change { description: set(text), ..Change::default() }
}

pub(super) fn titled(text: &str) -> Change {
    Change { title: set(text), ..Change::default() }
}

pub(super) fn owned(text: &str) -> Change {
    Change { owner: set(text), ..Change::default() }
}

pub(super) fn tagged(tags: &[&str]) -> Change {
    Change { tags: Some(Edit::Set(tags.iter().map(|tag| (*tag).to_owned()).collect())), ..Change::default() }
}

pub(super) fn linked(links: &[Link]) -> Change {
    Change { links: Some(Edit::Set(links.to_vec())), ..Change::default() }
}

/// A component with these lines in its metadata.
pub(super) fn file(lines: &str) -> String {
    format!(
        "# Who we are.\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: checkout # ours\n{lines}\n\
         spec:\n  type: service\n  lifecycle: production\n  owner: payments\n"
    )
}

/// What the entity says.
pub(super) fn said(text: &str) -> Value {
    let all = documents(text);
    read(&all[place(&all, &checkout()).unwrap()]).unwrap()
}
