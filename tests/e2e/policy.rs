//! What an injected script or element could do: the content policy stops each, and nothing
//! reaches a server. The only test that does something behind the page, because it plays the
//! attacker.

use std::io::Read;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::harness::Home;

/// Name, and a body of a function with `at` (an address that would count) in scope. It may set
/// `window.escaped`; afterwards the policy must have objected, or `must_throw` must hold.
const PROBES: &[(&str, &str)] = &[
    (
        "inline script",
        "const s = document.createElement('script'); s.textContent = 'window.escaped = 1'; document.body.append(s)",
    ),
    (
        "inline handler",
        "const d = document.createElement('div'); d.setAttribute('onclick', 'window.escaped = 1'); document.body.append(d); d.click()",
    ),
    (
        "javascript: link",
        "const a = document.createElement('a'); a.href = 'javascript:void(window.escaped = 1)'; document.body.append(a); a.click()",
    ),
    (
        "data: script",
        "const s = document.createElement('script'); s.src = 'data:text/javascript,window.escaped=1'; document.body.append(s)",
    ),
    (
        "blob: script",
        "const s = document.createElement('script'); s.src = URL.createObjectURL(new Blob(['window.escaped = 1'])); document.body.append(s)",
    ),
    (
        "remote script",
        "const s = document.createElement('script'); s.src = at + 'x.js'; document.body.append(s)",
    ),
    (
        "remote module",
        "const s = document.createElement('script'); s.type = 'module'; s.src = at + 'x.mjs'; document.body.append(s)",
    ),
    (
        "inline style element",
        "const s = document.createElement('style'); s.textContent = 'body { --escaped: 1 }'; document.body.append(s); if (getComputedStyle(document.body).getPropertyValue('--escaped')) window.escaped = 1",
    ),
    (
        "style attribute",
        "const d = document.createElement('div'); document.body.append(d); d.setAttribute('style', 'width: 7px; position: fixed'); if (getComputedStyle(d).width === '7px') window.escaped = 1",
    ),
    (
        "remote style sheet",
        "const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = at + 'x.css'; document.head.append(l)",
    ),
    ("remote image", "new Image().src = at + 'x.png'"),
    (
        "remote font",
        "const f = new FontFace('Escaped', `url(${at}x.woff2)`); document.fonts.add(f); f.load().then(() => (window.escaped = 1), () => {})",
    ),
    (
        "fetch",
        "fetch(at + 'fetch').then(() => (window.escaped = 1), () => {})",
    ),
    (
        "XMLHttpRequest",
        "const x = new XMLHttpRequest(); x.open('GET', at + 'xhr'); x.onload = () => (window.escaped = 1); try { x.send() } catch {}",
    ),
    (
        "WebSocket",
        "try { new WebSocket(at.replace('http', 'ws')).onopen = () => (window.escaped = 1) } catch {}",
    ),
    (
        "EventSource",
        "try { new EventSource(at + 'events').onopen = () => (window.escaped = 1) } catch {}",
    ),
    (
        "beacon",
        "try { navigator.sendBeacon(at + 'beacon', 'x') } catch {}",
    ),
    (
        "remote frame",
        "const f = document.createElement('iframe'); f.src = at + 'frame'; document.body.append(f)",
    ),
    (
        "data: frame",
        "const f = document.createElement('iframe'); f.src = 'data:text/html,x'; document.body.append(f)",
    ),
    (
        "object",
        "const o = document.createElement('object'); o.data = at + 'object'; o.type = 'text/html'; document.body.append(o)",
    ),
    (
        "embed",
        "const e = document.createElement('embed'); e.src = at + 'embed'; e.type = 'text/html'; document.body.append(e)",
    ),
    (
        "form",
        "const f = document.createElement('form'); f.action = at + 'form'; f.method = 'post'; document.body.append(f); f.submit()",
    ),
    (
        "base",
        "const b = document.createElement('base'); b.href = at; document.head.append(b); if (document.baseURI.startsWith(at)) window.escaped = 1",
    ),
    (
        "worker",
        "try { new Worker(URL.createObjectURL(new Blob(['']))) } catch {}",
    ),
    (
        "video",
        "const v = document.createElement('video'); v.src = at + 'x.mp4'; document.body.append(v)",
    ),
];

/// What must throw at once.
const EVALS: &[(&str, &str)] = &[
    ("eval", "(0, eval)('window.escaped = 1')"),
    ("new Function", "new Function('window.escaped = 1')()"),
];

/// Runs one probe and answers with the directive that objected, "threw", or "nothing".
const RUN: &str = r"
    const [body, at, done] = arguments;
    delete window.escaped;
    const finish = (what) => {
        document.removeEventListener('securitypolicyviolation', heard);
        clearTimeout(timer);
        done([what, window.escaped === undefined]);
    };
    const heard = (event) => finish(event.effectiveDirective);
    document.addEventListener('securitypolicyviolation', heard);
    const timer = setTimeout(() => finish('nothing'), 3000);
";

#[tokio::test(flavor = "multi_thread")]
async fn without_keychain_the_content_policy_stops_injections() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = format!("http://{}/", server.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    std::thread::spawn(move || {
        for connection in server.incoming() {
            let mut start = [0; 64];
            let length = connection.unwrap().read(&mut start).unwrap_or(0);
            let text = String::from_utf8_lossy(&start[..length]).into_owned();
            heard.lock().unwrap().push(text);
        }
    });
    let home = Home::new();
    let window = home.open(1280, 800).await;
    window.see("Create your key").await;
    let page = window.read("location.href").await;
    let mut open = Vec::new();
    for (name, body) in PROBES {
        let script = format!("{RUN} {body};");
        let answer = window.probe(&script, vec![json!(body), json!(at)]).await;
        if answer[0] == "nothing" || answer[1] != true {
            open.push(format!("{name}: {answer}"));
        }
    }
    for (name, body) in EVALS {
        let script = format!(
            "const done = arguments[arguments.length - 1]; \
             try {{ {body}; done('ran') }} catch (error) {{ done(error.name) }}"
        );
        let answer = window.probe(&script, Vec::new()).await;
        if answer != "EvalError" {
            open.push(format!("{name}: {answer}"));
        }
    }
    // Leaving the page, and a second window: refused by the shell, not by the policy.
    for body in [
        "location.href = arguments[0] + 'away'",
        "window.open(arguments[0] + 'window')",
        "document.body.append(Object.assign(document.createElement('a'), { id: 'away', href: arguments[0] + 'link' })); document.getElementById('away').click()",
    ] {
        let script = format!("{body}; arguments[arguments.length - 1](true)");
        window.probe(&script, vec![json!(at)]).await;
        assert_eq!(
            window.read("location.href").await,
            page,
            "{body} stays here"
        );
    }
    window.see("Create your key").await;
    assert_eq!(open, Vec::<String>::new(), "all are blocked");
    assert!(PROBES.len() + EVALS.len() >= 20, "at least twenty");
    let asked = asked.lock().unwrap().clone();
    assert_eq!(asked, Vec::<String>::new(), "no request reached a server");
    window.close().await;
}
