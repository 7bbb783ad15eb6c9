//! The kinds that the format defines: what their `spec` has to hold, and which of its fields point at other entities.

/// A relation and the same from the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelationType {
    pub name: &'static str,
    pub reverse: &'static str,
}

/// A field of `spec` that names other entities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) field: &'static str,
    pub(super) is_list: bool,
    /// What a reference without a kind means; `None` where the kind has to be written.
    pub(super) kind: Option<&'static str>,
    pub(super) relation: RelationType,
    /// The entity that holds the field is at the other end of the relation.
    pub(super) is_reversed: bool,
}

/// What a field of `spec` holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Texts,
    Maps,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) is_required: bool,
}

#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) api_versions: &'static [&'static str],
    pub(super) fields: &'static [Field],
    pub(super) references: &'static [Reference],
}

const OWNED_BY: RelationType = RelationType { name: "ownedBy", reverse: "ownerOf" };
const PART_OF: RelationType = RelationType { name: "partOf", reverse: "hasPart" };
const PROVIDES: RelationType = RelationType { name: "providesApi", reverse: "apiProvidedBy" };
const CONSUMES: RelationType = RelationType { name: "consumesApi", reverse: "apiConsumedBy" };
const DEPENDS_ON: RelationType = RelationType { name: "dependsOn", reverse: "dependencyOf" };
const CHILD_OF: RelationType = RelationType { name: "childOf", reverse: "parentOf" };
const MEMBER_OF: RelationType = RelationType { name: "memberOf", reverse: "hasMember" };

const RELATIONS: [RelationType; 7] = [OWNED_BY, PART_OF, PROVIDES, CONSUMES, DEPENDS_ON, CHILD_OF, MEMBER_OF];

const CORE: &[&str] = &["backstage.io/v1alpha1", "backstage.io/v1beta1"];
const SCAFFOLDER: &[&str] = &["scaffolder.backstage.io/v1beta3"];

const fn one(field: &'static str, kind: &'static str, relation: RelationType) -> Reference {
    Reference { field, is_list: false, kind: Some(kind), relation, is_reversed: false }
}

const fn many(field: &'static str, kind: Option<&'static str>, relation: RelationType) -> Reference {
    Reference { field, is_list: true, kind, relation, is_reversed: false }
}

const fn reversed(reference: Reference) -> Reference {
    Reference { is_reversed: true, ..reference }
}

const fn must(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, is_required: true }
}

const fn may(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, is_required: false }
}

const OWNER: Reference = one("owner", "group", OWNED_BY);
const SYSTEM: Reference = one("system", "system", PART_OF);
const NEEDS: Reference = many("dependsOn", None, DEPENDS_ON);
const NEEDED_BY: Reference = reversed(many("dependencyOf", None, DEPENDS_ON));
const TYPE: Field = must("type", Shape::Text);
const LIFECYCLE: Field = must("lifecycle", Shape::Text);
const OWNED: Field = must("owner", Shape::Text);

static KINDS: [Kind; 9] = [
    Kind {
        name: "Component",
        api_versions: CORE,
        fields: &[TYPE, LIFECYCLE, OWNED],
        references: &[
            OWNER,
            SYSTEM,
            one("subcomponentOf", "component", PART_OF),
            many("providesApis", Some("api"), PROVIDES),
            // What old files call the same.
            many("implementsApis", Some("api"), PROVIDES),
            many("consumesApis", Some("api"), CONSUMES),
            NEEDS,
            NEEDED_BY,
        ],
    },
    Kind {
        name: "API",
        api_versions: CORE,
        fields: &[TYPE, LIFECYCLE, OWNED, may("definition", Shape::Text), may("remotes", Shape::Maps)],
        references: &[OWNER, SYSTEM],
    },
    Kind {
        name: "Resource",
        api_versions: CORE,
        fields: &[TYPE, OWNED],
        references: &[OWNER, SYSTEM, NEEDS, NEEDED_BY],
    },
    Kind {
        name: "System",
        api_versions: CORE,
        fields: &[OWNED, may("type", Shape::Text)],
        references: &[OWNER, one("domain", "domain", PART_OF)],
    },
    Kind {
        name: "Domain",
        api_versions: CORE,
        fields: &[OWNED, may("type", Shape::Text)],
        references: &[OWNER, one("subdomainOf", "domain", PART_OF)],
    },
    Kind {
        name: "Group",
        api_versions: CORE,
        fields: &[TYPE, must("children", Shape::Texts)],
        references: &[
            one("parent", "group", CHILD_OF),
            reversed(many("children", Some("group"), CHILD_OF)),
            reversed(many("members", Some("user"), MEMBER_OF)),
        ],
    },
    Kind {
        name: "User",
        api_versions: CORE,
        fields: &[must("memberOf", Shape::Texts)],
        references: &[many("memberOf", Some("group"), MEMBER_OF)],
    },
    Kind {
        name: "Location",
        api_versions: CORE,
        fields: &[
            may("type", Shape::Text),
            may("target", Shape::Text),
            may("targets", Shape::Texts),
            may("presence", Shape::Text),
        ],
        references: &[],
    },
    Kind {
        name: "Template",
        api_versions: SCAFFOLDER,
        fields: &[TYPE, must("steps", Shape::Maps)],
        references: &[OWNER],
    },
];

/// The kind of that name, in any case.
pub(super) fn kind_of(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name.eq_ignore_ascii_case(name))
}

/// What points at others in an entity of that kind. Of a kind that the format does not define it is known only who owns
/// it and what it is part of, where these say so in the usual words.
pub(super) fn references_of(kind: &str) -> &'static [Reference] {
    const OPAQUE: &[Reference] = &[OWNER, SYSTEM];
    kind_of(kind).map_or(OPAQUE, |kind| kind.references)
}

/// The relation that is told from its other side under that name.
pub(in crate::catalog) fn forward(reverse: &str) -> Option<&'static str> {
    RELATIONS.iter().find(|relation| relation.reverse == reverse).map(|relation| relation.name)
}

/// The name that a relation has from its other side; its own where it is none of the format's.
pub fn reverse(relation: &str) -> &str {
    RELATIONS.iter().find(|known| known.name == relation).map_or(relation, |known| known.reverse)
}

/// Whether something of that kind has an owner, or should. Groups and people belong to nobody.
pub fn may_have_owner(kind: &str) -> bool {
    references_of(kind).contains(&OWNER)
}

/// Whether the format refuses something of that kind without an owner.
pub fn must_have_owner(kind: &str) -> bool {
    kind_of(kind).is_some_and(|kind| kind.fields.iter().any(|field| field.name == "owner" && field.is_required))
}

#[cfg(test)]
mod tests {
    use super::{may_have_owner, must_have_owner};

    #[test]
    fn groups_and_people_belong_to_nobody() {
        let kinds =
            ["component", "api", "resource", "system", "domain", "template", "group", "user", "location", "robot"];
        let owned = kinds.map(may_have_owner);
        assert_eq!(owned, [true, true, true, true, true, true, false, false, false, true]);
        let asked = kinds.map(must_have_owner);
        assert_eq!(asked, [true, true, true, true, true, false, false, false, false, false]);
    }
}
