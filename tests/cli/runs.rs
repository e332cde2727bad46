//! Runs that bring an index up to date.

use std::fs;

use super::Desk;

fn desk() -> Desk {
    let desk = Desk::new();
    desk.article("a.md", "Harbour frozen", "The ice lay on the harbour for a third week.");
    desk.article("b.md", "Ferry strike", "No ferry sailed on Monday, and none on Tuesday.");
    desk.article("c.md", "School opens", "Two schools became one, with a new bell.");
    assert_eq!(desk.update().code, Some(0));
    desk
}

#[test]
fn a_second_run_reads_nothing() {
    let desk = desk();
    let ran = desk.update();
    assert_eq!(ran.code, Some(0));
    assert!(ran.err.contains("Nothing changed in 3 files."), "{}", ran.err);
}

#[test]
fn new_changed_renamed_and_gone_files_are_told_apart() {
    let desk = desk();
    desk.article("d.md", "Council tax", "The council met on Monday about the tax.");
    desk.article(
        "b.md",
        "Ferry strike ends",
        "The ferry sailed again, and the crews were thanked.",
    );
    fs::rename(desk.corpus().join("c.md"), desk.corpus().join("moved.md")).unwrap();
    fs::remove_file(desk.corpus().join("a.md")).unwrap();
    let ran = desk.update();
    assert!(
        ran.err.contains("Nothing changed in 0 files; 1 new, 1 changed, 1 renamed, 1 gone."),
        "{}",
        ran.err
    );
    assert_eq!(desk.ids(&["*"]), ["b.md", "d.md", "moved.md"]);
    assert_eq!(desk.ids(&["harbour"]).len(), 0);
    assert_eq!(desk.ids(&["crews"]), ["b.md"]);
}

#[test]
fn an_id_survives_a_rebuild_and_a_change() {
    let desk = Desk::new();
    desk.write("wire.jsonl", "{\"title\":\"One\",\"text\":\"first words\"}\n{\"id\":\"x-7\",\"title\":\"Two\",\"text\":\"second words\"}\n");
    desk.update();
    let before = desk.ids(&["*"]);
    assert_eq!(before, ["wire.jsonl#1", "x-7"]);
    assert_eq!(desk.run(&["index", "--rebuild"]).code, Some(0));
    assert_eq!(desk.ids(&["*"]), before);
}

#[test]
fn an_index_holds_several_folders() {
    let desk = desk();
    let other = desk.folder.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("e.md"), "# Ferry found\n\nA ferry was found in a field.\n").unwrap();
    assert_eq!(desk.run(&["index", "other"]).code, Some(0));
    assert_eq!(desk.ids(&["ferry"]), ["b.md", "e.md"]);
    assert_eq!(desk.ids(&["ferry", "root:other"]), ["e.md"]);
    // Without a folder all of them are looked at.
    fs::remove_file(other.join("e.md")).unwrap();
    desk.article("f.md", "A third ferry", "It is a ferry too.");
    assert_eq!(desk.run(&["index"]).code, Some(0));
    assert_eq!(desk.ids(&["ferry"]), ["b.md", "f.md"]);
}

#[test]
fn ficheignore_is_honoured_and_gitignore_is_not() {
    let desk = Desk::new();
    desk.article("kept.md", "Kept", "words");
    desk.article("drafts/one.md", "Draft", "words");
    desk.article("notes/two.md", "Noted", "words");
    desk.write(".ficheignore", "drafts/\n");
    desk.write(".gitignore", "notes/\n");
    desk.update();
    assert_eq!(desk.ids(&["*"]), ["kept.md", "notes/two.md"]);
}

#[test]
fn a_language_that_is_said_counts_more_than_the_words() {
    let desk = Desk::new();
    let text = "The ferry was late again, and the harbour master said that it would be. ";
    desk.write("a.txt", text.repeat(8));
    let corpus = desk.corpus();
    let place = corpus.to_str().unwrap();
    desk.run(&["index", place]);
    assert_eq!(desk.ids(&["lang:en"]), ["a.txt"]);
    let ran = desk.run(&["index", "--rebuild", "--lang", "NL", place]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(desk.ids(&["lang:nl"]), ["a.txt"]);
}

#[test]
fn a_map_names_the_keys_of_an_own_form() {
    let desk = Desk::new();
    desk.write("a.jsonl", "{\"kop\":\"Dijk houdt\",\"tekst\":\"Het water steeg.\"}\n");
    let corpus = desk.corpus();
    let ran = desk.run(&[
        "index",
        corpus.to_str().unwrap(),
        "--map",
        "headline=kop",
        "--map",
        "body=tekst",
    ]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(desk.ids(&["headline:dijk water"]), ["a.jsonl#1"]);
}

#[test]
fn bytes_of_many_encodings_are_read_as_letters() {
    let desk = Desk::new();
    desk.write("utf8.txt", "Fête à Łódź\n\nL’été fut chaud, dit le maire.\n");
    desk.write(
        "latin1.txt",
        b"F\xeate au village\n\nL'\xe9t\xe9 fut chaud, dit le maire du village.\n",
    );
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("Fête au port\n\nL'été fut chaud.\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    desk.write("utf16.txt", utf16);
    desk.update();
    assert_eq!(desk.ids(&["fête été"]), ["latin1.txt", "utf16.txt", "utf8.txt"]);
}

/// Pages of one site: a line of prose that stands in all of them, and stories of their own.
fn site_page(number: usize) -> String {
    let words = ["ice", "ferry", "school", "bridge", "market", "church", "tower", "mill", "canal"];
    let own: Vec<String> = (0..5)
        .map(|at| {
            let word = words[(number + at) % words.len()];
            format!(
                "<p>The {word} of district {number} was opened again on day {at}, said the mayor, and \
                 nobody who lives beside it was told of what it had cost the town.</p>"
            )
        })
        .collect();
    let appeal = "<p>This paper belongs to its readers, and without what they give each month, it \
                  could not send anyone to a meeting, said its editor.</p>";
    format!(
        "<html><head><title>Story {number}</title></head><body><ul><li>Home</li><li>News</li>\
         <li>Letters</li></ul><div><h1>Story {number}</h1>{}{appeal}{}\
         </div></body></html>",
        own[..3].concat(),
        own[3..].concat()
    )
}

#[test]
fn what_the_pages_of_a_site_share_is_left_out_whatever_the_order_of_runs() {
    let bodies = |desk: &Desk| {
        let ran = desk
            .run(&["export", "*", "--format", "jsonl", "--fields", "id,body", "--sort", "date"]);
        let mut rows: Vec<String> = ran.out.lines().map(str::to_owned).collect();
        rows.sort();
        rows
    };
    let whole = Desk::new();
    for number in 0..12 {
        whole.write(&format!("news/{number:02}.html"), site_page(number));
    }
    whole.update();
    let once = bodies(&whole);
    assert_eq!(once.len(), 12);
    assert!(once.iter().all(|row| !row.contains("belongs to its readers")), "{}", once[0]);

    // The same in three runs, the last files first.
    let split = Desk::new();
    for part in [8..12, 2..8, 0..2] {
        for number in part {
            split.write(&format!("news/{number:02}.html"), site_page(number));
        }
        assert_eq!(split.update().code, Some(0));
    }
    assert_eq!(bodies(&split), once);
    let again = split.update();
    assert!(again.err.contains("Nothing changed in 12 files."), "{}", again.err);

    // By itself each page keeps the line.
    let corpus = split.corpus();
    let ran = split.run(&["index", "--no-archive-priors", corpus.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(bodies(&split).iter().all(|row| row.contains("belongs to its readers")));
    split.update();
    assert_eq!(bodies(&split), once);
}

#[test]
fn captures_of_one_article_clean_each_other_whatever_the_order_of_runs() {
    const SCHOOLS: &str =
        "Teachers of the valley want smaller classes before another winter, their union wrote.";
    const FERRIES: &str =
        "An old company looks for sailors who can swim, because two of its ships have sunk.";
    let capture = |teaser: &str| {
        let own: Vec<String> = ["ice", "ferry", "school", "bridge"]
            .map(|word| {
                format!(
                    "The {word} of the northern district was opened again on Monday, said the mayor, and \
                     nobody who lives beside it was told of what it had cost the town.\n\n"
                )
            })
            .into();
        format!("The harbour is open\n\n{}{teaser}\n", own.concat())
    };
    let bodies =
        |desk: &Desk| desk.run(&["export", "*", "--format", "jsonl", "--fields", "id,body"]).out;
    let whole = Desk::new();
    whole.write("one/a.txt", capture(SCHOOLS));
    whole.write("one/b.txt", capture(FERRIES));
    whole.update();
    let once = bodies(&whole);
    assert!(
        once.contains("cost the town") && !once.contains("valley") && !once.contains("sailors"),
        "{once}"
    );

    let split = Desk::new();
    split.write("one/b.txt", capture(FERRIES));
    split.update();
    assert!(bodies(&split).contains("sailors"), "alone it is text");
    split.write("one/a.txt", capture(SCHOOLS));
    split.update();
    assert_eq!(bodies(&split), once);
    std::fs::remove_file(split.corpus().join("one/a.txt")).unwrap();
    split.update();
    assert!(bodies(&split).contains("sailors"), "alone again");
}

#[test]
fn an_index_within_the_corpus_is_not_read_whatever_it_is_called() {
    let desk = Desk::new();
    desk.article("a.md", "Herons", "The herons came back.");
    let place = desk.corpus().join("my index");
    let corpus = desk.corpus();
    let (place, corpus) = (place.to_str().unwrap(), corpus.to_str().unwrap());
    for args in [&[corpus][..], &[corpus], &[corpus, "--rebuild"], &[]] {
        let ran = desk.run(&[&["index", "-i", place], args].concat());
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let ran = desk.run(&["search", "-i", place, "*", "--format", "csv", "--fields", "path"]);
        assert_eq!(ran.out, "path\na.md\n", "{ran:?}");
    }
    // Another index of the same folder leaves that one out, too.
    assert!(desk.update().err.contains("1 article"));
    let ran = desk.run(&["index", "-i", "other", desk.index().to_str().unwrap(), "-v"]);
    assert!(ran.err.contains("an index of fiche"), "{ran:?}");
}
