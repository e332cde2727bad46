#!/usr/bin/env python3
"""Fits the trees that tell an article's lines from a page's: src/extract/lines/trees.rs.

usage: fit_lines.py SIGNS FILES [--write trees.rs] [--folds N]

FILES lists the texts, one a line (SET/text_a/ID.txt beside SET/truth/ID.json); SIGNS holds what
fiche::extract::lines::signs sees of each line of them: for each file the number of lines (u32),
for each line its number (u32) and its signs (f32). They are written by
FIT_FILES=FILES FIT_SIGNS=SIGNS cargo test --lib signs_for_the_fit -- --ignored. Sites are never split over the folds.
"""
import argparse
import collections
import json
import os
import re
import struct

import lightgbm as lgb
import numpy as np

WIDTH = 88
TOKEN = re.compile(r"\w+")
PARAMS = dict(objective="binary", learning_rate=0.12, num_leaves=16, min_data_in_leaf=60,
              feature_fraction=0.5, bagging_fraction=0.7, bagging_freq=1, lambda_l2=20,
              num_threads=2, verbose=-1, max_depth=6, seed=1)
ROUNDS = 110


def shingles(tokens):
    return {tuple(tokens[i:i + 4]) for i in range(max(0, len(tokens) - 3))}


def labels(lines, truth):
    """1 where a line stands in the truth's body, by its shingles; short lines only whole and
    between long ones."""
    whole = truth.get("body") or ""
    wanted = shingles(TOKEN.findall(whole))
    rows = {" ".join(TOKEN.findall(row)) for row in whole.split("\n")}
    joined = " " + " ".join(TOKEN.findall(whole)) + " "
    found = np.zeros(len(lines))
    for at, line in enumerate(lines):
        tokens = TOKEN.findall(line)
        if len(tokens) >= 5:
            own = shingles(tokens)
            found[at] = len(own & wanted) >= 0.5 * len(own)
        elif tokens:
            text = " ".join(tokens)
            found[at] = 0.5 if text in rows or len(tokens) == 4 and f" {text} " in joined else 0
    sure = np.flatnonzero(found == 1)
    for at in np.flatnonzero(found == 0.5):
        near = len(sure) and np.min(np.abs(sure - at)) <= 4
        inside = len(sure) and sure[0] < at < sure[-1]
        found[at] = float(bool(near and (inside or abs(at - sure[-1]) <= 2)))
    return found


def read(signs, files):
    pages = []
    with open(signs, "rb") as f:
        data = f.read()
    at = 0
    for path in open(files).read().split():
        (n,) = struct.unpack_from("<I", data, at)
        at += 4
        block = np.frombuffer(data, dtype=np.uint8, count=n * 4 * (WIDTH + 1), offset=at)
        at += n * 4 * (WIDTH + 1)
        block = block.reshape(n, 4 * (WIDTH + 1))
        numbers = block[:, :4].copy().view("<u4")[:, 0]
        x = block[:, 4:].copy().view("<f4")
        folder, name = os.path.split(path)
        root = os.path.dirname(folder)
        with open(f"{root}/truth/{name[:-4]}.json") as f:
            truth = json.load(f)
        text = open(path, encoding="utf-8", newline="").read()
        rows = [r.rstrip("\r") for r in text.split("\n")]
        lines = [rows[k - 1] for k in numbers]
        source = os.path.basename(root)
        site = truth.get("group") or source
        if source in ("flink-web", "rustblog", "aiblog", "servicecomb"):
            site = source
        pages.append(dict(path=path, set=source, flat=os.path.basename(folder), site=site, x=x,
                          lines=lines, y=labels(lines, truth), truth=truth))
    return pages


def weight(page, share):
    # What a line weighs in the score: its length, within a page that weighs as every other.
    long = np.array([min(80, len(TOKEN.findall(line))) + 3 for line in page["lines"]], float)
    return share * 60 * long / long.sum()


def shares(pages):
    count = collections.Counter((p["set"], p["flat"]) for p in pages)
    return [min(1.0, 60 / count[p["set"], p["flat"]])
            if p["set"] in ("flink-web", "rustblog", "aiblog", "servicecomb") else 1.0 for p in pages]


def fit(pages, weights):
    x = np.concatenate([p["x"] for p in pages])
    y = np.concatenate([p["y"] for p in pages])
    w = np.concatenate([weight(p, s) for p, s in zip(pages, weights)])
    return lgb.train(PARAMS, lgb.Dataset(x, y, weight=w), ROUNDS)


def decode(z, lengths, change=2.2, bias=0.0):
    """The best row of states, in or out, where every change has its price."""
    gain = (z + bias) * np.minimum(1.0, 0.35 + lengths / 25)
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


def score(pages, zs, **how):
    table = collections.defaultdict(list)
    for page, z in zip(pages, zs):
        lengths = np.array([len(TOKEN.findall(line)) for line in page["lines"]])
        keep = decode(z, lengths, **how)
        got = TOKEN.findall("\n".join(l for l, k in zip(page["lines"], keep) if k))
        want = TOKEN.findall(page["truth"].get("body") or "")
        def bag(t):
            return collections.Counter(zip(t, t[1:], t[2:], t[3:]))
        g, w = bag(got), bag(want)
        both = sum((g & w).values())
        table[page["set"], page["flat"]].append(
            (both / max(1, sum(g.values())) if g else None, both / max(1, sum(w.values()))))
    out = {}
    for key, rows in sorted(table.items()):
        p = np.mean([r[0] for r in rows if r[0] is not None] or [0])
        r = np.mean([r[1] for r in rows])
        out[key] = (2 * p * r / (p + r) if p + r else 0, p, r)
    return out


def write(model, path):
    """The trees as tables: (sign, threshold, left, right), leaves as values below zero."""
    trees = [t["tree_structure"] for t in model.dump_model()["tree_info"]]
    nodes, leaves, roots = [], [], []

    def walk(node):
        if "leaf_value" in node and "split_feature" not in node:
            leaves.append(node["leaf_value"])
            return -len(leaves)
        at = len(nodes)
        nodes.append(None)
        left, right = walk(node["left_child"]), walk(node["right_child"])
        nodes[at] = (node["split_feature"], node["threshold"], left, right)
        return at

    for tree in trees:
        roots.append(walk(tree))
    with open(path, "w") as f:
        f.write("//! The trees that weigh a line, fitted by `tests/fit/fit_lines.py`: a table, not for reading.\n\n")
        f.write("/// The first node of every tree.\n")
        f.write(f"pub(super) static ROOTS: [i16; {len(roots)}] = {roots};\n\n")
        f.write("/// Sign, threshold, the way on at or below it, the way on above it; a way below zero is a leaf.\n")
        f.write(f"#[rustfmt::skip]\npub(super) static NODES: [(u8, f32, i16, i16); {len(nodes)}] = [\n")
        cells = [f"({s},{np.float32(t):.6g},{a},{b}),".replace(",1e-35,", ",0.0,").replace("1e-35", "0.0") for s, t, a, b in nodes]
        cells = [re.sub(r"^\((\d+),(-?\d+),", r"(\1,\2.0,", c) for c in cells]
        for k in range(0, len(cells), 6):
            f.write("    " + " ".join(cells[k:k + 6]) + "\n")
        f.write("];\n\n/// What each leaf adds.\n")
        f.write(f"#[rustfmt::skip]\npub(super) static LEAVES: [f32; {len(leaves)}] = [\n")
        for k in range(0, len(leaves), 14):
            f.write("    " + " ".join(f"{v:.4f}," for v in leaves[k:k + 14]) + "\n")
        f.write("];\n")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("signs")
    ap.add_argument("files")
    ap.add_argument("--write")
    ap.add_argument("--folds", type=int, default=4)
    a = ap.parse_args()
    pages = read(a.signs, a.files)
    weights = shares(pages)
    if a.folds:
        sites = sorted({p["site"] for p in pages})
        import hashlib
        fold = {s: int(hashlib.sha256(s.encode()).hexdigest(), 16) % a.folds for s in sites}
        zs = [None] * len(pages)
        for k in range(a.folds):
            train = [i for i, p in enumerate(pages) if fold[p["site"]] != k and p["set"] != "scrapes"]
            model = fit([pages[i] for i in train], [weights[i] for i in train])
            for i, p in enumerate(pages):
                if fold[p["site"]] == k:
                    zs[i] = model.predict(p["x"], raw_score=True)
        for how in [dict(change=c, bias=b) for c in (1.2, 2.2, 3.5) for b in (-0.3, 0.3)]:
            got = score(pages, zs, **how)
            print(how, " ".join(f"{k[0]}/{k[1][-1]} {v[0]:.3f}" for k, v in got.items()))
        for k, v in score(pages, zs).items():
            print(k, "F1 %.4f P %.4f R %.4f" % v)
    if a.write:
        write(fit([p for p in pages if p["set"] != "scrapes"],
                  [w for w, p in zip(weights, pages) if p["set"] != "scrapes"]), a.write)


if __name__ == "__main__":
    main()
