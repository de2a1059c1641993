//! A list of invented members on this computer, each page made when it is asked for: a million of them take no memory. It speaks
//! just enough HTTP.

use std::fmt::Write as _;
use std::ops::Range;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const FIRST: [&str; 40] = [
    "Aoife", "Ciara", "Niamh", "Saoirse", "Caoimhe", "Róisín", "Sinéad", "Gráinne", "Siobhán",
    "Órla", "Emma", "Grace", "Sophie", "Lucy", "Ella", "Mary", "Anna", "Kate", "Ruth", "Clodagh",
    "Seán", "Oisín", "Cian", "Darragh", "Conor", "Fionn", "Patrick", "Jack", "James", "Daniel",
    "Adam", "Luke", "Michael", "Noah", "Tadhg", "Rían", "Eoin", "Liam", "Pádraig", "Diarmuid",
];
const LAST: [&str; 40] = [
    "Murphy",
    "Kelly",
    "O’Sullivan",
    "Walsh",
    "Smith",
    "O’Brien",
    "Byrne",
    "Ryan",
    "O’Connor",
    "O’Neill",
    "Reilly",
    "Doyle",
    "McCarthy",
    "Gallagher",
    "Doherty",
    "Kennedy",
    "Lynch",
    "Murray",
    "Quinn",
    "Moore",
    "McLoughlin",
    "Carroll",
    "Connolly",
    "Daly",
    "Wilson",
    "Dunne",
    "Brennan",
    "Burke",
    "Collins",
    "Campbell",
    "Clarke",
    "Johnston",
    "Hughes",
    "Farrell",
    "Fitzgerald",
    "Brown",
    "Ní Bhriain",
    "Ó Sé",
    "Mac Giolla Phádraig",
    "de Búrca",
];
const TOWNS: [&str; 12] = [
    "Dungarvan",
    "Lismore",
    "Tralee",
    "Naas",
    "Mallow",
    "Tuam",
    "Omagh",
    "Lurgan",
    "Ennis",
    "Sligo",
    "Cavan",
    "Birr",
];

/// The members with these numbers, as the practice federation writes them.
fn records(numbers: Range<usize>) -> String {
    let mut text = String::new();
    for n in numbers {
        let (first, last) = (FIRST[n * 7 % 40], LAST[n / 40 % 40]);
        // Nobody of the same name is born on the same day, up to 32 million.
        let born = (n / 1_600 + n % 1_600 * 37) % 20_160;
        let comma = if text.is_empty() { "" } else { "," };
        let _ = write!(
            text,
            "{comma}{{\"id\":\"M-{n:07}\",\"firstName\":\"{first}\",\"lastName\":\"{last}\",\
             \"dateOfBirth\":\"{}-{:02}-{:02}\",\"gender\":\"FEMALE\",\"email\":\"m{n}@example.org\",\
             \"mobile\":\"087 {:07}\",\"address1\":\"{} Main Street\",\"town\":\"{}\",\"county\":\"Kerry\",\
             \"postcode\":\"V00 X{:03}\",\"membershipType\":\"ADULT\",\"status\":\"ACTIVE\",\"joinedOn\":\"2020-01-01\"}}",
            1950 + born % 60,
            born / 60 % 12 + 1,
            born / 720 % 28 + 1,
            n % 10_000_000,
            n % 300,
            TOWNS[n / 1_600 % 12],
            n % 1_000,
        );
    }
    text
}

/// Serves lists until the process ends; where.
pub async fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    format!("http://{address}")
}

/// Answers one connection. The first part of the path is how many members there are.
async fn answer(mut stream: TcpStream) {
    let mut waiting: Vec<u8> = Vec::new();
    let mut piece = [0_u8; 4_096];
    loop {
        let end = waiting.windows(4).position(|four| four == b"\r\n\r\n");
        let Some(end) = end else {
            match stream.read(&mut piece).await {
                Ok(read @ 1..) => waiting.extend_from_slice(&piece[..read]),
                _ => return,
            }
            continue;
        };
        let head = String::from_utf8_lossy(&waiting[..end]).into_owned();
        waiting.drain(..end + 4);
        let body = page(head.split(' ').nth(1).unwrap_or_default());
        let start = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let sent = stream.write_all(start.as_bytes()).await.is_ok()
            && stream.write_all(body.as_bytes()).await.is_ok();
        if !sent {
            return;
        }
    }
}

fn page(target: &str) -> String {
    let number = |name: &str, otherwise: usize| {
        let (_, query) = target.split_once('?').unwrap_or_default();
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let found = pairs.find(|(key, _)| *key == name);
        found
            .and_then(|(_, text)| text.parse().ok())
            .unwrap_or(otherwise)
    };
    let members: usize = target
        .split('/')
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or_default();
    let (page, size) = (number("page", 0), number("size", 100));
    let from = (page * size).min(members);
    let records = records(from..(from + size).min(members));
    format!(
        "{{\"data\":[{records}],\"page\":{{\"page\":{page},\"size\":{size},\"totalPages\":{},\"totalElements\":{members}}}}}",
        members.div_ceil(size)
    )
}
