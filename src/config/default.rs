//! What holds when the file does not say otherwise, written as the file would write it: these texts
//! go through the same parsers as an admin's, and into the schema.

/// All addresses: nobody could reach a gate on loopback.
pub(super) const LISTEN: &[&str] = &["0.0.0.0:443"];
/// Loopback, because health and metrics are of no use to outsiders.
pub(super) const OPERATIONS_LISTEN: &str = "127.0.0.1:9180";
/// Where systemd's `StateDirectory=jsm-gate` points.
pub(super) const STATE_DIR: &str = "/var/lib/jsm-gate";

/// A new portal shows up before its admin wonders, for a dozen calls an hour on a small site.
pub(super) const JSM_REFRESH: &str = "5m";
/// Cloud answers within a second; a call that takes longer than this will not come back at all.
pub(super) const JSM_TIMEOUT: &str = "10s";
/// A page needs at most six at once.
pub(super) const JSM_CONCURRENCY: u64 = 16;
/// Atlassian's one API gateway; another only in tests.
pub(super) const JSM_CLOUD_API_URL: &str = "https://api.atlassian.com";

/// Every provider knows these; groups are a scope at some providers and a setting at others.
pub(super) const PROVIDER_SCOPES: &[&str] = &["openid", "profile", "email"];
/// The name of a person in every ID token (OpenID Connect Core 2).
pub(super) const ATTRIBUTE_SUBJECT: &str = "sub";
/// Standard claim.
pub(super) const ATTRIBUTE_EMAIL_VERIFIED: &str = "email_verified";
/// Standard claims (OpenID Connect Core 5.1).
pub(super) const ATTRIBUTE_EMAIL: &str = "email";
/// Standard claim.
pub(super) const ATTRIBUTE_NAME: &str = "name";
/// Standard claim.
pub(super) const ATTRIBUTE_FIRST_NAME: &str = "given_name";
/// Standard claim.
pub(super) const ATTRIBUTE_LAST_NAME: &str = "family_name";
/// No standard claim, but what Okta, Keycloak, Entra and Cognito's mappings call it.
pub(super) const ATTRIBUTE_GROUPS: &str = "groups";

/// A lunch break; five minutes is what users of other gates complain of.
pub(super) const SESSION_IDLE: &str = "30m";
/// A working day: one login each morning.
pub(super) const SESSION_ABSOLUTE: &str = "8h";

/// Survives restarts and needs nothing else.
pub(super) const SESSION_STORE: &str = "embedded";
/// A phone, a computer and a tablet, each with more than one browser; not a cookie handed around.
pub(super) const SESSION_PER_CUSTOMER: u64 = 10;

/// A reachable upstream answers a connection within one round trip; the rest is retries of SYN.
pub(super) const FORWARD_CONNECT_TIMEOUT: &str = "5s";
/// Jira's slow searches take tens of seconds; what is silent for longer is hung.
pub(super) const FORWARD_READ_TIMEOUT: &str = "60s";
/// As long as for reading: an upload stalls when Jira stores attachments slowly.
pub(super) const FORWARD_WRITE_TIMEOUT: &str = "60s";
/// Below Tomcat's own 20 s, so that a POST never meets a connection the upstream just closed.
pub(super) const FORWARD_KEEP_ALIVE: &str = "15s";

/// Below the 100 threads that Jira's own Tomcat has, so that those who work in Jira keep some.
pub(super) const FORWARD_CONCURRENCY: u64 = 64;
/// Jira answers most requests within a second; whoever waits for longer wants to be told.
pub(super) const FORWARD_QUEUE_TIMEOUT: &str = "5s";

/// A name that nothing else uses.
pub(super) const ASSERTION_HEADER: &str = "X-Gate-Assertion";
/// The most that is allowed: short enough that a stolen one is soon worthless, long enough to sign
/// rarely.
pub(super) const ASSERTION_LIFETIME: &str = "5m";
/// A leaked key works for a month at most, unless somebody notices and deletes it.
pub(super) const ASSERTION_ROTATE: &str = "30d";

/// Jira's own page for load balancers: 200 when it runs, 503 while it starts or is in maintenance.
pub(super) const FORWARD_HEALTH_PATH: &str = "/status";
/// With two failures in a row: customers notice a dead node for ten seconds at most.
pub(super) const FORWARD_HEALTH_INTERVAL: &str = "5s";

/// Four times Tomcat's 8 KB: room for the cookies of a site with many applications.
pub(super) const LIMIT_HEADER_BYTES: &str = "32KB";
/// Apache's `LimitRequestFields`; browsers send about 30.
pub(super) const LIMIT_HEADERS: u64 = 100;
/// Several attachments at once; Jira itself refuses what is too large for its own setting.
pub(super) const LIMIT_BODY_BYTES: &str = "100MB";
/// Jira itself refuses what is too large for its own setting.
pub(super) const HOSTED_FILE_BYTES: &str = "100MB";
/// A few photos; JSM takes 60 at once.
pub(super) const HOSTED_FILES: u64 = 20;
/// Five of the longest texts that Jira takes (32,767 characters), each letter escaped as `\u0431`.
pub(super) const LIMIT_DATA_CALL_BYTES: &str = "1MB";
/// Leaves 2 KB of Tomcat's 8 KB for cookies and the rest.
pub(super) const LIMIT_IDENTITY_BYTES: &str = "6KB";
/// Tabs restored at once; each pending login is a cookie of about 500 bytes.
pub(super) const LIMIT_PENDING_LOGINS: u64 = 5;
/// Time to find the phone for the second factor.
pub(super) const LIMIT_PENDING_LOGIN_AGE: &str = "10m";
/// Below the 75 s that common fronts keep theirs, above a reader's pause on a page.
pub(super) const LIMIT_KEEP_ALIVE: &str = "60s";
/// What 64K open files, systemd's usual limit for a server, leave room for: a connection to JSM each.
pub(super) const LIMIT_CONNECTIONS: u64 = 20_000;
/// A large office behind one address, six connections a browser.
pub(super) const LIMIT_CONNECTIONS_PER_ADDRESS: u64 = 1000;
/// Several windows of a browser, each of which may ask for 100 things at once over HTTP/2.
pub(super) const LIMIT_REQUESTS_PER_CUSTOMER: u64 = 300;
/// An office that reads public portals from behind one address.
pub(super) const LIMIT_REQUESTS_PER_ADDRESS: u64 = 300;
/// A few for each tab that is open.
pub(super) const LIMIT_WEBSOCKETS_PER_CUSTOMER: u64 = 20;
/// Leaves most of the connections to those who ask for pages.
pub(super) const LIMIT_WEBSOCKETS: u64 = 2000;
/// A head is one packet or two; a bad mobile network repeats each of them for some seconds.
pub(super) const LIMIT_HEADER_TIMEOUT: &str = "10s";
/// An office that comes to work behind one address; a person needs one or two.
pub(super) const LIMIT_LOGINS_PER_MINUTE: u64 = 60;
/// A large company logged in at once, at about a kilobyte each.
pub(super) const LIMIT_SESSIONS: u64 = 100_000;
/// Long enough for an upload, well below systemd's 90 s before it kills.
pub(super) const LIMIT_DRAIN: &str = "30s";

/// Time to raise the request that cannot wait; a longer outage takes another link and reason.
pub(super) const EMERGENCY_MAX_MINUTES: u64 = 60;

/// What an operator needs; `debug` is for hunting.
pub(super) const LOG_LEVEL: &str = "info";
