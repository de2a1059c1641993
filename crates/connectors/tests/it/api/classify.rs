//! Errors of the network as values: which finding, without a network.

use std::error::Error;
use std::io;

use connectors::api::classify::{Signs, classify, of_handshake, of_tls};
use connectors::api::surroundings::{LookupError, settle};
use connectors::failure::Finding;
use rustls::CertificateError;

#[derive(Debug, thiserror::Error)]
#[error("https://h/?key=secret")]
struct Outer(#[source] Box<dyn Error + Send + Sync>);

#[test]
fn the_chain_of_sources_decides() {
    let connect = Signs {
        connect: true,
        ..Signs::default()
    };
    let timeout = Signs {
        timeout: true,
        ..Signs::default()
    };
    let both = Signs {
        timeout: true,
        ..connect
    };
    let decode = Signs {
        decode: true,
        ..Signs::default()
    };
    let expired = || rustls::Error::InvalidCertificate(CertificateError::Expired);
    let kind =
        |kind: io::ErrorKind| -> Box<dyn Error + Send + Sync> { io::Error::from(kind).into() };
    for (case, source, signs, expected) in [
        (
            "refused",
            kind(io::ErrorKind::ConnectionRefused),
            connect,
            Finding::ConnectionRefused,
        ),
        (
            "no route",
            kind(io::ErrorKind::NetworkUnreachable),
            connect,
            Finding::Unreachable,
        ),
        (
            "no host",
            kind(io::ErrorKind::HostUnreachable),
            connect,
            Finding::Unreachable,
        ),
        (
            "reset",
            kind(io::ErrorKind::ConnectionReset),
            Signs::default(),
            Finding::ConnectionCut,
        ),
        (
            "io timeout connecting",
            kind(io::ErrorKind::TimedOut),
            connect,
            Finding::ConnectTimeout,
        ),
        (
            "timeout connecting",
            "x".into(),
            both,
            Finding::ConnectTimeout,
        ),
        ("timeout", "x".into(), timeout, Finding::AnswerTimeout),
        (
            "name",
            LookupError::NotFound.into(),
            connect,
            Finding::DnsNotFound,
        ),
        (
            "name service",
            LookupError::NoAnswer.into(),
            connect,
            Finding::DnsTimeout,
        ),
        ("tls", expired().into(), connect, Finding::TlsExpired),
        (
            "tls in io",
            io::Error::other(expired()).into(),
            connect,
            Finding::TlsExpired,
        ),
        (
            "broken packing",
            kind(io::ErrorKind::InvalidData),
            decode,
            Finding::NotJson,
        ),
        (
            "unknown connecting",
            "x".into(),
            connect,
            Finding::Unreachable,
        ),
        (
            "unknown",
            "x".into(),
            Signs::default(),
            Finding::ConnectionCut,
        ),
    ] {
        assert_eq!(classify(&Outer(source), signs), expected, "{case}");
    }
}

#[test]
fn certificates() {
    use CertificateError as C;
    for (why, expected) in [
        (C::Expired, Finding::TlsExpired),
        (C::NotValidYet, Finding::TlsExpired),
        (C::NotValidForName, Finding::TlsWrongHost),
        (C::UnknownIssuer, Finding::TlsUntrusted),
        (C::Revoked, Finding::TlsUntrusted),
        (C::BadSignature, Finding::TlsUntrusted),
    ] {
        let error = rustls::Error::InvalidCertificate(why);
        assert_eq!(of_tls(&error), expected, "{error}");
    }
    assert_eq!(
        of_tls(&rustls::Error::HandshakeNotComplete),
        Finding::TlsFailed,
        "no certificate"
    );
    assert_eq!(
        of_handshake(&io::ErrorKind::ConnectionReset.into()),
        Finding::TlsFailed,
        "hanging up in the handshake is a failed handshake"
    );
}

#[test]
fn offline_is_told_from_a_federation_that_is_down() {
    for (finding, to_loopback, way_out, expected) in [
        (Finding::DnsNotFound, false, false, Finding::Offline),
        (Finding::DnsTimeout, false, false, Finding::Offline),
        (Finding::Unreachable, false, false, Finding::Offline),
        (Finding::DnsNotFound, false, true, Finding::DnsNotFound),
        (Finding::Unreachable, false, true, Finding::Unreachable),
        (Finding::Unreachable, true, false, Finding::Unreachable),
        (
            Finding::ConnectionRefused,
            false,
            false,
            Finding::ConnectionRefused,
        ),
        (Finding::AnswerTimeout, false, false, Finding::AnswerTimeout),
    ] {
        let settled = settle(finding, to_loopback, || way_out);
        assert_eq!(settled, expected, "{finding:?}, way out {way_out}");
    }
}
