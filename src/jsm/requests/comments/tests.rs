use rstest::rstest;
use serde_json::json;

use super::super::samples::{request, site};
use super::super::shapes::each;
use super::*;

/// A comment in JSM's list.
fn told(id: u64, author: &str, body: &str) -> Value {
    json!({
        "id": id.to_string(), "body": body, "public": true, "author": {"accountId": author},
        "created": {"epochMillis": 1_444_290_120_000_i64 + i64::try_from(id).unwrap()},
        "_links": {"self": "https://acme.atlassian.net/rest/servicedeskapi/request/IT-12/comment/1"},
    })
}

/// The same in Jira's list, with further members.
fn in_jira(id: u64, rendered: &str, further: &Value) -> Value {
    let mut comment = json!({"id": id.to_string(), "renderedBody": rendered, "jsdPublic": true});
    for (name, value) in further.as_object().unwrap() {
        comment[name] = value.clone();
    }
    comment
}

fn read(told: Vec<Value>, in_jira: Vec<Value>) -> Conversation {
    conversation(&request(), each(told), in_jira, &site())
}

fn texts(conversation: &Conversation) -> Vec<&str> {
    conversation.comments.iter().map(|comment| comment.text.as_str()).collect()
}

fn files(conversation: &Conversation) -> Vec<u64> {
    conversation.files.iter().map(|file| file.id.get()).collect()
}

#[test]
fn comments_stand_in_the_order_of_their_times() {
    let conversation = read(
        vec![told(2, "agent", "two"), told(1, "ann", "one")],
        vec![in_jira(1, "<p>one</p>", &json!({})), in_jira(2, "<p>two</p>", &json!({}))],
    );
    assert_eq!(texts(&conversation), ["one", "two"]);
    let html = conversation.comments[0].html.as_ref().map(JsmHtml::untrusted);
    assert_eq!(html, Some("<p>one</p>"));
}

#[rstest]
#[case::for_customers(json!({}), true)]
#[case::unknown_in_jira(json!({"jsdPublic": null}), true)]
#[case::internal_in_jira(json!({"jsdPublic": false}), false)]
#[case::for_a_role(json!({"visibility": {"type": "role", "value": "Agents"}}), false)]
#[case::internal_by_property(
    json!({"properties": [{"key": "sd.public.comment", "value": {"internal": true}}]}), false)]
#[case::internal_by_an_importer(
    json!({"properties": [{"key": "sd.public.comment", "value": {"internal": "true"}}]}), false)]
#[case::public_by_an_importer(
    json!({"properties": [{"key": "sd.public.comment", "value": {"internal": "false"}}]}), true)]
#[case::odd_property(
    json!({"properties": [{"key": "sd.public.comment", "value": {"internal": 1}}]}), false)]
#[case::odd(json!({"properties": 7}), false)]
fn p6_a_comment_is_shown_if_both_lists_say_that_it_is_for_customers(
    #[case] further: Value,
    #[case] shown: bool,
) {
    let conversation =
        read(vec![told(1, "agent", "INTERNAL-COMMENT")], vec![in_jira(1, "", &further)]);
    assert_eq!(!conversation.comments.is_empty(), shown);
}

#[rstest]
#[case::internal(json!(false))]
#[case::unknown(Value::Null)]
fn p6_what_jsms_own_list_does_not_call_public_is_not_shown(#[case] public: Value) {
    let mut comment = told(1, "agent", "INTERNAL-COMMENT");
    comment["public"] = public;
    assert!(read(vec![comment], vec![in_jira(1, "", &json!({}))]).comments.is_empty());
}

#[test]
fn p6_a_comment_that_is_in_one_list_only_is_not_shown() {
    assert!(read(vec![told(1, "agent", "INTERNAL-COMMENT")], Vec::new()).comments.is_empty());
    assert!(read(Vec::new(), vec![in_jira(1, "INTERNAL-COMMENT", &json!({}))]).comments.is_empty());
}

#[test]
fn p3_customers_see_their_own_files_and_those_that_came_with_the_request() {
    assert_eq!(files(&read(Vec::new(), Vec::new())), [1, 4, 5]);
}

#[test]
fn p3_a_file_that_only_the_team_speaks_of_is_the_teams() {
    let internal = in_jira(1, "<a href=\"/secure/attachment/5/x\">", &json!({"jsdPublic": false}));
    assert_eq!(files(&read(Vec::new(), vec![internal])), [1, 4]);
    // One that cannot be read may be the team's.
    let odd = json!({"id": "x", "body": {"text": "/rest/api/3/attachment/content/5"}});
    assert_eq!(files(&read(Vec::new(), vec![odd])), [1, 4]);
}

/// Data Center's list says nothing of a comment that was made without JSM.
#[rstest]
#[case::not_listed(None)]
#[case::internal(Some(json!(false)))]
#[case::unknown(Some(Value::Null))]
fn p3_a_file_of_a_comment_that_one_list_alone_calls_public_is_the_teams(
    #[case] public: Option<Value>,
) {
    let names = in_jira(1, "<a href=\"/secure/attachment/5/x\">", &json!({"jsdPublic": null}));
    let told = public.map(|public| {
        let mut comment = told(1, "agent", "see");
        comment["public"] = public;
        comment
    });
    assert_eq!(files(&read(told.into_iter().collect(), vec![names])), [1, 4]);
}

#[test]
fn p3_a_file_of_a_public_comment_is_for_customers() {
    let mut comment = told(1, "agent", "see");
    comment["attachments"] = json!({"values": [{
        "filename": "public-of-agent.png",
        "_links": {"jiraRest": "https://acme.atlassian.net/rest/api/2/attachment/3"},
    }]});
    let conversation = read(vec![comment], vec![in_jira(1, "<p>see</p>", &json!({}))]);
    assert_eq!(files(&conversation), [1, 3, 4, 5]);
    assert_eq!(conversation.comments[0].files, [AttachmentId::parse("3").unwrap()]);
}

/// On Data Center only the rendered text says which files came with a comment.
#[rstest]
#[case::by_whoever_attached_it("agent", &[1, 2, 4, 5])]
#[case::by_a_customer_who_guessed_its_address("ann", &[1, 4, 5])]
#[case::by_a_customer_through_the_gate("gate", &[1, 4, 5])]
fn p3_the_address_of_a_file_shows_it_to_customers_if_its_owner_wrote_it(
    #[case] author: &str,
    #[case] shown: &[u64],
) {
    let rendered = "<a href=\"https://acme.atlassian.net/secure/attachment/2/INTERNAL-FILE.png\">";
    let conversation = read(vec![told(1, author, "x")], vec![in_jira(1, rendered, &json!({}))]);
    assert_eq!(files(&conversation), shown);
}

#[rstest]
#[case::of_the_gate("gate", true)]
#[case::of_somebody_else("agent", false)]
fn p18_only_what_the_gate_sent_can_say_who_wrote_it(#[case] author: &str, #[case] claims: bool) {
    let claim = json!({"properties": [{
        "key": "jsm-gate.author", "value": {"v": 1, "accountId": "bob", "name": "Boss", "mac": "x"},
    }]});
    let conversation = read(vec![told(1, author, "x")], vec![in_jira(1, "x", &claim)]);
    assert_eq!(conversation.comments[0].claim.is_some(), claims);
}

#[test]
fn an_answer_from_outside_is_marked() {
    let outside = in_jira(1, "x", &json!({"jsdAuthorCanSeeRequest": false}));
    assert!(read(vec![told(1, "mallory", "x")], vec![outside]).comments[0].is_from_outside);
}
