. "$(dirname "$0")/../lib.sh"
enclave
mkdir shop
cat > shop/datapackage.json <<'J'
{"name": "shop", "title": "Anscombe", "resources": [
 {"name": "points", "path": "points.csv", "sluice": {"owner": "shop", "class": "confidential", "owner_approval": false, "unit": {"column": "id", "space": "person"}, "period": "1973"},
  "schema": {"fields": [{"name": "id", "type": "integer", "constraints": {"required": true}},
   {"name": "kind", "type": "string", "constraints": {"enum": ["I", "II", "III", "IV", "V"]}, "sluice": {"uses": ["group"]}},
   {"name": "x", "type": "integer", "sluice": {"uses": ["measure"], "measured_in": "steps"}},
   {"name": "y", "type": "number", "sluice": {"uses": ["measure"], "measured_in": "points", "scale": 2}}]}}]}
J
cat > policy.in <<'J'
{"sluice_policy": 1, "enclave": "demo", "serial": 1,
 "people": {"olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
  "ana": {"roles": ["analyst"], "key": "@ANA@"}},
 "catalogues": {"shop": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
 "projects": {"lines": {"purpose": "Lines by kind", "analysts": ["ana"], "expires": "2099-12-31", "approvals": 1,
  "tables": {"shop.points": {"kind": ["group"], "x": ["measure"], "y": ["measure"]}}}}}
J
cat > points <<'P'
10 8.04 9.14 7.46 8 6.58
8 6.95 8.14 6.77 8 5.76
13 7.58 8.74 12.74 8 7.71
9 8.81 8.77 7.11 8 8.84
11 8.33 9.26 7.81 8 8.47
14 9.96 8.10 8.84 8 7.04
6 7.24 6.13 6.08 8 5.25
4 4.26 3.10 5.39 19 12.50
12 10.84 9.13 8.15 8 5.56
7 4.82 7.26 6.42 8 7.91
5 5.68 4.74 5.73 8 6.89
P
# Two persons to a point; in table V one.
awk 'BEGIN { print "id,kind,x,y" }
	{ for (p = 0; p < 2; p++) {
		print ++id ",I," $1 "," $2; print ++id ",II," $1 "," $3; print ++id ",III," $1 "," $4; print ++id ",IV," $5 "," $6
	}
	print ++id ",V," $1 "," $2 }' points > shop/points.csv
cat > job.lua <<'L'
output("t", from "shop.points" :group_by("kind")
  :summarise { n = "units()", my = "mean(y)", v = "var(y)", d = "sd(y)", r = "corr(y, x)", b = "slope(y, x)", a = "intercept(y, x)" }
  :describe { kind = "table", n = "persons", my = "mean of y", v = "variance of y", d = "standard deviation of y", r = "correlation",
    b = "slope", a = "intercept" })
L
expect 0 sluice data import shop/datapackage.json
policy policy.in shop/datapackage.json
held job.lua lines
ask J-1
expect 0 sluice review show R-1 --key rui
says "degrees-of-freedom (MinimumDoFCheck), suppress"
says "measure: 9 units, must be at least 10"
# How far x goes the catalogue does not say. In table IV all points but two persons' lie at one x, and the line is theirs.
says "leverage, review"
says "cell: kind IV"
release R-1 L-1 --acknowledge leverage
t=release/data/t.csv
for line in kind,a,b,d,my,n,r,v \
	I,3.0001,0.500091,1.9826,7.5009,22,0.8164,3.930732 II,3.0009,0.500000,1.9827,7.5009,22,0.8162,3.931075 \
	III,3.0025,0.499727,1.9815,7.5000,22,0.8163,3.926305 IV,3.0017,0.499909,1.9816,7.5009,22,0.8165,3.926904 \
	'V,[c],[c],[c],[c],11,[c],[c]'; do
	grep -qxF "$line" "$t" || { cat "$t" >&2; fail "not in the release: $line"; }
done
grep -qF '"degrees-of-freedom"' release/sdc-record.json || fail "the record does not list the rule"

# As a model the smallest and the largest x are known: the line of table IV is hidden, those of I to III are the same.
cat > job.lua <<'L'
output("t", from "shop.points" :group_by("kind") :summarise { n = "units()", m = "lm(y, x)" }
  :describe { kind = "table", n = "persons", m_0 = "y where x is 0" })
L
held job.lua lines
ask J-2
expect 0 sluice review show R-2 --key rui
says "dominance (NKCheck), suppress"
expect 0 sluice review show R-2 --raw --key rui
says "III,3.002455,0.754325,0.499727,0.079075,0.666324,22"
says "IV,[c],[c],[c],[c],[c],22"
