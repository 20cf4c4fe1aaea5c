//! Nothing a stranger makes up opens, everything the gate sealed does, and changing one character
//! of it ends that.

#![no_main]

use std::sync::LazyLock;

use jsm_gate::session::Sealer;
use libfuzzer_sys::fuzz_target;
use secrecy::SecretString;

static SEALER: LazyLock<Sealer> = LazyLock::new(|| sealer(["new", "old"]));

/// Never seals: the fuzzer sees what is compared, and would learn what was sealed from that.
static ANOTHER: LazyLock<Sealer> = LazyLock::new(|| sealer(["one", "two"]));

fuzz_target!(|input: (&str, u16, char)| {
    let (text, at, other) = input;
    assert_eq!(ANOTHER.open("login", text), None);

    let sealed = SEALER.seal("login", text).unwrap();
    assert_eq!(SEALER.open("login", &sealed).as_deref(), Some(text));
    assert_eq!(SEALER.open("session", &sealed), None);
    let at = usize::from(at) % sealed.len();
    let changed: String =
        sealed.char_indices().map(|(here, c)| if here == at { other } else { c }).collect();
    if changed != sealed {
        assert_eq!(SEALER.open("login", &changed), None, "{changed:?} opens like {sealed:?}");
    }
});

fn sealer(secrets: [&str; 2]) -> Sealer {
    Sealer::new(&secrets.map(|secret| SecretString::from(secret.repeat(20))))
}
