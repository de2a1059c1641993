//! A template as somebody wrote it: what it says, and the very text where there is one, so that remarks in it stay.

use super::form::template_of;
use crate::error::{Error, FieldError, Result};
use crate::members::Template;
use crate::view::TemplateDraft;

/// A template as somebody wrote it.
pub(super) struct Written {
    pub(super) template: Template,
    /// Their own text, with their remarks; none of a form.
    pub(super) text: Option<String>,
}

impl Written {
    /// Reads a draft; `id` stands for its own identifier where it is given.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every mistake, of a text with its line.
    pub(super) fn read(draft: &TemplateDraft, id: Option<&str>) -> Result<Self> {
        let (mut template, mut mistakes, text) = match draft {
            TemplateDraft::Text { toml } => {
                (Template::parse(toml)?, Vec::new(), Some(toml.clone()))
            }
            TemplateDraft::Form { form } => {
                let (template, mistakes) = template_of(form, 1);
                (template, mistakes, None)
            }
        };
        if let Some(id) = id {
            id.clone_into(&mut template.id);
            mistakes.retain(|mistake| mistake.field != "id");
            let of_id = |mistake: &FieldError| mistake.field == "id";
            mistakes.extend(template.check().into_iter().filter(of_id));
        }
        if mistakes.is_empty() {
            Ok(Self { template, text })
        } else {
            Err(Error::Invalid(mistakes))
        }
    }

    /// The whole file of a version: the person's own text with the identifier and the number that count, where it says the
    /// same then.
    pub(super) fn toml(&self) -> Result<String> {
        if let Some(text) = &self.text {
            let own = with_head(text, &self.template);
            if Template::parse(&own).is_ok_and(|read| read == self.template) {
                return Ok(own);
            }
        }
        self.template.to_toml()
    }
}

/// The text with another identifier and version, which stand before the first table.
fn with_head(text: &str, template: &Template) -> String {
    let mut in_head = true;
    let mut changed = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        in_head &= !line.trim_start().starts_with('[');
        let key = line.split_once('=').map_or("", |(key, _)| key.trim());
        let own = match key {
            "id" if in_head => format!("id = \"{}\"\n", template.id),
            "version" if in_head => format!("version = {}\n", template.version),
            _ => line.to_owned(),
        };
        changed.push_str(&own);
    }
    changed
}
