//! Renders pages from templates. The templates are part of the binary, and everything they print is
//! escaped. Must not know when a page is shown.

mod problem_pages;

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http::header::VARY;
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::{Environment, UndefinedBehavior, Value, context};

use super::addresses::login_path;
use super::catalogue::{Catalogue, CatalogueError};
use super::preferences::{PreferenceRules, Preferences, city};
use super::response::{redirect, with_body};
use super::template_texts;
use super::templates::TEMPLATES;
use super::{assets, branding, posting};
use crate::config::BrandingConfig;
use crate::domain::{ByLanguage, Language, PublicUrl};
use crate::session::Session;

pub(crate) use self::problem_pages::{LoginRetry, LogoutOffer};

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// A page depends on what its reader has chosen and on what their browser asks for.
const VARIES: HeaderValue = HeaderValue::from_static("Accept-Language, Cookie");

/// Renders the gate's pages.
#[derive(Debug)]
pub struct Pages {
    localized: ByLanguage<Localized>,
    preferences: PreferenceRules,
    branding: Arc<BrandingConfig>,
    public_url: PublicUrl,
}

/// What makes the pages of one language.
#[derive(Clone, Debug)]
struct Localized {
    templates: Environment<'static>,
    /// The built-in ones alone, where others take their place.
    built_in: Option<Environment<'static>>,
    catalogue: Arc<Catalogue>,
}

/// What the configuration says of all pages.
#[derive(Debug)]
pub struct PageSettings<'a> {
    /// Where the gate is.
    pub public_url: &'a PublicUrl,
    /// Whether there is a provider to choose.
    pub several_providers: bool,
    /// The languages that are offered; the first is for everybody who asks for none of them.
    pub languages: &'a [Language],
    /// The time zone of those who have chosen none.
    pub time_zone: TimeZone,
    /// What is the site's own about them.
    pub branding: Arc<BrandingConfig>,
}

/// The gate's own pages cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// A template is malformed.
    #[error(transparent)]
    Template(#[from] minijinja::Error),
    /// The texts are malformed.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
}

impl<'a> PageSettings<'a> {
    /// What goes for pages when the configuration says nothing about them.
    #[must_use]
    pub fn new(public_url: &'a PublicUrl) -> Self {
        Self {
            public_url,
            several_providers: false,
            languages: &Language::ALL,
            time_zone: TimeZone::UTC,
            branding: Arc::default(),
        }
    }

    /// Compiles the templates, which are the same in all languages.
    fn templates(&self) -> Result<Environment<'static>, minijinja::Error> {
        let mut templates = Environment::new();
        // A misspelt variable is an error, not an empty place; asking whether one is there is fine.
        templates.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        for &(name, source) in TEMPLATES {
            templates.add_template(name, source)?;
        }
        templates.add_global("several_providers", self.several_providers);
        for (name, asset) in assets::ALL {
            templates.add_global(name, asset.address());
        }
        branding::add(&mut templates, &self.branding, self.public_url);
        posting::add(&mut templates);
        Ok(templates)
    }
}

impl Localized {
    /// The templates with the texts of one language, and with those that are the site's own.
    fn new(
        language: Language,
        built_in: &Environment<'static>,
        branding: &BrandingConfig,
    ) -> Result<Self, PagesError> {
        let own = branding.texts.get(&language).map(String::as_str);
        let catalogue = Arc::new(Catalogue::with(language, own)?);
        let mut templates = built_in.clone();
        template_texts::add(&mut templates, &catalogue);
        templates.add_global("language", language.tag());
        templates.add_global("language_name", language.own_name());
        let built_in = (!branding.templates.is_empty()).then(|| templates.clone());
        for (name, source) in &branding.templates {
            // The built-in ones are found first.
            templates.remove_template(name);
            templates.add_template_owned(name.clone(), source.clone())?;
        }
        Ok(Self { templates, built_in, catalogue })
    }

    /// A page. A template of the site's own that fails is replaced by the built-in ones, so that what one page
    /// lacks does not stop everybody.
    fn render(&self, name: &str, values: &Value) -> Result<String, minijinja::Error> {
        let rendered = render(&self.templates, name, values);
        match (rendered, &self.built_in) {
            (Err(error), Some(built_in)) => {
                tracing::error!(error = %in_words(&error), template = name, "a template of [branding] fails");
                render(built_in, name, values)
            }
            (rendered, _) => rendered,
        }
    }
}

impl Pages {
    /// Compiles the templates and reads the texts.
    ///
    /// # Errors
    /// When a template or the message catalogue is malformed.
    pub fn new(settings: &PageSettings<'_>) -> Result<Self, PagesError> {
        let PageSettings { public_url, languages, time_zone, branding, .. } = settings;
        let templates = settings.templates()?;
        let localized =
            ByLanguage::try_new(|language| Localized::new(language, &templates, branding))?;
        let preferences = PreferenceRules::new(public_url, languages, time_zone);
        let (branding, public_url) = (Arc::clone(branding), (*public_url).clone());
        Ok(Self { localized, preferences, branding, public_url })
    }

    /// The public address.
    pub(crate) fn public_url(&self) -> &PublicUrl {
        &self.public_url
    }

    /// A page from a template, for a reader with these preferences.
    pub(crate) fn page(
        &self,
        reader: &Preferences,
        status: StatusCode,
        name: &str,
        values: Value,
    ) -> Response<Body> {
        self.html(reader, status, name, values).map(Body::from)
    }

    /// The texts that pages of a language are made of.
    #[must_use]
    pub fn catalogue(&self, language: Language) -> &Catalogue {
        &self.localized.get(language).catalogue
    }

    /// The language and the time zone in which whoever sent these headers reads pages.
    #[must_use]
    pub fn preferences(&self, headers: &HeaderMap) -> Preferences {
        self.preferences.of(headers)
    }

    /// What is the site's own about all pages.
    #[must_use]
    pub fn branding(&self) -> &BrandingConfig {
        &self.branding
    }

    /// How that is found out.
    #[must_use]
    pub const fn preference_rules(&self) -> &PreferenceRules {
        &self.preferences
    }

    /// Sends the browser to another address of the gate.
    #[must_use]
    pub fn redirect(&self, path: &str) -> Response<Body> {
        redirect(&self.public_url.join(path))
    }

    /// Sends the browser on after a form was taken, with a GET (RFC 9110 section 15.4.4).
    pub(crate) fn see_other(&self, path: &str) -> Response<Body> {
        let mut response = self.redirect(path);
        *response.status_mut() = StatusCode::SEE_OTHER;
        response
    }

    /// The path of an absolute address on this gate, with all that follows it.
    pub(crate) fn path_of<'a>(&self, address: &'a str) -> Option<&'a str> {
        address.strip_prefix(self.public_url.origin()).filter(|rest| rest.starts_with('/'))
    }

    /// Sends the browser to log in and then back to `return_to`.
    #[must_use]
    pub fn login_redirect(&self, return_to: &str) -> Response<Body> {
        self.redirect(&login_path(return_to))
    }

    fn html(
        &self,
        reader: &Preferences,
        status: StatusCode,
        name: &str,
        values: Value,
    ) -> Response<Bytes> {
        let values = context! { zone_name => city(&reader.zone), ..values };
        match self.localized.get(reader.language).render(name, &values) {
            Ok(text) => {
                let mut page = with_body(status, HTML, text);
                page.headers_mut().insert(VARY, VARIES);
                page
            }
            Err(error) => {
                tracing::error!(%error, template = name, "a page could not be rendered");
                let plain = HeaderValue::from_static("text/plain; charset=utf-8");
                with_body(StatusCode::INTERNAL_SERVER_ERROR, plain, "internal error".to_owned())
            }
        }
    }
}

fn render(
    templates: &Environment<'static>,
    name: &str,
    values: &Value,
) -> Result<String, minijinja::Error> {
    templates.get_template(name).and_then(|page| page.render(values))
}

/// The error with what caused it.
fn in_words(error: &minijinja::Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        words.push_str(": ");
        words.push_str(&error.to_string());
        cause = error.source();
    }
    words
}

/// What the frame of a page says of whoever is logged in.
pub(crate) fn frame(session: Option<&Session>, reader: &Preferences) -> Value {
    let until = session.and_then(|session| session.identity.until());
    context! {
        who => session.map(|session| session.identity.label()),
        form_token => session.map(|session| session.form_token.text()),
        emergency_until => until.and_then(|until| time_of_day(until, &reader.zone)),
    }
}

/// Hours and minutes of Unix seconds, with the zone that they are of.
fn time_of_day(unix_seconds: u64, zone: &TimeZone) -> Option<String> {
    let at = Timestamp::from_second(i64::try_from(unix_seconds).ok()?).ok()?;
    Some(at.to_zoned_datetime(zone.clone()).strftime("%H:%M %Z").to_string())
}

#[cfg(test)]
mod tests;
