//! Who can log in at the stand-in provider. Plain data.

use serde_json::{Value, json};

/// Everybody's password.
pub(super) const PASSWORD: &str = "demo";

/// Somebody who can log in.
#[derive(Clone, Debug)]
pub struct User {
    /// What is typed at login, and `sub`.
    pub username: String,
    /// One line about who this is, for the login page.
    pub about: String,
    /// Claims besides `sub`, as UserInfo returns them.
    pub claims: Value,
}

impl User {
    /// The name to show.
    pub(super) fn name(&self) -> &str {
        self.claims.get("name").and_then(Value::as_str).unwrap_or(&self.username)
    }
}

/// Four people that show what a gate does with different people.
#[must_use]
pub fn demo_users() -> Vec<User> {
    vec![
        user("ann", "Ann", "a customer", json!({"groups": ["customers"]})),
        user("bob", "Bob", "a customer and an agent", json!({"groups": ["customers", "agents"]})),
        user("cleo", "Cleo", "belongs to no group", json!({})),
        user(
            "dan",
            "Dan",
            "has not confirmed the email address",
            json!({"groups": ["customers"], "email_verified": false}),
        ),
    ]
}

fn user(username: &str, first_name: &str, about: &str, more: Value) -> User {
    let mut claims = json!({
        "name": format!("{first_name} Example"),
        "given_name": first_name,
        "family_name": "Example",
        "email": format!("{username}@example.com"),
        "email_verified": true,
    });
    if let (Value::Object(claims), Value::Object(more)) = (&mut claims, more) {
        claims.extend(more);
    }
    User { username: username.to_owned(), about: about.to_owned(), claims }
}
