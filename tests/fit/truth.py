"""What the fits have in common: which lines of a page stand in its true body, and the score."""
import bisect
import re
from collections import Counter, defaultdict

import numpy as np

WORD = re.compile(r"\w+")


def label(blocks, body):
    """1 where the words of a block stand in the body, in order; long blocks first."""
    truth = WORD.findall(body)
    where = defaultdict(list)
    for i in range(len(truth) - 3):
        where[tuple(truth[i:i + 4])].append(i)
    words = [WORD.findall(t) for t in blocks]
    out = np.zeros(len(blocks))
    spot = {}
    used = np.zeros(len(truth) + 1, bool)
    for b in sorted(range(len(blocks)), key=lambda b: -len(words[b])):
        w = words[b]
        if len(w) < 8:
            continue
        hits = [(k, where[g]) for k in range(len(w) - 3) if (g := tuple(w[k:k + 4])) in where]
        if len(hits) < 0.6 * (len(w) - 3):
            continue
        starts = Counter(p - k for k, ps in hits for p in ps[:20])
        for start, n in starts.most_common(8):
            lo, hi = max(0, start), min(len(truth), start + len(w))
            if n >= 0.3 * (len(w) - 3) and used[lo:hi].mean() < 0.5:
                used[lo:hi] = True
                spot[b] = (lo, hi)
                out[b] = 1
                break
    # Short blocks: only between the places of their long neighbours.
    keys = sorted(spot)
    text = defaultdict(list)
    for i, w in enumerate(truth):
        text[w].append(i)
    for b in range(len(blocks)):
        w = words[b]
        if not w or len(w) >= 8:
            continue
        at = bisect.bisect(keys, b)
        low = spot[keys[at - 1]][1] - 2 if at else -40
        high = spot[keys[at]][0] + 2 if at < len(keys) else len(truth) + 40
        if not at and high > 400:
            low = 0
        for i in text.get(w[0], ()):
            if low <= i <= high and truth[i:i + len(w)] == w and not used[i:i + len(w)].all():
                if high - low > 400 and len(w) < 3:
                    break
                used[i:i + len(w)] = True
                out[b] = 1
                break
    return out, np.array([len(w) for w in words])


def counts(truth, pred, n=4):
    def shingles(text):
        t = WORD.findall(text)
        return Counter(zip(*(t[i:] for i in range(n)))) if len(t) > n else Counter([tuple(t)] if t else [])
    t, p = shingles(truth), shingles(pred)
    both = sum((t & p).values())
    fp, fn = sum(p.values()) - both, sum(t.values()) - both
    total = both + fp + fn or 1
    return both / total, fp / total, fn / total


def summary(rows):
    p = np.mean([a / (a + b) for a, b, _ in rows if a + b > 0])
    r = np.mean([a / (a + c) for a, _, c in rows if a + c > 0])
    return 2 * p * r / (p + r), p, r
