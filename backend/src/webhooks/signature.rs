//! That an event comes from somebody who knows the secret.

use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Whether `given` is the HMAC-SHA-256 of the raw body: 64 hex digits, alone or after `sha256=`. The comparison takes as
/// long for a wrong one as for the right one.
pub fn is_signed(secret: &SecretString, body: &[u8], given: &str) -> bool {
    let mut signature = [0; 32];
    let digits = given.strip_prefix("sha256=").unwrap_or(given);
    let is_readable = hex::decode_to_slice(digits, &mut signature).is_ok();
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else { return false };
    is_readable && mac.chain_update(body).verify_slice(&signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    const KEY: &str = "Jefe";
    const BODY: &[u8] = b"what do ya want for nothing?";
    const SIGNATURE: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    #[test]
    fn only_the_signature_of_this_body_under_this_secret_holds() {
        let secret = |text: &str| SecretString::from(text);
        let upper = SIGNATURE.to_uppercase();
        for good in [SIGNATURE, &format!("sha256={SIGNATURE}"), &upper] {
            assert!(is_signed(&secret(KEY), BODY, good), "{good}");
        }
        let other_first = format!("6{}", &SIGNATURE[1..]);
        let other_last = format!("{}4", &SIGNATURE[..63]);
        for bad in [
            "",
            "sha256=",
            &SIGNATURE[..62],
            &SIGNATURE[1..],
            &format!("{SIGNATURE}00"),
            &format!("sha1={SIGNATURE}"),
            &format!("sha256=sha256={SIGNATURE}"),
            &format!(" {SIGNATURE}"),
            &format!("{SIGNATURE},{SIGNATURE}"),
            &"0".repeat(64),
            &"é".repeat(32),
            &other_first,
            &other_last,
        ] {
            assert!(!is_signed(&secret(KEY), BODY, bad), "{bad}");
        }
        assert!(!is_signed(&secret("jefe"), BODY, SIGNATURE), "another secret");
        assert!(!is_signed(&secret(KEY), &BODY[1..], SIGNATURE), "another body");
        assert!(!is_signed(&secret(KEY), b"", SIGNATURE), "no body");
    }
}
