//! Each attempt runs behind the fence in a process of its own, which is this test program started again.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::{Command, Output, Stdio};

use super::*;

const ATTEMPT: &str = "WAYMARK_FENCE_ATTEMPT";

/// Runs one attempt in a fenced process. 0: it was done, 10: it was refused with EPERM or EACCES, 11: otherwise.
fn attempt(name: &str) -> Output {
    Command::new("/proc/self/exe")
        .args(["renderer::fence::tests::inside", "--exact", "--ignored", "--nocapture", "--test-threads=1"])
        .env(ATTEMPT, name)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
#[ignore = "only meant to be started by the other tests"]
fn inside() {
    let Ok(name) = std::env::var(ATTEMPT) else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut open = std::fs::File::open("/proc/self/status").unwrap();
    let (_pipe_reader, mut pipe) = std::io::pipe().unwrap();
    let mut connected = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let parent = rustix::process::getppid().unwrap();
    match name.split_once(" behind ").map_or("all", |(_, layer)| layer) {
        "nothing" => {}
        "Landlock alone" => give_up_files().unwrap(),
        "the filter alone" => give_up_calls().unwrap(),
        _ => close_around_this_thread().unwrap(),
    }
    let result = match name.split(" behind ").next().unwrap_or_default() {
        "read a file" => std::fs::read("/etc/passwd").map(drop),
        "list a folder" => std::fs::read_dir("/").map(drop),
        "write a file" => std::fs::write("/tmp/waymark-fence", "x"),
        "remove a file" => std::fs::remove_file("/tmp/waymark-fence"),
        "connect" => TcpStream::connect(("127.0.0.1", port)).map(drop),
        "listen" => TcpListener::bind("127.0.0.1:0").map(drop),
        "send a datagram" => UdpSocket::bind("127.0.0.1:0").map(drop),
        "talk to a unix socket" => std::os::unix::net::UnixStream::connect("/run/x").map(drop),
        "run a program" => Command::new("/bin/true").status().map(drop),
        "start a thread" => std::thread::Builder::new().spawn(|| ()).map(drop),
        "read an open file" => open.read(&mut [0; 8]).map(drop),
        "write to an open connection" => connected.write_all(b"x"),
        "write to an open pipe" => pipe.write_all(b"x"),
        "read an open connection" => connected.read(&mut [0; 8]).map(drop),
        "end another process" => {
            rustix::process::kill_process(parent, rustix::process::Signal::CONT).map_err(Into::into)
        }
        "allocate" => {
            let mut kept: Vec<u8> = Vec::new();
            match kept.try_reserve_exact(2 << 30) {
                Ok(()) => Ok(()),
                Err(_) => Err(std::io::ErrorKind::PermissionDenied.into()),
            }
        }
        "allocate a little" => {
            Vec::<u8>::new().try_reserve_exact(64 << 20).map_err(|_| std::io::ErrorKind::OutOfMemory.into())
        }
        other => panic!("unknown attempt {other}"),
    };
    std::process::exit(match result {
        Ok(()) => 0,
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => 10,
        Err(_) => 11,
    });
}

#[test]
fn what_the_fence_forbids_is_refused() {
    for name in [
        "read a file",
        "list a folder",
        "write a file",
        "remove a file",
        "connect",
        "listen",
        "send a datagram",
        "talk to a unix socket",
        "run a program",
        "start a thread",
        "read an open file",
        "write to an open connection",
        "write to an open pipe",
        "read an open connection",
        "end another process",
        "allocate",
    ] {
        let output = attempt(name);
        assert_eq!(output.status.code(), Some(10), "{name}: {output:?}");
    }
}

#[test]
fn the_attempts_do_what_they_say() {
    for name in
        ["read a file", "connect", "run a program", "write to an open connection", "write to an open pipe", "allocate"]
    {
        let output = attempt(&format!("{name} behind nothing"));
        assert_eq!(output.status.code(), Some(0), "{name}: {output:?}");
    }
    assert_eq!(attempt("allocate a little").status.code(), Some(0));
}

#[test]
fn each_layer_holds_files_alone() {
    for layer in ["Landlock alone", "the filter alone"] {
        for name in ["read a file", "list a folder", "write a file", "connect"] {
            let output = attempt(&format!("{name} behind {layer}"));
            assert_eq!(output.status.code(), Some(10), "{name} behind {layer}: {output:?}");
        }
    }
}

#[test]
fn a_process_with_two_threads_is_not_fenced() {
    let error = close().unwrap_err();
    assert!(matches!(error, FenceError::Threads(2..)), "{error}");
}
