"""How the fits write boosted trees: as the tables that src/extract/lines/judge.rs reads."""
import re

import numpy as np


def number(value):
    """A number as Rust writes one, with the digits that a judgement needs."""
    value = f"{np.float32(value):.6g}" if abs(value) > 1e-30 else "0"
    return value if re.search(r"[.e]", value) else value + ".0"


def tables(model):
    """How many nodes each tree has; sign, limit and mask of each node; what each leaf adds.

    The mask has a bit for each leaf of the tree, from the left, and 0 for those at or below the limit.
    """
    sizes, nodes, leaves = [], [], []

    def walk(node, first):
        """The number of leaves below a node, the first of which is `first` of its tree."""
        if "split_feature" not in node:
            leaves.append(node["leaf_value"])
            return 1
        at = len(nodes)
        nodes.append(None)
        low = walk(node["left_child"], first)
        high = walk(node["right_child"], first + low)
        nodes[at] = (node["split_feature"], node["threshold"], ~((1 << low) - 1 << first) & 0xFFFFFFFF)
        return low + high

    for tree in model.dump_model()["tree_info"]:
        sizes.append(walk(tree["tree_structure"], 0) - 1)
        assert sizes[-1] < 32
    return sizes, nodes, leaves


def write(out, name, model, least):
    """Writes one `static` of the type `Forest`."""
    sizes, nodes, leaves = tables(model)
    out.write(f"\n#[rustfmt::skip]\npub(super) static {name}: Forest = Forest {{\n    trees: &{sizes},\n    nodes: &[\n")
    cells = [f"({sign},{number(limit)},0x{mask:x})," for sign, limit, mask in nodes]
    for k in range(0, len(cells), 6):
        out.write("        " + " ".join(cells[k:k + 6]) + "\n")
    out.write("    ],\n    leaves: &[\n")
    for k in range(0, len(leaves), 12):
        out.write("        " + " ".join(f"{number(value)}," for value in leaves[k:k + 12]) + "\n")
    out.write(f"    ],\n    least: {number(least)},\n}};\n")
