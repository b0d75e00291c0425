local r = from "study.persons":group_by("male"):summarise { n = "units()" }
local bad = { "", ".", "..", "../x", "/etc/passwd", "a/b", "a.csv", "-x", "1x", "a b", "a\nb", "a\rb", "a\0b", "a\27[2J", "a\u{202e}b",
  "a\u{200b}", "=1+1", "+x", "@x", "a,b", 'a"b', "a|b", "a`b", "a\xff", ("x"):rep(65), "file://x", "a:b", "a\\b", "%s%n",
  "\u{a0}", "n\u{3164}", "n\u{2003}", "n\u{200d}", "\u{2800}", "n\u{fe0f}" }
for _, name in ipairs(bad) do
  assert(not pcall(output, name, r), name)
  assert(not pcall(function() return from "study.persons":summarise { [name] = "units()" } end), name)
  assert(not pcall(function() return from "study.persons":derive { [name] = "age" } end), name)
  assert(not pcall(function() return r:calc { [name] = "n + 1" } end), name)
  assert(not pcall(function() return r:describe { n = name .. "\27" } end), name)
end
print(#bad)
