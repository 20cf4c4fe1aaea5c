//! The customer's address, as far as it can be believed. It must not know what the customer asks
//! for.

use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderValue};
use ipnet::IpNet;

/// Bytes of the longest address as text: an IPv6 address with an IPv4 one in it.
const LONGEST: usize = 45;

/// The customer's address: the peer's own, or, when the peer is a trusted front, the last address
/// in `X-Forwarded-For` that no trusted front added (docs/security.md B8).
pub(crate) fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    if !is_trusted(peer, trusted) {
        return peer;
    }
    let mut client = peer;
    for line in headers.get_all("x-forwarded-for").iter().rev() {
        for entry in line.to_str().unwrap_or_default().rsplit(',') {
            let Some(address) = parse(entry.trim()) else { return client };
            client = address.to_canonical();
            if !is_trusted(client, trusted) {
                return client;
            }
        }
    }
    client
}

/// An address alone, or with a port as Azure's Application Gateway and others write it. An IPv6 address
/// with a port has brackets, or nobody could tell the two apart.
fn parse(entry: &str) -> Option<IpAddr> {
    let in_brackets = || entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    let with_port = || entry.parse::<SocketAddr>().ok().filter(has_no_zone);
    entry.parse().ok().or_else(in_brackets).or_else(|| Some(with_port()?.ip()))
}

/// A zone has a meaning on the front's own machine only (RFC 4007, 11).
fn has_no_zone(address: &SocketAddr) -> bool {
    !matches!(address, SocketAddr::V6(address) if address.scope_id() != 0)
}

/// An address as `X-Forwarded-For` has it.
pub(crate) fn header_value(address: IpAddr) -> Option<HeaderValue> {
    let mut text = [0; LONGEST];
    let mut rest = text.as_mut_slice();
    write!(rest, "{address}").ok()?;
    let length = LONGEST - rest.len();
    HeaderValue::from_bytes(text.get(..length)?).ok()
}

/// Whether an address is that of a trusted front.
pub(crate) fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::b8_a_stranger_is_not_believed("203.0.113.9", &["127.0.0.1"], "203.0.113.9")]
    #[case::a_front_is("10.0.0.1", &["203.0.113.9"], "203.0.113.9")]
    #[case::b8_what_the_client_sent_itself_is_not("10.0.0.1", &["127.0.0.1, 203.0.113.9"], "203.0.113.9")]
    #[case::two_fronts("10.0.0.1", &["203.0.113.9, 10.0.0.2"], "203.0.113.9")]
    #[case::two_lines("10.0.0.1", &["127.0.0.1", "203.0.113.9"], "203.0.113.9")]
    #[case::rubbish_ends_the_chain("10.0.0.1", &["203.0.113.9, nonsense, 10.0.0.2"], "10.0.0.2")]
    #[case::a_port("10.0.0.1", &["203.0.113.9:51234"], "203.0.113.9")]
    #[case::a_port_of_a_front("10.0.0.1", &["203.0.113.9:51234, 10.0.0.2:443"], "203.0.113.9")]
    #[case::ipv6("10.0.0.1", &["2001:db8::1"], "2001:db8::1")]
    #[case::ipv6_in_brackets("10.0.0.1", &["[2001:db8::1]"], "2001:db8::1")]
    #[case::ipv6_and_a_port("10.0.0.1", &["[2001:db8::1]:443"], "2001:db8::1")]
    #[case::mapped_and_a_port("10.0.0.1", &["[::ffff:203.0.113.9]:443"], "203.0.113.9")]
    #[case::b8_a_port_ends_no_chain("10.0.0.1", &["127.0.0.1:1, 203.0.113.9:2"], "203.0.113.9")]
    #[case::no_port("10.0.0.1", &["203.0.113.9:"], "10.0.0.1")]
    #[case::no_number("10.0.0.1", &["203.0.113.9:http"], "10.0.0.1")]
    #[case::too_large_a_port("10.0.0.1", &["203.0.113.9:65536"], "10.0.0.1")]
    #[case::two_ports("10.0.0.1", &["203.0.113.9:1:2"], "10.0.0.1")]
    #[case::ipv4_in_brackets("10.0.0.1", &["[203.0.113.9]"], "10.0.0.1")]
    #[case::half_a_bracket("10.0.0.1", &["[2001:db8::1"], "10.0.0.1")]
    #[case::a_zone("10.0.0.1", &["[fe80::1%2]:443"], "10.0.0.1")]
    #[case::quoted("10.0.0.1", &["\"203.0.113.9:1\""], "10.0.0.1")]
    #[case::a_name("10.0.0.1", &["unknown"], "10.0.0.1")]
    #[case::nothing_said("10.0.0.1", &[], "10.0.0.1")]
    #[case::mapped_addresses_are_plain_ones("::ffff:10.0.0.1", &["203.0.113.9"], "203.0.113.9")]
    fn addresses(#[case] peer: &str, #[case] lines: &[&str], #[case] expected: &str) {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let found = address(peer.parse().unwrap(), &headers, &trusted);
        assert_eq!(found, expected.parse::<IpAddr>().unwrap());
    }
}
