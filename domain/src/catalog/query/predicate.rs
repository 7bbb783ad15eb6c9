//! What has to hold of an entity.

/// A condition, or several together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// All of them hold; without any it holds of everything.
    All(Vec<Predicate>),
    /// One of them holds; without any it holds of nothing.
    Any(Vec<Predicate>),
    Not(Box<Predicate>),
    /// Something holds of a value at this path, which is in lower case: `metadata.annotations.backstage.io/orphan`.
    At(String, Test),
}

/// What holds of a value. Texts are in lower case, and so are the values that they are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// There is one.
    Exists,
    /// It is one of these.
    OneOf(Vec<String>),
    Prefix(String),
}

impl Predicate {
    /// Holds of everything.
    pub fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// Whether it holds of something with these values at its paths.
    pub fn holds<'a>(&self, values: &impl Fn(&str) -> Option<&'a str>) -> bool {
        match self {
            Self::All(all) => all.iter().all(|part| part.holds(values)),
            Self::Any(any) => any.iter().any(|part| part.holds(values)),
            Self::Not(part) => !part.holds(values),
            Self::At(path, test) => values(path).is_some_and(|value| test.holds(&value.to_lowercase())),
        }
    }
}

impl Test {
    /// `value` is in lower case.
    pub fn holds(&self, value: &str) -> bool {
        match self {
            Self::Exists => true,
            Self::OneOf(wanted) => wanted.iter().any(|wanted| wanted == value),
            Self::Prefix(prefix) => value.starts_with(prefix),
        }
    }
}
