#!/usr/bin/env python3
"""Makes whole sites of many pages, as text and as HTML, with their truth; and measures on them.

usage: sites.py make OUT [--source ARTICLES.jsonl] [--sites N] [--pages N] [--seed N]
       sites.py measure OUT --program FICHE [--pages 2,10,100]

`make` writes OUT/SITE/text/*.txt, OUT/SITE/html/*.html and OUT/SITE/truth.jsonl. A site has a
template of its own: navigation, a line that the reader shall subscribe, a byline in its own form,
teasers of other pages of the site, links to related pages, an appeal for money in the text or below
it, a footer. ARTICLES.jsonl has a line for each article ("headline", "body", perhaps "section",
"date", "authors"); without it, articles are made of a few hundred own sentences. The same seed makes
the same bytes.

`measure` copies so many pages of each site, has the program inspect them with and without what the
pages of a folder have in common, and prints the body F1 of each (4-token shingles), and the share of
right headlines, days, authors and sections.
"""
import argparse
import html
import json
import os
import random
import re
import shutil
import subprocess
import tempfile
from collections import Counter

from truth import WORD

WORDS = {
    "who": "the harbour master|a ferry company|the town council|two fishermen|an old teacher|the railway|"
           "a court in the capital|the weather office|a painter|the union of dockers|three villages|her brother",
    "did": "has closed|will open|could not find|asked for|paid for|measured|gave up|repaired|spoke against|"
           "took over|lost|counted",
    "what": "the northern pier|a bridge of iron|the winter timetable|eleven barrels of oil|the lower market|"
            "a letter from the ministry|the new lighthouse|the price of coal|an orchard|its oldest ship|"
            "the archive of the town|a cold store",
    "when": "before the ice came|on Tuesday evening|after a vote of nine to four|for the third year|"
            "while the river was high|without a word to the press|at the end of the season|in spite of the storm",
    "why": "because nobody had asked the owners|as the law has it since the flood|so that the trains may run again|"
           "although the money is not there|and the neighbours are content|but the case is not closed",
}
SECTIONS = "World Business Culture Science Sport Opinion Local Travel Books Health".split()
NAMES = "Ada Nagy|Tom Reed|Ines Duarte|Olaf Berg|Mira Sand|Jan Kolar|Ruth Hale|Paul Weiss|Lena Moor|Ivo Prat".split("|")
APPEALS = [
    "Support the work of {site}: a small gift each month keeps our reporters at work.",
    "You can read this because readers like you pay for it. Become a member of {site} today.",
    "Sign up for the {site} morning letter and get the best of our stories in your inbox.",
    "{site} is funded by its readers. If you value independent journalism, please donate now.",
]
MONTHS = "January February March April May June July August September October November December".split()


def own_articles(rng):
    """Articles without end, of own sentences."""
    def sentence():
        pick = {key: rng.choice(value.split("|")) for key, value in WORDS.items()}
        text = "{who} {did} {what} {when}".format(**pick)
        text += rng.choice([".", f", {pick['why']}."])
        return text[0].upper() + text[1:]
    while True:
        who, did, what = (rng.choice(WORDS[key].split("|")) for key in ("who", "did", "what"))
        body = [" ".join(sentence() for _ in range(rng.randint(2, 5))) for _ in range(rng.randint(4, 14))]
        if rng.random() < 0.3:
            body.insert(rng.randrange(1, len(body)), rng.choice(["What comes next", "The other side", "A long winter"]))
        yield dict(headline=f"{who} {did} {what}".capitalize(), body="\n\n".join(body))


def given_articles(path, rng):
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    rng.shuffle(rows)
    for row in rows:
        # Lines that were wrapped by hand become paragraphs again.
        lines = [" ".join(line.split()) for line in (row.get("body") or "").split("\n") if line.strip()]
        paragraphs, open_ = [], []
        for line in lines:
            open_.append(line)
            if line.endswith((".", "!", "?", '"')) and sum(map(len, open_)) > 120:
                paragraphs.append(" ".join(open_))
                open_ = []
        if open_:
            paragraphs.append(" ".join(open_))
        if len(paragraphs) < 3:
            sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z\"“])", " ".join(paragraphs))
            paragraphs = [" ".join(sentences[at:at + 3]) for at in range(0, len(sentences), 3)]
        if row.get("headline") and len(paragraphs) >= 3:
            yield dict(headline=row["headline"], body="\n\n".join(paragraphs))


class Template:
    """How one site looks."""

    def __init__(self, rng, number):
        one, two = rng.choice("Harbour Northern Valley Evening Free Daily Coast Island".split()), rng.choice(
            "Gazette Herald Post Courier Review Observer Chronicle".split())
        self.name = f"{one} {two} {number}"
        self.sections = rng.sample(SECTIONS, 6)
        self.nav = self.sections + rng.sample(
            ["Subscribe", "Log in", "Newsletters", "Podcasts", "E-paper", "Jobs", "Weather", "Puzzles", "Video"], 5)
        self.footer = rng.sample(
            ["About us", "Contact", "Terms of use", "Privacy", "Advertise with us", "Careers", "Imprint", "Help"], 6)
        self.appeals = rng.sample(APPEALS, 2)
        self.more = rng.choice(["Read more", "Related stories", "More from " + self.name, "You may also like"])
        self.byline = rng.choice(["By {by}", "{by}", "{by}, staff writer", "Written by {by}"])
        self.date = rng.choice(["{month} {day}, {year}", "{day} {month} {year}", "Published {day} {month} {year}"])
        self.teasers_above, self.inside = rng.random() < 0.5, rng.random() < 0.5
        self.teaser_text, self.bio = rng.random() < 0.6, rng.random() < 0.5
        self.tight = rng.random() < 0.3

    def page(self, rng, article, others):
        """The page as a list of (kind, text, is it body), and what is true of its fields."""
        section, by = rng.choice(self.sections), rng.choice(NAMES)
        day = dict(month=rng.choice(MONTHS), day=rng.randint(1, 28), year=rng.randint(2005, 2024))
        true = dict(section=section, authors=[by],
                    date="{:04}-{:02}-{:02}".format(day["year"], MONTHS.index(day["month"]) + 1, day["day"]))
        rows = [("h6", self.name, 0)] + [("li", item, 0) for item in self.nav]

        def teasers(count):
            found = []
            for other in rng.sample(others, min(count, len(others))):
                found.append(("h3", other["headline"], 0))
                if self.teaser_text:
                    found.append(("p", other["body"].split("\n\n")[0][:180].rsplit(" ", 1)[0] + " …", 0))
            return found
        if self.teasers_above:
            rows += [("h4", "Most read", 0)] + teasers(3)
        rows += [("span", section, 0), ("h1", article["headline"], 0), ("span", self.byline.format(by=by), 0),
                 ("span", self.date.format(**day), 0), ("li", "Share", 0), ("li", "Print", 0)]
        paragraphs = article["body"].split("\n\n")
        middle = len(paragraphs) // 2 if self.inside else -1
        for at, text in enumerate(paragraphs):
            if at == middle:
                rows.append(("aside", self.appeals[0].format(site=self.name), 0))
            rows.append(("p", text, 1))
        if self.bio:
            rows.append(("p", f"{by} is a reporter of {self.name} and writes about {section.lower()}.", 0))
        rows += [("aside", self.appeals[1].format(site=self.name), 0), ("h4", self.more, 0)] + teasers(4)
        rows += [("li", item, 0) for item in self.footer] + [("p", f"© {self.name}. All rights reserved.", 0)]
        return rows, true

    def text(self, rows):
        out = []
        for kind, text, _ in rows:
            bullet = "  • " if kind == "li" and not self.tight else ""
            gap = "" if self.tight or kind in ("li", "span") else "\n"
            out.append(f"{gap}{bullet}{text}\n")
        return "".join(out)

    def html(self, rows, headline):
        def cell(kind, text):
            text = html.escape(text)
            return {"li": f"<li><a href='/x'>{text}</a></li>", "h3": f"<h3><a href='/y'>{text}</a></h3>",
                    "span": f"<div class='meta'>{text}</div>"}.get(kind, f"<{kind}>{text}</{kind}>")
        body = [at for at, row in enumerate(rows) if row[2]]
        parts = [rows[:body[0]], rows[body[0]:body[-1] + 1], rows[body[-1] + 1:]]
        above, inside, below = ("\n".join(cell(kind, text) for kind, text, _ in part) for part in parts)
        return (f"<!doctype html><html><head><meta charset=utf-8><title>{html.escape(headline)} | {self.name}</title>"
                f"</head><body><div class=top>{above}</div><div class=story>{inside}</div><div>{below}</div></body></html>\n")


def make(a):
    rng = random.Random(a.seed)
    source = given_articles(a.source, rng) if a.source else own_articles(rng)
    for number in range(a.sites):
        template = Template(rng, number + 1)
        articles = [article for _, article in zip(range(a.pages), source)]
        folder = os.path.join(a.out, f"site-{number + 1:02}")
        for kind in ("text", "html"):
            os.makedirs(os.path.join(folder, kind), exist_ok=True)
        with open(os.path.join(folder, "truth.jsonl"), "w", encoding="utf-8") as truth:
            for at, article in enumerate(articles):
                rows, true = template.page(rng, article, articles[:at] + articles[at + 1:])
                for kind, ending, text in (("text", "txt", template.text(rows)),
                                           ("html", "html", template.html(rows, article["headline"]))):
                    with open(os.path.join(folder, kind, f"{at:04}.{ending}"), "w", encoding="utf-8") as out:
                        out.write(text)
                truth.write(json.dumps(dict(article, id=f"{at:04}", **true), ensure_ascii=False) + "\n")


def shingles(text):
    words = WORD.findall(text)
    return Counter(zip(words, words[1:], words[2:], words[3:]))


def measure(a):
    for kind in ("text", "html"):
        for pages in map(int, a.counts.split(",")):
            scores = {}
            for way in ([], ["--no-archive-priors"]):
                rows = []
                for site in sorted(os.listdir(a.out)):
                    folder = os.path.join(a.out, site)
                    truth = {row["id"]: row for row in map(json.loads, open(os.path.join(folder, "truth.jsonl")))}
                    with tempfile.TemporaryDirectory() as work:
                        names = sorted(os.listdir(os.path.join(folder, kind)))[:pages]
                        for name in names:
                            shutil.copy(os.path.join(folder, kind, name), work)
                        files = [os.path.join(work, name) for name in names]
                        command = [a.program, "inspect", "--format", "jsonl", "--keep-all", "-q", *way, *files]
                        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                    got = {os.path.basename(row["path"]).split(".")[0]: row for row in map(json.loads, out.splitlines())}
                    for name in names:
                        name = name.split(".")[0]
                        found, true = got.get(name, {}), truth[name]
                        g, w = shingles(found.get("body", "")), shingles(true["body"])
                        both = sum((g & w).values())
                        rows.append((both / max(1, sum(g.values())), both / max(1, sum(w.values())),
                                     found.get("headline", "").split() == true["headline"].split(),
                                     (found.get("date") or "")[:10] == true["date"],
                                     found.get("authors") == true["authors"], found.get("section") == true["section"]))
                p, r, *fields = (sum(column) / len(rows) for column in zip(*rows))
                scores["without" if way else "with"] = (2 * p * r / (p + r) if p + r else 0.0, *fields)
            pairs = ", ".join(f"{name} {one:.3f}/{other:.3f}" for name, one, other in zip(
                ("body", "headline", "date", "authors", "section"), scores["with"], scores["without"]))
            print(f"{kind} {pages:4} pages a site, with priors/without: {pairs}", flush=True)


def main():
    ap = argparse.ArgumentParser()
    sub = ap.add_subparsers(required=True)
    one = sub.add_parser("make")
    one.add_argument("out")
    one.add_argument("--source")
    one.add_argument("--sites", type=int, default=8)
    one.add_argument("--pages", type=int, default=100)
    one.add_argument("--seed", type=int, default=1)
    one.set_defaults(run=make)
    two = sub.add_parser("measure")
    two.add_argument("out")
    two.add_argument("--program", default="fiche")
    two.add_argument("--pages", dest="counts", default="2,10,100")
    two.set_defaults(run=measure)
    a = ap.parse_args()
    a.run(a)


if __name__ == "__main__":
    main()
