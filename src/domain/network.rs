//! Whom an address stands for, and where it is.

use std::net::{IpAddr, Ipv6Addr};

/// What counts as one customer: an IPv4 address, or the /64 that one IPv6 customer has to itself
/// and could take any number of addresses from (RFC 6177).
#[must_use]
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(network))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// Whether an address can be reached from everywhere.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !(v4.is_private() || v4.is_loopback() || v4.is_link_local()),
        IpAddr::V6(v6) => !(v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local()),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("192.0.2.1", "192.0.2.1")]
    #[case("::ffff:192.0.2.1", "192.0.2.1")]
    #[case("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    fn one_customer_is_one_network(#[case] address: &str, #[case] expected: &str) {
        let network = network_of(address.parse().unwrap());
        assert_eq!(network, expected.parse::<IpAddr>().unwrap());
    }
}
