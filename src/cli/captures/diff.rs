//! What words differ between two texts: Myers' algorithm over words ("An O(ND) Difference
//! Algorithm and Its Variations", 1986), between what both begin and end with.

/// Which text a piece stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Both.
    Both,
    /// The old one.
    Old,
    /// The new one.
    New,
}

/// Words in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub side: Side,
    /// Its words, parted by single blanks.
    pub text: String,
}

/// Past so many different words the middle is given as wholly altered: the cost grows with their
/// square, and a reader would learn nothing from the rest.
const FARTHEST: usize = 1500;

/// The pieces of two texts in reading order.
pub(super) fn words(old: &str, new: &str) -> Vec<Piece> {
    let old: Vec<&str> = old.split_whitespace().collect();
    let new: Vec<&str> = new.split_whitespace().collect();
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_mid, new_mid) =
        (&old_rest[..old_rest.len() - tail], &new_rest[..new_rest.len() - tail]);
    let mut rows: Vec<(Side, &str)> = old[..head].iter().map(|word| (Side::Both, *word)).collect();
    rows.extend(middle(old_mid, new_mid));
    rows.extend(old[old.len() - tail..].iter().map(|word| (Side::Both, *word)));
    let mut pieces: Vec<Piece> = Vec::new();
    for (side, word) in rows {
        match pieces.last_mut() {
            Some(piece) if piece.side == side => {
                piece.text.push(' ');
                piece.text.push_str(word);
            }
            _ => pieces.push(Piece { side, text: word.to_owned() }),
        }
    }
    pieces
}

fn middle<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Side, &'t str)> {
    let (n, m) = (old.len(), new.len());
    let most = (n + m).min(FARTHEST);
    // Of each diagonal, how far into the old text it comes; one row for each number of steps.
    let mut reach = vec![0usize; 2 * most + 3];
    let mut rows: Vec<Vec<usize>> = Vec::new();
    let at = |diagonal: isize| (diagonal + most as isize + 1) as usize;
    let mut ended = None;
    'steps: for steps in 0..=most as isize {
        rows.push(reach[at(-steps - 1)..=at(steps + 1)].to_vec());
        for diagonal in (-steps..=steps).step_by(2) {
            let down = diagonal == -steps
                || (diagonal != steps && reach[at(diagonal - 1)] < reach[at(diagonal + 1)]);
            let mut x = if down { reach[at(diagonal + 1)] } else { reach[at(diagonal - 1)] + 1 };
            let mut y = (x as isize - diagonal) as usize;
            while x < n && y < m && old[x] == new[y] {
                (x, y) = (x + 1, y + 1);
            }
            reach[at(diagonal)] = x;
            if x >= n && y >= m {
                ended = Some(steps);
                break 'steps;
            }
        }
    }
    let Some(steps) = ended else {
        let out = old.iter().map(|word| (Side::Old, *word));
        return out.chain(new.iter().map(|word| (Side::New, *word))).collect();
    };
    let (mut x, mut y) = (n, m);
    let mut back = Vec::new();
    for steps in (0..=steps).rev() {
        let row = &rows[steps as usize];
        let of = |diagonal: isize| row[(diagonal + steps + 1) as usize];
        let diagonal = x as isize - y as isize;
        let down = diagonal == -steps || (diagonal != steps && of(diagonal - 1) < of(diagonal + 1));
        let before = if down { diagonal + 1 } else { diagonal - 1 };
        let from_x = if steps == 0 { 0 } else { of(before) };
        let from_y = if steps == 0 { 0 } else { (from_x as isize - before) as usize };
        while x > from_x && y > from_y && old[x - 1] == new[y - 1] {
            (x, y) = (x - 1, y - 1);
            back.push((Side::Both, old[x]));
        }
        if steps > 0 && down {
            y -= 1;
            back.push((Side::New, new[y]));
        } else if steps > 0 {
            x -= 1;
            back.push((Side::Old, old[x]));
        }
    }
    back.reverse();
    back
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        words(old, new)
            .into_iter()
            .map(|piece| match piece.side {
                Side::Both => piece.text,
                Side::Old => format!("[-{}-]", piece.text),
                Side::New => format!("{{+{}+}}", piece.text),
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn words_that_differ_are_found() {
        assert_eq!(shown("a b c", "a b c"), "a b c");
        assert_eq!(shown("a b c", "a x c"), "a [-b-] {+x+} c");
        assert_eq!(shown("", "new words"), "{+new words+}");
        assert_eq!(shown("a b c d e f", "a c d x f g"), "a [-b-] c d [-e-] {+x+} f {+g+}");
    }

    #[test]
    fn both_texts_can_be_read_from_the_pieces() {
        let mut state = 1u64;
        let mut text = || {
            let mut words = Vec::new();
            for _ in 0..60 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                words.push(["a", "b", "c", "d", "e"][(state >> 33) as usize % 5]);
            }
            words.join(" ")
        };
        for _ in 0..200 {
            let (old, new) = (text(), text());
            let pieces = words(&old, &new);
            let side = |side| {
                let of = pieces.iter().filter(|p| p.side == side || p.side == Side::Both);
                of.map(|piece| piece.text.clone()).collect::<Vec<_>>().join(" ")
            };
            assert_eq!((side(Side::Old), side(Side::New)), (old, new));
        }
    }
}
