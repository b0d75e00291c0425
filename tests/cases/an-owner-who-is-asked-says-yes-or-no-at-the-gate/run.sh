. "$(dirname "$0")/../lib.sh"
. "$case_dir/../owners.sh"
# The laboratory's table is confidential and says nothing else: its owner is asked. The clinic's are on application.
owners_study '/"owner": "laboratory"/s/, "owner_approval": false//'
granted study.persons A-1 G-1
cat > labs.lua <<'L'
output("tests", from "study.labs"
  :group_by("test")
  :summarise { persons = "units()" }
  :describe { test = "laboratory test", persons = "distinct persons with a reading" })
L
held labs.lua liver
ask J-1
says 'R-1'

# The reviewer alone does not release.
expect 0 sluice review approve R-1 --comment "seen" --key rui
says 'waits for more approvals'
expect 0 sluice release ls --key ana
silent L-1
expect 0 sluice review show R-1 --key rui
says 'awaited  owner-approval'

# Who is asked sees what would leave; who is not, sees nothing of it.
expect 0 sluice data review --key lea
says 'study.labs'
expect 0 sluice data review R-1 --key lea
says 'you speak for: laboratory'
says 'your table: study.labs'
says 'context, the author'
says 'WOULD LEAVE data/tests.csv'
silent FINDING
expect 0 sluice data review --key odo
silent R-1
expect 1 sluice data review R-1 --key odo
says 'asks for your approval'
expect 1 sluice data approve R-1 --key odo
expect 3 sluice data approve R-1 --key rui
says 'rule: role'
expect 3 sluice data approve R-1 --key ana

# A statement about a request does not approve another, nor is a reviewer's an owner's.
held persons.lua liver
held labs.lua liver
ask J-3
says R-2
expect 0 sluice data statement R-2 --decision approve --key lea
cp out two
ssh-keygen -q -Y sign -n grant@sluice -f lea two
cat two two.sig > signed
expect 6 sluice data approve R-1 --signed signed --key lea
says 'not about this request'
expect 0 sluice data statement R-1 --decision approve --comment "as agreed" --key lea
cp out one
ssh-keygen -q -Y sign -n review@sluice -f lea one
cat one one.sig > signed
expect 6 sluice data approve R-1 --signed signed --key lea
rm one.sig
ssh-keygen -q -Y sign -n grant@sluice -f odo one
cat one one.sig > signed
expect 4 sluice data approve R-1 --signed signed --key lea

# Signed by lea, in two steps: it was the last approval needed, and releases.
rm one.sig
ssh-keygen -q -Y sign -n grant@sluice -f lea one
cat one one.sig > signed
expect 0 sluice data approve R-1 --signed signed --key lea
says 'released as L-1'
expect 0 sluice release get L-1 --to release --key lea
expect 0 sluice release verify release --anchor anchor.txt
says 'ok whoever owns a table and was asked has approved: an owner of each organisation that the log names'
# Her approval is in the bundle: stock tools verify it; a changed byte is found, and so is one that is gone.
grep -q '"owners":\["laboratory"\]' release/log/leaf.json || fail "the log does not name who was asked"
cmp one release/owners/lea.json || fail "it is not what she signed"
ssh-keygen -Y verify -f release/owners/allowed_signers -I lea -n grant@sluice -s release/owners/lea.json.sig < release/owners/lea.json > out
grep -q 'owners/allowed_signers -I lea' release/VERIFY.txt || fail "VERIFY.txt does not tell of it"
for file in lea.json lea.json.sig allowed_signers; do
	cp "release/owners/$file" kept
	printf 'X' | dd of="release/owners/$file" bs=1 seek=40 conv=notrunc 2>dd.err
	expect 6 sluice release verify release --anchor anchor.txt
	rm "release/owners/$file"
	expect 6 sluice release verify release --anchor anchor.txt
	says "owners/$file"
	cp kept "release/owners/$file"
done
mv release/owners kept.owners
expect 6 sluice release verify release --anchor anchor.txt
mv kept.owners release/owners
expect 0 sluice release verify release --anchor anchor.txt
expect 1 sluice data approve R-1 --key lea
says 'R-1 is released, and "data approve" is not done from there'

# The other way round: the owner first, and she says no.
expect 0 sluice data reject R-2 --comment "readings before 2000 are not comparable" --key lea
says 'R-2 rejected'
expect 1 sluice review approve R-2 --comment "seen" --key rui
expect 0 sluice request show R-2 --key ana
says 'readings before 2000 are not comparable'

# The owner first, then the reviewer.
ask J-3
says R-3
# She looked at the first revision: the next, made since, is not approved by that.
expect 0 sluice data review R-3 --key lea
says 'sluice data approve R-3, or'
expect 0 sluice request revise R-3 --context "Table 2: another one" --key ana
expect 1 sluice data approve R-3 --comment "as agreed" --key lea
says 'R-3 is at revision 2, and the approval is about revision 1'
says 'data review R-3; then give --revision 2'
expect 1 sluice data statement R-3 --decision approve --key lea
expect 0 sluice data review R-3 --key lea
says ', revision 2'
says 'sluice data approve R-3 --revision 2, or'
expect 0 sluice data approve R-3 --revision 2 --comment "as agreed" --key lea
says 'waits for more approvals'
expect 0 sluice review approve R-3 --revision 2 --comment "seen" --key rui
says 'released as L-2'

expect 0 sluice audit log --kind decisions --key ida
says '  owner.approved  lea'
says '  owner.rejected  lea'
expect 0 sluice audit verify --key ida
expect 0 sluice explain owner-approval

# A project may ask all owners, whatever the catalogues say: each of the two tables has its own.
sed 's/from "study.labs"/from "study.labs" :join(from "study.persons")/' labs.lua > both.lua
rm -rf enclave enclave-keys
owners_study
owners_policy 2 's/"approvals": 1,/"approvals": 1, "owner_approval": true,/'
granted study.persons A-1 G-1
held both.lua liver
ask J-1
expect 0 sluice review approve R-1 --comment "seen" --key rui
says 'waits for more approvals'
expect 0 sluice data approve R-1 --key odo
says 'waits for more approvals'
expect 0 sluice data approve R-1 --key lea
says 'released as L-1'

# ole owns for the clinic and becomes an analyst of the project: he decides nothing for it, and the grant does not name him.
analysts='"ana", "ole"'
owners_policy 3 's/"approvals": 1,/"approvals": 1, "owner_approval": true,/'
held both.lua liver
ask J-2
expect 3 sluice data approve R-2 --key ole
says 'rule: own-project'
expect 3 sluice job run both.lua -p liver --key ole
says 'G-1 does not name you'
expect 0 sluice data request study.persons -p liver --reason "for ole too" --key ole
says A-2
expect 3 sluice data grant A-2 --until 2099-12-31 --key ole
says 'rule: own-project'
expect 0 sluice data grant A-2 --until 2099-12-31 --key odo
expect 0 sluice job check both.lua -p liver --key ole
expect 0 sluice data approve R-2 --key odo
