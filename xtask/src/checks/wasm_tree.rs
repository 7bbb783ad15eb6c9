//! What the browser's module is made of: nothing of the server, and nothing heavy.

use super::Findings;
use crate::failure::Result;
use crate::tool::Tool;
use crate::tools::wasm::TARGET;
use crate::workshop::Workshop;

/// `regex` would be here too, but `leptos_config` names it in every build; unused it is not linked, and if somebody uses
/// it the size budget shows it.
const NOT_IN_THE_BROWSER: [&str; 7] = ["sqlx", "kube", "axum", "openidconnect", "rustls", "tokio", "backend"];

pub(super) fn check(workshop: &Workshop) -> Result<Findings> {
    let tree = Tool::cargo(workshop)
        .args(["tree", "--package", "app", "--target", TARGET, "--no-default-features", "--features", "hydrate"])
        .args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"])
        .quiet(workshop)?;
    Ok(judge(&tree))
}

/// Each line starts with a package's name.
fn judge(tree: &str) -> Findings {
    let names = tree.lines().filter_map(|line| line.split_whitespace().next());
    let mut found: Vec<&str> = names.filter(|name| NOT_IN_THE_BROWSER.contains(name)).collect();
    found.sort_unstable();
    found.dedup();
    let sentence = |name: &str| {
        format!(
            "`{name}` is in the browser's module. Find who asks for it with `cargo tree -p app --target {TARGET} \
             --no-default-features --features hydrate -e normal -i {name}` and put it behind `ssr`."
        )
    };
    found.into_iter().map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_count_once() {
        let tree = "app v0.1.0 (/x/app)\nregex-syntax v0.8.5\ntokio v1.54.0\ntokio v1.54.0 (*)\nleptos v0.8.23\n";
        let findings = judge(tree);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].starts_with("`tokio` is in the browser's module."), "{findings:?}");
    }
}
