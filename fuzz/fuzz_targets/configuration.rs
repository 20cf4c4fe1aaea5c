//! Every text is a configuration or a report, and both can be printed.

#![no_main]

use std::path::Path;

use jsm_gate::config;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let env =
        |name: &str| (name == "SECRET").then(|| "a secret of more than 32 bytes, by far".into());
    let folder = Path::new("/nonexistent");
    match config::parse("proxy.toml", text, folder, &env) {
        Ok(loaded) => assert!(!format!("{:?}", loaded.config).contains("by far")),
        Err(errors) => assert!(errors.to_string().contains("proxy.toml")),
    }
});
