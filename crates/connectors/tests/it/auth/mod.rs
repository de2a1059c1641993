//! Tests of signing in.

mod assertion;
