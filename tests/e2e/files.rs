//! A club whose members come out of a file (Foireann's export): chosen, looked at, its dates asked about, applied, and a
//! file out again.

use connectors::members::MemberField;
use fantoccini::key::Key;
use serde_json::json;

use crate::harness::{Home, Window};
use crate::preview::{members, with_club};

/// Every date can be read both ways, one row is broken, and an apostrophe and a fada stand in it.
const FILE: &str = "identifier,Forename,Surname,Irish Forename,Irish Surname,gender,DOB,email,Mobile Number,Membership Type,Player,Address1,Address2,Town,Postcode
F-1,Aoife,Byrne,Aoife,Ní Bhroin,FEMALE,03/04/2011,,0861234567,JUVENILE,Y,1 High Street,,Tralee,V92 X8PH
F-2,Pádraig,O'Sample,,,MALE,05/06/2012,,,JUVENILE,Y,,,Tralee,
F-3,broken,row
";

/// Gives the dialog's field a file, as dropping one on it does.
const DROP: &str = "const [text, done] = arguments;
const field = document.querySelector('dialog[open] input[type=file]');
const carried = new DataTransfer();
carried.items.add(new File([text], 'members.csv', { type: 'text/csv' }));
field.files = carried.files;
field.dispatchEvent(new Event('change', { bubbles: true }));
done(true);";

async fn both(window: &Window, name: &str) {
    for width in [640, 1280] {
        window.resize(width, 800).await;
        window.shot(&format!("{name}-{width}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_members_come_out_of_a_file_and_go_into_one() {
    let home = Home::new();
    let (app, _practice) = with_club(&home).await;
    let window = home.open(1280, 800).await;
    window.see("Football").await;
    window.press_with(Key::Control, '3').await;
    window.click("Actions for Ballyduff").await;
    window.click("Import a file…").await;
    window
        .select("What kind of file it is", "Foireann members export (CSV)")
        .await;
    window.probe(DROP, vec![json!(FILE)]).await;
    window.see("2 rows can be read.").await;
    window.see("Look at these lines of the file: 4.").await;
    window.see("Say first how the dates are written.").await;
    both(&window, "import-dates").await;
    window
        .choose("The day comes first: 03/04/2011 is 3 April 2011.")
        .await;
    window
        .choose("No, some. Nobody who is missing is touched.")
        .await;
    window.click("Show what would change").await;
    window.see("What would change for Ballyduff").await;
    window.see("Un-matched").await;
    both(&window, "import-plan").await;
    assert!(members(&app).await.is_empty(), "nothing is written yet");
    window.click_beginning("Apply 2 changes").await;
    window
        .until("both came", async || members(&app).await.len() == 2)
        .await;
    let born: Vec<String> = members(&app)
        .await
        .iter()
        .filter_map(|one| one.values.get(MemberField::DateOfBirth))
        .map(str::to_owned)
        .collect();
    assert!(
        born.contains(&"2011-04-03".to_owned()),
        "the day came first"
    );

    window.press_with(Key::Control, '3').await;
    window.click("Actions for Ballyduff").await;
    window.click("Export members…").await;
    window.see("The file is not encrypted.").await;
    both(&window, "export-members").await;
    window.click("Save to Downloads").await;
    window.see("Saved as").await;
    let saved = std::fs::read_to_string(home.path().join("members-ballyduff.csv")).unwrap();
    assert!(saved.contains("O'Sample"), "the people are in it");
    assert!(saved.contains("2011-04-03"), "with their dates");
    app.lock().await.unwrap();
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}
