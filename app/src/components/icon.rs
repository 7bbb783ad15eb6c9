//! Icons: single strokes on a grid of 16, in the colour of the text beside them.

use leptos::prelude::*;

/// A drawing that stands beside words, never instead of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    Access,
    Alert,
    Audit,
    Branch,
    Cancelled,
    Capacity,
    Catalog,
    Check,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    Clock,
    Copy,
    Cost,
    Cross,
    Delivery,
    Document,
    Download,
    External,
    GoldenPath,
    Home,
    Info,
    Maturity,
    Menu,
    Minus,
    Monitor,
    Moon,
    Namespace,
    Pending,
    Person,
    Plus,
    Print,
    Progress,
    Question,
    Search,
    Settings,
    SignOut,
    Skipped,
    Sun,
    Undo,
}

impl Glyph {
    pub const ALL: [Glyph; 40] = {
        use Glyph::*;
        [
            Access,
            Alert,
            Audit,
            Branch,
            Cancelled,
            Capacity,
            Catalog,
            Check,
            ChevronDown,
            ChevronLeft,
            ChevronRight,
            Clock,
            Copy,
            Cost,
            Cross,
            Delivery,
            Document,
            Download,
            External,
            GoldenPath,
            Home,
            Info,
            Maturity,
            Menu,
            Minus,
            Monitor,
            Moon,
            Namespace,
            Pending,
            Person,
            Plus,
            Print,
            Progress,
            Question,
            Search,
            Settings,
            SignOut,
            Skipped,
            Sun,
            Undo,
        ]
    };

    /// The outline as SVG path data on a 16 × 16 grid.
    fn outline(self) -> &'static str {
        match self {
            Glyph::Access => "M5 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 8h6M12 8v2.5",
            Glyph::Alert => "M8 3v6M8 12.2v.3",
            Glyph::Audit => "M4 2h8v12H4zM6.5 5.5h3M6.5 8h3M6.5 10.5h2",
            Glyph::Branch => {
                "M4.5 5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4.5 14a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z\
                 M11.5 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4.5 5v6M11.5 6c0 3.2-7 1.4-7 5"
            }
            Glyph::Cancelled => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM3.8 3.8l8.4 8.4",
            Glyph::Capacity => {
                "M4.5 4.5h7v7h-7zM6.5 2v2.5M9.5 2v2.5M6.5 11.5V14M9.5 11.5V14M2 6.5h2.5M2 9.5h2.5M11.5 6.5H14M11.5 9.5H14"
            }
            Glyph::Catalog => "M2.5 2.5H7V7H2.5zM9 2.5h4.5V7H9zM2.5 9H7v4.5H2.5zM9 9h4.5v4.5H9z",
            Glyph::Check => "M3 8.5l3.2 3L13 4.5",
            Glyph::ChevronDown => "M3.5 6 8 10.5 12.5 6",
            Glyph::ChevronLeft => "M10 3.5 5.5 8l4.5 4.5",
            Glyph::ChevronRight => "M6 3.5 10.5 8 6 12.5",
            Glyph::Clock => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6",
            Glyph::Copy => "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
            Glyph::Cost => {
                "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM10 6.2C9.6 5.5 8.9 5.2 8 5.2c-1.2 0-2 .6-2 1.4 0 2 4 .9 4 2.9 0 .8-.8 1.4-2 \
                 1.4-.9 0-1.7-.4-2-1.1M8 4v1.2M8 10.9V12"
            }
            Glyph::Cross => "M4 4l8 8M12 4l-8 8",
            Glyph::Delivery => "M2.5 8h8M7.5 5l3 3-3 3M13.5 3v10",
            Glyph::Document => "M4 2h5l3 3v9H4zM9 2v3h3",
            Glyph::Download => "M8 2.5v7.5M5 7.2 8 10l3-2.8M3 13.5h10",
            Glyph::External => "M9 2.5h4.5V7M13.5 2.5l-6 6M6.5 3.5h-3v9h9v-3",
            Glyph::GoldenPath => {
                "M4 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM12 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z\
                 M5.5 12H10a2 2 0 0 0 0-4H6a2 2 0 0 1 0-4h4.5"
            }
            Glyph::Home => "M2.5 7.5 8 3l5.5 4.5M4 6.5V13h3V9.5h2V13h3V6.5",
            Glyph::Info => "M8 7.2V12M8 4v.3",
            Glyph::Maturity => "M2 13.5h3.5V10H9V6.5h3.5V3H14",
            Glyph::Menu => "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
            Glyph::Minus => "M3 8h10",
            Glyph::Monitor => "M2 3h12v8H2zM6 14h4M8 11v3",
            Glyph::Moon => "M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5z",
            Glyph::Namespace => "M2.5 5 8 2l5.5 3v6L8 14l-5.5-3zM2.5 5 8 8l5.5-3M8 8v6",
            Glyph::Pending => "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
            Glyph::Person => "M8 8a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 8 8zM3 13.5c.6-2.3 2.5-3.5 5-3.5s4.4 1.2 5 3.5",
            Glyph::Plus => "M8 3v10M3 8h10",
            Glyph::Print => "M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z",
            Glyph::Progress => "M8 2.5A5.5 5.5 0 1 1 2.6 7",
            Glyph::Question => "M5.8 6a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.6M8 12.3v.2",
            Glyph::Search => "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14",
            Glyph::Settings => {
                "M2 5h6M12 5h2M10 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM2 11h2M8 11h6M6 13a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"
            }
            Glyph::SignOut => "M6.5 3h-3v10h3M7 8h7M11.5 5.5 14 8l-2.5 2.5",
            Glyph::Skipped => "M4 4l5 4-5 4M12 4v8",
            Glyph::Sun => {
                "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1\
                 M12.6 3.4l-1 1M4.4 11.6l-1 1"
            }
            Glyph::Undo => "M5.5 3 2.5 6l3 3M2.5 6H9a4 4 0 0 1 0 8H6",
        }
    }
}

/// How large an icon is; small ones have heavier strokes, to be seen as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IconSize {
    /// 12 px, inside badges and dots.
    Small,
    /// 16 px, beside text.
    #[default]
    Normal,
}

/// Draws a glyph, hidden from screen readers: the words beside it say the same.
#[component]
pub fn Icon(glyph: Glyph, #[prop(optional)] size: IconSize) -> impl IntoView {
    let (class, stroke) = match size {
        IconSize::Small => ("size-3 shrink-0", "1.9"),
        IconSize::Normal => ("size-4 shrink-0", "1.5"),
    };
    view! {
        <svg
            class=class
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            stroke-width=stroke
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=glyph.outline()></path>
        </svg>
    }
    .into_any()
}
