#!/usr/bin/env python3
"""Fits the trees that find headline, date, authors and section among the lines of flattened text:
src/extract/lines/field_trees.rs.

usage: fit_fields.py WORK [--write src/extract/lines/field_trees.rs] [--silver FILE] [--beside DIR ...]
                     [--made DIR ...] [--folds N]

WORK is what `fit_lines.py FILES --work WORK`, then `fit_net.py` with the same, left. What silver.py left
beside is taught with less weight, and scored by what the markup of its pages declares; what
`sites.py make DIR` left has its headlines taught with little weight, and is never scored. The
candidates are asked of the program (cargo test, an ignored test of src/extract/lines/tests.rs):
headlines first, then the other fields beside headlines that were found by trees that never saw their
site.
Sites are never split over the folds.
"""
import argparse
import collections
import hashlib
import json
import os
import re
import subprocess
import unicodedata

import lightgbm as lgb
import numpy as np

import forest

PARAMS = dict(objective="binary", learning_rate=0.06, num_leaves=14, min_data_in_leaf=20,
              feature_fraction=0.4, bagging_fraction=0.7, bagging_freq=1, lambda_l2=10,
              num_threads=1, verbose=-1, max_depth=6, seed=1)
ROUNDS = dict(headline=500, date=180, author=260, section=120)
# What a page weighs whose truth is only what fiche reads in its markup.
SILVER_WEIGHT = 0.5
# ... and one that was made.
MADE_WEIGHT = 0.1
KINDS = list(ROUNDS)
# As in head.rs.
DOUBT = 2.0
# What is less sure is not said; what the table shows beside that.
LEAST = dict(headline=-9.0, date=0.5, author=-2.0, section=-1.6)
STEPS = dict(headline=(0,), date=(-0.6, -0.3, 0, 0.3, 0.6), author=(-0.4, 0, 0.4), section=(-0.4, -0.2, 0, 0.4))
WORD = re.compile(r"\w+")


def fold(text):
    text = unicodedata.normalize("NFKC", text or "").casefold()
    return " ".join(WORD.findall(re.sub("[\u2018\u2019\u201b\u02bc`\u00b4']", "", text)))


def names(values):
    return {fold(value) for value in values if fold(value)}


def truth_of(path):
    if path in BESIDE:
        return BESIDE[path]
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
# The truth of pages beside those of WORK, left by silver.py or made, by their paths.
BESIDE = {}


def read_made(folder):
    """The truth of the texts of the sites in a folder."""
    for site in sorted(os.listdir(folder)):
        with open(f"{folder}/{site}/truth.jsonl", encoding="utf-8") as f:
            for truth in map(json.loads, f):
                path = f"{os.path.abspath(folder)}/{site}/text/{truth['id']}.txt"
                about = dict(silver=True, made=True, source="made", flat="made", site=f"{folder}/{site}")
                BESIDE[path] = {**truth, **about}


def read_beside(folder):
    """The truth of the texts that silver.py left in a folder."""
    for flat in ("text_a", "text_b"):
        for name in sorted(os.listdir(f"{folder}/{flat}")):
            path = f"{os.path.abspath(folder)}/{flat}/{name}"
            with open(f"{folder}/truth/{name[:-4]}.json", encoding="utf-8") as f:
                truth = json.load(f)
            BESIDE[path] = {**truth, "source": "beside", "flat": flat, "site": truth["group"]}


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
        self.at, self.value, self.price, self.x = [], [], [], []

    def close(self, kind):
        self.x = np.array(self.x, np.float32)
        silver = self.truth.get("silver", False)
        self.known = not silver and worth(kind, self.truth, "") is not None
        if not self.known and self.silver:
            self.truth = self.truth | {k: v for k, v in self.silver.items() if k != "key"}
        # Where made sites have their other fields is too much alike.
        made = self.truth.get("made", False)
        self.taught = worth(kind, self.truth, "") is not None and not (made and kind != "headline")
        self.weight = 1 if self.known else MADE_WEIGHT if made else SILVER_WEIGHT
        worths = [worth(kind, self.truth, value) for value in self.value]
        self.worth = np.array([w or 0.0 for w in worths])
        if kind == "headline" and self.taught and not self.worth.any():
            # Printed otherwise than the truth has it: the line that is most like it.
            near = [max(likeness(fold(v), fold(t)) for t in [self.truth["headline"]])
                    for v in self.value]
            self.y = np.array([float(n == max(near) and n > 0.55) for n in near])
        else:
            self.y = (self.worth > 0.6).astype(float)


def read(file, kind, paths):
    """The pages with their candidates for one field."""
    pages = {path: Page(path) for path in paths}
    with open(file, encoding="utf-8") as f:
        for line in f:
            path, of, at, value, signs = line.rstrip("\n").split("\t")
            if of != kind or kind == "author" and not value:
                continue
            page = pages[path]
            page.at.append(int(at))
            page.value.append(value.lstrip("?"))
            page.price.append(DOUBT if value.startswith("?") else 0)
            page.x.append(np.array(signs.split(), np.float32))
    for page in pages.values():
        page.close(kind)
    return list(pages.values())


def fit(kind, pages):
    pages = [p for p in pages if p.taught and len(p.at)]
    x = np.concatenate([p.x for p in pages])
    y = np.concatenate([p.y for p in pages])
    weights = np.concatenate([np.full(len(p.at), p.weight) for p in pages])
    return lgb.train(PARAMS, lgb.Dataset(x, y, weight=weights), ROUNDS[kind])


def answer(kind, page, z, least):
    """The value said, and its line."""
    if not len(z) or z.max() < least:
        return "", None
    best = int(z.argmax())
    return page.value[best], page.at[best]


def table(kind, pages, zs, least):
    rows = collections.defaultdict(list)
    for page, z in zip(pages, zs):
        beside = page.taught and page.truth["source"] == "beside"
        if not page.known and not beside:
            continue
        value, _ = answer(kind, page, z, least)
        right = worth(kind, page.truth, value) if value else 0.0
        if kind == "date" and page.truth.get("date") == "" or kind == "author" and page.truth["authors"] == []:
            right = float(not value)
        best = max([0.0, *page.worth])
        rows[page.truth["source"] + "/" + page.truth["flat"][-1]].append(
            (right, bool(value) and right < 0.5, best))
    return {k: np.array(v, float).mean(axis=0) for k, v in sorted(rows.items())}


def write(models, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write("//! The trees that answer for the fields, fitted by `tests/fit/fit_fields.py`: a table, not for reading.\n\n")
        out.write('#![allow(clippy::approx_constant, clippy::unreadable_literal, reason = "a table")]\n\n')
        out.write("use super::judge::Forest;\n")
        for kind in KINDS:
            forest.write(out, kind.upper(), models[kind], LEAST[kind])


def program(test, **environment):
    """Runs one of the ignored tests of src/extract/lines/tests.rs."""
    command = ["cargo", "test", "--lib", "-q", test, "--", "--ignored"]
    subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)


def with_beside(work):
    """Puts the pages beside those of WORK behind them, in a folder of its own."""
    both = os.path.join(os.path.abspath(work), "both")
    os.makedirs(both, exist_ok=True)
    paths = {name: (os.path.join(work, name), os.path.join(both, name)) for name in ("files", "scores", "judged")}
    with open(paths["files"][1], "w", encoding="utf-8") as out:
        out.writelines(f"{path}\n" for path in BESIDE)
    program("judgements_for_the_fit", FIT_FILES=paths["files"][1], FIT_SCORES=paths["scores"][1], FIT_JUDGED=paths["judged"][1])
    for name, (own, beside) in paths.items():
        with open(own, "rb") as f, open(beside, "rb") as g:
            joined = f.read() + (b"\n" if name == "files" else b"") + g.read()
        with open(beside, "wb") as out:
            out.write(joined)
    return both


def candidates(work, titles):
    """Asks the program for the candidates of all fields, or without headlines for those."""
    at = {name: os.path.join(os.path.abspath(work), name) for name in ("files", "scores", "judged", "fields", "titles")}
    environment = dict(FIT_FILES=at["files"], FIT_SCORES=at["scores"], FIT_JUDGED=at["judged"], FIT_FIELDS=at["fields"])
    if titles:
        with open(at["titles"], "w", encoding="utf-8") as out:
            out.writelines(f"{path}\t{line}\n" for path, line in titles.items())
        environment["FIT_TITLES"] = at["titles"]
    program("fields_for_the_fit", **environment)
    with open(at["files"], encoding="utf-8") as f:
        return at["fields"], f.read().split()


def crossed(kind, pages, folds):
    """The judgements of the candidates of each page by trees that never saw its site."""
    fold_of = [int(hashlib.sha256(p.truth["site"].encode()).hexdigest(), 16) % folds for p in pages]
    zs = [None] * len(pages)
    for k in range(folds):
        model = fit(kind, [p for p, f in zip(pages, fold_of) if f != k])
        for i, (page, f) in enumerate(zip(pages, fold_of)):
            if f == k:
                zs[i] = model.predict(page.x, raw_score=True) - page.price if len(page.at) else np.zeros(0)
    return zs


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("work")
    ap.add_argument("--write")
    ap.add_argument("--folds", type=int, default=6)
    ap.add_argument("--said", help="write here what cross-validation said of each page")
    ap.add_argument("--made", nargs="*", default=[], help="folders of made sites")
    ap.add_argument("--beside", nargs="*", default=[], help="folders that silver.py left")
    ap.add_argument("--silver", help="what another reader says: {key: SET/ID, headline, ...} a line")
    a = ap.parse_args()
    if a.silver:
        with open(a.silver, encoding="utf-8") as f:
            SILVER.update((row["key"], row) for row in map(json.loads, f))
    for folder in a.made:
        read_made(folder)
    for folder in a.beside:
        read_beside(folder)
    work = with_beside(a.work) if BESIDE else a.work
    titles, models, said = {}, {}, []
    for kind in KINDS:
        if kind in KINDS[:2]:
            fields, files = candidates(work, titles)
        pages = read(fields, kind, files)
        zs = crossed(kind, pages, a.folds)
        for least in (LEAST[kind] + more for more in STEPS[kind]):
            rows = table(kind, pages, zs, least)
            print(kind, f"{least:.1f}", " ".join(f"{k} {v[0]:.3f} wrong {v[1]:.3f} best {v[2]:.3f}" for k, v in rows.items()),
                  flush=True)
        for page, z in zip(pages, zs):
            value, at = answer(kind, page, z, LEAST[kind])
            said.append([page.path, kind, value, at, float(max(z, default=-99))])
            if kind == "headline" and at is not None:
                titles[page.path] = at
        if a.write:
            models[kind] = fit(kind, pages)
    if a.said:
        with open(a.said, "w", encoding="utf-8") as f:
            json.dump(said, f, ensure_ascii=False)
    if a.write:
        write(models, a.write)


if __name__ == "__main__":
    main()
