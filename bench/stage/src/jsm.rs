//! A Cloud site that takes its time.

use std::io::Result;
use std::time::Duration;

use sandbox::jsm::{Account, Jsm, JsmSettings};

use crate::logins::customer;
use crate::until_the_input_ends;

/// The project of the portal that customers visit.
const PROJECT: &str = "IT";

/// The key of the one request that a customer has.
pub fn key_of(number: usize) -> String {
    format!("{PROJECT}-{}", number + 1)
}

pub async fn serve(customers: usize, delay_ms: usize) -> Result<()> {
    let jsm = Jsm::start(JsmSettings::cloud()).await?;
    for number in 0..customers {
        let email = format!("{}@example.com", customer(number).username);
        let id = jsm.add_account(Account::customer(&format!("Customer {number}"), &email));
        let key = jsm.add_request(PROJECT, &id, "My second screen stays dark");
        assert_eq!(key, key_of(number));
        jsm.answer(&key, "Does it stay dark with the other cable, too?");
    }
    jsm.slow_down(Duration::from_millis(delay_ms as u64));
    println!("{}", jsm.url());
    until_the_input_ends().await
}
