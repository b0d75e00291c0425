/*
 * units.h - which ordinal a unit text has, for the texts that were looked up before: what spares the registry's keyed
 * hash, and the walk through the registry, for every row but a unit's first.
 *
 * A cache: it holds as much as it may, and what it does not hold is asked of the registry. Threads may look up at the
 * same time while nobody adds.
 */
#ifndef SL_LOAD_UNITS_H
#define SL_LOAD_UNITS_H

#include <stdbool.h>

#include "enclave/base/buf.h"

/* A text up to this long lies in its slot. */
#define SL_UNITS_INLINE 15

/* A text to look up: itself where it is short, else its hash; the text is borrowed. */
struct sl_unit_key {
	uint64_t word[2];
	uint64_t hash;
	const char *text;
	size_t len;
};

struct sl_units_slot {
	uint64_t word[2];  /* 0, 0: free */
	uint32_t ordinal;
	uint32_t at;       /* of a long text, in `longs` */
};

struct sl_units {
	struct sl_units_slot *slots;
	uint64_t nslots;   /* a power of two */
	uint64_t count, bytes_max, secret;
	struct sl_buf longs;
};

/*
 * sl_units_init - before lock-down.
 *   bytes_max  in  what it may hold
 *   secret     in  random: who writes a source cannot make texts meet in a slot
 * Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_units_init(struct sl_units *u, uint64_t bytes_max, uint64_t secret, struct sl_err *err);
void sl_units_fini(struct sl_units *u);

/* sl_units_key - len at least 1. */
struct sl_unit_key sl_units_key(const struct sl_units *u, const char *text, size_t len);
/* sl_units_prefetch - have the slot come nearer, some rows before it is needed. */
void sl_units_prefetch(const struct sl_units *u, const struct sl_unit_key *key);
bool sl_units_find(const struct sl_units *u, const struct sl_unit_key *key, uint32_t *ordinal);
/* sl_units_add - remember it, when there is room; a text that is there stays. */
void sl_units_add(struct sl_units *u, const struct sl_unit_key *key, uint32_t ordinal);

#endif
