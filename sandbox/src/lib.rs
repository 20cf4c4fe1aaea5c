//! Stand-ins for what the gate sits between, for the demo and the tests. They are spoken to over
//! HTTP only and import nothing of the gate.

pub mod jsm;
pub mod provider;
