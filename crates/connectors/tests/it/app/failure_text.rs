//! A failure as a text for an e-mail.

use connectors::settings::ConflictStrategy;
use testkit::Bench;

use super::home::home;
use super::support::{practice, set_key, test};
use super::sync::{CODE, club, synced};

#[tokio::test]
async fn a_failure_is_told_for_an_e_mail_without_a_name_or_a_key() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let names: Vec<String> = super::sync::members(&app)
        .await
        .iter()
        .filter_map(|one| one.values.get(connectors::members::MemberField::LastName))
        .map(str::to_owned)
        .collect();
    let well = app.failure_text(CODE, None).await.unwrap();
    assert!(
        well.contains("was not tested yet"),
        "nothing has failed: {well}"
    );
    set_key(&app, CODE, "sesame-canary-9").await;
    bench.clock.advance_ms(3 * 3_600_000);
    test(&app, CODE).await;
    bench.clock.advance_ms(2 * 3_600_000);
    let text = app.failure_text(CODE, None).await.unwrap();
    for part in [
        "Connector football (football)",
        "refused the key",
        "Since: 2026-11-23 15:00 UTC (2 hours ago)",
        "What it means for the club\n",
        "One club is connected to it; the oldest list is of 2026-11-23 12:00 UTC.",
        "What to do\n",
        "Class: bad_credentials",
        "Finding: unauthorised",
        "Version: ",
    ] {
        assert!(text.contains(part), "{part:?} is missing in:\n{text}");
    }
    let home = home(&app).await;
    let line = home.recent_errors.first().expect("the test is in the log");
    assert_eq!(home.errors_7d, 1, "once");
    let text_of_line = app.failure_text(CODE, Some(&line.id)).await.unwrap();
    for part in ["When: 2026-11-23 15:00 UTC", "HTTP status: 401"] {
        assert!(
            text_of_line.contains(part),
            "{part:?} is missing in:\n{text_of_line}"
        );
    }
    for text in [&well, &text, &text_of_line] {
        assert!(!text.contains("sesame-canary-9"), "no key is in it");
        assert!(
            names.iter().all(|name| !text.contains(name.as_str())),
            "no member is in it"
        );
    }
    for id in ["", "nonsense", "0192b7e0-0000-7000-8000-000000000000"] {
        assert_eq!(
            super::support::code(app.failure_text(CODE, Some(id)).await),
            connectors::error::Code::NotFound,
            "{id:?} is no line of it"
        );
    }
}
