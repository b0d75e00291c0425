/* texts.c - sl_texts of typing.h: which of the declared texts a value is. */
#include <stdlib.h>
#include <string.h>

#include "enclave/load/typing.h"

/* FNV-1a (Fowler, Noll, Vo). The texts are the catalogue's, so nobody can choose them to collide. */
static uint64_t hash(const char *text, size_t len)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)text[i]) * UINT64_C(0x100000001b3);
	return h ^ h >> 32;
}

/* The slot of the text, or the free one where it would stand. */
static uint32_t *slot_of(const struct sl_texts *t, const char *text, size_t len)
{
	uint32_t mask = t->nslots - 1, i = (uint32_t)hash(text, len) & mask;

	for (;; i = (i + 1) & mask) {
		const char *have = t->slots[i] != 0 ? t->labels[t->slots[i] - 1].text : NULL;

		if (t->slots[i] == 0 || (strlen(have) == len && memcmp(have, text, len) == 0))
			return &t->slots[i];
	}
}

enum sl_rc sl_texts_init(struct sl_texts *t, const struct sl_label *labels, uint32_t n, struct sl_err *err)
{
	memset(t, 0, sizeof *t);
	if (n == 0)
		return SL_OK;
	t->labels = labels;
	for (t->nslots = 4; t->nslots < 2 * n; t->nslots *= 2)
		;
	t->slots = calloc(t->nslots, sizeof *t->slots);
	if (t->slots == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a domain");
	for (uint32_t i = 0; i < n; i++) {
		uint32_t *slot = slot_of(t, labels[i].text, strlen(labels[i].text));

		if (*slot != 0)
			return sl_err_set(err, SL_E_INPUT, "the text at position %u occurs before, at %u", i + 1, *slot);
		*slot = i + 1;
	}
	return SL_OK;
}

bool sl_texts_find(const struct sl_texts *t, const char *text, size_t len, uint32_t *position)
{
	uint32_t found = t->nslots > 0 ? *slot_of(t, text, len) : 0;

	if (found > 0)
		*position = found - 1;
	return found > 0;
}

void sl_texts_fini(struct sl_texts *t)
{
	free(t->slots);
	memset(t, 0, sizeof *t);
}
