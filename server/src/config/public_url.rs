//! The address that people type.

use std::str::FromStr;

use backend::is_https_or_loopback;
use url::Url;

/// Scheme, host and port without a path. Plain http is accepted for this machine alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    authority: String,
    local_port: Option<u16>,
}

impl PublicUrl {
    /// `scheme://host[:port]`, as browsers send it in `Origin`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// `host[:port]`, as browsers send it in `Host`.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The address of one of our paths.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Cookies ignore ports: two instances on one machine must not sign each other out.
    pub fn cookie_suffix(&self) -> String {
        self.local_port.map(|port| format!("-{port}")).unwrap_or_default()
    }
}

impl Default for PublicUrl {
    fn default() -> Self {
        Self {
            origin: "http://localhost:3000".to_owned(),
            authority: "localhost:3000".to_owned(),
            local_port: Some(3000),
        }
    }
}

impl FromStr for PublicUrl {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let url = Url::parse(text).map_err(|_| ())?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        if !bare || url.password().is_some() || !is_https_or_loopback(&url) {
            return Err(());
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            authority: url.authority().to_owned(),
            local_port: (url.scheme() == "http").then(|| url.port_or_known_default()).flatten(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for good in ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:3000", "https://waymark.example"] {
            assert!(good.parse::<PublicUrl>().is_ok(), "{good}");
        }
        for bad in [
            "http://waymark.example",
            "http://localhost.evil.example",
            "https://waymark.example/path",
            "https://user@waymark.example",
            "https://waymark.example?x",
            "ftp://localhost",
            "waymark",
            "",
        ] {
            assert!(bad.parse::<PublicUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn cookies_of_two_local_instances_have_different_names() {
        let suffix = |url: &str| url.parse::<PublicUrl>().unwrap().cookie_suffix();
        assert_eq!(suffix("http://localhost:3000"), "-3000");
        assert_eq!(suffix("http://localhost"), "-80");
        assert_eq!(suffix("https://waymark.example"), "");
    }

    #[test]
    fn the_default_is_what_its_text_reads_as() {
        assert_eq!("http://localhost:3000".parse(), Ok(PublicUrl::default()));
    }
}
