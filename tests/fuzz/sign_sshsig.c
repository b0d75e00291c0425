/* SSH signatures: as armour, and the same bytes put into armour, so that the fields are reached past base64. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/sign/base64.h"
#include "jobs/sign/sshsig.h"

#define LINE 70

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void one(const char *text, size_t len)
{
	static const struct sl_sshsig none;
	struct sl_ssh_key signer;
	struct sl_sshsig sig;

	if (sl_sshsig_parse(text, len, &sig, NULL) != SL_OK) {
		if (memcmp(&sig, &none, sizeof sig) != 0)
			abort();
		return;
	}
	if (memchr(sig.namespace, '\0', sizeof sig.namespace) == NULL || sig.namespace[0] == '\0' ||
	    sig.key.type == SL_SSH_NONE || sig.hash == SL_SSHSIG_NO_HASH)
		abort();
	/* The seeds sign "m"; nothing signs "n". */
	(void)!sl_sshsig_verify("m", 1, text, len, sig.namespace, NULL, &signer, NULL);
	if (sl_sshsig_verify("n", 1, text, len, sig.namespace, NULL, &signer, NULL) == SL_OK)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_buf base64 = { 0 }, text = { 0 };

	one((const char *)data, size);
	if (size > SL_SSHSIG_TEXT_MAX)
		return 0;
	sl_base64_put(&base64, data, size);
	sl_buf_text(&text, "-----BEGIN SSH SIGNATURE-----\n");
	for (size_t at = 0; at < base64.len; at += LINE) {
		sl_buf_put(&text, base64.data + at, base64.len - at < LINE ? base64.len - at : LINE);
		sl_buf_text(&text, "\n");
	}
	sl_buf_text(&text, "-----END SSH SIGNATURE-----\n");
	if (!text.failed)
		one((const char *)text.data, text.len);
	sl_buf_free(&base64);
	sl_buf_free(&text);
	return 0;
}
