//! Whatever is sent: a reference or a reason, never a panic.

use proptest::prelude::*;

use super::{asyncapi::LIGHTS, graphql::SHOP, grpc::GREETER, openapi::ORDERS, *};
use crate::golden_paths::Place;

const ALL: [(&str, &str); 4] = [("openapi", ORDERS), ("asyncapi", LIGHTS), ("graphql", SHOP), ("grpc", GREETER)];

#[test]
fn what_is_no_definition_says_why() {
    let fault = |api_type: &str, text: &str| read(api_type, text).unwrap_err();
    assert_eq!(fault("openapi", " \n"), Unreadable::Empty);
    assert_eq!(fault("openapi", &"#".repeat(MAX_BYTES + 1)), Unreadable::TooLarge);
    assert_eq!(fault("trpc", "x"), Unreadable::NoReader { api_type: "trpc".to_owned() });
    assert_eq!(fault("openapi", "openapi: 4.0.0"), Unreadable::Version { found: "openapi 4.0.0".to_owned() });
    assert_eq!(fault("openapi", "a: 1"), Unreadable::Version { found: String::new() });
    assert_eq!(fault("openapi", "- 1"), Unreadable::Version { found: String::new() });
    assert_eq!(fault("openapi", "openapi: 3.0.0\npaths: [").place().map(|place| place.line), Some(2));
    assert_eq!(fault("openapi", "openapi: 3.0.0\n---\na: 1").place(), Some(Place { line: 2, column: 1 }));
    let json = fault("openapi", "{\"openapi\": \"3.0.0\",\n \"paths\": ]}");
    assert_eq!(json.place(), Some(Place { line: 2, column: 11 }));
    let all = [
        Unreadable::Empty,
        Unreadable::TooLarge,
        Unreadable::NoReader { api_type: "trpc".to_owned() },
        Unreadable::Version { found: String::new() },
        Unreadable::Version { found: "openapi 4".to_owned() },
        json,
    ];
    for words in all.map(|fault| fault.to_string()) {
        assert!(words.ends_with('.') && words.split(". ").count() >= 2, "{words}");
    }
}

#[test]
fn odd_shapes_are_read_as_far_as_they_go() {
    for text in [
        "openapi: 3.0.0\npaths: 1\ncomponents: [a]\nservers: x\ntags: {a: b}\ninfo: ~",
        "openapi: 3.0.0\npaths: {/a: {get: 1, post: [], put: {parameters: 1, responses: [1], requestBody: x}}}",
        "openapi: 3.0.0\ncomponents: {schemas: {A: 1, B: [], C: {properties: 1, required: 2, allOf: 3, enum: x, type: {}}}}",
        "asyncapi: 2.0.0\nchannels: {a: 1, b: {publish: 2, subscribe: {message: []}}}",
        "asyncapi: 3.0.0\noperations: {a: 1, b: {channel: [], messages: {}}}",
        "swagger: '2.0'\nhost: 1\nschemes: x\npaths: {/a: {get: {parameters: [1, {in: body}], responses: {200: 1}}}}",
    ] {
        let read = read("openapi", text);
        assert!(read.is_ok(), "{text}: {read:?}");
    }
    assert!(read("grpc", "syntax = \"proto3\";").is_ok());
    assert_eq!(read("graphql", "type Query { a: Int }").unwrap().types, []);
    assert!(read("openapi", "\u{feff}openapi: 3.0.0\r\npaths:\r\n  /a: {}\r\n").is_ok());
}

#[test]
fn depth_has_an_end() {
    for (api_type, open, close) in [
        ("openapi", "[", "]"),
        ("openapi", "{a: ", "}"),
        ("graphql", "{", "}"),
        ("graphql", "(a: ", ")"),
        ("grpc", "message A {", "}"),
        ("grpc", "option (a) = {", "}"),
        ("grpc", "/*", "*/"),
    ] {
        let text = format!("{}{}", open.repeat(20_000), close.repeat(20_000));
        let _ = read(api_type, &text);
        let _ = read(api_type, &open.repeat(60_000));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn cut_off_anywhere(which in 0..ALL.len(), share in 0.0f64..1.0) {
        let (api_type, text) = ALL[which];
        let cut = (0..=(text.len() as f64 * share) as usize).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let _ = read(api_type, &text[..cut]);
    }

    #[test]
    fn changed_anywhere(
        which in 0..ALL.len(), places in prop::collection::vec((any::<prop::sample::Index>(), any::<char>()), 1..12), other in 0..ALL.len(),
    ) {
        let (_, text) = ALL[which];
        let mut chars: Vec<char> = text.chars().collect();
        let signs: Vec<char> = "{}[]()\"'#:&*!|>-,@\\/$ \n\u{feff}\0=;.".chars().collect();
        for (place, c) in places {
            let at = place.index(chars.len());
            chars[at] = if c.is_alphabetic() { c } else { signs[c as usize % signs.len()] };
        }
        let text: String = chars.into_iter().collect();
        let _ = read(ALL[other].0, &text);
        let _ = read(ALL[which].0, &text);
    }

    #[test]
    fn pieces_in_any_order(which in 0..ALL.len(), picks in prop::collection::vec(any::<prop::sample::Index>(), 0..40)) {
        let (api_type, text) = ALL[which];
        let pieces: Vec<&str> = text.split_inclusive([' ', '\n']).collect();
        let text: String = picks.iter().map(|pick| *pick.get(&pieces)).collect();
        let _ = read(api_type, &text);
    }

    #[test]
    fn any_text_in_a_string(text in "[\\\\uUxX0-9a-fD{}\"n ]{0,24}") {
        let _ = read("graphql", &format!("\"{text}\" type A {{ a: Int }}"));
        let _ = read("graphql", &format!("\"\"\"{text}\"\"\" type A {{ a(b: String = \"{text}\"): Int }}"));
        let _ = read("grpc", &format!("syntax = \"proto3\"; option java_package = \"{text}\";"));
        let _ = read("openapi", &format!("openapi: \"3.{text}\""));
    }
}
