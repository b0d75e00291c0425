local r = from "study.persons":group_by("male"):summarise { n = "units()" }
for _, title in ipairs { "a\nb", "a\tb", "\27[2J", "\u{202e}x", "\u{2028}", "\u{200b}", "\u{feff}", "\xff", "\0", ("x"):rep(1000) } do
  assert(not pcall(r.describe, r, { n = title }), title)
end
output("x", r:describe { n = "=HYPERLINK(\"x\") <b>persons</b>" })
