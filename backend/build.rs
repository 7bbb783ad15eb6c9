//! The migrations are compiled in; cargo does not see that folder by itself.

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
}
