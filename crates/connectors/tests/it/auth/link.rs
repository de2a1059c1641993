//! An authorization response, to be bent by a test on its way to the app.

use std::fmt;

use url::form_urlencoded::Serializer;

/// An authorization response as the browser carries it.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) target: String,
    pub(crate) query: Vec<(String, String)>,
}

impl Link {
    pub(crate) fn get(&self, name: &str) -> String {
        let found = self.query.iter().find(|(one, _)| one == name);
        found.expect("the parameter is there").1.clone()
    }

    /// With another value, or with this parameter added.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        match self.query.iter_mut().find(|(one, _)| one == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.query.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.query.retain(|(one, _)| one != name);
        self
    }

    /// With this parameter, whether it is there already or not.
    pub(crate) fn and(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn to(mut self, target: &str) -> Self {
        target.clone_into(&mut self.target);
        self
    }

    pub(crate) fn query_text(&self) -> String {
        Serializer::new(String::new())
            .extend_pairs(&self.query)
            .finish()
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}?{}", self.target, self.query_text())
    }
}
