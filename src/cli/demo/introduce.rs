//! What the demo prints: links, users, and what to try. Must not know how anything is started.

use sandbox::provider::demo_users;

use super::sites::{Served, Site};

pub(super) fn all(data_center: &Site, cloud: &Site) {
    let (there, here) = (&cloud.public_url, &data_center.public_url);
    println!("A gate in front of a Cloud site runs at {there}");
    println!("A gate in front of a Data Center runs at {here}\n");
    println!(
        "Open one of these links in a private window on this machine. The certificate was made just"
    );
    println!("now, so the browser warns once; go on.\n");
    println!("Cloud: the gate serves each portal itself (start with this one)\n");
    portals(there, &cloud.gate);
    println!(
        "\nData Center: the gate forwards to Jira, which trusts no header and has no app installed; its own"
    );
    println!("login comes to the gate. One portal the gate serves itself\n");
    portals(here, &data_center.gate);
    println!(
        "\nChoose Example Organisation, and log in as one of these; the password is “demo”.\n"
    );
    for user in demo_users() {
        println!("  {:<6} {}", user.username, user.about);
    }
    println!("  {:<6} works for a partner: choose Partner Company", "pat");
    println!("\nThen try this:\n");
    println!("  {there}/_gate/requests   all requests, over all portals");
    println!("  {here}/              all portals, with a button to log out");
    println!("  {here}/_gate/logout  log out, here and at the provider");
    println!("  {here}/p/hr          again after a minute: this portal wants a recent login\n");
    commands(&data_center.gate);
    println!("\nStop with Ctrl-C.");
}

fn portals(public_url: &str, gate: &Served) {
    let portals = gate.running.assembly().directory().portals();
    for portal in portals.all() {
        let (mode, access) = (portal.mode.as_str(), portal.rules.access.as_str());
        let (link, name) = (portal.link.as_str(), &portal.name);
        println!("  {public_url}/p/{link:<6} {name} (mode {mode}, access {access})");
    }
}

/// As they can be pasted into another terminal.
fn commands(gate: &Served) {
    let program = std::env::current_exe().unwrap_or_else(|_| "jsm-gate".into());
    let (program, file) = (program.display(), gate.file.display());
    let commands = [
        ("sessions list", "who is logged in"),
        ("check", "what works, and what does not"),
        ("check --as ann@example.com --groups customers", "what ann may use"),
        ("links", "all portals with their links"),
        (
            "emergency --for ann@example.com --portals it --reason \"trying it out\"",
            "let ann in without a provider",
        ),
        ("emergency --end", "and end that"),
        ("reload", "after a change of the configuration"),
    ];
    println!("In another terminal:\n");
    for (command, what) in commands {
        println!("  # {what}\n  {program} {command} --config {file}");
    }
    if let Some(address) = gate.running.operations_address() {
        println!(
            "  # how the gate is\n  curl http://{address}/readyz\n  curl http://{address}/metrics"
        );
    }
}
