//! Messages and enumerations, those within others too.

use std::{cell::Cell, collections::HashMap};

use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    UninterpretedOption,
    field_descriptor_proto::{Label, Type},
};

use super::comments::{self, Comments};
use crate::catalog::api_reference::{MOST_ROWS_IN_ALL, Row, TypeReference, grouped::first};

const MOST_DEPTH: usize = 6;
const MOST_ROWS: usize = 200;

pub(super) struct Types<'a> {
    comments: &'a Comments,
    package: &'a str,
    /// With their names within the package and their paths, in the order of the file.
    messages: Vec<(String, Vec<i32>, &'a DescriptorProto)>,
    enums: Vec<(String, Vec<i32>, &'a EnumDescriptorProto)>,
    place: HashMap<String, usize>,
    /// How many rows may still be written below operations.
    rows_left: Cell<usize>,
}

impl<'a> Types<'a> {
    pub(super) fn of(file: &'a FileDescriptorProto, comments: &'a Comments) -> Self {
        let (place, rows_left) = (HashMap::new(), Cell::new(MOST_ROWS_IN_ALL));
        let mut types =
            Self { comments, package: file.package(), messages: Vec::new(), enums: Vec::new(), place, rows_left };
        for (at, message) in (0..).zip(&file.message_type) {
            types.message("", vec![comments::MESSAGE, at], message);
        }
        for (at, one) in (0..).zip(&file.enum_type) {
            types.enums.push((one.name().to_owned(), vec![comments::ENUM, at], one));
        }
        types
    }

    /// No deeper than the parser allows.
    fn message(&mut self, outer: &str, path: Vec<i32>, message: &'a DescriptorProto) {
        let name = if outer.is_empty() { message.name().to_owned() } else { format!("{outer}.{}", message.name()) };
        let inner = |kind: i32, at: i32| path.iter().copied().chain([kind, at]).collect::<Vec<i32>>();
        self.place.insert(name.clone(), self.messages.len());
        self.messages.push((name.clone(), path.clone(), message));
        for (at, one) in (0..).zip(&message.enum_type) {
            self.enums.push((format!("{name}.{}", one.name()), inner(comments::NESTED_ENUM, at), one));
        }
        for (at, nested) in (0..).zip(&message.nested_type) {
            self.message(&name, inner(comments::NESTED, at), nested);
        }
    }

    /// The first types, and how many others there are. Entries of maps are none.
    pub(super) fn first(&self) -> (Vec<TypeReference>, usize) {
        let messages = self.messages.iter().filter(|(_, _, message)| !is_entry(message));
        let (mut types, left_out) = first(messages, |(name, path, message)| {
            let rows = (0..).zip(&message.field).map(|(at, field)| self.row(name, path, at, field, 0)).collect();
            self.named(name, "message", path, rows)
        });
        let (enums, more_left_out) = first(self.enums.iter(), |(name, path, one)| {
            let row = |(at, value): (i32, &EnumValueDescriptorProto)| {
                let place: Vec<i32> = path.iter().copied().chain([comments::VALUE, at]).collect();
                let type_name = value.number().to_string();
                Row {
                    name: value.name().to_owned(),
                    type_name,
                    description: self.comments.at(&place),
                    ..Row::default()
                }
            };
            self.named(name, "enum", path, (0..).zip(&one.value).map(row).collect())
        });
        types.extend(enums);
        (types, left_out + more_left_out)
    }

    fn named(&self, name: &str, kind: &str, path: &[i32], rows: Vec<Row>) -> TypeReference {
        let (name, kind) = (name.to_owned(), kind.to_owned());
        TypeReference { name, kind, description: self.comments.at(path), rows, is_cut: false }
    }

    /// The fields of a message with those within them, and whether there is more.
    pub(super) fn rows(&self, name: &str) -> (Vec<Row>, bool) {
        let (mut rows, mut is_cut) = (Vec::new(), false);
        if let Some(at) = self.find("", name) {
            self.below(at, &mut vec![at], &mut rows, &mut is_cut);
        }
        (rows, is_cut)
    }

    fn below(&self, at: usize, open: &mut Vec<usize>, rows: &mut Vec<Row>, is_cut: &mut bool) {
        let (name, path, message) = &self.messages[at];
        for (field_at, field) in (0..).zip(&message.field) {
            let left = self.rows_left.get();
            if rows.len() == MOST_ROWS || left == 0 {
                *is_cut = true;
                return;
            }
            self.rows_left.set(left - 1);
            rows.push(self.row(name, path, field_at, field, open.len() - 1));
            let Some(inner) = self.find(name, field.type_name()).filter(|inner| !open.contains(inner)) else {
                continue;
            };
            if is_entry(self.messages[inner].2) {
                continue;
            }
            if open.len() > MOST_DEPTH {
                *is_cut = true;
                continue;
            }
            open.push(inner);
            self.below(inner, open, rows, is_cut);
            open.pop();
        }
    }

    fn row(&self, message: &str, path: &[i32], at: i32, field: &FieldDescriptorProto, depth: usize) -> Row {
        let place: Vec<i32> = path.iter().copied().chain([comments::FIELD, at]).collect();
        let entry =
            self.find(message, field.type_name()).map(|inner| self.messages[inner].2).filter(|inner| is_entry(inner));
        let type_name = match entry.map(|entry| entry.field.as_slice()) {
            Some([key, value]) => format!("map of {} by {}", type_of(value), type_of(key)),
            _ if field.label() == Label::Repeated && field.label.is_some() => format!("{}[]", type_of(field)),
            _ => type_of(field),
        };
        Row {
            depth,
            name: field.name().to_owned(),
            place: String::new(),
            type_name,
            is_required: field.label.is_some() && field.label() == Label::Required,
            is_deprecated: field.options.as_ref().is_some_and(|options| is_deprecated(&options.uninterpreted_option)),
            description: self.comments.at(&place),
        }
    }

    /// A message by the name that is written in another one: the innermost that fits.
    fn find(&self, within: &str, name: &str) -> Option<usize> {
        if name.is_empty() {
            return None;
        }
        let bare = name.strip_prefix('.').unwrap_or(name);
        let own = bare
            .strip_prefix(self.package)
            .and_then(|rest| rest.strip_prefix('.'))
            .filter(|_| !self.package.is_empty());
        let mut scope = within;
        loop {
            let full = if scope.is_empty() { bare.to_owned() } else { format!("{scope}.{bare}") };
            if let Some(at) = self.place.get(&full) {
                return Some(*at);
            }
            if scope.is_empty() {
                return own.and_then(|own| self.place.get(own)).copied();
            }
            scope = scope.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
    }
}

/// The parser leaves options as they are written.
pub(super) fn is_deprecated(options: &[UninterpretedOption]) -> bool {
    let is_it =
        |option: &&UninterpretedOption| matches!(option.name.as_slice(), [part] if part.name_part == "deprecated");
    options.iter().find(is_it).is_some_and(|option| option.identifier_value() == "true")
}

fn is_entry(message: &DescriptorProto) -> bool {
    message.options.as_ref().is_some_and(|options| options.map_entry())
}

/// `string`, `Order`
fn type_of(field: &FieldDescriptorProto) -> String {
    match field.r#type.map(|_| field.r#type()) {
        Some(Type::Group | Type::Message | Type::Enum) | None => field.type_name().trim_start_matches('.').to_owned(),
        Some(scalar) => scalar.as_str_name().trim_start_matches("TYPE_").to_ascii_lowercase(),
    }
}
