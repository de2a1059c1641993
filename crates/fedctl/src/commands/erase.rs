//! `fedctl member erase` and `fedctl member allow-again`.

use std::fmt::Write as _;

use connectors::view::{Environment, EraseLookView, EraseView};
use serde_json::json;

use super::member::find;
use crate::arguments::{AllowAgainArguments, EraseArguments, MemberArguments};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::secret_input;
use crate::words;

pub(super) async fn erase(arguments: EraseArguments, context: &Context) -> Outcome {
    let EraseArguments {
        club,
        member,
        purge_backups,
        yes,
    } = arguments;
    if !yes {
        secret_input::require_person(
            "erasing cannot be undone; add --yes where nobody can be asked",
        )?;
    }
    let app = context.open().await?;
    let which = MemberArguments {
        member: member.clone(),
        code: Some(club.code),
        org: Some(club.org),
    };
    let found = find(app, &which).await?;
    if Some(&found.row.code) != which.code.as_ref() || Some(&found.row.org) != which.org.as_ref() {
        return Err(Failure::usage(
            "this member is of another club; nothing was erased",
        ));
    }
    let id = found.row.member_id;
    if !yes {
        let look = app.member_erase_look(&id).await?;
        context.output.note(&what_goes(&look, purge_backups));
        // On live data a slip of the finger must not be enough.
        let wanted = if look.environment == Environment::Live {
            member.as_str()
        } else {
            "yes"
        };
        let answer = secret_input::ask_line(&format!("Type {wanted} to erase: ")).await?;
        if answer != wanted {
            return Err(Failure::usage("nothing was erased"));
        }
    }
    let done = app.member_erase(&id, purge_backups).await?;
    if let Some(problem) = &done.purge_problem {
        context.output.warning(&format!(
            "the person is erased, but the older backups are still there: {problem}"
        ));
    }
    context
        .output
        .confirmation(&json!(done), || what_went(&done))?;
    context.after_change(app).await;
    Ok(Exit::DONE)
}

pub(super) async fn allow_again(arguments: AllowAgainArguments, context: &Context) -> Outcome {
    let AllowAgainArguments {
        club,
        member,
        first_name,
        last_name,
        born,
    } = arguments;
    let app = context.open().await?;
    match (&member, &first_name, &last_name) {
        (Some(member), _, _) => {
            app.member_allow_again(&club.code, &club.org, member)
                .await?;
        }
        (None, Some(first), Some(last)) => {
            app.member_allow_again_named(&club.code, &club.org, first, last, born.as_deref())
                .await?;
        }
        _ => {
            return Err(Failure::usage(
                "name the person with --member, or with both names",
            ));
        }
    }
    let left = app.suppressions(&club.code, &club.org).await?;
    context.output.confirmation(&json!({"kept_out": left}), || {
        format!(
            "The next sync or file may bring this person in again. Still kept out of this club: {}.",
            words::grouped(left)
        )
    })?;
    context.after_change(app).await;
    Ok(Exit::DONE)
}

fn what_goes(look: &EraseLookView, purge_backups: bool) -> String {
    let mut text = format!(
        "Erased for good: the member, {} in plans and runs, {} for undoing, {}. The runs stay, with their counts. \
         The person is kept out of later lists of {}.",
        words::counted(look.plan_rows, "line"),
        words::counted(look.undo_rows, "earlier state"),
        words::counted(look.decisions, "decision"),
        look.connector_name,
    );
    if purge_backups {
        text.push_str(
            " A fresh backup is made, then every older one and every copy set aside is deleted.",
        );
    } else if look.backups > 0 {
        let _ = write!(
            text,
            " {} of before may still have the person until {} at the latest.",
            words::counted(u64::from(look.backups), "backup"),
            words::day(look.backups_clean_by),
        );
    }
    if look.set_aside > 0 && !purge_backups {
        let _ = write!(
            text,
            " Set aside by a restore, and there until --purge-backups deletes it: {}.",
            copies(look.set_aside),
        );
    }
    text.push_str(" Files that were exported or saved elsewhere are yours to delete.");
    text
}

fn what_went(done: &EraseView) -> String {
    let mut text = format!(
        "Erased: {} in plans and runs, {} for undoing, {}. The person is kept out of later syncs and files.",
        words::counted(done.plan_rows, "line"),
        words::counted(done.undo_rows, "earlier state"),
        words::counted(done.decisions, "decision"),
    );
    if done.plans_dropped > 0 {
        text.push_str("\nThe plan that waited had the person: preview again.");
    }
    if !done.file_is_clean {
        text.push_str(
            "\nThe data file is busy or full: the last traces in it go when it is opened next.",
        );
    }
    if let Some(purged) = done.purged {
        let _ = write!(text, "\nDeleted {} from before.", copies(purged));
    }
    if let Some(until) = done.backups_clean_by {
        let _ = write!(
            text,
            "\n{} of before may still have the person until {} at the latest, if the app is used by then.",
            words::counted(u64::from(done.backups), "backup"),
            words::day(until),
        );
    }
    if done.set_aside > 0 {
        let _ = write!(
            text,
            "\nSet aside by a restore, and there until --purge-backups deletes it: {}.",
            copies(done.set_aside),
        );
    }
    text
}

fn copies(number: u32) -> String {
    match number {
        1 => "1 copy of the data".to_owned(),
        more => format!("{} copies of the data", words::grouped(u64::from(more))),
    }
}
