"""fold_table.py [TABLE] - jobs/fold_table.h, made from what Python knows of Unicode; with TABLE: is it that?

Letters without case and marks, in the blocks where scripts have them: Latin, Greek, Cyrillic, Armenian, Hebrew and
Arabic marks, and the full-width forms of Chinese and Japanese text."""
import sys
import unicodedata

BLOCKS = [(0xA0, 0x24F), (0x250, 0x2AF), (0x300, 0x58F), (0x591, 0x5C7), (0x610, 0x6D5), (0x1E00, 0x1FFF),
          (0x2C60, 0x2C7F), (0xFF01, 0xFF5E)]
# Not decompositions, but written for one another.
ALSO = {0x0640: "", 0x0649: "\u064A", 0x0629: "\u0647", 0x0671: "\u0627", 0xD8: "o", 0xF8: "o", 0x0110: "d", 0x0111: "d",
        0x0141: "l", 0x0142: "l", 0x0131: "i"}


def fold(c):
    if ord(c) in ALSO:
        return ALSO[ord(c)]
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", c).casefold())
    text = "".join(p for p in parts if unicodedata.category(p) != "Mn")
    return "".join(ALSO.get(ord(p), p) for p in text)


def rows():
    for lo, hi in BLOCKS:
        for code in range(lo, hi + 1):
            c = chr(code)
            if unicodedata.category(c) == "Cn" or not (unicodedata.category(c)[0] in "LM" or code == 0x640 or code >= 0xFF00):
                continue
            to = fold(c)
            if to != c and len(to) <= 2:
                yield code, [ord(t) for t in to] + [0] * (2 - len(to))


def text():
    cells = [f"{{0x{code:X}, 0x{a:X}, 0x{b:X}}}," for code, (a, b) in rows()]
    lines, line = [], "\t"
    for cell in cells:
        if len(line) + len(cell) > 110:
            lines.append(line.rstrip())
            line = "\t"
        line += cell + " "
    lines.append(line.rstrip())
    return ("/* fold_table.h - letters, and what they are without case and marks. Printed by tests/unit/jobs/fold_table.py. */\n"
            + "\n".join(lines) + "\n")


if len(sys.argv) == 1:
    sys.stdout.write(text())
else:
    with open(sys.argv[1], encoding="ascii") as f:
        sys.exit(0 if f.read() == text() else "jobs/fold_table.h is not what fold_table.py prints")
