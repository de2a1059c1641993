//! `fedctl practice`: the practice federation, in the foreground until it is stopped.

use connectors::error::Error;
use practice_federation::{Practice, PracticeOptions, StartError, start};
use serde_json::json;

use crate::arguments::PracticeArguments;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::output::{Output, Paint};
use crate::table::facts;

/// The port in the presets' addresses.
const USUAL_PORT: u16 = 8787;
/// The public client that the practice federation knows.
const CLIENT_ID: &str = "practice-app";

pub(super) async fn run(arguments: PracticeArguments, context: &Context) -> Outcome {
    let practice = start_at(&arguments).await?;
    let output = context.output;
    if output.json {
        output.document(&json!({
            "base_url": practice.base_url(),
            "page": format!("{}/practice", practice.base_url()),
            "api_key": practice.api_key(),
            "second_api_key": practice.credentials().second_api_key,
            "username": practice.username(),
            "password": practice.password(),
            "issuer": practice.base_url(),
            "client_id": CLIENT_ID,
            "members": practice.members().len(),
        }))?;
    } else {
        output.text(&text(output, &practice))?;
    }
    // Ctrl-C drops this future and with it the server.
    std::future::pending::<Outcome>().await
}

async fn start_at(arguments: &PracticeArguments) -> Result<Practice, Failure> {
    let options = |port| PracticeOptions {
        port,
        faults: arguments.faults.clone(),
        ..PracticeOptions::default()
    };
    match start(options(arguments.port.unwrap_or(USUAL_PORT))).await {
        Err(StartError::PortInUse(_)) if arguments.port.is_none() => {
            start(options(0)).await.map_err(failed)
        }
        other => other.map_err(failed),
    }
}

/// Why it did not start, in the terms of the command line.
pub(super) fn failed(error: StartError) -> Failure {
    match error {
        StartError::PortInUse(port) => Failure::usage(format!(
            "port {port} on this computer is in use; choose another, or 0 for a free one"
        )),
        StartError::Listen { port, source } => {
            Failure::usage(format!("cannot listen on 127.0.0.1 port {port}: {source}"))
        }
        StartError::Thread(source) => {
            Error::internal("start the practice federation", source).into()
        }
    }
}

fn text(output: Output, practice: &Practice) -> String {
    let base = practice.base_url();
    let lines = [
        ("Address", base.clone()),
        ("API key", practice.api_key().to_owned()),
        (
            "Password",
            format!(
                "{} (user name {})",
                practice.password(),
                practice.username()
            ),
        ),
        (
            "Sign-in",
            format!("issuer {base}, client id {CLIENT_ID}, the same user name and password"),
        ),
        ("Faults", format!("{base}/practice in a browser")),
    ];
    let (address, sign_in) = if practice.address().port() == USUAL_PORT {
        (String::new(), String::new())
    } else {
        (
            format!(" \\\n    --set endpoints.base={base}/key"),
            format!(" \\\n    --set auth.issuer={base} --set endpoints.base={base}/oauth2"),
        )
    };
    format!(
        "{} with {} invented members, on this computer only\n\n{}\n{}\n  echo \
         '{{\"type\":\"api_key\",\"api_key\":\"{}\"}}' |\n  fedctl connector add practice --preset \
         practice --credentials-stdin --test{address}\n\n  echo \
         '{{\"type\":\"oauth2\",\"client_id\":\"{CLIENT_ID}\"}}' |\n  fedctl connector add \
         practice_sign_in --preset practice_sign_in --credentials-stdin{sign_in}\n  fedctl login \
         practice_sign_in\n\nCtrl-C stops it.",
        output.paint(Paint::Bold, "Practice federation"),
        practice.members().len(),
        facts(output, &lines),
        output.paint(Paint::Dim, "In another terminal"),
        practice.api_key(),
    )
}
