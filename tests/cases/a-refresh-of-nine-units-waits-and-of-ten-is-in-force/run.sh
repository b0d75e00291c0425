. "$(dirname "$0")/../lib.sh"
enclave
mkdir shop
cat > shop/datapackage.json <<'J'
{"name": "shop", "title": "A shop", "resources": [
 {"name": "sales", "path": "sales.csv", "sluice": {"owner": "shop", "class": "confidential", "owner_approval": false, "unit": {"column": "customer", "space": "customer"}, "period": "2020"},
  "schema": {"fields": [{"name": "customer", "type": "integer", "constraints": {"required": true}},
   {"name": "kind", "type": "string", "constraints": {"enum": ["a", "b"]}, "sluice": {"uses": ["group"]}},
   {"name": "price", "type": "integer", "sluice": {"uses": ["measure"], "measured_in": "EUR"}}]}}]}
J
cat > policy.in <<'J'
{"sluice_policy": 1, "enclave": "demo", "serial": @SERIAL@, @REFRESH@
 "people": {"olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
  "ana": {"roles": ["analyst"], "key": "@ANA@"}},
 "catalogues": {"shop": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
 "projects": {"till": {"purpose": "Sales by kind", "analysts": ["ana"], "expires": "2099-12-31", "approvals": 1,
  "tables": {"shop.sales": {"kind": ["group"], "price": ["measure"]}}}}}
J
cat > sum.lua <<'L'
output("sales", from "shop.sales" :group_by("kind") :summarise { n = "units()", s = "sum(price)" } :describe { kind = "kind", n = "customers", s = "sum of prices" })
L
serial() {
	sed -e "s|@SERIAL@|$1|" -e "s|@REFRESH@|$2|" policy.in > "policy.$1"
	policy "policy.$1" shop/datapackage.json
}
# sales FROM TO PRICE…: rows of customers FROM to TO.
rows() { seq "$1" "$2" | while read -r i; do echo "$i,a,$3"; done; }
read_version() { sluice data show shop.sales --json | grep -o '"version":"[0-9a-f]*"' | cut -d'"' -f4; }
{ echo customer,kind,price; rows 1 100 5; } > shop/sales.csv
expect 65 sluice data append shop/datapackage.json --table sales
says "there is no version of shop.sales to append to"
expect 0 sluice data import shop/datapackage.json
serial 1 ""
first=$(read_version)

# Nine customers pay another price: nothing a job sees has changed.
{ echo customer,kind,price; rows 1 9 6; rows 10 100 5; } > shop/sales.csv
expect 0 sluice data refresh
says "waits: 9 units differ from the version in force, 10 have to"
[ "$(read_version)" = "$first" ] || fail "a version that waits is in force"
expect 0 sluice data show shop.sales
says "waits: sha256:"
says "9 units differ"
expect 0 sluice data ls
says "a newer one waits"
expect 0 sluice data ls --key ana
silent waits
expect 0 sluice data show shop.sales --key ana
silent waits
silent "9 units"
expect 0 sluice data show shop.sales --key ana --json
silent waiting
says '"versions":1'
expect 0 sluice data ls --key ana --json
silent '"versions":2'
held sum.lua till
expect 0 sluice review ls --key rui

# The tenth: the order of rows and of sources does not count, what is counted is from the version in force.
{ echo customer,kind,price; rows 11 100 5; rows 1 10 6; } > shop/sales.csv
expect 0 sluice data refresh
silent waits
second=$(read_version)
[ "$second" != "$first" ] || fail "a version of ten changed units is not in force"
expect 0 sluice data ls
silent waits

# Appended rows: six customers, then six others, each too few, together enough; rows that were there stay.
{ echo customer,kind,price; rows 1 6 7; } > more.csv
expect 0 sluice data append shop/datapackage.json --table sales --file more.csv
says "shop.sales: 6 rows added to 100, 100 units (0 new)"
says "waits: 6 units differ"
{ echo customer,kind,price; rows 101 106 7; } > more.csv
gzip -k more.csv
expect 0 sluice data append shop/datapackage.json --table shop.sales --file more.csv.gz
says "shop.sales: 6 rows added to 106, 106 units (6 new)"
silent waits
expect 0 sluice data show shop.sales
says "rows: 112"
says "units: 106"
expect 0 sluice data verify
expect 0 sluice data refresh
says "rows were appended to it"
says "nothing has changed"
held sum.lua till
ask J-2
release R-1 L-1
grep -q '^a,106,' release/data/sales.csv || { cat release/data/sales.csv; fail "the appended rows are not counted"; }

# One customer waits for the officers' day, and is in force from then on.
{ echo customer,kind,price; rows 3 3 9; } > more.csv
expect 0 sluice data append shop/datapackage.json --table sales --file more.csv
says "waits: 1 units differ"
third=$(read_version)
serial 2 "\"refresh_on\": {\"shop.sales\": \"2098-01-01\"},"
expect 0 sluice data ls
says "a newer one waits"
expect 0 sluice data show shop.sales
says "policy's day for the table is 2098-01-01"
serial 3 "\"refresh_on\": {\"shop.sales\": \"$(date -u -d yesterday +%F)\"},"
expect 0 sluice data ls
says "a newer one waits"
serial 4 "\"refresh_on\": {\"shop.sales\": \"$(date -u +%F)\"},"
expect 0 sluice job run sum.lua -p till --key ana
[ "$(read_version)" != "$third" ] || fail "a version is not in force on its day"
expect 0 sluice audit log
says data.in-force

# Refusals.
expect 65 sluice data append shop/datapackage.json --table nothing --file more.csv
expect 65 sluice data append shop/datapackage.json --table sales --file missing.csv
ln -s more.csv link.csv
expect 65 sluice data append shop/datapackage.json --table sales --file link.csv
printf 'customer,kind,price\n4,z,1\n' > bad.csv
expect 65 sluice data append shop/datapackage.json --table sales --file bad.csv
says ":2:"
expect 3 sluice data append shop/datapackage.json --table sales --file more.csv --key ana
sed 's/A shop/The shop/' shop/datapackage.json > shop/other.json
expect 65 sluice data append shop/other.json --table sales --file more.csv
says "was loaded under another catalogue"
expect 0 sluice data verify
expect 0 sluice audit verify
