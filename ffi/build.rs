//! Gives the shared library its name, and keeps it mapped once it is loaded.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libdingstream.so.1");
        // Threads of the library live as long as the process: `dlclose` must not take the code away under them.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
