//! The page that the browser shows at the end of a sign-in through the loopback. It says one of three
//! fixed things in the person's language, loads nothing, runs nothing, and repeats nothing that came in.

/// What the page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// It worked.
    Done,
    /// It came to nothing; the app tells why.
    Failed,
    /// The address was not an answer to the sign-in that waits.
    NotThis,
}

/// The languages that the page speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Irish,
}

/// The first language of an `Accept-Language` (RFC 9110 §12.5.4) that is spoken here. Weights are not
/// looked at: browsers list what a person prefers first.
pub(super) fn language(accepted: Option<&str>) -> Language {
    let mut named = accepted.unwrap_or_default().split(',').map(|one| {
        let tag = one.split(';').next().unwrap_or_default().trim();
        tag.split('-')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    });
    match named.find(|tag| tag == "en" || tag == "ga").as_deref() {
        Some("ga") => Language::Irish,
        _ => Language::English,
    }
}

/// The whole page.
pub(super) fn html(says: Says, language: Language) -> String {
    let (tag, title, text) = match (language, says) {
        (Language::English, Says::Done) => (
            "en",
            "You are signed in",
            "You can close this page and go back to Federation Connectors.",
        ),
        (Language::English, Says::Failed) => (
            "en",
            "The sign-in came to nothing",
            "Federation Connectors says why. You can close this page.",
        ),
        (Language::English, Says::NotThis) => (
            "en",
            "This is not the answer that is awaited",
            "Nothing was changed. Go back to Federation Connectors and sign in from there.",
        ),
        (Language::Irish, Says::Done) => (
            "ga",
            "Tá tú sínithe isteach",
            "Is féidir leat an leathanach seo a dhúnadh agus filleadh ar Federation Connectors.",
        ),
        (Language::Irish, Says::Failed) => (
            "ga",
            "Níor éirigh leis an síniú isteach",
            "Míníonn Federation Connectors cén fáth. Is féidir leat an leathanach seo a dhúnadh.",
        ),
        (Language::Irish, Says::NotThis) => (
            "ga",
            "Ní hé seo an freagra a bhfuiltear ag fanacht leis",
            "Níor athraíodh aon rud. Fill ar Federation Connectors agus sínigh isteach ansin.",
        ),
    };
    format!(
        "<!doctype html>\n<html lang=\"{tag}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" \
         content=\"light dark\"><title>{title}</title><style>body{{font:1rem/1.5 system-ui,\
         sans-serif;max-width:34rem;margin:18vh auto 0;padding:0 1.5rem}}h1{{font-size:1.5rem;\
         line-height:1.25}}</style></head><body><main><h1>{title}</h1><p>{text}</p></main>\
         </body></html>\n"
    )
}
