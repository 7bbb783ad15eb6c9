//! What goes wrong, in a sentence that says what to do next, and the exit code that belongs to it.

use std::fmt::{self, Display};
use std::process::ExitCode;

/// Everything in xtask answers with this.
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// A failure that ends the command.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The source tree or the person's input is at fault.
    Input,
    /// The machine, the network or a foreign program is at fault.
    World,
    /// The person pressed Ctrl-C or something sent SIGTERM.
    Interrupted,
}

impl Failure {
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self { kind: Kind::Input, message: message.into() }
    }

    pub(crate) fn world(message: impl Into<String>) -> Self {
        Self { kind: Kind::World, message: message.into() }
    }

    pub(crate) fn interrupted() -> Self {
        Self { kind: Kind::Interrupted, message: "Interrupted.".into() }
    }

    /// 1 for input at fault, 3 for the world at fault, 130 as shells do for an interrupted program.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self.kind {
            Kind::Input => 1,
            Kind::World => 3,
            Kind::Interrupted => 130,
        })
    }

    /// The same failure once more, for the one who only wants to know how it went.
    pub(crate) fn again(&self) -> Self {
        Self { kind: self.kind, message: self.message.clone() }
    }

    pub(crate) fn is_interruption(&self) -> bool {
        self.kind == Kind::Interrupted
    }
}

impl Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

/// Says in one sentence what was being done when a library or the system answered with an error.
pub(crate) trait While<T> {
    /// The machine is at fault; `what` continues "Could not …".
    fn world(self, what: impl Display) -> Result<T>;
    /// The source tree is at fault; `what` continues "Could not …".
    fn input(self, what: impl Display) -> Result<T>;
}

impl<T, E: Display> While<T> for std::result::Result<T, E> {
    fn world(self, what: impl Display) -> Result<T> {
        self.map_err(|error| Failure::world(format!("Could not {what}: {error}")))
    }

    fn input(self, what: impl Display) -> Result<T> {
        self.map_err(|error| Failure::input(format!("Could not {what}: {error}")))
    }
}
