//! One operation, described by the types that its handler takes and answers.

use utoipa::{
    IntoParams, ToSchema,
    openapi::{
        AllOfBuilder, ArrayBuilder, Content, HttpMethod, ObjectBuilder, Ref, RefOr, Required, ResponseBuilder, Schema,
        path::{Operation as Described, OperationBuilder, ParameterBuilder, ParameterIn},
        request_body::RequestBodyBuilder,
        schema::{KnownFormat, SchemaFormat, SchemaType, Type},
    },
};

/// The name of the answer and the schema of everything that goes wrong.
pub(super) const PROBLEM: &str = "Problem";
const JSON: &str = "application/json";

/// Schemas by their names.
pub(super) type Schemas = Vec<(String, RefOr<Schema>)>;

pub(super) struct Operation {
    path: &'static str,
    method: HttpMethod,
    described: OperationBuilder,
    schemas: Schemas,
}

impl Operation {
    /// `says` is one line; what more there is to know stands in the types.
    pub(super) fn get(path: &'static str, says: &'static str) -> Self {
        Self::new(path, HttpMethod::Get, says).fails(&[401, 404])
    }

    pub(super) fn post(path: &'static str, says: &'static str) -> Self {
        Self::new(path, HttpMethod::Post, says).mutates()
    }

    pub(super) fn delete(path: &'static str, says: &'static str) -> Self {
        Self::new(path, HttpMethod::Delete, says).mutates()
    }

    fn new(path: &'static str, method: HttpMethod, says: &'static str) -> Self {
        let described = OperationBuilder::new().summary(Some(says)).tag(tag(path));
        let described = parameters(path).fold(described, |described, name| {
            let format = (name == "id").then_some(SchemaFormat::KnownFormat(KnownFormat::Uuid));
            let schema = ObjectBuilder::new().schema_type(SchemaType::from(Type::String)).format(format);
            described.parameter(
                ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Path)
                    .required(Required::True)
                    .schema(Some(schema)),
            )
        });
        Self { path, method, described, schemas: Schemas::new() }
    }

    fn mutates(self) -> Self {
        let key = "Kept for 24 hours per person and route: the same key with the same body is answered the same, another \
                   body is 409 `key_reused`, and while the first is under way it is 409 `in_progress`.";
        let schema =
            ObjectBuilder::new().schema_type(SchemaType::from(Type::String)).min_length(Some(1)).max_length(Some(200));
        let parameter = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(key))
            .schema(Some(schema));
        Self { described: self.described.parameter(parameter), ..self }.fails(&[401, 403, 404, 409, 422])
    }

    fn fails(self, statuses: &[u16]) -> Self {
        let described = statuses.iter().fold(self.described, |described, status| {
            described.response(status.to_string(), RefOr::Ref(Ref::from_response_name(PROBLEM)))
        });
        Self { described, ..self }
    }

    /// The query string.
    pub(super) fn query<P: IntoParams>(self) -> Self {
        let parameters = P::into_params(|| Some(ParameterIn::Query));
        let described = parameters.into_iter().fold(self.described, OperationBuilder::parameter);
        Self { described, ..self }.fails(&[422])
    }

    /// The body.
    pub(super) fn takes<T: ToSchema>(mut self) -> Self {
        let content = Content::new(Some(self.refer::<T>()));
        let body = RequestBodyBuilder::new().content(JSON, content).required(Some(Required::True));
        self.described = self.described.request_body(Some(body.build()));
        self
    }

    /// What is answered when all goes well.
    pub(super) fn answers<T: ToSchema>(mut self, status: u16) -> Self {
        let schema = self.refer::<T>();
        self.content(status, JSON, schema)
    }

    /// A page of a list.
    pub(super) fn lists<T: ToSchema>(mut self) -> Self {
        let page = self.page::<T>();
        self.content(200, JSON, page)
    }

    /// A page of a list, with what stands beside every list of its kind.
    pub(super) fn lists_with<T: ToSchema, Beside: ToSchema>(mut self) -> Self {
        let both = AllOfBuilder::new().item(self.refer::<Beside>()).item(self.page::<T>());
        self.content(200, JSON, Schema::AllOf(both.build()).into())
    }

    /// A stream of events.
    pub(super) fn streams(self) -> Self {
        let line = ObjectBuilder::new().schema_type(SchemaType::from(Type::String));
        self.content(200, "text/event-stream", Schema::Object(line.build()).into())
    }

    pub(super) fn answers_nothing(mut self) -> Self {
        self.described = self.described.response("204", ResponseBuilder::new().description("It is done."));
        self
    }

    pub(super) fn finish(self) -> (&'static str, HttpMethod, Described, Schemas) {
        (self.path, self.method, self.described.build(), self.schemas)
    }

    fn content(mut self, status: u16, kind: &str, schema: RefOr<Schema>) -> Self {
        let words = match status {
            201 => "It is made.",
            202 => "It is accepted, and a worker follows.",
            _ => "All is well.",
        };
        let response = ResponseBuilder::new().description(words).content(kind, Content::new(Some(schema)));
        self.described = self.described.response(status.to_string(), response);
        self
    }

    fn page<T: ToSchema>(&mut self) -> RefOr<Schema> {
        let cursor = ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]));
        let page = ObjectBuilder::new()
            .property("items", ArrayBuilder::new().items(self.refer::<T>()))
            .property("next_cursor", cursor)
            .required("items")
            .required("next_cursor");
        Schema::Object(page.build()).into()
    }

    /// The type by its name; it and everything below it are described once for all operations.
    fn refer<T: ToSchema>(&mut self) -> RefOr<Schema> {
        self.schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut self.schemas);
        RefOr::Ref(Ref::from_schema_name(T::name()))
    }
}

/// The feature, which is the first word of the address.
fn tag(path: &'static str) -> &'static str {
    path.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default()
}

/// The names between braces.
fn parameters(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}
