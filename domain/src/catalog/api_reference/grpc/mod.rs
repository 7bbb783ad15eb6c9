//! Protocol Buffers, read with `protox-parse`: the parser behind `protox`, in Rust alone, with limits of its own and with
//! the comments beside what they describe. It looks at one file and follows no import.

mod comments;
mod types;

use prost_types::{FileDescriptorProto, MethodDescriptorProto, ServiceDescriptorProto};

use self::{
    comments::Comments,
    types::{Types, is_deprecated},
};
use super::{Answer, ApiReference, Body, Operation, Unreadable, grouped::Groups, place};

pub(super) fn read(text: &str) -> Result<ApiReference, Unreadable> {
    let file = protox_parse::parse("definition.proto", text).map_err(|error| {
        let place = place(text, error.span().map_or(text.len(), |span| span.start));
        Unreadable::Syntax { place, message: error.to_string() }
    })?;
    let comments = Comments::of(&file);
    let types = Types::of(&file, &comments);
    let groups = services(&file, &comments, &types);
    let (named, types_left_out) = types.first();
    Ok(ApiReference {
        title: file.package().to_owned(),
        description: comments.at(&[comments::SYNTAX]),
        operations_left_out: groups.left_out,
        groups: groups.finish(),
        types: named,
        types_left_out,
        ..ApiReference::default()
    })
}

fn services(file: &FileDescriptorProto, comments: &Comments, types: &Types<'_>) -> Groups {
    let described = |(at, service): (i32, &ServiceDescriptorProto)| {
        (service.name().to_owned(), comments.at(&[comments::SERVICE, at]))
    };
    let mut groups = Groups::new((0..).zip(&file.service).map(described));
    for (at, service) in (0..).zip(&file.service) {
        for (method_at, method) in (0..).zip(&service.method) {
            if groups.has_room() {
                let description = comments.at(&[comments::SERVICE, at, comments::METHOD, method_at]);
                groups.add(service.name(), operation(method, description, types));
            }
        }
    }
    groups
}

fn operation(method: &MethodDescriptorProto, description: String, types: &Types<'_>) -> Operation {
    Operation {
        verb: "RPC".to_owned(),
        name: method.name().to_owned(),
        description,
        is_deprecated: method.options.as_ref().is_some_and(|options| is_deprecated(&options.uninterpreted_option)),
        bodies: vec![body(method.input_type(), method.client_streaming(), types)],
        answers: vec![Answer {
            bodies: vec![body(method.output_type(), method.server_streaming(), types)],
            ..Answer::default()
        }],
        ..Operation::default()
    }
}

fn body(name: &str, is_stream: bool, types: &Types<'_>) -> Body {
    let short = name.trim_start_matches('.');
    let type_name = if is_stream { format!("stream of {short}") } else { short.to_owned() };
    let (rows, is_cut) = types.rows(name);
    Body { type_name, rows, is_cut, ..Body::default() }
}
