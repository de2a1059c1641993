//! Names: their case and their parts.

use connectors::members::transform::full_name;
use connectors::members::transform::name_case::{NamePart, name_case};

#[test]
fn m01_a_surname_in_one_case_gets_its_own() {
    let cases = [
        ("MURPHY", "Murphy"),
        ("murphy", "Murphy"),
        ("Ó SÉ", "Ó Sé"),
        ("ó sé", "Ó Sé"),
        ("NÍ BHRIAIN", "Ní Bhriain"),
        ("NIC GABHANN", "Nic Gabhann"),
        ("UÍ CHEALLAIGH", "Uí Cheallaigh"),
        ("Ó HÉALAÍ", "Ó hÉalaí"),
        ("ó hógáin", "Ó hÓgáin"),
        ("O HARA", "O Hara"),
        ("O'NEILL", "O'Neill"),
        ("O’NEILL", "O’Neill"),
        ("o'neill", "O'Neill"),
        ("D'ARCY", "D'Arcy"),
        ("DELL'ACQUA", "Dell'Acqua"),
        ("O'BRIEN-MURPHY", "O'Brien-Murphy"),
        ("MCCARTHY", "McCarthy"),
        ("mccarthy", "McCarthy"),
        ("MC CARTHY", "Mc Carthy"),
        ("MCÉIL", "McÉil"),
        ("MACCARTHY", "MacCarthy"),
        ("MACKEY", "Mackey"),
        ("MACEY", "Macey"),
        ("MACMATHÚNA", "MacMathúna"),
        ("MAC MATHÚNA", "Mac Mathúna"),
        ("MAC GIOLLA PHÁDRAIG", "Mac Giolla Phádraig"),
        ("MAC AN BHAIRD", "Mac an Bhaird"),
        ("MAC AN TSAOI", "Mac an tSaoi"),
        ("DE BÚRCA", "de Búrca"),
        ("de búrca", "de Búrca"),
        ("DE LA CRUZ", "de la Cruz"),
        ("VAN DER BERG", "van der Berg"),
        ("VAN", "Van"),
        ("MURPHY-Ó SÉ", "Murphy-Ó Sé"),
        ("NG", "Ng"),
        ("ŁUKASZEWICZ", "Łukaszewicz"),
        ("ŞAHIN", "Şahin"),
        ("李", "李"),
        ("", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(name_case(text, NamePart::Family), expected, "{text:?}");
    }
}

#[test]
fn m01_a_first_name_in_one_case_gets_its_own() {
    let cases = [
        ("SEÁN", "Seán"),
        ("róisín", "Róisín"),
        ("ANNE-MARIE", "Anne-Marie"),
        ("MARY KATE", "Mary Kate"),
        ("PJ", "PJ"),
        ("pj", "PJ"),
        ("AJ", "AJ"),
        ("J.P.", "J.P."),
        ("J", "J"),
        ("AL", "Al"),
        ("MACDARA", "Macdara"),
        ("VAN ANH", "Van Anh"),
        ("MARÍA DE LOS ÁNGELES", "María de los Ángeles"),
    ];
    for (text, expected) in cases {
        assert_eq!(name_case(text, NamePart::Given), expected, "{text:?}");
    }
}

#[test]
fn m01_both_names_in_one_text_get_their_own() {
    let cases = [
        ("SEÁN Ó HÉALAÍ", "Seán Ó hÉalaí"),
        ("PJ MCCARTHY", "PJ McCarthy"),
        ("NOLLAIG DE BÚRCA", "Nollaig de Búrca"),
        ("MACDARA MACCARTHY", "Macdara MacCarthy"),
        ("MACCARTHY, MACDARA", "Maccarthy, Macdara"),
        ("JOHN SMITH III", "John Smith III"),
    ];
    for (text, expected) in cases {
        assert_eq!(name_case(text, NamePart::Whole), expected, "{text:?}");
    }
}

#[test]
fn m01_mixed_case_is_never_altered() {
    let written = [
        "Seán",
        "Róisín",
        "McCarthy",
        "Mccarthy",
        "Ó Sé",
        "de Búrca",
        "De Búrca",
        "Mac an tSaoi",
        "MacKenzie",
        "Mackenzie",
        "O'neill",
        "van der Berg",
        "Van Der Berg",
        "Máire MURPHY",
        "LeBron",
        "eoghan O",
        "Ó hÉalaí",
        "d'Arcy",
    ];
    for text in written {
        for part in [NamePart::Given, NamePart::Family, NamePart::Whole] {
            assert_eq!(name_case(text, part), text, "somebody wrote {text:?} so");
        }
    }
}

#[test]
fn a_name_is_cut_before_its_surname() {
    let cases = [
        ("Seán Murphy", "Seán", "Murphy"),
        ("Seán Ó Sé", "Seán", "Ó Sé"),
        ("Mary Kate O'Neill", "Mary Kate", "O'Neill"),
        ("Nollaig de Búrca", "Nollaig", "de Búrca"),
        ("Máire Mac an Bhaird", "Máire", "Mac an Bhaird"),
        ("Cian Mac Giolla Phádraig", "Cian", "Mac Giolla Phádraig"),
        ("Jan van der Berg", "Jan", "van der Berg"),
        ("Van Nguyen", "Van", "Nguyen"),
        ("Ó Sé, Seán", "Seán", "Ó Sé"),
        ("John Smith Jr.", "John", "Smith Jr."),
        ("Cher", "Cher", ""),
        ("", "", ""),
        (",", "", ""),
    ];
    for (text, first, last) in cases {
        let expected = (first.to_owned(), last.to_owned());
        assert_eq!(full_name::split(text), expected, "{text:?}");
    }
}
