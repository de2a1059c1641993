//! `fedctl settings`: the preferences of the app on this computer. They need no key.

use connectors::view::{AppSettings, RoleView};
use serde_json::Value;

use crate::arguments::{Setting, SettingsCommand};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::table::facts;

pub(super) async fn run(command: SettingsCommand, context: &Context) -> Outcome {
    let app = context.app()?;
    let settings = match command {
        SettingsCommand::Show => app.settings(),
        SettingsCommand::Set { setting } => {
            app.settings_set(changed(&app.settings(), &setting)?)
                .await?
        }
    };
    let output = context.output;
    output.result(&settings, || {
        let lines = [
            ("Theme", word(&serde_json::to_value(settings.theme))),
            ("Contrast", word(&serde_json::to_value(settings.contrast))),
            ("Notifications", on_off(settings.notifications.0)),
            ("Quiet hours", quiet(&settings)),
            ("Background", on_off(settings.background)),
            ("Autostart", on_off(settings.autostart)),
            ("View", view_words(&settings)),
        ];
        facts(output, &lines)
    })?;
    Ok(Exit::DONE)
}

fn on_off(on: bool) -> String {
    if on { "on" } else { "off" }.to_owned()
}

fn quiet(settings: &AppSettings) -> String {
    match (&settings.quiet_from, &settings.quiet_until) {
        (Some(from), Some(until)) => format!("{from} to {until}"),
        _ => "none".to_owned(),
    }
}

fn view_words(settings: &AppSettings) -> String {
    match settings.view {
        RoleView::All => "everything".to_owned(),
        RoleView::Support => "support: health, logs and diagnostics; no members".to_owned(),
        RoleView::MyClub => {
            let club = settings.my_club.as_deref().unwrap_or_default();
            format!("one club: {club}")
        }
    }
}

fn word(value: &serde_json::Result<Value>) -> String {
    match value {
        Ok(Value::String(word)) => word.clone(),
        _ => "unknown".to_owned(),
    }
}

fn changed(present: &AppSettings, setting: &Setting) -> Result<AppSettings, Failure> {
    let refused = |reason: &str| Failure::usage(format!("{}: {reason}", setting.key));
    let Ok(Value::Object(mut table)) = serde_json::to_value(present) else {
        return Err(refused("the preferences cannot be read"));
    };
    if !table.contains_key(&setting.key) {
        let known: Vec<&String> = table.keys().collect();
        let known: Vec<&str> = known.iter().map(|key| key.as_str()).collect();
        return Err(refused(&format!(
            "there is no such preference; known are {}",
            known.join(", ")
        )));
    }
    if setting.key == "autostart" {
        return Err(refused(
            "set it in the app, which knows where it is installed",
        ));
    }
    let value = match (&table[&setting.key], setting.value.as_str()) {
        (Value::Bool(_), "on" | "true") => Value::Bool(true),
        (Value::Bool(_), "off" | "false") => Value::Bool(false),
        (_, "" | "none") => Value::Null,
        (_, text) => Value::String(text.to_owned()),
    };
    table.insert(setting.key.clone(), value);
    serde_json::from_value(Value::Object(table)).map_err(|_| {
        refused(match setting.key.as_str() {
            "theme" => "choose system, light or dark",
            "contrast" => "choose system, on or off",
            "notifications" | "background" | "autostart" => "choose on or off",
            "view" => "choose all, support or my_club",
            _ => "this value is not known",
        })
    })
}
