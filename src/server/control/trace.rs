//! What was exchanged lately with a service provider. Must not know how that is shown.

use serde::{Deserialize, Serialize};

use super::{ControlAnswer, saml};
use crate::server::Assembly;
use crate::sso::Exchange;

/// What is asked about exchanges.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TraceRequest {
    /// The id of the service provider.
    pub id: String,
    /// Whether names and other values of people are wanted in full.
    pub unmasked: bool,
}

/// The last exchanges.
pub(super) fn answer(assembly: &Assembly, request: &TraceRequest) -> ControlAnswer {
    match saml::find(&assembly.config(), &request.id) {
        Ok(service_provider) => {
            let all = assembly.trace().of(&service_provider.id).into_iter();
            let shown = |one: Exchange| if request.unmasked { one } else { one.masked() };
            ControlAnswer::Trace(all.map(shown).collect())
        }
        Err(why) => ControlAnswer::Refused(why),
    }
}
