//! A check that root runs judges as the user whom the gate runs as: root may read and write
//! everything, so its own word proves nothing, and what root makes the gate cannot use.

use std::ffi::CString;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use anyhow::Context as _;
use nix::unistd::{Gid, Uid, User, initgroups, setgid, setgroups, setuid};

use crate::config;

/// Whom the unit and `deploy/sysusers.conf` name.
pub(super) const NAME: &str = "jsm-gate";

/// Becomes the user who owns the state folder, for good, when root runs the command; their name then.
pub(super) fn become_it(file: &Path) -> anyhow::Result<Option<String>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    let Some((user, group)) = owner(&config::state_dir(file))? else { return Ok(None) };
    let known = User::from_uid(user)?;
    let name = known.as_ref().map_or_else(|| user.to_string(), |user| user.name.clone());
    let changed = match &known {
        Some(known) => {
            let name = CString::new(known.name.as_str())?;
            initgroups(&name, known.gid).and_then(|()| setgid(known.gid))
        }
        None => setgroups(&[group]).and_then(|()| setgid(group)),
    };
    changed.and_then(|()| setuid(user)).with_context(|| format!("cannot become {name}"))?;
    Ok(Some(name))
}

/// Who owns the state folder, or will; `None` when that is root.
fn owner(state_dir: &Path) -> anyhow::Result<Option<(Uid, Gid)>> {
    if let Ok(folder) = fs::metadata(state_dir) {
        let (user, group) = (Uid::from_raw(folder.uid()), Gid::from_raw(folder.gid()));
        return Ok((!user.is_root()).then_some((user, group)));
    }
    if state_dir != Path::new(config::DEFAULT_STATE_DIR) {
        return Ok(None);
    }
    Ok(User::from_name(NAME)?.map(|user| (user.uid, user.gid)))
}
