//! Light, dark, or as the system has it.

use serde::{Deserialize, Serialize};

/// What a person chose; kept with the person and written to `data-theme` on `<html>`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// As in the form, the database and `data-theme`.
    pub fn value(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The inverse of [`Theme::value`].
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.value() == value)
    }

    pub fn label(self) -> &'static str {
        match self {
            Theme::System => "System",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        }
    }

    /// What `<meta name="color-scheme">` says: the browser paints its own ground by it before the style sheet is read.
    pub fn color_scheme(self) -> &'static str {
        match self {
            Theme::System => "light dark",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_is_read_back_and_nothing_else_is() {
        for theme in Theme::ALL {
            assert_eq!(Theme::parse(theme.value()), Some(theme));
        }
        assert_eq!(Theme::parse("dark\" onload=\"x"), None);
    }
}
