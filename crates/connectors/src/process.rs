//! What a process that holds keys does for itself at its start.

/// No core dumps: a crash must not write keys to disk (soft and hard limit 0).
#[cfg(unix)]
pub fn disable_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if setrlimit(Resource::Core, none).is_err() {
        tracing::warn!("core dumps could not be switched off");
    }
}

/// Nothing to do: this system writes no core dumps by default.
#[cfg(not(unix))]
pub fn disable_core_dumps() {}
