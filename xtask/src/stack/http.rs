//! Asks local processes whether they are ready.

use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(2);

/// Whether the address answers with success. Not answering yet is an ordinary no.
pub(crate) fn answers(address: &str) -> bool {
    let config = ureq::Agent::config_builder().timeout_global(Some(DEADLINE)).build();
    ureq::Agent::new_with_config(config).get(address).call().is_ok()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// Answers one request with the status line and hands out the address.
    fn once(status: &'static str) -> (String, std::thread::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/ready", listener.local_addr().unwrap());
        let thread = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap();
            assert!(request[..length].starts_with(b"GET /ready "));
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
        });
        (address, thread)
    }

    #[test]
    fn only_success_counts_as_ready() {
        for (status, ready) in [("200 OK", true), ("503 Service Unavailable", false)] {
            let (address, thread) = once(status);
            assert_eq!(answers(&address), ready);
            thread.join().unwrap();
        }
    }

    #[test]
    fn nobody_listening_is_not_ready() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert!(!answers(&format!("http://{free}/ready")));
    }
}
