//! Whether a text is a whole page that was made Markdown.

use super::{cleared, heading, is_point, link};

/// Of a whole page at least so many links stand above its text, ...
const ABOVE: usize = 4;
/// ... or so many, where one block in five, and ten at least, is nothing but links.
const SOME: usize = 2;
/// Running text has so many letters outside of links.
const PROSE: usize = 80;
/// A notice, of cookies or of a better browser, has no more letters.
const NOTICE: usize = 600;

/// The foot of a page has so many blocks.
const FOOT: usize = 15;

/// How links begin that lead past the menus.
const SKIPS: [&str; 12] = [
    "[Skip to",
    "[Skip navigation",
    "[Jump to",
    "[Zum Inhalt",
    "[Zum Hauptinhalt",
    "[Direkt zum Inhalt",
    "[Aller au contenu",
    "[Saltar al contenido",
    "[Ir al contenido",
    "[Vai al contenuto",
    "[Pular para o conteúdo",
    "[Hoppa till inneh",
];

/// Whether a text is a whole page made Markdown, with its menus: links alone stand above its text.
///
/// Links to places within the text are those of its contents, and links without words pictures.
pub fn is_page(text: &str) -> bool {
    let Some(tally) = Tally::of(text) else { return false };
    let Tally { above, titled, linked, blocks, letters, skips, rights } = tally;
    let many = above >= SOME && linked >= 10 && linked * 5 >= blocks;
    let closed = linked >= 6 && rights.is_some_and(|at| at + FOOT >= blocks);
    letters > 0 && (above >= ABOVE || titled >= ABOVE || many || skips || closed)
}

/// Whether a piece of text is a menu: links alone, and no running text.
pub fn is_menu(text: &str) -> bool {
    Tally::of(text).is_some_and(|tally| tally.above >= ABOVE && tally.letters == 0)
}

/// What blocks a text has.
#[derive(Default)]
struct Tally {
    blocks: usize,
    /// Nothing but links.
    linked: usize,
    /// Nothing but links, and above all running text.
    above: usize,
    /// Nothing but links, and above the first heading of the first level, where no more than a notice
    /// stands above it.
    titled: usize,
    /// The letters of running text.
    letters: usize,
    /// Whether it begins with a link for those who would skip the menus.
    skips: bool,
    /// The last short block that says who holds the rights.
    rights: Option<usize>,
}

impl Tally {
    /// Counts; `None` of a text that has next to no links.
    fn of(text: &str) -> Option<Self> {
        if memchr::memmem::find_iter(text.as_bytes(), "](").take(ABOVE).count() < ABOVE {
            return None;
        }
        let mut tally = Self::default();
        let mut block = String::new();
        for line in text.lines().map(str::trim).chain(std::iter::once("")) {
            let begins = heading(line).is_some() || is_point(line);
            if (line.is_empty() || begins) && !block.is_empty() {
                tally.add(&block);
                block.clear();
            }
            if !line.is_empty() {
                block.push_str(if block.is_empty() { "" } else { " " });
                block.push_str(line);
            }
        }
        Some(tally)
    }

    fn add(&mut self, block: &str) {
        let look = Look::of(block);
        if block.starts_with("# ") && self.titled == 0 && self.letters <= NOTICE {
            self.titled = self.linked;
        }
        self.skips |= self.blocks < 5 && SKIPS.iter().any(|words| block.starts_with(words));
        let words = ["©", "Copyright", "copyright"];
        if block.len() < 400 && words.iter().any(|words| block.contains(words)) {
            self.rights = Some(self.blocks);
        }
        self.blocks += 1;
        self.linked += usize::from(look.linked);
        self.above += usize::from(look.linked && self.letters == 0);
        self.letters += if look.letters >= PROSE { look.letters } else { 0 };
    }
}

/// A block of Markdown: its letters outside of links, and whether it is nothing but links to elsewhere.
struct Look {
    letters: usize,
    linked: bool,
}

impl Look {
    fn of(block: &str) -> Self {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
        let (mut outside, mut words) = (0, false);
        let mut rest = block;
        while let Some(at) = rest.find('[') {
            let picture = rest[..at].ends_with('!');
            outside += letters(&rest[..at]);
            let Some((inside, behind)) = link(&rest[at..]) else {
                rest = &rest[at + 1..];
                continue;
            };
            let elsewhere = !rest[at + 1 + inside.len()..].starts_with("](#");
            words |= !picture && elsewhere && letters(&cleared(inside)) > 0;
            rest = behind;
        }
        outside += letters(rest);
        Self { letters: outside, linked: words && outside == 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "The ice came in the night, as it had come in each of the winters before, and the quay \
        was white when the first ferry should have left.";

    #[test]
    fn a_page_has_its_menus_above_its_text() {
        let menu = "* [News](https://a.example/news)\n* [Sport](/sport)\n";
        let twice = format!("{menu}{menu}");
        assert!(is_page(&format!("{twice}\n# Ice\n\n{TEXT}")));
        assert!(is_page(&format!("[Skip to content](#x)\n\n{menu}\n[c](/c) [d](/d)\n\n{TEXT}")));
        // A notice may stand above the menus, ...
        assert!(is_page(&format!("{TEXT}\n\n{twice}\n# Ice\n\n{TEXT}")));
        // ... and all of them below, where the page says whose it is.
        let below = format!("# Ice\n\n{TEXT}\n\n{twice}{menu}\n© 2021 Courier");
        assert!(is_page(&below));
        assert!(!is_page(&below.replace('©', "c")));
    }

    #[test]
    fn an_article_with_links_is_none() {
        let list = "* [a](/a)\n* [b](/b)\n* [c](/c)\n* [d](/d)\n";
        assert!(!is_page(&format!("# Ice\n\n{TEXT}\n\n{list}")));
        // The contents of an article, and pictures that are links.
        let contents = "- [One](#one)\n- [Two](#two)\n- [Three](#three)\n- [Four](#four)\n";
        assert!(!is_page(&format!("{contents}\n{TEXT}")));
        let badges = "[![](a.svg)](/a) [![](b.svg)](/b)\n\n[![](c.svg)](/c)\n\n[![](d.svg)](/d)\n";
        assert!(!is_page(&format!("{badges}\n{TEXT}")));
        // A list of links has no text that could be cut out.
        assert!(!is_page(list) && is_menu(list));
        assert!(!is_menu(&format!("{list}\n{TEXT}")));
    }
}
