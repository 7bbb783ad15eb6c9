//! What the compiler and its companions check.

use super::Findings;
use crate::failure::Result;
use crate::progress;
use crate::tool::Tool;
use crate::tools::wasm::Compiler;
use crate::workshop::Workshop;

pub(super) fn formatting(workshop: &Workshop) -> Result<Findings> {
    verdict(
        workshop,
        Tool::cargo(workshop).args(["fmt", "--all", "--check"]),
        "Some files are not formatted. Run `cargo fmt --all`.",
    )
}

pub(super) fn lints(workshop: &Workshop) -> Result<Findings> {
    let clippy = Tool::cargo(workshop).args(["clippy", "--workspace", "--all-targets", "--", "-Dwarnings"]);
    verdict(workshop, clippy, "Clippy found something; it stands above.")
}

/// In the workspace `app` is only ever seen with the server's features.
pub(super) fn lints_for_the_browser(workshop: &Workshop) -> Result<Findings> {
    let half = ["--package", "app", "--no-default-features", "--features", "hydrate"];
    let compiler = Compiler::set_up(workshop)?;
    if let Compiler::Other { .. } = compiler {
        // Clippy belongs to the compiler that it came with and cannot read the other's library.
        progress::note("Clippy cannot look at the browser's half on this machine; it is only compiled.");
        let check = compiler.cargo(workshop, "check").args(half);
        return verdict(workshop, check, "`app` does not compile for the browser; the reason stands above.");
    }
    let clippy = compiler.cargo(workshop, "clippy").args(half).args(["--", "-Dwarnings"]);
    verdict(workshop, clippy, "Clippy found something; it stands above.")
}

/// Without the features that other crates of the workspace happen to add.
pub(super) fn lints_for_the_pages(workshop: &Workshop) -> Result<Findings> {
    let clippy = Tool::cargo(workshop).args(["clippy", "--package", "app", "--all-targets", "--features", "ssr"]);
    verdict(workshop, clippy.args(["--", "-Dwarnings"]), "Clippy found something; it stands above.")
}

pub(super) fn domain_for_the_browser(workshop: &Workshop) -> Result<Findings> {
    let check = Compiler::set_up(workshop)?.cargo(workshop, "check").args(["--package", "domain"]);
    verdict(workshop, check, "`domain` does not compile for the browser; the reason stands above.")
}

fn verdict(workshop: &Workshop, tool: Tool, finding: &str) -> Result<Findings> {
    Ok(if tool.watch(workshop)? { Vec::new() } else { vec![finding.into()] })
}
