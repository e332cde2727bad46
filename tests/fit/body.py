#!/usr/bin/env python3
"""Fits the weights of src/extract/body/trees.txt. Run by hand; needs numpy and lightgbm.

usage: body.py DUMPS TRUTH_ROOT [--write trees.txt]

DUMPS       a folder of SET.jsonl: one page a line, {"id", "blocks": [{"t": text, "tag",
            "x": [signs, home, wide, path]}]}, as `extract::body::describe` gives them. Written by
            FIT_PAGES=LIST FIT_DUMPS=DUMPS cargo test --test fit -- --ignored
TRUTH_ROOT  a folder of SET/truth/ID.json with "body" and "group" (the site).

A block is labelled by where its words stand in the true body; two stages of boosted trees
are fitted, the second over the first's out-of-fold opinion of a block and its surroundings.
Scores are printed by cross-validation over sites: no site is in both halves of a fold.
"""
import argparse
import glob
import json
import os
import sys
import zlib
from collections import defaultdict

import lightgbm as lgb
import numpy as np

from truth import counts, label, summary

SINGLE = 25.0      # a set of one site weighs as much as so many pages
KEPT = 60          # and so many of its pages are taken
FOLDS = 4
THREADS = 1


# ------------------------------------------------------------------ second signs
def second(p, pages):
    """What the first opinions say around each block: the same sums as `opinions.rs`."""
    rows = []
    for page in pages:
        s = page["rows"]
        q = p[s].astype(np.float32)
        w = np.minimum(page["words"], 80) + 1
        n = len(q)
        pad = np.concatenate([np.full(4, -1), q, np.full(4, -1)])
        cols = [q]
        for d in (-4, -3, -2, -1, 1, 2, 3, 4):
            cols.append(pad[4 + d:4 + d + n])
        for key in ("home", "wide", "path"):
            ids = page[key]
            _, inv = np.unique(ids, return_inverse=True)
            sw = np.bincount(inv, w)
            sq = np.bincount(inv, w * q)
            rest = sw[inv] - w
            cols.append(np.where(np.bincount(inv)[inv] > 1, (sq[inv] - w * q) / np.maximum(rest, 1e-6), q))
            cols.append(np.bincount(inv)[inv])
        good = w * q
        total = good.sum()
        cum = np.cumsum(good)
        cols.append((cum - good) / max(total, 1e-6))
        cols.append((total - cum) / max(total, 1e-6))
        cols.append(np.full(n, total))
        value = (q - 0.5) * w
        # The run that is worth most, and how far a block is from it.
        best, lo, hi, acc, start = 0.0, 0, 0, 0.0, 0
        for i, v in enumerate(value):
            if acc <= 0:
                acc, start = 0.0, i
            acc += v
            if acc > best:
                best, lo, hi = acc, start, i + 1
        idx = np.arange(n)
        cols.append(np.where(idx < lo, idx - lo, np.where(idx >= hi, idx - hi + 1, 0)))
        sure = np.concatenate([[0], np.cumsum((q > 0.5) & (w > 10))])
        total_sure = sure[-1]
        cols.append(sure[:-1])
        cols.append(total_sure - sure[1:])
        # Blocks since the last sure one, and until the next.
        since, until = np.full(n, 99), np.full(n, 99)
        last = None
        for i in range(n):
            if last is not None:
                since[i] = min(99, i - last)
            if q[i] > 0.5:
                last = i
        last = None
        for i in reversed(range(n)):
            if last is not None:
                until[i] = min(99, last - i)
            if q[i] > 0.5:
                last = i
        cols += [since, until]
        rows.append(np.stack(cols, 1).astype(np.float32))
    return np.concatenate(rows)


# Columns of `signs.rs` that the rules look at.
TIMES, DESCRIBED, LEAD, CAPTION, AFTER_HEADLINE = 11, 14, 18, 19, 64


def standfirst(x, tags):
    heading = np.array([t in ("h2", "h3", "h4") for t in tags])
    return (((x[:, LEAD] > 0) | heading) & (x[:, DESCRIBED] >= 0.7) & (x[:, CAPTION] == 0)
            & (x[:, AFTER_HEADLINE] > 0) & (x[:, AFTER_HEADLINE] <= 14) & (x[:, 0] >= 6) & (x[:, 0] <= 90))


def load(dumps, root, only=None):
    pages, X, y, W = [], [], [], []
    for path in sorted(glob.glob(os.path.join(dumps, "*.jsonl"))):
        name = os.path.basename(path)[:-6]
        if only and name not in only:
            continue
        group_pages = []
        for line in open(path):
            row = json.loads(line)
            truth = json.load(open(os.path.join(root, name, "truth", row["id"] + ".json")))
            if not row["blocks"] or not truth.get("body"):
                continue
            group_pages.append((row, truth))
        single = len({truth.get("group") for _, truth in group_pages}) <= 2
        if single:
            group_pages = group_pages[:: max(1, len(group_pages) // KEPT)]
        share = SINGLE / len(group_pages) if single else 1.0
        for row, truth in group_pages:
            texts = [b["t"] for b in row["blocks"]]
            lab, n = label(texts, truth["body"])
            x = np.array([b["x"][0] for b in row["blocks"]], np.float32)
            total = max(n[lab > 0].sum(), 60)
            # The weight of a block is its share of the page, with a floor for short ones.
            w = share * (n + 1.0) / total * 10
            w = np.minimum(w, 3.0)
            # Whether a standfirst counts as body differs from set to set; a rule settles it.
            lead = standfirst(x, [b["tag"] for b in row["blocks"]])
            w[lead] = 0.0
            # A long line printed three times is the site's; a rule drops it.
            w[(x[:, 11] >= 3) & (x[:, 0] >= 5)] = 0.0
            pages.append({
                "set": name, "id": row["id"], "group": truth.get("group") or name, "truth": truth["body"],
                "texts": texts, "words": n, "label": lab, "tags": [b["tag"] for b in row["blocks"]],
                "home": np.array([b["x"][1] for b in row["blocks"]]),
                "wide": np.array([b["x"][2] for b in row["blocks"]]),
                "path": np.array([b["x"][3] for b in row["blocks"]], dtype=np.uint64),
                "signs_words": x[:, 0], "lead": lead, "times": x[:, TIMES],
            })
            X.append(x), y.append(lab), W.append(w)
    at = 0
    for page, x in zip(pages, X):
        page["rows"] = slice(at, at + len(x))
        at += len(x)
    for page in pages:
        page["words"] = page["signs_words"]
    return pages, np.concatenate(X), np.concatenate(y), np.concatenate(W)


def fit(x, y, w, trees, leaves, rate, seed=1):
    params = dict(objective="binary", num_leaves=leaves, learning_rate=rate, min_data_in_leaf=40,
                  min_sum_hessian_in_leaf=2.0, feature_fraction=0.6, bagging_fraction=0.7, bagging_freq=1,
                  lambda_l2=5.0, num_threads=THREADS, verbose=-1, seed=seed, max_bin=127)
    return lgb.train(params, lgb.Dataset(x, y, weight=w), trees)


def report(title, pages, keep):
    print(title)
    by = defaultdict(list)
    for page in pages:
        k = keep[page["rows"]] & ~((page["times"] >= 3) & (page["words"] >= 5) & (page["label"] < 2))
        k = np.where(page["lead"], page["set"] == "fundus", k)
        pred = "\n\n".join(t for t, yes in zip(page["texts"], k) if yes)
        page["score"] = counts(page["truth"], pred)
        by[page["set"]].append(page["score"])
    for name, rows in by.items():
        print(f"  {name:<12} {len(rows):4}  F1 %.4f  P %.4f  R %.4f" % summary(rows))
    sys.stdout.flush()


def table(model, digits=4):
    """The trees as text: a line a tree; a node is `sign:limit:left:right`, a leaf its value."""
    lines = []
    for tree in model.dump_model()["tree_info"]:
        nodes = []

        def walk(node):
            me = len(nodes)
            nodes.append(None)
            if "leaf_value" in node:
                nodes[me] = f"{node['leaf_value']:.{digits}f}"
            else:
                assert node["decision_type"] == "<="
                left = walk(node["left_child"])
                right = walk(node["right_child"])
                assert left == me + 1
                nodes[me] = f"{node['split_feature']}:{node['threshold']:.6g}:{right}"
            return me

        walk(tree["tree_structure"])
        lines.append(" ".join(nodes))
    return lines


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("dumps")
    ap.add_argument("root")
    ap.add_argument("--write")
    ap.add_argument("--only")
    ap.add_argument("--trees", type=int, default=80)
    ap.add_argument("--leaves", type=int, default=16)
    ap.add_argument("--rate", type=float, default=0.1)
    ap.add_argument("--keep", help="pickle the opinions here")
    ap.add_argument("--bad", help="write the worst pages here")
    a = ap.parse_args()
    pages, x, y, w = load(a.dumps, a.root, a.only and a.only.split(","))
    print(len(pages), "pages", len(y), "blocks", int(y.sum()), "kept")
    report("the labels themselves", pages, y > 0)
    fold_of = {}
    for page in pages:
        fold_of[page["group"]] = zlib.crc32(page["group"].encode()) % FOLDS
    fold = np.concatenate([np.full(page["rows"].stop - page["rows"].start, fold_of[page["group"]]) for page in pages])
    first = np.zeros(len(y))
    for f in range(FOLDS):
        m = fit(x[fold != f], y[fold != f], w[fold != f], a.trees, a.leaves, a.rate)
        first[fold == f] = m.predict(x[fold == f])
    report("first stage", pages, first > 0.5)
    x2 = np.concatenate([x, second(first, pages)], 1)
    final = np.zeros(len(y))
    for f in range(FOLDS):
        m = fit(x2[fold != f], y[fold != f], w[fold != f], a.trees, a.leaves, a.rate)
        final[fold == f] = m.predict(x2[fold == f])
    if a.keep:
        import pickle
        pickle.dump((pages, y, first, final), open(a.keep, "wb"))
    for limit in (0.4, 0.5, 0.6):
        report(f"second stage, over {limit}", pages, final > limit)
    report("second stage", pages, final > 0.5)
    if a.bad:
        with open(a.bad, "w") as out:
            for page in sorted(pages, key=lambda p: p["score"][0]):
                if page["score"][0] > 0.93:
                    continue
                print(f"\n=== {page['set']} {page['id']} %.3f fp %.3f fn %.3f" % page["score"], file=out)
                for t, l, p, tag in zip(page["texts"], page["label"], final[page["rows"]], page["tags"]):
                    if (p > 0.5) != (l > 0):
                        print(f"  {'FN' if l else 'FP'} {p:.2f} {tag} {t[:150]!r}", file=out)
    if a.write:
        with open(a.write, "w") as out:
            m1 = fit(x, y, w, a.trees, a.leaves, a.rate)
            m2 = fit(x2, y, w, a.trees, a.leaves, a.rate)
            for m in (m1, m2):
                lines = table(m)
                print(len(lines), file=out)
                print("\n".join(lines), file=out)
        names = np.argsort(-m2.feature_importance("gain"))
        print("most used", [(int(i), int(m2.feature_importance()[i])) for i in names[:40]])


main()
