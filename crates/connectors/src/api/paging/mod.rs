//! Which page comes next, and the pages as a stream of records.
