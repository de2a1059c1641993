//! The page at `/practice`: one HTML text, no scripts, nothing loaded from elsewhere.

use std::fmt::Write;

use crate::auth::AuthStyle;
use crate::faults::FaultReport;
use crate::members::clubs;
use crate::oauth;
use crate::oauth_faults::{RedirectFault, TokenFault};
use crate::state::Shared;

/// Faults with a button of their own: text form and what one sees.
const OFFERED: &[(&str, &str)] = &[
    (
        "status=401",
        "Every request is refused as if the key were wrong.",
    ),
    (
        "status=403",
        "The key is right but has no right to anything.",
    ),
    ("status=404", "Nothing is where it was."),
    (
        "status=429,retry-after=7",
        "Too many requests; come back in 7 seconds.",
    ),
    ("status=500", "The federation has broken down."),
    (
        "status=503,count=2",
        "The next two requests fail, then all is well.",
    ),
    ("delay=5000", "Every answer takes 5 seconds longer."),
    (
        "delay=60000",
        "Every answer takes a minute longer: longer than most wait.",
    ),
    ("cut", "The connection breaks in the middle of the answer."),
    ("reset", "The connection breaks before the answer."),
    ("html", "A login page instead of data, with status 200."),
    ("truncated", "Half of the data, as if it were all."),
    ("empty", "Lists are empty."),
    (
        "not-a-list",
        "Answers have no list where the records should be.",
    ),
    ("not-objects", "Records are texts instead of objects."),
];

/// The page as it is now.
pub(crate) fn render(shared: &Shared) -> String {
    let faults = shared.faults().reports();
    let acting = faults.iter().filter(|fault| !fault.is_used_up()).count();
    let state = match acting {
        0 => "No fault is on: every right request is answered.".to_owned(),
        1 => "One fault is on.".to_owned(),
        many => format!("{many} faults are on."),
    };
    let requests = shared.log().total();
    let requests = if requests == 1 {
        "1 request".to_owned()
    } else {
        format!("{requests} requests")
    };
    [
        include_str!("page_head.html"),
        &format!("<p class=\"lead\">{state} {requests} so far.</p>\n"),
        "<section><h2>Addresses</h2>\n",
        &addresses(shared),
        "</section>\n<section><h2>Practice credentials</h2>\n",
        "<p>They protect invented data on this computer only, so they may stand here.</p>\n",
        &credentials(shared),
        "</section>\n",
        &oauth::section(shared),
        "<section><h2>Faults that are on</h2>\n",
        &faults_on(&faults),
        "</section>\n<section><h2>Switch a fault on</h2>\n",
        &faults_offered(),
        "</section>\n<section><h2>Clubs</h2>\n",
        &club_table(shared),
        "</section>\n</main></body></html>\n",
    ]
    .concat()
}

fn faults_on(faults: &[FaultReport]) -> String {
    if faults.is_empty() {
        return "<p>None.</p>\n".to_owned();
    }
    let mut html = String::from(
        "<table><thead><tr><th>Fault</th><th class=\"n\">Requests hit</th><th>State</th>\
         <th></th></tr></thead><tbody>\n",
    );
    for report in faults {
        let text = escape(&report.fault.to_string());
        let state = if report.is_used_up() { "Used up" } else { "On" };
        let _ = writeln!(
            html,
            "<tr><td><code>{text}</code></td><td class=\"n\">{hits}</td><td>{state}</td><td \
             class=\"act\"><form method=\"post\" action=\"/practice/off\"><button name=\"id\" \
             value=\"{id}\" aria-label=\"Switch off {text}\">Switch off</button></form></td></tr>",
            hits = report.hits,
            id = report.id,
        );
    }
    html.push_str(
        "</tbody></table>\n<form class=\"below\" method=\"post\" action=\"/practice/off\">\
         <button>Switch all off</button></form>\n",
    );
    html
}

fn faults_offered() -> String {
    let mut html = String::from(
        "<form method=\"post\" action=\"/practice/on\"><table><thead><tr><th>Fault</th>\
         <th>What happens</th><th></th></tr></thead><tbody>\n",
    );
    let mut offered: Vec<(String, &str)> = OFFERED
        .iter()
        .map(|(fault, happens)| ((*fault).to_owned(), *happens))
        .collect();
    offered.extend(TokenFault::ALL.map(|it| (format!("token={}", it.text()), it.happens())));
    offered.push((
        "revoke=503".to_owned(),
        "Tokens cannot be revoked just now.",
    ));
    offered.extend(RedirectFault::ALL.map(|it| (format!("authorize={}", it.text()), it.happens())));
    for (fault, happens) in offered {
        let _ = writeln!(
            html,
            "<tr><td><code>{fault}</code></td><td>{happens}</td><td class=\"act\"><button \
             name=\"fault\" value=\"{fault}\" aria-label=\"Switch on {fault}\">Switch on</button>\
             </td></tr>",
        );
    }
    html.push_str(
        "</tbody></table></form>\n<form class=\"own below\" method=\"post\" \
         action=\"/practice/on\"><label for=\"fault\">Another fault</label> <input id=\"fault\" \
         name=\"fault\" required autocomplete=\"off\" spellcheck=\"false\" \
         placeholder=\"status=503,count=2,skip=1,path=/key/v1/members\"> \
         <button>Switch on</button></form>\n",
    );
    html
}

fn addresses(shared: &Shared) -> String {
    let mut html = String::from(
        "<table><thead><tr><th>Base address</th><th>A request carries</th></tr></thead><tbody>\n",
    );
    for style in AuthStyle::ALL {
        let _ = writeln!(
            html,
            "<tr><td><code>{}/{}</code></td><td>{}</td></tr>",
            shared.origin(),
            style.segment(),
            style.carries(),
        );
    }
    html.push_str(
        "</tbody></table>\n<p>Behind each: <code>/v1/me</code> (who am I; for testing a \
         connection), <code>/v1/clubs</code>, <code>/v1/clubs/{club}</code>, \
         <code>/v1/members</code>, <code>/v1/members/{member}</code>, <code>/v1/clubs/{club}/members</code>, and as bare \
         lists <code>/v1/plain/members</code> and <code>/v1/plain/clubs/{club}/members</code>. \
         Lists take <code>page</code> (from 0) and <code>size</code> (1 to 200).</p>\n",
    );
    html
}

fn credentials(shared: &Shared) -> String {
    let credentials = &shared.credentials;
    let mut html = String::from("<table><tbody>\n");
    for (name, value) in [
        ("API key", &credentials.api_key),
        ("Second API key", &credentials.second_api_key),
        ("Subscription key", &credentials.subscription_key),
        ("User name", &credentials.username),
        ("Password", &credentials.password),
        ("Two-step secret", &credentials.two_step_secret),
    ] {
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\">{name}</th><td><code>{}</code></td></tr>",
            escape(value)
        );
    }
    html.push_str("</tbody></table>\n");
    html
}

fn club_table(shared: &Shared) -> String {
    let mut html = String::from(
        "<table><thead><tr><th>Club</th><th>County</th><th>Id</th><th class=\"n\">Members</th>\
         </tr></thead><tbody>\n",
    );
    for club in clubs() {
        let members = shared
            .members
            .iter()
            .filter(|member| member.club_id == club.id)
            .count();
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td>{}</td><td><code>{}</code></td><td class=\"n\">{members}</td></tr>",
            club.name, club.county, club.id,
        );
    }
    html.push_str("</tbody></table>\n");
    html
}

/// For text and for attributes in double quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
