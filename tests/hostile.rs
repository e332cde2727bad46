//! Hostile files beside good ones: bounded in time and memory, told, and no good article is lost.
//!
//! The names carry the rows of the reliability matrix.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

#[path = "support/skip.rs"]
mod skip;

use skip::skipped;

const GOOD: &str =
    "The lamp of the old lighthouse was lit again, and the keeper said goodword to all.";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A gzip stream of so many MB of one byte.
fn bomb(byte: u8, megabytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let block = vec![byte; 1 << 20];
    for _ in 0..megabytes {
        encoder.write_all(&block).unwrap();
    }
    encoder.finish().unwrap()
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// One member of a tar archive, with a type of its own.
fn tar_member(name: &str, kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut header = [0_u8; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..136].copy_from_slice(format!("{:011o}\0", bytes.len()).as_bytes());
    header[148..156].fill(b' ');
    header[156] = kind;
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut member = header.to_vec();
    member.extend_from_slice(bytes);
    member.resize(member.len().next_multiple_of(512), 0);
    member
}

/// Files that each meet a cap, with what must be told of them.
fn floods() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let many = |text: &str, times: usize| text.repeat(times).into_bytes();
    let around = |before: &str, inner: Vec<u8>, after: &str| {
        [before.as_bytes(), &inner, after.as_bytes()].concat()
    };
    let long_name = [
        tar_member("long", b'L', &vec![b'n'; 20_000]),
        tar_member("x.txt", b'0', b"The name of this member is long, and its text is short."),
    ];
    vec![
        ("cap_nodes.html", many("<b>x</b>", 500_000), "more than 600000 elements"),
        ("cap_paragraphs.html", many("<p>x", 150_000), "more than 50000 paragraphs"),
        (
            "cap_scripts.html",
            many("<script type=\"application/ld+json\">{}</script>", 100),
            "more than 64 scripts",
        ),
        (
            "cap_ld.html",
            many(
                &format!(
                    "<script type=\"application/ld+json\">{{\"a\":[{}0]}}</script>",
                    "0,".repeat(75_000)
                ),
                40,
            ),
            "JSON-LD of more than 4 MB",
        ),
        (
            "cap_values.json",
            around("{\"title\":\"x\",\"list\":[", many("0,", 2 << 20), "0]}"),
            "more than 1000000 values",
        ),
        (
            "cap_values.jsonl",
            around("{\"title\":\"x\",\"list\":[", many("0,", 2 << 20), "0]}\n"),
            "more than 1000000 values",
        ),
        (
            "cap_authors.json",
            around("{\"title\":\"x\",\"authors\":[", many("\"A B\",", 100_000), "\"C D\"]}"),
            "more than 20000 things",
        ),
        ("cap_columns.csv", around("title,text\n", many(",", 2 << 20), "\n"), "10000 columns"),
        (
            "cap_codes.xml",
            around("<newsitem><title>x</title>", many("<code code=\"x\"/>", 500_000), ""),
            "more than 20000 fields",
        ),
        ("cap_comment.xml", many("<item><title>x</title><!-- ", 1), "a comment in it is never"),
        (
            "cap_pages.xml",
            many("<item><title>x</title><wp:post_type>page</wp:post_type></item>", 9),
            "9 records of the kind \"page\": no posts",
        ),
        ("cap_lines.txt", many("a line of a text\n", 300_000), "more than 200000 lines"),
        (
            "cap_text.json",
            around("{\"title\":\"x\",\"text\":\"", many("words and ", 1_800_000), "\"}"),
            "the text is longer than 16384 KB",
        ),
        (
            "cap_id.json",
            around("{\"title\":\"x\",\"text\":\"y\",\"id\":\"a", many("/c", 1 << 20), "\"}"),
            "the id is longer than 8 KB",
        ),
        ("cap_name.tar", long_name.concat(), "its name is longer than 8192 bytes"),
        (
            "cap_header.warc",
            around(
                "WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 9\r\n",
                many("X-A: b\r\n", 5_000),
                "\r\n<p>text</p>\r\n\r\n",
            ),
            "its header is longer than 1,024 lines",
        ),
    ]
}

/// Writes one file of each wicked kind and gives how many there are.
fn wicked(root: &Path) -> usize {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| files.push((name.to_owned(), bytes));
    let many = |text: &str, times: usize| text.repeat(times).into_bytes();
    for tag in ["div", "b", "a", "font", "table", "svg", "p", "ul><li", "form", "nobr", "template"]
    {
        let text = format!("<{tag}>").repeat(100_000);
        add(&format!("r11_deep_{}.html", tag.replace("><", "_")), text.into_bytes());
    }
    add("r11_deep_a_b.html", many("<a><b>", 50_000));
    let marks = format!("<h1>Ice</h1>{}{}", "<sup>".repeat(500), "<i>a</i> b".repeat(100_000));
    add("r11_deep_marks.html", marks.into_bytes());
    let notes = format!(
        "Ice\n\n{}{}",
        "The sea froze2 again.\n".repeat(20_000),
        "It is. ↩\n".repeat(20_000)
    );
    add("r14_notes.txt", notes.into_bytes());
    add("r11_unclosed_comments.html", many("<!--", 100_000));
    add("r11_unclosed_attributes.html", many("<a x=\"", 100_000));
    add("r14_slashes.html", format!("<p{}>x", "/a".repeat(500_000)).into_bytes());
    add("r11_script_never_closed.html", many("<script>", 50_000));
    add("r11_deep.json", many("[", 1_000_000));
    add("r11_deep_object.json", many("{\"a\":", 500_000));
    add("r11_deep.jsonl", many("{\"a\":[", 300_000));
    add("r11_deep.xml", [&b"<rss><item>"[..], &many("<a>", 1_000_000)].concat());
    add("r11_deep.rss", many("<item>", 300_000));
    add("r11_deep_quote.md", many(">", 50_000));
    add("r11_deep_list.md", many("- ", 20_000));
    add("r11_deep_emphasis.md", many("*a _b ", 50_000));
    add("r11_deep_links.md", many("[a](", 50_000));
    add("r11_brackets.md", many("[", 100_000));
    add(
        "r11_deep_ld.html",
        format!("<script type=\"application/ld+json\">{}</script>", "[".repeat(200_000))
            .into_bytes(),
    );
    add(
        "r14_attributes.html",
        format!("<p {}>x", (0..50_000).map(|n| format!("a{n}=1 ")).collect::<String>())
            .into_bytes(),
    );
    add(
        "r14_attributes.xml",
        format!("<rss><item {}>", (0..50_000).map(|n| format!("a{n}='1' ")).collect::<String>())
            .into_bytes(),
    );
    let mut laughs = String::from("<!DOCTYPE rss [<!ENTITY a0 \"ha\">");
    for n in 1..40 {
        laughs.push_str(&format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10)));
    }
    add(
        "r14_laughs.xml",
        format!("{laughs}]><rss><item><title>&a39;</title></item></rss>").into_bytes(),
    );
    add("r14_outside.xml", b"<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss><item><title>&x;</title></item></rss>".to_vec());
    add("r14_entities.html", many("&amp;amp;", 200_000));
    add(
        "r14_ampersands.rss",
        format!("<item><title>{}</title></item>", "&".repeat(500_000)).into_bytes(),
    );
    add("r14_yaml_laughs.md", b"---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\ntitle: [*g,*g,*g,*g]\n---\nx\n".to_vec());
    add("r09_noughts.txt", vec![0; 5 << 20]);
    add("r09_noughts.html", vec![0; 1 << 20]);
    add("r09_empty.txt", Vec::new());
    add("r09_blanks.txt", vec![b' '; 4 << 20]);
    add("r09_one_line.txt", vec![b'a'; 20 << 20]);
    add("r09_one_word_lines.txt", many("a\n", 1 << 20));
    add("r09_long_line.jsonl", [&b"{\"title\":\""[..], &vec![b'a'; 20 << 20]].concat());
    add("r09_long_value.json", format!("{{\"title\":\"{}\"}}", "a".repeat(8 << 20)).into_bytes());
    add("r09_long_title.html", format!("<title>{}</title>", "word ".repeat(400_000)).into_bytes());
    add(
        "r09_long_url.json",
        format!("{{\"title\":\"x\",\"text\":\"y\",\"url\":\"http://{}\"}}", "a".repeat(100_000))
            .into_bytes(),
    );
    add("r09_wide.csv", format!("title,text{}\nx,y\n", ",c".repeat(100_000)).into_bytes());
    add("r09_open_quote.csv", [&b"title,text\n\""[..], &many("a,\n", 1 << 20)].concat());
    add("r09_many_values.json", format!("{{\"title\":[{}0]}}", "0,".repeat(2 << 20)).into_bytes());
    add(
        "r09_program.html",
        (0..200_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect(),
    );
    add("r10_bad_utf8.txt", vec![0xc3; 1 << 20]);
    add(
        "r10_wrong_charset.html",
        [&b"<meta charset=utf-16><title>x</title>"[..], &vec![0xff; 10_000]].concat(),
    );
    add("r10_half_utf16.txt", [&[0xff, 0xfe][..], &vec![0xd8; 9_999]].concat());
    add("r10_iso2022.html", b"<meta charset=iso-2022-jp>\x1b$B\x1b$B\x1b(".to_vec());
    add("r12_bomb.html.gz", bomb(b'a', 300));
    add("r12_bomb.txt.gz", bomb(0, 2000));
    add("r12_bomb.jsonl.gz", bomb(b'a', 2000));
    add("r12_lines.jsonl.gz", bomb(b'\n', 500));
    add(
        "r12_bomb.warc.gz",
        gzip(
            &[
                &b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\n"[..],
                &vec![b'a'; 8 << 20],
            ]
            .concat(),
        ),
    );
    let inner = zip_of(&[("a.html", &vec![b'a'; 8 << 20])]);
    let outer: Vec<(String, &[u8])> = (0..60).map(|n| (format!("{n}.zip"), &inner[..])).collect();
    let outer: Vec<(&str, &[u8])> = outer.iter().map(|(name, bytes)| (&name[..], *bytes)).collect();
    add("r12_nested.zip", zip_of(&outer));
    let mut nest = zip_of(&[("deep.txt", b"deep")]);
    for _ in 0..30 {
        nest = zip_of(&[("x.zip", &nest)]);
    }
    add("r12_deep_nest.zip", nest);
    let mut layers = b"x".to_vec();
    for _ in 0..50 {
        layers = gzip(&layers);
    }
    add("r12_layers.gz", layers);
    add("r12_bomb.tar.gz", gzip(&tar_member("long", b'L', &vec![b'n'; 32 << 20])));
    add(
        "r13_names.zip",
        zip_of(&[
            ("../../../fiche-escaped.txt", b"x"),
            ("/fiche-escaped.txt", b"x"),
            ("a\0b.txt", b"x"),
            ("\x1b[2J.txt", b"x"),
        ]),
    );
    add(
        "r13_links.tar",
        [
            tar_member("link.txt", b'2', b""),
            tar_member("../../fiche-escaped.txt", b'0', b"x"),
            tar_member("dev", b'3', b""),
        ]
        .concat(),
    );
    add("r13_negative.tar", {
        let mut member = tar_member("x.txt", b'0', b"x");
        member[124] = 0xff;
        member
    });
    add("r13_cut.zip", zip_of(&[("a.txt", b"x"), ("b.txt", b"y")])[..60].to_vec());
    add("r13_noise.zip", [&b"PK\x03\x04"[..], &[0xff; 4000]].concat());
    add("r13_noise.tar", vec![0x41; 10_000]);
    add("r13_noise.warc", many("WARC/1.0\r\n", 20_000));
    add("r13_noise.zst", [&[0x28, 0xb5, 0x2f, 0xfd][..], &[0xff; 4000]].concat());
    add("r13_noise.bz2", b"BZh91AY&SYxxxxxxxxxxxxx".to_vec());
    add(
        "r16_escapes.html",
        "<title>\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}txet</title><p>\u{1b}[31mred\u{1b}[2J</p>"
            .into(),
    );
    add(
        "r16_escapes.json",
        br#"{"title":"\u001b]0;owned\u0007 goodescape","text":"\u009b2J\u202e goodescape"}"#
            .to_vec(),
    );
    add("r16_\u{1b}[2Jname.txt", b"x".to_vec());
    add("r23_dates.jsonl", b"{\"title\":\"a\",\"text\":\"x\",\"date\":\"0000-00-00\"}\n{\"title\":\"b\",\"text\":\"x\",\"date\":\"99999-12-31\"}\n{\"title\":\"c\",\"text\":\"x\",\"date\":-99999999999999}\n{\"title\":\"d\",\"text\":\"x\",\"date\":\"2023-02-30\"}\n".to_vec());
    let mut add = |name: &str, bytes: Vec<u8>| files.push((name.to_owned(), bytes));
    for (name, bytes, _) in floods() {
        add(name, bytes);
    }
    for (name, bytes) in &files {
        fs::write(root.join(name), bytes).unwrap();
    }
    files.len()
}

/// Good articles, beside and inside of what is wicked.
fn good(root: &Path) -> usize {
    fs::write(root.join("a_good.txt"), GOOD).unwrap();
    fs::write(root.join("z_good.html"), format!("<title>Lamp</title><p>{GOOD}</p>")).unwrap();
    let line = format!("{{\"title\":\"Lamp\",\"text\":\"{GOOD}\"}}\n");
    fs::write(root.join("good.jsonl"), format!("{line}{{broken\n{line}")).unwrap();
    let noise = vec![0xff_u8; 5000];
    let members: [(&str, &[u8]); 3] = [
        ("noise.html", &noise),
        ("deep.html", &b"<div>".repeat(50_000)),
        ("good.txt", GOOD.as_bytes()),
    ];
    fs::write(root.join("good.zip"), zip_of(&members)).unwrap();
    let tar =
        [tar_member("dev", b'3', b""), tar_member("good.txt", b'0', GOOD.as_bytes())].concat();
    // Cut off behind the good member.
    fs::write(
        root.join("good.tar"),
        [&tar[..], &tar_member("cut.txt", b'0', &[b'x'; 900])[..700]].concat(),
    )
    .unwrap();
    6
}

/// What a run cost, where the system tells.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    /// The most memory that it had, in kilobytes.
    peak: Option<u64>,
    /// The time that its threads were at work, all together.
    work: Option<Duration>,
}

/// The ticks that a process worked, of which there are a hundred a second.
fn ticks(stat: &str) -> Option<u64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}

/// Runs the program, and gives what it cost.
fn watched(folder: &Path, args: &[&str]) -> (Output, Cost) {
    let child = command(folder, args)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let stat = format!("/proc/{}/stat", child.id());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let peak = scope.spawn(|| {
            let mut cost = Cost::default();
            while !done.load(Ordering::Relaxed) {
                let text = fs::read_to_string(&status).unwrap_or_default();
                let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
                let size = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
                cost.peak = cost.peak.max(size);
                let ticks = ticks(&fs::read_to_string(&stat).unwrap_or_default());
                cost.work = cost.work.max(ticks.map(|ticks| Duration::from_millis(ticks * 10)));
                std::thread::sleep(Duration::from_millis(10));
            }
            cost
        });
        let output = child.wait_with_output().unwrap();
        done.store(true, Ordering::Relaxed);
        (output, peak.join().unwrap())
    })
}

fn fiche(folder: &Path, args: &[&str]) -> Output {
    command(folder, args).output().unwrap()
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command
        .current_dir(folder)
        // Addresses, not memory, are bounded here: 6 GB, most of which is never touched.
        .args(["-c", "ulimit -v 6000000; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_fiche")])
        .args(args);
    command
}

#[test]
fn r07_r09_r10_r11_r12_r13_r14_r16_r25_hostile_files_lose_no_good_article() {
    let place = tempfile::tempdir().unwrap();
    let root = place.path().join("corpus");
    fs::create_dir(&root).unwrap();
    let count = wicked(&root);
    assert!(count >= 60, "{count} files");
    let good = good(&root);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&root, root.join("r07_loop")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", root.join("r07_device.txt")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.join("r07_nowhere.txt")).unwrap();
        assert!(Command::new("mkfifo").arg(root.join("r07_pipe.txt")).status().unwrap().success());
    }
    let begun = Instant::now();
    let (output, cost) = watched(place.path(), &["index", "corpus"]);
    let took = begun.elapsed();
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{talk}");
    assert!(!talk.contains("panicked"), "{talk}");
    // A machine that is busy elsewhere lets a run wait; what counts then is how long it worked.
    let least = cost.work.map_or(took, |work| work.min(took));
    assert!(least < Duration::from_secs(30), "{took:?} for {count} files, {cost:?}");
    match cost.peak {
        Some(peak) => {
            eprintln!("{count} files in {took:?}, {:?}, at most {} MB", cost.work, peak >> 10);
            assert!(peak < 1 << 20, "{} MB", peak >> 10);
        }
        None => skipped("this system does not tell how much memory a process had"),
    }

    let output = fiche(
        place.path(),
        &["search", "goodword", "-n", "100", "--format", "jsonl", "--duplicates", "each"],
    );
    let found = String::from_utf8(output.stdout).unwrap();
    assert_eq!(found.lines().count(), good, "{found}\n{talk}");

    let output = fiche(place.path(), &["status", "--problems"]);
    let told = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(!told.contains("fault of fiche"), "{told}");
    for name in ["r12_bomb.txt.gz", "r12_nested.zip", "r12_deep_nest.zip", "r13_noise.tar"] {
        assert!(told.contains(name), "{name} is not told of:\n{told}");
    }
    assert!(told.contains("more than 200 times its size"), "{told}");
    for (name, _, why) in floods() {
        let of = |line: &&str| line.contains(name) && line.contains(why);
        assert!(told.lines().any(|line| of(&line)), "{why} is not told of {name}:\n{told}");
    }
    assert!(!told.contains('\u{1b}'), "{told:?}");
    assert!(!place.path().join("fiche-escaped.txt").exists());

    let output = fiche(place.path(), &["search", "goodescape"]);
    let shown = String::from_utf8(output.stdout).unwrap();
    let raw = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!shown.is_empty() && !shown.contains(raw), "{shown:?}");
}
