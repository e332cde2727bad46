//! Words that tell what a line is for: the furniture of a page, credits, function words.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

/// Function words, which running text is full of and lists of links are not.
pub(super) const STOP: u16 = 1;
/// Ways to the newsletter, the shop, the account.
pub(super) const APPEAL: u16 = 1 << 1;
/// Ways to share or to follow.
pub(super) const SHARE: u16 = 1 << 2;
/// Ways to other articles.
pub(super) const MORE: u16 = 1 << 3;
/// Who took or owns a picture.
pub(super) const CREDIT: u16 = 1 << 4;
/// The small print.
pub(super) const LEGAL: u16 = 1 << 5;
/// Comments of readers, and the form for them.
pub(super) const REPLY: u16 = 1 << 6;
/// Words about who wrote it, and when.
pub(super) const BYLINE: u16 = 1 << 7;
/// Names of months.
pub(super) const MONTH: u16 = 1 << 8;
/// Words about the writer, as they stand in the note at the end.
pub(super) const NOTE: u16 = 1 << 9;

const TABLE: &[(u16, &str)] = &[
    (
        STOP,
        "the of and to in a is that for it was on as with be by at this from are have has he she \
         they not but which his her had an or were their been its who will would about there when \
         what you we i can than more if der die das und ist nicht ein eine zu den von mit auf für \
         dem des sich auch als es an im aus bei nach wie dass hat sie er wir noch nur aber le la \
         les des et est une un du que qui dans pour pas sur au avec ce il elle plus par sont mais \
         el los las y en una del se por con su para como más lo al pero no o os da do em um uma \
         com não na dos ao il di che è per non con sono della anche si alla het een van niet op te \
         dat zijn voor met er og det av som på til har ikke med jeg vi för att är inte och en ett \
         den var om w i na z nie się do że jest o jak и в не на я что с он как это по но из за",
    ),
    (
        APPEAL,
        "subscribe subscription subscriptions newsletter newsletters sign_up signup log_in login \
         register donate donation donations contribute free_trial account unsubscribe inbox \
         advertisement advertise sponsored cookies cookie app download abonnieren abo abonnement \
         anmelden spenden werbung anzeige abonnez_vous abonnés connexion s_abonner publicité \
         suscríbete suscribirse boletín publicidad assine iscriviti abbonati prenumerera abonnér \
         nyhedsbrev nyhetsbrev support_us tax_deductible preferred_source skip_to menu",
    ),
    (
        SHARE,
        "share facebook twitter linkedin whatsapp pinterest instagram reddit tumblr telegram \
         follow follow_us email print copy_link tweet youtube teilen drucken partager imprimer \
         compartir compartilhar condividi delen del dela udostępnij поделиться",
    ),
    (
        MORE,
        "read_more keep_reading continue_reading show_less show_more see_also related \
         related_articles recommended trending most_read most_popular latest_news more_from \
         you_may might_also also_like up_next next_article previous_article next_post \
         previous_post more_stories load_more view_all see_all don_t_miss editor_s_picks \
         mehr_zum lesen_sie auch_interessant weiterlesen mehr_aus meistgelesen à_lire lire_aussi \
         voir_aussi en_savoir más_información te_puede lee_también leer_más leia_também \
         leia_mais leggi_anche lees_ook læs_også les_også läs_mer читайте_также popular topics \
         tags tagged categories archives filed_under",
    ),
    (
        CREDIT,
        "photo photos photograph photography image images credit getty shutterstock reuters ap \
         afp picture foto fotos bild bildquelle credits photographer courtesy_of imago dpa epa \
         illustration istock unsplash video",
    ),
    (
        LEGAL,
        "copyright rights_reserved privacy terms terms_of privacy_policy impressum datenschutz \
         agb mentions_légales contact_us about_us cookie_policy powered_by all_rights kontakt \
         aviso_legal disclaimer sitemap reserved",
    ),
    (
        REPLY,
        "comment comments reply replies leave_a your_email required_fields post_comment \
         commenting kommentar kommentare commentaire commentaires comentarios moderated likes",
    ),
    (
        BYLINE,
        "by von par por door updated published posted written_by words_by aktualisiert \
         veröffentlicht publié mis_à_jour actualizado publicado uhr stand min_read minute_read \
         minutes_read last_updated editor correspondent reporter staff autor author redaktion",
    ),
    (
        MONTH,
        "january february march april june july august september october november december jan \
         feb mar apr jun jul aug sep sept oct nov dec januar februar märz mai juni juli oktober \
         dezember janvier février mars avril juin juillet août septembre octobre novembre décembre \
         enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    ),
    (
        NOTE,
        "author_of is_a former_editor contributor freelance professor_of lives_in \
         contributed_to reach_him reach_her email_at follow_him follow_her originally_published \
         first_appeared this_article this_story this_post edited_by reporting_by additional_reporting",
    ),
];

/// What is known of a word, or of words in a row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Found {
    /// The sorts of cues it is.
    pub cues: u16,
    /// How much it speaks for the body, by the length of its line: see [`super::lexicon`].
    pub weights: [i8; 3],
    /// Whether it is two words that three in a row begin with of which something is known.
    pub opens: bool,
}

/// All words that say something, behind a sieve that most others do not pass.
#[derive(Debug)]
pub(super) struct Words {
    sieve: Box<[u64; 1 << (SIEVE - 6)]>,
    /// Each word at the place that the first bits of its mixed hash say, or behind it; 0 is no
    /// word's hash.
    known: Vec<(u64, Found)>,
    /// The bits of a mixed hash that do not count for its place.
    shift: u32,
}

/// The sieve has two to the power of so many bits.
const SIEVE: u32 = 17;

#[inline]
fn mixed(hash: u64) -> u64 {
    hash.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The word and the bit of the sieve that a mixed hash has.
#[inline]
fn sieved(mixed: u64) -> (usize, u64) {
    let at = mixed >> (64 - SIEVE);
    ((at >> 6) as usize, 1 << (at & 63))
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut known: FxHashMap<u64, Found> = FxHashMap::default();
    for (sort, words) in TABLE {
        for cue in words.split_whitespace() {
            let mut parts = cue.split('_').map(hash);
            let first = parts.next().unwrap_or_default();
            let Some(second) = parts.next() else {
                known.entry(first).or_default().cues |= sort;
                continue;
            };
            let two = known.entry(pair(first, second)).or_default();
            let whole = match parts.next() {
                None => two,
                Some(third) => {
                    two.opens = true;
                    known.entry(pair(pair(first, second), third)).or_default()
                }
            };
            whole.cues |= sort;
        }
    }
    for (hash, length, weight) in super::lexicon::entries() {
        known.entry(hash).or_default().weights[length] = weight;
    }
    Words::of(&known)
});

/// All words that say something.
pub(super) fn words() -> &'static Words {
    &WORDS
}

impl Words {
    fn of(found: &FxHashMap<u64, Found>) -> Self {
        let mut sieve = Box::new([0; 1 << (SIEVE - 6)]);
        // Never more than two thirds full, so that a free place is near.
        let mut known = vec![(0, Found::default()); (found.len() * 3 / 2 + 2).next_power_of_two()];
        let shift = 64 - known.len().trailing_zeros();
        for (&hash, &found) in found {
            let mixed = mixed(hash);
            let (at, bit) = sieved(mixed);
            sieve[at] |= bit;
            let mut place = (mixed >> shift) as usize;
            while known[place].0 != 0 {
                place = (place + 1) % known.len();
            }
            known[place] = (hash, found);
        }
        Self { sieve, known, shift }
    }

    /// What a word, or the words before it with it, say of their line.
    #[inline]
    pub fn find(&self, hash: u64) -> Found {
        let mixed = mixed(hash);
        let (at, bit) = sieved(mixed);
        if self.sieve[at] & bit == 0 {
            return Found::default();
        }
        self.behind_sieve(hash, (mixed >> self.shift) as usize)
    }

    fn behind_sieve(&self, hash: u64, mut place: usize) -> Found {
        while let Some(&(known, found)) = self.known.get(place) {
            if known == hash {
                return found;
            } else if known == 0 {
                break;
            }
            place = (place + 1) & (self.known.len() - 1);
        }
        Found::default()
    }
}

/// What a word, or the words before it with it, say of their line.
pub(super) fn of(hash: u64) -> Found {
    WORDS.find(hash)
}

/// The hash of a lower-case word.
pub(super) fn hash(word: &str) -> u64 {
    word.chars().fold(0, step)
}

/// One more letter of a word.
pub(super) fn step(hash: u64, letter: char) -> u64 {
    (hash.rotate_left(5) ^ u64::from(letter)).wrapping_mul(0x517c_c1b7_2722_0a95)
}

/// One more letter or digit, in small, of all that a line says.
pub(super) fn said(hash: u64, letter: char) -> u64 {
    hash.wrapping_mul(0x2127_599b_f432_5c37).wrapping_add(u64::from(letter))
}

/// Whether a line says no more than that the post before or after this one follows, by the hash of all that it
/// says.
pub(super) fn turns(name: u64) -> bool {
    static TURNS: LazyLock<FxHashSet<u64>> = LazyLock::new(|| {
        let letters = |text: &str| text.chars().fold(0, said);
        [
            "previous",
            "prev",
            "next",
            "newer",
            "older",
            "previouspost",
            "prevpost",
            "nextpost",
            "newerpost",
            "olderpost",
            "newerposts",
            "olderposts",
            "previousarticle",
            "nextarticle",
            "vorherigerbeitrag",
            "nächsterbeitrag",
            "précédent",
            "suivant",
            "articleprécédent",
            "articlesuivant",
            "anterior",
            "siguiente",
            "上一篇",
            "下一篇",
        ]
        .map(letters)
        .into_iter()
        .collect()
    });
    TURNS.contains(&name)
}

/// Two words in a row.
pub(super) fn pair(first: u64, second: u64) -> u64 {
    first.rotate_left(17).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ second
}
