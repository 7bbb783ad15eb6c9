//! The cluster's own authority, the certificate under which its servers answer, and the key that signs service accounts.
//! All are made anew at each start, so that none of them ever ends.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};

use super::FOLDER;
use crate::failure::{Result, While};
use crate::stack::state::Folder;

/// Names and addresses of the servers; the last one is the API server's inside the cluster's own network.
const NAMES: [&str; 4] = ["127.0.0.1", "localhost", "kubernetes.default.svc", "10.0.0.1"];

/// Writes everything into the cluster's folder and answers the authority's certificate as PEM.
pub(super) fn write(folder: &Folder) -> Result<String> {
    let made = make().world("make the cluster's certificates")?;
    for (name, content) in &made {
        folder.write(&format!("{FOLDER}/{name}"), content.as_bytes())?;
    }
    let [(_, authority), ..] = made;
    Ok(authority)
}

fn make() -> Result<[(&'static str, String); 5], rcgen::Error> {
    let authority_key = KeyPair::generate()?;
    let mut authority = named("waymark local cluster", &[])?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_certificate = authority.self_signed(&authority_key)?;

    let server_key = KeyPair::generate()?;
    let mut server = named("waymark local servers", &NAMES)?;
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let server_certificate = server.signed_by(&server_key, &Issuer::new(authority, authority_key))?;

    let accounts_key = KeyPair::generate()?;
    Ok([
        ("ca.crt", authority_certificate.pem()),
        ("server.crt", server_certificate.pem()),
        ("server.key", server_key.serialize_pem()),
        ("accounts.key", accounts_key.serialize_pem()),
        ("accounts.pub", accounts_key.public_key_pem()),
    ])
}

fn named(name: &str, addresses: &[&str]) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(addresses.iter().map(|&address| address.to_owned()).collect::<Vec<_>>())?;
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_what_the_servers_read() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path()).unwrap();
        std::fs::create_dir(parent.path().join(FOLDER)).unwrap();
        let authority = write(&folder).unwrap();
        let begins = |name: &str, head: &str| {
            let text = std::fs::read_to_string(parent.path().join(FOLDER).join(name)).unwrap();
            assert!(text.starts_with(head), "{name}: {text}");
            text
        };
        assert_eq!(begins("ca.crt", "-----BEGIN CERTIFICATE-----"), authority);
        assert_ne!(begins("server.crt", "-----BEGIN CERTIFICATE-----"), authority);
        begins("server.key", "-----BEGIN PRIVATE KEY-----");
        begins("accounts.key", "-----BEGIN PRIVATE KEY-----");
        begins("accounts.pub", "-----BEGIN PUBLIC KEY-----");
    }
}
