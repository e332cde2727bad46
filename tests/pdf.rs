//! PDF with a text layer, and files that only say that they are one.
#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "support/desk.rs"]
mod desk;

use std::fmt::Write as _;
use std::io::Write;
use std::time::{Duration, Instant};

use desk::Desk;
use flate2::Compression;
use flate2::write::ZlibEncoder;

/// A file of such objects, the first of which is its root and the second what it tells of itself.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        writeln!(table, "{:010} 00000 n ", file.len()).unwrap();
        file.extend(format!("{number} 0 obj\n").bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let at = file.len();
    file.extend(table.bytes());
    let size = objects.len() + 1;
    file.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R /Info 2 0 R >>\nstartxref\n{at}\n%%EOF\n")
            .bytes(),
    );
    file
}

fn stream(keys: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<< {keys} /Length {} >>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

/// One page that shows `content`, a stream.
fn page(content: Vec<u8>) -> Vec<u8> {
    pdf(&[
        b"<< /Type /Catalog /Pages 3 0 R >>".to_vec(),
        b"<< /Title (The herons are back) /Author (Ana Ruiz) >>".to_vec(),
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 3 0 R /MediaBox [0 0 600 800] /Contents 5 0 R \
          /Resources << /Font << /F1 6 0 R >> >> >>"
            .to_vec(),
        content,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_vec(),
    ])
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    stream("/Filter /FlateDecode", &encoder.finish().unwrap())
}

const TEXT: &[u8] =
    b"BT /F1 12 Tf 50 700 Td (The herons came back to the old harbour on Sunday.) Tj \
    0 -14 Td (The keeper of the caf\xe9 counted eleven of them.) Tj ET";

#[test]
fn the_text_layer_of_a_pdf_is_an_article() {
    let desk = Desk::empty();
    for (name, content) in [("plain.pdf", stream("", TEXT)), ("packed.pdf", packed(TEXT))] {
        std::fs::create_dir_all(desk.path("more")).unwrap();
        std::fs::write(desk.path("more").join(name), page(content)).unwrap();
    }
    std::fs::write(desk.path("more/without-ending"), page(packed(TEXT))).unwrap();
    desk.done(&["index", "more"]);
    let fields = ["export", "*", "--format", "jsonl", "--fields", "headline,authors,body"];
    let articles = desk.done(&fields);
    assert_eq!(articles.lines().count(), 1, "three copies are one: {articles}");
    let article: serde_json::Value = serde_json::from_str(&articles).unwrap();
    assert_eq!(article["headline"], "The herons are back");
    assert_eq!(article["authors"][0], "Ana Ruiz");
    let body = article["body"].as_str().unwrap();
    assert!(body.contains("came back to the old harbour") && body.contains("café"), "{body}");
    assert!(desk.done(&["search", "keeper"]).contains("1 article"));
}

#[test]
fn r12_r25_a_hostile_pdf_is_a_skip_with_a_reason() {
    let desk = Desk::empty();
    let good = page(packed(TEXT));
    let deep = [b"[".repeat(300_000), b"]".repeat(300_000)].concat();
    let looped = b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 1000000000 >>".to_vec();
    let cases = [
        ("cut.pdf", good[..good.len() / 2].to_vec()),
        ("noise.pdf", [b"%PDF-1.7\n".to_vec(), (0..=255).cycle().take(100_000).collect()].concat()),
        ("empty.pdf", Vec::new()),
        ("deep.pdf", page([&b"<< /A "[..], &deep, b" >>"].concat())),
        ("deep-content.pdf", page(packed(&[&b"BT "[..], &deep, b" TJ ET"].concat()))),
        ("bomb.pdf", page(packed(&vec![b' '; 300 << 20]))),
        (
            "loop.pdf",
            pdf(&[b"<< /Type /Catalog /Pages 3 0 R >>".to_vec(), b"2 0 R".to_vec(), looped]),
        ),
    ];
    std::fs::create_dir_all(desk.path("more")).unwrap();
    for (name, bytes) in &cases {
        std::fs::write(desk.path("more").join(name), bytes).unwrap();
    }
    std::fs::write(desk.path("more/good.pdf"), good).unwrap();
    let begun = Instant::now();
    desk.done(&["index", "more"]);
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert_eq!(desk.articles().len(), 1);
    let told = desk.done(&["status", "--problems"]);
    for (name, _) in &cases {
        assert!(told.contains(name), "{name} is not told of:\n{told}");
    }
    assert!(!told.contains("fault of fiche"), "{told}");
}
