//! The `waymark` program: one binary, several roles.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::commands::run()
}
