//! Calls of the REST API with the service account's token.

use reqwest::{Client, Method, RequestBuilder, StatusCode, redirect};
use sandbox::jsm::{Flavour, JsmSettings};
use serde_json::{Value, json};

use super::support::Site;

pub(crate) async fn cloud() -> Site {
    Site::start(JsmSettings::cloud()).await
}

pub(crate) async fn data_center() -> Site {
    Site::start(JsmSettings::data_center()).await
}

impl Site {
    /// A call below `/rest`, with the token.
    pub(crate) fn call(&self, method: Method, call: &str) -> RequestBuilder {
        let http = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        let request = http.request(method, format!("{}/rest/{call}", self.jsm.url()));
        let request = request.header("x-experimentalapi", "opt-in");
        match self.settings.flavour {
            Flavour::Cloud => request.basic_auth(&self.settings.email, Some(&self.settings.token)),
            Flavour::DataCenter => request.bearer_auth(&self.settings.token),
        }
    }

    pub(crate) async fn get(&self, call: &str) -> (u16, Value) {
        answer(self.call(Method::GET, call)).await
    }

    /// What a call that succeeds answers.
    pub(crate) async fn read(&self, call: &str) -> Value {
        let (status, value) = self.get(call).await;
        assert_eq!(status, StatusCode::OK, "{call}: {value}");
        value
    }

    pub(crate) async fn post(&self, call: &str, body: Value) -> (u16, Value) {
        answer(self.call(Method::POST, call).json(&body)).await
    }

    pub(crate) async fn delete(&self, call: &str, body: Value) -> (u16, Value) {
        answer(self.call(Method::DELETE, call).json(&body)).await
    }

    /// Ids of accounts in a body: each product has its own name for them.
    pub(crate) fn ids(&self, ids: &[&str]) -> Value {
        match self.settings.flavour {
            Flavour::Cloud => json!({"accountIds": ids}),
            Flavour::DataCenter => json!({"usernames": ids}),
        }
    }

    pub(crate) fn customer(&self, name: &str, email: &str) -> Value {
        match self.settings.flavour {
            Flavour::Cloud => json!({"displayName": name, "email": email}),
            Flavour::DataCenter => json!({"fullName": name, "email": email}),
        }
    }
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// One member of each value of a list.
pub(crate) fn each(list: &Value, member: &str) -> Vec<String> {
    let values = list.get("values").unwrap_or(list).as_array().unwrap();
    let text = |value: &Value| match &value[member] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    values.iter().map(text).collect()
}
