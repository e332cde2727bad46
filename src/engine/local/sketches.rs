//! The sketches of all articles, by which those that are nearly the same are found: files of a
//! commit, beside the ledger.
//!
//! A commit keeps of each what is looked up, a third of it; the whole sketch of the few that are
//! compared later is made anew of the stored article. They lie in parts that are written once. A
//! commit writes what is new of it and joins small parts to larger ones on that occasion; what was
//! forgotten is named in a list and left out when its part is written anew.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::again::Again;
use super::alike::Groups;
use super::damaged;
use super::store::{Beside, Payload};
use crate::article::Article;
use crate::engine::EngineError;
use crate::ledger::FileNumber;
use crate::likeness::{self, Brief, Grouped, Shelf, Sketch};
use crate::words::number_of;

/// A part is joined to what is written where it is at most so many times as large.
const TOGETHER: usize = 2;
/// A part of which one row in so many was forgotten is written anew.
const FORGOTTEN: usize = 4;
/// Where what changed touches more than one row in so many, and more than half of them or than
/// there is room for, all groups are made anew.
const SOME: usize = 32;
/// About how many bytes it takes to make the groups anew of one that is touched.
const TOUCHED: usize = 1024;
/// So many bytes of a file are read at once.
const AT_ONCE: u64 = 1 << 20;

/// What is kept of one article.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The number of its origin.
    number: u64,
    /// All of it but its place, as a number: equal in exact copies.
    content: u64,
    sketch: Sketch,
}

impl Row {
    /// What is kept of an article; `number` is that of its origin.
    pub fn of(article: &Article, number: u64, sketch: Sketch) -> Self {
        Self { number, content: content(article), sketch }
    }
}

/// An odd number with as many ones as zeros, by which a number is spread over its bits.
const SPREAD: u64 = 0x9fb2_1c65_1e98_df25;

/// All of an article but its place and the day of the copy, as a number.
fn content(article: &Article) -> u64 {
    let Article {
        id,
        origin,
        headline,
        standfirst,
        kind,
        section,
        topics,
        published,
        modified,
        captured: _,
        authors,
        organisations,
        dateline,
        source,
        language,
        url,
        body,
        captions,
        teasers,
    } = article;
    let mut content = 0u64;
    let mut add = |text: &str| {
        content = (content ^ number_of(text)).wrapping_mul(SPREAD).rotate_left(29);
    };
    // A record's own id is part of it; one that was made of the place is not.
    add(if *id == origin.to_string() { "" } else { id });
    for text in [headline, standfirst, kind, section, dateline, source, language, url, body] {
        add(text);
    }
    for texts in [topics, authors, organisations, captions, teasers] {
        add(&texts.len().to_string());
        texts.iter().for_each(|text| add(text));
    }
    for date in [published, modified] {
        add(&date.map_or(String::new(), |date| date.to_string()));
    }
    content
}

/// A row without its sketch.
#[derive(Debug, Clone, Copy)]
struct Head {
    file: FileNumber,
    number: u64,
    content: u64,
    /// Where its sketch ends among the bytes of all.
    end: u64,
}

/// Rows one behind the other, with the files they came from.
#[derive(Debug, Default)]
pub(super) struct Rows {
    heads: Vec<Head>,
    sketches: Vec<u8>,
}

impl Rows {
    pub fn push(&mut self, file: FileNumber, row: &Row) {
        row.sketch.pack(&mut self.sketches);
        let end = self.sketches.len() as u64;
        self.heads.push(Head { file, number: row.number, content: row.content, end });
    }

    fn append(&mut self, other: Self) {
        let before = self.sketches.len() as u64;
        self.sketches.extend(other.sketches);
        self.heads.extend(other.heads.iter().map(|head| Head { end: head.end + before, ..*head }));
    }
}

/// Rows that are not changed any more.
#[derive(Debug)]
struct Part {
    heads: Vec<Head>,
    sketches: Packed,
    /// Whether these are whole, or what is looked up of them.
    whole: bool,
    /// Its file.
    file: Beside,
}

/// The packed sketches of a part.
#[derive(Debug)]
enum Packed {
    /// They are held in memory.
    Held(Vec<u8>),
    /// They are read when they are asked for, from a place in a file on.
    Far(Mutex<File>, u64),
}

impl Part {
    /// Opens a part and looks whether it is as it was written; its sketches are held where there is
    /// room for them.
    fn open(place: &Path, file: &Beside, whole: bool, room: u64) -> Result<Self, EngineError> {
        let unreadable = |error: io::Error| damaged(place, format!("{}: {error}", file.file));
        let mut reader = BufReader::with_capacity(
            AT_ONCE as usize,
            File::open(place.join(&file.file)).map_err(unreadable)?,
        );
        if !file.is_sound(&mut reader).map_err(unreadable)? {
            return Err(damaged(place, format!("{} is not as it was written", file.file)));
        }
        reader.rewind().map_err(unreadable)?;
        let heads = read_heads(&mut reader).map_err(unreadable)?;
        let sketches = if heads.last().map_or(0, |head| head.end) <= room {
            let mut bytes = Vec::new();
            reader.read_to_end(&mut bytes).map_err(unreadable)?;
            Packed::Held(bytes)
        } else {
            let start = reader.stream_position().map_err(unreadable)?;
            Packed::Far(Mutex::new(reader.into_inner()), start)
        };
        Ok(Self { heads, sketches, whole, file: file.clone() })
    }

    /// Of a sketch of this part what is to be written: all of it, or what is looked up.
    fn share<'b>(&self, sketch: &'b [u8], whole: bool) -> io::Result<&'b [u8]> {
        if whole || !self.whole {
            return Ok(sketch);
        }
        Brief::packed(sketch).ok_or_else(none)
    }

    /// Where the sketch of a row lies among those of all.
    fn span(&self, row: usize) -> std::ops::Range<u64> {
        let start = if row == 0 { 0 } else { self.heads[row - 1].end };
        start..self.heads[row].end
    }

    /// Shows each row with its sketch.
    fn each(&self, mut see: impl FnMut(usize, &Head, &[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut room = Vec::new();
        let mut first = 0;
        while first < self.heads.len() {
            let start = self.span(first).start;
            let fit = self.heads[first..].partition_point(|head| head.end - start <= AT_ONCE);
            let rows = first..first + fit.max(1);
            let bytes = self.bytes(start..self.heads[rows.end - 1].end, &mut room)?;
            for row in rows.clone() {
                let span = self.span(row);
                let sketch = &bytes[(span.start - start) as usize..(span.end - start) as usize];
                see(row, &self.heads[row], sketch)?;
            }
            first = rows.end;
        }
        Ok(())
    }

    /// Some of the bytes of its sketches; `room` is where they are read to.
    fn bytes<'b>(
        &'b self,
        span: std::ops::Range<u64>,
        room: &'b mut Vec<u8>,
    ) -> io::Result<&'b [u8]> {
        match &self.sketches {
            Packed::Held(bytes) => Ok(&bytes[span.start as usize..span.end as usize]),
            Packed::Far(file, start) => {
                room.resize((span.end - span.start) as usize, 0);
                // A thread that panicked while it read leaves the file as good as it was.
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(start + span.start))?;
                file.read_exact(room)?;
                Ok(room)
            }
        }
    }
}

/// That bytes are no sketch.
fn none() -> io::Error {
    io::Error::other("a sketch is none")
}

/// Writes a number in bytes of seven bits each, the lowest first.
fn write_number(mut number: u64, to: &mut dyn Write) -> io::Result<()> {
    while number >= 0x80 {
        to.write_all(&[number as u8 | 0x80])?;
        number >>= 7;
    }
    to.write_all(&[number as u8])
}

fn read_number(from: &mut dyn Read) -> io::Result<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let [byte] = read_bytes(from)?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    Ok(number)
}

fn read_bytes<const SIZE: usize>(from: &mut dyn Read) -> io::Result<[u8; SIZE]> {
    let mut bytes = [0; SIZE];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Writes how many rows a part has, and all of them but their sketches.
fn write_heads(heads: &[Head], to: &mut dyn Write) -> io::Result<()> {
    to.write_all(&(heads.len() as u64).to_le_bytes())?;
    let mut start = 0;
    for head in heads {
        write_number(head.file, to)?;
        to.write_all(&head.number.to_le_bytes())?;
        to.write_all(&head.content.to_le_bytes())?;
        write_number(head.end - start, to)?;
        start = head.end;
    }
    Ok(())
}

fn read_heads(from: &mut dyn Read) -> io::Result<Vec<Head>> {
    let count = u64::from_le_bytes(read_bytes(from)?);
    let mut heads = Vec::new();
    let mut end = 0;
    for _ in 0..count {
        let file = read_number(from)?;
        let number = u64::from_le_bytes(read_bytes(from)?);
        let content = u64::from_le_bytes(read_bytes(from)?);
        end += read_number(from)?;
        heads.push(Head { file, number, content, end });
    }
    Ok(heads)
}

/// The sketches of all articles.
#[derive(Debug)]
pub(super) struct Sketches {
    /// Those of the last commit, and of the one that comes what was too much to be held.
    parts: Vec<Part>,
    /// The others of the one that comes.
    fresh: Rows,
    /// How many of the parts are those of the last commit.
    known: usize,
    /// The files of which nothing counted at the last commit.
    gone: FxHashSet<FileNumber>,
    /// The files of which nothing counts since then.
    forgotten: FxHashSet<FileNumber>,
    /// Where the files are, and the number of the commit that comes.
    place: std::path::PathBuf,
    generation: u64,
    /// The number of the next part of that commit.
    next: u32,
    /// How many bytes of sketches are held, about.
    room: u64,
}

impl Sketches {
    /// Opens those of a commit.
    pub fn open(place: &Path, payload: &Payload, room: usize) -> Result<Self, EngineError> {
        let room = room as u64;
        let mut left = room;
        let mut parts = Vec::new();
        for file in &payload.sketches {
            let part = Part::open(place, file, false, left)?;
            if let Packed::Held(bytes) = &part.sketches {
                left -= bytes.len() as u64;
            }
            parts.push(part);
        }
        let gone: Vec<FileNumber> = payload.gone.read(place)?;
        Ok(Self {
            known: parts.len(),
            parts,
            fresh: Rows::default(),
            gone: gone.into_iter().collect(),
            forgotten: FxHashSet::default(),
            place: place.to_owned(),
            generation: payload.generation + 1,
            next: 0,
            room,
        })
    }

    /// Adds rows; what is too much to be held is written.
    pub fn put(&mut self, rows: Rows) -> Result<(), EngineError> {
        self.fresh.append(rows);
        if self.fresh.sketches.len() as u64 <= self.room {
            return Ok(());
        }
        self.settle();
        if let Some(fresh) = self.parts.pop()
            && let Some(file) =
                self.write_part(&[&fresh], true).map_err(|error| self.unwritable(&error))?
        {
            self.parts.push(Part::open(&self.place, &file, true, 0)?);
            self.next += 1;
        }
        Ok(())
    }

    /// Leaves out what came from a file; what comes from then on has another number.
    pub fn forget(&mut self, file: FileNumber) {
        self.forgotten.insert(file);
    }

    fn counts(&self, head: &Head) -> bool {
        !self.gone.contains(&head.file) && !self.forgotten.contains(&head.file)
    }

    /// Whether a row of a part counted at the last commit.
    fn counted(&self, part: usize, head: &Head) -> bool {
        part < self.known && !self.gone.contains(&head.file)
    }

    /// Writes the rows of some parts that count as one part of `whole` sketches or of what is looked
    /// up of them; `None` where there are none.
    fn write_part(&self, parts: &[&Part], whole: bool) -> io::Result<Option<Beside>> {
        let mut heads = Vec::new();
        let mut end = 0;
        self.shares(parts, whole, &mut |head, share| {
            end += share.len() as u64;
            heads.push(Head { end, ..*head });
            Ok(())
        })?;
        if heads.is_empty() {
            return Ok(None);
        }
        let name = format!("sketches-{}-{}", self.generation, self.next);
        let written = Beside::write_by(&self.place, name, &mut |to| {
            write_heads(&heads, to)?;
            self.shares(parts, whole, &mut |_, share| to.write_all(share))
        })?;
        Ok(Some(written))
    }

    /// Shows what is to be written of the rows of some parts that count.
    fn shares(
        &self,
        parts: &[&Part],
        whole: bool,
        see: &mut dyn FnMut(&Head, &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        for part in parts {
            part.each(|_, head, sketch| match self.counts(head) {
                true => see(head, part.share(sketch, whole)?),
                false => Ok(()),
            })?;
        }
        Ok(())
    }

    /// Says that no more comes before the commit.
    pub fn settle(&mut self) {
        if !self.fresh.heads.is_empty() {
            let Rows { heads, sketches } = std::mem::take(&mut self.fresh);
            let file = Beside::default();
            let sketches = Packed::Held(sketches);
            self.parts.push(Part { heads, sketches, whole: true, file });
        }
    }

    /// Writes what is looked up of what is new, and gives the files of all parts and that of what was
    /// forgotten of them.
    pub fn write(&self) -> io::Result<(Vec<Beside>, Beside)> {
        let mut parts: Vec<&Part> = self.parts.iter().collect();
        // What is new comes first.
        parts.sort_by_key(|part| (!part.whole, part.heads.len()));
        let (mut together, mut apart) = (Vec::new(), Vec::new());
        let mut rows = 0;
        for part in parts {
            let all = part.heads.len();
            let gone = part.heads.iter().filter(|head| !self.counts(head)).count();
            if part.whole || all <= rows * TOGETHER || gone * FORGOTTEN > all {
                rows += all;
                together.push(part);
            } else {
                apart.push(part);
            }
        }
        let written = self.write_part(&together, false)?;
        let files = apart.iter().map(|part| part.file.clone()).chain(written).collect();
        let heads = apart.iter().flat_map(|part: &&Part| &part.heads);
        let gone: FxHashSet<FileNumber> =
            heads.filter(|head| !self.counts(head)).map(|head| head.file).collect();
        let mut gone: Vec<FileNumber> = gone.into_iter().collect();
        gone.sort_unstable();
        let gone = match gone[..] {
            [] => Beside::default(),
            _ => Beside::write(&self.place, "gone", self.generation, &gone)?,
        };
        Ok((files, gone))
    }

    /// The groups: the same whatever the order in which the articles came. Those of the last commit,
    /// whose articles are `stored`, are made anew only where something changed, if that is little.
    pub fn groups(
        &self,
        known: Groups,
        stored: &Again<'_>,
        room: usize,
        threads: usize,
    ) -> Result<Groups, EngineError> {
        let shelved = Shelved::of(self, &known, stored);
        let few = shelved.len() / SOME;
        let some = few.max((room / TOUCHED).min(shelved.len() / 2));
        if shelved.fresh() <= some
            && let Some(changed) = likeness::regroup(&shelved, some, threads)?
        {
            let origin = |place: &u32| shelved.head(*place).number;
            let touched = changed.touched.iter().map(origin);
            let gone = shelved.gone().map(|head| head.number);
            let groups = shelved.members(changed.groups);
            return Ok(known.with(touched.chain(gone), groups));
        }
        Ok(Groups::of(shelved.members(likeness::groups(&shelved, room, threads)?)))
    }

    /// Reads all, and says how many rows count.
    pub fn check(&self) -> Result<u64, EngineError> {
        let mut count = 0;
        for part in &self.parts {
            part.each(|_, head, bytes| {
                Brief::unpack(bytes).ok_or_else(none)?;
                count += u64::from(self.counts(head));
                Ok(())
            })
            .map_err(|error| self.unreadable(part, &error))?;
        }
        Ok(count)
    }

    fn unwritable(&self, error: &io::Error) -> EngineError {
        super::cannot_write(&self.place, error)
    }

    fn unreadable(&self, part: &Part, error: &io::Error) -> EngineError {
        damaged(&self.place, format!("{}: {error}", part.file.file))
    }
}

/// Sketches, each at its place: part after part.
struct Shelved<'s> {
    sketches: &'s Sketches,
    /// The groups of the last commit.
    known: &'s Groups,
    /// Its articles.
    stored: &'s Again<'s>,
    /// The place of the first row of each part, and the one behind the last.
    firsts: Vec<u32>,
}

impl<'s> Shelved<'s> {
    fn of(sketches: &'s Sketches, known: &'s Groups, stored: &'s Again<'s>) -> Self {
        let mut firsts = vec![0];
        let mut next = 0;
        for part in &sketches.parts {
            next += part.heads.len() as u32;
            firsts.push(next);
        }
        Self { sketches, known, stored, firsts }
    }

    /// How many rows have come since the last commit.
    fn fresh(&self) -> usize {
        self.len() - self.firsts[self.sketches.known] as usize
    }

    /// The part and the row of a place.
    fn at(&self, place: u32) -> (usize, usize) {
        let part = self.firsts.partition_point(|first| *first <= place) - 1;
        (part, (place - self.firsts[part]) as usize)
    }

    fn head(&self, place: u32) -> &'s Head {
        let (part, row) = self.at(place);
        &self.sketches.parts[part].heads[row]
    }

    /// The rows of all parts, with the parts that they are in and their places.
    fn heads(&self) -> impl Iterator<Item = (usize, u32, &'s Head)> {
        let parts = self.sketches.parts.iter().enumerate().zip(&self.firsts);
        parts.flat_map(|((part, rows), first)| {
            rows.heads.iter().zip(*first..).map(move |(head, place)| (part, place, head))
        })
    }

    /// The group of a place at the last commit; `None` for one that was alone.
    fn group(&self, place: u32) -> Option<u32> {
        self.known.member(self.head(place).number).map(|member| member.group)
    }

    /// The rows that are gone since the last commit.
    fn gone(&self) -> impl Iterator<Item = &'s Head> {
        let gone = |part, head| self.sketches.counted(part, head) && !self.sketches.counts(head);
        self.heads().filter(move |(part, _, head)| gone(*part, head)).map(|(_, _, head)| head)
    }

    /// Shows what is looked up of the rows that are wanted of each part.
    fn show(
        &self,
        wanted: &dyn Fn(usize, u32, &Head) -> bool,
        see: &mut dyn FnMut(u32, &Brief),
    ) -> Result<(), EngineError> {
        for (number, part) in self.sketches.parts.iter().enumerate() {
            part.each(|row, head, bytes| {
                let place = self.firsts[number] + row as u32;
                if wanted(number, place, head) {
                    see(place, &Brief::unpack(bytes).ok_or_else(none)?);
                }
                Ok(())
            })
            .map_err(|error| self.sketches.unreadable(part, &error))?;
        }
        Ok(())
    }

    /// The origins of groups of places, each with the number of its article's content.
    fn members(&self, groups: Vec<Vec<u32>>) -> Vec<Vec<(u64, u64)>> {
        let member = |place: u32| {
            let head = self.head(place);
            (head.number, head.content)
        };
        groups.into_iter().map(|group| group.into_iter().map(member).collect()).collect()
    }
}

impl Shelf for Shelved<'_> {
    type Error = EngineError;

    fn len(&self) -> usize {
        self.firsts.last().map_or(0, |end| *end as usize)
    }

    fn each(
        &self,
        wanted: &dyn Fn(u32) -> bool,
        see: &mut dyn FnMut(u32, &Brief),
    ) -> Result<(), EngineError> {
        self.show(&|_, place, head| self.sketches.counts(head) && wanted(place), see)
    }

    fn read(&self, place: u32, sketch: &mut Sketch) -> Result<(), EngineError> {
        let (part, row) = self.at(place);
        let part = &self.sketches.parts[part];
        if !part.whole {
            *sketch = Sketch::of(&self.stored.article(part.heads[row].number)?);
            return Ok(());
        }
        let mut room = Vec::new();
        part.bytes(part.span(row), &mut room)
            .and_then(|bytes| sketch.unpack(bytes).ok_or_else(none))
            .map_err(|error| self.sketches.unreadable(part, &error))
    }

    fn gone(&self, see: &mut dyn FnMut(u32, &Brief)) -> Result<(), EngineError> {
        let sketches = self.sketches;
        self.show(&|part, _, head| sketches.counted(part, head) && !sketches.counts(head), see)
    }

    fn were_apart(&self, one: u32, other: u32) -> bool {
        let was = |place| self.at(place).0 < self.sketches.known;
        let group = |place| self.group(place);
        was(one) && was(other) && group(one).is_none_or(|one| group(other) != Some(one))
    }
}

impl Grouped for Shelved<'_> {
    fn is_new(&self, place: u32) -> bool {
        self.at(place).0 >= self.sketches.known
    }

    fn known(&self, places: &FxHashSet<u32>) -> Result<Vec<Vec<u32>>, EngineError> {
        let some: FxHashSet<u32> = places.iter().filter_map(|place| self.group(*place)).collect();
        let mut members: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        if !some.is_empty() {
            for (part, place, head) in self.heads() {
                if self.sketches.counted(part, head)
                    && self.sketches.counts(head)
                    && let Some(group) = self.group(place)
                    && some.contains(&group)
                {
                    members.entry(group).or_default().push(place);
                }
            }
        }
        Ok(members.into_values().collect())
    }
}
