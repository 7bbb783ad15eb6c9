//! GraphQL's schema language, read with `apollo-parser`: it limits how deep a text may be, and knows where a mistake
//! stands.

mod types;

use apollo_parser::{
    Parser,
    cst::{self, CstNode, Definition},
};

use self::types::{child, described, is_deprecated, joined, row, type_text};
use super::{
    Answer, ApiReference, Body, Operation, Unreadable,
    grouped::{Groups, first},
    place,
};

/// Lists in lists and values in values.
const MOST_DEPTH: usize = 64;

/// The three kinds of operation: verb, group, and the type that holds them unless the schema names another.
const ROOTS: [(&str, &str, &str); 3] = [
    ("QUERY", "Queries", "Query"),
    ("MUTATION", "Mutations", "Mutation"),
    ("SUBSCRIPTION", "Subscriptions", "Subscription"),
];

pub(super) fn read(text: &str) -> Result<ApiReference, Unreadable> {
    let tree = Parser::new(text).recursion_limit(MOST_DEPTH).parse();
    if let Some(error) = tree.errors().next() {
        let message = error.message().trim_end_matches('.').to_owned();
        return Err(Unreadable::Syntax { place: place(text, error.index()), message });
    }
    let definitions: Vec<Definition> = tree.document().definitions().collect();
    if definitions.iter().all(Definition::is_executable_definition) {
        let message = "this is a query and no schema".to_owned();
        return Err(Unreadable::Syntax { place: place(text, 0), message });
    }
    let roots = roots(&definitions);
    let mut groups = Groups::new([]);
    for ((verb, group, _), root) in ROOTS.iter().zip(&roots) {
        let holders = definitions.iter().filter(|definition| name_of(definition) == *root);
        for field in holders.flat_map(fields) {
            if groups.has_room() {
                groups.add(group, operation(verb, &field));
            }
        }
    }
    let named = definitions.iter().filter(|definition| !roots.contains(&name_of(definition)));
    let (types, types_left_out) = first(joined(named).into_iter(), |found| found);
    let description = definitions.iter().find(|definition| matches!(definition, Definition::SchemaDefinition(_)));
    Ok(ApiReference {
        description: description.map(|definition| described(definition.syntax())).unwrap_or_default(),
        types,
        types_left_out,
        operations_left_out: groups.left_out,
        groups: groups.finish(),
        ..ApiReference::default()
    })
}

/// The names of the types that hold the operations.
fn roots(definitions: &[Definition]) -> [String; 3] {
    let mut roots = ROOTS.map(|(_, _, usual)| usual.to_owned());
    let named = definitions.iter().flat_map(|definition| match definition {
        Definition::SchemaDefinition(schema) => schema.root_operation_type_definitions().collect::<Vec<_>>(),
        Definition::SchemaExtension(schema) => schema.root_operation_type_definitions().collect(),
        _ => Vec::new(),
    });
    for root in named {
        let Some((kind, name)) = root.operation_type().zip(root.named_type().and_then(|named| named.name())) else {
            continue;
        };
        let is = [kind.query_token(), kind.mutation_token(), kind.subscription_token()].map(|token| token.is_some());
        for (root, _) in roots.iter_mut().zip(is).filter(|(_, is)| *is) {
            *root = name.text().to_string();
        }
    }
    roots
}

fn name_of(definition: &Definition) -> String {
    definition.name().map(|name| name.text().to_string()).unwrap_or_default()
}

fn fields(definition: &Definition) -> Vec<cst::FieldDefinition> {
    child::<cst::FieldsDefinition>(definition.syntax())
        .map(|fields| fields.field_definitions().collect())
        .unwrap_or_default()
}

fn operation(verb: &str, field: &cst::FieldDefinition) -> Operation {
    let arguments =
        field.arguments_definition().map(|arguments| arguments.input_value_definitions().collect::<Vec<_>>());
    let type_name = field.ty().map(|ty| type_text(&ty)).unwrap_or_default();
    Operation {
        verb: verb.to_owned(),
        name: field.name().map(|name| name.text().to_string()).unwrap_or_default(),
        description: described(field.syntax()),
        is_deprecated: is_deprecated(field.syntax()),
        parameters: arguments.iter().flatten().map(|argument| row(argument.syntax(), 0)).collect(),
        answers: vec![Answer { bodies: vec![Body { type_name, ..Body::default() }], ..Answer::default() }],
        ..Operation::default()
    }
}
