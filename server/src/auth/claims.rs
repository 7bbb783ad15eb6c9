//! What we read from tokens beside the standard claims.

use std::collections::HashMap;

use backend::access::Identity;
use openidconnect::{
    AdditionalClaims, Client, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdToken,
    IdTokenClaims, IdTokenFields, StandardErrorResponse, StandardTokenResponse, UserInfoClaims,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken, CoreRevocationErrorResponse,
        CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Every claim that the standard does not name: groups under a configurable name, `sid`, `events`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct OtherClaims {
    #[serde(flatten)]
    all: HashMap<String, Value>,
}

impl AdditionalClaims for OtherClaims {}

impl OtherClaims {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.all.get(name)?.as_str()
    }

    /// `None` when the claim is absent, which is not the same as no groups.
    pub(super) fn groups(&self, claim: &str) -> Option<Vec<String>> {
        match self.all.get(claim)? {
            Value::Array(items) => Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
            Value::String(one) => Some(vec![one.clone()]),
            _ => None,
        }
    }
}

pub(super) type OurIdToken =
    IdToken<OtherClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
pub(super) type OurClaims = IdTokenClaims<OtherClaims, CoreGenderClaim>;
pub(super) type OurUserInfo = UserInfoClaims<OtherClaims, CoreGenderClaim>;
type OurTokenResponse = StandardTokenResponse<
    IdTokenFields<
        OtherClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;
/// The library's client with our claims; its last parameters say which endpoints discovery has set.
pub(super) type OurClient = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    OurTokenResponse,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The person that verified claims describe. Text from outside is cut to what a page can show.
pub(super) fn identity(claims: &OurClaims, groups: Vec<String>) -> Identity {
    let subject = claims.subject().as_str().to_owned();
    let login = claims.preferred_username().map(|name| name.as_str()).unwrap_or(&subject);
    let name = claims.name().and_then(|name| name.get(None)).map(|name| name.as_str()).unwrap_or(login);
    Identity {
        issuer: claims.issuer().as_str().to_owned(),
        login: shown(login),
        name: shown(name),
        email: claims.email().map(|email| shown(email.as_str())),
        groups: groups.iter().map(|group| shown(group)).filter(|group| !group.is_empty()).take(MAX_GROUPS).collect(),
        subject,
    }
}

const MAX_GROUPS: usize = 1_000;
const MAX_SHOWN: usize = 200;

/// Without control characters, which the database refuses or a terminal obeys.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_SHOWN).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: Value) -> OtherClaims {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn absent_groups_are_not_the_same_as_none() {
        assert_eq!(claims(json!({})).groups("groups"), None);
        assert_eq!(claims(json!({"groups": 7})).groups("groups"), None);
        assert_eq!(claims(json!({"groups": []})).groups("groups"), Some(vec![]));
        assert_eq!(claims(json!({"groups": "a"})).groups("groups"), Some(vec!["a".into()]));
        assert_eq!(claims(json!({"roles": ["a", 1, "b"]})).groups("roles"), Some(vec!["a".into(), "b".into()]));
    }

    #[test]
    fn text_from_outside_is_harmless() {
        assert_eq!(shown("Dana\0\u{1b}[31m Velez\r\n"), "Dana[31m Velez");
        assert_eq!(shown(&"a".repeat(1_000)).len(), MAX_SHOWN);
    }
}
