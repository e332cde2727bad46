//! The language of a text, by its commonest words: a hundred times cheaper than by its letters, and
//! sure wherever one language has far more of them than any other.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::words::Words;

/// How many words are looked at, ...
const LOOKED_AT: usize = 160;
/// ... and no more where, asked each time after so many, one language has so many of them and no
/// other a third as many.
const PLAIN: (usize, u32) = (16, 12);

/// The commonest words, folded; a word may belong to several languages.
const COMMON: &[(&str, &str)] = &[
    (
        "en",
        "the of and to in that it was for on with as his they at be this from have or by one had not but what all were when we there an which their said if will about up out them then she would so her more has who its been after than",
    ),
    (
        "de",
        "der die und in den von zu das mit sich des auf fur ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem uber einen so zum war haben nur oder aber vor zur bis mehr durch man",
    ),
    (
        "fr",
        "le la les de des du et en un une que est pour qui dans a par plus pas au sur ne se ce il sont avec son sa ses aux ont cette mais ou comme nous ete leur elle fait deux meme ces tout etre apres",
    ),
    (
        "es",
        "el la los las de del y en un una que es por con para su se no al lo como mas pero sus le ya o este si porque esta entre cuando muy sin sobre tambien me hasta hay donde quien desde todo nos durante fue han",
    ),
    (
        "pt",
        "o a os as de do da dos das e em um uma que para com nao no na por mais se foi ao como mas sua ou quando muito nos ja eu tambem so pelo pela ate isso ela entre depois sem mesmo aos seus sao",
    ),
    (
        "it",
        "il lo la i gli le di del della dei delle e in un una che per con non si da al sono come ma anche piu ha nel nella alla dal questo questa ai se ci o dopo essere stato tra suo sua",
    ),
    (
        "nl",
        "de het een van en in te dat is op voor met zijn die niet aan er om ook als bij of uit nog naar door over maar dan was wordt heeft hij ze worden deze meer zich tot geen hebben wel",
    ),
    (
        "sv",
        "och i att det som en pa ar av for med den till inte har de om ett han men var jag sig fran vi sa kan man nar hade skulle efter hon eller vid",
    ),
    (
        "da",
        "og i at det som en pa er af for med den til ikke har de om et han men var jeg sig fra vi sa kan man nar havde efter hun eller ved blev blevet meget sige nogle gennem selv uden",
    ),
    (
        "no",
        "og i at det som en pa er av for med den til ikke har de om et han men var jeg seg fra vi sa kan man nar hadde etter hun eller ved ble blitt veldig mye si noen gjennom selv uten",
    ),
    (
        "fi",
        "ja on ei se etta han oli ovat mutta kun tai niin myos jos kuin mita joka sen hanen ole mukaan viela vain jotka jo tama olla",
    ),
    (
        "ru",
        "и в не на что с он по это как из но за от к а его для было она так же все у только или мы бы до быть при был их о",
    ),
];

/// For each word the languages that it belongs to: a byte for each, so that words are counted by
/// adding these.
static KNOWN: LazyLock<FxHashMap<&'static str, u128>> = LazyLock::new(|| {
    let mut known: FxHashMap<&str, u128> = FxHashMap::default();
    for (number, (_, words)) in COMMON.iter().enumerate() {
        for word in words.split(' ') {
            *known.entry(word).or_default() |= 1 << (8 * number);
        }
    }
    known
});

/// Of the languages of a word, whether one is among them.
fn has(languages: u128, number: usize) -> bool {
    languages >> (8 * number) & 1 == 1
}

/// Whether one language has many more words than any other.
fn is_plain(sum: u128) -> bool {
    let counts = sum.to_le_bytes().map(u32::from);
    let most = counts.into_iter().max().unwrap_or_default();
    most >= PLAIN.1 && counts.into_iter().filter(|count| count * 3 > most).count() == 1
}

/// The language, as an ISO 639-1 code, where its commonest words leave no doubt.
pub(super) fn by_common_words(text: &str) -> Option<&'static str> {
    const { assert!(LOOKED_AT < 256 && COMMON.len() <= 16, "each count has a byte") };
    let mut sum = 0_u128;
    let mut words = Words::new(text);
    let mut seen = Vec::with_capacity(LOOKED_AT);
    for number in 0..LOOKED_AT {
        if number % PLAIN.0 == 0 && is_plain(sum) || words.advance().is_none() {
            break;
        }
        if let Some(languages) = KNOWN.get(words.folded()) {
            seen.push(*languages);
            sum += languages;
        }
    }
    let counts = sum.to_le_bytes().map(u32::from);
    let counts = &counts[..COMMON.len()];
    let of = |but: usize| {
        let others = counts.iter().enumerate().filter(|(number, _)| *number != but);
        others.max_by_key(|(_, count)| **count)
    };
    let (best, most) = of(usize::MAX)?;
    let (second, next) = of(best)?;
    // Sisters (Danish and Norwegian) share most of these words: those that one has and the other
    // has not tell them apart.
    let alone = |one: usize, other: usize| {
        seen.iter().filter(|own| has(**own, one) && !has(**own, other)).count()
    };
    let (mine, theirs) = (alone(best, second), alone(second, best));
    let sure = *most >= 10 && (*most * 2 >= *next * 3 || (mine >= 3 && mine >= 3 * theirs));
    sure.then_some(COMMON[best].0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_tell_the_language_or_nothing() {
        for (text, language) in [
            (
                "The council said on Monday that it would not raise the tax this year, and that all of the money for the harbour was there. It had been said before, but not by them.",
                Some("en"),
            ),
            (
                "Der Hafen ist zum ersten Mal seit dem Krieg zugefroren, und die Fischer haben sich nicht auf das Eis gewagt, weil es noch nicht dick genug ist, wie der Hafenmeister mit einem Blick auf die Karte sagte.",
                Some("de"),
            ),
            (
                "El alcalde no quiso decir por que la sesion se ha suspendido, pero los vecinos de la plaza saben muy bien que es por el dinero del puerto y de las obras.",
                Some("es"),
            ),
            (
                "Borgmesteren ville ikke sige, hvorfor møderne med rederiet var blevet afbrudt, men folk på torvet ved meget godt, at det handler om pengene til havnen og husene, som skulle bygges efter krigen.",
                Some("da"),
            ),
            (
                "Ordføreren ville ikke si hvorfor møtene med rederiet var blitt avbrutt, men folk på torget vet veldig godt at det handler om pengene til havnen og husene som skulle bygges etter krigen.",
                Some("no"),
            ),
            ("Harbour news", None),
        ] {
            assert_eq!(by_common_words(text), language, "{text}");
        }
    }
}
