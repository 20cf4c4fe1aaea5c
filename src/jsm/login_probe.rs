//! What Jira's own login shows a stranger: which ways to log in there are, where it sends them, and whether
//! Jira says who a browser is. It takes no credentials. Must not know where it should send them.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;

use super::rest::{Answer, Call, Client, Error};

const OPTIONS: &str = "/rest/authconfig/1.0/login-options";
const START: &str = "/servicedesk/customer/user/login";
const USERNAME_HEADER: HeaderName = HeaderName::from_static("x-ausername");

/// What a browser asks for.
const PAGE: HeaderValue = HeaderValue::from_static("text/html");

/// A way to log in that the portal offers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LoginOption {
    /// The form for passwords.
    Form,
    /// An identity provider, by the text of its button.
    IdentityProvider(String),
    /// Something that is not known here.
    Other(String),
}

/// Where the portal's login sends a stranger.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LoginStart {
    /// The status of the answer.
    pub status: StatusCode,
    /// The whole address that it leads to.
    pub location: Option<String>,
    /// Whether the answer says who the browser is.
    pub names_user: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Offered {
    r#type: String,
    button_text: Option<String>,
}

impl Client {
    /// The ways to log in that the portal offers, for a Jira that customers know as `public_url`. Jira tells
    /// its login pages apart by the page that asks.
    ///
    /// # Errors
    /// When there is no usable answer; a Jira without such a login has none.
    pub async fn login_options(&self, public_url: &str) -> Result<Vec<LoginOption>, Error> {
        let call = Call::read(OPTIONS);
        let mut headers = as_customer(public_url);
        let page = format!("{public_url}{START}");
        headers.extend(HeaderValue::try_from(page).ok().map(|page| (header::REFERER, page)));
        let answer = self.look(call, headers).await?;
        let offered: Vec<Offered> = usable(answer, call)?.json(call)?;
        Ok(offered.into_iter().map(Offered::into_option).collect())
    }

    /// Where the portal's login sends a stranger.
    ///
    /// # Errors
    /// When nothing is answered.
    pub async fn login_start(&self, public_url: &str) -> Result<LoginStart, Error> {
        let mut headers = as_customer(public_url);
        headers.insert(header::ACCEPT, PAGE);
        let answer = self.look(Call::read(START), headers).await?;
        let location = answer.headers.get(header::LOCATION);
        Ok(LoginStart {
            status: answer.status,
            location: location.and_then(|it| it.to_str().ok()).map(str::to_owned),
            names_user: answer.headers.contains_key(USERNAME_HEADER),
        })
    }
}

impl Offered {
    fn into_option(self) -> LoginOption {
        match self.r#type.as_str() {
            "LOGIN_FORM" => LoginOption::Form,
            "IDP" => LoginOption::IdentityProvider(self.button_text.unwrap_or_default()),
            _ => LoginOption::Other(self.r#type),
        }
    }
}

/// As the gate forwards: Jira is asked by the name that customers know.
fn as_customer(public_url: &str) -> HeaderMap {
    let host = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or(host);
    HeaderValue::from_str(host).ok().map(|host| (header::HOST, host)).into_iter().collect()
}

fn usable(answer: Answer, call: Call<'_>) -> Result<Answer, Error> {
    if answer.status == StatusCode::OK {
        return Ok(answer);
    }
    let message = "no list of ways to log in".to_owned();
    let (call, status) = (call.to_string(), answer.status);
    Err(Error::Refused { call, status, message, details: None })
}
