#!/usr/bin/env python3
"""Makes pages to learn from out of pages whose truth nobody wrote down: what fiche reads in their
markup is taken for true of their flattened text.

usage: silver.py PAGES OUT FICHE [--known SET ...]

PAGES is a folder of HTML pages, such as those in the tests of packages that read articles; FICHE is
the program. OUT gets text_a, text_b and truth, as the other sets have them, each truth with
`"silver": true`: fit_fields.py (`--beside`) teaches it with less weight and scores it apart. Pages
of sites that the sets of `--known` have are left out, and so are those of little text, copies, and
more than a few of one site.

Run by hand; needs resiliparse and inscriptis.
"""
import argparse
import collections
import glob
import hashlib
import json
import os
import re
import subprocess
from urllib.parse import urlparse

from inscriptis import get_text
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

# Of one site no more; of less text than so many words none.
MOST, LEAST = 12, 120
FIELDS = ("headline", "date", "authors")


def flattened(page):
    """As two programs flatten a page."""
    first = extract_plain_text(page, main_content=False, preserve_formatting=True, alt_texts=False)
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in get_text(page).split("\n"))
    return first + "\n", re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def site_of(address):
    host = (urlparse(address or "").hostname or "").lower().removeprefix("www.")
    parts = host.split(".")
    return host, re.sub(r"\W", "", parts[-2] if len(parts) > 1 else host)


def known_sites(sets):
    sites = set()
    for path in (path for one in sets for path in glob.glob(f"{one}/truth/*.json")):
        with open(path, encoding="utf-8") as f:
            truth = json.load(f)
        sites.add(site_of(truth.get("url"))[1])
        sites.add(re.sub(r"\W", "", (truth.get("group") or "").lower().split(".")[0]))
    return sites - {"", "co", "com", "org"}


def pages(folder):
    """The pages of a folder and of all below it, copies once."""
    seen = set()
    for path in sorted(glob.glob(f"{folder}/**/*.htm*", recursive=True)):
        with open(path, "rb") as f:
            raw = f.read()
        page = bytes_to_str(raw, detect_encoding(raw))
        title = re.search(r"<title[^>]*>(.*?)</title>", page, re.S | re.I)
        name = title.group(1).strip()[:60] if title else re.sub(r"\W+", "", page)[2000:4000]
        if name not in seen:
            seen.add(name)
            yield "s" + hashlib.sha1(path.encode()).hexdigest()[:10], page


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("pages")
    ap.add_argument("out")
    ap.add_argument("fiche")
    ap.add_argument("--known", nargs="*", default=[])
    a = ap.parse_args()
    for folder in ("html", "text_a", "text_b", "truth"):
        os.makedirs(f"{a.out}/{folder}", exist_ok=True)
    texts = {}
    for name, page in pages(a.pages):
        try:
            texts[name] = flattened(page)
        except ValueError as error:
            print(name, "cannot be flattened:", error)
            continue
        with open(f"{a.out}/html/{name}.html", "w", encoding="utf-8") as f:
            f.write(page)
    paths = [f"{a.out}/html/{name}.html" for name in texts]
    command = [a.fiche, "inspect", "--format", "jsonl", "--keep-all", "--quiet", *paths]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    articles = collections.defaultdict(list)
    for article in map(json.loads, told.splitlines()):
        articles[os.path.basename(article["path"]).split(".")[0]].append(article)
    known, count, kept = known_sites(a.known), collections.Counter(), 0
    for name, (article, *others) in sorted(articles.items()):
        body = article["body"]
        words = len(body.split()) + len(re.findall(r"[\u4e00-\u9fff]", body)) // 2
        host, site = site_of(article["url"])
        host = host or article["source"] or name
        empty = not all(text.strip() for text in texts[name])
        if others or empty or words < LEAST or site in known or count[host] == MOST:
            continue
        count[host] += 1
        standfirst = article["standfirst"]
        body = body if not standfirst or standfirst in body else f"{standfirst}\n\n{body}"
        truth = dict(id=name, silver=True, group=host, url=article["url"], body=body)
        truth |= {field: article[field] for field in FIELDS if article[field]}
        if article["section"]:
            labels = article["section"].split("/")
            truth |= dict(section=labels[-1], sections_ok=labels)
        with open(f"{a.out}/truth/{name}.json", "w", encoding="utf-8") as f:
            json.dump(truth, f, ensure_ascii=False)
        for folder, text in zip(("text_a", "text_b"), texts[name]):
            with open(f"{a.out}/{folder}/{name}.txt", "w", encoding="utf-8") as f:
                f.write(text)
        kept += 1
    print(kept, "pages of", len(count), "sites")


if __name__ == "__main__":
    main()
