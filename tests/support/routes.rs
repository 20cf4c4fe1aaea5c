//! Every route of the gate's own pages, and how somebody in a browser comes to see it. One test holds the
//! list to the routes that there are, another opens each in a browser.

/// How a route is shown to people.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shown {
    /// By its address; `{key}` is a request of the customer's with everything on it.
    At(&'static str),
    /// In a walk of its own, which ends there.
    Walked,
    /// Never: it redirects, or answers with something else than a page.
    Never,
}

/// Each route, as the router spells it.
pub(crate) const ROUTES: &[(&str, Shown)] = &[
    ("/", Shown::At("/")),
    ("/_gate/backchannel-logout/{provider}", Shown::Never),
    ("/_gate/brand/logo", Shown::Never),
    ("/_gate/brand/style.css", Shown::Never),
    ("/_gate/callback/{provider}", Shown::Walked),
    ("/_gate/emergency", Shown::Walked),
    ("/_gate/frontchannel-logout/{provider}", Shown::Never),
    ("/_gate/jwks.json", Shown::Never),
    ("/_gate/logged-out", Shown::At("/_gate/logged-out")),
    ("/_gate/login", Shown::Walked),
    ("/_gate/logo/{provider}", Shown::Never),
    ("/_gate/logout", Shown::At("/_gate/logout")),
    ("/_gate/preferences", Shown::At("/_gate/preferences")),
    ("/_gate/requests", Shown::At("/_gate/requests")),
    ("/_gate/requests.csv", Shown::Never),
    ("/_gate/saml/{id}/answer", Shown::Never),
    ("/_gate/saml/{id}/certificate.pem", Shown::Never),
    ("/_gate/saml/{id}/logout", Shown::Never),
    ("/_gate/saml/{id}/metadata", Shown::Never),
    ("/_gate/saml/{id}/sso", Shown::Never),
    ("/_gate/saml/{id}/start", Shown::Never),
    ("/_gate/static/{file}", Shown::Never),
    ("/_gate/test-login", Shown::Walked),
    ("/_gate/whoami", Shown::Never),
    ("/p/{link}", Shown::At("/p/all")),
    ("/p/{link}/", Shown::Never),
    ("/p/{link}/announcement", Shown::Never),
    ("/p/{link}/create/{type}", Shown::At("/p/all/create/901")),
    ("/p/{link}/group/{group}", Shown::At("/p/all/group/90")),
    ("/p/{link}/group/{group}/create/{type}", Shown::At("/p/all/group/90/create/901")),
    ("/p/{link}/kb/{article}", Shown::At("/p/all/kb/100?q=cable")),
    ("/p/{link}/requests", Shown::At("/p/all/requests")),
    ("/p/{link}/requests.csv", Shown::Never),
    ("/p/{link}/search", Shown::At("/p/all/search?q=screen")),
    ("/p/{link}/suggestions", Shown::Never),
    ("/p/{link}/{key}", Shown::At("/p/all/{key}")),
    ("/p/{link}/{key}/comment", Shown::Never),
    ("/p/{link}/{key}/files/{id}", Shown::Never),
    ("/p/{link}/{key}/files/{id}/thumbnail", Shown::Never),
    ("/p/{link}/{key}/organizations", Shown::Never),
    ("/p/{link}/{key}/participants", Shown::Never),
    ("/p/{link}/{key}/transition/{id}", Shown::At("/p/all/{key}/transition/761")),
];
