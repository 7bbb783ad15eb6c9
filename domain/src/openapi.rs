//! Types of ours that are texts in documents, as the API's own description says them.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use crate::{catalog::EntityRef, scaffold::tree::CommitId};

macro_rules! texts {
    ($($of:ty),*) => {
        $(
            impl PartialSchema for $of {
                fn schema() -> RefOr<Schema> {
                    String::schema()
                }
            }

            impl ToSchema for $of {}
        )*
    };
}

texts!(EntityRef, CommitId);
