//! Files on their way to a request that somebody may make or reply to.

use super::file_places::{FilePlace, FilePlaces};
use crate::domain::{AccountId, Portal};
use crate::jsm::requests::{Requests, TemporaryFile};
use crate::jsm::{Error, JsmSession, Upload};

/// Somebody may have JSM keep files for a request of theirs at this portal.
#[derive(Clone, Copy, Debug)]
pub struct Uploading<'a> {
    pub(super) requests: &'a Requests,
    pub(super) places: &'a FilePlaces,
    pub(super) account: &'a AccountId,
    pub(super) portal: &'a Portal,
}

impl Uploading<'_> {
    /// A place for one file. `None` where too many are under way, theirs or everybody's.
    pub async fn place(&self) -> Option<FilePlace> {
        self.places.take(self.account).await
    }

    /// Has JSM keep a file, in the session of those that are to be taken with it.
    ///
    /// # Errors
    /// When the file does not arrive whole, or JSM does not keep it.
    pub async fn keep(
        &self,
        _: &FilePlace,
        file: Upload,
        session: Option<JsmSession>,
    ) -> Result<TemporaryFile, Error> {
        self.requests.keep(self.portal, file, session).await
    }
}
