//! What a page asks its reader's browser to do: forms and what they would send, and where to go on.
//! Knows as much HTML as the pages of these tests have: attributes in double quotes.

/// A form as it stands on a page.
pub(crate) struct Form {
    /// Where it is sent, relative to the page.
    pub(crate) action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    /// The first form whose action contains a text.
    pub(crate) fn find(page: &str, action: &str) -> Option<Self> {
        page.split("<form").skip(1).map(Self::parse).find(|form| form.action.contains(action))
    }

    /// The first form that has a field of this name.
    pub(crate) fn with(page: &str, field: &str) -> Option<Self> {
        let has_it = |form: &Self| form.fields.iter().any(|(name, _)| name == field);
        page.split("<form").skip(1).map(Self::parse).find(has_it)
    }

    /// Its fields, with some filled in or added (as a pressed button does).
    pub(crate) fn filled(mut self, fill: &[(&str, &str)]) -> Vec<(String, String)> {
        self.fields.retain(|(name, _)| fill.iter().all(|(filled, _)| filled != name));
        self.fields.extend(fill.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())));
        self.fields
    }

    fn parse(after_form: &str) -> Self {
        let (tag, rest) = after_form.split_once('>').unwrap_or((after_form, ""));
        let inside = rest.split("</form>").next().unwrap_or(rest);
        let fields = inside.split("<input").skip(1).filter_map(|after_input| {
            let tag = after_input.split('>').next().filter(|tag| !tag.contains("type=\"file\""))?;
            Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default()))
        });
        Self { action: attribute(tag, "action").unwrap_or_default(), fields: fields.collect() }
    }
}

/// Where a page sends whoever has no scripts, at once.
pub(super) fn refresh(page: &str) -> Option<String> {
    let (_, tag) = page.split_once("<meta http-equiv=\"refresh\"")?;
    attribute(tag, "content")?.strip_prefix("0; url=").map(str::to_owned)
}

/// Where the script of a page goes on to, as Jira's login has it.
pub(super) fn replaced(page: &str) -> Option<String> {
    let (_, address) = page.split_once("window.location.replace(")?;
    serde_json::from_str(address.split_once(");")?.0).ok()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = after.split_once('"')?;
    Some(decoded(value))
}

/// A text without its character references.
fn decoded(text: &str) -> String {
    let mut pieces = text.split('&');
    let mut decoded = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let reference =
            piece.split_once(';').and_then(|(name, rest)| Some((character(name)?, rest)));
        match reference {
            Some((character, rest)) => {
                decoded.push(character);
                decoded.push_str(rest);
            }
            None => decoded.extend(["&", piece]),
        }
    }
    decoded
}

fn character(name: &str) -> Option<char> {
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => number.parse().ok(),
    });
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => number.and_then(char::from_u32),
    }
}

#[test]
fn only_a_refresh_at_once_leads_on() {
    let page = |content| format!("<meta http-equiv=\"refresh\" content=\"{content}\">");
    assert_eq!(refresh(&page("0; url=&#x2f;a?b=1&amp;c=2")).as_deref(), Some("/a?b=1&c=2"));
    assert_eq!(refresh(&page("10")), None);
}

#[test]
fn the_script_of_jiras_login_leads_on() {
    let page = "<script>window.location.replace(\"https://a.example/b?c=d\\u003C\");\n</script>";
    assert_eq!(replaced(page).as_deref(), Some("https://a.example/b?c=d<"));
    assert_eq!(replaced("<script>location.href</script>"), None);
}

#[test]
fn a_form_sends_its_own_fields_and_what_was_filled_in() {
    let page = r#"<form action="/a"></form>
        <form id="x" action="&#x2f;b?c=1&amp;d" method="post">
        <input type="hidden" name="token" value="t&amp;1"> <input name="login" required></form>"#;
    let form = Form::find(page, "/b").unwrap();
    assert_eq!(form.action, "/b?c=1&d");
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(form.filled(&[("login", "ada")]), [pair("token", "t&1"), pair("login", "ada")]);
}

#[test]
fn a_value_says_what_it_says_after_its_references_are_read() {
    assert_eq!(decoded("a&#x2F;&#39;&lt;b&gt;&amp;amp;&quot;"), "a/'<b>&amp;\"");
    assert_eq!(decoded("?a=1&b=2&nosuch;&#x110000;"), "?a=1&b=2&nosuch;&#x110000;");
}
