//! The templates that are part of the binary. Must not know what they show.

/// Every template, by name.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("page.html", include_str!("templates/page.html")),
    ("article.html", include_str!("templates/article.html")),
    ("choose.html", include_str!("templates/choose.html")),
    ("continue.html", include_str!("templates/continue.html")),
    ("emergency.html", include_str!("templates/emergency.html")),
    ("create.html", include_str!("templates/create.html")),
    ("fields.html", include_str!("templates/fields.html")),
    ("file-parts.html", include_str!("templates/file-parts.html")),
    ("home.html", include_str!("templates/home.html")),
    ("icons.html", include_str!("templates/icons.html")),
    ("kept.html", include_str!("templates/kept.html")),
    ("logged-out.html", include_str!("templates/logged-out.html")),
    ("logout.html", include_str!("templates/logout.html")),
    ("tested.html", include_str!("templates/tested.html")),
    ("transition.html", include_str!("templates/transition.html")),
    ("parts.html", include_str!("templates/parts.html")),
    ("post.html", include_str!("templates/post.html")),
    ("people.html", include_str!("templates/people.html")),
    ("portal-home.html", include_str!("templates/portal-home.html")),
    ("portal-search.html", include_str!("templates/portal-search.html")),
    ("preferences.html", include_str!("templates/preferences.html")),
    ("problem.html", include_str!("templates/problem.html")),
    ("reply.html", include_str!("templates/reply.html")),
    ("request.html", include_str!("templates/request.html")),
    ("request-native.html", include_str!("templates/request-native.html")),
    ("request-shown.html", include_str!("templates/request-shown.html")),
    ("requests.html", include_str!("templates/requests.html")),
    ("resubmit.html", include_str!("templates/resubmit.html")),
    ("same-account.html", include_str!("templates/same-account.html")),
];

/// Whether there is a template of this name.
#[must_use]
pub fn is_template(name: &str) -> bool {
    TEMPLATES.iter().any(|(template, _)| *template == name)
}
