//! The form that makes a request: JSM's description of its fields in, widgets out; what was typed in,
//! answers or mistakes out; answers in, JSM's JSON out. All of it computes and asks nobody. Must not
//! know how JSM is called, or how a page is framed.

mod answer;
mod choice;
mod creating;
mod definition;
mod field_id;
mod filling;
mod form;
mod kind;
mod kinds;
mod locale;
mod mistake;
mod posted;
mod refusal;
mod submissions;
mod ticket;
mod widget;
mod wiki;

#[cfg(test)]
mod tests;

pub use answer::{Answer, Answers, RequestValues};
pub use choice::{Choice, choices_of_createmeta};
pub use creating::{Candidate, Creator, Outcome, RequestDesk, Verdict, is_since};
pub use definition::{FieldDefinition, JiraSchema};
pub use field_id::FieldId;
pub use filling::values;
pub use form::{Cause, Field, Form, Obstacle, Setting, Unavailable};
pub use kind::{FieldKind, Look, Shape};
pub use kinds::{FileLimits, KeptFile, Reading, file_name};
pub use locale::Locale;
pub use mistake::{DatePart, FieldMistake, FileMistake, Mistake};
pub use posted::{ForeignForm, Posted};
pub use refusal::{Refusal, tells_of_forgotten};
pub use submissions::{NameAndSize, Progress, Sent, Submissions};
pub use ticket::{NoTicket, SubmissionKey, Ticket, Tickets};
pub use widget::{Control, Entry, Group, Item, ListedFile, Part, Widget};
