//! OpenAPI and Swagger.

use super::*;

pub(super) const ORDERS: &str = r##"openapi: 3.0.3
info:
  title: Orders
  version: 1.10
  description: |
    All about *orders*.
servers:
  - url: https://{region}.example.com/v1
    description: Where it runs.
tags:
  - name: orders
    description: Buying things.
  - name: unused
paths:
  /orders/{id}:
    parameters:
      - $ref: '#/components/parameters/Id'
      - {name: trace, in: header, schema: {type: string}}
    get:
      tags: [orders]
      summary: One order
      parameters:
        - name: trace
          in: header
          required: true
          schema: {type: string, format: uuid}
        - name: fields
          in: query
          schema: {type: array, items: {type: string, enum: [a, b]}}
      responses:
        200:
          description: It is there.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Order'}
        "404": {$ref: '#/components/responses/Missing'}
        default: {description: Broken.}
    delete:
      deprecated: true
      responses: {204: {description: Gone.}}
  /orders:
    post:
      tags: [orders]
      requestBody:
        description: What is bought.
        content:
          application/json:
            schema:
              allOf:
                - $ref: '#/components/schemas/Order'
                - type: object
                  required: [coupon]
                  properties:
                    coupon: {type: string, default: none}
      responses: {}
  x-other: {}
components:
  parameters:
    Id: {name: id, in: path, required: true, description: The order., schema: {type: integer, format: int64}}
  responses:
    Missing:
      description: No such order.
      content: {application/problem+json: {schema: {type: object, additionalProperties: {type: string}}}}
  schemas:
    Order:
      type: object
      description: An order.
      required: [id, lines]
      properties:
        id: {type: integer, nullable: true}
        state: {type: string, enum: [open, paid], description: How far it is.}
        lines:
          type: array
          items: {$ref: '#/components/schemas/Line'}
        parent: {$ref: '#/components/schemas/Order'}
    Line:
      type: object
      properties:
        product: {type: string, deprecated: true}
        order: {$ref: '#/components/schemas/Order'}
        price: {oneOf: [{$ref: '#/components/schemas/Money'}, {type: number}]}
    Money: {type: object, properties: {cents: {type: integer}}}
    Elsewhere: {$ref: 'other.yaml#/components/schemas/Money'}
"##;

#[test]
fn the_whole_of_it() {
    let api = read("openapi", ORDERS).unwrap();
    assert_eq!((api.title.as_str(), api.version.as_str()), ("Orders", "1.1"));
    assert_eq!(api.description, "All about *orders*.\n");
    assert_eq!(api.servers[0].address, "https://{region}.example.com/v1");
    let groups: Vec<(&str, &str)> = api.groups.iter().map(|g| (g.name.as_str(), g.description.as_str())).collect();
    assert_eq!(groups, [("orders", "Buying things."), ("Operations", "")]);
    assert_eq!(operations(&api), ["GET /orders/{id}", "POST /orders", "DELETE /orders/{id}"]);
    assert!(api.groups[1].operations[0].is_deprecated);

    let get = find(&api, "/orders/{id}");
    assert_eq!(
        rows(&get.parameters),
        ["id* in path: integer (int64) # The order.", "trace* in header: string (uuid)", "fields in query: string[]"]
    );
    let answers: Vec<(&str, &str)> = get.answers.iter().map(|a| (a.status.as_str(), a.description.as_str())).collect();
    assert_eq!(answers, [("200", "It is there."), ("404", "No such order."), ("default", "Broken.")]);
    let order = &get.answers[0].bodies[0];
    assert_eq!((order.name.as_str(), order.type_name.as_str(), order.is_cut), ("application/json", "Order", false));
    assert_eq!(
        rows(&order.rows),
        [
            "id*: integer or null",
            "state: string # How far it is. One of: open, paid.",
            "lines*: Line[]",
            "  product: string (old)",
            "  order: Order # An order.",
            "  price: Money or number",
            "    option 1: Money",
            "      cents: integer",
            "parent: Order # An order.",
        ]
    );
    assert_eq!(get.answers[1].bodies[0].type_name, "map of string");
    let post = find(&api, "/orders");
    assert_eq!(post.bodies[0].description, "What is bought.");
    assert_eq!(post.bodies[0].type_name, "Order and object");
    assert_eq!(rows(&post.bodies[0].rows).last().unwrap(), "coupon*: string # Default: none");
    let names: Vec<&str> = api.types.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["Order", "Line", "Money", "Elsewhere"]);
    // Another document's type of the same name is not ours.
    assert_eq!(type_of(&api, "Elsewhere").kind, "other.yaml#/components/schemas/Money");
    assert!(type_of(&api, "Elsewhere").rows.is_empty());
}

#[test]
fn version_3_1_in_json() {
    let text = r#"{
	"openapi": "3.1.0", "info": {"title": "Smile \ud83d\ude00", "version": "2"},
	"webhooks": {"paid": {"post": {"requestBody": {"content": {"application/json": {"schema":
		{"type": ["string", "null"], "const": "x"}}}}}}},
	"paths": {"/a": {"get": {"responses": {"2XX": {"description": "ok"}}}}}
}"#;
    let api = read("openapi", text).unwrap();
    assert_eq!(api.title, "Smile 😀");
    assert_eq!(operations(&api), ["GET /a", "POST paid"]);
    assert_eq!(find(&api, "paid").bodies[0].type_name, "string or null");
    assert_eq!(api.groups[1].name, "Webhooks");
}

#[test]
fn swagger_2() {
    let text = r##"swagger: "2.0"
info: {title: Old, version: "1"}
host: api.example.com
basePath: /v2
schemes: [https, http]
produces: [application/xml]
paths:
  /pets:
    post:
      consumes: [application/json]
      parameters:
        - {in: body, name: pet, description: The pet., schema: {$ref: '#/definitions/Pet'}}
        - {in: query, name: dry, type: boolean}
      responses: {201: {description: Made., schema: {type: array, items: {$ref: '#/definitions/Pet'}}}}
    put:
      parameters: [{in: formData, name: file, type: file, required: true}]
      responses: {}
definitions:
  Pet: {type: object, properties: {name: {type: string}}}
"##;
    let api = read("openapi", text).unwrap();
    let servers: Vec<&str> = api.servers.iter().map(|s| s.address.as_str()).collect();
    assert_eq!(servers, ["https://api.example.com/v2", "http://api.example.com/v2"]);
    let [post, put] = api.groups[0].operations.as_slice() else { panic!("{api:?}") };
    assert_eq!(rows(&post.parameters), ["dry in query: boolean"]);
    assert_eq!((post.bodies[0].name.as_str(), post.bodies[0].type_name.as_str()), ("application/json", "Pet"));
    assert_eq!(post.answers[0].bodies[0].name, "application/xml");
    assert_eq!(post.answers[0].bodies[0].type_name, "Pet[]");
    assert_eq!(rows(&post.answers[0].bodies[0].rows), ["name: string"]);
    assert_eq!(rows(&put.bodies[0].rows), ["file* in formData: file"]);
    assert_eq!(type_of(&api, "Pet").kind, "object");
}

#[test]
fn what_is_too_much_is_counted() {
    let paths: String = (0..600).map(|n| format!("  /p{n}: {{get: {{responses: {{}}}}}}\n")).collect();
    let types: String = (0..600).map(|n| format!("    T{n}: {{type: string}}\n")).collect();
    let text = format!("openapi: 3.0.0\npaths:\n{paths}components:\n  schemas:\n{types}");
    let api = read("openapi", &text).unwrap();
    assert_eq!((operations(&api).len(), api.operations_left_out), (500, 100));
    assert_eq!((api.types.len(), api.types_left_out), (500, 100));

    let wide: String = (0..300).map(|n| format!("        p{n}: {{type: string}}\n")).collect();
    let deep =
        (0..9).fold("{type: string}".to_owned(), |inner, n| format!("{{type: object, properties: {{p{n}: {inner}}}}}"));
    let text =
        format!("openapi: 3.0.0\ncomponents:\n  schemas:\n    Wide:\n      properties:\n{wide}    Deep: {deep}\n");
    let api = read("openapi", &text).unwrap();
    assert!(type_of(&api, "Wide").is_cut && type_of(&api, "Wide").rows.len() == 200);
    assert!(type_of(&api, "Deep").is_cut && type_of(&api, "Deep").rows.len() == 7);

    // Two hundred rows each, but not five hundred times.
    let paths: String = (0..500).map(|n| format!("  /p{n}: {{post: {{requestBody: {{content: {{a/b: {{schema: {{$ref: '#/components/schemas/Wide'}}}}}}}}}}}}\n")).collect();
    let api = read(
        "openapi",
        &format!("openapi: 3.0.0\npaths:\n{paths}components:\n  schemas:\n    Wide:\n      properties:\n{wide}"),
    )
    .unwrap();
    let bodies = || api.groups[0].operations.iter().flat_map(|operation| &operation.bodies);
    assert_eq!(bodies().map(|body| body.rows.len()).sum::<usize>(), MOST_ROWS_IN_ALL);
    assert!(bodies().all(|body| body.is_cut && body.type_name == "Wide"));
    assert_eq!(type_of(&api, "Wide").rows.len(), 200);
}

#[test]
fn circles_and_crowds_of_references_end() {
    let crowd: String = (0..60)
        .map(|n| {
            format!(
                "    A{n}: {{allOf: [{}]}}\n",
                vec![format!("{{$ref: '#/components/schemas/A{}'}}", n + 1); 9].join(", ")
            )
        })
        .collect();
    let text = format!(
        "openapi: 3.0.0\ncomponents:\n  schemas:\n    X: {{$ref: '#/components/schemas/Y'}}\n    Y: {{$ref: '#/components/schemas/X'}}\n    \
         S: {{properties: {{s: {{$ref: '#/components/schemas/S'}}}}, items: {{$ref: '#'}}}}\n    Lost: {{$ref: '#/components/nowhere'}}\n{crowd}"
    );
    let api = read("openapi", &text).unwrap();
    assert_eq!(rows(&type_of(&api, "S").rows)[0], "s: S");
    assert_eq!(type_of(&api, "Lost").kind, "nowhere");
    assert!(type_of(&api, "A0").is_cut);
}
