//! The one place where this process reads a clock. What must hold across processes is timed by the database.

use time::OffsetDateTime;

#[expect(clippy::disallowed_methods, reason = "everything else takes the time as an argument from here")]
pub fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}
