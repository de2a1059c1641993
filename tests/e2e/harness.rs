//! A window of the real app under a driver, and what a person can do with it: look, click, type,
//! press keys. Everything waits for a state with a deadline; nothing waits for a length of time.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::desktop;

/// The longest that a state may take; the machine may be busy.
pub const DEADLINE: Duration = Duration::from_secs(20);
/// Between two looks.
pub const GLANCE: Duration = Duration::from_millis(30);

/// A home of its own for one person: data folder, preferences and log outlive a window.
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// Nothing in it yet: first run.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        desktop::set_up(folder.path());
        let home = Self { folder };
        home.write_launcher();
        home
    }

    /// The folder with the data file.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The home folder itself, where exports go.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The script that starts the app.
    pub fn launcher(&self) -> PathBuf {
        self.folder.path().join("launch")
    }

    /// Neither the driver nor the desktop hands an environment over, so that a script sets it.
    fn write_launcher(&self) {
        let home = self.folder.path().display();
        let script = format!(
            "#!/bin/sh\nexport HOME='{home}' PATH=\"{home}/bin:$PATH\" XDG_DATA_HOME='{home}/share' \
             XDG_CONFIG_HOME='{home}/config' XDG_CACHE_HOME='{home}/cache' \
             FEDERATION_CONNECTORS_DATA_DIR='{home}/data' FEDERATION_CONNECTORS_LOG=info\n\
             echo $$ >>'{home}/processes'\n\
             exec '{}' \"$@\" 2>>'{home}/log'\n",
            env!("CARGO_BIN_EXE_federation-connectors")
        );
        fs::write(self.launcher(), script).unwrap();
        fs::set_permissions(self.launcher(), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// What the app has said so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Starts the app in a window of this size, in pixels.
    pub async fn open(&self, width: u32, height: u32) -> Window {
        self.open_with(width, height, &[]).await
    }

    /// As [`Home::open`], with a command line.
    pub async fn open_with(&self, width: u32, height: u32, arguments: &[&str]) -> Window {
        let mut capabilities = Capabilities::new();
        let options = json!({"application": self.launcher(), "args": arguments});
        capabilities.insert("tauri:options".to_owned(), options);
        let url = std::env::var("FC_WEBDRIVER_URL")
            .expect("scripts/window-tests.sh starts the driver and names it in FC_WEBDRIVER_URL");
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let began = Instant::now();
        // The driver's other half may still be busy with the end of the window before.
        let client = loop {
            match timeout(DEADLINE, builder.connect(&url)).await {
                Ok(Ok(client)) => break client,
                problem => assert!(began.elapsed() < DEADLINE, "no session: {problem:?}"),
            }
            tokio::time::sleep(GLANCE).await;
        };
        let window = Window { client };
        window.resize(width, height).await;
        window
    }
}

/// One window, as long as it lives.
pub struct Window {
    client: Client,
}

impl Window {
    /// Closes it, as a person does; the app ends with it.
    pub async fn close(self) {
        self.client.close().await.unwrap();
    }

    /// Makes it this large, and waits until the page has noticed.
    pub async fn resize(&self, width: u32, height: u32) {
        self.client
            .set_window_rect(0, 0, width, height)
            .await
            .unwrap();
        let wanted = json!([width, height]);
        self.until("the window has its size", async || {
            self.read("[innerWidth, innerHeight]").await == wanted
        })
        .await;
    }

    /// Waits until `what` holds; says what the page shows where it never does.
    pub async fn until(&self, what: &str, holds: impl AsyncFnMut() -> bool) {
        self.until_within(DEADLINE, what, holds).await;
    }

    /// As [`Window::until`], for what the app itself does only after a while.
    pub async fn until_within(
        &self,
        limit: Duration,
        what: &str,
        mut holds: impl AsyncFnMut() -> bool,
    ) {
        let began = Instant::now();
        // The deadline holds for a driver that does not answer, too.
        while !timeout(DEADLINE, holds()).await.unwrap_or(false) {
            if began.elapsed() > limit {
                let page = timeout(DEADLINE * 2, async {
                    (self.shot("failure").await, self.text().await)
                });
                let Ok((place, text)) = page.await else {
                    panic!("{what}: not within {limit:?}; the driver is silent");
                };
                panic!(
                    "{what}: not within {limit:?} (picture: {}). The page:\n{text}",
                    place.display(),
                );
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Reads a value that the page has.
    pub async fn read(&self, expression: &str) -> Value {
        let script = format!("return {expression}");
        self.client
            .execute(&script, Vec::new())
            .await
            .unwrap_or_default()
    }

    /// Runs a script that calls its last argument with the answer: for the probes only.
    pub async fn probe(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute_async(script, arguments).await.unwrap()
    }

    /// Everything that can be read on the page, with single spaces.
    pub async fn text(&self) -> String {
        let text = self.read("document.body.innerText").await;
        let words: Vec<&str> = text
            .as_str()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        words.join(" ")
    }

    /// Waits until `words` can be read.
    pub async fn see(&self, words: &str) {
        self.until(&format!("“{words}” is shown"), async || {
            self.text().await.contains(words)
        })
        .await;
    }

    /// The first usable element of `path`, inside the topmost dialog where one is open.
    async fn find(&self, path: &str) -> Option<Element> {
        let open = "(//dialog[@open])[last()]";
        let dialog = self.client.find(Locator::XPath(open)).await.is_ok();
        let paths = if dialog {
            vec![format!("{open}{path}"), format!("//*[@role='menu']{path}")]
        } else {
            vec![path.to_owned()]
        };
        for path in paths {
            let found = self.client.find_all(Locator::XPath(&path)).await;
            for element in found.unwrap_or_default() {
                // The driver's own idea of "displayed" is wrong inside fixed tables.
                let drawn = element
                    .rectangle()
                    .await
                    .is_ok_and(|at| at.2 > 0.0 && at.3 > 0.0);
                if drawn && element.is_enabled().await.unwrap_or(false) {
                    return Some(element);
                }
            }
        }
        None
    }

    async fn click_on(&self, what: &str, path: &str) {
        // Something may still lie above it for a moment, or it may be drawn anew: then again.
        self.until(&format!("{what} can be clicked"), async || {
            match self.find(path).await {
                Some(element) => {
                    if element.click().await.is_ok() {
                        return true;
                    }
                    self.scroll_to(&element).await;
                    element.click().await.is_ok()
                }
                None => {
                    // What a part of the page has scrolled out of sight has no place for the driver.
                    if let Ok(hidden) = self.client.find(Locator::XPath(path)).await {
                        self.scroll_to(&hidden).await;
                    }
                    false
                }
            }
        })
        .await;
    }

    /// Scrolls as a person does, where something is out of sight: the driver does not for what stands
    /// in an open disclosure.
    async fn scroll_to(&self, element: &Element) {
        let script = "arguments[0].scrollIntoView({ block: 'center' })";
        if let Ok(place) = serde_json::to_value(element.clone()) {
            drop(self.client.execute(script, vec![place]).await);
        }
    }

    /// Clicks a button, a menu entry, a link or a disclosure by its accessible name, or by the
    /// word in it where a number or a key stands behind.
    pub async fn click(&self, name: &str) {
        let path = format!(
            "//*[self::button or self::summary or self::a or @role='menuitem']\
             [@aria-label=\"{name}\" or (not(@aria-label) and normalize-space(.)=\"{name}\")\
             or span[normalize-space(.)=\"{name}\"]]"
        );
        self.click_on(&format!("the button “{name}”"), &path).await;
    }

    /// Clicks a button whose name begins so: one with a number behind its word.
    pub async fn click_beginning(&self, name: &str) {
        let path = format!("//button[starts-with(normalize-space(.), \"{name}\")]");
        self.click_on(&format!("the button “{name}…”"), &path).await;
    }

    /// Clicks the label of a check box, a switch or one of several choices.
    pub async fn choose(&self, label: &str) {
        let path = format!(
            "//label[.//input][normalize-space(.)=\"{label}\" or .//*[normalize-space(.)=\"{label}\"]]"
        );
        self.click_on(&format!("the choice “{label}”"), &path).await;
    }

    fn field(label: &str) -> String {
        let named = format!("//label[normalize-space(text()[1])=\"{label}\"]/@for");
        format!(
            "//*[self::input or self::select or self::textarea]\
             [@id={named} or @aria-label=\"{label}\"]"
        )
    }

    /// Replaces what stands in a field by `text`, key by key.
    pub async fn fill(&self, label: &str, text: &str) {
        self.click_on(&format!("the field “{label}”"), &Self::field(label))
            .await;
        self.press_with(Key::Control, 'a').await;
        self.press(char::from(Key::Backspace)).await;
        self.type_text(text).await;
        self.until(&format!("“{label}” holds what was typed"), async || {
            self.value_of(label).await == text
        })
        .await;
    }

    /// Chooses from a list by its first letters. The list itself is the system's and is not opened.
    pub async fn select(&self, label: &str, choice: &str) {
        let path = Self::field(label);
        let chosen = format!("{path}/option[normalize-space(.)=\"{choice}\"]");
        self.until(
            &format!("“{label}” can be set to “{choice}”"),
            async || {
                // Asked for its place, the driver says of some lists that nobody can use them.
                let Ok(list) = self.client.find(Locator::XPath(&path)).await else {
                    return false;
                };
                let option = self.client.find(Locator::XPath(&chosen)).await;
                let is_chosen = match &option {
                    Ok(option) => option.prop("selected").await.ok().flatten(),
                    Err(_) => return false,
                };
                if is_chosen.as_deref() == Some("true") {
                    return true;
                }
                drop(list.send_keys(choice).await);
                // Letters that come later belong to what was typed before for a second; then a word begins anew.
                tokio::time::sleep(Duration::from_millis(1_100)).await;
                false
            },
        )
        .await;
    }

    /// As [`Window::fill`], for text of several lines.
    pub async fn paste(&self, label: &str, text: &str) {
        let path = Self::field(label);
        self.click_on(&format!("the field “{label}”"), &path).await;
        let field = self.find(&path).await.unwrap();
        let enter = Key::Enter.to_string();
        field.send_keys(&text.replace('\n', &enter)).await.unwrap();
    }

    /// What stands in a field, also in one that is scrolled away.
    pub async fn value_of(&self, label: &str) -> String {
        let path = Self::field(label);
        let Ok(field) = self.client.find(Locator::XPath(&path)).await else {
            return String::new();
        };
        field.prop("value").await.ok().flatten().unwrap_or_default()
    }

    /// Waits until the field's own error says this.
    pub async fn see_error(&self, label: &str, sentence: &str) {
        let path = Self::field(label);
        self.until(
            &format!("“{label}” says “{sentence}”"),
            async || {
                let Some(field) = self.find(&path).await else {
                    return false;
                };
                let described = field.attr("aria-describedby").await.ok().flatten();
                for id in described.unwrap_or_default().split(' ') {
                    let Ok(note) = self.client.find(Locator::Id(id)).await else {
                        continue;
                    };
                    if note.text().await.unwrap_or_default().contains(sentence) {
                        return true;
                    }
                }
                false
            },
        )
        .await;
    }

    async fn keys(&self, actions: Vec<KeyAction>) {
        let all = actions
            .into_iter()
            .fold(KeyActions::new("keys".to_owned()), |all, one| all.then(one));
        self.client.perform_actions(all).await.unwrap();
    }

    /// Presses one key.
    pub async fn press(&self, value: char) {
        self.keys(vec![KeyAction::Down { value }, KeyAction::Up { value }])
            .await;
    }

    /// Presses one key while another is held.
    pub async fn press_with(&self, held: Key, value: char) {
        let held = char::from(held);
        self.keys(vec![
            KeyAction::Down { value: held },
            KeyAction::Down { value },
            KeyAction::Up { value },
            KeyAction::Up { value: held },
        ])
        .await;
    }

    /// Types into what has the focus.
    pub async fn type_text(&self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.keys(
            text.chars()
                .flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }])
                .collect(),
        )
        .await;
    }

    /// Keeps a picture under `target/shots/`.
    pub async fn shot(&self, name: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("shots");
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{name}.png"));
        // The driver waits for the next frame, and a still page has none: this cannot be seen.
        let stir = "document.body.animate([{ opacity: 1 }, { opacity: 0.999 }], 1000)";
        drop(self.read(stir).await);
        if let Ok(Ok(picture)) = timeout(DEADLINE, self.client.screenshot()).await {
            fs::write(&path, picture).unwrap();
        }
        path
    }
}
