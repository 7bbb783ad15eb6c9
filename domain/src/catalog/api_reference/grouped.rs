//! Operations in their groups, and what is too much to be read by anybody.

use super::{MOST_OPERATIONS, MOST_TYPES, Operation, OperationGroup, TypeReference};

/// Collects operations by group, in the order of the first of each.
pub(super) struct Groups {
    groups: Vec<OperationGroup>,
    count: usize,
    pub(super) left_out: usize,
}

/// The first types, and how many others there are.
pub(super) fn first<T>(
    mut all: impl Iterator<Item = T>,
    read: impl FnMut(T) -> TypeReference,
) -> (Vec<TypeReference>, usize) {
    let types = all.by_ref().take(MOST_TYPES).map(read).collect();
    (types, all.count())
}

impl Groups {
    /// With the groups that are described on their own, in that order.
    pub(super) fn new(named: impl IntoIterator<Item = (String, String)>) -> Self {
        let group = |(name, description)| OperationGroup { name, description, operations: Vec::new() };
        Self { groups: named.into_iter().take(MOST_OPERATIONS).map(group).collect(), count: 0, left_out: 0 }
    }

    /// Whether another one is shown. Else it is counted.
    pub(super) fn has_room(&mut self) -> bool {
        let has_room = self.count < MOST_OPERATIONS;
        self.count += usize::from(has_room);
        self.left_out += usize::from(!has_room);
        has_room
    }

    pub(super) fn add(&mut self, name: &str, operation: Operation) {
        match self.groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.operations.push(operation),
            None => self.groups.push(OperationGroup {
                name: name.to_owned(),
                description: String::new(),
                operations: vec![operation],
            }),
        }
    }

    /// Groups that hold something.
    pub(super) fn finish(self) -> Vec<OperationGroup> {
        self.groups.into_iter().filter(|group| !group.operations.is_empty()).collect()
    }
}
