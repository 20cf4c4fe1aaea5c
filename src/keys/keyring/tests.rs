use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

use super::*;

const START: u64 = 1_800_000_000;
const DAY: u64 = 24 * 60 * 60;
const ROTATE: Duration = Duration::from_secs(30 * DAY);

struct Bench {
    state_dir: TempDir,
    clock: Clock,
    now: Arc<AtomicU64>,
}

impl Bench {
    fn new() -> Self {
        let (clock, now) = Clock::stopped_at(START);
        Self { state_dir: TempDir::new().unwrap(), clock, now }
    }

    fn keyring(&self) -> Keyring {
        Keyring::open(self.state_dir.path(), ROTATE, self.clock.clone()).unwrap()
    }

    fn set_clock(&self, now: u64) {
        self.now.store(now, Ordering::SeqCst);
    }
}

fn signing(keyring: &Keyring) -> String {
    keyring.maintain().unwrap();
    keyring.signing().unwrap().id().to_owned()
}

fn published(keyring: &Keyring) -> Vec<String> {
    let keys = keyring.public();
    let ids = keys["keys"].as_array().unwrap().iter();
    ids.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn d10_a_key_is_published_a_day_before_it_signs_and_a_day_after() {
    let bench = Bench::new();
    let keyring = bench.keyring();
    let first = signing(&keyring);
    assert_eq!(published(&keyring), std::slice::from_ref(&first));

    bench.set_clock(START + 29 * DAY - 1);
    assert_eq!(signing(&keyring), first);
    assert_eq!(published(&keyring), std::slice::from_ref(&first));

    bench.set_clock(START + 29 * DAY);
    assert_eq!(signing(&keyring), first);
    let [_, second] = &published(&keyring)[..] else { panic!("not two keys") };

    bench.set_clock(START + 30 * DAY);
    assert_eq!(&signing(&keyring), second);
    bench.set_clock(START + 31 * DAY - 1);
    assert_eq!(&signing(&keyring), second);
    assert_eq!(published(&keyring), [first, second.clone()]);

    bench.set_clock(START + 31 * DAY);
    assert_eq!(&signing(&keyring), second);
    assert_eq!(&published(&keyring), std::slice::from_ref(second));
}

#[test]
fn after_a_long_stop_the_old_key_signs_until_the_new_one_is_known() {
    let bench = Bench::new();
    let first = signing(&bench.keyring());
    bench.set_clock(START + 400 * DAY);
    let keyring = bench.keyring();
    assert_eq!(signing(&keyring), first);
    assert_eq!(published(&keyring).len(), 2);
    bench.set_clock(START + 401 * DAY);
    assert_ne!(signing(&keyring), first);
}

#[test]
fn a_clock_set_back_leaves_a_key_that_signs() {
    let bench = Bench::new();
    let keyring = bench.keyring();
    let first = signing(&keyring);
    bench.set_clock(START - 400 * DAY);
    assert_eq!(signing(&keyring), first);
    assert_eq!(signing(&bench.keyring()), first);
}

#[test]
fn what_is_opened_again_is_the_same() {
    let bench = Bench::new();
    bench.set_clock(START);
    let before = bench.keyring();
    bench.set_clock(START + 29 * DAY);
    let signs = signing(&before);
    let after = bench.keyring();
    assert_eq!((signing(&after), published(&after)), (signs, published(&before)));
}

#[test]
fn a_key_that_cannot_be_kept_is_not_published() {
    let bench = Bench::new();
    let keyring = bench.keyring();
    let before = published(&keyring);
    std::fs::remove_dir_all(bench.state_dir.path()).unwrap();
    bench.set_clock(START + 29 * DAY);
    assert!(keyring.maintain().is_err());
    assert_eq!(published(&keyring), before);
}
