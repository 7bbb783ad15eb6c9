//! Protocol Buffers.

use super::*;

pub(super) const GREETER: &str = r#"// Greets people.
syntax = "proto3";
package shop.v1;
import "google/protobuf/empty.proto";
option go_package = "x";

// Talks.
service Greeter {
  // Says hello.
  rpc Hello(HelloRequest) returns (stream shop.v1.Reply);
  rpc Old(stream HelloRequest) returns (google.protobuf.Empty) { option deprecated = true; }
}
service Empty {}

/* A request. */
message HelloRequest {
  string name = 1; // Whom.
  repeated Part parts = 2;
  map<string, Part> by_name = 3;
  oneof choice { int32 one = 4; Kind kind = 5 [deprecated = true]; }
  HelloRequest again = 6;
  message Part { optional bytes data = 1; Inner inner = 2; message Inner { bool x = 1; } }
  enum Kind {
    NONE = 0;
    /* Large. */
    BIG = 1;
  }
  reserved 9;
}
message Reply { .shop.v1.HelloRequest.Part part = 1; }
"#;

#[test]
fn the_whole_of_it() {
    let api = read("grpc", GREETER).unwrap();
    assert_eq!((api.title.as_str(), api.description.as_str()), ("shop.v1", "Greets people."));
    assert_eq!(operations(&api), ["RPC Hello", "RPC Old"]);
    assert_eq!((api.groups[0].name.as_str(), api.groups[0].description.as_str()), ("Greeter", "Talks."));
    let hello = find(&api, "Hello");
    assert_eq!(hello.description, "Says hello.");
    assert_eq!(hello.bodies[0].type_name, "HelloRequest");
    assert_eq!(
        rows(&hello.bodies[0].rows),
        [
            "name: string # Whom.",
            "parts: Part[]",
            "  data: bytes",
            "  inner: Inner",
            "    x: bool",
            "by_name: map of Part by string",
            "one: int32",
            "kind: Kind (old)",
            "again: HelloRequest",
        ]
    );
    assert_eq!(hello.answers[0].bodies[0].type_name, "stream of shop.v1.Reply");
    assert_eq!(rows(&hello.answers[0].bodies[0].rows)[0], "part: shop.v1.HelloRequest.Part");
    assert_eq!(hello.answers[0].bodies[0].rows.len(), 4);
    let old = find(&api, "Old");
    assert!(old.is_deprecated && old.bodies[0].type_name == "stream of HelloRequest");
    assert!(old.answers[0].bodies[0].rows.is_empty());
    let names: Vec<&str> = api.types.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["HelloRequest", "HelloRequest.Part", "HelloRequest.Part.Inner", "Reply", "HelloRequest.Kind"]);
    assert_eq!(rows(&type_of(&api, "HelloRequest.Kind").rows), ["NONE: 0", "BIG: 1 # Large."]);
    assert_eq!(type_of(&api, "HelloRequest").description, "A request.");
}

#[test]
fn mistakes_have_their_place() {
    let fault = read("grpc", "syntax = \"proto3\";\nmessage A {\n  strin g\n}\n").unwrap_err();
    assert_eq!(fault.place().unwrap().line, 4);
    assert!(read("grpc", "syntax = \"proto2\"; message A { required string a = 1; }").is_ok());
    let end = read("grpc", "message A {").unwrap_err();
    assert_eq!(end.place().unwrap().line, 1);
}
