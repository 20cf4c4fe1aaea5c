//! What an error tells about its connection: whether another connection may bring an answer. Must
//! not know what was asked.

use redis::RedisError;

/// What a server says that is not, or not yet, the right one. After a failover the old connection
/// may stay open to a server that has become a replica, and would answer so for ever.
///
/// <https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors>; `NOREPLICAS` is the word
/// of a primary that is cut off from its replicas, `UNBLOCKED` of one that has just become a replica.
const NOT_THE_ONE: [&str; 9] = [
    "READONLY",
    "LOADING",
    "MASTERDOWN",
    "CLUSTERDOWN",
    "MOVED",
    "ASK",
    "TRYAGAIN",
    "NOREPLICAS",
    "UNBLOCKED",
];

/// Whether a new connection may bring an answer: this one broke, or leads to the wrong server.
pub(super) fn wants_another_connection(error: &RedisError) -> bool {
    let Some(code) = error.code() else { return true };
    // Before Redis 7 an error within a script is in the text, behind a generic code.
    let told = error.detail().unwrap_or_default();
    let within_script = |word: &str| code == "ERR" && told.contains(&format!(" -{word} "));
    NOT_THE_ONE.iter().any(|word| code == *word || within_script(word))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::replica("READONLY You can't write against a read only replica.", true)]
    #[case::replica_in_a_script_of_redis_7(
        "READONLY You can't write against a read only replica. script: f1, on @user_script:12.",
        true
    )]
    #[case::replica_in_a_script_of_redis_6(
        "ERR Error running script (call to f_1): @user_script:12: @user_script: 12: -READONLY You \
         can't write against a read only replica.",
        true
    )]
    #[case::reads_its_file("LOADING Redis is loading the dataset in memory", true)]
    #[case::replica_without_its_primary("MASTERDOWN Link with MASTER is down", true)]
    #[case::primary_without_its_replicas("NOREPLICAS Not enough good replicas to write.", true)]
    #[case::became_a_replica("UNBLOCKED force unblock from blocking operation", true)]
    #[case::other_node("MOVED 3999 127.0.0.1:6381", true)]
    #[case::node_moves("ASK 3999 127.0.0.1:6381", true)]
    #[case::node_is_being_moved("TRYAGAIN Multiple keys request during rehashing of slot", true)]
    #[case::cluster_without_slots("CLUSTERDOWN Hash slot not served", true)]
    #[case::memory_is_full("OOM command not allowed when used memory > 'maxmemory'.", false)]
    #[case::disk_is_full("MISCONF Redis is configured to save RDB snapshots", false)]
    #[case::no_right("NOPERM this user has no permissions to run the 'keys' command", false)]
    #[case::no_password("NOAUTH Authentication required.", false)]
    #[case::other_type("WRONGTYPE Operation against a key", false)]
    #[case::mistake("ERR syntax error near -READONLY", false)]
    fn the_wrong_server_is_told_from_one_that_refuses(#[case] said: &str, #[case] wants: bool) {
        let value = redis::parse_redis_value(format!("-{said}\r\n").as_bytes()).unwrap();
        let error = value.extract_error().unwrap_err();
        assert_eq!(wants_another_connection(&error), wants, "{error:?}");
    }

    #[test]
    fn a_connection_that_broke_brought_no_answer() {
        let broken = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        assert!(wants_another_connection(&broken.into()));
    }
}
