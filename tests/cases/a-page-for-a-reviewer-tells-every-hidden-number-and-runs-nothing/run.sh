. "$(dirname "$0")/../lib.sh"
study
page() { expect 0 python3 -B "$case_dir/page.py" "$@"; }
bad=$(printf 'a\033[2J\n<script>J-9\342\200\256.lua')
{
	printf -- '-- </pre><script src="//x"></script>\033[2J\342\200\256\n'
	cat "$source_dir/examples/nafld/diagnoses.lua"
	cat <<'END'
output("grid", from "study.persons":derive { band = "bands(age)", sex = "male" }:group_by("band", "sex")
  :summarise { persons = "units()", old = "count_if(age > 80)", share = "share(age > 80)" }
  :calc { others = "persons - old" }
  :describe { band = "=1+1", sex = "<b onclick='x'>", persons = "\"><img src=x> persons", old = "persons above 80",
    share = "persons above 80 of all persons", others = "persons of at most 80; unit: person", purpose = "</pre><script>&lt; @SUM(A1)" })
END
} > "$bad"
expect 0 sluice job run "$bad" -p liver --param 'min=<b>"18' --param site='=Süd' --key ana
expect 0 sluice request new J-1 --context "=HYPERLINK(\"x\") <script>alert('1')</script> & more" --key ana

# One file, for one pair of eyes, and never over another.
expect 0 sluice review show R-1 --html page.html --key rui
says 'R-1 is in page.html'
[ "$(stat -c %a page.html)" = 600 ] || fail "mode $(stat -c %a page.html)"
sha256sum page.html > before
expect 1 sluice review show R-1 --html page.html --key rui
says 'exists already'
sha256sum -c --quiet before || fail "overwritten"
expect 2 sluice review show R-1 --html other.html --raw --key rui
expect 3 sluice review show R-1 --html other.html --key ana
[ ! -e other.html ] || fail "a page for the author"
(umask 0; sluice review show R-1 --html wide.html --key rui) > out
[ "$(stat -c %a wide.html)" = 600 ] || fail "mode $(stat -c %a wide.html)"
# A look in words is a leaf of its own, once: the digests below are to be those of the page.
expect 0 sluice review show R-1 --key rui
expect 0 sluice review show R-1 --html - --key rui
cp out last.html
sed '/^<p>Log: /d' page.html > without-log
sed '/^<p>Log: /d' out | cmp - without-log || fail "standard output has another page"

# What others wrote is there, to read.
grep -qF '| =HYPERLINK(&quot;x&quot;) &lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; more' page.html || fail "context"
grep -qF '| -- &lt;/pre&gt;&lt;script src=&quot;//x&quot;&gt;&lt;/script&gt;\u{1b}[2J\u{202e}' page.html || fail "script"
grep -qF '| min = &lt;b&gt;&quot;18' page.html || fail "parameters"
grep -qF '| &lt;/pre&gt;&lt;script&gt;&amp;lt; @SUM(A1)' page.html || fail "purpose"
grep -qF '<bdi>a\u{1b}[2J\n&lt;script&gt;J-9\u{202e}.lua</bdi>:</p>' page.html || fail "file name"
grep -qF '<th scope="row">approvals</th><td>awaited</td>' page.html || fail "what is awaited"
grep -qF '<th scope="row">submitted</th><td>met</td>' page.html || fail "what is met"
sluice review show R-1 --key rui | sed -n 's/^TABLE .*sha256:/sha256:/p; s/^policy of the job: //p; s/^LOG: .* root /sha256:/p; s/^script: //p; s/^plan of .*: //p' > digests
[ "$(wc -l < digests)" -eq 7 ] || fail "digests"
while read -r digest; do
	grep -qF "<code>$digest</code>" last.html || fail "not on the page: $digest"
done < digests
sluice review show R-1 --key rui | sed -n 's/^   reason: //p' | sort -u > reasons
while read -r reason; do
	grep -qF "<p>$reason. Remedy" page.html || fail "not on the page: $reason"
done < reasons

# The tables are those that leave, and what hid each number stands beside it.
release R-1 L-1 --acknowledge differencing
page page.html release/data/diagnoses.csv release/data/grid.csv
says 'tables 2'
says 'charts 2'
silent 'hidden 0'
silent 'behind 0'

# What is hidden for the sake of another number says so.
cat > totals.lua <<'END'
local events = from "study.events" :join(from "study.persons") :derive { band = "bands(age)", sex = "male" }
output("cells", events :group_by("event", "band", "sex") :summarise { persons = "units()" }
  :describe { event = "diagnosis", band = "age", sex = "sex", persons = "persons" })
output("margin", events :group_by("event", "band") :summarise { persons = "units()" }
  :describe { event = "diagnosis", band = "age", persons = "persons" })
END
held totals.lua liver
ask J-2
expect 0 sluice review show R-2 --html totals.html --key rui
mv release first
release R-2 L-2 --acknowledge depth
page totals.html release/data/cells.csv release/data/margin.csv
grep -qE '>(secondary|history)</a>' totals.html || fail "no number is hidden beside another"

# A request that was refused has a page, too: nothing of it is shown, and what its author was told is.
sed 's/persons = "persons" })/persons = "" })/' totals.lua > untold.lua
held untold.lua liver
expect 3 sluice request new J-3 --context "cells and totals once more" --key ana
expect 0 sluice review show R-3 --key rui
expect 0 sluice review show R-3 --html refused.html --key rui
grep -qF '<p>The request is refused.</p>' refused.html || fail "not told as refused"
grep -qF '<p>Refused because:</p>' refused.html || fail "not why"
! grep -qE '<td class="n">|class="b"' refused.html || fail "a number of a refused request"
