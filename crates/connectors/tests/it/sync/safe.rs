use connectors::sync::counts::Counts;
use connectors::sync::safe::is_safe;

#[test]
fn only_a_plan_in_which_nobody_has_to_decide_anything_is_safe() {
    let plain = Counts {
        creates: 2,
        updates: 40,
        unchanged: 300,
        ..Counts::default()
    };
    let cases = [
        ("new and changed members", plain, false, true),
        ("nothing at all", Counts::default(), false, true),
        ("the same, held", plain, true, false),
        ("nothing, held", Counts::default(), true, false),
        (
            "a conflict",
            Counts {
                conflicts: 1,
                ..plain
            },
            false,
            false,
        ),
        (
            "a leaver",
            Counts {
                leavers: 1,
                ..plain
            },
            false,
            false,
        ),
        (
            "a record that cannot be taken over",
            Counts {
                problems: 1,
                ..plain
            },
            false,
            false,
        ),
    ];
    for (what, counts, held, expected) in cases {
        assert_eq!(is_safe(&counts, held), expected, "{what}");
    }
}
