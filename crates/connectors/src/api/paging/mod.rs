//! A list in pages as one stream of records. Deciding is pure: `address` (what a page's address is),
//! `next` (which page follows), `guards` (what is wrong with how pages follow each other), and
//! `listing` puts the three together. Doing is at the rim: `page` (asks for one page and reads it) and
//! `stream` (hands out batches, asks ahead, stops). Sending, attempts and limits are behind
//! [`Fetch`](crate::api::fetch::Fetch).

pub mod address;
pub mod anomaly;
mod arriving;
pub mod guards;
pub mod link_header;
pub mod list_error;
pub mod listing;
pub mod next;
mod page;
pub mod stream;
