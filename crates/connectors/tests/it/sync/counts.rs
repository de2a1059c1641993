use connectors::members::MemberField::Phone;
use connectors::members::MemberValues;
use connectors::settings::ConflictStrategy;
use connectors::sync::counts::Counts;
use connectors::sync::decide::{Remote, Sides, decide};
use connectors::sync::rules::Rules;

use super::{member, rules};

#[test]
fn each_member_is_counted_once() {
    let [one, two, three] = ["1", "2", "3"].map(|value| member(&[(Phone, value)]));
    let rules = Rules {
        strategy: ConflictStrategy::Merge,
        ..rules(&[Phone])
    };
    let mut counts = Counts::default();
    let listed = |base, local, left, remote| Sides {
        base,
        local,
        left,
        remote: Remote::Listed(remote),
    };
    let known: Option<&MemberValues> = Some(&one);
    for sides in [
        listed(None, None, false, &one),
        listed(known, Some(&one), false, &two),
        listed(known, Some(&one), true, &one),
        listed(None, Some(&MemberValues::default()), false, &one),
        listed(known, Some(&one), false, &one),
        listed(known, Some(&two), false, &two),
        listed(None, Some(&one), false, &one),
        listed(known, Some(&two), false, &three),
        Sides {
            remote: Remote::Gone,
            ..listed(known, Some(&one), false, &one)
        },
    ] {
        counts.add(&decide(sides, &rules, &[]));
    }
    counts.add_problem();
    assert_eq!(
        counts,
        Counts {
            creates: 1,
            updates: 3,
            unchanged: 3,
            conflicts: 1,
            leavers: 1,
            problems: 1
        },
        "an update, a returner and an adopted one with news; the same, a moved base and one adopted unseen"
    );
    assert_eq!(
        counts.total(),
        10,
        "nobody is lost and nobody is counted twice"
    );
}

#[test]
fn a_plan_is_plain_where_nobody_has_anything_to_look_at() {
    let plain = Counts {
        creates: 5,
        updates: 7,
        unchanged: 100,
        ..Counts::default()
    };
    assert!(plain.is_plain(), "news alone may be applied");
    for counts in [
        Counts {
            conflicts: 1,
            ..plain
        },
        Counts {
            leavers: 1,
            ..plain
        },
        Counts {
            problems: 1,
            ..plain
        },
    ] {
        assert!(!counts.is_plain(), "{counts:?} waits for a person");
    }
}
