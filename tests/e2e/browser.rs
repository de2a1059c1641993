//! A browser that is played: it asks for pages over HTTP, types into the fields that a page has,
//! presses its buttons, and goes where it is sent. As a real one it says where a form comes from and
//! keeps to what the page's policy lets a form lead to; a link that is no page is for the desktop.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use url::Url;
use url::form_urlencoded::Serializer;

/// Longest answer of a server on this computer.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than any sign-in redirects.
const MOST_REDIRECTS: usize = 5;

/// Where a click led.
pub enum Went {
    /// To another page.
    To(Page),
    /// Out of the browser, by a link of another program's scheme.
    Out(String),
}

impl Went {
    pub fn page(self) -> Page {
        match self {
            Self::To(page) => page,
            Self::Out(link) => panic!("a page, not {link}"),
        }
    }

    pub fn link(self) -> String {
        match self {
            Self::Out(link) => link,
            Self::To(page) => panic!("a link, not the page {}: {}", page.address, page.text()),
        }
    }
}

/// A page that is shown.
pub struct Page {
    /// What the address bar says.
    pub address: Url,
    /// The HTTP status.
    pub status: u16,
    policy: String,
    html: String,
}

/// Types an address into the address bar.
pub fn visit(address: &str) -> Page {
    let address = Url::parse(address).unwrap();
    follow(&address, ask("GET", &address, "", "")).page()
}

/// The JSON at an address.
pub fn json(address: &Url) -> Value {
    serde_json::from_str(&ask("GET", address, "", "").body).unwrap()
}

/// What a person does at the practice federation's sign-in page: look the user name and the password
/// up on its own page, type them, press a button.
pub fn decide(address: &str, button: &str) -> Went {
    let sign_in = visit(address);
    assert!(
        sign_in.text().contains("asks for:"),
        "the sign-in page is shown: {}",
        sign_in.text()
    );
    let known = visit(sign_in.address.join("/practice").unwrap().as_str());
    let (user, password) = (known.row("User name"), known.row("Password"));
    sign_in.submit(&[("User name", &user), ("Password", &password)], button)
}

impl Page {
    /// What can be read, with single spaces.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let body = self.html.split_once("<main>").map_or("", |(_, body)| body);
        for piece in body.split('<') {
            text.push(' ');
            text.push_str(piece.split_once('>').map_or(piece, |(_, after)| after));
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        unescape(&words.join(" "))
    }

    /// The second column of the table row that begins with `name`.
    fn row(&self, name: &str) -> String {
        let start = format!("<th scope=\"row\">{name}</th><td><code>");
        let (_, after) = self.html.split_once(&start).expect("the row is there");
        unescape(after.split('<').next().unwrap())
    }

    /// Fills in the fields with these labels and presses `button`, in the form that has it.
    pub fn submit(&self, fields: &[(&str, &str)], button: &str) -> Went {
        let pressed = format!(">{button}</button>");
        let form = self
            .html
            .split("<form ")
            .skip(1)
            .map(|form| form.split("</form>").next().unwrap())
            .find(|form| form.contains(&pressed))
            .unwrap_or_else(|| panic!("the button {button} is in a form: {}", self.text()));
        let mut filled = Serializer::new(String::new());
        for (tag, _) in tags(form, "input") {
            let (Some(name), id) = (attribute(tag, "name"), attribute(tag, "id")) else {
                continue;
            };
            let label = tags(form, "label").find(|(label, _)| attribute(label, "for") == id);
            let typed = label.and_then(|(_, words)| {
                let field = fields.iter().find(|(label, _)| *label == words);
                field.map(|(_, text)| (*text).to_owned())
            });
            let value = typed.or_else(|| attribute(tag, "value"));
            filled.append_pair(&name, &value.unwrap_or_default());
        }
        let (tag, _) = tags(form, "button")
            .find(|(_, words)| *words == button)
            .unwrap();
        if let (Some(name), Some(value)) = (attribute(tag, "name"), attribute(tag, "value")) {
            filled.append_pair(&name, &value);
        }
        let action = attribute(form, "action").expect("the form leads somewhere");
        let target = self.address.join(&action).unwrap();
        let headers = format!(
            "Origin: {}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n",
            self.address.origin().ascii_serialization()
        );
        let answer = ask("POST", &target, &headers, &filled.finish());
        if let Some(place) = &answer.place {
            let place = target.join(place).unwrap();
            assert!(
                self.lets_a_form_lead_to(&place),
                "a browser would stop here: {} and {place}",
                self.policy
            );
        }
        follow(&target, answer)
    }

    /// `form-action` of the page's policy, which browsers hold against redirects too.
    fn lets_a_form_lead_to(&self, place: &Url) -> bool {
        let directive = self
            .policy
            .split(';')
            .find_map(|directive| directive.trim().strip_prefix("form-action "));
        directive.is_some_and(|sources| {
            sources.split(' ').any(|source| match source {
                "'self'" => place.origin() == self.address.origin(),
                source if source.contains("//") => source == place.origin().ascii_serialization(),
                source => source == format!("{}:", place.scheme()),
            })
        })
    }
}

struct Answer {
    status: u16,
    place: Option<String>,
    policy: String,
    body: String,
}

fn follow(from: &Url, answer: Answer) -> Went {
    let (mut address, mut answer) = (from.clone(), answer);
    for _ in 0..MOST_REDIRECTS {
        let Some(place) = answer.place.take() else {
            return Went::To(Page {
                address,
                status: answer.status,
                policy: answer.policy,
                html: answer.body,
            });
        };
        let next = address.join(&place).unwrap();
        if next.scheme() != "http" {
            // As it was written: the desktop gets the link and not what a parser makes of it.
            return Went::Out(place);
        }
        answer = ask("GET", &next, "", "");
        address = next;
    }
    panic!("{address} redirects for ever");
}

/// One request on a connection of its own.
fn ask(method: &str, address: &Url, headers: &str, body: &str) -> Answer {
    let host = address.host_str().unwrap();
    let port = address.port_or_known_default().unwrap();
    let mut stream = TcpStream::connect((host, port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let path = &address[url::Position::BeforePath..url::Position::AfterQuery];
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\
         Accept: text/html,*/*\r\nAccept-Language: en-IE,en\r\n{headers}\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").expect("a whole answer");
    let header = |wanted: &str| {
        head.lines().skip(1).find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(wanted)
                .then(|| value.trim().to_owned())
        })
    };
    assert_eq!(header("transfer-encoding"), None, "answers come whole");
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        place: header("location"),
        policy: header("content-security-policy").unwrap_or_default(),
        body: body.to_owned(),
    }
}

/// Every tag of this name, with the text behind it.
fn tags<'a>(html: &'a str, name: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    html.split('<').filter_map(move |piece| {
        let (tag, text) = piece.split_once('>')?;
        (tag.split([' ', '\n']).next() == Some(name)).then_some((tag, text))
    })
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = tag.split('>').next()?;
    let start = format!("{name}=\"");
    let at = tag
        .match_indices(&start)
        .map(|(at, _)| at)
        .find(|&at| at == 0 || tag[..at].ends_with([' ', '\n']))?;
    let value = tag[at + start.len()..].split('"').next()?;
    Some(unescape(value))
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
