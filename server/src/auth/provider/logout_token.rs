//! The provider's word that a session has ended (OpenID Connect Back-Channel Logout 1.0).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKey,
    core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm},
};
use serde::Deserialize;
use serde_json::Value;

use super::{ALGORITHMS, LEEWAY, Provider, SignInError, refused};

/// Which sessions have ended: those of a subject, one of them, or both conditions together.
#[derive(Debug, PartialEq, Eq)]
pub struct Ended {
    pub subject: Option<String>,
    pub sid: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Header {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    aud: Value,
    /// Seconds since the epoch.
    iat: i64,
    exp: Option<i64>,
    sub: Option<String>,
    sid: Option<String>,
    events: Option<Value>,
    nonce: Option<Value>,
}

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// A token without an end is good for this long, in seconds.
const LIFE: i64 = 120;

impl Provider {
    /// Checks a logout token (section 2.6 of the specification). `now` is in seconds since the epoch.
    pub async fn ended_by(&self, token: &str, now: i64) -> Result<Ended, SignInError> {
        let signed = Signed::read(token)?;
        let mut claims = signed.verified(&self.discovered().await?.keys);
        // Anybody can send anything here: the provider is asked again for a key that it could have changed, and seldom.
        if claims.is_err() && self.forget_old().await {
            claims = signed.verified(&self.discovered().await?.keys);
        }
        let claims = claims?;
        check(claims, &self.config.issuer, &self.config.client_id, now)
    }
}

/// A token in its parts, with a signature that nobody has looked at yet.
struct Signed<'a> {
    header: Header,
    /// What was signed.
    message: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
}

impl<'a> Signed<'a> {
    fn read(token: &'a str) -> Result<Self, SignInError> {
        let (message, signature) = token.rsplit_once('.').ok_or_else(|| refused("not a token"))?;
        let (header, payload) = message.split_once('.').ok_or_else(|| refused("not a token"))?;
        let header: Header = decoded(header)?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(refused("signed with an algorithm that is not accepted"));
        }
        Ok(Self { header, message, payload, signature: URL_SAFE_NO_PAD.decode(signature).map_err(refused)? })
    }

    /// The claims, if one of the provider's keys has signed them.
    fn verified(&self, keys: &CoreJsonWebKeySet) -> Result<Claims, SignInError> {
        let Header { alg, kid } = &self.header;
        let signed = keys
            .keys()
            .iter()
            .filter(|key| kid.is_none() || key.key_id().map(|id| id.as_str()) == kid.as_deref())
            .any(|key| key.verify_signature(alg, self.message.as_bytes(), &self.signature).is_ok());
        if signed { decoded(self.payload) } else { Err(refused("no key of the provider has signed this")) }
    }
}

fn decoded<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, SignInError> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).map_err(refused)?).map_err(refused)
}

/// A token without `nonce` and with the event cannot be an ID token that somebody passes off.
fn check(claims: Claims, issuer: &str, client_id: &str, now: i64) -> Result<Ended, SignInError> {
    let for_us = match &claims.aud {
        Value::String(one) => one == client_id,
        Value::Array(several) => several.iter().any(|one| one == client_id),
        _ => false,
    };
    let ends = claims.exp.unwrap_or(claims.iat.saturating_add(LIFE));
    let is_logout = claims.events.as_ref().and_then(Value::as_object).is_some_and(|events| events.contains_key(EVENT));
    let faults = [
        (claims.iss != issuer, "another issuer"),
        (!for_us, "another audience"),
        (claims.iat > now.saturating_add(LEEWAY), "issued in the future"),
        (ends.saturating_add(LEEWAY) < now, "expired"),
        (!is_logout, "not a logout token"),
        (claims.nonce.is_some(), "a logout token has no nonce"),
        (claims.sub.is_none() && claims.sid.is_none(), "neither a subject nor a session"),
    ];
    match faults.into_iter().find(|(wrong, _)| *wrong) {
        Some((_, why)) => Err(refused(why)),
        None => Ok(Ended { subject: claims.sub, sid: claims.sid }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    type Change = fn(&mut Value);

    fn claims() -> Value {
        json!({"iss": "https://id.example", "aud": "waymark", "iat": NOW, "exp": NOW + 120, "sid": "s",
               "events": {EVENT: {}}})
    }

    fn checked(change: impl Fn(&mut Value)) -> Result<Ended, SignInError> {
        let mut value = claims();
        change(&mut value);
        check(serde_json::from_value(value).unwrap(), "https://id.example", "waymark", NOW)
    }

    #[test]
    fn a_good_token_names_what_has_ended() {
        assert_eq!(checked(|_| {}).unwrap(), Ended { subject: None, sid: Some("s".into()) });
        assert_eq!(checked(|c| c["sub"] = json!("ann")).unwrap().subject.as_deref(), Some("ann"));
        assert!(checked(|c| c["aud"] = json!(["other", "waymark"])).is_ok());
    }

    #[test]
    fn each_check_refuses() {
        let bad: [(&str, Change); 8] = [
            ("issuer", |c| c["iss"] = json!("https://evil.example")),
            ("audience", |c| c["aud"] = json!("other")),
            ("future", |c| c["iat"] = json!(NOW + 61)),
            ("expired", |c| c["exp"] = json!(NOW - 61)),
            ("old without an end", |c| {
                c["iat"] = json!(NOW - 200);
                c["exp"] = Value::Null;
            }),
            ("an ID token", |c| c["events"] = Value::Null),
            ("nonce", |c| c["nonce"] = json!("n")),
            ("nobody", |c| c["sid"] = Value::Null),
        ];
        for (what, change) in bad {
            assert!(checked(change).is_err(), "{what}");
        }
    }

    #[test]
    fn what_nobody_signed_is_refused() {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let keys = CoreJsonWebKeySet::new(vec![]);
        for alg in ["RS256", "HS256", "none"] {
            let token = format!("{}.{}.{}", part(json!({"alg": alg})), part(claims()), "c2ln");
            assert!(Signed::read(&token).and_then(|signed| signed.verified(&keys)).is_err(), "{alg}");
        }
        for token in ["", "a.b", "..", "a.b.c.d"] {
            assert!(Signed::read(token).and_then(|signed| signed.verified(&keys)).is_err(), "{token}");
        }
    }
}
