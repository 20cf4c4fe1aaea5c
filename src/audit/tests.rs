use std::fs::{self, OpenOptions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;
use std::time::UNIX_EPOCH;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::config::AuditTo;
use crate::domain::ProviderId;

fn into_file(path: &Path) -> AuditConfig {
    AuditConfig { to: AuditTo::File(path.to_owned()) }
}

fn open(config: &AuditConfig) -> Audit {
    open_in(config, Path::new("/nowhere"))
}

fn open_in(config: &AuditConfig, state_dir: &Path) -> Audit {
    let clock = Clock::from_fn(|| UNIX_EPOCH + Duration::from_millis(1_800_000_000_123));
    Audit::open(config, state_dir, clock, Counter::default()).unwrap()
}

fn event() -> Event {
    let request = Event::new(Kind::LoginStarted).in_request("17", Some([192, 0, 2, 1].into()));
    request.at_provider(&ProviderId::parse("okta").unwrap())
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn what_strangers_do_is_told_a_few_times_and_then_by_its_number() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("audit.log");
    let audit = open(&into_file(&file));
    for address in 1..=3u8 {
        for _ in 0..1000 {
            let refused = Event::new(Kind::LoginRefused).by_rule("login-expired");
            audit.note_stranger(refused.in_request("17", Some([192, 0, 2, address].into())));
        }
    }
    audit.flush().await;
    let lines = lines(&file);
    assert_eq!(lines.len(), 3 * (5 + 1));
    let sums: Vec<_> = lines.iter().filter(|line| line["count"] == 995).collect();
    assert_eq!(sums.len(), 3);
    for sum in sums {
        assert_eq!(
            (&sum["event"], &sum["rule"]),
            (&"login_refused".into(), &"login-expired".into())
        );
        assert!(sum["client"].as_str().unwrap().starts_with("192.0.2."), "{sum}");
    }
    audit.flush().await;
    assert_eq!(self::lines(&file).len(), 18, "told once");
}

#[tokio::test]
async fn g11_what_a_customer_does_over_and_over_is_told_a_few_times_and_then_by_its_number() {
    let folder = TempDir::new().unwrap();
    let audit = open_in(&AuditConfig { to: AuditTo::Log }, folder.path());
    let refused = |subject: &str, link: &str| {
        let mut event = Event::new(Kind::PortalRefused).of_links(link);
        event.subject = Some(subject.into());
        audit.note_customer(event);
    };
    for number in 0..1000 {
        refused("00u1", &format!("portal-{number}"));
    }
    refused("00u2", "portal-1");
    audit.flush().await;
    let file = folder.path().join("audit.log");
    let lines = lines(&file);
    let of = |subject: &str| lines.iter().filter(|line| line["subject"] == subject).count();
    assert_eq!((of("00u1"), of("00u2")), (10 + 1, 1));
    assert_eq!(lines.iter().filter(|line| line["count"] == 990).count(), 1);
    audit.flush().await;
    assert_eq!(self::lines(&file).len(), 12, "told once");
}

#[tokio::test]
async fn by_default_events_about_people_are_in_a_file_too_and_those_of_strangers_are_not() {
    let folder = TempDir::new().unwrap();
    let audit = open_in(&AuditConfig { to: AuditTo::Log }, folder.path());
    audit.note_stranger(event());
    audit.note(Event::new(Kind::EmergencyUsed).in_request("18", None));
    assert!(audit.write(Event::new(Kind::Logout)).await);
    let kept = lines(&folder.path().join("audit.log"));
    let kept: Vec<_> = kept.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(kept, ["emergency_used", "logout"]);
}

#[tokio::test]
async fn an_event_is_a_line_of_json_in_a_file_nobody_else_may_read() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("audit.log");
    let audit = open(&into_file(&file));
    audit.note(event().because("a \"reason\"\non two lines"));
    audit.flush().await;
    let expected = json!({
        "time": "2027-01-15T08:00:00.123Z", "event": "login_started", "request_id": "17",
        "client": "192.0.2.1", "provider": "okta", "reason": "a \"reason\"\non two lines",
    });
    assert_eq!(lines(&file), [expected]);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_rotated_file_is_left_alone_once_the_trail_is_reopened() {
    let folder = TempDir::new().unwrap();
    let (file, rotated) = (folder.path().join("audit.log"), folder.path().join("audit.log.1"));
    let audit = open(&into_file(&file));
    assert!(audit.write(event()).await);
    fs::rename(&file, &rotated).unwrap();
    assert!(audit.write(event()).await, "a line between rotation and reload");
    audit.reopen(&into_file(&file)).await.unwrap();
    assert!(audit.write(event()).await);
    assert_eq!((lines(&rotated).len(), lines(&file).len()), (2, 1));
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_leaves_the_trail_where_it_was() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("audit.log");
    let audit = open(&into_file(&file));
    let nowhere = into_file(&folder.path().join("missing/audit.log"));
    let error = audit.reopen(&nowhere).await.unwrap_err().to_string();
    assert!(error.contains("missing/audit.log") && error.contains("create its folder"), "{error}");
    assert!(audit.write(event()).await);
    assert_eq!(lines(&file).len(), 1);
}

#[tokio::test]
async fn on_a_full_disk_events_are_counted_and_what_must_be_written_is_told_so() {
    let audit = open(&into_file(Path::new("/dev/full")));
    audit.note(event());
    assert!(!audit.write(event()).await);
    assert_eq!(audit.lost(), 2);
    let folder = TempDir::new().unwrap();
    audit.reopen(&into_file(&folder.path().join("audit.log"))).await.unwrap();
    assert!(audit.write(event()).await, "it does not heal");
    assert_eq!(audit.lost(), 2);
}

#[tokio::test]
async fn a_disk_that_hangs_holds_up_nobody() {
    let folder = TempDir::new().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let nonblocking = 0o4000;
    let reader = OpenOptions::new().read(true).custom_flags(nonblocking).open(&pipe).unwrap();
    let audit = open(&into_file(&pipe));
    let more_than_fit = 3 * WAITING;
    for _ in 0..more_than_fit {
        audit.note(event());
    }
    assert!(audit.lost() > 0);
    drop(reader);
}

#[tokio::test]
async fn a_default_file_that_takes_nothing_is_said_and_counted_and_stops_nobody() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("audit.log");
    symlink("/dev/full", &file).unwrap();
    let audit = open_in(&AuditConfig { to: AuditTo::Log }, folder.path());
    assert!(audit.write(Event::new(Kind::EmergencyUsed)).await, "the log has it");
    for _ in 0..3 {
        audit.note_stranger(event());
    }
    audit.flush().await;
    assert_eq!(audit.lost(), 1);
    assert!(audit.0.lost.said.load(Ordering::Relaxed), "strangers do not make it whole");
    fs::remove_file(&file).unwrap();
    audit.reopen(&AuditConfig { to: AuditTo::Log }).await.unwrap();
    assert!(audit.write(Event::new(Kind::Logout)).await);
    assert_eq!((audit.lost(), lines(&file).len()), (1, 1));
}

#[tokio::test]
async fn a_default_file_that_cannot_be_opened_is_tried_again() {
    let folder = TempDir::new().unwrap();
    let state_dir = folder.path().join("state");
    let audit = open_in(&AuditConfig { to: AuditTo::Log }, &state_dir);
    assert!(audit.write(Event::new(Kind::Logout)).await, "the log has it");
    assert_eq!(audit.lost(), 1);
    fs::create_dir(&state_dir).unwrap();
    assert!(audit.write(Event::new(Kind::Logout)).await);
    let text = fs::read_to_string(state_dir.join("audit.log")).unwrap();
    assert_eq!(text.matches("logout").count(), 1, "{text}");
}
