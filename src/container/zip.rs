//! Zip archives, and the WARC files of a WACZ.

use std::io::{self, SeekFrom};

use ::zip::ZipArchive;
use ::zip::read::{ZipFile, read_zipfile_from_stream};
use ::zip::result::ZipError;

use super::{Budget, Entry, Metered, Seekable, is_hidden, tidy, too_many};

pub(super) fn read(
    bytes: &mut dyn Seekable,
    wacz: bool,
    budget: &Budget,
    each: &mut dyn FnMut(Entry<'_>) -> bool,
) -> io::Result<()> {
    let mut archive = match ZipArchive::new(&mut *bytes) {
        Ok(archive) => archive,
        Err(error) => {
            // The list at its end is lost; what stands before it may still be read.
            let why = format!("damaged ({}); read as far as it goes", worded(&error));
            if !each(Entry::Problem { place: String::new(), why }) {
                return Ok(());
            }
            bytes.seek(SeekFrom::Start(0))?;
            return in_order(bytes, wacz, budget, each);
        }
    };
    for number in 0..archive.len() {
        if budget.one_more() {
            return Err(too_many());
        }
        let name = match archive.name_for_index(number) {
            Some(Ok(name)) => tidy(&name),
            _ => format!("member {}", number + 1),
        };
        let mut file = match archive.by_index(number) {
            Ok(file) => file,
            Err(error) => {
                if !each(Entry::Problem { place: name, why: worded(&error) }) {
                    return Ok(());
                }
                continue;
            }
        };
        let name = name_of(&file);
        if file.is_dir() || file.is_symlink() || !wanted(&name, wacz) {
            continue;
        }
        let mut content = Metered { inner: &mut file, budget };
        if !each(Entry::Member { name, content: &mut content }) {
            return Ok(());
        }
        if budget.spent() {
            return Err(io::Error::other(super::TOO_MUCH));
        }
    }
    Ok(())
}

fn in_order(
    mut bytes: &mut dyn Seekable,
    wacz: bool,
    budget: &Budget,
    each: &mut dyn FnMut(Entry<'_>) -> bool,
) -> io::Result<()> {
    while let Ok(Some(mut file)) = read_zipfile_from_stream(&mut bytes) {
        if budget.one_more() {
            return Err(too_many());
        }
        let name = name_of(&file);
        if file.is_file() && wanted(&name, wacz) {
            let mut content = Metered { inner: &mut file, budget };
            if !each(Entry::Member { name, content: &mut content }) {
                return Ok(());
            }
        }
        // What is left of the member must fit the budget too.
        io::copy(&mut Metered { inner: &mut file, budget }, &mut io::sink())?;
    }
    Ok(())
}

/// The name of a member, in whatever encoding it is.
fn name_of<R: io::Read + ?Sized>(file: &ZipFile<'_, R>) -> String {
    match file.name() {
        Ok(name) => tidy(&name),
        Err(_) => tidy(&String::from_utf8_lossy(file.name_raw())),
    }
}

fn wanted(name: &str, wacz: bool) -> bool {
    !name.is_empty() && !is_hidden(name) && (!wacz || name.starts_with("archive/"))
}

fn worded(error: &ZipError) -> String {
    match error {
        ZipError::UnsupportedArchive(why) if why.to_lowercase().contains("password") => {
            "it is locked by a password".to_owned()
        }
        ZipError::UnsupportedArchive(why) => {
            format!("packed in a way that fiche does not read: {why}")
        }
        ZipError::InvalidArchive(why) => why.to_string(),
        error => error.to_string(),
    }
}
