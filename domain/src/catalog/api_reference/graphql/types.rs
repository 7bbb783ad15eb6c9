//! Types, their fields and their values.

use apollo_parser::{
    SyntaxNode,
    cst::{self, CstNode, Definition, Type},
};

use crate::catalog::api_reference::{Row, TypeReference};

/// Types with what extends them, in the order of the first of each. Directives and the schema itself are none.
pub(super) fn joined<'a>(definitions: impl Iterator<Item = &'a Definition>) -> Vec<TypeReference> {
    let mut types: Vec<TypeReference> = Vec::new();
    let mut place = std::collections::HashMap::new();
    for definition in definitions {
        let (Some(kind), Some(name)) = (kind(definition), definition.name()) else { continue };
        let name = name.text().to_string();
        let at = *place.entry(name.clone()).or_insert(types.len());
        if at == types.len() {
            types.push(TypeReference { name, kind: kind.to_owned(), ..TypeReference::default() });
        }
        if let Some(found) = types.get_mut(at) {
            found.rows.extend(rows(definition.syntax()));
            if found.description.is_empty() {
                found.description = told(definition.syntax());
            }
        }
    }
    types
}

/// A field, an argument or a value of an enumeration.
pub(super) fn row(node: &SyntaxNode, depth: usize) -> Row {
    let ty = child_type(node);
    let default = child::<cst::DefaultValue>(node).and_then(|default| default.value());
    let mut description = described(node);
    if let Some(value) = &default {
        let space = if description.is_empty() { "" } else { " " };
        description.push_str(&format!("{space}Default: {}", value.syntax().text()));
    }
    let value = child::<cst::EnumValue>(node).and_then(|value| value.name());
    let name = child::<cst::Name>(node).or(value).map(|name| name.text().to_string());
    Row {
        depth,
        name: name.unwrap_or_default(),
        place: String::new(),
        type_name: ty.as_ref().map(type_text).unwrap_or_default(),
        is_required: matches!(ty, Some(Type::NonNullType(_))) && default.is_none(),
        is_deprecated: is_deprecated(node),
        description,
    }
}

pub(super) fn type_text(ty: &Type) -> String {
    ty.syntax().text().to_string().split_whitespace().collect()
}

/// The first child of a kind.
pub(super) fn child<N: CstNode>(node: &SyntaxNode) -> Option<N> {
    node.children().find_map(N::cast)
}

pub(super) fn described(node: &SyntaxNode) -> String {
    child::<cst::Description>(node)
        .and_then(|description| description.string_value())
        .map(String::from)
        .unwrap_or_default()
}

pub(super) fn is_deprecated(node: &SyntaxNode) -> bool {
    let directives = child::<cst::Directives>(node).map(|directives| directives.directives().collect::<Vec<_>>());
    let names = directives.iter().flatten().filter_map(|directive| directive.name());
    names.into_iter().any(|name| name.text() == "deprecated")
}

fn kind(definition: &Definition) -> Option<&'static str> {
    match definition {
        Definition::ScalarTypeDefinition(_) | Definition::ScalarTypeExtension(_) => Some("scalar"),
        Definition::ObjectTypeDefinition(_) | Definition::ObjectTypeExtension(_) => Some("object"),
        Definition::InterfaceTypeDefinition(_) | Definition::InterfaceTypeExtension(_) => Some("interface"),
        Definition::UnionTypeDefinition(_) | Definition::UnionTypeExtension(_) => Some("union"),
        Definition::EnumTypeDefinition(_) | Definition::EnumTypeExtension(_) => Some("enum"),
        Definition::InputObjectTypeDefinition(_) | Definition::InputObjectTypeExtension(_) => Some("input"),
        _ => None,
    }
}

/// With the interfaces that it has.
fn told(node: &SyntaxNode) -> String {
    let described = described(node);
    let Some(interfaces) = child::<cst::ImplementsInterfaces>(node) else { return described };
    let names: Vec<String> =
        interfaces.named_types().map(|named| named.syntax().text().to_string().trim().to_owned()).collect();
    let space = if described.is_empty() { "" } else { " " };
    format!("{described}{space}Implements {}.", names.join(", "))
}

fn rows(node: &SyntaxNode) -> Vec<Row> {
    let mut rows = Vec::new();
    for field in child::<cst::FieldsDefinition>(node).iter().flat_map(|fields| fields.field_definitions()) {
        rows.push(row(field.syntax(), 0));
        let arguments = field.arguments_definition();
        let arguments = arguments.iter().flat_map(|arguments| arguments.input_value_definitions());
        rows.extend(arguments.map(|argument| row(argument.syntax(), 1)));
    }
    let inputs = child::<cst::InputFieldsDefinition>(node);
    rows.extend(inputs.iter().flat_map(|inputs| inputs.input_value_definitions()).map(|field| row(field.syntax(), 0)));
    let values = child::<cst::EnumValuesDefinition>(node);
    rows.extend(values.iter().flat_map(|values| values.enum_value_definitions()).map(|value| row(value.syntax(), 0)));
    let members = child::<cst::UnionMemberTypes>(node);
    rows.extend(members.iter().flat_map(|members| members.named_types()).map(|member| row(member.syntax(), 0)));
    rows
}

fn child_type(node: &SyntaxNode) -> Option<Type> {
    node.children().find_map(Type::cast)
}
