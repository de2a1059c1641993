use connectors::sync::merge_join::{NotSortedError, merge_join};

type Seen = Vec<(u8, Vec<char>, Vec<char>)>;

fn join(locals: &[(u8, char)], remotes: &[(u8, char)]) -> Result<Seen, NotSortedError> {
    merge_join(locals.to_vec(), remotes.to_vec())
        .map(|group| group.map(|group| (group.key, group.locals, group.remotes)))
        .collect()
}

#[test]
fn both_lists_come_out_in_groups_of_one_key() {
    assert_eq!(
        join(
            &[(1, 'a'), (2, 'b'), (2, 'c'), (5, 'd')],
            &[(2, 'B'), (3, 'C'), (5, 'D'), (5, 'E'), (6, 'F')]
        ),
        Ok(vec![
            (1, vec!['a'], vec![]),
            (2, vec!['b', 'c'], vec!['B']),
            (3, vec![], vec!['C']),
            (5, vec!['d'], vec!['D', 'E']),
            (6, vec![], vec!['F']),
        ]),
        "every entry is in exactly one group"
    );
    assert_eq!(join(&[], &[]), Ok(vec![]), "nothing joined is nothing");
}

#[test]
fn a_list_that_is_not_sorted_is_an_error() {
    let sorted = [(1, 'a'), (3, 'b')];
    let unsorted = [(3, 'b'), (1, 'a')];
    for (locals, remotes) in [(unsorted, sorted), (sorted, unsorted)] {
        assert_eq!(
            join(&locals, &remotes),
            Err(NotSortedError),
            "whoever is passed over would be taken as gone"
        );
    }
}
