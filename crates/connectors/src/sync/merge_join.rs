//! Two sorted lists read side by side, group by group of equal keys. Memory holds one group, whatever the lists are.

use std::cmp::Ordering;
use std::iter::Peekable;

/// A list was not sorted by its key: a join that went on would miss people and take them as gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a list to be joined is not sorted by its key")]
pub struct NotSortedError;

/// All entries of both lists with one key. One side may be empty, not both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<K, L, R> {
    /// The key.
    pub key: K,
    /// The club's entries.
    pub locals: Vec<L>,
    /// The federation's entries.
    pub remotes: Vec<R>,
}

/// The groups of two lists; see [`merge_join`].
pub struct MergeJoin<A: Iterator, B: Iterator> {
    locals: Peekable<A>,
    remotes: Peekable<B>,
    failed: bool,
}

/// Joins two lists of (key, entry), each sorted by key. After an error nothing follows.
pub fn merge_join<K, L, R, A, B>(locals: A, remotes: B) -> MergeJoin<A::IntoIter, B::IntoIter>
where
    K: Ord,
    A: IntoIterator<Item = (K, L)>,
    B: IntoIterator<Item = (K, R)>,
{
    MergeJoin {
        locals: locals.into_iter().peekable(),
        remotes: remotes.into_iter().peekable(),
        failed: false,
    }
}

impl<K, L, R, A, B> Iterator for MergeJoin<A, B>
where
    K: Ord,
    A: Iterator<Item = (K, L)>,
    B: Iterator<Item = (K, R)>,
{
    type Item = Result<Group<K, L, R>, NotSortedError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let from_locals = match (self.locals.peek(), self.remotes.peek()) {
            (Some((local, _)), Some((remote, _))) => local <= remote,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => return None,
        };
        let (key, mut locals, mut remotes) = if from_locals {
            let (key, first) = self.locals.next()?;
            (key, vec![first], Vec::new())
        } else {
            let (key, first) = self.remotes.next()?;
            (key, Vec::new(), vec![first])
        };
        let taken = take(&mut self.locals, &key, &mut locals)
            .and_then(|()| take(&mut self.remotes, &key, &mut remotes));
        if let Err(error) = taken {
            self.failed = true;
            return Some(Err(error));
        }
        Some(Ok(Group {
            key,
            locals,
            remotes,
        }))
    }
}

/// Takes what has this key. What is left must come after it.
fn take<K: Ord, T, I: Iterator<Item = (K, T)>>(
    list: &mut Peekable<I>,
    key: &K,
    into: &mut Vec<T>,
) -> Result<(), NotSortedError> {
    while let Some((next, _)) = list.peek() {
        match next.cmp(key) {
            Ordering::Less => return Err(NotSortedError),
            Ordering::Greater => break,
            Ordering::Equal => into.extend(list.next().map(|(_, entry)| entry)),
        }
    }
    Ok(())
}
