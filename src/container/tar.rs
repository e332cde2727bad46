//! Tar archives, from the first byte to the last.

use std::io::{self, Read};

use super::{Budget, Entry, is_hidden, tidy, too_many};

const BLOCK: usize = 512;
/// The longest name, in bytes; a longer one is cut.
const LONGEST_NAME: u64 = 8192;

pub(super) fn read(
    mut tar: impl Read,
    budget: &Budget,
    each: &mut dyn FnMut(Entry<'_>) -> bool,
) -> io::Result<()> {
    // A longer name than the header can hold comes in an entry of its own, before it.
    let mut long_name: Option<String> = None;
    let mut long_size: Option<u64> = None;
    let mut cut = false;
    let mut any = false;
    loop {
        let mut header = [0; BLOCK];
        if !fill(&mut tar, &mut header)? || header.iter().all(|byte| *byte == 0) {
            return if any { Ok(()) } else { Err(io::Error::other("there is nothing in it")) };
        }
        if !is_header(&header) {
            return Err(io::Error::other("not a tar archive, or damaged from here on"));
        }
        any = true;
        if budget.one_more() {
            return Err(too_many());
        }
        let mut size = number(&header[124..136])
            .ok_or_else(|| io::Error::other("damaged: the size of a member cannot be read"))?;
        let flag = header[156];
        if flag != b'x' && flag != b'L' && flag != b'K' && flag != b'g' {
            size = long_size.take().unwrap_or(size);
        }
        let padding = size.wrapping_neg() % BLOCK as u64;
        let mut content = (&mut tar).take(size);
        match flag {
            b'L' => {
                let mut name = Vec::new();
                content.by_ref().take(LONGEST_NAME).read_to_end(&mut name)?;
                cut |= size > LONGEST_NAME + 1;
                let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
                long_name = Some(String::from_utf8_lossy(&name[..end]).into_owned());
            }
            b'x' => {
                let mut records = Vec::new();
                content.by_ref().take(16 * LONGEST_NAME).read_to_end(&mut records)?;
                cut |= size > 16 * LONGEST_NAME;
                for (key, value) in extended(&records) {
                    match key {
                        b"path" => long_name = Some(String::from_utf8_lossy(value).into_owned()),
                        b"size" => {
                            long_size = std::str::from_utf8(value).ok().and_then(|s| s.parse().ok())
                        }
                        _ => {}
                    }
                }
            }
            b'0' | 0 | b'7' => {
                let name = tidy(&long_name.take().unwrap_or_else(|| own_name(&header)));
                if std::mem::take(&mut cut) {
                    let place = name[..name.floor_char_boundary(60)].to_owned();
                    let why = format!("its name is longer than {LONGEST_NAME} bytes and was cut");
                    if !each(Entry::Problem { place, why }) {
                        return Ok(());
                    }
                }
                if !name.is_empty() && !is_hidden(&name) {
                    let mut whole = Whole { content: &mut content };
                    if !each(Entry::Member { name, content: &mut whole }) {
                        return Ok(());
                    }
                }
            }
            // Folders, links and devices hold nothing to read.
            _ => long_name = None,
        }
        let left = content.limit();
        let skipped = io::copy(&mut (&mut tar).take(left + padding), &mut io::sink())?;
        if skipped < left {
            return Err(io::Error::other("it ends in the middle of a member"));
        }
    }
}

/// Reads a member, and says so where it ends before its size.
struct Whole<'c, R> {
    content: &'c mut io::Take<R>,
}

impl<R: Read> Read for Whole<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(buffer)?;
        if read == 0 && !buffer.is_empty() && self.content.limit() > 0 {
            return Err(io::Error::other("it is cut off"));
        }
        Ok(read)
    }
}

/// Whether the block was filled; `false` at the end.
fn fill(tar: &mut impl Read, block: &mut [u8; BLOCK]) -> io::Result<bool> {
    let mut at = 0;
    while at < BLOCK {
        match tar.read(&mut block[at..])? {
            0 if at == 0 => return Ok(false),
            0 => return Err(io::Error::other("it ends in the middle of a header")),
            read => at += read,
        }
    }
    Ok(true)
}

fn is_header(header: &[u8; BLOCK]) -> bool {
    let sum: u64 = header
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) })
        .sum();
    number(&header[148..156]) == Some(sum)
}

/// An octal number, or a binary one where the first bit is set.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let bytes: [u8; 8] = field[field.len() - 8..].try_into().ok()?;
        return Some(u64::from_be_bytes(bytes)).filter(|number| *number < 1 << 60);
    }
    let text = std::str::from_utf8(field).ok()?;
    let digits = text.trim_matches(['\0', ' ']);
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}

fn own_name(header: &[u8; BLOCK]) -> String {
    let text = |field: &[u8]| {
        let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
        String::from_utf8_lossy(&field[..end]).into_owned()
    };
    let name = text(&header[..100]);
    let prefix = text(&header[345..500]);
    if &header[257..263] == b"ustar\0" && !prefix.is_empty() {
        format!("{prefix}/{name}")
    } else {
        name
    }
}

/// The records of a pax header: `LENGTH KEY=VALUE\n`.
fn extended(mut records: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut found = Vec::new();
    while let Some(blank) = records.iter().position(|byte| *byte == b' ') {
        let length = std::str::from_utf8(&records[..blank]).ok().and_then(|s| s.parse().ok());
        let Some(length) = length.filter(|length: &usize| *length > blank + 1) else { break };
        let Some(record) = records.get(blank + 1..length) else { break };
        if let Some(equals) = record.iter().position(|byte| *byte == b'=') {
            let value = &record[equals + 1..];
            found.push((&record[..equals], value.strip_suffix(b"\n").unwrap_or(value)));
        }
        records = &records[length..];
    }
    found
}
