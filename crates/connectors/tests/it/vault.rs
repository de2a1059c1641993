//! Tests of `vault`. The names carry the number of the security bar that they hold.

mod cipher;
mod keychain;
#[cfg(target_os = "linux")]
mod keychain_states;
mod passphrase;
mod sidecar;
mod unlock;
mod vectors;
mod wycheproof;

use std::sync::Arc;

use connectors::clock::UtcMillis;
use connectors::random::SystemRandom;
use connectors::vault::{KeychainCaller, NewSlot, Place, Sidecar, Vault, make_vault};
use testkit::memory_keychain::MemoryKeychain;
use uuid::Uuid;

const NOW: UtcMillis = UtcMillis(1_790_000_000_000);

/// A vault whose master key is in a keychain in memory.
struct Fixture {
    memory: Arc<MemoryKeychain>,
    keychain: KeychainCaller,
    sidecar: Sidecar,
    vault: Vault,
}

fn fixture() -> Fixture {
    let memory = Arc::new(MemoryKeychain::new());
    let keychain = KeychainCaller::new(memory.clone());
    let (sidecar, vault) =
        make_vault(NewSlot::Keychain, &keychain, &SystemRandom, NOW).expect("a new vault");
    Fixture {
        memory,
        keychain,
        sidecar,
        vault,
    }
}

fn place(vault: &Vault) -> Place<'static> {
    Place {
        database_id: vault.database_id(),
        table: "credential",
        column: "sealed",
        connector_id: Uuid::from_u128(7),
        field: "api_key",
    }
}

/// `short` rounds in `make test`, `full` ones with `FC_ROUNDS=full`.
fn rounds(short: usize, full: usize) -> usize {
    match std::env::var("FC_ROUNDS") {
        Ok(word) if word == "full" => full,
        _ => short,
    }
}
