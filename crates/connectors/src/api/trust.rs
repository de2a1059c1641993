//! Whom we believe: the system's certificates and a file of the connector's own. There is no
//! switch to believe anybody, and none to skip the name.

use std::io::Read as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::clock::{Stopwatch, UtcMillis};
use crate::failure::Finding;

/// Largest certificate file in bytes; the whole list of a system is a fifth of it.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// How long what was read of the system's certificates is used, so that one that is installed while
/// the app runs is believed soon enough.
const SYSTEM_KEPT: Duration = Duration::from_secs(600);

/// What was read of the system's certificates, and when. Reading a hundred and more of them takes
/// longer than a request to this computer.
static SYSTEM: Mutex<Option<(Stopwatch, Arc<ClientConfig>)>> = Mutex::new(None);

/// The TLS settings of a connector. Reads files: call it where blocking is allowed.
///
/// # Errors
/// [`Finding::SettingUnusable`] where the file cannot be read or holds no certificate.
pub fn load(ca_file: Option<&str>) -> Result<Arc<ClientConfig>, Finding> {
    let of_its_own = ca_file.filter(|file| !file.is_empty());
    if of_its_own.is_some() {
        return read(of_its_own);
    }
    let mut kept = SYSTEM.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((since, config)) = &*kept
        && since.elapsed() < SYSTEM_KEPT
    {
        return Ok(Arc::clone(config));
    }
    let config = read(None)?;
    *kept = Some((Stopwatch::start(), Arc::clone(&config)));
    Ok(config)
}

fn read(ca_file: Option<&str>) -> Result<Arc<ClientConfig>, Finding> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let own = match ca_file {
        Some(file) => read_certificates(Path::new(file))?,
        None => Vec::new(),
    };
    let has_own = !own.is_empty();
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|_| Finding::Internal)?;
    let mut config = match Verifier::new_with_extra_roots(own, provider) {
        Ok(verifier) => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth(),
        Err(_) if has_own => return Err(Finding::SettingUnusable),
        // A computer without any list of certificates trusts nobody; what is on the computer
        // itself can still be reached, so this is no reason to stop here.
        Err(_) => builder
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// The last moment at which a certificate holds.
pub fn valid_until(certificate: &CertificateDer<'_>) -> Option<UtcMillis> {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate).ok()?;
    Some(UtcMillis(
        parsed.validity().not_after.timestamp().saturating_mul(1000),
    ))
}

fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Finding> {
    let file = std::fs::File::open(path).map_err(|_| Finding::SettingUnusable)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|_| Finding::SettingUnusable)?;
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&bytes)
        .collect::<Result<_, _>>()
        .map_err(|_| Finding::SettingUnusable)?;
    if certificates.is_empty() {
        return Err(Finding::SettingUnusable);
    }
    Ok(certificates)
}
