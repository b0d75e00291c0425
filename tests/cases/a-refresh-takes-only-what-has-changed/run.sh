. "$(dirname "$0")/../lib.sh"
enclave
mkdir package
cat > package/datapackage.json <<'J'
{"name": "shop", "title": "A shop", "resources": [
 {"name": "kinds", "path": "kinds.csv", "sluice": {"owner": "shop", "class": "open", "reference": {"key": "kind", "label": "label"}},
  "schema": {"fields": [{"name": "kind", "type": "string"}, {"name": "label", "type": "string"}]}},
 {"name": "sales", "path": "sales.csv", "sluice": {"owner": "shop", "class": "confidential", "owner_approval": false, "unit": {"column": "customer", "space": "customer"}, "period": "2020"},
  "schema": {"fields": [{"name": "customer", "type": "integer", "constraints": {"required": true}},
   {"name": "kind", "type": "string", "sluice": {"uses": ["group"], "domain": "shop.kinds"}},
   {"name": "price", "type": "integer", "sluice": {"uses": ["measure"]}}]}},
 {"name": "visits", "path": "visits.csv", "sluice": {"owner": "shop", "class": "confidential", "owner_approval": false, "unit": {"column": "customer", "space": "customer"}, "period": "2020"},
  "schema": {"fields": [{"name": "customer", "type": "integer", "constraints": {"required": true}},
   {"name": "minutes", "type": "integer", "sluice": {"uses": ["measure"]}}]}}]}
J
printf 'kind,label\na,Apples\nb,Bread\n' > package/kinds.csv
printf 'customer,kind,price\n1,a,5\n2,b,7\n' > package/sales.csv
sqlite3 shop.db 'CREATE TABLE v(customer INTEGER, minutes INTEGER); INSERT INTO v VALUES(1,10),(3,20)'
expect 65 sluice data refresh sales
says "there is no table"
expect 0 sluice data import package/datapackage.json --table kinds --table sales
expect 65 sluice data refresh visits
says "not on record"
expect 0 sluice data attach shop.db --table v --as shop.visits --package package/datapackage.json
expect 0 sluice data refresh
says "shop.sales: its source has not changed; no new version"
says "shop.visits: its source has not changed"
says "nothing has changed"
size=$(sluice audit checkpoint | sed -n 2p)
[ "$size" = 3 ] || fail "a refresh of nothing left a leaf"
# Touched is not changed; one byte of the same length is.
touch package/sales.csv
expect 0 sluice data refresh shop.sales
says "nothing has changed"
printf 'customer,kind,price\n1,a,5\n2,b,8\n' > package/sales.csv
expect 0 sluice data refresh
says "shop.sales: 2 rows, 2 units (0 new)"
says "shop.visits: its source has not changed"
says "refreshed 1 table"
sqlite3 shop.db 'INSERT INTO v VALUES(4,30)'
expect 0 sluice data refresh visits
says "shop.visits: 3 rows, 3 units (1 new)"
# New codes before old ones: what was loaded under the old ones is loaded again.
printf 'kind,label\n0,Nuts\na,Apples\nb,Bread\n' > package/kinds.csv
expect 65 sluice data refresh kinds
says "shop.sales was loaded under other rows"
expect 0 sluice data refresh
says "shop.sales: 2 rows"
says "refreshed 2 tables"
# Another catalogue: everything once more.
sed -i 's/A shop/The shop/' package/datapackage.json
expect 0 sluice data refresh
says "refreshed 3 tables"
expect 0 sluice data refresh
says "nothing has changed"
mv package/sales.csv elsewhere.csv
expect 65 sluice data refresh
says "cannot open sales.csv of table shop.sales"
mv elsewhere.csv package/sales.csv
mv shop.db elsewhere.db
expect 65 sluice data refresh visits
says "put it back, or import shop.visits from where it is now"
mv package away
expect 65 sluice data refresh sales
says "put it back"
mv away package
mv elsewhere.db shop.db
expect 65 sluice data append package/datapackage.json --table kinds
says "is an open reference table"
sed 's/"name": "visits"/"name": "calls"/' package/datapackage.json > renamed.json
cp package/datapackage.json kept.json
cp renamed.json package/datapackage.json
expect 65 sluice data refresh
says "describes no table \"shop.visits\" any more"
cp kept.json package/datapackage.json
expect 0 sluice data forget shop.sales --all
expect 0 sluice data refresh
says "shop.sales: 2 rows"
expect 4 sluice data refresh --key ana
expect 0 sluice audit verify
