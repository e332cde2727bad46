//! Which articles are nearly the same: a sketch of each body, likeness verified pair by pair, and
//! the groups that follow from it.
//!
//! A body becomes the set of its runs of five words, each a number. A sketch keeps the lowest of
//! these numbers, so that two sketches hold the same sample of what two bodies share: how much of
//! both (Broder's resemblance) and how much of the shorter (containment) can be read from them.
//! Groups are the connected parts of all verified pairs, and so the same in whatever order the
//! articles came.

mod find;
mod packed;
mod regroup;
mod sketch;

use crate::article::Article;

pub use self::find::{Shelf, groups};
pub use self::packed::{Brief, Pack};
pub use self::regroup::{Grouped, Regrouped, regroup};
pub use self::sketch::{Sketch, Sketcher};

use self::sketch::{bucket, is_opening, is_start};

/// Bodies with fewer runs are alike only where they are the same.
const SHORTEST: u32 = 12;
/// The share of each opening that the other body must hold. What a site repeats on many pages
/// (comments, teasers, a notice) stands below the article; what makes it one does from its start.
const OPENED: f64 = 0.37;
/// The share of each start that the other body must hold, unless one body is within the other: the
/// text of another article set into a page is not that page's article.
const STARTED: f64 = 0.2;
/// The share of the shorter body that makes it lie within the other.
const WITHIN: f64 = 0.96;
/// The share of both bodies' runs that both must hold.
const ALIKE: f64 = 0.2;
/// Or the share of the shorter body's runs that the longer one holds ...
const CONTAINED: f64 = 0.9;
/// ... where the shorter has so many ...
const BLOCK: u32 = 196;
/// ... and the longer is at most so many times as long: a volume that holds a whole archive does
/// not make one article of it.
const VOLUME: u32 = 5;
/// Two openings that are so much the same ...
const SAME: f64 = 0.93;
/// ... on top of bodies of which the other does not even hold so much ...
const REST: f64 = 0.75;
/// ... though each goes on for so many runs, are the head of a site's pages and not
/// of one article.
const GOES_ON: u32 = 600;

/// How much two bodies have in common, as far as their sketches tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// Of all runs of both, the share that both hold.
    pub both: f64,
    /// Of the runs of the shorter, the share that the longer holds.
    pub contained: f64,
    /// Of the opening of each, the share that the other holds: the less of the two.
    pub opened: f64,
    /// The same of the start of each.
    pub started: f64,
}

impl Sketch {
    /// How much this body and another have in common.
    pub fn likeness(&self, other: &Self) -> Likeness {
        let shared = Shared::of(self, other);
        Likeness {
            both: shared.both(),
            contained: shared.contained(),
            opened: shared.opened(),
            started: shared.started(),
        }
    }

    /// Whether this and the other are one article, for all that can be told.
    pub fn is_like(&self, other: &Self) -> bool {
        let (short, long) = (self.runs.min(other.runs), self.runs.max(other.runs));
        if self.digest == other.digest && short > 0 {
            return true;
        }
        if short < SHORTEST {
            return false;
        }
        let shared = Shared::of(self, other);
        let contained = shared.contained();
        let holds =
            short >= BLOCK && contained >= CONTAINED && long <= short.saturating_mul(VOLUME);
        if shared.both() < ALIKE && !holds {
            return false;
        }
        let opened = shared.opened();
        let head_alone = opened >= SAME && contained < REST && short >= GOES_ON;
        let starts = || contained >= WITHIN || shared.started() >= STARTED;
        opened >= OPENED && !head_alone && starts()
    }
}

/// What two sketches share, as far as both reach.
struct Shared {
    /// How many runs both have.
    runs: usize,
    /// How many runs each body has, and of the shared ones, in all and by where each has them.
    sides: [Side; 2],
    /// Which of the two is the shorter.
    shorter: usize,
}

/// One of two sketches.
#[derive(Clone, Copy, Default)]
struct Side {
    all: usize,
    opening: usize,
    start: usize,
    shared_opening: usize,
    shared_start: usize,
}

impl Shared {
    fn of(one: &Sketch, other: &Sketch) -> Self {
        let reach = one.reach().min(other.reach());
        let [mine, theirs] = [one, other].map(|sketch| {
            let numbers = &sketch.numbers[..];
            &numbers[..numbers.partition_point(|number| bucket(*number) <= reach)]
        });
        let mut sides = [mine, theirs].map(|numbers| Side {
            all: numbers.len(),
            opening: numbers.iter().filter(|number| is_opening(**number)).count(),
            start: numbers.iter().filter(|number| is_start(**number)).count(),
            ..Side::default()
        });
        let mut runs = 0;
        let (mut here, mut there) = (0, 0);
        while here < mine.len() && there < theirs.len() {
            let (a, b) = (bucket(mine[here]), bucket(theirs[there]));
            if a == b {
                runs += 1;
                for (side, number) in sides.iter_mut().zip([mine[here], theirs[there]]) {
                    side.shared_opening += usize::from(is_opening(number));
                    side.shared_start += usize::from(is_start(number));
                }
            }
            here += usize::from(a <= b);
            there += usize::from(b <= a);
        }
        Self { runs, sides, shorter: usize::from(one.runs > other.runs) }
    }

    fn both(&self) -> f64 {
        share(self.runs, self.sides[0].all + self.sides[1].all - self.runs)
    }

    fn contained(&self) -> f64 {
        share(self.runs, self.sides[self.shorter].all)
    }

    /// The less of the two shares of the openings.
    fn opened(&self) -> f64 {
        let [mine, theirs] = self.sides.map(|side| share(side.shared_opening, side.opening));
        mine.min(theirs)
    }

    /// The less of the two shares of the starts.
    fn started(&self) -> f64 {
        let [mine, theirs] = self.sides.map(|side| share(side.shared_start, side.start));
        mine.min(theirs)
    }
}

fn share(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

#[cfg(test)]
mod tests {
    use super::sketch::mixed;
    use super::*;

    /// Words of no meaning, the same for the same seed.
    fn prose(seed: u64, words: usize) -> String {
        let mut state = seed;
        let mut text = String::new();
        for _ in 0..words {
            state = mixed(state.wrapping_add(0x9e37_79b9_7f4a_7c15));
            text.push_str(&format!("w{} ", state % 3000));
        }
        text
    }

    fn sketch(body: &str) -> Sketch {
        Sketch::of(&Article { body: body.to_owned(), ..Article::default() })
    }

    #[test]
    fn likeness_is_near_the_exact_share() {
        let (common, one, other) = (prose(1, 400), prose(2, 400), prose(3, 400));
        let likeness =
            sketch(&format!("{common}{one}")).likeness(&sketch(&format!("{common}{other}")));
        assert!((likeness.both - 1.0 / 3.0).abs() < 0.12, "{likeness:?}");
        assert!((likeness.contained - 0.5).abs() < 0.15, "{likeness:?}");
        assert!(likeness.opened > 0.9, "{likeness:?}");
    }

    #[test]
    fn what_follows_an_article_does_not_make_it_another() {
        let (one, other, notice) = (prose(4, 200), prose(5, 200), prose(6, 300));
        let (a, b) = (sketch(&format!("{one}{notice}")), sketch(&format!("{other}{notice}")));
        assert!(a.likeness(&b).both > 0.3);
        assert!(!a.is_like(&b));
        assert!(a.is_like(&sketch(&one)));
    }

    #[test]
    fn an_article_set_into_the_page_of_another_is_not_that_other() {
        let (own, page) = (prose(8, 90), prose(9, 400));
        let set_in = sketch(&format!("{own}{page}"));
        let other = sketch(&format!("{page}{}", prose(10, 60)));
        let likeness = set_in.likeness(&other);
        assert!(likeness.both > 0.5 && likeness.opened > 0.4, "{likeness:?}");
        assert!(!set_in.is_like(&other));
        // All of it with something before it is the same with more.
        assert!(set_in.is_like(&sketch(&page)));
    }

    #[test]
    fn what_heads_all_pages_of_a_site_makes_no_article_of_them() {
        let head = prose(11, 450);
        let page = |seed| sketch(&format!("{head}{}", prose(seed, 400)));
        assert!(page(12).likeness(&page(13)).both > ALIKE);
        assert!(!page(12).is_like(&page(13)));
    }

    #[test]
    fn a_cut_version_is_like_its_whole_and_not_like_a_volume_that_holds_it() {
        let whole = prose(7, 2000);
        let cut: String = whole.split_inclusive(' ').take(300).collect();
        assert!(
            sketch(&cut)
                .is_like(&sketch(&whole.split_inclusive(' ').take(1200).collect::<String>()))
        );
        assert!(!sketch(&cut).is_like(&sketch(&whole)));
    }

    #[test]
    fn short_bodies_are_alike_only_where_they_are_the_same() {
        assert!(
            sketch("The old sea froze over night.")
                .is_like(&sketch("The old sea froze, over night"))
        );
        assert!(
            !sketch("The old sea froze over night again")
                .is_like(&sketch("The old sea froze over night"))
        );
        assert!(!sketch("").is_like(&sketch("")));
    }

    #[test]
    fn groups_do_not_depend_on_the_order() {
        let mut bodies = Vec::new();
        for seed in 0..40 {
            let body = prose(seed, 300 + 10 * seed as usize);
            for version in 0..seed % 7 {
                // Far versions are linked by nearer ones alone.
                let skip = 40 * version as usize;
                let tail = prose(1000 + seed * 10 + version, 50);
                let kept: String = body.split_inclusive(' ').skip(skip).collect();
                bodies.push(format!("{kept}{tail}"));
            }
            bodies.push(body.clone());
            if seed % 5 == 0 {
                bodies.push(body);
            }
        }
        let grouped = |order: &[usize]| {
            let sketches: Vec<Sketch> = order.iter().map(|&at| sketch(&bodies[at])).collect();
            let pack: Pack = sketches.iter().collect();
            // With room for all, and for some at a time.
            let room = if order[0] < 40 { 1 << 20 } else { 1 << 10 };
            let found = groups(&pack, room, 1 + order[0] % 3).unwrap();
            let mut named: Vec<Vec<usize>> = found
                .into_iter()
                .map(|group| {
                    let mut group: Vec<usize> =
                        group.into_iter().map(|at| order[at as usize]).collect();
                    group.sort_unstable();
                    group
                })
                .collect();
            named.sort();
            named
        };
        let mut order: Vec<usize> = (0..bodies.len()).collect();
        let expected = grouped(&order);
        assert!(expected.len() >= 30, "{}", expected.len());
        for seed in 1..6u64 {
            order.sort_by_key(|&at| mixed(at as u64 ^ (seed << 32)));
            assert_eq!(grouped(&order), expected);
        }
    }
}
