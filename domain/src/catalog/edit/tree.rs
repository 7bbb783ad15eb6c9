//! Where each part of a document stands in its text, in bytes.

use granit_parser::{Event, Parser, ScalarStyle, Span, StrInput, StructureStyle};

/// A value of a document. Of block lists and maps the extent is that from the first to the last item.
pub(super) struct Part {
    /// The first byte; of a text in lines (`|`, `>`) that of its header.
    pub(super) start: usize,
    /// After the last byte; of a text in lines after its last line break.
    pub(super) end: usize,
    /// It has an anchor or a tag, or it is an alias: other parts of the document depend on how it is written.
    pub(super) is_marked: bool,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    Scalar(ScalarStyle),
    Alias,
    List { is_flow: bool, items: Vec<Part> },
    Map { is_flow: bool, entries: Vec<Entry> },
}

pub(super) struct Entry {
    /// What the key says.
    pub(super) name: String,
    pub(super) key: Part,
    pub(super) value: Part,
}

/// The only document of a text that was read before. Nothing where the parser sees something else in it.
pub(super) fn tree(text: &str) -> Option<Part> {
    let mut options = granit_parser::options! {};
    options.set_emit_comments(false);
    let mut reader = Reader { text, parser: Parser::new_from_str_with_options(text, options) };
    loop {
        match reader.next()? {
            (Event::StreamStart | Event::DocumentStart(..), _) => {}
            (event, span) => return reader.part(event, span),
        }
    }
}

impl Part {
    /// Whether anything in it is marked.
    pub(super) fn holds_marks(&self) -> bool {
        self.is_marked
            || match &self.kind {
                Kind::Scalar(_) | Kind::Alias => false,
                Kind::List { items, .. } => items.iter().any(Self::holds_marks),
                Kind::Map { entries, .. } => {
                    entries.iter().any(|entry| entry.key.holds_marks() || entry.value.holds_marks())
                }
            }
    }
}

struct Reader<'a> {
    text: &'a str,
    parser: Parser<'a, StrInput<'a>>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<(Event<'a>, Span)> {
        self.parser.next_event()?.ok()
    }

    fn part(&mut self, event: Event<'a>, span: Span) -> Option<Part> {
        let range = span.byte_range()?;
        let part = |is_marked, kind| Part { start: range.start, end: range.end, is_marked, kind };
        match event {
            Event::Scalar(_, style, anchor, tag) => Some(part(anchor > 0 || tag.is_some(), Kind::Scalar(style))),
            Event::Alias(_) => Some(part(true, Kind::Alias)),
            Event::SequenceStart(style, anchor, tag) => {
                let is_flow = style == StructureStyle::Flow;
                let (items, end) = self.items()?;
                let (start, end) = extent(is_flow, (range.start, end), items.first(), items.last());
                Some(Part { start, end, is_marked: anchor > 0 || tag.is_some(), kind: Kind::List { is_flow, items } })
            }
            Event::MappingStart(style, anchor, tag) => {
                let is_flow = style == StructureStyle::Flow;
                let (entries, end) = self.entries()?;
                let (first, last) = (entries.first().map(|e| &e.key), entries.last().map(|e| &e.value));
                let (start, end) = extent(is_flow, (range.start, end), first, last);
                Some(Part { start, end, is_marked: anchor > 0 || tag.is_some(), kind: Kind::Map { is_flow, entries } })
            }
            _ => None,
        }
    }

    fn items(&mut self) -> Option<(Vec<Part>, usize)> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, span) => return Some((items, span.byte_range()?.end)),
                (event, span) => items.push(self.part(event, span)?),
            }
        }
    }

    fn entries(&mut self) -> Option<(Vec<Entry>, usize)> {
        let mut entries = Vec::new();
        loop {
            match self.next()? {
                (Event::MappingEnd, span) => return Some((entries, span.byte_range()?.end)),
                (event, span) => {
                    let name = event.scalar().map(|(name, _)| name.to_owned()).unwrap_or_default();
                    let key = self.part(event, span)?;
                    let (event, span) = self.next()?;
                    let mut value = self.part(event, span)?;
                    self.place_lines(&key, &mut value)?;
                    entries.push(Entry { name, key, value });
                }
            }
        }
    }

    /// The parser gives a text in lines from its first letter to the next part.
    fn place_lines(&self, key: &Part, value: &mut Part) -> Option<()> {
        if !matches!(value.kind, Kind::Scalar(ScalarStyle::Literal | ScalarStyle::Folded)) {
            return Some(());
        }
        let header = key.end + self.text.get(key.end..value.start)?.find(['|', '>'])?;
        let first = self.text.get(header..)?.find('\n').map_or(self.text.len(), |at| header + at + 1);
        let keeps = self.text.get(header..first)?.split_whitespace().next()?.contains('+');
        let body = self.text.get(first..value.end.max(first))?;
        let length = match body.trim_end().len() {
            _ if keeps => body.rfind('\n').map_or(body.len(), |at| at + 1),
            0 => 0,
            said => body.get(said..)?.find('\n').map_or(body.len(), |at| said + at + 1),
        };
        (value.start, value.end) = (header, first + length);
        Some(())
    }
}

fn extent(is_flow: bool, span: (usize, usize), first: Option<&Part>, last: Option<&Part>) -> (usize, usize) {
    match (first, last) {
        (Some(first), Some(last)) if !is_flow => (first.start, last.end),
        _ => span,
    }
}
