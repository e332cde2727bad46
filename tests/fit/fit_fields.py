#!/usr/bin/env python3
"""Fits the trees that find headline, date, authors and section among the lines of flattened text:
src/extract/lines/field_trees.rs.

usage: fit_fields.py FIELDS [--titles FILE] [--write field_trees.rs] [--folds N]

FIELDS is written by
FIT_FILES=LIST FIT_FIELDS=FIELDS cargo test --lib fields_for_the_fit -- --ignored
where LIST names the texts (SET/text_a/ID.txt beside SET/truth/ID.json). The first run has headlines
only; it writes to --titles where each headline was found by trees that never saw its site. With
FIT_TITLES=FILE the second run has the candidates for the other fields too.
Sites are never split over the folds.
"""
import argparse
import collections
import hashlib
import json
import os
import re
import unicodedata

import lightgbm as lgb
import numpy as np

ONE_SITE = 60
PARAMS = dict(objective="binary", learning_rate=0.1, num_leaves=8, min_data_in_leaf=20,
              feature_fraction=0.4, bagging_fraction=0.7, bagging_freq=1, lambda_l2=10,
              num_threads=2, verbose=-1, max_depth=5, seed=1)
ROUNDS = dict(headline=90, date=60, author=70, section=60)
WORD = re.compile(r"\w+")


def fold(text):
    text = unicodedata.normalize("NFKC", text or "").casefold()
    return " ".join(WORD.findall(re.sub("[\u2018\u2019\u201b\u02bc`\u00b4']", "", text)))


def names(values):
    return {fold(value) for value in values if fold(value)}


def truth_of(path):
    folder, name = os.path.split(path)
    root = os.path.dirname(folder)
    with open(f"{root}/truth/{name[:-4]}.json", encoding="utf-8") as f:
        truth = json.load(f)
    source = os.path.basename(root)
    truth["source"], truth["flat"] = source, os.path.basename(folder)
    truth["site"] = source if "group" not in truth or not truth["group"] else truth["group"]
    if source not in ("fundus", "wcxb", "aeb"):
        truth["site"] = source
    return truth


# What another reader says of pages whose truth is not known: taught, never scored.
SILVER = {}


def likeness(one, other):
    one, other = set(one.split()), set(other.split())
    return 2 * len(one & other) / max(1, len(one) + len(other))


def worth(kind, truth, value):
    """How right an answer is, from 0 to 1; None where the truth is not known."""
    if kind == "headline":
        return float(fold(value) == fold(truth["headline"])) if truth.get("headline") else None
    if kind == "date":
        if truth.get("date") is None:
            return None
        return float(value[:10] == truth["date"][:10] and bool(truth["date"]))
    if kind == "author":
        if truth.get("authors") is None:
            return None
        said, true = names(value.split(";")), names(truth["authors"])
        return 2 * len(said & true) / (len(said) + len(true)) if said and true else 0.0
    if not truth.get("section"):
        return None
    return float(fold(value) in {fold(s) for s in [truth["section"], *(truth.get("sections_ok") or [])]})


class Page:
    def __init__(self, path):
        self.path, self.truth = path, truth_of(path)
        self.silver = SILVER.get(f"{self.truth['source']}/{os.path.basename(path)[:-4]}")
        self.at, self.value, self.x = [], [], []

    def close(self, kind):
        self.x = np.array(self.x, np.float32)
        self.known = worth(kind, self.truth, "") is not None
        if not self.known and self.silver:
            self.truth = self.truth | {k: v for k, v in self.silver.items() if k != "key"}
        self.taught = worth(kind, self.truth, "") is not None
        worths = [worth(kind, self.truth, value) for value in self.value]
        self.worth = np.array([w or 0.0 for w in worths])
        if kind == "headline" and self.taught and not self.worth.any():
            # Printed otherwise than the truth has it: the line that is most like it.
            near = [max(likeness(fold(v), fold(t)) for t in [self.truth["headline"]])
                    for v in self.value]
            self.y = np.array([float(n == max(near) and n > 0.55) for n in near])
        else:
            self.y = (self.worth > 0.6).astype(float)


def read(file, only):
    """The candidates of each page, by the field; of a site of many pages one in a few."""
    kinds = collections.defaultdict(dict)
    with open(file, encoding="utf-8") as f:
        for line in f:
            path, kind, at, value, signs = line.rstrip("\n").split("\t")
            if only and kind != only or kind == "author" and not value:
                continue
            if path not in kinds[kind]:
                kinds[kind][path] = Page(path)
            page = kinds[kind][path]
            page.at.append(int(at))
            page.value.append(value)
            page.x.append(np.fromstring(signs, np.float32, sep=" "))
    out = {}
    for kind, pages in kinds.items():
        for page in pages.values():
            page.close(kind)
        out[kind] = list(pages.values())
    return out


def weights(pages, most=ONE_SITE):
    """A site of many pages weighs as a few of them; a page as any other."""
    count = collections.Counter((p.truth["site"], p.truth["flat"]) for p in pages)
    return [min(1.0, most / count[p.truth["site"], p.truth["flat"]]) for p in pages]


def fit(pages, rounds):
    pages = [p for p in pages if p.taught and len(p.at)]
    many = collections.Counter(p.truth["site"] for p in pages)
    pages = [p for n, p in enumerate(pages) if n % max(1, many[p.truth["site"]] // 120) == 0]
    x = np.concatenate([p.x for p in pages])
    y = np.concatenate([p.y for p in pages])
    w = np.concatenate([np.full(len(p.at), s) for p, s in zip(pages, weights(pages))])
    return lgb.train(PARAMS, lgb.Dataset(x, y, weight=w), rounds)


def answer(kind, page, z, least):
    """The value said, and its line."""
    if not len(z) or z.max() < least:
        return "", None
    best = int(z.argmax())
    return page.value[best], page.at[best]


def table(kind, pages, zs, least):
    rows = collections.defaultdict(list)
    for page, z in zip(pages, zs):
        if not page.known:
            continue
        value, _ = answer(kind, page, z, least)
        right = worth(kind, page.truth, value) if value else 0.0
        if kind == "date" and page.truth["date"] == "" or kind == "author" and page.truth["authors"] == []:
            right = float(not value)
        best = max([0.0, *page.worth])
        rows[page.truth["source"] + "/" + page.truth["flat"][-1]].append(
            (right, bool(value) and right < 0.5, best))
    return {k: np.array(v, float).mean(axis=0) for k, v in sorted(rows.items())}


def dump(model):
    trees = [t["tree_structure"] for t in model.dump_model()["tree_info"]]
    nodes, leaves, roots = [], [], []

    def walk(node):
        if "split_feature" not in node:
            leaves.append(node["leaf_value"])
            return -len(leaves)
        at = len(nodes)
        nodes.append(None)
        low, high = walk(node["left_child"]), walk(node["right_child"])
        nodes[at] = (node["split_feature"], node["threshold"], low, high)
        return at

    for tree in trees:
        roots.append(walk(tree))
    return roots, nodes, leaves


def number(value):
    text = f"{np.float32(value):.6g}"
    if "e-" in text:
        text = "0.0"
    return text if "." in text else text + ".0"


def write(models, least, path):
    with open(path, "w", encoding="utf-8") as f:
        f.write("//! The trees that answer for the fields: fitted by `tests/fit/fit_fields.py`, not for reading.\n\n")
        f.write("use super::fields::Forest;\n")
        for kind in ("headline", "date", "author", "section"):
            if kind not in models:
                f.write(f"\npub(super) static {kind.upper()}: Forest = Forest {{ roots: &[], nodes: &[], leaves: &[], least: 0.0 }};\n")
                continue
            roots, nodes, leaves = dump(models[kind])
            f.write(f"\n#[rustfmt::skip]\npub(super) static {kind.upper()}: Forest = Forest {{\n    roots: &{roots},\n    nodes: &[\n")
            cells = [f"({s},{number(t)},{a},{b})," for s, t, a, b in nodes]
            for k in range(0, len(cells), 6):
                f.write("        " + " ".join(cells[k:k + 6]) + "\n")
            f.write("    ],\n    leaves: &[\n")
            for k in range(0, len(leaves), 14):
                f.write("        " + " ".join(f"{v:.4f}," for v in leaves[k:k + 14]) + "\n")
            f.write(f"    ],\n    least: {number(least[kind])},\n}};\n")


LEAST = dict(headline=-9.0, date=1.1, author=-1.0, section=-1.0)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("fields")
    ap.add_argument("--titles")
    ap.add_argument("--write")
    ap.add_argument("--folds", type=int, default=6)
    ap.add_argument("--per-page")
    ap.add_argument("--silver", help="what another reader says: {key: SET/ID, headline, ...} a line")
    ap.add_argument("--only")
    a = ap.parse_args()
    if a.silver:
        with open(a.silver, encoding="utf-8") as f:
            SILVER.update((row["key"], row) for row in map(json.loads, f))
    kinds = read(a.fields, a.only)
    per = {}
    for kind, pages in kinds.items() if a.folds else ():
        fold_of = [int(hashlib.sha256(p.truth["site"].encode()).hexdigest(), 16) % a.folds for p in pages]
        zs = [None] * len(pages)
        for k in range(a.folds):
            model = fit([p for p, f in zip(pages, fold_of) if f != k], ROUNDS[kind])
            for i, (page, f) in enumerate(zip(pages, fold_of)):
                if f == k:
                    zs[i] = model.predict(page.x, raw_score=True)
        for least in (-9.0,) if kind == "headline" else (-1.6, -1.0, -0.4, 0.2, 0.8):
            rows = table(kind, pages, zs, least)
            print(kind, least, " ".join(f"{k} {v[0]:.3f} wrong {v[1]:.3f} best {v[2]:.3f}" for k, v in rows.items()))
        for page, z in zip(pages, zs):
            value, at = answer(kind, page, z, LEAST[kind])
            per[page.path, kind] = (value, at, float(z.max()))
    if a.titles:
        with open(a.titles, "w", encoding="utf-8") as f:
            for (path, kind), (_, at, _) in per.items():
                if kind == "headline" and at is not None:
                    f.write(f"{path}\t{at}\n")
    if a.per_page:
        with open(a.per_page, "w", encoding="utf-8") as f:
            json.dump([[*k, *v] for k, v in per.items()], f, ensure_ascii=False)
    if a.write:
        models = {kind: fit(pages, ROUNDS[kind]) for kind, pages in kinds.items()}
        write(models, LEAST, a.write)


if __name__ == "__main__":
    main()
