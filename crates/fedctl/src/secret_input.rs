//! Secrets on their way in: from a file, from standard input, or from a prompt without echo.
//! Never from an argument, because every program of the computer can read those.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connectors::error::Error;
use connectors::secret::SecretText;
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::output::Output;

/// Largest passphrase file. A longer one is the wrong file.
const PASSPHRASE_LIMIT: usize = 64 * 1024;
/// Longest line that is kept, in bytes: twice what a redirect URL may have.
const LINE_LIMIT: usize = 16 * 1024;
/// Largest file with a private key, so that its base64 is no longer than 64 kB.
const PRIVATE_KEY_LIMIT: usize = 48 * 1024;

/// Whether a person can be asked: both ends of a prompt are a terminal.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Whether `path` means standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The passphrase in a file, or on standard input for `-`, without one line break at its end.
pub(crate) async fn passphrase_from(path: &Path, output: Output) -> Result<SecretText, Failure> {
    let bytes = read_input(path, PASSPHRASE_LIMIT, "passphrase").await?;
    if !is_stdin(path) && others_can_read(path) {
        output.note(&format!(
            "note: others on this computer can read {0}; chmod 600 {0}",
            path.display()
        ));
    }
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Failure::file("the passphrase file is not a text in UTF-8"))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Err(Failure::file("the passphrase file is empty"));
    }
    Ok(SecretText::new(text.to_owned()))
}

/// A private key out of its file: PEM as it is, anything else (PKCS#12) in base64.
pub(crate) async fn private_key_from(path: &Path) -> Result<SecretText, Failure> {
    let bytes = read_input(path, PRIVATE_KEY_LIMIT, "private key").await?;
    Ok(match std::str::from_utf8(&bytes) {
        Ok(text) => SecretText::new(text.to_owned()),
        Err(_) => SecretText::new(STANDARD.encode(&*bytes)),
    })
}

/// A new passphrase, asked for twice.
pub(crate) async fn ask_new_passphrase(missing: &str) -> Result<SecretText, Failure> {
    require_person(missing)?;
    let first = ask_secret("New passphrase (at least 12 characters): ").await?;
    let second = ask_secret("The same again: ").await?;
    if first == second {
        Ok(first)
    } else {
        Err(Failure::usage(
            "the two passphrases differ; nothing was changed",
        ))
    }
}

/// Stops with what is missing where nobody can be asked.
pub(crate) fn require_person(missing: &str) -> Result<(), Failure> {
    if can_ask() {
        Ok(())
    } else {
        Err(Failure::usage(missing))
    }
}

/// Asks for a secret; what is typed is not shown.
pub(crate) async fn ask_secret(question: &str) -> Result<SecretText, Failure> {
    // Dropped with this future when Ctrl-C ends it, so that the terminal shows typing again.
    let _echo = EchoGuard::new();
    let question = question.to_owned();
    let answer = waiting(move || rpassword::prompt_password(question)).await?;
    Ok(SecretText::new(answer))
}

/// Asks for something that is no secret.
pub(crate) async fn ask_line(question: &str) -> Result<String, Failure> {
    let question = question.to_owned();
    waiting(move || {
        let mut error = io::stderr().lock();
        error.write_all(question.as_bytes())?;
        error.flush()?;
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        Ok(line.trim().to_owned())
    })
    .await
}

/// The lines of standard input as they come, read on a thread of its own until the end. A line may
/// be a redirect URL, and that carries a code.
pub(crate) fn lines() -> mpsc::Receiver<Zeroizing<String>> {
    let (found, lines) = mpsc::channel(1);
    tokio::task::spawn_blocking(move || {
        while let Ok(Some(line)) = next_line(&mut io::stdin().lock()) {
            let blank = line.trim().is_empty();
            if !blank && found.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// One line; none at the end. What is over the limit is read and dropped, so that the line is too
/// long for anybody who looks at it, and the next one is whole.
fn next_line(source: &mut impl BufRead) -> io::Result<Option<Zeroizing<String>>> {
    let mut line = Zeroizing::new(Vec::new());
    let most = u64::try_from(LINE_LIMIT).unwrap_or(u64::MAX);
    if source.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    while !line.ends_with(b"\n") {
        let mut rest = Zeroizing::new(Vec::new());
        let read = source.by_ref().take(most).read_until(b'\n', &mut rest)?;
        if read == 0 || rest.ends_with(b"\n") {
            break;
        }
    }
    Ok(Some(Zeroizing::new(
        String::from_utf8_lossy(&line).into_owned(),
    )))
}

/// All of a file, or of standard input for `-`, up to `limit` bytes. `what` names it in errors.
pub(crate) async fn read_input(
    path: &Path,
    limit: usize,
    what: &str,
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let name = if is_stdin(path) {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    };
    let source = path.to_owned();
    let outcome = tokio::task::spawn_blocking(move || {
        if is_stdin(&source) {
            read_up_to(io::stdin().lock(), limit)
        } else {
            read_up_to(std::fs::File::open(&source)?, limit)
        }
    })
    .await
    .map_err(|source| Error::internal("read an input", source))?;
    let bytes = outcome
        .map_err(|error| Failure::file(format!("cannot read the {what} from {name}: {error}")))?;
    if bytes.len() > limit {
        return Err(Failure::file(format!(
            "the {what} from {name} is larger than {}",
            size_words(limit)
        )));
    }
    Ok(bytes)
}

fn read_up_to(source: impl Read, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Zeroizing::new(Vec::new());
    source.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn size_words(limit: usize) -> String {
    match limit {
        0..1_048_576 => format!("{} kB", limit / 1024),
        _ => format!("{} MB", limit / 1_048_576),
    }
}

/// Waits for a person on a thread of its own, so that Ctrl-C is heard meanwhile.
async fn waiting<T: Send + 'static>(
    ask: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(ask)
        .await
        .map_err(|source| Error::internal("wait for an answer", source))?
        .map_err(|error| Failure::usage(format!("the answer could not be read: {error}")))
}

#[cfg(unix)]
fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path)
        .is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_can_read(_: &Path) -> bool {
    false
}

/// Puts the terminal back as it was when dropped.
#[cfg(unix)]
struct EchoGuard(Option<rustix::termios::Termios>);

#[cfg(unix)]
impl EchoGuard {
    fn new() -> Self {
        Self(rustix::termios::tcgetattr(rustix::stdio::stdin()).ok())
    }
}

#[cfg(unix)]
impl Drop for EchoGuard {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        if let Some(before) = &self.0 {
            // Where the terminal has gone there is nothing to put back.
            let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, before);
        }
    }
}

/// Other systems put the terminal back themselves.
#[cfg(not(unix))]
struct EchoGuard;

#[cfg(not(unix))]
impl EchoGuard {
    fn new() -> Self {
        Self
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_whole_and_long_ones_are_cut() {
        let long = "x".repeat(LINE_LIMIT * 3);
        let mut input = io::Cursor::new(format!("one\r\n{long}\n\ntwo"));
        let mut lines = Vec::new();
        while let Some(line) = next_line(&mut input).unwrap() {
            lines.push(line.trim().to_owned());
        }
        let lengths: Vec<usize> = lines.iter().map(String::len).collect();
        assert_eq!(
            lengths,
            [3, LINE_LIMIT, 0, 3],
            "a long line is one line, and the last needs no break"
        );
        assert_eq!(lines.first().unwrap(), "one", "without its break");
        assert_eq!(lines.last().unwrap(), "two", "nor is the last one lost");
    }
}
