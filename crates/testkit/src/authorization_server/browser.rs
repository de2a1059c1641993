//! A person with a browser: keeps cookies, follows redirects over HTTP, fills in the forms of the
//! server, and stops where an address belongs to the app.

use std::collections::BTreeMap;

use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, Response, StatusCode};
use url::Url;

/// Without a proxy, whatever the machine's settings are, and without redirects.
pub fn client() -> Client {
    // Plain HTTP needs no provider, but building the client asks for one. An error says that
    // another test installed it first.
    let _earlier = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("the client needs nothing from outside")
}

/// What the person does with what is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Person {
    /// Signs in and agrees.
    Agrees,
    /// Signs in and says no to what is asked.
    Declines,
}

/// Where a walk ended.
pub enum End {
    /// An address of the app.
    Redirect(String),
    /// A page with nothing more to do.
    Page(u16, String),
}

impl End {
    /// The address; anything else fails the test.
    pub fn redirect(self) -> String {
        match self {
            Self::Redirect(address) => address,
            Self::Page(status, text) => panic!("no redirect but a page ({status}): {text}"),
        }
    }

    /// Status and text; anything else fails the test.
    pub fn page(self) -> (u16, String) {
        match self {
            Self::Page(status, text) => (status, text),
            Self::Redirect(address) => panic!("no page but a redirect to {address}"),
        }
    }
}

/// A browser with its cookies.
pub struct Browser {
    client: Client,
    /// By path and name: several interactions have cookies of one name.
    cookies: BTreeMap<(String, String), String>,
    person: Person,
}

impl Browser {
    /// A fresh one.
    pub fn of(person: Person) -> Self {
        Self {
            client: client(),
            cookies: BTreeMap::new(),
            person,
        }
    }

    /// From an address to the end.
    pub async fn walk(&mut self, address: &str) -> End {
        let mut answer = self
            .fetch(Method::GET, Url::parse(address).unwrap(), None)
            .await;
        // More steps than any sign-in of the server has.
        for _ in 0..20 {
            if answer.status().is_redirection() {
                let here = answer.url().clone();
                let to = answer.headers()[LOCATION].to_str().unwrap();
                let to_url = here.join(to).unwrap();
                if to_url.origin() != here.origin() {
                    return End::Redirect(to.to_owned());
                }
                answer = self.fetch(Method::GET, to_url, None).await;
                continue;
            }
            let (status, here) = (answer.status(), answer.url().clone());
            let html = answer.text().await.unwrap();
            let Some(form) = self.next_form(status, &html) else {
                return End::Page(status.as_u16(), html);
            };
            answer = match form {
                Form::Leave(address) => {
                    self.fetch(Method::GET, here.join(&address).unwrap(), None)
                        .await
                }
                Form::Send(address, fields) => {
                    let to = here.join(&address).unwrap();
                    self.fetch(Method::POST, to, Some(fields)).await
                }
            };
        }
        panic!("the server leads nowhere");
    }

    /// What the person does on a page; nothing where there is nothing to do.
    fn next_form(&self, status: StatusCode, html: &str) -> Option<Form> {
        let (_, form) = html.split_once("<form")?;
        // A code to be typed in is asked for again where the device was refused: that is the end.
        if status != StatusCode::OK || html.contains("placeholder=\"Enter code\"") {
            return None;
        }
        let action = attribute(form, "action");
        let mut fields = hidden(html);
        if html.contains("name=\"login\"") {
            fields.push(("login".to_owned(), "aoife".to_owned()));
            fields.push(("password".to_owned(), "anything".to_owned()));
            return Some(Form::Send(action, fields));
        }
        if self.person == Person::Declines {
            // The consent of a browser has a link for it, the page for a device's code a button.
            if let Some((before, _)) = html.split_once("[ Cancel ]") {
                let link = before.rsplit_once("<a ").expect("it is a link").1;
                return Some(Form::Leave(attribute(link, "href")));
            }
            if html.contains("[ Abort ]") {
                fields.push(("abort".to_owned(), "yes".to_owned()));
            }
        }
        Some(Form::Send(action, fields))
    }

    /// A plain request with the cookies of this browser.
    async fn fetch(
        &mut self,
        method: Method,
        url: Url,
        form: Option<Vec<(String, String)>>,
    ) -> Response {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .filter(|((path, _), _)| url.path().starts_with(path.as_str()))
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        let mut request = self
            .client
            .request(method, url)
            .header(COOKIE, cookies.join("; "));
        if let Some(fields) = form {
            let body = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(fields)
                .finish();
            request = request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(body);
        }
        let answer = request.send().await.expect("the server answers");
        for set in answer.headers().get_all(SET_COOKIE) {
            self.keep(set.to_str().unwrap());
        }
        answer
    }

    fn keep(&mut self, cookie: &str) {
        let mut parts = cookie.split("; ");
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).unwrap();
        let path = parts
            .find_map(|part| part.strip_prefix("path="))
            .unwrap_or("/");
        let key = (path.to_owned(), name.to_owned());
        if value.is_empty() {
            self.cookies.remove(&key);
        } else {
            self.cookies.insert(key, value.to_owned());
        }
    }
}

enum Form {
    Leave(String),
    Send(String, Vec<(String, String)>),
}

/// The hidden fields of the one form of a page.
fn hidden(html: &str) -> Vec<(String, String)> {
    html.split("<input ")
        .skip(1)
        .map(|rest| rest.split_once('>').map_or(rest, |(tag, _)| tag))
        .filter(|tag| tag.contains("type=\"hidden\""))
        .map(|tag| (attribute(tag, "name"), attribute(tag, "value")))
        .collect()
}

fn attribute(tag: &str, name: &str) -> String {
    let after = tag
        .split_once(&format!("{name}=\""))
        .expect("it is there")
        .1;
    let value = after.split_once('"').expect("it ends").0;
    value.replace("&amp;", "&")
}
