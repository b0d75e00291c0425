"""page.py PAGE CSV… - the page is whole and can do nothing; each table in it is the CSV, each [c] with what hid it."""
import csv, html.parser, re, sys

VOID = {"meta", "rect"}
KNOWN = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "div", "ul", "li", "table", "caption", "thead",
         "tbody", "tr", "th", "td", "small", "a", "bdi", "pre", "code", "details", "summary", "svg", "rect"}
HOW = r"(of its row: )?"
RULES = r"(threshold|dominance|p-percent|numerator|group-disclosure|linked|secondary|history|tracker|differencing)"


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.tables, self.hidden = [], set(), set(), [], 0
        self.charts, self.classes = 0, []
        self.policy = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        assert tag in KNOWN, tag
        for name, value in attrs.items():
            assert name in {"lang", "charset", "http-equiv", "content", "name", "class", "title", "id", "href", "width", "height",
                            "scope", "open", "aria-hidden"}, (tag, name)
            assert name != "href" or re.fullmatch(r"#f\d+", value), value
        if attrs.get("http-equiv") == "Content-Security-Policy":
            self.policy = attrs["content"]
        if "id" in attrs:
            self.ids.add("#" + attrs["id"])
        if "href" in attrs:
            self.links.add(attrs["href"])
        if tag == "table":
            self.charts += attrs.get("class") == "b"
            self.tables.append([])
            self.classes.append(attrs.get("class"))
        if tag == "th":
            assert attrs.get("scope") in ("row", "col"), "a head of nothing"
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append(["", attrs])
        if tag not in VOID:
            self.open.append(tag)

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag

    def handle_decl(self, decl):
        assert decl == "DOCTYPE html", decl

    def handle_comment(self, data):
        raise AssertionError("a comment")

    def handle_data(self, data):
        if "td" in self.open or "th" in self.open:
            self.tables[-1][-1][-1][0] += data


text = open(sys.argv[1], encoding="utf-8", newline="").read()
assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), "a control or a direction"
for word in ("<script", "http://", "https://", "url(", "@import", "javascript:"):
    assert word not in text, word
page = Page()
page.feed(text)
page.close()
assert page.open == [], page.open
assert re.fullmatch(r"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='",
                    page.policy), page.policy
assert page.links <= page.ids, page.links - page.ids
data = [t for t, name in zip(page.tables, page.classes) if name == "d"]
assert len(data) == len(sys.argv) - 2, len(data)
hidden = behind = 0
for table, name in zip(data, sys.argv[2:]):
    rows = list(csv.reader(open(name, encoding="utf-8")))
    assert len(rows) == len(table), name
    for row, cells in zip(rows, table):
        shown = []
        for value, attrs in cells[1:1 + len(row)]:
            assert "r" not in attrs.get("class", "").split(), "a reviewer's number among those that leave"
            if attrs.get("class") == "n c":
                hidden += 1
                assert re.fullmatch(r"\[c\] " + HOW + RULES + "(, " + HOW + RULES + ")*", value), value
                assert re.match(r"\d+\. ", attrs["title"]), attrs
                value = "[c]"
            shown.append(value)
        assert shown == row, (shown, row)
        assert all(attrs.get("class", "").split()[:1] == ["r"] for value, attrs in cells[1 + len(row):]), cells
        behind += len(cells) > 1 + len(row) and cells[1 + len(row)][0] not in ("", "units")
print(f"tables {len(data)} hidden {hidden} behind {behind} charts {page.charts} links {len(page.links)}")
