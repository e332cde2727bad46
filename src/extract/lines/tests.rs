use super::*;
use crate::extract::byline;
use crate::site::{Spot, Standing};
use fields::Fields;

/// The lines of a page, as the format of plain text gives them.
fn page(text: &str) -> Page {
    let mut page = Page::default();
    let mut gap = 0;
    for (line, number) in text.lines().zip(1..) {
        let text = line.trim().to_owned();
        if text.is_empty() {
            gap += 1;
            continue;
        }
        let indent = (line.len() - line.trim_start_matches(' ').len()) as u32;
        page.blocks.push(Block { text, line: number, gap, indent, ..Block::default() });
        gap = 0;
    }
    page
}

fn said(cut: &Cut, slot: Slot) -> Vec<&str> {
    cut.remarks.iter().filter(|one| one.slot == slot).map(|one| one.text.as_str()).collect()
}

#[test]
fn a_clean_article_loses_nothing() {
    let cut = cut(&page(
        "Harbour frozen for a third week\n\nBy Ada Nagy\nMarch 5, 1912\n\nThe harbour has been \
         closed to all ships since the ice came in from the north.\n\nNo end is in sight.\n\nThe \
         ferries to the islands will not sail before the end of the month, the company said.",
    ));
    assert_eq!(said(&cut, Slot::Headline), ["Harbour frozen for a third week"]);
    assert_eq!(said(&cut, Slot::Author), ["By Ada Nagy"]);
    assert_eq!(said(&cut, Slot::Published), ["1912-03-05"]);
    assert!(cut.body.starts_with("The harbour has been"), "{}", cut.body);
    assert!(cut.body.contains("\n\nNo end is in sight.\n\nThe ferries"), "{}", cut.body);
}

#[test]
fn a_trail_far_above_the_headline_names_the_section() {
    let headline = "Harbour dues to rise by a tenth in the spring";
    let menu =
        ["Puzzles", "Letters", "Archive", "Tickets", "Notices", "Crosswords", "Contact", "Podcast"];
    let menu: String = menu.iter().cycle().take(32).map(|label| format!("• {label}\n")).collect();
    let text = format!(
        "The Gazette\n• Home\n• Economy\n• {headline}\n\n{menu}\n{headline}\n\nBy Ada Nagy\n12 \
         February 2024, 16:24\n\nThe harbour dues will rise by a tenth from the first of April, the \
         port said on Monday, and it is the first time in eight years that they do.\n\nThe new quay \
         must be paid for, and the ships are larger than they were, said its director.\n"
    );
    let page = page(&text);
    let sight = Sight::of(&page.blocks);
    let title = page.blocks.iter().rposition(|block| block.text == headline).unwrap();
    let fields = Fields::of(&page.blocks, &sight, None, (title + 3, title + 4));
    let labels: Vec<_> = fields.sections(title).into_iter().map(|one| one.text).collect();
    assert_eq!(labels[0], "Economy", "{labels:?}");
    assert_eq!(said(&cut(&page), Slot::Section), ["Economy"]);
}

/// A page with its menu, its head and what stands below it.
const GAZETTE: &str = "\
The Gazette
• Home
• World
• Business
• Sport
• Opinion
Subscribe
Log in
1. Home
2. Business
Harbour dues to rise by a tenth in the spring

The port says that the new quay must be paid for, and that ships are larger than they were.

Ada NagyPort correspondent
12 February 2024, 16:24Reading time: 3 min.
Share
Facebook

The harbour dues will rise by a tenth from the first of April, the port said on Monday, and it \
will be the first rise in nine years.

Owners of small ships said that they had not been asked. \u{201c}We read of it in the paper,\u{201d} \
said one of them, who has sailed from the old quay for thirty years.

The port answered that the new quay had cost more than was planned, and that larger ships would \
carry most of what is to be paid for it in the years to come.

Most read
Ferry timetable for the spring
11 February 2024
Ice leaves the northern bay
9 February 2024
© 2024 The Gazette. All rights reserved.";

#[test]
fn a_flattened_page_tells_what_stands_around_its_body() {
    let cut = cut(&page(GAZETTE));
    assert_eq!(said(&cut, Slot::Headline), ["Harbour dues to rise by a tenth in the spring"]);
    assert_eq!(said(&cut, Slot::Published), ["2024-02-12"]);
    assert_eq!(said(&cut, Slot::Section), ["Business"]);
    assert_eq!(said(&cut, Slot::Author), ["Ada Nagy | Port correspondent"]);
}

#[test]
fn the_numbers_of_a_list_are_bullets() {
    let last = "The port answered";
    let with = |list: &str| cut(&page(&GAZETTE.replace(last, &format!("{list}\n\n{last}")))).body;
    let listed =
        with("They ask for this:\n\n1. The quay is theirs, too\n2. Dues that they can pay\n");
    assert!(
        listed.contains("\n\n• The quay is theirs, too\n• Dues that they can pay\n\n"),
        "{listed}"
    );
    let loose = with("9. The quay is theirs, too.\n\n10. Dues that they can pay.");
    assert!(loose.contains("• The quay is theirs, too.\n\n• Dues"), "{loose}");
    // The headings of parts, a year, a club, and a text that was typed.
    for text in ["1. What they ask for", "1912. That was a year", "1. Harbour Club\n3. Ice Club"] {
        let body =
            with(&format!("{text}\n\nOwners of ships have asked for many things, they said."));
        assert!(body.contains(text.lines().next().unwrap()), "{body}");
    }
    let typed = "The ferries to the islands will not sail before the end of the month, they said.\n\n1. \
                 The quay is theirs, too\n2. Dues that they can pay";
    assert!(cut(&page(typed)).body.contains("1. The quay"), "{}", cut(&page(typed)).body);
}

#[test]
fn a_day_below_a_standfirst_is_no_text() {
    let text = GAZETTE.replace("\nShare\nFacebook\n", "").replace(
        "12 February 2024, 16:24Reading time: 3 min.",
        "12 February 2024, 16:24\n\n2024-02-13\n8761:8761 is open",
    );
    let cut = cut(&page(&text));
    assert!(!cut.body.contains("2024-02-13"), "{}", cut.body);
}

#[test]
fn a_byline_with_a_bar_is_no_label() {
    let page_of = |byline: &str| page(&GAZETTE.replace("Ada NagyPort correspondent", byline));
    let cut = cut(&page_of("By Ada Nagy, Port Editor | Business"));
    assert_eq!(said(&cut, Slot::Kind), [""; 0]);
    assert_eq!(said(&cut, Slot::Author), ["By Ada Nagy, Port Editor | Business"]);
}

#[test]
fn a_page_is_asked_for_what_it_does_not_declare() {
    let lines = page(GAZETTE);
    let whole = cut(&lines);
    let kept: Vec<bool> = (0..lines.blocks.len()).map(|at| whole.kept.contains(&at)).collect();
    let title = lines.blocks.iter().position(|block| block.text.starts_with("Harbour dues"));
    let wanted = [Slot::Section, Slot::Published, Slot::Author];
    let site = Site::default();
    let known = Known { lines: None, fixed: None, alone: None, site: &site };
    let remarks = undeclared(&lines, &kept, title, &wanted, &known);
    let told: Vec<_> = remarks.iter().map(|one| (one.slot, one.text.as_str())).collect();
    assert_eq!(
        told,
        [
            (Slot::Section, "Business"),
            (Slot::Published, "2024-02-12"),
            (Slot::Author, "Ada Nagy | Port correspondent"),
        ]
    );
}

#[test]
fn days_of_teasers_and_of_what_is_told_are_not_the_articles() {
    let dateless: String = GAZETTE.lines().filter(|line| !line.contains("16:24")).fold(
        String::new(),
        |mut page, line| {
            page.push_str(&line.replace("on Monday", "on February 5, 2024"));
            page.push('\n');
            page
        },
    );
    assert_eq!(said(&cut(&page(&dateless)), Slot::Published), [""; 0]);
}

#[test]
fn what_says_only_when_or_has_an_address_of_mail_is_no_headline() {
    for line in [
        "Mai 06 2018",
        "08.04.2015 12:46",
        "TOM REED, Staff Writer reedt@gazette.example",
        "This piece is part of the following series:",
        "用微信扫码二维码",
    ] {
        let text = format!(
            "Ferries to run again in spring\n{line}\n\nThe harbour council voted on Tuesday to let \
             the ferries run again from the first of April, after a winter without boats."
        );
        let page = page(&text);
        let sight = Sight::of(&page.blocks);
        let fields = Fields::of(&page.blocks, &sight, None, (2, 2));
        let lines: Vec<_> = fields.headlines().into_iter().map(|one| one.text).collect();
        assert!(lines.iter().all(|text| text != line), "{lines:?}");
        assert_eq!(lines[0], "Ferries to run again in spring");
    }
}

#[test]
fn two_names_beside_a_bar_are_no_kicker() {
    let text = "Ferries to run again in spring\n\nAda Nagy | Tom Reed\n\nThe harbour council voted \
                on Tuesday to let the ferries run again from the first of April, after a winter in \
                which the quay was rebuilt and no boats could land there.\n\nThe fares will stay as \
                they are, the mayor said, and the boats will run each half hour until ten.";
    let told = cut(&page(text));
    assert_eq!(said(&told, Slot::Kind), [""; 0]);
    assert_eq!(said(&told, Slot::Author), ["Ada Nagy | Tom Reed"]);
    let told = cut(&page(&text.replace("Ada Nagy | Tom Reed", "Analysis | Global Crises")));
    assert_eq!(said(&told, Slot::Section), ["Global Crises"]);
}

#[test]
fn a_headline_leaves_a_body() {
    for text in ["Herons\n\nThe herons came back.\n", "Fête au port\n\nL'été fut chaud.\n"] {
        let cut = cut(&page(text));
        assert!(cut.body.ends_with(text.lines().last().unwrap()), "{text}: {}", cut.body);
        assert_eq!(cut.rejected, None);
    }
}

#[test]
fn an_empty_page_is_no_article() {
    assert_eq!(cut(&page("")).rejected, Some("no text"));
}

#[test]
fn of_a_known_site_the_stretch_with_the_most_text_is_trusted() {
    let long = "The ferries to the islands will not sail before the end of the month, they said.";
    let texts = ["Home", "News", "Dues", long, "Give!", long, "More", "Share", long];
    let blocks = page(&texts.join("\n")).blocks;
    let looks = Sight::of(&blocks).looks;
    let site = [true, true, false, false, true, false, true, true, false];
    let mut judged = vec![1.0; 9];
    trust(&mut judged, &site, (Some(&[1.0; 9]), [0, 0]), (&blocks, &looks));
    assert_eq!(judged, [-4.0, -4.0, 5.0, 5.0, -4.0, 5.0, -4.0, -4.0, 1.0]);
}

#[test]
fn a_text_of_nothing_but_an_article_leaves_the_lines_of_its_site() {
    let long = "The ferries to the islands will not sail before the end of the month, they said.";
    let page = page(&format!(
        "Ice in the harbour\n\n{long}\n\n{long} Nobody asked.\n\nThe Gazette has its office in Port Road, which is closed on Sundays.\n"
    ));
    let nothing = Site::default();
    let known = |lines| Known { lines, fixed: None, alone: None, site: &nothing };
    assert!(cut_known(&page, &known(None)).body.contains("Port Road"));
    let cut = cut_known(&page, &known(Some(vec![false, false, false, true])));
    assert_eq!(cut.body, format!("{long}\n\n{long} Nobody asked."));
}

#[test]
fn what_leads_to_the_posts_beside_ends_a_text() {
    let long = "The ferries to the islands will not sail before the end of the month, they said.";
    let lines =
        ["Home", "News", long, "ice < 0", "« Previous post", "A new quay", long, "Help", "Imprint"];
    let looks = Sight::of(&page(&lines.join("\n")).blocks).looks;
    let framed = |lines: &[usize]| {
        let site: Vec<bool> = (0..9).map(|at| lines.contains(&at)).collect();
        let found = framed(&[1.0; 9], &site, &[1.0; 9], &looks).unwrap();
        (found.all.end, found.text)
    };
    assert_eq!(framed(&[0, 1, 4, 7, 8]), (4, 2..3));
    // Of this page alone.
    assert_eq!(framed(&[0, 1, 7, 8]), (8, 2..7));
}

#[test]
fn what_most_pages_have_beside_the_text_is_not_trusted() {
    let long = "The ferries to the islands will not sail before the end of the month, they said.";
    let texts = ["Home", "News", "World", "Ice", long, "ice < 0", "Ports", "Share", "Imprint"];
    let blocks = page(&texts.join("\n")).blocks;
    let looks = Sight::of(&blocks).looks;
    let site = [true, true, false, false, false, false, false, true, true];
    let trusted = |margins| {
        let mut judged = vec![-1.0; 9];
        judged[4] = 1.0;
        trust(&mut judged, &site, (Some(&[1.0; 9]), margins), (&blocks, &looks));
        judged[2..7].to_vec()
    };
    assert_eq!(trusted([0, 0]), [3.0, 3.0, 5.0, 3.0, 3.0]);
    assert_eq!(trusted([1, 1]), [-1.0, 3.0, 5.0, 3.0, -1.0]);
    // Never the text itself.
    assert_eq!(trusted([9, 9]), [-1.0, -1.0, 5.0, -1.0, -1.0]);
}

#[test]
fn what_one_capture_has_outside_the_run_of_all_is_left_out() {
    let kept = |alone: &[bool]| {
        let mut kept = vec![true; alone.len()];
        kept[1] = false;
        leave_alone(&mut kept, alone, |_| 10.0);
        kept
    };
    let own = [true, false, false, true, false, false, false, false, false, true];
    let run = [false, false, true, true, true, true, true, true, true, false];
    assert_eq!(kept(&own), run);
    let most = [true, false, false, true, true, false, true];
    assert_eq!(kept(&most), [true, false, true, true, true, true, true], "another article");
}

#[test]
fn a_teaser_above_the_headline_is_none() {
    let text = "The Gazette\n\nMost read\n\nThe council wants a bridge\n\nA bridge over the old harbour will be \
                built next year if the council gets what it …\n\nThe old mill is sold\n\nNobody who lives beside the \
                mill was told of it before the papers were …\n\nBusiness\n\nThe harbour is frozen\nBy Ada Nagy\n\
                12 February 2024\n\nThe ferries to the islands will not sail before the end of the month, they \
                said.\n\nNobody had told the school, and nobody had asked the owners of the ships before.";
    assert_eq!(said(&cut(&page(text)), Slot::Headline), ["The harbour is frozen"]);
}

#[test]
fn a_day_in_numbers_is_read_as_the_site_has_it() {
    let text = "Home\n\nThe harbour is frozen\n\nBy Ada Nagy\n03/04/2024\n\nThe ferries to the islands \
                will not sail before the end of the month, they said.\n\nNobody had told the school.";
    let page = page(text);
    let day = |orders: &[bool]| {
        let mut site = Site::default();
        orders.iter().for_each(|order| site.order(*order));
        site.settle_places();
        let known = Known { lines: None, fixed: None, alone: None, site: &site };
        said(&cut_known(&page, &known), Slot::Published).concat()
    };
    assert_eq!(day(&[]), "");
    assert_eq!(day(&[true; 3]), "2024-04-03");
    assert_eq!(day(&[false; 3]), "2024-03-04");
}

#[test]
fn a_headline_without_blanks_is_told_from_its_trail_and_from_a_time_to_read() {
    let text = "首页 > 如何加入Harbour社区\n\n• China\n• GitHub\n\n3 分钟 阅读\n\n港口管理局上周一表示，\
                由于海面结冰，渡轮在本月底之前不会开往各个岛屿，学校和商店都没有事先得到通知。\n\n\
                市议会将在下周二开会讨论这个问题，渔民们说他们从来没有见过这样的冬天，\
                去年的这个时候海面上还有许多船只。\n\n如何加入Harbour社区\n";
    assert_eq!(said(&cut(&page(text)), Slot::Headline), ["如何加入Harbour社区"]);
}

/// What a page of a site says, of which so many lines are on all pages.
fn said_on(site: &Site, page: &Page, own: &[bool], slot: Slot) -> String {
    let fixed = own.iter().map(|own| f32::from(u8::from(*own))).collect();
    let known = Known { lines: Some(own.to_vec()), fixed: Some(fixed), alone: None, site };
    said(&cut_known(page, &known), slot).concat()
}

#[test]
fn a_line_where_the_site_has_its_days_is_trusted() {
    let text =
        GAZETTE.replace("12 February 2024, 16:24Reading time: 3 min.", "Updated: 12 February 2024");
    let page = page(&text);
    let own: Vec<bool> =
        page.blocks.iter().map(|block| ["Home", "Subscribe"].contains(&&block.text[..])).collect();
    let day = |site: &Site| said_on(site, &page, &own, Slot::Published);
    let mut site = Site::default();
    assert_eq!(day(&site), "");
    for number in 0..4 {
        let says = vec![format!("{number} February 2024")];
        let spots = vec![Spot::Below(3)];
        let fields = vec![(Slot::Published, vec![Standing { says, spots, sure: 1.0 }])];
        site.place(Places { fields, ..Places::default() });
    }
    site.settle_places();
    assert_eq!(day(&site), "2024-02-12");
}

#[test]
fn the_last_label_of_a_menu_is_no_section() {
    let page = page(
        "The Gazette\n  • Gazette\n  • Install\n  • Learn\n  • Tools\n  • Governance\n  • Community\n\n\
         The harbour is frozen\n\nMarch 5, 2012 · Ada Nagy\n\nThe ferries to the islands will not sail \
         before the end of the month, they said.\n\nNobody had told the school, and nobody had asked \
         the owners of the ships before.",
    );
    let site = Site::default();
    let section = |share: f32| {
        let fixed: Vec<f32> =
            (0..page.blocks.len()).map(|at| if at < 7 { share } else { 0.0 }).collect();
        let lines = Some(fixed.iter().map(|share| *share > 0.0).collect());
        let known = Known { lines, fixed: Some(fixed), alone: None, site: &site };
        said(&cut_known(&page, &known), Slot::Section).concat()
    };
    assert_eq!(section(1.0), "");
    assert_eq!(section(0.5), "Community", "that half of the pages have there");
}

#[test]
fn between_the_lines_of_a_site_code_is_text_and_what_asks_for_more_ends_it() {
    let text = "The Gazette\n  • News\n  • Code\n\nHow the harbour counts ice\n\nThe program that counts \
                floes is short, and it is shown here as it runs on the pier every night.\n\n\
                import floes\nimport harbour\n\npier = harbour.open(7)\nfor floe in pier.floes():\n    \
                print(floe.width)\n\nRead more\n\nrope = harbour.rope(3)\n\n  • Imprint\n  • Contact";
    let page = page(text);
    let site = Site::default();
    let known = |share: fn(&str) -> f32| {
        let fixed: Vec<f32> = page.blocks.iter().map(|block| share(&block.text)).collect();
        let lines = Some(fixed.iter().map(|share| *share > 0.0).collect());
        cut_known(&page, &Known { lines, fixed: Some(fixed), alone: None, site: &site }).body
    };
    fn own(text: &str) -> f32 {
        let menu = ["The Gazette", "• News", "• Code", "Read more", "• Imprint", "• Contact"];
        f32::from(u8::from(menu.contains(&text)))
    }
    let body = known(own);
    assert!(body.contains("pier = harbour.open") && body.contains("print"), "{body}");
    assert!(!body.contains("rope") && !body.contains("Imprint"), "{body}");
    // Two lines in a row that many pages have, each with other lines around it, are no menu.
    let body = known(|text| if text.starts_with("import") { 0.05 } else { own(text) });
    assert!(body.contains("pier = harbour.open"), "{body}");
    // Nor is one that stands in a listing of this page.
    let body = known(|text| if text.starts_with("for floe") { 0.05 } else { own(text) });
    assert!(body.contains("open(7)\n\nfor floe in pier.floes():\n\nprint"), "{body}");
    let body = known(|text| if text.starts_with("for floe") { 0.4 } else { own(text) });
    assert!(!body.contains("for floe") && body.contains("pier = harbour.open"), "{body}");
}

#[test]
fn paragraphs_above_a_sure_byline_are_the_standfirst() {
    let summary = "The ferries to the islands will not sail before the end of the month. Nobody had \
                   told the school, and nobody had asked the owners of the ships before they read of \
                   it in the paper. They are to be paid, but nobody knows by whom, or when, or how \
                   much it will be, and the council meets again only in the spring of the next year.";
    let article =
        "The ice came in from the north, and the port was closed to all ships on Monday.\n\n";
    let text = |byline: &str| {
        let article = article.repeat(16);
        page(&format!("The harbour is frozen\n\nIce Harbour\n\n{summary}\n\n{byline}\n\n{article}"))
    };
    let told = |page: &Page| {
        let cut = cut(page);
        (said(&cut, Slot::Standfirst).concat(), cut.body.contains("nobody knows by whom"))
    };
    assert_eq!(told(&text("By Ada Nagy\nMarch 5, 2024")), (summary.to_owned(), false));
    assert_eq!(told(&text("They have waited before.")), (String::new(), true));
    let cut = cut(&text("By Ada Nagy\n2024-03-05"));
    assert_eq!(said(&cut, Slot::Standfirst).concat(), summary);
    assert!(!cut.body.contains("2024-03-05"), "{}", cut.body);
}

#[test]
fn what_an_article_is_filed_under_is_no_text_of_it() {
    let end =
        "they said.\n\nNobody had told the school, and nobody had asked the owners of ships.\n";
    let head = "The harbour is frozen\n\nBy Ada Nagy\n\nThe ferries will not sail this month, ";
    let body = |below: &str| cut(&page(&format!("{head}{end}\n{below}"))).body;
    assert_eq!(body("Tags: ferry, harbour\nCategories: News"), body(""));
    assert_eq!(body("标签: 港口\n\n最新的: 2019年4月12日"), body(""));
    assert!(body("Last day: April 12, 2019").ends_with("2019"), "it may be the article's");
    assert!(body("Categories of ships: ferries, barges.").ends_with("barges."));
    let cut =
        cut(&page(&format!("{head}{end}\nShare\nTags: ferry, harbour\nUpdated: March 5, 2019")));
    assert_eq!(said(&cut, Slot::Topic), ["ferry, harbour"]);
}

#[test]
fn a_line_that_says_who_wrote_and_when_is_no_standfirst() {
    let text = GAZETTE
        .replace("The port says that the new quay must be paid for, and that ships are larger than they were.", "")
        .replace(
            "Ada NagyPort correspondent\n",
            "Reviewed by Tom Reed, PhD, FRS — Written by Ada Nagy, MS — Updated on March 7, 2024\n",
        );
    let cut = cut(&page(&text));
    assert_eq!(said(&cut, Slot::Standfirst), [""; 0]);
    assert_eq!(said(&cut, Slot::Author), ["by Ada Nagy, MS"]);
}

#[test]
fn a_row_of_a_day_and_a_name_is_no_headline() {
    let page =
        page("The harbour is frozen\n\nFeb. 14, 2023 · Ada Nagy\n\n2023-02-14 Harbour notes\n");
    let sight = Sight::of(&page.blocks);
    let lines = Fields::of(&page.blocks, &sight, None, (2, 2)).headlines();
    let lines: Vec<_> = lines.iter().map(|one| &one.text[..]).collect();
    assert_eq!(lines, ["The harbour is frozen", "2023-02-14 Harbour notes"]);
}

#[test]
fn an_address_behind_a_name_is_no_part_of_it() {
    let text = GAZETTE.replace(
        "Ada NagyPort correspondent",
        "Ada Nagy https://code.example/anagy84 (Gazette)https://gazette.example",
    );
    assert_eq!(said(&cut(&page(&text)), Slot::Author), ["Ada Nagy (Gazette)"]);
}

#[test]
fn a_line_where_the_site_has_its_headlines_is_one() {
    let page = page(
        "The Blog\nHome Gallery About\n\nIce again\n\nHarbour Ferries and Their Management\n\nToday, we are \
         happy to tell of the third release of ice, which has all that ports need in the winter\n\nAda \
         Nagy\n03-05-2024\n\nThe ferries to the islands will not sail before the end of the month, they \
         said.\n\nNobody had told the school, and nobody had asked the owners of the ships before.",
    );
    let own: Vec<bool> = (0..page.blocks.len()).map(|at| at < 2).collect();
    let headline = |site: &Site| said_on(site, &page, &own, Slot::Headline);
    let mut site = Site::default();
    assert_eq!(headline(&site), "Harbour Ferries and Their Management");
    for number in 0..4 {
        let (says, spots) = (vec![format!("Ice {number}")], vec![Spot::Top(2)]);
        let fields = vec![(Slot::Headline, vec![Standing { says, spots, sure: 1.0 }])];
        site.place(Places { fields, ..Places::default() });
    }
    site.settle_places();
    assert_eq!(headline(&site), "Ice again");
}

#[test]
fn a_byline_of_many_has_its_day() {
    let names =
        "By Ada Nagy (Harbour Labs) and Tom Reed (Harbour Labs) and Ivo Prat (Harbour Labs)";
    let text = GAZETTE
        .replace("Ada NagyPort correspondent", &format!("{names} | Monday, March 04, 2024"))
        .lines()
        .filter(|line| !line.contains("16:24"))
        .map(|line| format!("{line}\n"))
        .collect::<String>();
    assert_eq!(said(&cut(&page(&text)), Slot::Published), ["2024-03-04"]);
}

#[test]
fn what_stands_below_an_article_is_none_of_it() {
    let article = "Ice in the harbour\n\nBy Ada Nagy\n\nThe ferries to the islands will not sail before the \
                   end of the month, said the port.\n\nNobody had told the school, and nobody had asked the \
                   owners of the ships before, as one of them said.\n\n";
    for below in [
        "Ada Nagy is the port correspondent of the Gazette, and has written on ice for nine years now.",
        "This entry was posted in Ice and tagged ferry, harbour. Bookmark the permalink.",
        "2 thoughts on “Ice in the harbour”\n\nI have sailed there for nine years, and never saw it \
         freeze before the end of the year, whatever they say.",
        "2 comments on Ice in the harbour\n\nI have sailed there for nine years, and never saw it \
         freeze before the end of the year, whatever they say.",
        "Tom Reed on March 5, 2024 at 3:14 pm said:\n\nI have sailed there for nine years, and never saw \
         it freeze before the end of the year, whatever they say.",
        "About Ada Nagy\n\nThe port correspondent of the Gazette has written on ice for nine years now, \
         and on ships before that.",
        "Related: Ice in the northern harbour",
        "The last ferry before the ice came to the old quay. © Tom Reed | Gazette",
        "Tom Reed says:\nMarch 5, 2024 at 3:14 pm\n\nI have sailed there for nine years, and never saw \
         it freeze before the end of the year, whatever they say.",
    ] {
        let body = cut(&page(&format!("{article}{below}\n\nShare\nContact\n"))).body;
        assert!(body.ends_with("as one of them said."), "{body}");
    }
    let quoted =
        "Tom Reed says:\n\nI have sailed there for nine years, and never saw it freeze before.";
    assert!(cut(&page(&format!("{article}{quoted}\n"))).body.ends_with("freeze before."));
}

#[test]
fn others_with_their_age_end_an_article() {
    let long = "The ferries to the islands will not sail before the end of the month, said the port, and \
                nobody can tell when the ice will go, as it has closed the harbour for longer than in any \
                of the last thirty years.\n\n";
    let article = format!("Ice in the harbour\n\nBy Ada Nagy\n\n{}", long.repeat(3));
    let others = "Who owns the old quay?\n\nHarbour / 10 h ago\n\nTwo held after a fire at the mill, say \
                  police\n\nTown / 7 h ago\n\nHundreds of sledges sold on the first day\n\nTown / 5 h ago\n";
    let sight = |text: &str| {
        let page = page(text);
        let (sight, kept) = (Sight::of(&page.blocks), vec![true; page.blocks.len()]);
        let at = ends::ago(&page.blocks, &sight, &kept, 2);
        at.map(|at| page.blocks[at].text.clone())
    };
    let all = format!("{article}{others}");
    assert_eq!(sight(&all).as_deref(), Some("Who owns the old quay?"));
    // Entries of a running report have ages too, and the text goes on.
    assert_eq!(sight(&format!("{all}\n{}", long.repeat(3))), None);
    assert_eq!(sight(&format!("{article}Who owns the old quay?\n\nHarbour / 10 h ago\n")), None);
}

#[test]
fn lists_of_others_are_left_out_where_they_stand() {
    let long = "The ferries to the islands will not sail before the end of the month, said the port, and \
                nobody can tell when the ice will go, as it has closed the harbour for so long.";
    let text = format!(
        "{long}\n\nMost read in world news\n\nWho owns the old quay?\n\nTwo held after a fire\n\nA second \
         pier\n\n{long}\n\nWhat it costs:\n\n• A ferry\n\n• A sledge\n"
    );
    let page = page(&text);
    let (sight, mut kept) = (Sight::of(&page.blocks), vec![true; page.blocks.len()]);
    tail::leave_lists(&page.blocks, &sight, &mut kept, 0);
    assert_eq!(kept, [true, false, false, false, true, true, true, true, true]);
}

#[test]
fn what_stands_within_the_body_is_surer() {
    let long = "The ferries to the islands will not sail before the end of the month, said the port, and \
                nobody can tell when the ice will go, as it has closed the harbour for so long.\n\n";
    let looks = Sight::of(&page(&long.repeat(4)).blocks).looks;
    let kept = |judged: [f32; 4]| decode(&judged, &looks);
    assert_eq!(kept([2.0, -0.5, -0.5, 2.0]), [true; 4]);
    assert_eq!(kept([2.0, -1.8, -1.8, 2.0]), [true, false, false, true]);
    assert_eq!(kept([-0.5, 2.0, 2.0, -0.5]), [false, true, true, false]);
}

#[test]
fn a_label_tells_who_wrote_an_article() {
    let article = "October 3, 2017\n\n  • Author: Ada Nagy\n  • Category: news\n\nRecent Posts\n\n  • Ferries \
                   and Their Management\n  • A Second Pier\n\nArchives\n\n  • 2024 (3)\n  • 2023 (12)\n\nIce in \
                   the harbour\n\nThe ferries to the islands will not sail before the end of the month, said \
                   the port.\n\nNobody had told the school, and nobody had asked the owners of the ships.\n";
    assert_eq!(said(&cut(&page(article)), Slot::Author), ["Ada Nagy"]);
    let below = GAZETTE.replace("Ada NagyPort correspondent\n", "");
    let with = |foot: &str| {
        let foot = format!("{foot}\nMost read");
        said(&cut(&page(&below.replace("Most read", &foot))), Slot::Author).concat()
    };
    assert_eq!(with("Author\nAda Nagy\nPosted on\nMarch 5, 2024"), "Ada Nagy");
    assert_eq!(with("Written by:\nAda Nagy"), "Ada Nagy");
    assert_eq!(with("Author\nFerries and Their Management"), "");
}

#[test]
fn the_first_line_of_a_page_names_its_writer_where_nothing_else_does() {
    let text = "The ferries to the islands will not sail before the end of the month, they said.\n\nNobody had \
                told the school, and nobody had asked the owners of the ships before they were let go.";
    let signed = |by: &str| {
        let page = format!(
            "Skip to content\nTom Reed\nNotes and Links\n\nMarch 5, 2024\n\nIce in the harbour\n\n{by}{text}"
        );
        said(&cut(&self::page(&page)), Slot::Author).concat()
    };
    assert_eq!(signed(""), "Tom Reed");
    assert_eq!(signed("Ada Nagy\nMarch 5, 2024\n\n"), "Ada Nagy");
    // The trees are surer of the first line here.
    let more = "The port answered that the new quay had cost more than was planned, and that larger ships would \
                carry most of what is to be paid for it in the years to come.\n\nOwners of small ships said that \
                they had not been asked, and one of them, who has sailed from the old quay for thirty years, read \
                of it in the paper.";
    let page = format!(
        "Skip to content\nTom Reed\n\nIce in the harbour of Holm\n\n{text}\n\n{more}\n\nPublished February 12, \
         2024 By Ada Nagy\nCategorized as World\n\n1 comment\n  1. Tom Reed says:\n    February 13, 2024 at 12:00 \
         pm\n    I do not agree.\n    Reply\n\nLeave a Reply\nYour email address will not be \
         published.\n\nHarbour Notes\nProudly powered by WordPress"
    );
    let by = said(&cut(&self::page(&page)), Slot::Author).concat();
    assert_eq!(by, "Published February 12, 2024 By Ada Nagy");
}

#[test]
fn the_foot_of_a_text_tells_who_wrote_it_and_those_who_comment_below_did_not() {
    let text = "The ferries to the islands will not sail before the end of the month, they said.\n\nNobody had \
                told the school, and nobody had asked the owners of the ships before they were let go.";
    let comments = "Comments\n2 responses to \u{201c}Ice in the harbour\u{201d}\nTom Reed\nFebruary 13, 2024 at \
                    12:00 pm\nI do not agree.\nReply\nTom Reed\nFebruary 14, 2024 at 12:00 pm\nNor do \
                    I.\nReply\nLeave a Reply\nYour email address will not be published.";
    for foot in
        ["February 12, 2024\nAda Nagy\nWorld", "Posted\nFebruary 12, 2024\nin\nWorld\nby\nAda Nagy"]
    {
        let cut = cut(&page(&format!(
            "The Gazette\n\nIce in the harbour\n\n{text}\n\n{foot}\n\n{comments}"
        )));
        assert_eq!(said(&cut, Slot::Author), ["Ada Nagy"], "{foot}");
        assert_eq!(said(&cut, Slot::Published), ["2024-02-12"], "{foot}");
        assert_eq!(cut.body, text, "{foot}");
    }
}

#[test]
fn chinese_names_beside_their_day_sign_an_article() {
    let text = "云帆\n  • 首页\n  • 博客\n\n冬天的港口\n\n2024年3月5日 · 阅读需 7 分钟\n何欢\n李强\n\n\
                渔民们说他们从来没有见过这样的冬天，去年的这个时候海面上还有许多船只。\n\n\
                市议会将在下周二开会讨论这个问题，港口的主管说。\n";
    let cut = cut(&page(text));
    let people = |text: &str| {
        crate::extract::byline::read(text, crate::extract::byline::Said::Line, &[]).people
    };
    let signed: Vec<String> = said(&cut, Slot::Author).into_iter().flat_map(people).collect();
    assert_eq!(signed, ["何欢", "李强"]);
}

#[test]
fn items_of_the_contents_of_an_article_are_no_headline() {
    let text = "The Blog\n\n  • A second pier\n  • What the port pays\n\nIce in the harbour\n\nThe ferries to \
                the islands will not sail before the end of the month, said the port.\n\nA second \
                pier\n\nNobody had told the school, and nobody had asked the owners of the \
                ships.\n\nWhat the port pays\n\nThe port pays for all of it, as it has done before.\n";
    let page = page(text);
    let sight = Sight::of(&page.blocks);
    let lines = Fields::of(&page.blocks, &sight, None, (4, 8)).headlines();
    let lines: Vec<_> = lines.iter().map(|one| one.at).collect();
    assert!(!lines.contains(&1) && !lines.contains(&2) && lines.contains(&3), "{lines:?}");
}

#[test]
fn where_the_site_has_its_days_above_headlines_no_paragraph_below_is_a_standfirst() {
    let page = page(
        "The Blog\nHome Gallery About\n\nMarch 5, 2024\n\nIce in the harbour\n\nThe third run of ice is \
         ready for testing, and may be had on this pier from today.\n\nTry it:\n\nice --run 3\n\nThe \
         ferries to the islands will not sail before the end of the month, said the port.\n\nNobody had \
         told the school, and nobody had asked the owners of the ships.",
    );
    let own: Vec<bool> = (0..page.blocks.len()).map(|at| at < 2).collect();
    let fixed: Vec<f32> = own.iter().map(|own| f32::from(u8::from(*own))).collect();
    let mut site = Site::default();
    for number in 0..4 {
        let (says, spots) = (vec![format!("March {number}, 2024")], vec![Spot::Top(2)]);
        let fields = vec![(Slot::Published, vec![Standing { says, spots, sure: 1.0 }])];
        site.place(Places { fields, ..Places::default() });
    }
    site.settle_places();
    let known = Known { lines: Some(own), fixed: Some(fixed), alone: None, site: &site };
    let cut = cut_known(&page, &known);
    assert_eq!(said(&cut, Slot::Standfirst), [""; 0]);
    assert!(cut.body.starts_with("The third run"), "{}", cut.body);
}

#[test]
fn those_who_sign_an_article_may_stand_below_each_other() {
    let page = page(
        "The Blog\nHome Gallery About\n\nHarbour Ferries and Their Management\n\nMarch 5, 2024\nAda \
         Nagy\nHarbour master\nTom Reed\nTeam lead\n\nThe ferries to the islands will not sail before the \
         end of the month, they said.\n\nNobody had told the school, and nobody had asked the owners of the \
         ships before.",
    );
    let own: Vec<bool> = (0..page.blocks.len()).map(|at| at < 2).collect();
    let mut site = Site::default();
    for name in ["Ada Nagy", "Tom Reed", "Ada Nagy", "Tom Reed"] {
        let (says, spots) = (vec![name.to_owned()], vec![Spot::Below(2)]);
        let fields = vec![(Slot::Author, vec![Standing { says, spots, sure: 1.0 }])];
        site.place(Places { fields, ..Places::default() });
    }
    site.settle_places();
    assert_eq!(said_on(&site, &page, &own, Slot::Author), "Ada NagyTom Reed");
}

/// The texts that `FIT_FILES` lists.
fn texts() -> Vec<Page> {
    let list = std::fs::read_to_string(std::env::var("FIT_FILES").unwrap()).unwrap();
    list.split_whitespace().map(|file| page(&std::fs::read_to_string(file).unwrap())).collect()
}

/// The numbers in the file that `variable` names.
fn numbers(variable: &str) -> impl Iterator<Item = f32> {
    let bytes = std::fs::read(std::env::var(variable).unwrap()).unwrap();
    let numbers: Vec<f32> =
        bytes.chunks_exact(4).map(|one| f32::from_le_bytes(one.try_into().unwrap())).collect();
    numbers.into_iter()
}

/// What the words of the lines of a page weigh: five numbers a line.
fn weighed(scores: &mut impl Iterator<Item = f32>, page: &Page) -> Vec<[f32; 5]> {
    page.blocks.iter().map(|_| std::array::from_fn(|_| scores.next().unwrap())).collect()
}

/// Writes the words of the lines of many files, for `tests/fit/fit_lines.py`: for each file the
/// number of its lines, for each line its number in the file, how many words it has, and the hashes
/// of what was told of it.
#[test]
#[ignore = "run by tests/fit/fit_lines.py: FIT_FILES lists the texts, FIT_WORDS is written"]
fn words_for_the_fit() {
    let mut out = Vec::new();
    for page in texts() {
        let mut told = vec![Vec::new()];
        let sight = Sight::telling(&page.blocks, &mut |word| match word {
            0 => told.push(Vec::new()),
            word => told.last_mut().unwrap().push(word),
        });
        out.extend((page.blocks.len() as u32).to_le_bytes());
        for ((block, look), words) in page.blocks.iter().zip(&sight.looks).zip(&told) {
            out.extend([block.line, look.words, words.len() as u32].map(u32::to_le_bytes).concat());
            out.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        }
    }
    std::fs::write(std::env::var("FIT_WORDS").unwrap(), out).unwrap();
}

/// Writes the signs of the lines of many files, for `tests/fit/fit_lines.py`, with words weighed as
/// `FIT_SCORES` says: five numbers for each line.
#[test]
#[ignore = "run by tests/fit/fit_lines.py: FIT_FILES lists the texts, FIT_SIGNS is written"]
fn signs_for_the_fit() {
    use std::io::Write;
    let pages = texts();
    let mut scores = numbers("FIT_SCORES");
    let file = std::fs::File::create(std::env::var("FIT_SIGNS").unwrap()).unwrap();
    let mut out = std::io::BufWriter::new(file);
    for page in pages {
        let mut sight = Sight::of(&page.blocks);
        sight.lexical = weighed(&mut scores, &page);
        for row in sight.rows(&page.blocks) {
            let bytes: Vec<u8> = row.iter().flat_map(|sign| sign.to_le_bytes()).collect();
            out.write_all(&bytes).unwrap();
        }
    }
    out.flush().unwrap();
}

/// Writes what the words of the lines of many files weigh and how these are judged, for
/// `tests/fit/fit_fields.py`, by the words and trees of the program: of pages it never learned from.
#[test]
#[ignore = "run by tests/fit/fit_fields.py: FIT_FILES lists the texts, FIT_SCORES and FIT_JUDGED are written"]
fn judgements_for_the_fit() {
    let (mut scores, mut judgements) = (Vec::new(), Vec::new());
    for page in texts() {
        let sight = Sight::of(&page.blocks);
        scores.extend(sight.lexical.iter().flatten().flat_map(|weight| weight.to_le_bytes()));
        let judged = judge(&page.blocks, &sight);
        judgements.extend(judged.iter().flat_map(|judgement| judgement.to_le_bytes()));
    }
    std::fs::write(std::env::var("FIT_SCORES").unwrap(), scores).unwrap();
    std::fs::write(std::env::var("FIT_JUDGED").unwrap(), judgements).unwrap();
}

/// Writes the candidates for the fields of many files, for `tests/fit/fit_fields.py`, with lines
/// judged as `FIT_SCORES` and `FIT_JUDGED` have it: by trees and words of other sites.
#[test]
#[ignore = "run by tests/fit/fit_fields.py: FIT_FILES lists the texts, FIT_FIELDS is written"]
fn fields_for_the_fit() {
    use std::fmt::Write as _;
    let list = std::fs::read_to_string(std::env::var("FIT_FILES").unwrap()).unwrap();
    let titles = std::env::var("FIT_TITLES").map(|file| std::fs::read_to_string(file).unwrap());
    let titles = titles.unwrap_or_default();
    let titles: std::collections::HashMap<&str, usize> = titles
        .lines()
        .filter_map(|line| Some((line.split_once('\t')?.0, line.split_once('\t')?.1.parse().ok()?)))
        .collect();
    let mut out = String::new();
    let (mut scores, mut judgements) = (numbers("FIT_SCORES"), numbers("FIT_JUDGED"));
    for file in list.split_whitespace() {
        let page = page(&std::fs::read_to_string(file).unwrap());
        let blocks = &page.blocks;
        let mut sight = Sight::of(blocks);
        sight.lexical = weighed(&mut scores, &page);
        let mut judged: Vec<f32> = judgements.by_ref().take(blocks.len()).collect();
        deny_teasers(blocks, &sight, &mut judged);
        let kept = keep(blocks, &sight, judged, None);
        let Some(body) = head::body(&sight, &kept) else { continue };
        let fields = Fields::of(blocks, &sight, None, body);
        let mut tell = |kind: &str, value: String, one: &fields::Candidate<'_>| {
            let signs: Vec<String> = one.row.iter().map(f32::to_string).collect();
            let value = value.replace(['\t', '\n'], " ");
            writeln!(out, "{file}\t{kind}\t{}\t{value}\t{}", one.at, signs.join(" ")).unwrap();
        };
        for one in fields.headlines() {
            tell("headline", one.text.to_string(), &one);
        }
        let Some(&title) = titles.get(file) else { continue };
        let (lines, days) = fields.dates(title, head::habit(blocks, &sight, &Site::default()));
        for (one, day) in lines.iter().zip(days) {
            let date = day.said.published.or(day.said.modified).map(|date| date.to_string());
            let hedge = if day.doubtful { "?" } else { "" };
            tell("date", format!("{hedge}{}", date.unwrap_or_default()), one);
        }
        for one in fields.authors(title) {
            let names =
                crate::extract::byline::read(&one.text, crate::extract::byline::Said::Line, &[]);
            let names = if names.people.is_empty() { names.organisations } else { names.people };
            tell("author", names.join(";"), &one);
        }
        for one in fields.sections(title) {
            tell("section", one.text.to_string(), &one);
        }
    }
    std::fs::write(std::env::var("FIT_FIELDS").unwrap(), out).unwrap();
}

/// Writes the bodies that are cut out of many files where lines are judged as `FIT_JUDGED` has it:
/// how well rules and trees do together on sites that the trees have not seen.
#[test]
#[ignore = "run by hand: FIT_FILES lists the texts, FIT_BODIES is written"]
fn bodies_for_the_fit() {
    let list = std::fs::read_to_string(std::env::var("FIT_FILES").unwrap()).unwrap();
    let (mut scores, mut judgements) = (numbers("FIT_SCORES"), numbers("FIT_JUDGED"));
    let mut out = String::new();
    for (file, page) in list.split_whitespace().zip(texts()) {
        let mut sight = Sight::of(&page.blocks);
        sight.lexical = weighed(&mut scores, &page);
        let judged = judgements.by_ref().take(page.blocks.len()).collect();
        let site = Site::default();
        let known = Known { lines: None, fixed: None, alone: None, site: &site };
        let cut = cut_judged(&page.blocks, &sight, judged, &known);
        let standfirst = said(&cut, Slot::Standfirst).join(" ");
        let row = serde_json::json!({"id": file, "body": cut.body, "standfirst": standfirst});
        out.push_str(&format!("{row}\n"));
    }
    std::fs::write(std::env::var("FIT_BODIES").unwrap(), out).unwrap();
}

#[test]
fn headlines_that_ran_into_their_summaries_are_teasers() {
    let ran = |text: &str| tail::is_run_together(text, &Sight::of(&page(text).blocks).looks[0]);
    for (teaser, text) in [
        (true, "Harbour Bridge To Close For A WeekDrivers are asked to go by the northern road."),
        (true, "Two Held After Fire At Old Mill (Video)Nobody was hurt, the town's brigade said."),
        (false, "Harbour Bridge To Close For A Week"),
        (false, "The harbour bridge of McAllister closes, said Ann MacDonald of the town council."),
        (
            false,
            "• [ICE-31131] - The INITIALIZING Of HarbourState Is missed in the northern machine doc",
        ),
        (
            true,
            "Where To Find Good Apple Cider This AutumnFall has come. Many will want some of it.",
        ),
        (
            false,
            "The Ministry Of Works And TransportIt closed the bridge. Nobody was told. It is shut.",
        ),
    ] {
        assert_eq!(ran(text), teaser, "{text}");
    }
    // Each word of this may be where a headline ends; it must not be asked of each what all are.
    assert!(!ran(&"Some WordsAnd more of them ".repeat(200_000)));
}

/// A text of a few paragraphs below a head.
fn article(head: &str) -> String {
    format!(
        "Harbour frozen for a third week\n\n{head}\n\nThe harbour has been closed to all ships since the \
         ice came in from the north, and nobody can say when the first of them will sail again.\n\nThe \
         council met on Tuesday evening and asked the owners of the ferries to wait for a week more, \
         before they bring their boats to the southern pier.\n\nNo end is in sight, said the weather \
         office, which had measured eleven barrels of snow on the roof of the market hall."
    )
}

#[test]
fn reporters_of_korea_and_japan_sign_around_the_headline() {
    let signed = |head: &str| said(&cut(&page(&article(head))), Slot::Author).concat();
    assert_eq!(
        signed("배윤경 기자\nada@gazette.example\n이상현 기자\nlee@gazette.example"),
        "배윤경 기자, 이상현 기자"
    );
    assert_eq!(signed("松岡大地\n  • 国際\n  • 速報\n港口新聞 2025/1/14 21:17"), "作者：松岡大地");
}

#[test]
fn the_line_below_an_entry_of_a_blog_tells_its_fields() {
    let text = article("")
        + "\nLocal newsAda NagyMarch 5, 2024harbour, ferries\nFacebook0 Twitter LinkedIn0";
    let cut = cut(&page(&text));
    let writers = said(&cut, Slot::Author).concat();
    assert_eq!(byline::read(&writers, byline::Said::Line, &[]).people, ["Ada Nagy"], "{writers}");
    assert_eq!(said(&cut, Slot::Published), ["2024-03-05"]);
    assert_eq!(said(&cut, Slot::Section), ["Local news"]);
    assert!(cut.body.ends_with("market hall."), "{}", cut.body);
}

#[test]
fn what_readers_say_is_no_text() {
    let text = article("By Ada Nagy\nMarch 5, 2024");
    let comment = "I have lived by that harbour for forty years and have never seen a winter like this one, \
                   whatever the council and the weather office say of it.";
    let comments = format!(
        "\n\n3 comments\n\nTom R.\nMarch 6, 2024 9:30\n{comment}\nReply\n\nMira\nMarch 6, 2024 10:12\n\
         {comment}\nReply\n"
    );
    assert_eq!(cut(&page(&(text.clone() + &comments))).body, cut(&page(&text)).body);
}

#[test]
fn a_day_of_publication_beside_one_of_change_is_taken() {
    let text =
        article("Mis à jour le 06/04/2013 à 10:37\nPublié le 05/04/2013 à 17:08\nle 25/12/2012");
    assert_eq!(said(&cut(&page(&text)), Slot::Published), ["2013-04-05"]);
}

#[test]
fn a_line_with_a_day_and_a_clock_is_no_headline() {
    let text = article("Column by Ada Nagy - 14.02.2023 at 08:52 - 12 notes");
    let cut = cut(&page(&text));
    assert_eq!(said(&cut, Slot::Headline), ["Harbour frozen for a third week"]);
}

#[test]
fn a_page_that_the_trees_are_unsure_of_is_raised() {
    let sure = [(4.0, 100.0), (3.0, 100.0), (-4.0, 20.0)];
    assert_eq!(raise(sure.into_iter(), 1.5), 0.0);
    let unsure = [(0.5, 100.0), (-4.0, 20.0), (1.0, 100.0)];
    assert_eq!(raise(unsure.into_iter(), 1.5), 1.0, "by no more than 1");
    assert_eq!(raise([(0.75, 20.0)].into_iter(), 1.5), 0.0, "too short to tell");
    assert_eq!(raise([].into_iter(), 1.5), 0.0);
}

#[test]
fn what_is_raised_stands_with_what_was_kept() {
    let set = |at: &[usize]| (0..16).map(|n| at.contains(&n)).collect::<Vec<_>>();
    let wide = set(&[0, 1, 8, 9, 15]);
    assert_eq!(grown(&set(&[9]), wide.clone()), set(&[8, 9, 15]), "0 and 1 stand too far away");
    assert_eq!(grown(&set(&[0]), wide), set(&[0, 1]));
    assert_eq!(grown(&set(&[]), set(&[3, 4])), set(&[]));
}
