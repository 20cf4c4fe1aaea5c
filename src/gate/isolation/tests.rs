//! Names and what they lead to, for somebody who may use portals 2 and 4 but not 3.

use std::sync::Arc;

use http::{HeaderMap, Method};
use rstest::rstest;

use super::*;
use crate::domain::{LinkName, Mode, PortalId, Proof, ProviderId, Told};
use crate::reading::MediaType;

fn portal(id: &str, key: &str, former: &[&str], access: Access) -> Portal {
    Portal {
        service_desk_id: format!("1{id}"),
        portal_id: PortalId::parse(id).ok(),
        project_id: format!("1000{id}"),
        project_key: key.to_owned(),
        former_keys: former.iter().map(|key| (*key).to_owned()).collect(),
        name: key.to_owned(),
        link: LinkName::parse(&key.to_ascii_lowercase()).unwrap(),
        mode: Mode::Forward,
        service_provider: None,
        rules: Arc::new(access.into()),
        open_desk: false,
        greeting: Arc::default(),
        gone: false,
    }
}

fn portals() -> Portals {
    Portals::new([
        portal("2", "IT", &["OLDIT"], Access::Default),
        portal("3", "HR", &["PEOPLE"], Access::Private),
        portal("4", "FAC", &[], Access::Public),
        portal("5", "FIN", &[], Access::Private),
        portal("6", "SKI", &[], Access::Private),
    ])
}

fn cleo() -> Identity {
    Identity {
        provider: ProviderId::parse("idp").unwrap(),
        subject: "1".into(),
        email: Told::Absent,
        name: None,
        first_name: None,
        last_name: None,
        groups: Told::Absent,
        attributes: [].into(),
        proof: Proof::default(),
    }
}

fn json() -> Content {
    let headers = HeaderMap::new();
    let media_type = MediaType::of(&headers);
    Content::of(&Method::POST, "/rest/servicedesk/1/customer/models", media_type.as_ref())
}

/// What it was refused for: the portal's key, or the code of the problem.
fn told(result: &Result<(), Refused>) -> &str {
    match result {
        Ok(()) => "passes",
        Err(Refused::Portal(portal, _)) => &portal.project_key,
        Err(Refused::LoginNeeded) => "login",
        Err(Refused::Problem(problem)) => problem.code().as_str(),
    }
}

#[rstest]
#[case("/servicedesk/customer/portal/2/IT-1", "", "passes")]
#[case("/servicedesk/customer/portal/2/create/66", "summary=HR-1", "passes")]
#[case("/servicedesk/customer/portal/2/HR-1", "", "HR")]
#[case("/servicedesk/customer/portal/2/hr-1", "", "HR")]
#[case("/servicedesk/customer/portal/2/ HR-1", "", "HR")]
#[case("/servicedesk/customer/portal/2/HR-1.json", "", "HR")]
#[case("/servicedesk/customer/portal/2/HR-1;x", "", "HR")]
#[case("/servicedesk/customer/portal/2/PEOPLE-1", "", "HR")]
#[case("/servicedesk/customer/portal/2/OLDIT-1", "", "passes")]
#[case("/servicedesk/customer/portal/2/how-to", "", "passes")]
#[case::a6_dotless("/servicedesk/customer/portal/2/F\u{131}N-1", "", "FIN")]
#[case::a6_dotted("/servicedesk/customer/portal/2/F\u{130}N-1", "", "FIN")]
#[case::a6_ligature("/servicedesk/customer/portal/2/\u{fb01}n-1", "", "FIN")]
#[case::a6_long_s("/rest/servicedesk/1/customer/comment/\u{17f}KI-1", "", "SKI")]
#[case::a6_kelvin("/servicedesk/customer/portal/2/S\u{212a}I-1", "", "SKI")]
#[case("/servicedesk/customershim/secure/attachment/1/Pr\u{fc}fung-2024.pdf", "", "passes")]
#[case("/rest/servicedesk/1/servicedesk/customer/participant/removeParticipant/HR-1", "", "HR")]
#[case("/rest/servicedesk/1/servicedesk/customer/participant/removeParticipant/IT-1", "", "passes")]
#[case("/servicedesk/customer/user/requests", "portalId=3", "HR")]
#[case("/servicedesk/customer/user/requests", "portalId=2&portalId=3", "HR")]
#[case("/servicedesk/customer/user/requests", "portalId=2,3", "HR")]
#[case("/servicedesk/customer/user/requests", "PORTAL%49D=%33", "HR")]
#[case("/servicedesk/customer/user/requests", "portalId=03", "portal-unknown")]
#[case("/servicedesk/customer/user/requests", "portalId=%D9%A3", "portal-unknown")]
#[case::s2("/rest/servicedesk/1/customer/x.json", "%2570ortalId=3", "bad-request")]
#[case("/rest/servicedesk/1/customer/x.json", "portalId=%2533", "bad-request")]
#[case("/rest/servicedesk/1/customer/x", "portal%2549d=3", "bad-request")]
#[case("/rest/servicedesk/1/customer/x", "%25%370ortalId=3", "bad-request")]
#[case("/rest/servicedesk/1/customer/x", "issueKey=%2548R-1", "bad-request")]
#[case("/rest/servicedesk/1/customer/x", "issueKey=%u0048R-1", "bad-request")]
#[case("/rest/servicedesk/1/customer/x", "portalId%00=3", "bad-request")]
#[case("/rest/servicedesk/1/customer/x", "portalId=%003", "bad-request")]
#[case("/rest/servicedesk/1/customer/x", "portal%C1%89d=3", "bad-request")]
#[case("/rest/servicedesk/1/customer/x", "portal%C4%B1d=3", "bad-request")]
#[case("/rest/servicedesk/1/customer/x", "x=1;portalId=3", "bad-request")]
#[case("/rest/servicedesk/1/customer/x", "x;portalId=3", "bad-request")]
#[case("/rest/servicedesk/1/customer/x", "+portalId+=3", "HR")]
#[case("/rest/servicedesk/1/customer/x", "portalId[]=3", "HR")]
#[case("/rest/servicedesk/1/customer/x", "options%5BportalId%5D=3", "HR")]
#[case("/rest/servicedesk/1/customer/x", "portal.id=3", "HR")]
#[case("/rest/servicedesk/1/customer/x", "portalId=2&portalId=%2B3", "portal-unknown")]
#[case("/rest/servicedesk/1/customer/x", "issueKeys=IT-1;HR-1", "HR")]
#[case("/rest/servicedesk/1/customer/x", "issueKeys=IT-1%20HR-1", "HR")]
#[case("/rest/servicedesk/1/customer/x", "query=100%25&text=%252f;x&y=%ff", "passes")]
#[case("/servicedesk/customer/portal/2/create/66", "%2570ortalId=3", "bad-request")]
#[case("/servicedesk/customer/portal/2/create/66", "portalId=%2533", "bad-request")]
#[case("/servicedesk/customer/portal/2/create/66", "summary=%252f&%252f=x&100%&%ff;a=b", "passes")]
#[case("/rest/servicedesk/1/customer/portal /3", "", "HR")]
#[case("/rest/servicedesk/1/customer/portal.json/3", "", "HR")]
#[case("/rest/servicedeskapi/request/IT-1.txt", "", "passes")]
#[case("/rest/servicedeskapi/request/HR-1.Atom", "", "HR")]
#[case("/rest/servicedesk/1/customer/x/IT-1,HR-1", "", "HR")]
#[case("/servicedesk/customershim/secure/attachment/1/HR-1.pdf", "", "passes")]
#[case::forms(
    "/gateway/api/proforma/portal/cloudid/1-2/api/3/portal/2/requesttype/9",
    "",
    "passes"
)]
#[case::forms("/gateway/api/proforma/portal/cloudid/1-2/api/3/portal/3/requesttype/9", "", "HR")]
#[case::forms("/gateway/api/proforma/portal/cloudid/1/api/cloud/portal/3/request/5", "", "HR")]
#[case("/servicedesk/customer/user/requests", "portalId=&portalId=all", "passes")]
#[case("/rest/servicedesk/1/customer/portal/2/x", "", "passes")]
#[case("/rest/servicedesk/1/customer/portal/3/x", "", "HR")]
#[case("/rest/servicedesk/1/customer/x/Portals/3", "", "HR")]
#[case("/rest/servicedesk/1/customer/portal/3.json", "", "portal-unknown")]
#[case("/rest/servicedesk/1/customer/portal/99", "", "portal-unknown")]
#[case("/rest/servicedesk/1/customer/comment/HR-5", "", "HR")]
#[case("/rest/servicedeskapi/request", "", "passes")]
#[case("/rest/servicedeskapi/request", "serviceDeskId=13", "HR")]
#[case("/rest/servicedeskapi/request/IT-5/comment", "", "passes")]
#[case("/rest/servicedeskapi/request/it-5.json", "", "passes")]
#[case("/rest/servicedeskapi/request/HR-5", "", "HR")]
#[case("/rest/servicedeskapi/request/10234", "", "portal-unknown")]
#[case("/rest/servicedeskapi/request/XX-5", "", "portal-unknown")]
#[case("/rest/servicedeskapi/request/IT-5,HR-5", "", "portal-unknown")]
#[case("/rest/servicedeskapi/servicedesk/12", "", "passes")]
#[case("/rest/servicedeskapi/servicedesk/13/requesttype", "", "HR")]
#[case("/rest/servicedeskapi/servicedesk/013/requesttype", "", "portal-unknown")]
#[case("/rest/servicedeskapi/servicedesk/HR", "", "HR")]
#[case("/rest/servicedeskapi/servicedesk/projectKey:hr", "", "HR")]
#[case("/rest/servicedeskapi/servicedesk/projectId:10003", "", "HR")]
#[case("/rest/servicedeskapi/portals/3", "", "HR")]
#[case("/rest/servicedeskapi/portals/project/HR", "", "HR")]
#[case("/rest/servicedeskapi/requesttype", "serviceDeskId=13", "HR")]
#[case("/rest/servicedeskapi/requesttype", "serviceDeskId=12", "passes")]
#[case("/servicedesk/customer/user/requests", "project=HR", "HR")]
#[case("/servicedesk/customer/user/requests", "pid=10003", "HR")]
fn names_in_paths_and_queries(#[case] path: &str, #[case] query: &str, #[case] expected: &str) {
    let (portals, cleo) = (portals(), cleo());
    let result = Isolation::new(&portals, Some(&cleo), 0).check_target(path, query);
    assert_eq!(told(&result), expected, "{path}?{query}");
}

#[rstest]
#[case(r#"{"models":["user"]}"#, "passes")]
#[case(r#"{"options":{"portalId":2}}"#, "passes")]
#[case(r#"{"options":{"portalId":"all"}}"#, "passes")]
#[case(r#"{"options":{"portalId":null}}"#, "passes")]
#[case(r#"{"options":{"portalId":3}}"#, "HR")]
#[case(r#"{"options":{"portalId":"3"}}"#, "HR")]
#[case(r#"{"options":{"portalId":[2,3]}}"#, "HR")]
#[case(r#"{"options":{"portalId":{"id":3}}}"#, "HR")]
#[case(r#"{"options":{"PortalID":3}}"#, "HR")]
#[case(r#"{"options":{"portal\u0049d":3}}"#, "HR")]
#[case(r#"{"options":{"portalId":3,"portalId":2}}"#, "HR")]
#[case(r#"{"options":{"portalId":2,"portalId":3}}"#, "HR")]
#[case(r#"{"options":{"portalId":3.0}}"#, "portal-unknown")]
#[case(r#"{"options":{"portalId":30e-1}}"#, "portal-unknown")]
#[case(r#"{"options":{"portalId":"03"}}"#, "portal-unknown")]
#[case(r#"{"options":{"reqDetails":{"key":"IT-1","portalId":2}}}"#, "passes")]
#[case(r#"{"options":{"reqDetails":{"key":"HR-1","portalId":2}}}"#, "HR")]
#[case(r#"{"options":{"reqDetails":{"key":"10234","portalId":2}}}"#, "portal-unknown")]
#[case(r#"{"serviceDeskId":"13","requestTypeId":"1"}"#, "HR")]
#[case(r#"{"serviceDeskId":"12","requestFieldValues":{"user":{"key":"JIRAUSER1"}}}"#, "passes")]
#[case(r#"[{"issueKey":"hr-1"}]"#, "HR")]
#[case(r#"{"options":{"portalId":2,"portal":{"id":2,"expand":["reqTypes"]}}}"#, "passes")]
#[case(r#"{"options":{"portalId":2,"portal":{"id":3,"expand":["reqTypes"]}}}"#, "HR")]
#[case(r#"{"options":{"portal":{"id":"3"}}}"#, "HR")]
#[case(r#"{"options":{"portal":[{"id":2},{"id":3}]}}"#, "HR")]
#[case(r#"{"options":{"portal":{"key":"HR"}}}"#, "HR")]
#[case(r#"{"options":{"portal":{"id":2,"key":"IT","name":"IT 24","description":"3"}}}"#, "passes")]
#[case(r#"{"options":{"portal":{"id":99}}}"#, "portal-unknown")]
#[case(r#"{"options":{"portal":{"expand":{"portal":3}}}}"#, "HR")]
#[case(r#"{"options":{"branding":{"id":3}}}"#, "HR")]
#[case(r#"{"options":{"statusPortalId":3}}"#, "HR")]
#[case(r#"{"serviceDesk":{"id":"13"}}"#, "HR")]
#[case(r#"{"serviceDesk":{"id":"12","expand":["x"]}}"#, "passes")]
#[case(r#"{"project":"HR"}"#, "HR")]
#[case(r#"{"project":{"id":"10003"}}"#, "HR")]
#[case(r#"{"project":{"key":"hr"}}"#, "HR")]
#[case(r#"{"project":{"key":"IT","name":"Information"}}"#, "passes")]
#[case(r#"{"pid":10003}"#, "HR")]
#[case(r#"{"portal":{"reqDetails":{"key":"10234"}}}"#, "portal-unknown")]
#[case(r#"{"comment":"x","issueId":"10234"}"#, "passes")]
#[case(r#"{"comment":"x","issueId":"HR-1"}"#, "HR")]
#[case(r#"{" portalId ":3}"#, "HR")]
#[case(r#"{"portalId\u0000":3}"#, "HR")]
#[case("{\"portal\u{131}d\":3}", "HR")]
#[case(r#"{"options.portalId":3}"#, "HR")]
#[case(r#"{"issueKeys":"IT-1,HR-1"}"#, "HR")]
#[case(r#"{"issueKeys":"IT-1 HR-1"}"#, "HR")]
#[case(r#"{"issueKey":"%48R-1"}"#, "bad-request")]
#[case(r#"{"body":"%48R-1","%2570ortalId":"x"}"#, "passes")]
#[case::comments(r#"{"options":{/**/"portalId":3}}"#, "bad-request")]
#[case::single_quotes("{'portalId':3}", "bad-request")]
#[case::byte_order_mark("\u{feff}{\"portalId\":3}", "bad-request")]
#[case::a_second_document(r#"{"portalId":2}{"portalId":3}"#, "bad-request")]
#[case::cut_off(r#"{"portalId":2"#, "bad-request")]
fn names_in_bodies(#[case] body: &str, #[case] expected: &str) {
    let (portals, cleo) = (portals(), cleo());
    let result = Isolation::new(&portals, Some(&cleo), 0).check_content(json(), body.as_bytes());
    assert_eq!(told(&result), expected, "{body}");
}

#[test]
fn a_body_that_is_not_utf8_is_refused() {
    let utf16: Vec<u8> = r#"{"portalId":3}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let deep = format!("{}3{}", "[".repeat(10_000), "]".repeat(10_000));
    let (portals, cleo) = (portals(), cleo());
    for body in [&utf16[..], deep.as_bytes(), b"\xff"] {
        let result = Isolation::new(&portals, Some(&cleo), 0).check_content(json(), body);
        assert_eq!(told(&result), "bad-request");
    }
}

/// A public portal's own data calls need no login; nothing else is opened by naming it.
#[rstest]
#[case("/rest/servicedesk/1/customer/portal/4/x", "", Some(true))]
#[case("/rest/servicedeskapi/request/FAC-1", "", Some(true))]
#[case("/rest/servicedesk/1/customer/x/portal/4", "", Some(false))]
#[case("/servicedesk/customer/user/requests", "portalId=4", Some(false))]
#[case("/servicedesk/customer/user/FAC-1", "", Some(false))]
#[case("/rest/servicedesk/1/customer/portal/4/x", "portalId=3", None)]
#[case("/rest/servicedesk/1/customer/portal/4/IT-1", "", None)]
#[case("/rest/servicedesk/1/customer/portal/99", "", None)]
fn naming_a_public_portal_opens_its_data_calls(
    #[case] path: &str,
    #[case] query: &str,
    #[case] open: Option<bool>,
) {
    let portals = portals();
    let mut nobody = Isolation::new(&portals, None, 0);
    match nobody.check_target(path, query) {
        Ok(()) => assert_eq!(Some(nobody.is_open()), open),
        stopped => assert_eq!((told(&stopped), open), ("login", None)),
    }
}

#[test]
fn where_nothing_is_closed_nothing_is_unknown() {
    let portals = Portals::new([portal("2", "IT", &[], Access::Default)]);
    let cleo = cleo();
    let mut isolation = Isolation::new(&portals, Some(&cleo), 0);
    assert!(!isolation.anything_closed());
    assert!(isolation.check_target("/rest/servicedeskapi/request/10234", "portalId=03").is_ok());
}

#[test]
fn before_the_portals_are_known_what_names_one_waits() {
    let (portals, cleo) = (Portals::default(), cleo());
    let mut isolation = Isolation::new(&portals, Some(&cleo), 0);
    let result = isolation.check_target("/rest/servicedeskapi/request/IT-1", "");
    assert_eq!(told(&result), "directory-empty");
}
