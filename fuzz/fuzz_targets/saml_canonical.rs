//! What is read has a canonical form, which is canonical itself.

#![no_main]

use libfuzzer_sys::fuzz_target;
use saml::fuzzing::canonical;

fuzz_target!(|xml: &str| {
    if let Some(once) = canonical(xml) {
        // What has to be escaped in the canonical form may make it too long to be read.
        if let Some(twice) = canonical(&once) {
            assert_eq!(once, twice);
        }
    }
});
