#!/usr/bin/env python3
"""Makes whole sites by programs for blogs, each with its own themes, with their truth; and measures on them.

usage: themes.py make OUT --articles ARTICLES.jsonl --manuals FOLDER [--node NODE]
       themes.py measure OUT --program FICHE [--alone]

`make` writes OUT/SITE/{html,text_a,text_b,truth}: forty articles, and forty manuals (README.md of packages,
below FOLDER), by each program that is found: `jekyll` (theme minima), `pelican`, `nikola`, `mkdocs` with
mkdocs-material, `blag`, `ikiwiki`, sphinx with ablog, WordPress with each of its themes (`php`, `mariadbd`), and, in the folder NODE that npm installed into, `hexo`
with every `hexo-theme-*`, and docusaurus. It needs markdown-it-py, PyYAML, lxml, resiliparse and inscriptis.
ARTICLES.jsonl has a line for each article ("headline", "body").

`measure` has the program inspect each site as a folder (`--alone`: without what its pages share), and prints
body F1, precision and recall, the share of right headlines and days, F1 of authors and right sections; of the
last two only where the page prints them.
"""
import argparse
import glob
import json
import os
import random
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request

from sites import given_articles
from truth import counts, summary

COUNT = 40
TITLES = {"news": "Harbour Notes", "tech": "Parser Weekly"}
NAMES = ("Marta Kowalski|Jonas Lindqvist|Priya Raman|Diego Herrera|Hannah O'Neil|Wei Zhang|Tomás Silva|"
         "Ellen Brandt|Kwame Mensah|Yuki Tanaka|Sofia Rossi|Piotr Nowak").split("|")
SECTIONS = {"news": "World Business Culture Science".split(), "tech": "Releases Engineering Community Tutorials".split()}
TOPICS = {"news": "elections harbour climate trade energy health".split(),
          "tech": "rust parsing async performance tooling testing".split()}
HEADLINES = ["Announcing {n} {v}", "{n} {v} released", "What is new in {n} {v}", "A first look at {n}",
             "How we use {n} in production", "Why we wrote {n}", "{n}: a guided tour", "Getting started with {n} {v}"]


def plain(source):
    """The text of Markdown, a paragraph, heading, item or listing a line."""
    import lxml.html
    from markdown_it import MarkdownIt
    html = MarkdownIt("commonmark").enable("table").render(source)
    if not html.strip():
        return ""
    rows = []
    for element in lxml.html.fragment_fromstring(html, create_parent="div").iter():
        if element.tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "td", "th"):
            rows.append(element.text_content().strip())
        elif element.tag == "li" and not element.findall("p"):
            own = [element.text or ""]
            for child in element:
                own += [child.text_content() if child.tag not in ("ul", "ol") else "", child.tail or ""]
            rows.append("".join(own).strip())
    return "\n".join(row for row in rows if row)


def news(args, rng):
    for article in given_articles(args.articles, rng):
        rows, words = article["body"].split("\n\n"), len(article["body"].split())
        if not 200 < words < 1500 or any(sign in article["body"] for sign in "<>{}*_#`[]|"):
            continue
        if rng.random() < 0.3:
            rows.insert(rng.randrange(1, len(rows)), "## " + rng.choice(["What comes next", "The other side", "How it began"]))
        yield re.sub(r'["\\:]', "", article["headline"]).strip(), "\n\n".join(rows)


def tech(args, rng):
    files = sorted(glob.glob(os.path.join(args.manuals, "**", "README.md"), recursive=True))
    rng.shuffle(files)
    for file in files:
        text = open(file, encoding="utf-8", errors="ignore").read().replace("\r", "")
        title = re.search(r"^#\s+(.+)$", text, re.M)
        if not title:
            continue
        text = re.sub(r"<!--.*?-->", "", text[title.end():], flags=re.S)
        text = re.sub(r"^\s*\[?!\[.*$", "", text, flags=re.M)
        text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
        text = re.sub(r"^\[[^\]]+\]:.*$", "", text, flags=re.M)
        text = re.sub(r"\[([^\]]*)\]\[[^\]]*\]", r"\1", text)
        text = re.sub(r"^# ", "## ", re.sub(r"^(=+|-{4,})\s*$", "", text, flags=re.M), flags=re.M)
        if "<" in re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.S) or re.search(r"\{[{%#]", text):
            continue
        if 150 < len(plain(text).split()) < 3000:
            name, _, version = os.path.basename(os.path.dirname(file)).rpartition("-")
            yield rng.choice(HEADLINES).format(n=name.replace("_", " "), v=version), text.strip()


def posts(kind, args, rng):
    found = []
    for title, text in {"news": news, "tech": tech}[kind](args, rng):
        day = "%04d-%02d-%02d" % (rng.randint(2014, 2024), rng.randint(1, 12), rng.randint(1, 28))
        found.append(dict(
            id="%s%03d" % (kind, len(found)), title=title, md=text, date=day, section=rng.choice(SECTIONS[kind]),
            authors=rng.sample(NAMES, 2) if rng.random() < 0.15 else [rng.choice(NAMES)],
            tags=rng.sample(TOPICS[kind], rng.randint(0, 3))))
        if len(found) == COUNT:
            break
    return found


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def run(folder, *command):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=dict(os.environ, LANG="C.UTF-8"))


def front(**fields):
    import yaml
    return "---\n" + yaml.safe_dump(fields, allow_unicode=True) + "---\n\n"


def jekyll(at, title, all_posts, _):
    write(f"{at}/_config.yml", f"title: {title}\ntheme: minima\nurl: https://example.com\nplugins: [jekyll-seo-tag, jekyll-feed]\npermalink: /:title.html\n")
    write(f"{at}/index.md", "---\nlayout: home\n---\n")
    for p in all_posts:
        write(f"{at}/_posts/{p['date']}-{p['id']}.md", front(
            layout="post", title=p["title"], author=" and ".join(p["authors"]), categories=[p["section"]], tags=p["tags"]) + p["md"])
    run(at, "jekyll", "build")
    return "{at}/_site/{id}.html"


def pelican(theme):
    def make(at, title, all_posts, _):
        write(f"{at}/conf.py", f"SITENAME={title!r}\nSITEURL='https://example.com'\nTIMEZONE='UTC'\nDEFAULT_LANG='en'\n")
        for p in all_posts:
            write(f"{at}/content/{p['id']}.md", f"Title: {p['title']}\nDate: {p['date']} 10:00\nCategory: {p['section']}\nTags: {', '.join(p['tags'])}\nAuthors: {'; '.join(p['authors'])}\nSlug: {p['id']}\n\n{p['md']}\n")
        run(at, "pelican", "content", "-o", "out", "-s", "conf.py", "-t", theme)
        return "{at}/out/{id}.html"
    return make


def nikola(at, title, all_posts, _):
    run(at, "nikola", "init", "-q", "s")
    if os.path.exists(f"{at}/s/conf.py"):
        conf = open(f"{at}/s/conf.py", encoding="utf-8").read()
        write(f"{at}/s/conf.py", conf.replace('BLOG_TITLE = "Demo Site"', f"BLOG_TITLE = {title!r}"))
    for p in all_posts:
        write(f"{at}/s/posts/{p['id']}.md", f"<!--\n.. title: {p['title']}\n.. slug: {p['id']}\n.. date: {p['date']} 10:00:00 UTC\n.. tags: {', '.join(p['tags'])}\n.. category: {p['section']}\n.. author: {' and '.join(p['authors'])}\n-->\n\n{p['md']}\n")
    run(f"{at}/s", "nikola", "build")
    return "{at}/s/output/posts/{id}/index.html"


def mkdocs(at, title, all_posts, _):
    key = lambda name: name.split()[0].lower()
    write(f"{at}/docs/blog/.authors.yml", "authors:\n" + "".join(
        f"  {key(name)}:\n    name: \"{name}\"\n    description: Writer\n    avatar: https://example.com/a.png\n" for name in NAMES))
    write(f"{at}/docs/index.md", "# Home\n")
    write(f"{at}/docs/blog/index.md", "# Blog\n")
    for p in all_posts:
        head = f"---\ndate: {p['date']}\nslug: {p['id']}\ncategories: [{p['section']}]\nauthors: [{', '.join(map(key, p['authors']))}]\n---\n\n"
        write(f"{at}/docs/blog/posts/{p['id']}.md", f"{head}# {p['title']}\n\n{p['md']}\n")
    write(f"{at}/mkdocs.yml", f"site_name: {title}\nsite_url: https://example.com\ntheme:\n  name: material\n  font: false\nplugins: [blog, search]\n")
    run(at, "mkdocs", "build", "-q")
    return "{at}/site/blog/*/*/*/{id}/index.html"


def blag(at, title, all_posts, _):
    write(f"{at}/config.ini", f"[main]\nbase_url = https://example.com/\ntitle = {title}\ndescription = News\nauthor = Marta Kowalski\n")
    for folder in ("templates", "static"):
        os.makedirs(f"{at}/{folder}", exist_ok=True)
    for p in all_posts:
        write(f"{at}/content/{p['id']}.md", f"title: {p['title']}\ndate: {p['date']} 10:00\ndescription: {p['title']}\ntags: {', '.join(p['tags'])}\n\n{p['md']}\n")
    run(at, "blag", "build")
    return "{at}/build/{id}.html"


def ikiwiki(at, title, all_posts, _):
    for p in all_posts:
        write(f"{at}/src/posts/{p['id']}.mdwn", f"[[!meta title=\"{p['title']}\"]]\n[[!meta date=\"{p['date']} 10:00\"]]\n[[!tag {' '.join(p['tags'])}]]\n\n{p['md']}\n")
    write(f"{at}/src/index.mdwn", '[[!inline pages="posts/*" show=10]]\n')
    run(at, "ikiwiki", "--wikiname", title, "--url", "https://example.com", "--plugin", "goodstuff", "--plugin", "sidebar", "src", "out")
    return "{at}/out/posts/{id}/index.html"


def ablog(theme):
    def make(at, title, all_posts, _):
        write(f"{at}/conf.py", f"import ablog\nextensions = ['ablog', 'myst_parser', 'sphinx.ext.extlinks']\nproject = blog_title = {title!r}\nblog_baseurl = 'https://example.com'\nhtml_theme = {theme!r}\nblog_post_pattern = 'posts/*.md'\nhtml_sidebars = {{'**': ['ablog/postcard.html', 'ablog/recentposts.html', 'ablog/categories.html']}}\n")
        write(f"{at}/index.rst", "Home\n====\n\n.. postlist:: 5\n")
        for p in all_posts:
            head = front(blogpost=True, date=p["date"], author=", ".join(p["authors"]), category=p["section"], tags=", ".join(p["tags"]))
            write(f"{at}/posts/{p['id']}.md", f"{head}# {p['title']}\n\n{p['md']}\n")
        run(at, "sphinx-build", "-q", "-b", "html", ".", "out")
        return "{at}/out/posts/{id}.html"
    return make


def hexo(theme):
    def make(at, title, all_posts, node):
        os.symlink(f"{node}/node_modules", f"{at}/node_modules")
        package = json.load(open(f"{node}/package.json"))
        # hexo reads Nunjucks by itself, and themes fail with the package for it.
        package["dependencies"].pop("hexo-renderer-nunjucks", None)
        write(f"{at}/package.json", json.dumps({**package, "hexo": {"version": "8.0.0"}}))
        write(f"{at}/_config.yml", f"title: {title}\nauthor: Marta Kowalski\nlanguage: en\nurl: https://example.com\nroot: /\npermalink: :year/:month/:day/:title/\ntheme: {theme}\nhighlight:\n  line_number: true\n")
        for p in all_posts:
            write(f"{at}/source/_posts/{p['id']}.md", front(
                title=p["title"], date=p["date"] + " 10:00:00", author=", ".join(p["authors"]), categories=[p["section"]], tags=p["tags"]) + p["md"])
        run(at, "node", f"{node}/node_modules/hexo-cli/bin/hexo", "generate", "--force")
        return "{at}/public/*/*/*/{id}/index.html"
    return make


def docusaurus(at, title, all_posts, node):
    os.symlink(f"{node}/node_modules", f"{at}/node_modules")
    write(f"{at}/package.json", "{}")
    for p in all_posts:
        authors = [dict(name=name, title="Engineer", url="https://example.com") for name in p["authors"]]
        write(f"{at}/blog/{p['date']}-{p['id']}.md", front(title=p["title"], slug=p["id"], authors=authors, tags=p["tags"] + [p["section"]]) + p["md"])
    write(f"{at}/docusaurus.config.js", "module.exports = {title: %r, url: 'https://example.com', baseUrl: '/', onBrokenLinks: 'ignore', markdown: {format: 'md'}, presets: [['classic', {docs: false, pages: false, blog: {routeBasePath: '/', onUntruncatedBlogPosts: 'ignore'}}]], themeConfig: {navbar: {title: %r, items: [{to: '/', label: 'Blog'}, {to: '/tags', label: 'Tags'}]}, footer: {copyright: 'Copyright Parser Works. Built with Docusaurus.'}}};" % (title, title))
    run(at, "npx", "docusaurus", "build")
    return "{at}/build/{id}*"


WORDPRESS = "/usr/share/wordpress"
INSTALL = r'''<?php
define('WP_INSTALLING', true);
require __DIR__ . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
$made = json_decode(file_get_contents(__DIR__ . '/posts.json'), true);
wp_install($made['title'], 'marta', 'marta@example.com', true, '', 'secret');
wp_delete_post(1, true); wp_delete_post(2, true);
update_option('permalink_structure', '/%postname%/');
update_option('timezone_string', 'UTC');
$users = [];
foreach ($made['posts'] as $post) {
    $name = implode(' and ', $post['authors']);
    $users[$name] ??= wp_insert_user(['user_login' => 'u' . count($users), 'user_pass' => 'x', 'display_name' => $name,
        'role' => 'author', 'description' => $post['note']]);
    $section = term_exists($post['section'], 'category') ?: wp_insert_term($post['section'], 'category');
    $id = wp_insert_post(['post_title' => $post['title'], 'post_name' => $post['id'], 'post_content' => $post['html'],
        'post_status' => 'publish', 'post_author' => $users[$name], 'post_date' => $post['date'] . ' 10:00:00',
        'post_category' => [(int) $section['term_id']], 'tags_input' => $post['tags']]);
    foreach ($post['comments'] as $comment)
        wp_insert_comment(['comment_post_ID' => $id, 'comment_author' => $comment[0], 'comment_content' => $comment[1],
            'comment_approved' => 1, 'comment_date' => date('Y-m-d', strtotime($post['date'] . $comment[2])) . ' 12:00:00']);
}
switch_theme($argv[1]);
$wp_rewrite->init(); flush_rewrite_rules();
'''
ROUTER = r'''<?php
if (is_file(__DIR__ . parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH))) return false;
$_SERVER['SCRIPT_NAME'] = '/index.php';
require __DIR__ . '/index.php';
'''
CONFIG = r'''<?php
define('DB_NAME', 'wp'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); define('DB_HOST', 'localhost:%s/sql');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', ''); define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_HOME', 'http://localhost:%d'); define('WP_SITEURL', 'http://localhost:%d');
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
'''
REMARKS = ["We heard nothing of it until we read it here.", "Thank you, this is what I was looking for.", "I do not agree with the last part.",
           "My neighbour says that it was quite otherwise, and that nobody was asked at all.", "When will there be more of this?"]


def wordpress(theme):
    def make(at, title, all_posts, _):
        from markdown_it import MarkdownIt
        rng, port = random.Random(title + theme), 18437
        render = MarkdownIt("commonmark").enable("table").render
        made = [dict(p, html=render(p["md"]), note=rng.choice(["", "Writes on ships and ice."]),
                     comments=[(rng.choice(NAMES), rng.choice(REMARKS), f" +{rng.randint(0, 30)} days") for _ in range(rng.randint(0, 4))]) for p in all_posts]
        shutil.copytree(WORDPRESS, f"{at}/wp", ignore=shutil.ignore_patterns("wp-config.php"))
        write(f"{at}/wp/posts.json", json.dumps(dict(title=title, posts=made)))
        write(f"{at}/wp/wp-config.php", CONFIG % (at, port, port))
        write(f"{at}/wp/make.php", INSTALL)
        write(f"{at}/wp/router.php", ROUTER)
        run(at, "mariadb-install-db", "--no-defaults", f"--datadir={at}/data", "--auth-root-authentication-method=normal", "--user=root")
        base = subprocess.Popen(["mariadbd", "--no-defaults", f"--datadir={at}/data", f"--socket={at}/sql", "--skip-networking", "--user=root"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for _ in range(60):
                if run(at, "mariadb", f"--socket={at}/sql", "-u", "root", "-e", "create database wp").returncode == 0:
                    break
                time.sleep(0.5)
            told = run(f"{at}/wp", "php", "make.php", theme)
            if told.returncode:
                print(told.stdout[-300:], told.stderr[-300:])
            serve = subprocess.Popen(["php", "-S", f"localhost:{port}", "router.php"], cwd=f"{at}/wp",
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                time.sleep(1)
                for p in all_posts:
                    with urllib.request.urlopen(f"http://localhost:{port}/{p['id']}/") as page:
                        write(f"{at}/out/{p['id']}.html", page.read().decode("utf-8"))
            finally:
                serve.kill()
        finally:
            base.kill()
            base.wait()
        return "{at}/out/{id}.html"
    return make


def programs(node):
    found = {"jekyll": jekyll, "nikola": nikola, "mkdocs": mkdocs, "blag": blag, "ikiwiki": ikiwiki}
    found = {name: make for name, make in found.items() if shutil.which(name)}
    if shutil.which("pelican"):
        found.update({f"pelican-{theme}": pelican(theme) for theme in ("notmyidea", "simple")})
    if shutil.which("sphinx-build"):
        found.update({f"ablog-{theme}": ablog(theme) for theme in ("alabaster", "sphinx_rtd_theme")})
    if shutil.which("php") and shutil.which("mariadbd"):
        themes = sorted(os.path.basename(one) for one in glob.glob(f"{WORDPRESS}/wp-content/themes/*/"[:-1]) if os.path.isdir(one))
        found.update({f"wordpress-{theme}": wordpress(theme) for theme in themes})
    themes = glob.glob(f"{node}/node_modules/hexo-theme-*") if node else []
    found.update({os.path.basename(theme): hexo(os.path.basename(theme)[11:]) for theme in themes})
    if node and os.path.isdir(f"{node}/node_modules/@docusaurus/core"):
        found["docusaurus"] = docusaurus
    return found


def flattened(html):
    from inscriptis import get_text
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree
    rows = (re.sub(r"[ \t]+", " ", row).strip() for row in get_text(html).split("\n"))
    return (extract_plain_text(HTMLTree.parse(html), main_content=False, preserve_formatting=True),
            re.sub(r"\n{3,}", "\n\n", "\n".join(rows)))


def make(args):
    rng = random.Random(7)
    node = args.node and os.path.abspath(args.node)
    for kind in ("news", "tech"):
        all_posts = posts(kind, args, rng)
        for name, build in programs(node).items():
            with tempfile.TemporaryDirectory() as at:
                pages = build(at, TITLES[kind], all_posts, node)
                made = 0
                for p in all_posts:
                    files = glob.glob(pages.format(at=at, id=p["id"]))
                    file = files and (files[0] + "/index.html" if os.path.isdir(files[0]) else files[0])
                    html = open(file, encoding="utf-8").read() if file else ""
                    text_a, text_b = flattened(html) if html else ("", "")
                    # Some themes show the text by a script alone.
                    if len(text_b) < len(p["md"]) / 2:
                        continue
                    site, made = os.path.join(args.out, f"{name}-{kind}"), made + 1
                    write(f"{site}/html/{p['id']}.html", html)
                    write(f"{site}/text_a/{p['id']}.txt", text_a)
                    write(f"{site}/text_b/{p['id']}.txt", text_b)
                    truth = dict(headline=p["title"], section=p["section"], date=p["date"], authors=p["authors"], body=plain(p["md"]))
                    write(f"{site}/truth/{p['id']}.json", json.dumps(truth, ensure_ascii=False))
                print(f"{name}-{kind}: {made} pages", flush=True)


def told(program, files, alone):
    flags = ["--no-archive-priors"] if alone else []
    output = run(".", program, "inspect", "--format", "jsonl", "--keep-all", *flags, *files).stdout
    articles = {}
    for row in output.splitlines():
        article = json.loads(row)
        articles.setdefault(os.path.basename(article["path"]).split(".")[0], article)
    return articles


def measure(args):
    norm = lambda text: re.sub(r"\W+", " ", text or "").lower().strip()
    for form in ("html", "text_a", "text_b"):
        for site in sorted(glob.glob(os.path.join(args.out, "*"))):
            articles = told(args.program, sorted(glob.glob(f"{site}/{form}/*")), args.alone)
            rows, right, printed, names = [], [0, 0, 0], 0, [0, 0, 0]
            truths = sorted(glob.glob(f"{site}/truth/*"))
            for file in truths:
                key = os.path.basename(file)[:-5]
                true, got = json.load(open(file)), articles.get(key, {})
                page = open(f"{site}/text_b/{key}.txt", encoding="utf-8").read()
                rows.append(counts(true["body"], "\n".join(filter(None, [got.get("standfirst"), got.get("body")]))))
                right[0] += norm(got.get("headline")) == norm(true["headline"])
                right[1] += (got.get("date") or "")[:10] == true["date"]
                printed += true["section"] in page
                right[2] += true["section"] in page and norm(got.get("section")) == norm(true["section"])
                if all(name in page for name in true["authors"]):
                    said, real = {norm(name) for name in got.get("authors") or []}, {norm(name) for name in true["authors"]}
                    names = [names[0] + len(said & real), names[1] + len(said - real), names[2] + len(real - said)]
            f1, precision, recall = summary(rows)
            authors = 2 * names[0] / max(2 * names[0] + names[1] + names[2], 1)
            print(f"{form:6} {os.path.basename(site):34} {f1:.3f} {precision:.3f} {recall:.3f} headline {right[0] / len(truths):.2f} "
                  f"day {right[1] / len(truths):.2f} authors {authors:.2f} section {right[2] / max(printed, 1):.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("make")
    one.add_argument("out")
    one.add_argument("--articles", required=True)
    one.add_argument("--manuals", required=True)
    one.add_argument("--node")
    one.set_defaults(run=make)
    two = commands.add_parser("measure")
    two.add_argument("out")
    two.add_argument("--program", required=True)
    two.add_argument("--alone", action="store_true")
    two.set_defaults(run=measure)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
