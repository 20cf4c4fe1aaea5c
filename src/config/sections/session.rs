//! `[session]`

use url::Url;

use crate::config::field::Field;
use crate::config::parsed::{RedisConfig, SessionConfig, StoreConfig};
use crate::config::reader::Reader;
use crate::config::secret::{self, SecretSources};
use crate::config::values::ValueError;
use crate::config::{default, raw, values};

pub(super) fn read(field: &Field<raw::Session>, reader: &mut Reader<'_>) -> Option<SessionConfig> {
    let (raw, section) = (reader.value(field)?, field.span()?);
    let idle = reader.parse_or(&raw.idle, default::SESSION_IDLE, values::duration);
    let absolute = reader.parse_or(&raw.absolute, default::SESSION_ABSOLUTE, values::duration);
    if let (Some(idle), Some(absolute)) = (idle, absolute)
        && idle > absolute
    {
        let at = raw.idle.span().or_else(|| raw.absolute.span()).unwrap_or_default();
        let (idle, absolute) =
            (humantime::Duration::from(idle), humantime::Duration::from(absolute));
        let what = format!("does not fit: idle ({idle}) is longer than absolute ({absolute})");
        reader.invalid(at, ValueError::new(what, "expected idle to be at most absolute"));
    }
    let per_customer = reader.value_or(&raw.per_customer, default::SESSION_PER_CUSTOMER);
    let per_customer = usize::try_from(per_customer).unwrap_or(usize::MAX);
    let store = store(raw, reader);
    let secrets = secret::session(reader, &section, &secrets(raw));
    Some(SessionConfig {
        idle: idle?,
        absolute: absolute?,
        per_customer,
        store: store?,
        secrets: secrets?,
    })
}

fn secrets(raw: &raw::Session) -> SecretSources<'_> {
    SecretSources {
        name: "secret",
        file: &raw.secret_file,
        env: &raw.secret_env,
        credential: &raw.secret_credential,
    }
}

/// Which store a text names.
enum Named {
    Embedded,
    Memory,
    Redis(Url),
}

fn store(raw: &raw::Session, reader: &mut Reader<'_>) -> Option<StoreConfig> {
    let named = reader.parse_or(&raw.store, default::SESSION_STORE, named);
    let password = SecretSources {
        name: "store_password",
        file: &raw.store_password_file,
        env: &raw.store_password_env,
        credential: &raw.store_password_credential,
    };
    let given = [password.file, password.env, password.credential, &raw.store_ca_file];
    let given = given.into_iter().find_map(Field::span);
    let password = secret::optional(reader, &password);
    let ca_file = reader.path(&raw.store_ca_file);
    let store = match named? {
        Named::Redis(url) => {
            return Some(StoreConfig::Redis(RedisConfig { url, password, ca_file }));
        }
        Named::Embedded => StoreConfig::Embedded,
        Named::Memory => StoreConfig::Memory,
    };
    if let Some(at) = given {
        let invalid =
            ValueError::new("is for a Redis store only", "expected it with store = \"redis://…\"");
        reader.invalid(at, invalid);
    }
    Some(store)
}

fn named(text: &str) -> Result<Named, ValueError> {
    match text {
        "embedded" => Ok(Named::Embedded),
        "memory" => Ok(Named::Memory),
        _ => redis_url(text).map(Named::Redis),
    }
}

/// `redis://host:6379/0`, `rediss://user@host`.
fn redis_url(text: &str) -> Result<Url, ValueError> {
    let expected =
        "expected \"embedded\", \"memory\" or an address such as \"redis://host:6379/0\"";
    let invalid = |what: &str| ValueError::new(what, expected);
    let url = Url::parse(text).map_err(|_| invalid("is no store"))?;
    if !matches!(url.scheme(), "redis" | "rediss") || url.host_str().is_none_or(str::is_empty) {
        return Err(invalid("is no store"));
    }
    if url.password().is_some() {
        let remedy = "write it to a file that only the gate can read, and name that in \
                      store_password_file";
        return Err(invalid("has a password in it").remedy(remedy));
    }
    let database = url.path().trim_start_matches('/');
    let is_number = database.is_empty() || database.parse::<u16>().is_ok();
    if !is_number || url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("has more in it than a host, a port and the number of a database"));
    }
    Ok(url)
}
