//! AsyncAPI.

use super::*;

pub(super) const LIGHTS: &str = r##"asyncapi: '2.6.0'
info: {title: Lights, version: 1.0.0, description: Street lights.}
servers:
  main: {url: 'broker.example.com:{port}', protocol: mqtt, description: Test.}
channels:
  light/{id}/measured:
    description: What a lamp sees.
    parameters:
      id: {description: The lamp., schema: {type: integer}}
    publish:
      summary: Tell
      tags: [{name: lamps}]
      message: {$ref: '#/components/messages/Measured'}
    subscribe:
      message:
        oneOf:
          - {name: on, payload: {type: object, properties: {at: {type: string, format: date-time}}}}
          - {title: Off}
components:
  messages:
    Measured:
      summary: A measure.
      payload: {$ref: '#/components/schemas/Measure'}
  schemas:
    Measure: {type: object, required: [lumens], properties: {lumens: {type: integer}}}
"##;

#[test]
fn version_2() {
    let api = read("asyncapi", LIGHTS).unwrap();
    assert_eq!(api.servers[0].address, "mqtt://broker.example.com:{port}");
    assert_eq!(operations(&api), ["PUBLISH light/{id}/measured", "SUBSCRIBE light/{id}/measured"]);
    let publish = find(&api, "light/{id}/measured");
    assert_eq!((publish.summary.as_str(), publish.description.as_str()), ("Tell", "What a lamp sees."));
    assert_eq!(rows(&publish.parameters), ["id* in channel: integer # The lamp."]);
    let body = &publish.bodies[0];
    assert_eq!(
        (body.name.as_str(), body.type_name.as_str(), body.description.as_str()),
        ("Measured", "Measure", "A measure.")
    );
    assert_eq!(rows(&body.rows), ["lumens*: integer"]);
    let names: Vec<&str> = api.groups[1].operations[0].bodies.iter().map(|b| b.name.as_str()).collect();
    assert_eq!(names, ["on", "Off"]);
}

#[test]
fn version_3() {
    let text = r##"asyncapi: 3.0.0
info: {title: Users, version: '3'}
servers: {prod: {host: kafka.example.com, pathname: /x, protocol: kafka}}
channels:
  signedUp:
    address: user.signedup
    messages:
      SignedUp: {payload: {schemaFormat: 'application/vnd.apache.avro', schema: {type: object, properties: {name: {type: string}}}}}
      Left: {contentType: application/json}
operations:
  tell: {action: send, channel: {$ref: '#/channels/signedUp'}, messages: [{$ref: '#/channels/signedUp/messages/SignedUp'}]}
  hear: {action: receive, summary: Listen, channel: {$ref: '#/channels/signedUp'}}
"##;
    let api = read("asyncapi", text).unwrap();
    assert_eq!(api.servers[0].address, "kafka://kafka.example.com/x");
    assert_eq!(operations(&api), ["SEND user.signedup", "RECEIVE user.signedup"]);
    let [tell, hear] = api.groups[0].operations.as_slice() else { panic!("{api:?}") };
    assert_eq!(tell.bodies[0].name, "SignedUp");
    assert_eq!(rows(&tell.bodies[0].rows), ["name: string"]);
    assert_eq!(hear.bodies.len(), 2);
    assert_eq!(hear.summary, "Listen");
}
