//! TLS: the roots of the system and those bundled with the library. Verification can't be switched off.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::{Error, ErrorKind, Result, config};

/// The configuration that everything on a route connects with: the roots of the system, those bundled here, and those in
/// `ca_file` where it is not empty.
pub(crate) fn client_config(ca_file: &str) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    // A machine without a store of its own, or with a broken entry in it, still has the bundled roots.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for authority in authorities(ca_file)? {
        roots.add(authority).map_err(|error| unusable(&error.to_string()))?;
    }
    // The provider is named here: one that is installed process-wide would be the host application's business.
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(ErrorKind::Tls, format!("TLS can't be set up ({error})")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// The certificates in a file.
///
/// # Errors
/// `config` where it can't be read, or holds none.
pub(crate) fn authorities(ca_file: &str) -> Result<Vec<CertificateDer<'static>>> {
    if ca_file.is_empty() {
        return Ok(Vec::new());
    }
    let read = CertificateDer::pem_file_iter(ca_file).and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>);
    let found = read.map_err(|error| unusable(&error.to_string()))?;
    if found.is_empty() { Err(unusable("it holds no certificate")) } else { Ok(found) }
}

fn unusable(why: &str) -> Error {
    config(format!("ca_file can't be used ({why})")).hint("give the path of a PEM file with certificate authorities")
}

/// Says why a handshake with `host` failed, where TLS is the reason.
pub(crate) fn failure(error: &(dyn std::error::Error + 'static), host: &str) -> Option<Error> {
    let reason = reason(error)?;
    Some(
        Error::new(ErrorKind::Tls, format!("the TLS handshake with {host} failed ({reason})"))
            .hint("a proxy may be replacing certificates: name its certificate authority in ca_file"),
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
