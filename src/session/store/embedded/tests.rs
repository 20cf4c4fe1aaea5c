use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, UNIX_EPOCH};

use tempfile::TempDir;

use super::*;
use crate::session::store::{Terms, contract, contract_of_records};
use crate::session::{Session, SessionCredential, SessionId};

const TERMS: Terms = Terms { until: 4_000_000_000, per_customer: 10 };

fn clock() -> Clock {
    Clock::from_fn(|| UNIX_EPOCH + Duration::from_secs(2000))
}

fn secrets(names: &[&str]) -> Vec<SecretString> {
    names.iter().map(|name| SecretString::from(name.repeat(32))).collect()
}

fn opened(folder: &TempDir) -> Arc<SealedStore<EmbeddedRecords>> {
    let records = EmbeddedRecords::open(folder.path(), &clock()).unwrap();
    SealedStore::start(records, Arc::new(SessionCache::new(1000)), &secrets(&["a"]), clock())
}

async fn put(store: &dyn SessionStore, subject: &str) -> SessionCredential {
    let (credential, session) = contract::session(subject);
    store.put(session, contract::provider_data(subject), TERMS).await.unwrap();
    credential
}

async fn opens(store: &dyn SessionStore, credential: &SessionCredential) -> bool {
    store.find(credential).await.unwrap().is_some()
}

/// A store whose file goes with it.
struct Kept(Arc<SealedStore<EmbeddedRecords>>, #[expect(dead_code, reason = "held")] TempDir);

impl std::ops::Deref for Kept {
    type Target = SealedStore<EmbeddedRecords>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_store_keeps_the_contract() {
    contract::holds_for(async || {
        let folder = TempDir::new().unwrap();
        Kept(opened(&folder), folder)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_survive_a_restart_and_only_the_gates_user_can_read_their_file() {
    let folder = TempDir::new().unwrap();
    let store = opened(&folder);
    let (ann, bob) = (put(&*store, "ann").await, put(&*store, "bob").await);
    store.remove(&bob.key).await.unwrap();
    drop(store);
    let store = opened(&folder);
    assert_eq!(store.count(), 1);
    assert!(opens(&*store, &ann).await && !opens(&*store, &bob).await);
    let file = folder.path().join("sessions.redb");
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_use_survives_a_restart() {
    let folder = TempDir::new().unwrap();
    let store = opened(&folder);
    let ann = put(&*store, "ann").await;
    let session = store.find(&ann).await.unwrap().unwrap();
    for now in [1030, 1060, 1090] {
        if session.touch(now) {
            store.record_use(&session);
        }
    }
    store.write_use().await;
    drop((store, session));
    let found = opened(&folder).find(&ann).await.unwrap().unwrap();
    assert_eq!(found.last_used(), 1090);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_file_names_nobody_and_has_no_token() {
    let folder = TempDir::new().unwrap();
    let store = opened(&folder);
    put(&*store, "ann").await;
    drop(store);
    let bytes = fs::read(folder.path().join("sessions.redb")).unwrap();
    for word in ["ann", "example.com", "token-of", "customers", "sid-of", "idp"] {
        let there = bytes.windows(word.len()).any(|window| window == word.as_bytes());
        assert!(!there, "{word} is in the file");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_rotated_without_logging_anybody_out() {
    let folder = TempDir::new().unwrap();
    let store = opened(&folder);
    let ann = put(&*store, "ann").await;
    store.use_secrets(&secrets(&["b", "a"]));
    assert!(opens(&*store, &ann).await);
    let again = put(&*store, "ann").await;
    store.use_secrets(&secrets(&["b"]));
    assert!(!opens(&*store, &ann).await, "a secret that is gone still opens");
    assert!(opens(&*store, &again).await);
    store.use_secrets(&secrets(&["b", "a"]));
    let selector = contract::session("ann").1.selectors().next().unwrap();
    assert_eq!(
        store.remove_all(&selector).await.unwrap().len(),
        2,
        "one kept by an earlier secret"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_log_in_two_hundred_at_once_and_none_is_lost() {
    let folder = TempDir::new().unwrap();
    let store = opened(&folder);
    let one = async |part: usize| {
        let mut credentials = Vec::new();
        for number in 0..50 {
            credentials.push(put(&*store, &format!("customer-{part}-{number}")).await);
        }
        credentials
    };
    let credentials = futures_util::future::join_all((0..200).map(one)).await.concat();
    assert_eq!(store.count(), 10_000);
    for credential in credentials.iter().step_by(101) {
        assert!(store.find_stored(credential).await.unwrap().is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_gates_do_not_share_a_file() {
    let folder = TempDir::new().unwrap();
    let store = opened(&folder);
    let second = EmbeddedRecords::open(folder.path(), &clock()).err().expect("opened twice");
    assert!(second.reason.contains("another process has it open"), "{second}");
    let ann = put(&*store, "ann").await;
    assert!(opens(&*store, &ann).await, "the first one suffers");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_removed_in_steps() {
    let folder = TempDir::new().unwrap();
    let store = opened(&folder);
    let mut puts = Vec::new();
    for number in 0..1200_u64 {
        let session = contract::session(&format!("customer-{number}")).1;
        let until = if number < 1100 { 5000 + number } else { 9000 };
        puts.push(store.put(session, <_>::default(), Terms { until, per_customer: 10 }));
    }
    futures_util::future::join_all(puts).await;
    assert_eq!(store.count(), 1200);
    store.sweep(4999).await;
    assert_eq!(store.count(), 1200);
    store.sweep(6500).await;
    assert_eq!(store.count(), 100);
}

/// Whatever is wrong with the file: the gate starts, without whom it cannot know any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_moved_aside_and_the_gate_starts() {
    let good = {
        let folder = TempDir::new().unwrap();
        let store = opened(&folder);
        put(&*store, "ann").await;
        drop(store);
        fs::read(folder.path().join("sessions.redb")).unwrap()
    };
    let rubbish = b"this is no database at all".repeat(100);
    let cut = good[..good.len() / 3].to_vec();
    let zeros = vec![0; good.len()];
    let mut scribbled = good.clone();
    for at in (0..scribbled.len()).step_by(61) {
        scribbled[at] ^= 0xff;
    }
    for (what, bytes) in
        [("rubbish", rubbish), ("cut", cut), ("zeros", zeros), ("scribbled", scribbled)]
    {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("sessions.redb"), bytes).unwrap();
        let store = opened(&folder);
        let bob = put(&*store, "bob").await;
        assert!(opens(&*store, &bob).await, "{what}");
        let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let aside = names.filter(|name| name.to_string_lossy().contains(".corrupt-2000")).count();
        assert_eq!(aside, 1, "{what} is not kept for whoever wants to look at it");
    }
}

/// Damage that shows only when a page is read: no way in, and healed by itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_damaged_anywhere_stops_nobody_from_logging_in() {
    let folder = TempDir::new().unwrap();
    let store = opened(&folder);
    let mut credentials = Vec::new();
    for number in 0..200 {
        credentials.push(put(&*store, &format!("customer-{number}")).await);
    }
    drop(store);
    let file = folder.path().join("sessions.redb");
    let good = fs::read(&file).unwrap();
    let used = good.iter().rposition(|byte| *byte != 0).unwrap();
    for part in 0..40 {
        let mut bytes = good.clone();
        let at = part * used / 40;
        for byte in &mut bytes[at..at + 700] {
            *byte = byte.wrapping_add(97);
        }
        fs::write(&file, bytes).unwrap();
        let store = opened(&folder);
        for credential in &credentials {
            // Found, unknown or an error for the moment; never a panic, never somebody else.
            if let Ok(Some(found)) = store.find(credential).await {
                assert!(found.credential.matches(credential));
            }
        }
        let logs_in = async {
            loop {
                let (credential, session) = contract::session("late");
                if store.put(session, <_>::default(), TERMS).await.is_ok() {
                    return credential;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let late = tokio::time::timeout(Duration::from_secs(20), logs_in).await;
        let late = late.unwrap_or_else(|_| panic!("nobody can log in: damage at {at}"));
        assert!(opens(&*store, &late).await);
    }
}

/// How long that takes, and a million, are the bench's.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_sessions_are_there_after_a_kill() {
    const COUNT: usize = 100_000;
    let folder = TempDir::new().unwrap();
    let (first, last) = fill(&folder, COUNT).await;
    // As after kill -9: nothing was closed.
    let killed = TempDir::new().unwrap();
    let [from, to] = [&folder, &killed].map(|folder| folder.path().join("sessions.redb"));
    fs::copy(from, &to).unwrap();
    fs::File::open(to).unwrap().sync_all().unwrap();
    let store = opened(&killed);
    assert_eq!(store.count(), COUNT as u64);
    assert!(opens(&*store, &first).await && opens(&*store, &last).await);
}

/// Leaves the store open, and leaks it.
async fn fill(folder: &TempDir, count: usize) -> (SessionCredential, SessionCredential) {
    let store = opened(folder);
    let credentials: Vec<_> = (0..count).map(|_| SessionId::random().credential()).collect();
    for (part, credentials) in credentials.chunks(50_000).enumerate() {
        let vault = crate::session::vault::Vault::new(&secrets(&["a"]));
        let rows: Vec<_> = credentials
            .iter()
            .enumerate()
            .map(|(number, credential)| {
                let login = contract::login(&format!("customer-{part}-{number}"));
                let session = Session::new(credential.clone(), login, 1000);
                let tags = session.selectors().map(|selector| vault.tags(&selector)[0]).collect();
                let sealed = vault.seal(&session, &contract::provider_data("ann")).unwrap();
                SealedRow { key: credential.key, created: 1000, until: TERMS.until, tags, sealed }
            })
            .collect();
        let put_all = move |tables: &mut Tables<'_>| {
            rows.iter().try_for_each(|row| tables.put(row, &row.tags[..1], 10).map(drop))
        };
        store.records().write(put_all).await.unwrap();
    }
    std::mem::forget(store);
    (credentials[0].clone(), credentials[count - 1].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_store_keeps_the_contract_of_records() {
    let folders = Mutex::new(Vec::new());
    contract_of_records::holds_for(async |clock| {
        let folder = TempDir::new().unwrap();
        let records = EmbeddedRecords::open(folder.path(), &clock).unwrap();
        folders.lock().push(folder);
        SealedStore::start(records, Arc::new(SessionCache::new(10)), &secrets(&["a"]), clock)
            .record_store()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_survive_a_restart_and_a_secret_that_is_replaced() {
    let folder = TempDir::new().unwrap();
    let table = Table::Customers;
    let store = opened(&folder);
    Arc::clone(&store).record_store().put(table, "ann", b"5b10", None).await.unwrap();
    store.use_secrets(&secrets(&["n", "a"]));
    let records = Arc::clone(&store).record_store();
    assert_eq!(records.get(table, "ann").await.unwrap().unwrap(), b"5b10");
    let there = records.put_new(table, "ann", b"6c20", None).await.unwrap();
    assert_eq!(there.unwrap(), b"5b10", "the name that an old secret gave does not count");
    store.seal_anew().await.unwrap();
    drop((store, records));

    let records = EmbeddedRecords::open(folder.path(), &clock()).unwrap();
    let cache = Arc::new(SessionCache::new(1000));
    let store = SealedStore::start(records, cache, &secrets(&["n"]), clock()).record_store();
    assert_eq!(store.get(table, "ann").await.unwrap().unwrap(), b"5b10");
    assert_eq!(store.list(table).await.unwrap().len(), 1);
}

/// A file of an earlier version has no tables for records.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_records_keeps_its_sessions_and_takes_records() {
    let folder = TempDir::new().unwrap();
    let store = opened(&folder);
    let ann = put(&*store, "ann").await;
    drop(store);
    let database = redb::Database::create(folder.path().join("sessions.redb")).unwrap();
    let writing = database.begin_write().unwrap();
    for name in ["rows", "rows_ending"] {
        let tables: Vec<_> = writing.list_tables().unwrap().collect();
        let table = tables.into_iter().find(|it| redb::TableHandle::name(it) == name).unwrap();
        assert!(writing.delete_table(table).unwrap());
    }
    writing.commit().unwrap();
    drop(database);
    let store = opened(&folder);
    assert!(opens(&*store, &ann).await);
    let table = Table::Customers;
    assert_eq!(Arc::clone(&store).record_store().get(table, "ann").await.unwrap(), None);
}
