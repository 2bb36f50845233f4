//! TLS, as a client sees it that trusts the proxy's CA and nobody else.

use std::sync::Arc;

use dingstream_faultproxy::{On, Tls, What};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, Error, RootCertStore};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::harness::{World, expect, expect_reset, soon};

fn connector(world: &World) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    let ca = world.proxy.ca_pem().expect("a CA");
    roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).expect("a certificate")).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    TlsConnector::from(Arc::new(config.expect("versions").with_root_certificates(roots).with_no_client_auth()))
}

async fn connect(world: &World, name: &'static str) -> Result<TlsStream<TcpStream>, CertificateError> {
    let port = world.proxy.url().replace("https://localhost:", "");
    let stream = TcpStream::connect(format!("127.0.0.1:{port}")).await.expect("the proxy listens");
    let name = ServerName::try_from(name).expect("a name");
    soon(connector(world).connect(name, stream)).await.map_err(|error| {
        match error.get_ref().and_then(|error| error.downcast_ref()) {
            Some(Error::InvalidCertificate(why)) => why.clone(),
            _ => panic!("a certificate that is refused, not {error:?}"),
        }
    })
}

#[tokio::test]
async fn a_good_certificate_is_for_localhost_and_its_address() {
    let world = World::with(Some(Tls::Good)).await;
    for name in ["localhost", "127.0.0.1"] {
        let mut client = connect(&world, name).await.expect("a good certificate");
        let mut server = world.accept().await;
        client.write_all(b"hidden").await.expect("sent");
        expect(&mut server, b"hidden").await;
    }
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let world = World::with(Some(Tls::WrongHost)).await;
    let why = connect(&world, "localhost").await.expect_err("another host");
    assert!(matches!(why, CertificateError::NotValidForNameContext { .. }), "{why:?}");
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let world = World::with(Some(Tls::Expired)).await;
    let why = connect(&world, "localhost").await.expect_err("expired");
    assert!(matches!(why, CertificateError::ExpiredContext { .. }), "{why:?}");
}

#[tokio::test]
async fn a_tls_connection_can_be_reset() {
    let world = World::with(Some(Tls::Good)).await;
    let mut client = connect(&world, "localhost").await.expect("a good certificate");
    world.proxy.strike(What::Reset.on(On::Connection(1))).expect("struck");
    expect_reset(client.get_mut().0).await;
}
