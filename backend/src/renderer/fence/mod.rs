//! What the renderer's process gives up before it reads a template: files, network, programs, rights and most of its
//! memory. A template that broke out of its engine would find itself in an empty room.
//!
//! The system-call filter lets through what memory, time and the two pipes need; all else fails with EPERM. Landlock
//! says the same about files in another way, so that one mistake does not open the door.

use std::collections::BTreeMap;

use landlock::{ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus, Scope};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};
use thiserror::Error;

#[cfg(test)]
mod tests;

/// Which part of the fence cannot be put up.
#[derive(Debug, Error)]
pub(super) enum FenceError {
    #[error("{0} threads run in the renderer's process, and a fence holds one: start it as `waymark render`")]
    Threads(usize),
    #[error("the kernel's Landlock cannot be used ({0}): switch it on with `lsm=landlock,…` on a kernel from 5.13 on")]
    Landlock(String),
    #[error("the kernel takes no system-call filter ({0}): switch on CONFIG_SECCOMP_FILTER")]
    Filter(String),
    #[error("the limits of the process cannot be set ({0}): allow it to lower its own limits")]
    Limits(std::io::Error),
}

/// Of the whole process: the program, the request and what the engine may use.
const ADDRESS_SPACE_BYTES: u64 = 1024 * 1024 * 1024;
const CPU_SECONDS: u64 = 15;

/// Fences in the process, which must have no second thread: nothing of this can be undone.
pub(super) fn close() -> Result<(), FenceError> {
    let threads = std::fs::read_dir("/proc/self/task").map_err(FenceError::Limits)?.count();
    if threads != 1 {
        return Err(FenceError::Threads(threads));
    }
    close_around_this_thread()
}

fn close_around_this_thread() -> Result<(), FenceError> {
    give_up_resources().map_err(|error| FenceError::Limits(error.into()))?;
    give_up_files().map_err(|error| FenceError::Landlock(error.to_string()))?;
    give_up_calls().map_err(|error| FenceError::Filter(error.to_string()))
}

fn give_up_resources() -> rustix::io::Result<()> {
    let most = |value| Rlimit { current: Some(value), maximum: Some(value) };
    setrlimit(Resource::As, most(ADDRESS_SPACE_BYTES))?;
    setrlimit(Resource::Cpu, most(CPU_SECONDS))?;
    // No dump of what was in memory, no file that grows, no new descriptor.
    setrlimit(Resource::Core, most(0))?;
    setrlimit(Resource::Fsize, most(0))?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
}

/// Files are a must from the first version of Landlock on; what newer ones add is taken where it is there.
fn give_up_files() -> Result<(), Box<dyn std::error::Error>> {
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V5))?
        .scope(Scope::from_all(ABI::V6))?
        .create()?
        .restrict_self()?;
    if status.ruleset == RulesetStatus::NotEnforced || !status.no_new_privs {
        return Err("it is not enforced".into());
    }
    Ok(())
}

fn give_up_calls() -> Result<(), Box<dyn std::error::Error>> {
    let architecture = std::env::consts::ARCH.try_into()?;
    let filter =
        SeccompFilter::new(allowed()?, SeccompAction::Errno(libc::EPERM as u32), SeccompAction::Allow, architecture)?;
    let program: BpfProgram = filter.try_into()?;
    Ok(seccompiler::apply_filter(&program)?)
}

/// Reading from the request's pipe, writing to the answer's and the error's, memory without a file, time, the end.
fn allowed() -> Result<BTreeMap<i64, Vec<SeccompRule>>, seccompiler::BackendError> {
    let free = [
        libc::SYS_brk,
        libc::SYS_clock_gettime,
        libc::SYS_clock_nanosleep,
        libc::SYS_exit,
        libc::SYS_exit_group,
        libc::SYS_futex,
        libc::SYS_getpid,
        libc::SYS_getrandom,
        libc::SYS_gettid,
        libc::SYS_gettimeofday,
        libc::SYS_madvise,
        libc::SYS_mremap,
        libc::SYS_munmap,
        libc::SYS_restart_syscall,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sched_yield,
        libc::SYS_sigaltstack,
        libc::SYS_tgkill,
    ];
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = free.into_iter().map(|call| (call, Vec::new())).collect();
    rules.insert(libc::SYS_read, vec![SeccompRule::new(vec![argument_is(0, 0)?])?]);
    let out = SeccompRule::new(vec![argument_is(0, 1)?])?;
    let complaints = SeccompRule::new(vec![argument_is(0, 2)?])?;
    rules.insert(libc::SYS_write, vec![out, complaints]);
    let no_file = argument_is(4, u64::from(u32::MAX))?;
    rules.insert(libc::SYS_mmap, vec![SeccompRule::new(vec![no_file, not_executable()?])?]);
    rules.insert(libc::SYS_mprotect, vec![SeccompRule::new(vec![not_executable()?])?]);
    Ok(rules)
}

fn argument_is(argument: u8, value: u64) -> Result<SeccompCondition, seccompiler::BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)
}

/// The protection of a mapping, the third argument.
fn not_executable() -> Result<SeccompCondition, seccompiler::BackendError> {
    let executable = u64::from(libc::PROT_EXEC.unsigned_abs());
    SeccompCondition::new(2, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(executable), 0)
}
