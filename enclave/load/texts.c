/* texts.c - sl_texts of typing.h: which of the declared texts a value is. */
#include <stdlib.h>
#include <string.h>

#include "enclave/load/hash.h"
#include "enclave/load/typing.h"

/* The texts are the catalogue's, so nobody can choose them to collide: the key needs to be no secret. */
#define KEY UINT64_C(0x9e3779b97f4a7c15)

/* The slot of the text, or the free one where it would stand. */
static struct sl_texts_slot *slot_of(const struct sl_texts *t, const char *text, size_t len)
{
	uint64_t word = sl_hash_word(text, len < 8 ? len : 8);
	uint64_t hash = len <= 8 ? sl_hash_mix(KEY ^ len, word ^ (KEY << 1)) : sl_hash(KEY, text, len);
	uint32_t mask = t->nslots - 1, i = (uint32_t)hash & mask;

	for (;; i = (i + 1) & mask) {
		struct sl_texts_slot *s = &t->slots[i];

		if (s->position == 0 ||
		    (s->word == word && s->len == len &&
		     (len <= 8 || memcmp(t->labels[s->position - 1].text, text, len) == 0)))
			return s;
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
		size_t len = strlen(labels[i].text);
		struct sl_texts_slot *slot = slot_of(t, labels[i].text, len);

		if (slot->position != 0)
			return sl_err_set(err, SL_E_INPUT, "the text at position %u occurs before, at %u", i + 1, slot->position);
		*slot = (struct sl_texts_slot){ .word = sl_hash_word(labels[i].text, len < 8 ? len : 8),
			.position = i + 1, .len = (uint32_t)len };
	}
	return SL_OK;
}

bool sl_texts_find(const struct sl_texts *t, const char *text, size_t len, uint32_t *position)
{
	uint32_t found = t->nslots > 0 ? slot_of(t, text, len)->position : 0;

	if (found > 0)
		*position = found - 1;
	return found > 0;
}

void sl_texts_fini(struct sl_texts *t)
{
	free(t->slots);
	memset(t, 0, sizeof *t);
}
