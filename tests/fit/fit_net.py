#!/usr/bin/env python3
"""Fits the network that judges a line beside the trees: net_table.rs of src/extract/lines.

usage: fit_net.py FILES --work DIR [--write src/extract/lines] [--folds N]

Run by hand after fit_lines.py, from the root of the project, with its FILES and its DIR; needs numpy,
lightgbm and torch. DIR then has the judgements of both together, which fit_fields.py learns from.

The network reads the signs of each line, and carries from line to line, downwards and upwards, what
it makes of them (two rows of gated recurrent units; Cho et al. 2014). Lines of pages are left out by
chance while it learns, alone or in stretches that are no body, so that it does not lean on the length
of a menu. Scores are by cross-validation over sites, as in fit_lines.py.
"""
import argparse
import hashlib
import os

import numpy as np
import torch
from torch import nn

from fit_lines import CHANGE, Lexicon, Words, read, score, shares, signs, weight

# As in net.rs: units between signs and gates, and units that each direction carries on.
UNITS, CARRIED = 48, 24
# Signs that grow beyond this are taken by their roots.
LARGE = 8
# Weights are written as so many parts of one.
PARTS = 1024
# How much of the judgement is the network's, as in lines.rs.
SHARE = 0.5
EPOCHS, BATCH, PIECE = 20, 24, 400
RATE, DECAY, DROPPED, SMOOTH = 0.003, 0.01, 0.35, 0.03
LEFT_OUT = 0.15


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.input = nn.Linear(width, UNITS)
        self.gates = nn.GRU(UNITS, CARRIED, bidirectional=True, batch_first=True)
        self.output = nn.Linear(UNITS + 2 * CARRIED, 1)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, x):
        seen = torch.relu(self.input(self.drop(x)))
        carried, _ = self.gates(self.drop(seen))
        return self.output(self.drop(torch.cat([seen, carried], -1))).squeeze(-1)


class Scale:
    """How signs are brought to one size."""

    def __init__(self, x):
        self.root = np.abs(x).max(0) > LARGE
        x = self.rooted(x)
        self.mean, self.factor = x.mean(0), 1 / (x.std(0) + 1e-3)

    def rooted(self, x):
        return np.where(self.root, np.sign(x) * np.sqrt(np.abs(x)), x)

    def __call__(self, x):
        return ((self.rooted(x) - self.mean) * self.factor).clip(-4, 4).astype("f4")


def thinned(length, y, rng):
    """Which of some lines are learned from this time."""
    keep = np.ones(length, bool)
    chance = rng.random()
    if chance < 0.35:
        keep &= rng.random(length) > LEFT_OUT
    elif chance < 0.7:
        for _ in range(2):
            start = rng.integers(0, length)
            row = np.arange(start, min(length, start + rng.integers(1, 25)))
            keep[row[y[row] == 0]] = False
    return keep


def fit(pages, x, weights, chosen):
    """The network that learned from the chosen pages, and how their signs are scaled."""
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    scale = Scale(np.concatenate([x[i] for i in chosen]))
    own = {i: (scale(x[i]), pages[i]["y"] > 0, weight(pages[i], weights[i])) for i in chosen}
    pieces = [(i, at, min(at + PIECE, len(x[i]))) for i in chosen for at in range(0, len(x[i]), PIECE)]
    net = Net(x[0].shape[1])
    steps = EPOCHS * -(-len(pieces) // BATCH)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps + 1)
    for _ in range(EPOCHS):
        # Pieces of about one length are learned together.
        order = sorted(rng.permutation(len(pieces)),
                       key=lambda at: (pieces[at][2] - pieces[at][1]) // 40 + rng.random() * 2)
        batches = [order[at:at + BATCH] for at in range(0, len(order), BATCH)]
        for number in rng.permutation(len(batches)):
            batch = [pieces[at] for at in batches[number]]
            longest = max(end - at for _, at, end in batch)
            rows = np.zeros((len(batch), longest, x[0].shape[1]), "f4")
            told, worth = np.zeros((2, len(batch), longest), "f4")
            for row, (i, at, end) in enumerate(batch):
                signs_of, y, w = own[i]
                lines = at + np.flatnonzero(thinned(end - at, y[at:end], rng))
                rows[row, :len(lines)] = signs_of[lines]
                told[row, :len(lines)] = y[lines] * (1 - 2 * SMOOTH) + SMOOTH
                worth[row, :len(lines)] = w[lines]
            loss = nn.functional.binary_cross_entropy_with_logits(
                net(torch.from_numpy(rows)), torch.from_numpy(told), weight=torch.from_numpy(worth),
                reduction="sum") / max(float(worth.sum()), 1e-6)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            rates.step()
    net.eval()
    return net, scale


def judge(net, scale, x):
    with torch.no_grad():
        return net(torch.from_numpy(scale(x))[None])[0].numpy()


def write(net, scale, path):
    """The network as Rust."""
    def whole(value):
        return str(int(np.clip(np.rint(float(value) * PARTS), -32767, 32767)))

    def real(value):
        text = f"{np.float32(value):.6g}"
        return text if "." in text or "e" in text else text + ".0"

    def rows(matrix, show):
        return "[\n" + "".join("        [" + ",".join(show(v) for v in row) + "],\n" for row in matrix) + "    ]"

    state = {name: value.numpy() for name, value in net.state_dict().items()}
    with open(path, "w", encoding="utf-8") as out:
        def put(name, text):
            out.write(f"    {name}: {text},\n")

        def row(values, show=whole):
            return "[" + ",".join(show(value) for value in values) + "]"

        out.write("//! The network that judges a line, fitted by `tests/fit/fit_net.py`: a table, not for reading.\n\n")
        out.write('#![allow(clippy::approx_constant, clippy::unreadable_literal, reason = "a table")]\n\n')
        out.write("use super::net::{Direction, Table};\n\n#[rustfmt::skip]\npub(super) static TABLE: Table = Table {\n")
        put("root", "[" + ",".join(str(bool(v)).lower() for v in scale.root) + "]")
        put("mean", row(scale.mean, real))
        put("factor", row(scale.factor, real))
        put("input", rows(state["input.weight"], whole))
        put("input_bias", row(state["input.bias"]))
        directions = []
        for end in ("", "_reverse"):
            gates, carried = state["gates.weight_ih_l0" + end], state["gates.weight_hh_l0" + end]
            bias, own = state["gates.bias_ih_l0" + end], state["gates.bias_hh_l0" + end]
            # What is added to the first two gates is added at once.
            bias = np.concatenate([(bias + own)[:2 * CARRIED], bias[2 * CARRIED:]])
            directions.append("Direction {\n    gates: " + rows(gates, whole) + ",\n    bias: " + row(bias)
                              + ",\n    carried: " + rows(carried.T, whole) + ",\n    carried_bias: "
                              + row(own[2 * CARRIED:]) + ",\n    }")
        put("directions", "[" + ", ".join(directions) + "]")
        output = state["output.weight"][0]
        put("output", row(output[:UNITS]))
        put("output_carried", "[" + row(output[UNITS:UNITS + CARRIED]) + ", " + row(output[UNITS + CARRIED:]) + "]")
        put("output_bias", whole(state["output.bias"][0]))
        out.write("};\n")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("files")
    ap.add_argument("--work", required=True)
    ap.add_argument("--write")
    ap.add_argument("--folds", type=int, default=4)
    a = ap.parse_args()
    pages, listed = read(a.files, a.work)
    weights, words = shares(pages), Words(pages)

    def show(title, zs):
        got = score(pages, zs, CHANGE)
        print(title, " ".join(f"{k[0]}/{k[1][-1]} {v[0]:.4f}" for k, v in got.items()), flush=True)

    if a.folds:
        ends = np.cumsum([len(page["n"]) for page in pages])[:-1]
        trees = np.split(np.fromfile(os.path.join(a.work, "judged_by_trees"), "<f4"), ends)
        fold = [int(hashlib.sha256(page["site"].encode()).hexdigest(), 16) % a.folds for page in pages]
        of_line = np.concatenate([np.full(len(page["n"]), f) for page, f in zip(pages, fold)])
        own = [None] * len(pages)
        for k in range(a.folds):
            x = signs(pages, listed, a.work, Lexicon(words, (of_line[words.line] != k) & ~words.silver))
            net, scale = fit(pages, x, weights, [i for i in range(len(pages)) if fold[i] != k])
            for i in range(len(pages)):
                if fold[i] == k:
                    own[i] = judge(net, scale, x[i])
            print("fold", k, flush=True)
        both = [(1 - SHARE) * one + SHARE * other for one, other in zip(trees, own)]
        np.concatenate(both).astype("<f4").tofile(os.path.join(a.work, "judged"))
        show("trees", trees)
        show("network", own)
        show("both", both)
    if a.write:
        x = signs(pages, listed, a.work, Lexicon(words, ~words.silver))
        write(*fit(pages, x, weights, range(len(pages))), os.path.join(a.write, "net_table.rs"))


if __name__ == "__main__":
    main()
