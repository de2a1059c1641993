use crate::support::{client, get, practice, raw};

#[tokio::test]
async fn only_its_own_host_names_are_answered() {
    let practice = practice().await;
    let address = practice.address();
    let port = address.port();
    let other = port.wrapping_add(1);
    let cases = [
        (format!("Host: 127.0.0.1:{port}\r\n"), 200, "its address"),
        (
            format!("Host: localhost:{port}\r\n"),
            200,
            "this computer's name for it",
        ),
        (
            format!("host: LOCALHOST:{port}\r\n"),
            200,
            "letter case is free",
        ),
        (
            format!("Host: evil.example:{port}\r\n"),
            421,
            "a name rebound to 127.0.0.1",
        ),
        (
            format!("Host: 127.0.0.1.evil.example:{port}\r\n"),
            421,
            "a name that looks like it",
        ),
        (format!("Host: 127.0.0.1:{other}\r\n"), 421, "another port"),
        (
            "Host: 127.0.0.1\r\n".to_owned(),
            421,
            "the port left out means 80",
        ),
        (
            "Host: localhost\r\n".to_owned(),
            421,
            "the port left out means 80",
        ),
        (
            format!("Host: [::1]:{port}\r\n"),
            421,
            "it does not listen there",
        ),
        (String::new(), 421, "no host at all"),
        (
            format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n"),
            421,
            "two hosts",
        ),
    ];
    for path in ["/open/v1/me", "/practice", "/practice/faults"] {
        for (host, status, why) in &cases {
            let request = format!("GET {path} HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
            let answer = raw(address, &request).await;
            let start = format!("HTTP/1.1 {status} ");
            assert!(
                answer.starts_with(&start),
                "{path}, {host:?}: {why}: {answer:.60}"
            );
        }
    }
    let target = format!("http://evil.example:{port}/open/v1/me");
    let request =
        format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    let answer = raw(address, &request).await;
    assert!(
        answer.starts_with("HTTP/1.1 421 "),
        "a foreign host in the target: {answer:.60}"
    );
    assert_eq!(
        practice.request_count(),
        3,
        "requests for others are not traffic of this server"
    );
}

#[tokio::test]
async fn other_methods_and_paths_get_problem_documents() {
    let practice = practice().await;
    let url = format!("{}/open/v1/members", practice.base_url());
    let answer = client().delete(url).send().await.unwrap();
    assert_eq!(answer.status(), 405, "members are read only");
    assert_eq!(
        answer.headers()["content-type"],
        "application/problem+json",
        "said as RFC 9457"
    );
    let answer = get(&practice, "/favicon.ico").await;
    assert_eq!(answer.status(), 404, "there is no such path");
    assert_eq!(
        answer.headers()["content-type"],
        "application/problem+json",
        "said as RFC 9457"
    );
    let answer = get(&practice, "/").await;
    assert_eq!(
        answer.headers()["location"],
        "/practice",
        "the bare address leads to the page"
    );
}
