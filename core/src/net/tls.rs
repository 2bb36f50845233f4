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

/// Says why a handshake with `host` failed, where TLS is the reason.
pub(crate) fn failure(error: &(dyn std::error::Error + 'static), host: &str) -> Option<Error> {
    let reason = reason(error)?;
    Some(
        Error::new(ErrorKind::Tls, format!("the TLS handshake with {host} failed ({reason})"))
            .hint("a proxy may be replacing certificates: install its certificate authority on this machine"),
    )
}

/// An I/O error holds what it wraps, at times another I/O error, but hides it from `source`.
fn reason<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let wrapped = || reason(error.downcast_ref::<std::io::Error>()?.get_ref()?);
    error.downcast_ref().or_else(wrapped)
}

/// Says why a TLS handshake with `host` ended.
pub(crate) fn refused(error: &std::io::Error, host: &str) -> Error {
    failure(error, host).unwrap_or_else(|| {
        Error::new(ErrorKind::Network, format!("{host} broke off the TLS handshake ({})", error.kind()))
    })
}
