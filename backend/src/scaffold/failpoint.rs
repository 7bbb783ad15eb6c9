//! Places where a test kills the process. They exist in builds with the feature `failpoints` alone.

use domain::scaffold::{KillPoint, StepKind};

/// Ends the process without any clean-up if `WAYMARK_FAILPOINT` names this place, as `step_kind:kill_point`.
#[cfg(feature = "failpoints")]
pub(super) fn reach(kind: StepKind, point: KillPoint) {
    let here = format!("{}:{}", kind.as_str(), point.as_str());
    if std::env::var("WAYMARK_FAILPOINT").is_ok_and(|wanted| wanted == here) {
        std::process::abort();
    }
}

#[cfg(not(feature = "failpoints"))]
pub(super) fn reach(_: StepKind, _: KillPoint) {}
