/* Signed notes, checkpoints and verifier keys: what verifies ends in a line feed, and texts have one form. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/sign/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void verify(const char *text, size_t size)
{
	/* The seeds are signed by the key of this seed. */
	static const uint8_t seed[32] = { 7 };
	struct sl_signed_note_key who = { .name = "demo.sluice" };
	struct sl_checkpoint cp;
	struct sl_ed25519 key;
	size_t n;

	if (sl_ed25519_from_seed(seed, &key, NULL) != SL_OK)
		return;
	memcpy(who.public, key.public, sizeof who.public);
	if (sl_signed_note_verify(text, size, &who, &n, NULL) == SL_OK) {
		if (n == 0 || n >= size || text[n - 1] != '\n' || text[n] != '\n')
			abort();
	} else if (n != 0)
		abort();
	if (sl_checkpoint_verify(text, size, &who, &cp, NULL) == SL_OK && strcmp(cp.origin, who.name) != 0)
		abort();
}

static void key_text(const char *text, size_t size)
{
	struct sl_signed_note_key key;
	struct sl_buf again = { 0 };

	if (sl_signed_note_key_parse(text, size, &key, NULL) != SL_OK)
		return;
	if (sl_signed_note_key_put(&key, &again, NULL) == SL_OK && (again.len != size || memcmp(again.data, text, size) != 0))
		abort();
	sl_buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_checkpoint cp;

	verify((const char *)data, size);
	key_text((const char *)data, size);
	if (sl_checkpoint_parse((const char *)data, size, &cp, NULL) == SL_OK && !sl_signed_note_name_ok(cp.origin))
		abort();
	return 0;
}
