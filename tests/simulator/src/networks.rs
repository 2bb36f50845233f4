//! Addresses and networks as DingTalk's consoles take them: one IPv4 address, or a CIDR of them.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

pub(crate) fn parse(list: &[String]) -> Result<Vec<Ipv4Net>, String> {
    let one = |text: &String| {
        let network = text.parse().or_else(|_| text.parse::<Ipv4Addr>().map(Ipv4Net::from));
        network.map_err(|_| format!("{text} is neither an IPv4 address nor a network of them"))
    };
    list.iter().map(one).collect()
}

pub(crate) fn hold(networks: &[Ipv4Net], address: Ipv4Addr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}
