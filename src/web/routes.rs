//! The routes of the gate's own pages, each with its policy, and the site they make together.
//! Must not know the pages.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::MethodRouter;
use axum::{Extension, Router};

use super::caller::Caller;
use super::policy::PagePolicy;
use super::renderer::Pages;
use crate::problem::Problem;

/// The pages that one room offers.
#[must_use]
pub struct Routes<S = ()> {
    router: Router<S>,
    policies: Vec<(&'static str, PagePolicy)>,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// Without any page.
    #[expect(clippy::new_without_default, reason = "an empty room is of no use to anybody")]
    pub fn new() -> Self {
        Self { router: Router::new(), policies: Vec::new() }
    }

    /// Adds a page. `path` has the syntax of axum.
    pub fn route(mut self, path: &'static str, policy: PagePolicy, page: MethodRouter<S>) -> Self {
        let page = page.layer(DefaultBodyLimit::max(policy.body_limit));
        self.policies.push((path, policy));
        Self { router: self.router.route(path, page), ..self }
    }

    /// Gives the pages what they work with.
    pub fn with_state(self, state: S) -> Routes {
        Routes { router: self.router.with_state(state), policies: self.policies }
    }
}

/// All of the gate's own pages.
pub struct Site {
    router: Router,
    policies: matchit::Router<PagePolicy>,
    paths: Vec<&'static str>,
}

impl Site {
    /// Puts the pages of the rooms together. `pages` shows the problem of a path without a page,
    /// and of a method that a page does not support.
    ///
    /// # Errors
    /// When two rooms offer the same path.
    pub fn new(
        pages: &Arc<Pages>,
        rooms: impl IntoIterator<Item = Routes>,
    ) -> Result<Self, matchit::InsertError> {
        let mut site =
            Self { router: Router::new(), policies: matchit::Router::new(), paths: Vec::new() };
        for room in rooms {
            for (path, policy) in room.policies {
                site.policies.insert(path, policy)?;
                site.paths.push(path);
            }
            site.router = site.router.merge(room.router);
        }
        let tell = |problem: Problem| {
            let pages = Arc::clone(pages);
            async move |Extension(caller): Extension<Caller>| pages.tell(&problem, &caller)
        };
        site.router = site
            .router
            .fallback(tell(Problem::NotFound))
            .method_not_allowed_fallback(tell(Problem::MethodNotAllowed));
        Ok(site)
    }

    /// The pages, to be called in process. Each request must carry a [`Caller`] extension.
    pub fn router(&self) -> &Router {
        &self.router
    }

    /// The paths of all pages, as the router spells them.
    #[must_use]
    pub fn paths(&self) -> &[&'static str] {
        &self.paths
    }

    /// The policy of a path, as the request spells it. A path without a page has the strict one.
    #[must_use]
    pub fn policy(&self, path: &str) -> PagePolicy {
        self.policies.at(path).map_or(PagePolicy::STRICT, |found| *found.value)
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::post;
    use rstest::rstest;

    use super::*;
    use crate::domain::PublicUrl;
    use crate::web::PageSettings;

    fn public_url() -> PublicUrl {
        PublicUrl::parse("https://help.example.com").unwrap()
    }

    fn site() -> Site {
        let pages = Pages::new(&PageSettings::new(&public_url()));
        let room = Routes::new()
            .route("/_gate/answer/{id}", PagePolicy::STRICT.cross_site_post(), post(async || ""))
            .route("/_gate/form", PagePolicy::STRICT, post(async || ""));
        Site::new(&Arc::new(pages.unwrap()), [room]).unwrap()
    }

    #[rstest]
    #[case("/_gate/answer/okta", true)]
    #[case("/_gate/form", false)]
    #[case("/_gate/answer", false)]
    #[case("/_gate/answer/", false)]
    #[case("/_gate/answer/okta/x", false)]
    #[case("/_gate/%61nswer/okta", false)]
    #[case("//_gate/answer/okta", false)]
    #[case("/", false)]
    #[case("", false)]
    fn a_policy_goes_for_its_own_route_alone(#[case] path: &str, #[case] open: bool) {
        assert_eq!(site().policy(path).cross_site_post, open);
    }

    #[test]
    fn two_rooms_cannot_have_the_same_page() {
        let pages = Pages::new(&PageSettings::new(&public_url()));
        let room = || Routes::new().route("/_gate/form", PagePolicy::STRICT, post(async || ""));
        assert!(Site::new(&Arc::new(pages.unwrap()), [room(), room()]).is_err());
    }
}
