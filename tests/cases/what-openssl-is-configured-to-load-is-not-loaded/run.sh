. "$(dirname "$0")/../lib.sh"
people olga
mkfifo pipe
printf 'openssl_conf = init\n[init]\nproviders = p\n[p]\nnull = n\n[n]\nactivate = 1\n' > nothing.cnf
printf 'openssl_conf = init\n[init\nproviders = = x\n' > broken.cnf

for conf in pipe nothing.cnf broken.cnf; do
	OPENSSL_CONF=$play/$conf OPENSSL_MODULES=$play
	export OPENSSL_CONF OPENSSL_MODULES
	expect 0 timeout 20 sluice init "in-$conf" --name demo --officer olga=olga.pub --anchor "$conf.anchor"
	expect 0 timeout 20 sluice audit verify --dir "in-$conf"
	expect 0 timeout 20 sluice audit export export.txt --dir "in-$conf"
	expect 0 timeout 20 sluice audit verify --export export.txt --anchor "$conf.anchor"
	unset OPENSSL_CONF OPENSSL_MODULES
	expect 0 sluice audit verify --dir "in-$conf"
	rm export.txt
done
# The file would be read by a program that does not say otherwise: the cases above are no cases of a library without it.
if command -v openssl >/dev/null; then
	expect 1 env OPENSSL_CONF="$play/nothing.cnf" openssl rand -hex 8
fi
