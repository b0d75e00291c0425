/* units.c - see units.h. */
#include "enclave/load/units.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/load/hash.h"

#define SLOTS_MIN 1024u
/* In the high byte of the second word: a long text; otherwise its length and one. */
#define LONG ((uint64_t)0xFF << 56)

enum sl_rc sl_units_init(struct sl_units *u, uint64_t bytes_max, uint64_t secret, struct sl_err *err)
{
	*u = (struct sl_units){ .bytes_max = bytes_max, .secret = secret, .longs = { .max = bytes_max / 2 + 1 } };
	u->slots = calloc(SLOTS_MIN, sizeof *u->slots);
	if (u->slots == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for units");
	u->nslots = SLOTS_MIN;
	return SL_OK;
}

void sl_units_fini(struct sl_units *u)
{
	free(u->slots);
	sl_buf_free(&u->longs);
	*u = (struct sl_units){ 0 };
}

static uint64_t hash_of(const struct sl_units *u, const uint64_t word[static 2])
{
	return sl_hash_mix(word[0] ^ u->secret, word[1] ^ UINT64_C(0xa0761d6478bd642f));
}

struct sl_unit_key sl_units_key(const struct sl_units *u, const char *text, size_t len)
{
	struct sl_unit_key key = { .text = text, .len = len };

	if (len <= SL_UNITS_INLINE) {
		key.word[0] = sl_hash_word(text, len < 8 ? len : 8);
		key.word[1] = (len > 8 ? sl_hash_word(text + 8, len - 8) : 0) | (uint64_t)(len + 1) << 56;
	} else {
		key.word[0] = sl_hash(u->secret, text, len);
		key.word[1] = LONG | len;
	}
	key.hash = hash_of(u, key.word);
	return key;
}

void sl_units_prefetch(const struct sl_units *u, const struct sl_unit_key *key)
{
	__builtin_prefetch(&u->slots[key->hash & (u->nslots - 1)]);
}

/* The slot of the text, or the free one where it would stand. */
static struct sl_units_slot *slot_of(const struct sl_units *u, const struct sl_unit_key *key)
{
	for (uint64_t i = key->hash & (u->nslots - 1);; i = (i + 1) & (u->nslots - 1)) {
		struct sl_units_slot *s = &u->slots[i];

		if (s->word[1] == 0)
			return s;
		if (s->word[0] == key->word[0] && s->word[1] == key->word[1] &&
		    (key->len <= SL_UNITS_INLINE || memcmp(u->longs.data + s->at, key->text, key->len) == 0))
			return s;
	}
}

bool sl_units_find(const struct sl_units *u, const struct sl_unit_key *key, uint32_t *ordinal)
{
	const struct sl_units_slot *s = slot_of(u, key);

	*ordinal = s->ordinal;
	return s->word[1] != 0;
}

static bool grow(struct sl_units *u)
{
	struct sl_units_slot *old = u->slots, *slots;
	uint64_t n = u->nslots;

	/* Old and new stand beside each other for a moment. */
	if (3 * n * sizeof *slots + u->longs.cap > u->bytes_max)
		return false;
	slots = calloc(2 * n, sizeof *slots);
	if (slots == NULL)
		return false;
	u->slots = slots;
	u->nslots = 2 * n;
	for (uint64_t i = 0; i < n; i++) {
		uint64_t at = hash_of(u, old[i].word) & (u->nslots - 1);

		if (old[i].word[1] == 0)
			continue;
		while (slots[at].word[1] != 0)
			at = (at + 1) & (u->nslots - 1);
		slots[at] = old[i];
	}
	free(old);
	return true;
}

void sl_units_add(struct sl_units *u, const struct sl_unit_key *key, uint32_t ordinal)
{
	bool is_long = key->len > SL_UNITS_INLINE;
	struct sl_units_slot *s;
	size_t at = u->longs.len;

	if (2 * u->count >= u->nslots && !grow(u))
		return;
	s = slot_of(u, key);
	if (s->word[1] != 0 || (is_long && (u->longs.failed || at > UINT32_MAX)))
		return;
	if (is_long)
		sl_buf_put(&u->longs, key->text, key->len);
	if (is_long && u->longs.failed)
		return;
	*s = (struct sl_units_slot){ .word = { key->word[0], key->word[1] }, .ordinal = ordinal, .at = (uint32_t)at };
	u->count++;
}
