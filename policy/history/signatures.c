/* signatures.c - see kinds.h: a set of bitmaps. */
#include <stdlib.h>
#include <string.h>

#include "policy/history/kinds.h"

void sl_signatures_free(struct sl_signatures *s)
{
	free(s->words);
	free(s->slots);
	*s = (struct sl_signatures){ .nwords = s->nwords };
}

static uint64_t hash_of(const uint64_t *words, uint32_t nwords)
{
	uint64_t h = 0;

	for (uint32_t i = 0; i < nwords; i++) {
		h = (h ^ words[i]) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	return h;
}

/* Where it is, or would be. */
static uint32_t slot_of(const struct sl_signatures *s, const uint64_t *words)
{
	uint32_t at = (uint32_t)hash_of(words, s->nwords) & (s->nslots - 1);

	while (s->slots[at] != 0 &&
	       memcmp(&s->words[(size_t)(s->slots[at] - 1) * s->nwords], words, s->nwords * sizeof *words) != 0)
		at = (at + 1) & (s->nslots - 1);
	return at;
}

uint32_t sl_signatures_find(const struct sl_signatures *s, const uint64_t *words)
{
	return s->nslots == 0 ? UINT32_MAX : s->slots[slot_of(s, words)] - 1;
}

/* Twice the room; slots are at most half full. */
static enum sl_rc grow(struct sl_signatures *s, struct sl_err *err)
{
	uint32_t cap = s->cap == 0 ? 32 : s->cap * 2;
	uint64_t *words = realloc(s->words, (size_t)cap * s->nwords * sizeof *words);

	if (words == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for kinds of units");
	s->words = words;
	uint32_t *slots = calloc((size_t)cap * 2, sizeof *slots);
	if (slots == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for kinds of units");
	free(s->slots);
	s->slots = slots;
	s->nslots = cap * 2;
	s->cap = cap;
	for (uint32_t i = 0; i < s->n; i++)
		slots[slot_of(s, &s->words[(size_t)i * s->nwords])] = i + 1;
	return SL_OK;
}

enum sl_rc sl_signatures_add(struct sl_signatures *s, const uint64_t *words, uint32_t *at, struct sl_err *err)
{
	enum sl_rc rc = s->n == s->cap ? grow(s, err) : SL_OK;

	if (rc != SL_OK)
		return rc;
	uint32_t slot = slot_of(s, words);
	if (s->slots[slot] == 0) {
		memcpy(&s->words[(size_t)s->n * s->nwords], words, s->nwords * sizeof *words);
		s->slots[slot] = ++s->n;
	}
	*at = s->slots[slot] - 1;
	return SL_OK;
}
