//! TLS: the roots of the system and those bundled with the library. Verification can't be switched off.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

use crate::error::{Error, ErrorKind, Result};

/// The configuration that everything here connects with. Reading the system's roots takes a moment, so a process does it
/// once.
pub(crate) fn client_config() -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    // A machine without a store of its own, or with a broken entry in it, still has the bundled roots.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    // The provider is named here: one that is installed process-wide would be the host application's business.
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(ErrorKind::Tls, format!("TLS can't be set up ({error})")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Says why a TLS handshake with `host` failed.
pub(crate) fn refused(error: &std::io::Error, host: &str) -> Error {
    let is_tls = error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
    if !is_tls {
        return Error::new(ErrorKind::Network, format!("{host} broke off the TLS handshake ({})", error.kind()));
    }
    Error::new(ErrorKind::Tls, format!("the TLS handshake with {host} failed ({error})"))
        .hint("a proxy may be replacing certificates: install its certificate authority on this machine")
}
