//! One cell of the heat map: the level as a digit, the way to the next as a line, thin evidence as hatching.

use leptos::prelude::*;

use super::SafeHref;

/// What a cell shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelReading {
    /// From 0 to 5; `None` when nothing is known.
    pub level: Option<u8>,
    /// Percent of the way to the next level.
    pub progress: u8,
    /// Little of it rests on computed evidence.
    pub is_thin: bool,
    /// An exemption counts in it.
    pub is_exempt: bool,
}

impl LevelReading {
    /// "level 2, 66 % of the way to level 3, thin evidence".
    pub fn words(&self) -> String {
        let Some(level) = self.level else { return "level not known".to_owned() };
        let mut words = format!("level {level}");
        if level < 5 {
            words.push_str(&format!(", {} % of the way to level {}", self.progress.min(100), level + 1));
        }
        if self.is_thin {
            words.push_str(", thin evidence");
        }
        if self.is_exempt {
            words.push_str(", with an exemption");
        }
        words
    }

    fn digit(&self) -> String {
        match self.level {
            Some(level) if self.is_exempt => format!("{level}*"),
            Some(level) => level.to_string(),
            None => "?".to_owned(),
        }
    }

    /// The ground and the ink of the level.
    fn colours(&self) -> &'static str {
        match self.level {
            None => "hatched text-unknown border border-line",
            Some(0) => "bg-level-0 text-level-ink",
            Some(1) => "bg-level-1 text-level-ink",
            Some(2) => "bg-level-2 text-level-ink",
            Some(3) => "bg-level-3 text-level-ink",
            Some(4) => "bg-level-4 text-level-ink-high",
            Some(_) => "bg-level-5 text-level-ink-high",
        }
    }
}

/// A level that opens to its evidence.
#[component]
pub fn LevelCell(
    /// Whose level it is: "payments, Policy".
    #[prop(into)]
    subject: String,
    reading: LevelReading,
    #[prop(into)] href: SafeHref,
) -> impl IntoView {
    let words = format!("{subject}: {}", reading.words());
    let thin = if reading.is_thin { "thin-evidence" } else { "" };
    let class = format!(
        "relative block h-9 min-w-9 overflow-hidden rounded-[5px] text-center leading-[30px] font-[620] no-underline \
         pointer-coarse:h-11 pointer-coarse:leading-[38px] {} {thin}",
        reading.colours()
    );
    let progress = (reading.level.is_some_and(|level| level < 5)).then(|| format!("{}%", reading.progress.min(100)));
    view! {
        <a class=class href=href.as_str().to_owned() aria-label=words.clone() title=words>
            {reading.digit()}
            {progress
                .map(|width| {
                    view! {
                        <svg class="absolute inset-x-0 bottom-0 h-1 w-full opacity-60" aria-hidden="true">
                            <rect width=width height="100%" fill="currentColor"></rect>
                        </svg>
                    }
                })}
        </a>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    const READING: LevelReading = LevelReading { level: Some(2), progress: 66, is_thin: false, is_exempt: false };

    #[test]
    fn words_say_what_the_drawing_says() {
        assert_eq!(READING.words(), "level 2, 66 % of the way to level 3");
        let marked = LevelReading { level: Some(5), is_thin: true, is_exempt: true, ..READING };
        assert_eq!(marked.words(), "level 5, thin evidence, with an exemption");
        assert_eq!(marked.digit(), "5*");
    }

    #[test]
    fn not_known_is_neither_a_level_nor_good_nor_bad() {
        let unknown = LevelReading { level: None, ..READING };
        assert_eq!(unknown.words(), "level not known");
        assert_eq!(unknown.digit(), "?");
        assert!(unknown.colours().contains("hatched"));
    }
}
