//! The gate through its door: real requests in, and what the customer and the upstream see. The
//! gate runs in this process between a stand-in provider and a stand-in JSM.

#![cfg(test)]

mod another_account;
mod answers;
mod assertion;
mod audit;
mod both_versions;
mod branding;
mod commands;
mod context_path;
mod control;
mod customers;
mod deep_links;
mod demo;
mod emergency;
mod exhaustion;
mod expired_token;
mod forwarding;
mod framing;
mod hosted;
mod hosted_acts;
mod hosted_attacks;
mod hosted_audit;
mod hosted_check;
mod hosted_costs;
mod hosted_create;
mod hosted_extras;
mod hosted_fields;
mod hosted_files;
mod hosted_files_limits;
mod hosted_files_replies;
mod hosted_forms;
mod hosted_kept;
mod hosted_knowledge;
mod hosted_lists;
mod hosted_organizations;
mod hosted_outage;
mod hosted_pages;
mod hosted_participants;
mod hosted_people;
mod hosted_round_trips;
mod hosted_sharing;
mod hosted_site;
mod hosted_suggestions;
mod hosted_transitions;
mod http2;
mod hygiene;
mod isolation;
mod jira_login;
mod jira_login_people;
mod jira_settings;
mod languages;
mod limits;
mod load;
mod log;
mod login;
mod logout;
mod made_up_language;
mod nodes;
mod odd_answers;
mod operations;
mod pages;
mod policy;
#[path = "../support/ports.rs"]
mod ports;
mod process;
mod provider_logout;
mod providers;
mod reading;
mod recorder;
#[path = "../support/redis.rs"]
mod redis;
mod refresh;
mod restart;
mod rewriting;
#[path = "../support/routes.rs"]
#[expect(dead_code, reason = "only the browser goes to their addresses")]
mod routes;
#[path = "../support/rsa_pair.rs"]
mod rsa_pair;
mod saml_authn_context;
mod saml_keys;
mod saml_login;
mod saml_logout;
mod saml_people;
mod saml_requests;
mod saml_trace;
#[path = "../support/service_provider.rs"]
mod service_provider;
mod site;
mod sso_portals;
mod starting;
mod step_up;
mod stores;
mod strangers;
mod tomcat;
mod transfers;
mod unknown;
mod upstream_tls;
#[path = "../support/visitor/mod.rs"]
mod visitor;
mod websockets;
