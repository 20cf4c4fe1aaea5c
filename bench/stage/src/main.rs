//! What the bench needs of the gate's library. Prints one line and, as a provider, serves until its
//! input ends.
//!
//! ```text
//! stage provider SECRET           the sandbox's provider for a client with that secret; prints its issuer
//! stage logins URL COUNT AT_ONCE  logins there, all from a page back to the page; prints seconds
//! stage sessions COUNT FOLDER     an embedded store with so many; prints kilobytes before and after, seconds
//! stage jsm CUSTOMERS DELAY_MS    the sandbox's Cloud site, where each customer has a request; prints its address
//! stage visits LINK COUNT SECONDS so many customers at a hosted portal; prints that they are logged in, waits
//!                                 for a line, and prints what they saw as JSON
//! ```

mod browser;
mod jsm;
mod logins;
mod sessions;
mod visits;

use std::io::{Error, Read as _, Result};
use std::time::Instant;

use sandbox::provider::{Provider, ProviderSettings};

/// The gate's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "usage: stage provider SECRET | logins URL COUNT AT_ONCE | sessions COUNT FOLDER \
    | jsm CUSTOMERS DELAY_MS | visits LINK COUNT SECONDS";

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["provider", secret] => provider(secret).await,
        ["logins", url, count, at_once] => {
            let began = Instant::now();
            logins::log_in_often(url, number(count)?, number(at_once)?).await?;
            println!("{}", began.elapsed().as_secs_f64());
            Ok(())
        }
        ["sessions", count, folder] => sessions::fill(number(count)?, folder.as_ref()).await,
        ["jsm", customers, delay] => jsm::serve(number(customers)?, number(delay)?).await,
        ["visits", link, count, seconds] => {
            visits::visit(link, number(count)?, number(seconds)?).await
        }
        _ => Err(Error::other(USAGE)),
    }
}

fn number(text: &str) -> Result<usize> {
    text.parse().map_err(Error::other)
}

async fn provider(secret: &str) -> Result<()> {
    let client_secret = Some(secret.to_owned());
    let users = (0..logins::CUSTOMERS).map(logins::customer).collect();
    let settings = ProviderSettings { client_secret, users, ..ProviderSettings::default() };
    let provider = Provider::start(settings).await?;
    println!("{}", provider.issuer());
    until_the_input_ends().await
}

async fn until_the_input_ends() -> Result<()> {
    let wait = || std::io::stdin().read_to_end(&mut Vec::new());
    tokio::task::spawn_blocking(wait).await??;
    Ok(())
}
