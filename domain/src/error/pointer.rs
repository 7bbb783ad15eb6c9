//! JSON pointers (RFC 6901): the place of a value inside a document.

/// The pointer to a value inside objects, `/resources/nvidia.com~1gpu` for `resources` and `nvidia.com/gpu`.
pub fn pointer<'a>(keys: impl IntoIterator<Item = &'a str>) -> String {
    keys.into_iter().map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1"))).collect()
}

/// The keys on the way, from the outermost on; none for the whole document.
pub fn pointer_keys(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn special_characters_are_escaped() {
        assert_eq!(pointer(["resources", "nvidia.com/gpu"]), "/resources/nvidia.com~1gpu");
        assert_eq!(pointer(["a~1"]), "/a~01");
        assert_eq!(pointer([]), "");
        assert_eq!(pointer_keys("").count(), 0);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(keys in proptest::collection::vec("[a-z~/01]{0,6}", 0..5)) {
            let written = pointer(keys.iter().map(String::as_str));
            prop_assert_eq!(pointer_keys(&written).collect::<Vec<_>>(), keys);
        }
    }
}
