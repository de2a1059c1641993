//! Finding members through `App`: every way to spell a name, filters, orders, and pages that together are the whole.

use connectors::App;
use connectors::error::Code;
use connectors::members::{MemberField, words_of};
use connectors::settings::ConflictStrategy;
use connectors::view::{MemberFilter, MemberRowView, MemberSearchRequest, MemberSort, MemberView};
use practice_federation::{MembershipStatus, Practice};
use testkit::Bench;
use testkit::seeded_random::SeededRandom;

use super::clubs::connect;
use super::support::practice;
use super::sync::{CODE, ORG, change_one, club, members, preview, preview_of, synced, the_one};

const OTHER: &str = "rathbrack";

pub(super) fn look(search: &str) -> MemberSearchRequest {
    MemberSearchRequest {
        search: search.to_owned(),
        limit: 500,
        ..MemberSearchRequest::default()
    }
}

/// All pages of a search.
async fn all(app: &App, request: &MemberSearchRequest, limit: u32) -> Vec<MemberRowView> {
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let page = app
            .member_search(MemberSearchRequest {
                after,
                limit,
                ..request.clone()
            })
            .await
            .unwrap();
        assert!(page.rows.len() <= limit as usize, "a page has its size");
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}

/// Gives the members of the practice federation names that share words.
fn rename(practice: &Practice, seed: u64) {
    const FIRST: [&str; 6] = ["Seán", "Sean", "Seána", "Máire", "Mary", "Micheál"];
    const LAST: [&str; 7] = [
        "Ó Sé",
        "O’Brien",
        "O'Brien",
        "Murphy",
        "Murphy-Walsh",
        "Mac Giolla",
        "Ó Seanacháin",
    ];
    let random = SeededRandom::new(seed);
    practice.change_members(|members| {
        for member in members {
            FIRST[random.below(FIRST.len())].clone_into(&mut member.first_name);
            member.last_name = Some(LAST[random.below(LAST.len())].to_owned());
            member.irish_first_name = None;
            member.irish_last_name = None;
            member.status = if random.below(4) == 0 {
                MembershipStatus::Lapsed
            } else {
                MembershipStatus::Active
            };
        }
    });
}

/// Two clubs with members, some of them edited, some gone.
async fn two_clubs(practice: &Practice, bench: &Bench, seed: u64) -> App {
    rename(practice, seed);
    let app = club(practice, bench, ConflictStrategy::Merge).await;
    connect(&app, CODE, OTHER, "Áth Cinn", "club-1002").await;
    synced(&app).await;
    sync_other(&app).await;
    practice.change_members(|members| {
        let at = members
            .iter()
            .position(|one| one.club_id == "club-1001")
            .unwrap();
        members.remove(at);
    });
    bench.clock.advance_ms(60_000);
    synced(&app).await;
    for member in members(&app).await.into_iter().step_by(3) {
        app.member_edit(
            &member.member_id,
            member.version,
            &[(MemberField::Town, Some("Dún Laoghaire".to_owned()))],
        )
        .await
        .unwrap();
    }
    app
}

async fn sync_other(app: &App) {
    let plan = preview_of(app, OTHER).await.unwrap();
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
}

async fn of_club(app: &App, org: &str) -> Vec<MemberView> {
    app.member_list(CODE, org, None, 500).await.unwrap().rows
}

/// Whether a member is what is asked for, worked out the long way.
fn fits(member: &MemberView, search: &str, filter: MemberFilter) -> bool {
    let text: Vec<&str> = [
        MemberField::FirstName,
        MemberField::LastName,
        MemberField::IrishFirstName,
        MemberField::IrishLastName,
        MemberField::ExternalId,
        MemberField::Email,
        MemberField::Town,
    ]
    .into_iter()
    .filter_map(|field| member.values.get(field))
    .collect();
    let mut words = words_of(&text.join(" "));
    for name in text {
        if let Some((_, tail)) = name.split_once(['\'', '’']) {
            words.extend(words_of(tail));
        }
    }
    let status = member.values.get(MemberField::Status);
    words_of(search)
        .iter()
        .all(|wanted| words.iter().any(|word| word.starts_with(wanted)))
        && match filter {
            MemberFilter::All => true,
            MemberFilter::Active => member.left_at.is_none() && status == Some("active"),
            MemberFilter::Lapsed => member.left_at.is_none() && status == Some("inactive"),
            MemberFilter::Left => member.left_at.is_some() || status == Some("left"),
            MemberFilter::Edited => !member.edited.is_empty(),
        }
}

#[tokio::test]
async fn every_way_to_spell_a_name_finds_it_and_each_word_begins_a_word() {
    let practice = practice().await;
    let bench = Bench::new();
    let id = change_one(&practice, |one| {
        "Seán".clone_into(&mut one.first_name);
        one.last_name = Some("Ó Sé".to_owned());
        one.irish_first_name = Some("Zzeán".to_owned());
        one.email = Some("quill.zander@example.ie".to_owned());
    });
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let member = the_one(&app, &id).await;
    for search in [
        "sean o se",
        "SEÁN Ó SÉ",
        "se sean",
        "sea se",
        "zzean",
        "quill",
        "zander quill",
        id.as_str(),
    ] {
        let found = app.member_search(look(search)).await.unwrap();
        assert!(
            found
                .rows
                .iter()
                .any(|row| row.member_id == member.member_id),
            "{search} finds the member"
        );
    }
    for search in ["ean", "sean xx", "zander@quillx"] {
        let found = app.member_search(look(search)).await.unwrap();
        assert!(
            !found
                .rows
                .iter()
                .any(|row| row.member_id == member.member_id),
            "{search} does not: a word begins with what was typed"
        );
    }
    for name in ["O'Brien", "O’Brien", "OBrien"] {
        let now = the_one(&app, &id).await;
        app.member_edit(
            &now.member_id,
            now.version,
            &[(MemberField::LastName, Some(name.to_owned()))],
        )
        .await
        .unwrap();
        for search in ["o'brien zzean", "o’brien zzean", "obrien zzean"] {
            let found = app.member_search(look(search)).await.unwrap();
            assert_eq!(found.rows.len(), 1, "{search} finds {name}");
        }
        let old = app.member_search(look("zzean se quill")).await.unwrap();
        assert_eq!(old.rows.len(), 1, "sean still begins with se");
        let old = app
            .member_search(look("zzean o se quill zander sé"))
            .await
            .unwrap();
        assert_eq!(old.rows.len(), 1, "each word may begin the same one");
    }
}

#[tokio::test]
async fn pages_together_are_the_whole_in_each_order_with_each_filter() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = two_clubs(&practice, &bench, 7).await;
    let clubs = [
        (ORG, of_club(&app, ORG).await),
        (OTHER, of_club(&app, OTHER).await),
    ];
    let mut seen = 0;
    for search in [
        "",
        "sean",
        "m",
        "sean o",
        "murphy sean",
        "dun",
        "nobody",
        "o'b",
    ] {
        for filter in [
            MemberFilter::All,
            MemberFilter::Active,
            MemberFilter::Lapsed,
            MemberFilter::Left,
            MemberFilter::Edited,
        ] {
            for org in [None, Some(ORG)] {
                let mut expected: Vec<&str> = clubs
                    .iter()
                    .filter(|(club, _)| org.is_none_or(|org| org == *club))
                    .flat_map(|(_, members)| members)
                    .filter(|member| fits(member, search, filter))
                    .map(|member| member.member_id.as_str())
                    .collect();
                expected.sort_unstable();
                for sort in [
                    MemberSort::Name,
                    MemberSort::Born,
                    MemberSort::Club,
                    MemberSort::Status,
                ] {
                    let mut once: Option<Vec<MemberRowView>> = None;
                    for descending in [false, true] {
                        let asked = MemberSearchRequest {
                            org: org.map(str::to_owned),
                            filter,
                            sort,
                            descending,
                            ..look(search)
                        };
                        let mut rows = all(&app, &asked, 7).await;
                        let mut ids: Vec<&str> =
                            rows.iter().map(|row| row.member_id.as_str()).collect();
                        ids.sort_unstable();
                        assert_eq!(ids, expected, "{asked:?} {search}: all of them, each once");
                        let first = app.member_search(asked.clone()).await.unwrap();
                        assert_eq!(
                            first.rows, rows,
                            "{asked:?}: pages of any size say the same"
                        );
                        assert!(
                            first.found == rows.len() as u64 && !first.more,
                            "{asked:?}: they are counted"
                        );
                        if sort == MemberSort::Born {
                            let born: Vec<_> = rows.iter().map(|row| &row.date_of_birth).collect();
                            let sorted = if descending {
                                born.is_sorted_by(|a, b| a >= b)
                            } else {
                                born.is_sorted()
                            };
                            assert!(sorted, "{asked:?}: by date of birth");
                        }
                        if descending {
                            rows.reverse();
                        }
                        if let Some(once) = &once {
                            assert_eq!(
                                *once, rows,
                                "{asked:?}: the whole order the other way round"
                            );
                        }
                        once = Some(rows);
                        seen += 1;
                    }
                }
            }
        }
    }
    assert_eq!(seen, 8 * 5 * 2 * 4 * 2, "every combination was looked at");
}

#[tokio::test]
async fn words_follow_edits_and_undos() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let id = change_one(&practice, |one| {
        one.last_name = Some("Quillzander".to_owned());
    });
    bench.clock.advance_ms(60_000);
    let plan = preview(&app).await;
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    let found = app.member_search(look("quillz")).await.unwrap();
    assert_eq!(found.rows.len(), 1, "a run that renames is followed");
    app.sync_undo(&plan.run_id, None).await.unwrap();
    let found = app.member_search(look("quillz")).await.unwrap();
    assert!(found.rows.is_empty(), "and so is its undo");
    let member = the_one(&app, &id).await;
    let old = member.values.get(MemberField::LastName).unwrap().to_owned();
    let found = app.member_search(look(&old)).await.unwrap();
    assert!(
        found
            .rows
            .iter()
            .any(|row| row.member_id == member.member_id),
        "the old name finds it again"
    );
}

#[tokio::test]
async fn what_is_not_there_or_unusable_is_refused() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let none = app.member_search(look("")).await.unwrap();
    assert!(none.rows.is_empty() && none.all == 0, "no members yet");
    for (request, code) in [
        (
            MemberSearchRequest {
                org: Some("nowhere".to_owned()),
                ..look("")
            },
            Code::NotFound,
        ),
        (
            MemberSearchRequest {
                limit: 501,
                ..look("")
            },
            Code::Invalid,
        ),
        (
            MemberSearchRequest {
                after: Some("x".to_owned()),
                ..look("")
            },
            Code::Invalid,
        ),
    ] {
        let refused = app.member_search(request).await.unwrap_err();
        assert_eq!(refused.code(), code, "{refused}");
    }
}
