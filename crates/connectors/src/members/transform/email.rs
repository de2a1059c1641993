//! E-mail addresses. They are looked at and hardly touched: the domain is written small, as it has no case (RFC 5321 §2.4);
//! what is before the @ belongs to the provider. A bad one stays as it came, with a warning.

use std::borrow::Cow;

use super::{Reading, WarningKind};

/// The address, where it is one.
#[must_use]
pub fn email(text: &str) -> Reading<'_> {
    let Some((local, domain)) = text
        .rsplit_once('@')
        .filter(|(local, domain)| is_local(local) && is_domain(domain))
    else {
        return Reading::Verbatim(WarningKind::BadEmail);
    };
    if domain.chars().any(char::is_uppercase) {
        return Reading::Read(Cow::Owned(format!("{local}@{}", domain.to_lowercase())));
    }
    Reading::Read(Cow::Borrowed(text))
}

/// A dot-string of RFC 5321 §4.1.2, with the letters of RFC 6531: 64 bytes at most. Quoted strings exist on paper only.
fn is_local(local: &str) -> bool {
    let fine = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    (1..=64).contains(&local.len())
        && local.chars().all(fine)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

/// Two labels at least, the last one no number.
fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = domain.rsplit('.').next().unwrap_or_default();
    domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(label)
        && last.chars().count() >= 2
        && !last.chars().all(|c| c.is_ascii_digit())
}
