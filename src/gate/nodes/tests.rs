use super::*;

fn three() -> Nodes {
    let names = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
    let nodes = Nodes::new(names.map(|host| ServerName { host: host.to_owned(), port: 8080 }));
    for node in &nodes.0 {
        let address = format!("{}:8080", node.name.host).parse().unwrap();
        node.addresses.store(Arc::new(vec![address]));
    }
    nodes
}

fn customer_is(customer: u64) -> NodePreference<'static> {
    NodePreference { route: None, customer }
}

#[test]
fn customers_are_spread_and_each_stays_where_it_is() {
    let nodes = three();
    let homes: Vec<_> = (0..300).map(|n| nodes.next(customer_is(n), &[]).unwrap().0).collect();
    let again: Vec<_> = (0..300).map(|n| nodes.next(customer_is(n), &[]).unwrap().0).collect();
    assert_eq!(homes, again);
    for node in 0..3 {
        let share = homes.iter().filter(|home| **home == node).count();
        assert!((60..140).contains(&share), "{share} of 300 at node {node}");
    }
}

#[test]
fn only_the_customers_of_a_node_that_goes_down_move() {
    let nodes = three();
    let before: Vec<_> = (0..300).map(|n| nodes.next(customer_is(n), &[]).unwrap().0).collect();
    for _ in 0..2 {
        nodes.record_unreachable("10.0.0.2:8080".parse().unwrap());
    }
    for (customer, home) in (0..).zip(before) {
        let now = nodes.next(customer_is(customer), &[]).unwrap().0;
        assert_ne!(now, 1);
        assert!(home == 1 || now == home, "customer {customer} moved from {home} to {now}");
    }
}

#[test]
fn a_session_is_where_its_id_says_unless_that_node_is_down() {
    let nodes = three();
    nodes.learn_route(2, "node3");
    let preference = NodePreference { route: Some("node3"), customer: 7 };
    assert_eq!(nodes.next(preference, &[]).unwrap().0, 2);
    assert!(nodes.next(NodePreference { route: Some("node9"), ..preference }, &[]).is_some());
    for _ in 0..2 {
        nodes.record_unreachable("10.0.0.3:8080".parse().unwrap());
    }
    assert_ne!(nodes.next(preference, &[]).unwrap().0, 2);
}

#[test]
fn each_address_is_tried_once_the_ones_that_are_down_last() {
    let nodes = three();
    for _ in 0..2 {
        nodes.record_unreachable("10.0.0.1:8080".parse().unwrap());
    }
    let mut tried = Vec::new();
    while let Some((_, address)) = nodes.next(customer_is(1), &tried) {
        tried.push(address);
    }
    assert_eq!(tried.len(), 3);
    assert_eq!(tried[2], "10.0.0.1:8080".parse().unwrap());
}
