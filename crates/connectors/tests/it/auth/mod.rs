//! Tests of signing in. Each test named `attack_NN_…` sends one attack of a numbered list, and the
//! honest run beside it shows that the same harness does store a token.

mod assertion;
mod child;
mod endpoint_table;
mod fuzz;
mod lifecycle;
mod link;
mod link_table;
mod links;
mod listener;
mod loopback;
mod mix_up;
mod redirect;
mod server;
mod support;
mod tables;
mod token_answer;
mod token_endpoint;
