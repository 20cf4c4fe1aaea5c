//! `[limits]`

use crate::config::field::Field;
use crate::config::parsed::LimitsConfig;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{default, raw, values};

pub(super) fn read(field: &Field<raw::Limits>, reader: &mut Reader<'_>) -> Option<LimitsConfig> {
    let nothing = raw::Limits::default();
    let raw = reader.value(field).unwrap_or(&nothing);
    let header_bytes = reader.parse_or(&raw.header_bytes, default::LIMIT_HEADER_BYTES, memory_size);
    let identity_bytes =
        reader.parse_or(&raw.identity_bytes, default::LIMIT_IDENTITY_BYTES, memory_size);
    let headers = reader.value_or(&raw.headers, default::LIMIT_HEADERS);
    let body_bytes = reader.parse_or(&raw.body_bytes, default::LIMIT_BODY_BYTES, values::size);
    let data_call_bytes =
        reader.parse_or(&raw.data_call_bytes, default::LIMIT_DATA_CALL_BYTES, memory_size);
    let pending_logins = reader.value_or(&raw.pending_logins, default::LIMIT_PENDING_LOGINS);
    let pending_login_age =
        reader.parse_or(&raw.pending_login_age, default::LIMIT_PENDING_LOGIN_AGE, values::duration);
    let logins_per_minute =
        reader.value_or(&raw.logins_per_minute, default::LIMIT_LOGINS_PER_MINUTE);
    let connections = connections(raw, reader);
    let (requests, websockets) = (requests(raw, reader), websockets(raw, reader));
    let header_timeout =
        reader.parse_or(&raw.header_timeout, default::LIMIT_HEADER_TIMEOUT, values::duration);
    let keep_alive = reader.parse_or(&raw.keep_alive, default::LIMIT_KEEP_ALIVE, values::duration);
    let sessions = reader.value_or(&raw.sessions, default::LIMIT_SESSIONS);
    Some(LimitsConfig {
        header_bytes: header_bytes?,
        headers: usize::try_from(headers).ok()?,
        body_bytes: body_bytes?,
        data_call_bytes: data_call_bytes?,
        identity_bytes: identity_bytes?,
        pending_logins: usize::try_from(pending_logins).ok()?,
        pending_login_age: pending_login_age?,
        logins_per_minute: u32::try_from(logins_per_minute).unwrap_or(u32::MAX),
        connections: connections.0,
        connections_per_address: connections.1,
        requests_per_customer: requests.0,
        requests_per_address: requests.1,
        websockets_per_customer: websockets.0,
        websockets: websockets.1,
        header_timeout: header_timeout?,
        keep_alive: keep_alive?,
        sessions,
        drain: reader.parse_or(&raw.drain, default::LIMIT_DRAIN, values::duration)?,
    })
}

fn count(field: &Field<u64>, default: u64, reader: &mut Reader<'_>) -> usize {
    usize::try_from(reader.value_or(field, default)).unwrap_or(usize::MAX)
}

/// Of a customer, and from an address.
fn requests(raw: &raw::Limits, reader: &mut Reader<'_>) -> (usize, usize) {
    let customer = count(&raw.requests_per_customer, default::LIMIT_REQUESTS_PER_CUSTOMER, reader);
    let address = count(&raw.requests_per_address, default::LIMIT_REQUESTS_PER_ADDRESS, reader);
    (customer, address)
}

/// Of a customer, and in all.
fn websockets(raw: &raw::Limits, reader: &mut Reader<'_>) -> (usize, usize) {
    let each = &raw.websockets_per_customer;
    let each = count(each, default::LIMIT_WEBSOCKETS_PER_CUSTOMER, reader);
    (each, count(&raw.websockets, default::LIMIT_WEBSOCKETS, reader))
}

fn memory_size(text: &str) -> Result<usize, ValueError> {
    let too_many = |_| ValueError::new("is too large", "expected a size that fits into memory");
    usize::try_from(values::size(text)?).map_err(too_many)
}

/// In all, and from one address. A semaphore of tokio's counts no further than half of `usize`.
fn connections(raw: &raw::Limits, reader: &mut Reader<'_>) -> (usize, usize) {
    let most = usize::MAX >> 4;
    let count = |number: u64| usize::try_from(number).unwrap_or(most).min(most);
    let all = reader.value_or(&raw.connections, default::LIMIT_CONNECTIONS);
    let each =
        reader.value_or(&raw.connections_per_address, default::LIMIT_CONNECTIONS_PER_ADDRESS);
    (count(all), count(each))
}
