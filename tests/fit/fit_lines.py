#!/usr/bin/env python3
"""Fits what tells an article's lines from a page's: lexicon.txt and trees.rs of src/extract/lines.

usage: fit_lines.py FILES [--write src/extract/lines] [--folds N] [--work DIR]

DIR then has what fit_net.py needs, which is run next: the list of the pages read, and for each line
what its words weigh and how trees judge it, both learned on other sites.

Run by hand, from the root of the project; needs numpy and lightgbm. FILES lists the texts, one a
line: SET/text_a/ID.txt beside SET/truth/ID.json with "body" and "group" (the site); those of
silver.py may be among them.

What words weigh is learned first: for each word the share of its lines that are body, each site one
voice; a line is weighed by the words of other sites only. Then the signs of each line are asked of
the program (cargo test, the ignored tests of src/extract/lines/tests.rs), and trees are fitted.
Scores are by cross-validation over sites: neither a word's weight nor a tree was learned on the
site that is judged by it.
"""
import argparse
import collections
import hashlib
import json
import os
import re
import struct
import subprocess
import tempfile

import lightgbm as lgb
import numpy as np

import forest
from truth import WORD, label

WIDTH = 136
# Boosted trees whose limits are drawn by chance: with so few sites they carry over best.
PARAMS = dict(objective="binary", learning_rate=0.1, extra_trees=True, num_leaves=10, max_depth=9,
              min_data_in_leaf=60, feature_fraction=0.3, bagging_fraction=0.7, bagging_freq=1,
              lambda_l2=20, max_bin=63, num_threads=1, verbose=-1, seed=1)
ROUNDS = 450
# A set of one site weighs as much as so many pages, and so many of its pages are read.
SINGLE = 40
# What a page weighs whose truth is only what fiche reads in its markup (silver.py); from its words
# nothing is learned.
SILVER = 0.3
# As in lexicon.rs.
LENGTHS, SCALE = (3, 12), 25
SITES, PRIOR, LEAST = 8, 2.0, 0.6
CHANGE = 0.3
# As in lines.rs: after every so many trees, a judgement this sure is not asked further.
SURE = (75, 1.6)



def program(test, **environment):
    environment = {**os.environ, **environment}
    command = ["cargo", "test", "--lib", "-q", test, "--", "--ignored"]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def read(files, work):
    """The pages with their words."""
    paths = open(files).read().split()
    sets = collections.defaultdict(set)
    truths = {}
    for path in paths:
        folder, name = os.path.split(path)
        root = os.path.dirname(folder)
        truths[path] = truth = json.load(open(f"{root}/truth/{name[:-4]}.json"))
        sets[root].add(truth.get("group"))
    count = collections.Counter(os.path.dirname(path) for path in paths)
    kept, seen = [], collections.Counter()
    for path in paths:
        folder = os.path.dirname(path)
        seen[folder] += 1
        step = -(-count[folder] // SINGLE) if len(sets[os.path.dirname(folder)]) <= 2 else 1
        if seen[folder] % step == 0 and truths[path].get("body"):
            kept.append(path)
    listed = os.path.join(work, "files")
    with open(listed, "w") as out:
        out.write("\n".join(kept))
    words = os.path.join(work, "words")
    program("words_for_the_fit", FIT_FILES=listed, FIT_WORDS=words)
    data = open(words, "rb").read()
    at, pages = 0, []
    for path in kept:
        folder = os.path.dirname(path)
        root = os.path.dirname(folder)
        rows = open(path, encoding="utf-8", newline="").read().split("\n")
        (n,) = struct.unpack_from("<I", data, at)
        at += 4
        lines, counts, told = [], [], []
        for _ in range(n):
            number, length, many = struct.unpack_from("<III", data, at)
            at += 12
            told.append(np.frombuffer(data, "<u8", many, at))
            at += 8 * many
            lines.append(rows[number - 1].strip())
            counts.append(length)
        truth = truths[path]
        y, _ = label(lines, truth["body"])
        name = os.path.basename(root)
        site = name if len(sets[root]) <= 2 else truth.get("group") or name
        pages.append(dict(path=path, set=name, flat=os.path.basename(folder), site=site, lines=lines,
                          n=np.array(counts), told=told, y=y, truth=truth["body"],
                          silver=truth.get("silver", False)))
    return pages, listed


# ------------------------------------------------------------------ words
class Lexicon:
    """What words weigh, by the length of their line, and what each site says of them."""

    def __init__(self, words, train):
        self.words = words
        key, site, body = words.key[train], words.site[train], words.body[train]
        pair = key.astype(np.int64) * words.sites + site
        self.pairs, at = np.unique(pair, return_inverse=True)
        share = np.bincount(at, body) / np.bincount(at)
        self.share = share
        of = self.pairs // words.sites
        self.total = np.bincount(of, share, words.keys)
        self.count = np.bincount(of, minlength=words.keys)
        means = []
        for length in range(3):
            own = words.line_length == length
            lines = own & words.line_train(train)
            by = np.bincount(words.line_site[lines], words.line_body[lines], words.sites)
            all_ = np.bincount(words.line_site[lines], minlength=words.sites)
            means.append(np.mean(by[all_ > 0] / all_[all_ > 0]))
        self.mean = np.array(means)[words.length_of_key]

    def weigh(self, total, count, key):
        mean = self.mean[key]
        weight = np.log((total + PRIOR * mean) / (count - total + PRIOR * (1 - mean)))
        weight -= np.log(mean / (1 - mean))
        weight = np.where((self.count[key] >= SITES) & (np.abs(weight) >= LEAST), weight, 0)
        return np.clip(np.rint(weight * SCALE), -127, 127)

    def table(self):
        return self.weigh(self.total, self.count, np.arange(self.words.keys))

    def scores(self):
        """Five numbers a line, as `Weights::settle` gives them, of other sites' words."""
        w = self.words
        pair = w.key.astype(np.int64) * w.sites + w.site
        at = np.minimum(np.searchsorted(self.pairs, pair), len(self.pairs) - 1)
        own = self.pairs[at] == pair
        total = self.total[w.key] - np.where(own, self.share[at], 0)
        weight = self.weigh(total, self.count[w.key] - own, w.key)
        some = weight != 0
        line, weight = w.line[some], weight[some] / SCALE
        n = w.lines
        count = np.bincount(line, minlength=n)
        total = np.bincount(line, weight, n)
        most, least = np.zeros(n), np.zeros(n)
        np.maximum.at(most, line, weight)
        np.minimum.at(least, line, weight)
        return np.stack([total, total / np.maximum(count, 1), most, least, count], 1).astype("<f4")


class Words:
    """The words of all lines, as columns."""

    def __init__(self, pages):
        sites = sorted({p["site"] for p in pages})
        number = {site: at for at, site in enumerate(sites)}
        self.sites = len(sites)
        self.line_site = np.concatenate([np.full(len(p["n"]), number[p["site"]]) for p in pages])
        self.line_body = np.concatenate([p["y"] > 0 for p in pages]).astype(float)
        self.line_length = sum(np.concatenate([p["n"] for p in pages]) > most for most in LENGTHS)
        self.lines = len(self.line_site)
        told = [line for p in pages for line in p["told"]]
        self.line = np.repeat(np.arange(self.lines), [len(line) for line in told])
        self.site, self.body = self.line_site[self.line], self.line_body[self.line]
        self.silver = np.concatenate([np.full(len(p["n"]), p["silver"]) for p in pages])[self.line]
        hashes, of = np.unique(np.concatenate(told), return_inverse=True)
        keys, self.key = np.unique(of * 3 + self.line_length[self.line], return_inverse=True)
        self.keys = len(keys)
        self.hash_of_key, self.length_of_key = hashes[keys // 3], keys % 3
        self.named = pages

    def line_train(self, train):
        lines = np.zeros(self.lines, bool)
        lines[self.line[train]] = True
        return lines


def hashed(word):
    h = 0
    for letter in word:
        h = ((h << 5 | h >> 59) & (2**64 - 1)) ^ ord(letter)
        h = h * 0x517CC1B727220A95 & (2**64 - 1)
    return h


def pair(first, second):
    first = (first << 17 | first >> 47) & (2**64 - 1)
    return first * 0x9E3779B97F4A7C15 & (2**64 - 1) ^ second


def table(words, weights):
    """The lines of lexicon.txt: the hashes get their names back."""
    wanted = {}
    for h, length, weight in zip(words.hash_of_key, words.length_of_key, weights):
        if weight:
            wanted.setdefault(int(h), []).append((int(length), int(weight)))
    names = {}
    split = re.compile(r"[^\W_]+")
    memory = {}

    def of(word):
        if word not in memory:
            memory[word] = hashed(word)
        return memory[word]

    for page in words.named:
        for line in page["lines"]:
            glued = re.sub(r"(?<=[^\W\d_]{2}[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", line)
            own = [re.sub(r"\d+", "0", word.lower()) for word in split.findall(glued)]
            for at, word in enumerate(own):
                names.setdefault(of(word), word)
                two = (own[at - 1], word) if at else ("^", word)
                first = of(two[0]) if at else ord("^")
                names.setdefault(pair(first, of(word)), " ".join(two))
            if own:
                names.setdefault(pair(of(own[-1]), ord("$")), own[-1] + " $")
    rows = []
    for h, found in wanted.items():
        if h in names:
            rows += [f"{length} {weight} {names[h]}" for length, weight in found]
    print("words", len(rows), "without a name", sum(h not in names for h in wanted))
    return sorted(rows)


# ------------------------------------------------------------------ trees
def weight(page, share):
    """A line weighs by its length: half by its share of the page, half by its share of the body."""
    page_share = np.minimum(80, page["n"]) + 3.0
    page_share = 60 * page_share / page_share.sum()
    body = max(60, page["n"][page["y"] > 0].sum())
    body_share = np.minimum((page["n"] + 1.0) / body * 10, 3.0)
    return share * np.sqrt(page_share * body_share)


def shares(pages):
    count = collections.Counter((p["set"], p["flat"]) for p in pages)
    single = collections.Counter(p["set"] for p in pages if p["set"] == p["site"])
    return [(SILVER if p["silver"] else 1.0)
            * (min(1.0, SINGLE / count[p["set"], p["flat"]]) if single[p["set"]] else 1.0) for p in pages]


def fit(pages, x, weights, chosen):
    rng = np.random.default_rng(1)
    y = np.concatenate([pages[i]["y"] > 0 for i in chosen]).astype(float)
    w = np.concatenate([weight(pages[i], weights[i]) for i in chosen])
    n = np.concatenate([pages[i]["n"] for i in chosen])
    # Of the short lines of pages, of which there are most, one in three stands for three.
    few = (y == 0) & (n <= 4)
    take = ~few | (rng.random(len(y)) < 1 / 3)
    w = np.where(few, 3 * w, w)
    rows = np.concatenate([x[i] for i in chosen])[take]
    return lgb.train(PARAMS, lgb.Dataset(rows, y[take], weight=w[take]), ROUNDS)


def judge(model, x):
    """The judgement as the program comes to it: it stops where it is sure."""
    z = model.predict(x, raw_score=True, num_iteration=SURE[0])
    for trees in range(2 * SURE[0], ROUNDS + SURE[0], SURE[0]):
        z = np.where(np.abs(z) < SURE[1], model.predict(x, raw_score=True, num_iteration=trees), z)
    return z


def decode(z, lengths, change):
    """The best row of states, in or out, where every change has its price."""
    gain = z * np.minimum(1.0, 0.35 + lengths / 25)
    inside, outside = -change, 0.0
    back = []
    for g in gain:
        a, b = max((inside, 1), (outside - change, 0)), max((outside, 0), (inside - change, 1))
        back.append((a[1], b[1]))
        inside, outside = a[0] + g, b[0]
    state, out = int(inside > outside), np.zeros(len(z), bool)
    for at in range(len(z) - 1, -1, -1):
        out[at] = state
        state = back[at][0] if state else back[at][1]
    return out


def score(pages, zs, change, bias=0.0):
    def bag(t):
        return collections.Counter(zip(t, t[1:], t[2:], t[3:]))
    by = collections.defaultdict(list)
    for page, z in zip(pages, zs):
        if page["silver"]:
            continue
        keep = decode(z + bias, page["n"], change)
        got = WORD.findall("\n".join(l for l, k in zip(page["lines"], keep) if k))
        g, w = bag(got), page.setdefault("bag", bag(WORD.findall(page["truth"])))
        both = sum((g & w).values())
        by[page["set"], page["flat"]].append(
            (both / max(1, sum(g.values())) if g else None, both / max(1, sum(w.values()))))
    out = {}
    for key, rows in sorted(by.items()):
        p = np.mean([r[0] for r in rows if r[0] is not None] or [0])
        r = np.mean([r[1] for r in rows])
        out[key] = (2 * p * r / (p + r) if p + r else 0, p, r)
    return out


def write(model, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write("//! The trees that weigh a line, fitted by `tests/fit/fit_lines.py`: a table, not for reading.\n\n")
        out.write('#![allow(clippy::approx_constant, clippy::unreadable_literal, reason = "a table")]\n\n')
        out.write("use super::judge::Forest;\n")
        forest.write(out, "BODY", model, 0.0)


def signs(pages, listed, work, lexicon):
    """What the program sees of each line."""
    scores, out = os.path.join(work, "scores"), os.path.join(work, "signs")
    lexicon.scores().tofile(scores)
    program("signs_for_the_fit", FIT_FILES=listed, FIT_SCORES=scores, FIT_SIGNS=out)
    rows = np.fromfile(out, "<f4").reshape(-1, WIDTH)
    ends = np.cumsum([len(p["n"]) for p in pages])
    return np.split(rows, ends[:-1])


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("files")
    ap.add_argument("--write")
    ap.add_argument("--folds", type=int, default=4)
    ap.add_argument("--work")
    a = ap.parse_args()
    work = a.work or tempfile.mkdtemp()
    os.makedirs(work, exist_ok=True)
    pages, listed = read(a.files, work)
    weights = shares(pages)
    words = Words(pages)
    print(len(pages), "pages", words.lines, "lines", words.sites, "sites", words.keys, "words", flush=True)

    def show(title, got):
        print(title, " ".join(f"{k[0]}/{k[1][-1]} {v[0]:.4f} ({v[1]:.3f} {v[2]:.3f})" for k, v in got.items()),
              flush=True)
    show("labels", score(pages, [np.where(p["y"] > 0, 9.0, -9.0) for p in pages], 0.0))
    if a.folds:
        fold = [int(hashlib.sha256(p["site"].encode()).hexdigest(), 16) % a.folds for p in pages]
        of_line = np.concatenate([np.full(len(p["n"]), f) for p, f in zip(pages, fold)])
        zs, full = [None] * len(pages), [None] * len(pages)
        for k in range(a.folds):
            x = signs(pages, listed, work, Lexicon(words, (of_line[words.line] != k) & ~words.silver))
            model = fit(pages, x, weights, [i for i in range(len(pages)) if fold[i] != k])
            for i in range(len(pages)):
                if fold[i] == k:
                    zs[i], full[i] = judge(model, x[i]), model.predict(x[i], raw_score=True)
            print("fold", k, flush=True)
        np.concatenate(zs).astype("<f4").tofile(os.path.join(work, "judged_by_trees"))
        show("all trees", score(pages, full, CHANGE))
        for change, bias in ((CHANGE, 0.0), (0.15, 0.0), (0.6, 0.0), (CHANGE, 0.15), (CHANGE, -0.15)):
            show(f"change {change} bias {bias}", score(pages, zs, change, bias))
    if a.write:
        lexicon = Lexicon(words, ~words.silver)
        x = signs(pages, listed, work, lexicon)
        model = fit(pages, x, weights, range(len(pages)))
        write(model, os.path.join(a.write, "trees.rs"))
        with open(os.path.join(a.write, "lexicon.txt"), "w") as out:
            out.write("\n".join(table(words, lexicon.table())) + "\n")
        gain = model.feature_importance("gain")
        print("most used", [int(i) for i in np.argsort(-gain)[:40]], "unused", [int(i) for i in np.flatnonzero(gain == 0)])


if __name__ == "__main__":
    main()
