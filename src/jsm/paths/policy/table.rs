//! What customers reach in JSM, as data: one row a path, with the reason. Sources: the portal's
//! traffic as public clients and Atlassian's REST pages show it, and Jira's own `urlrewrite.xml`.
//!
//! `*` is one segment, `**` any number of them, or none. A row that closes wins over a row that opens;
//! what no row opens is closed. A row is as wide as its reason: where only the portal's own pages say
//! what there is, it is as wide as those pages are.

use Use::{Call, Closed, Login, Logout, Read, Static};

/// What a path is good for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Use {
    /// A file that is the same for everybody: read, below a cache key (`/s/…/_`) too.
    Static,
    /// Read only: GET and HEAD.
    Read,
    /// Every method.
    Call,
    /// Jira's logout; the gate's own takes its place.
    Logout,
    /// Jira's own login, which it sends those to whom it does not know.
    Login,
    /// Closed, although a wider row opens it.
    Closed,
}

impl Use {
    /// Whether it closes what other rows open.
    pub(super) fn closes(self) -> bool {
        matches!(self, Login | Logout | Closed)
    }
}

/// One path of JSM.
pub(super) struct Row {
    /// The path.
    pub(super) path: &'static str,
    /// What it is good for.
    pub(super) good_for: Use,
    /// Why customers need it, or why they must not have it.
    pub(super) reason: &'static str,
}

const fn row(path: &'static str, good_for: Use, reason: &'static str) -> Row {
    Row { path, good_for, reason }
}

const LOGIN: &str = "customers log in at the gate, not in Jira";

/// Cloud and Data Center alike: each path exists in one or means the same in both.
pub(super) const COMMON: &[Row] = &[
    // Pages. The agents' side of the same product is /servicedesk/agent and /projects.
    row("/servicedesk/customer/**", Call, "the portal's pages, forms and uploads"),
    // Of Jira itself, as the customer and not as an agent. Not all of it: it leads to any of its pages.
    row("/servicedesk/customershim/secure/attachment/**", Read, "attachments of requests"),
    row("/servicedesk/customershim/secure/thumbnail/**", Read, "previews of attachments"),
    row("/servicedesk/customershim/secure/viewavatar", Read, "icons of request types"),
    row("/servicedesk/customershim/secure/useravatar", Read, "pictures of people who answer"),
    row("/servicedesk/customershim/secure/projectavatar", Read, "logos of portals"),
    row("/servicedesk/customershim/thumbnail/**", Read, "previews of attachments"),
    row("/servicedesk/customershim/viewavatar", Read, "icons of request types"),
    row("/servicedesk/customershim/upload", Call, "uploads to a request"),
    row("/servicedesk/customer/user/login/**", Login, LOGIN),
    row("/servicedesk/customer/user/signup/**", Closed, "accounts come from the provider"),
    row("/servicedesk/customer/user/forgotpassword/**", Closed, "there is no password to forget"),
    row("/servicedesk/customer/user/resetpassword/**", Closed, "there is no password to set"),
    row("/servicedesk/customer/portal/*/user/login/**", Login, LOGIN),
    row("/login.jsp", Login, LOGIN),
    row("/servicedesk/customer/portal/*/user/signup/**", Closed, "the same, of one portal"),
    row("/servicedesk/customer/portal/*/user/forgotpassword/**", Closed, "the same, of one portal"),
    row("/servicedesk/customer/portal/*/user/resetpassword/**", Closed, "the same, of one portal"),
    row("/servicedesk/customer/user/logout", Logout, "ends the gate's session too"),
    row("/servicedesk/customer/portal/*/user/logout", Logout, "ends the gate's session too"),
    row("/plugins/servlet/sso-logout", Logout, "ends the gate's session too"),
    row("/logout", Logout, "ends the gate's session too"),
    row("/secure/Logout.jspa", Logout, "ends the gate's session too"),
    row("/secure/Logout!default.jspa", Logout, "ends the gate's session too"),
    // The portal's own data calls.
    row("/rest/servicedesk/*/customer/**", Call, "the portal's own data calls"),
    row("/rest/servicedesk/*/servicedesk/customer/**", Call, "Data Center's own comments"),
    row("/rest/servicedesk/*/customer/**/user-search/**", Closed, "lists people"),
    row("/rest/servicedesk/*/customer/pages/user/signup/**", Closed, "tells which addresses exist"),
    // The public API, as far as the portal's pages and customers' own requests go.
    row("/rest/servicedeskapi/request/**", Call, "a customer's own requests"),
    row("/rest/servicedeskapi/requesttype", Read, "what can be asked for"),
    row("/rest/servicedeskapi/servicedesk", Read, "the portals this customer sees"),
    row("/rest/servicedeskapi/servicedesk/*", Read, "one portal"),
    row("/rest/servicedeskapi/servicedesk/*/requesttype", Read, "what can be asked for"),
    row("/rest/servicedeskapi/servicedesk/*/requesttype/*", Read, "what can be asked for"),
    row("/rest/servicedeskapi/servicedesk/*/requesttype/*/field", Read, "the fields of a form"),
    row("/rest/servicedeskapi/servicedesk/*/requesttypegroup", Read, "the groups of a portal"),
    row("/rest/servicedeskapi/servicedesk/*/attachTemporaryFile", Call, "uploads to a request"),
    row("/rest/servicedeskapi/servicedesk/*/knowledgebase/article", Read, "articles of a portal"),
    row("/rest/servicedeskapi/knowledgebase/article", Read, "articles of all portals"),
    row("/rest/servicedeskapi/portals", Read, "the portals this customer sees"),
    row("/rest/servicedeskapi/portals/*", Read, "one portal"),
    row("/rest/servicedeskapi/portals/project/*", Read, "the portal of a project"),
    row("/rest/servicedeskapi/organization", Read, "organisations to share a request with"),
    // Pictures.
    row("/rest/api/*/universal_avatar/view/type/**", Read, "icons of request types"),
    row("/secure/viewavatar", Read, "icons and pictures of people who answer"),
    row("/secure/useravatar", Read, "pictures of people who answer"),
    row("/secure/projectavatar", Read, "logos of portals"),
    row("/viewavatar", Read, "icons"),
    // Files that are the same for everybody. Not all of /download: attachments are there as well.
    row("/download/resources/**", Static, "scripts and styles"),
    row("/download/batch/**", Static, "scripts and styles"),
    row("/download/contextbatch/**", Static, "scripts and styles"),
    row("/download/superbatch/**", Static, "scripts and styles"),
    row("/images/**", Static, "pictures of Jira's look"),
    row("/static-assets/**", Static, "scripts outside the batches, since Jira 9"),
    row("/favicon.ico", Static, "every browser asks for it"),
    row("/rest/webResources/1.0/resources", Call, "names further scripts to load"),
    row("/rest/wrm/2.0/resources", Call, "names further scripts to load, since Jira 9"),
];

/// What only Cloud has. Not `/gateway/api/graphql`: one address for everything that Atlassian has, and
/// only the text of its bodies says what of it is asked for.
pub(super) const CLOUD: &[Row] = &[
    row("/_edge/tenant_info", Read, "tells pages which site they are on"),
    // Forms (ProForma); the portal is checked.
    row("/gateway/api/proforma/portal/cloudid/*/api/*/portal/*/requesttype/**", Call, FORMS),
    row("/gateway/api/proforma/portal/cloudid/*/api/*/portal/*/request/**", Call, FORMS),
    row("/gateway/api/proforma/**/user-search/**", Closed, "lists people"),
    row("/gateway/api/proforma/**/users/**", Closed, "lists people"),
];

const FORMS: &str = "the forms of a portal's request types and requests";
