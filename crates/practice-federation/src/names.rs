//! The words the invented people and places are made of. Given names and surnames are common ones;
//! clubs, streets and post codes are invented so that no line can be a real person's address.

/// Given names as (English form, Irish form); names without an Irish form stand alone.
pub(crate) const BOYS: &[(&str, Option<&str>)] = &[
    ("John", Some("Seán")),
    ("Owen", Some("Eoghan")),
    ("James", Some("Séamus")),
    ("Patrick", Some("Pádraig")),
    ("Hugh", Some("Aodh")),
    ("Rory", Some("Ruairí")),
    ("Kieran", Some("Ciarán")),
    ("Eamon", Some("Éamonn")),
    ("Oisin", Some("Oisín")),
    ("Dara", Some("Dáire")),
    ("Conor", Some("Conchúr")),
    ("Thomas", Some("Tomás")),
    ("Michael", Some("Mícheál")),
    ("Fionn", Some("Fionn")),
    ("Jack", None),
    ("Harry", None),
    ("Oliver", None),
    ("Jakub", None),
    ("Chidi", None),
];

/// As [`BOYS`].
pub(crate) const GIRLS: &[(&str, Option<&str>)] = &[
    ("Rose", Some("Róisín")),
    ("Sheila", Some("Síle")),
    ("Jane", Some("Sinéad")),
    ("Una", Some("Úna")),
    ("Maeve", Some("Méabh")),
    ("Kate", Some("Cáit")),
    ("Brigid", Some("Bríd")),
    ("Grace", Some("Gráinne")),
    ("Caoimhe", Some("Caoimhe")),
    ("Niamh", Some("Niamh")),
    ("Aisling", Some("Aisling")),
    ("Emer", Some("Éimear")),
    ("Orla", Some("Órlaith")),
    ("Sadhbh", Some("Sadhbh")),
    ("Emily", None),
    ("Charlotte", None),
    ("Lucy", None),
    ("Zofia", None),
    ("Amara", None),
];

/// A surname in English and, where there is one, in its two Irish forms: a man's and an unmarried
/// woman's, which differ in the particle and in the letter after it.
pub(crate) struct Surname {
    pub(crate) english: &'static str,
    pub(crate) irish: Option<(&'static str, &'static str)>,
}

const fn both(english: &'static str, man: &'static str, woman: &'static str) -> Surname {
    Surname {
        english,
        irish: Some((man, woman)),
    }
}

const fn only(english: &'static str) -> Surname {
    Surname {
        english,
        irish: None,
    }
}

pub(crate) const SURNAMES: &[Surname] = &[
    both("O'Sullivan", "Ó Súilleabháin", "Ní Shúilleabháin"),
    both("O'Brien", "Ó Briain", "Ní Bhriain"),
    both("Burke", "de Búrca", "de Búrca"),
    both("McCarthy", "Mac Cárthaigh", "Nic Cárthaigh"),
    both("O'Neill", "Ó Néill", "Ní Néill"),
    both("Murphy", "Ó Murchú", "Ní Mhurchú"),
    both("Kelly", "Ó Ceallaigh", "Ní Cheallaigh"),
    both("Walsh", "Breathnach", "Breathnach"),
    both("Byrne", "Ó Broin", "Ní Bhroin"),
    both("O'Doherty", "Ó Dochartaigh", "Ní Dhochartaigh"),
    both("Gallagher", "Ó Gallchóir", "Ní Ghallchóir"),
    both("McLaughlin", "Mac Lochlainn", "Nic Lochlainn"),
    both("Quinn", "Ó Coinn", "Ní Choinn"),
    both("Fitzgerald", "Mac Gearailt", "Nic Gearailt"),
    both("Moore", "Ó Mórdha", "Ní Mhórdha"),
    both("Daly", "Ó Dálaigh", "Ní Dhálaigh"),
    both("Campbell", "Mac Cathmhaoil", "Nic Cathmhaoil"),
    both("Maguire", "Mag Uidhir", "Nic Uidhir"),
    both("Smith", "Mac Gabhann", "Nic Gabhann"),
    only("Taylor"),
    only("Wilson"),
    only("Smyth-Harris"),
    only("Nowak"),
    only("Wójcik"),
    only("Okonkwo"),
];

/// Invented street names, one of them with a fada.
pub(crate) const STREETS: &[&str] = &[
    "Practice Road",
    "Sample Street",
    "Example Park",
    "Model Terrace",
    "Trial Avenue",
    "Bóthar na Samplaí",
];

/// Mail domains reserved for examples (RFC 2606).
pub(crate) const MAIL_DOMAINS: &[&str] = &[
    "example.org",
    "mail.example.org",
    "post.example",
    "club.example",
];
