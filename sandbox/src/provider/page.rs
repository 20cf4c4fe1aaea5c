//! The stand-in provider's pages: one login form and one message. No script.

use super::users::{PASSWORD, User};

const STYLE: &str = "
:root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3b4250); --accent: #0b66c3; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  font: 16px/1.5 system-ui, sans-serif; background: light-dark(#f1f3f7, #14171d);
  color: light-dark(#1a1f29, #e8ebf0); }
main { width: 100%; max-width: 25rem; padding: 2rem; border: 1px solid var(--line);
  border-radius: .75rem; background: light-dark(#fff, #1d222b); }
h1 { margin: 0 0 .25rem; font-size: 1.4rem; }
p { margin: 0 0 1.25rem; color: light-dark(#525c6c, #a7b0bf); }
p[role=alert] { color: light-dark(#b3261e, #ff8f87); }
label { display: block; margin-bottom: 1rem; }
input { width: 100%; padding: .6rem; font: inherit; border: 1px solid var(--line);
  border-radius: .5rem; background: transparent; color: inherit; }
button { width: 100%; margin-top: .5rem; padding: .6rem .9rem; font: inherit; text-align: left;
  border: 1px solid var(--line); border-radius: .5rem; background: transparent; color: inherit;
  cursor: pointer; }
button:hover, button:focus-visible { border-color: var(--accent); outline: 2px solid var(--accent); }
button small { display: block; color: light-dark(#525c6c, #a7b0bf); }
button.plain { border: 0; text-align: center; color: light-dark(#525c6c, #a7b0bf); }
";

/// The login form. `request` is the query of the authorization request.
pub(super) fn login(users: &[User], request: &str, problem: Option<&str>) -> String {
    let request = escape(request);
    let problem = problem.map(|text| format!("<p role=\"alert\">{}</p>", escape(text)));
    let problem = problem.unwrap_or_default();
    let buttons: String = users.iter().map(button).collect();
    page(
        "Who are you?",
        &format!(
            "<p>This is the sandbox identity provider. Everybody's password is filled in.</p>
{problem}<form method=\"post\" action=\"/login\">
<input type=\"hidden\" name=\"request\" value=\"{request}\">
<label>Password <input type=\"password\" name=\"password\" value=\"{PASSWORD}\" autocomplete=\"off\"></label>
{buttons}<button class=\"plain\" name=\"cancel\" value=\"1\">Cancel</button>
</form>"
        ),
    )
}

/// A page that posts the answer at once (OAuth 2.0 Form Post Response Mode 1.0).
pub(super) fn form_post(action: &str, parameters: &[(&str, &str)]) -> String {
    let field = |(name, value): &(&str, &str)| {
        let [name, value] = [name, value].map(|text| escape(text));
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n")
    };
    let fields: String = parameters.iter().map(field).collect();
    let action = escape(action);
    page(
        "One moment",
        &format!(
            "<form method=\"post\" action=\"{action}\">
{fields}<button>Continue</button></form><script>document.forms[0].submit()</script>"
        ),
    )
}

/// A page that loads an address in a frame, and goes on once it is there (Front-Channel Logout 1.0).
pub(super) fn framing(frame: &str, target: &str) -> String {
    let [frame, target] = [frame, target].map(escape);
    page(
        "One moment",
        &format!(
            "<p><a id=\"on\" href=\"{target}\">Continue</a></p>
<iframe src=\"{frame}\" title=\"Logout\"
 onload=\"location.replace(document.getElementById('on').href)\"></iframe>"
        ),
    )
}

/// A page that only says something.
pub(super) fn message(title: &str, text: &str) -> String {
    page(title, &format!("<p>{}</p>", escape(text)))
}

fn button(user: &User) -> String {
    let [username, name, about] = [&user.username, user.name(), &user.about].map(escape);
    format!(
        "<button name=\"username\" value=\"{username}\">{name}<small>{username}, {about}</small></button>\n"
    )
}

fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html>
<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} · Sandbox login</title>
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>{STYLE}</style></head>
<body><main><h1>{title}</h1>
{body}
</main></body></html>"
    )
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}
