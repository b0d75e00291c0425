/*
 * kinds.h - which kinds of units may be anywhere, whether anybody is of them or not. Used by zeros.c.
 *
 * A unit has of each attribute one value, as far as conditions tell: a key of an output shares out all units, and so do
 * the values that conditions list of one column; any other condition is met or not. What else is impossible (nobody is
 * of age and a child) conditions do not tell: such kinds count as possible. Of outputs that somebody is in with
 * different values the tables were different ones, and what is so in the one says nothing of the other.
 *
 * A kind is told by its signature: the shown sets it is in. Only outputs of tables with one row per unit count here; in
 * others a unit may have several values.
 */
#ifndef SL_POLICY_HISTORY_KINDS_H
#define SL_POLICY_HISTORY_KINDS_H

#include "policy/history/audit.h"

/* Beyond these nothing is said. */
#define SL_KINDS_BITS_MAX 1023u       /* shown sets */
#define SL_KINDS_MAX 8192u            /* signatures */
#define SL_KINDS_OUTPUTS_MAX 500u
#define SL_KINDS_VALUES_MAX 8192u     /* of all attributes */

/* Signatures, each once. */
struct sl_signatures {
	uint32_t nwords;
	uint64_t *words;     /* n × nwords */
	uint32_t n, cap;
	uint32_t *slots;     /* 1 + place, by hash; 0: free */
	uint32_t nslots;
};

/* sl_signatures_add - its place in *at. SL_E_NOMEM. sl_signatures_find - UINT32_MAX: it is not there. */
SL_MUST_CHECK enum sl_rc sl_signatures_add(struct sl_signatures *s, const uint64_t *words, uint32_t *at,
                                           struct sl_err *err);
uint32_t sl_signatures_find(const struct sl_signatures *s, const uint64_t *words);
void sl_signatures_free(struct sl_signatures *s);

/* A group of a key, or one of a list of values, by all conditions that make it; or one condition by itself. */
struct sl_kinds_value {
	sl_i128 hash;
	uint32_t first, nparts; /* of a group: its conditions in k->parts */
	uint32_t tables;     /* outputs with the same number have the same tables */
	uint32_t attribute;
	bool complete;       /* an output has all values of its attribute as a key */
	uint64_t *in;        /* shown sets that ask for it */
};

/* A condition that is met by one of several values, of one attribute: places in values. */
struct sl_kinds_union {
	sl_i128 hash, known; /* asked for beside it; 0: nothing */
	uint32_t tables, first, n; /* k->union_values[first] … */
};

struct sl_kinds_attribute {
	uint64_t *asked;     /* shown sets that ask for a value of it */
	uint32_t first, n;   /* values[members[first]] … */
	bool complete;       /* every unit has one of them */
};

struct sl_kinds {
	const struct sl_audit *a;
	uint32_t nbits, nwords;
	uint32_t *bit_of;    /* per set; UINT32_MAX: it is not shown, or of a table with several rows per unit */
	uint32_t *tables_of; /* per output; UINT32_MAX: of a table with several rows per unit */
	struct sl_kinds_value *values; /* groups, then the others by tables and hash */
	uint32_t nvalues, ngroups, values_cap, *members;
	sl_i128 *parts;
	uint32_t nparts, parts_cap;
	struct sl_kinds_union *unions; /* by tables and hash */
	uint32_t nunions, *union_values;
	/* per set, of what it asks for: places in values; those of one attribute, side by side, are one or the other */
	uint32_t *first_asked, *asked, asked_cap;
	bool *impossible;    /* per set: it asks for what no value of an attribute is */
	struct sl_kinds_attribute *attributes;
	uint32_t nattributes;
	uint64_t *bitmaps, *start; /* start: shown sets that are not impossible */
	uint64_t work;       /* words looked at */
};

/*
 * sl_kinds_make - of all that is shown now.
 *   fits  out  false: there is too much of something
 * SL_E_NOMEM; sl_kinds_free also after failure.
 */
SL_MUST_CHECK enum sl_rc sl_kinds_make(struct sl_kinds *k, const struct sl_audit *a, bool *fits, struct sl_err *err);
void sl_kinds_free(struct sl_kinds *k);

/*
 * sl_kinds_list - the signatures of all kinds that meet the conditions of set `within`, and not those of set `without`.
 *   within, without  in   SL_AUDIT_NO_SET: no condition; both are of one output
 *   out              out  empty before; free with sl_signatures_free, also after failure
 *   fits             out  false: there are more than SL_KINDS_MAX
 * SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_kinds_list(struct sl_kinds *k, uint32_t within, uint32_t without, struct sl_signatures *out,
                                       bool *fits, struct sl_err *err);

/* sl_kinds_of_atom - the signature of an atom as it is; words: k->nwords of them. */
void sl_kinds_of_atom(const struct sl_kinds *k, uint32_t atom, uint64_t *words);

/*
 * sl_kinds_like - the signature of a kind that meets the conditions as for sl_kinds_list, and is like the atom in all
 * else that is known of it. False: none was found.
 *   values  scratch, k->nattributes of them
 */
bool sl_kinds_like(struct sl_kinds *k, uint32_t atom, uint32_t within, uint32_t without, uint32_t *values,
                   uint64_t *words);

#endif
