//! The name of a container image, taken apart for people.

use std::fmt;

/// An image as a workload names it, such as `registry.example/shop/checkout:1.4.2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRef {
    pub repository: String,
    pub tag: Option<String>,
    /// With its algorithm, such as `sha256:5f0c…`.
    pub digest: Option<String>,
}

/// How much of a digest people read.
const SHORT: usize = 12;

impl ImageRef {
    /// Takes anything; what is no tag or digest is a part of the repository.
    pub fn parse(text: &str) -> Self {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest.to_owned())),
            None => (text, None),
        };
        // A colon before the last slash belongs to the registry's port.
        let (repository, tag) = match rest.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag.to_owned())),
            _ => (rest, None),
        };
        Self { repository: repository.to_owned(), tag, digest }
    }

    /// What tells one version from another: the tag, else the beginning of the digest.
    pub fn version(&self) -> String {
        match (&self.tag, &self.digest) {
            (Some(tag), _) => tag.clone(),
            (None, Some(digest)) => digest.rsplit(':').next().unwrap_or_default().chars().take(SHORT).collect(),
            (None, None) => "latest".to_owned(),
        }
    }
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        match &self.digest {
            Some(digest) => write!(f, "@{digest}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_and_put_together_again() {
        for (text, repository, version) in [
            ("checkout", "checkout", "latest"),
            ("checkout:1.4.2", "checkout", "1.4.2"),
            ("localhost:5000/shop/checkout", "localhost:5000/shop/checkout", "latest"),
            ("localhost:5000/shop/checkout:v1", "localhost:5000/shop/checkout", "v1"),
            ("a/b@sha256:0123456789abcdef0", "a/b", "0123456789ab"),
            ("a/b:2@sha256:0123456789abcdef0", "a/b", "2"),
        ] {
            let image = ImageRef::parse(text);
            assert_eq!((image.repository.as_str(), image.version().as_str()), (repository, version), "{text}");
            assert_eq!(image.to_string(), text);
        }
    }
}
