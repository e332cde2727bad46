//! Tells the kinds of article (Analysis, Opinion, Review) that a kicker may name.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::clean::{fold, line};
use crate::draft::{Draft, Remark, Rung, Slot};

/// The kind as printed, and the remark that it comes from.
///
/// A record may call its articles what it likes; on a page a line counts only where it names a
/// kind that is known.
pub(super) fn choose(draft: &Draft) -> Option<(String, &Remark)> {
    let mut remarks: Vec<&Remark> = draft.on(Slot::Kind).take(32).collect();
    remarks.sort_by_key(|remark| remark.rung);
    let said = remarks.into_iter().find_map(|remark| {
        let free = matches!(remark.rung, Rung::Record | Rung::JsonLd);
        let kind = if free { Some(line(&remark.text)) } else { of(&remark.text) };
        Some((kind?, remark))
    });
    said.or_else(|| draft.on(Slot::Section).find_map(|remark| Some((of(&remark.text)?, remark))))
}

/// The kind that a kicker names: `Analysis | World` is an Analysis.
pub fn of(kicker: &str) -> Option<String> {
    if kicker.len() > 80 {
        return None;
    }
    let parts = kicker.split(['|', '/', '•', '·', ':', '—', '–', '>']);
    parts.map(line).find(|part| KINDS.contains(fold(part).as_str()))
}

static KINDS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    "analysis, news analysis, opinion, editorial, op ed, comment, commentary, \
     column, columnist, perspective, perspectives, viewpoint, essay, review, \
     book review, film review, interview, q a, profile, obituary, \
     explainer, fact check, feature, long read, longread, letter, live, \
     live blog, liveblog, photo essay, investigation, special report, \
     dispatch, report, reportage, first person, guest essay, press release, announcement, \
     analyse, kommentar, meinung, leitartikel, glosse, kolumne, gastbeitrag, rezension, kritik, \
     interview, porträt, nachruf, faktencheck, hintergrund, liveticker, newsticker, \
     tribune, chronique, éditorial, édito, critique, entretien, enquête, portrait, \
     nécrologie, décryptage, récit, billet, \
     opinión, análisis, columna, entrevista, editoriales, reseña, crítica, crónica, reportaje, \
     opinião, análise, coluna, resenha, crônica, artigo de opinião, \
     opinione, opinioni, analisi, commento, editoriale, intervista, recensione, inchiesta, \
     opinie, analyse, recensie, achtergrond, column, \
     debat, leder, anmeldelse, kronik, ledare, recension, krönika, krönikor, debatt, analys, \
     kommentti, pääkirjoitus, arvio, opinia, komentarz, felieton, wywiad, recenzja, \
     мнение, анализ, интервью, колонка, рецензия, комментарий, аналитика, думка, інтерв ю, \
     社説, 評論, 社评, 觀點, 观点, 专访, 専訪, 評論員, コラム, インタビュー, 사설, 칼럼, 인터뷰"
        .split(',')
        .map(str::trim)
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kicker_names_the_kind() {
        for (kicker, kind) in [
            ("Analysis | Global Crises", Some("Analysis")),
            ("MEINUNG", Some("MEINUNG")),
            ("Fact-check", Some("Fact-check")),
            ("World", None),
            ("", None),
        ] {
            assert_eq!(of(kicker).as_deref(), kind, "{kicker}");
        }
    }
}
