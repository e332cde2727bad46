#!/usr/bin/env python3
"""Fits the trees of src/extract/body/trees.txt, which tell the text of a page from what is around it.

usage: body.py FILES [--write src/extract/body/trees.txt] [--folds N] [--work DIR]

Run by hand, from the root of the project; needs numpy and lightgbm. FILES lists the pages, one a
line: SET/html/ID.html.gz beside SET/truth/ID.json with "body" and "group" (the site).

A block is text where its words stand in the true body. Its signs are asked of the program (cargo
test, the ignored tests of main.rs); what its words weigh was learned on other sites. Each page is
learned three times: as it is, without half of the names of its boxes, and with little around the
article. Scores are by cross-validation over sites: of trees alone, then with the rules that follow.
"""
import argparse
import collections
import hashlib
import json
import os
import struct
import subprocess
import tempfile

import lightgbm as lgb
import numpy as np

from fit_lines import Lexicon, Words
from truth import WORD, counts, label, summary

PARAMS = dict(objective="binary", learning_rate=0.1, extra_trees=True, num_leaves=16,
              min_data_in_leaf=60, min_sum_hessian_in_leaf=2.0, feature_fraction=0.4,
              bagging_fraction=0.7, bagging_freq=1, lambda_l2=10.0, max_bin=63, num_threads=1,
              verbose=-1, seed=1)
ROUNDS = 160
# Of a set of one site so many pages are read, and each counts for so much of a page.
SINGLE, SHARE = 25, 0.35
# The rows of a page weigh as much as those of any other; one with hardly a row that counts weighs less.
PAGE, LEAST = 30, 5
# The block that a row is of, then as many signs as signs.rs has.
WIDTH = 1 + 99 + 136
# How much a page counts as it is, with fewer names, with little around it.
VERSIONS = (1.0, 0.3, 0.3)
# Signs that are looked at here, as signs.rs numbers them.
DESCRIBED, LEAD, CAPTION, AFTER_HEADLINE = 14, 18, 19, 64


def program(test, **environment):
    command = ["cargo", "test", "--test", "fit", "-q", test, "--", "--ignored"]
    subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)


def read(files, work):
    """The pages with their blocks, the words of these, and which of them are text."""
    paths = open(files).read().split()
    truths, sets = {}, collections.defaultdict(set)
    for path in paths:
        root = os.path.dirname(os.path.dirname(path))
        truth = json.load(open(f"{root}/truth/{os.path.basename(path).split('.')[0]}.json"))
        if truth.get("body"):
            truths[path] = truth
            sets[root].add(truth.get("group"))
    count = collections.Counter(os.path.dirname(os.path.dirname(path)) for path in truths)
    kept, seen = [], collections.Counter()
    for path in truths:
        root = os.path.dirname(os.path.dirname(path))
        seen[root] += 1
        step = -(-count[root] // SINGLE) if len(sets[root]) <= 2 else 1
        if seen[root] % step == 0:
            kept.append(path)
    listed, blocks, words = (os.path.join(work, name) for name in ("pages", "blocks", "words"))
    with open(listed, "w") as out:
        out.write("\n".join(kept))
    program("blocks_for_the_fit", FIT_PAGES=listed, FIT_BLOCKS=blocks, FIT_WORDS=words)
    truth_of = {}
    for path in kept:
        root = os.path.dirname(os.path.dirname(path))
        name = os.path.basename(root)
        alone = name if len(sets[root]) <= 2 else None
        truth_of[name, os.path.basename(path).split(".")[0]] = (truths[path], alone)
    data, at, pages = open(words, "rb").read(), 0, []
    for line in open(blocks):
        row = json.loads(line)
        truth, alone = truth_of[row["set"], row["id"]]
        texts = [text for _, text in row["blocks"]]
        told = []
        for _ in texts:
            (n,) = struct.unpack_from("<Q", data, at)
            told.append(np.frombuffer(data, "<u8", n, at + 8))
            at += 8 + 8 * n
        y, _ = label(texts, truth["body"])
        pages.append(dict(set=row["set"], id=row["id"], lines=texts, tags=[tag for tag, _ in row["blocks"]],
                          told=told, n=np.array([len(WORD.findall(text)) for text in texts]), y=y,
                          truth=truth["body"], alone=alone, site=alone or truth.get("group") or row["id"],
                          silver=False))
    return pages, listed


def signs(pages, listed, work):
    """Has the program write the rows of each page in its three versions."""
    weights, out = os.path.join(work, "weights"), os.path.join(work, "signs")
    words = Words(pages)
    lexicon = Lexicon(words, np.ones(len(words.line), bool))
    lexicon.scores().tofile(weights)
    program("signs_for_the_fit", FIT_PAGES=listed, FIT_WEIGHTS=weights, FIT_SIGNS=out)
    return out


def rows(pages, path):
    """All rows, and for each page where those of its versions are."""
    data = np.memmap(path, "<f4").reshape(-1, WIDTH)
    at = 0
    for page in pages:
        page["versions"] = []
        n = len(page["lines"])
        for version in range(3):
            if version < 2:
                end = at + n
            else:
                # The blocks of the last version rise, and the next page begins with block 0.
                end = at + 1
                while end < len(data) and data[end, 0] > data[end - 1, 0]:
                    end += 1
            page["versions"].append((data[at:end, 0].astype(int), slice(at, end)))
            at = end
    assert at == len(data), (at, len(data))
    return data


def standfirst(x, tags):
    """Whether a standfirst counts as text differs from set to set; a rule settles it."""
    heading = np.array([tag in ("h2", "h3", "h4") for tag in tags])
    return (((x[:, LEAD] > 0) | heading) & (x[:, DESCRIBED] >= 0.7) & (x[:, CAPTION] == 0)
            & (x[:, AFTER_HEADLINE] > 0) & (x[:, AFTER_HEADLINE] <= 14) & (x[:, 0] >= 6) & (x[:, 0] <= 90))


def weigh(page, x):
    """A block weighs its share of the true text, with a floor for short ones."""
    n = x[:, 0]
    weight = np.minimum((n + 1.0) / max(n[page["y"] > 0].sum(), 60) * 10, 3.0)
    weight[standfirst(x, page["tags"])] = 0.0
    return weight * (SHARE if page["alone"] else 1.0) * PAGE / max(weight.sum(), LEAST)


def gather(pages, data):
    """All rows with their labels and weights, and the page and version of each."""
    x, y, w, of, version = [], [], [], [], []
    for at, page in enumerate(pages):
        own = data[page["versions"][0][1], 1:]
        weight = weigh(page, own)
        for kind, (blocks, place) in enumerate(page["versions"]):
            x.append(data[place, 1:]), y.append(page["y"][blocks]), w.append(weight[blocks] * VERSIONS[kind])
            of.append(np.full(len(blocks), at)), version.append(np.full(len(blocks), kind))
    return [np.concatenate(part) for part in (x, y, w, of, version)]


def fit(x, y, w):
    # Of the short blocks that are no text, of which there are most, one in three stands for three.
    few = (y == 0) & (x[:, 0] <= 4)
    take = (w > 0) & (~few | (np.random.default_rng(1).random(len(y)) < 1 / 3))
    w = np.where(few, 3 * w, w)
    return lgb.train(PARAMS, lgb.Dataset(x[take], y[take], weight=w[take]), ROUNDS)


def folds(pages, number):
    of = [int(hashlib.sha256(f"{page['site']}#0".encode()).hexdigest(), 16) for page in pages]
    return np.array(of) % number


def judge(pages, parts, number):
    """The judgement of each block by trees that have not seen its site."""
    x, y, w, of, version = parts
    fold = folds(pages, number)[of]
    judged = np.zeros(len(y))
    for one in range(number):
        train, test = fold != one, (fold == one) & (version == 0)
        judged[test] = fit(x[train], y[train], w[train]).predict(x[test], raw_score=True)
    return judged[version == 0]


def cuts(listed, judged, work):
    """The pages as the program cuts them by these judgements, rules and all."""
    path, out = os.path.join(work, "judged"), os.path.join(work, "cuts")
    judged.astype("<f4").tofile(path)
    program("cuts_for_the_fit", FIT_PAGES=listed, FIT_JUDGED=path, FIT_CUTS=out)
    return [json.loads(line) for line in open(out)]


def report(title, pages, cut):
    by = collections.defaultdict(list)
    for page, one in zip(pages, cut):
        body = one["body"]
        # As the truth of that set has it.
        if page["set"] == "fundus" and one.get("standfirst") and one["standfirst"] not in body:
            body = one["standfirst"] + "\n\n" + body
        page["score"] = counts(page["truth"], body)
        by[page["set"]].append(page["score"])
    shown = (f"{name} {len(rows)} %.4f (%.3f %.3f)" % summary(rows) for name, rows in by.items())
    print(title, "  ".join(shown), flush=True)


def table(model, digits=4):
    """The trees as text: a line a tree; a node is `sign:limit:no`, a leaf its value."""
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
    ap.add_argument("files")
    ap.add_argument("--write")
    ap.add_argument("--folds", type=int, default=6)
    ap.add_argument("--work")
    a = ap.parse_args()
    work = a.work or tempfile.mkdtemp()
    pages, listed = read(a.files, work)
    path = signs(pages, listed, work)
    total = sum(len(page["lines"]) for page in pages)
    print(len(pages), "pages", total, "blocks", int(sum(page["y"].sum() for page in pages)), "kept", flush=True)
    parts = gather(pages, rows(pages, path))
    if a.folds:
        judged = judge(pages, parts, a.folds)
        np.save(os.path.join(work, "judged.npy"), judged)
        report("by the trees and rules", pages, cuts(listed, judged, work))
    if a.write:
        x, y, w, _, _ = parts
        model = fit(x, y, w)
        with open(a.write, "w") as out:
            print("\n".join(table(model)), file=out)
        gain = model.feature_importance("gain")
        print("most used", [int(i) for i in np.argsort(-gain)[:40]], "unused", int((gain == 0).sum()))


if __name__ == "__main__":
    main()
