//! A private CA, and the certificate that a proxy shows.

use std::io;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, KeyUsagePurpose, date_time_ymd};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// The certificate that the proxy shows, always signed by its own CA.
#[derive(Debug, Clone, Copy, PartialEq, clap::ValueEnum)]
pub enum Tls {
    /// For `localhost` and 127.0.0.1.
    Good,
    /// For another host.
    WrongHost,
    /// For the right host, until 2001.
    Expired,
}

/// Takes the connections of clients that trust this CA.
#[derive(Clone)]
pub(crate) struct Authority {
    pub(crate) ca_pem: String,
    pub(crate) acceptor: TlsAcceptor,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Authority {
    pub(crate) fn new(tls: Tls) -> io::Result<Self> {
        let (ca_pem, config) = certify(tls).map_err(io::Error::other)?;
        Ok(Self { ca_pem, acceptor: TlsAcceptor::from(Arc::new(config)) })
    }
}

fn certify(tls: Tls) -> Result<(String, ServerConfig), Box<dyn std::error::Error + Send + Sync>> {
    let mut ca = CertificateParams::new(Vec::new())?;
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate()?)?;

    let hosts: &[&str] = if tls == Tls::WrongHost { &["elsewhere.test"] } else { &["localhost", "127.0.0.1"] };
    let mut shown = CertificateParams::new(hosts.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    shown.use_authority_key_identifier_extension = true;
    if tls == Tls::Expired {
        (shown.not_before, shown.not_after) = (date_time_ymd(2000, 1, 1), date_time_ymd(2001, 1, 1));
    }
    let key = KeyPair::generate()?;
    let shown = shown.signed_by(&key, &ca)?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![shown.der().clone()], key)?;
    Ok((ca.pem(), config))
}
