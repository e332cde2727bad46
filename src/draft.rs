//! What a file says of an article, before anyone decides what it means.

/// The part of an article that a remark speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the article's members")]
pub enum Slot {
    Id,
    Headline,
    Standfirst,
    Kind,
    Section,
    Topic,
    Published,
    Modified,
    Captured,
    Author,
    Dateline,
    Source,
    Language,
    Url,
    Body,
    Caption,
    Teaser,
    /// A value of a record under a key that means nothing here; reported where it is asked for.
    Other,
}

/// How a file came to say something: the rungs of the ladder, most trusted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rung {
    /// A key of a record (JSON, CSV, XML) or of front matter: the archive's own word.
    Record,
    /// JSON-LD on a page.
    JsonLd,
    /// A `<meta>` of OpenGraph, Dublin Core, Parsely, citation and their kin.
    Meta,
    /// Microdata (`itemprop`) or RDFa.
    Microdata,
    /// Markup that means one thing: `<time>`, `rel=author`, `<h1>`, a breadcrumb list.
    Markup,
    /// The page's `<title>`.
    Title,
    /// The address of the page.
    Address,
    /// A line that a reader sees: a byline, a date under the headline.
    Visible,
    /// The file's name or folder.
    Path,
}

/// One thing that a file says of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What it speaks of.
    pub slot: Slot,
    /// How it is said.
    pub rung: Rung,
    /// Where in the file: `meta[article:section]`, `$.title`, `line 7`.
    pub place: String,
    /// The text as it stands, entities resolved, otherwise untouched.
    pub text: String,
}

/// What a file says of one article.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The number of the article in a file of many: its line, row or place in a list, from 1.
    pub part: Option<u32>,
    /// The remarks, in the order of the file.
    pub remarks: Vec<Remark>,
    /// The running text, not yet cut: the blocks of a page, the lines of a scrape.
    pub page: Option<Page>,
    /// What was left out of it, and why: one sentence each, without a full stop.
    pub cuts: Vec<String>,
}

/// A heading without the sign of a link to itself that programs put behind it: `Ice in the harbour ¶`.
/// Names of languages (`C#`) keep theirs.
pub fn unmarked(text: &str) -> &str {
    let Some((at, mark)) = text.char_indices().next_back() else { return text };
    let rest = text[..at].trim_end();
    let named = || {
        let word = rest.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        rest.len() == at && word.chars().nth(2).is_none()
    };
    let linked = match mark {
        '¶' | '∞' | '🔗' | '§' | '⚓' => true,
        '#' => rest.ends_with(|c: char| c.is_alphanumeric() || "?!)”".contains(c)) && !named(),
        _ => false,
    };
    if linked && !rest.is_empty() { rest } else { text }
}

/// The most remarks that a draft keeps; a file may repeat an element a million times.
const MOST_REMARKS: usize = 20_000;

impl Draft {
    /// All that it says, for those who mend letters.
    pub fn texts(&mut self) -> Vec<&mut String> {
        let blocks = self.page.iter_mut().flat_map(|page| &mut page.blocks);
        let remarks = self.remarks.iter_mut().map(|remark| &mut remark.text);
        remarks.chain(blocks.map(|block| &mut block.text)).collect()
    }

    /// About how many bytes of memory it takes.
    pub fn size(&self) -> usize {
        let remarks = self.remarks.iter();
        let said = remarks.map(|said| size_of::<Remark>() + said.place.len() + said.text.len());
        let page = self.page.iter();
        let blocks = page.clone().flat_map(|page| &page.blocks);
        let boxes = page.flat_map(|page| &page.boxes);
        said.sum::<usize>()
            + blocks.map(|block| size_of::<Block>() + block.text.len()).sum::<usize>()
            + boxes.map(|one| size_of::<Container>() + one.hints.len()).sum::<usize>()
    }

    /// Adds a remark; text of nothing but white space says nothing and is left out.
    pub fn note(
        &mut self,
        slot: Slot,
        rung: Rung,
        place: impl Into<String>,
        text: impl Into<String>,
    ) {
        let text = text.into();
        if self.remarks.len() >= MOST_REMARKS {
            self.cut(format!(
                "it says more than {MOST_REMARKS} things of itself; the rest is left out"
            ));
        } else if !text.trim().is_empty() {
            self.remarks.push(Remark { slot, rung, place: place.into(), text });
        }
    }

    /// Keeps that something was left out, once for each reason.
    pub fn cut(&mut self, why: String) {
        if !self.cuts.contains(&why) {
            self.cuts.push(why);
        }
    }

    /// The remarks on one slot, in the order of the file.
    pub fn on(&self, slot: Slot) -> impl Iterator<Item = &Remark> {
        self.remarks.iter().filter(move |remark| remark.slot == slot)
    }
}

/// A page or a scrape, from its first line to its last, navigation and all.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Whether the blocks come from markup; lines of plain text have none.
    pub markup: bool,
    /// The blocks, in reading order.
    pub blocks: Vec<Block>,
    /// The boxes that hold the blocks; a box comes after the box that holds it.
    pub boxes: Vec<Container>,
}

impl Page {
    /// The boxes around a block, the innermost first.
    pub fn around(&self, block: &Block) -> impl Iterator<Item = &Container> {
        self.numbers_around(block).map(|at| &self.boxes[at as usize])
    }

    /// The boxes around a block as indices into [`Page::boxes`], the innermost first.
    pub fn numbers_around(&self, block: &Block) -> impl Iterator<Item = u32> {
        std::iter::successors(block.container, |at| self.boxes[*at as usize].parent)
    }
}

/// The place of a headline that stands in an element marked as the title of a post.
pub const POST_TITLE: &str = "title of a post";

/// The place of a section that is told by links to the page of a category.
pub const CATEGORY_LINK: &str = "link to a category";

/// A paragraph, heading, list item or line: text with no block inside it.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// The text, white space folded to single blanks; a line break is `\n`. In `pre` it is kept as
    /// it stands.
    pub text: String,
    /// The innermost block-level tag; in plain text `""`, or `h1` where marks of Markdown tell it.
    pub tag: &'static str,
    /// The number of its line in the file, from 1, in plain text; 0 on a page.
    pub line: u32,
    /// Empty lines that stand before it, in plain text.
    pub gap: u32,
    /// Blanks that its line begins with, in plain text.
    pub indent: u32,
    /// Bytes of the text that stand inside links.
    pub linked: u32,
    /// Bytes of the text that are set in bold.
    pub strong: u32,
    /// The box that holds it: an index into [`Page::boxes`].
    pub container: Option<u32>,
}

/// An element that holds blocks.
#[derive(Debug, Clone, Default)]
pub struct Container {
    /// Its tag.
    pub tag: &'static str,
    /// The box around it.
    pub parent: Option<u32>,
    /// Its `class`, `id`, `role` and `itemprop`, lower-cased, parted by blanks.
    pub hints: String,
    /// Whether a browser would not show it before a script has run.
    pub hidden: bool,
}

#[cfg(test)]
mod tests {
    use super::unmarked;

    #[test]
    fn a_heading_has_no_link_to_itself() {
        for (text, heading) in [
            ("Ice in the harbour ¶", "Ice in the harbour"),
            ("Ice in the harbour#", "Ice in the harbour"),
            ("Why ice? #", "Why ice?"),
            ("冬天的港口 🔗", "冬天的港口"),
            ("Learning C#", "Learning C#"),
            ("From C # to F#", "From C # to F#"),
            ("¶", "¶"),
            ("## Ice ##", "## Ice ##"),
            ("Ice", "Ice"),
        ] {
            assert_eq!(unmarked(text), heading);
        }
    }
}
