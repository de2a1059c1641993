//! Several processes on one file lose nothing.

use crate::support::Home;

#[test]
fn two_processes_at_once_lose_nothing() {
    let home = Home::new();
    std::thread::scope(|scope| {
        for side in ["left", "right"] {
            let home = &home;
            scope.spawn(move || {
                for number in 0..6 {
                    let code = format!("{side}_{number}");
                    home.add(&code);
                }
            });
        }
    });
    let list = home
        .run(&["--json", "connector", "list"])
        .expect_code(0)
        .json();
    assert_eq!(
        list.as_array().expect("an array").len(),
        12,
        "all are there"
    );
    home.run(&["db", "check"]).expect_code(0);
}

#[test]
fn of_two_that_take_one_code_exactly_one_succeeds() {
    let home = Home::new();
    let mut codes: Vec<i32> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    home.run(&[
                        "connector",
                        "add",
                        "same",
                        "--preset",
                        "generic_rest_key",
                        "--set",
                        "endpoints.base=https://api.example.org",
                    ])
                    .code
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    codes.sort_unstable();
    assert_eq!(
        codes,
        [0, 2],
        "one is added, the other is told that the code is taken"
    );
}
