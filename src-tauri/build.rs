//! Declares the commands to Tauri: a command that is not declared would be open to every window.

mod command_names;

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(command_names::COMMAND_NAMES);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error=the desktop package cannot be prepared: {error:#}");
    }
}
