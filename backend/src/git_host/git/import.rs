//! A commit as `git fast-import` reads it.

use domain::scaffold::tree::{CommitSpec, Content};

/// The whole input. Paths need no quoting: [`domain::scaffold::tree::RelPath`] has neither quotes nor line ends, and every text has its
/// length before it.
pub(super) fn stream(spec: &CommitSpec, reference: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(spec.content.files().total_bytes() + 4_096);
    let (author, at) = (&spec.author, spec.at.unix_seconds());
    line(&mut out, &format!("commit {reference}"));
    line(&mut out, &format!("author {author} {at} +0000"));
    line(&mut out, &format!("committer {author} {at} +0000"));
    data(&mut out, spec.message.to_string().as_bytes());
    match &spec.content {
        Content::Initial(_) => line(&mut out, "deleteall"),
        Content::Update { parent, remove, .. } => {
            line(&mut out, &format!("from {parent}"));
            for path in remove {
                line(&mut out, &format!("D {path}"));
            }
        }
    }
    for (path, content) in spec.content.files().iter() {
        let mode = if content.executable { "100755" } else { "100644" };
        line(&mut out, &format!("M {mode} inline {path}"));
        data(&mut out, &content.bytes);
    }
    line(&mut out, "done");
    out
}

fn line(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
    out.push(b'\n');
}

fn data(out: &mut Vec<u8>, bytes: &[u8]) {
    line(out, &format!("data {}", bytes.len()));
    out.extend_from_slice(bytes);
    out.push(b'\n');
}
