. "$(dirname "$0")/../lib.sh"
people teo
study
teo="\"teo\": {\"roles\": [\"operator\", \"reviewer\"], \"key\": \"$(cut -d' ' -f1,2 teo.pub)\"}"
sed -e 's/"serial": 1/"serial": 2/' -e "s|\"people\": {|\"people\": {\n    $teo,|" policy.json > both.json
except() { sed "s|\"projects\"|\"exceptions\": [{\"person\": \"teo\", \"roles\": [\"reviewer\", \"operator\"], \"reason\": \"alone until June\", \"expires\": \"$1\"}],\n  \"projects\"|" both.json; }

# Without an exception, and with one that is over: an error with its place, and not applied.
expect 1 sluice policy lint both.json
says 'both.json:7:5: error: "teo" is operator and reviewer: who can read rows also says what may leave [powers]'
expect 0 sluice policy sign both.json --key olga
expect 65 sluice policy apply both.json --signature both.json.sig
except 2020-01-01 > over.json
expect 1 sluice policy lint over.json
says 'the exception for "teo" ended on 2020-01-01 [powers]'
expect 0 sluice policy sign over.json --key olga
expect 65 sluice policy apply over.json --signature over.json.sig
expect 0 sluice policy diff policy.json both.json --key olga
says 'role "reviewer"'

# With one that lasts: applied, named by lint and by the comparison, and both roles count.
except 2099-01-01 > well.json
expect 0 sluice policy lint well.json
says 'warning: "teo" holds two powers until 2099-01-01: alone until June [exception]'
expect 0 sluice policy diff both.json well.json --key olga
says 'may be operator and reviewer until 2099-01-01: alone until June'
expect 0 sluice policy sign well.json --key olga
expect 0 sluice policy apply well.json --signature well.json.sig
expect 0 sluice can-i review approve --as teo --key olga
expect 0 sluice can-i data import --as teo --key olga

# An older serial does not come back, with or without signatures.
expect 3 sluice policy apply policy.json --signature policy.json.sig
says 'rule: policy-succession'
