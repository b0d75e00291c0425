/* kinds.c - see kinds.h: attribute by attribute, and what the shown sets do not tell apart is one. */
#include "policy/history/kinds.h"

#include <stdlib.h>
#include <string.h>

#include "policy/history/attributes.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for kinds of units");
}

void sl_kinds_free(struct sl_kinds *k)
{
	free(k->bit_of);
	free(k->tables_of);
	free(k->values);
	free(k->parts);
	free(k->unions);
	free(k->union_values);
	free(k->first_asked);
	free(k->asked);
	free(k->impossible);
	free(k->members);
	free(k->attributes);
	free(k->bitmaps);
	*k = (struct sl_kinds){ .a = k->a };
}

static void set_bit(uint64_t *words, uint32_t bit)
{
	words[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static bool has_bit(const uint64_t *words, uint32_t bit)
{
	return (words[bit / 64] >> (bit % 64) & 1) != 0;
}

static void clear_bit(uint64_t *words, uint32_t bit)
{
	words[bit / 64] &= ~(UINT64_C(1) << (bit % 64));
}

/* Shown sets, and one bit more. */
static enum sl_rc number_bits(struct sl_kinds *k, struct sl_err *err)
{
	const struct sl_audit *a = k->a;

	k->bit_of = calloc((size_t)a->nsets + 1, sizeof *k->bit_of);
	if (k->bit_of == NULL)
		return no_memory(err);
	for (uint32_t s = 0; s < a->nsets; s++) {
		bool meant = a->sets[s].shown && k->tables_of[sl_audit_output_of(a, s)] != UINT32_MAX;
		k->bit_of[s] = meant ? k->nbits++ : UINT32_MAX;
	}
	k->nwords = k->nbits / 64 + 1;
	return SL_OK;
}

/* What the set asks for; how many. */
static uint32_t list_asked(const struct sl_kinds *k, uint32_t set, const uint32_t **values)
{
	*values = &k->asked[k->first_asked[set]];
	return k->first_asked[set + 1] - k->first_asked[set];
}

/* The bit in the bitmaps of what the set asks for, or out of them. */
static void mark(struct sl_kinds *k, uint32_t set, uint32_t bit, bool on)
{
	const uint32_t *values;
	uint32_t n = list_asked(k, set, &values);

	for (uint32_t i = 0; i < n; i++) {
		struct sl_kinds_value *v = &k->values[values[i]];
		(on ? set_bit : clear_bit)(v->in, bit);
		(on ? set_bit : clear_bit)(k->attributes[v->attribute].asked, bit);
	}
	(on && !k->impossible[set] ? set_bit : clear_bit)(k->start, bit);
}

enum sl_rc sl_kinds_make(struct sl_kinds *k, const struct sl_audit *a, bool *fits, struct sl_err *err)
{
	*k = (struct sl_kinds){ .a = a };
	enum sl_rc rc = sl_attributes_make(k, fits, err);
	if (rc == SL_OK && *fits)
		rc = number_bits(k, err);
	*fits = *fits && k->nbits <= SL_KINDS_BITS_MAX;
	if (rc != SL_OK || !*fits)
		return rc;
	k->bitmaps = calloc(((size_t)k->nvalues + k->nattributes + 1) * k->nwords, sizeof *k->bitmaps);
	if (k->bitmaps == NULL)
		return no_memory(err);
	uint64_t *next = k->bitmaps;
	for (uint32_t v = 0; v < k->nvalues; v++, next += k->nwords)
		k->values[v].in = next;
	for (uint32_t t = 0; t < k->nattributes; t++, next += k->nwords)
		k->attributes[t].asked = next;
	k->start = next;
	for (uint32_t s = 0; s < a->nsets; s++)
		if (k->bit_of[s] != UINT32_MAX)
			mark(k, s, k->bit_of[s], true);
	return SL_OK;
}

void sl_kinds_of_atom(const struct sl_kinds *k, uint32_t atom, uint64_t *words)
{
	const struct sl_atom *from = &k->a->atoms->atoms[atom];

	memset(words, 0, k->nwords * sizeof *words);
	for (uint32_t p = from->first; p < from->first + from->n; p++)
		if (k->bit_of[k->a->atoms->places[p].set] != UINT32_MAX)
			set_bit(words, k->bit_of[k->a->atoms->places[p].set]);
}

/* --- like one that is there -------------------------------------------------------------------------------- */

/* The values of the attribute that the i-th asks for, and of all after it the first of another. */
static uint32_t end_of_attribute(const struct sl_kinds *k, const uint32_t *asked, uint32_t n, uint32_t i)
{
	uint32_t end = i + 1;

	while (end < n && k->values[asked[end]].attribute == k->values[asked[i]].attribute)
		end++;
	return end;
}

/* values[attribute] of one set's conditions: what it is, if that will do, else the first that does; or none of them. */
static void put_values(const struct sl_kinds *k, uint32_t set, bool none, uint32_t *values)
{
	const uint32_t *asked;
	uint32_t n = list_asked(k, set, &asked);

	for (uint32_t i = 0, end; i < n; i = end) {
		uint32_t *value = &values[k->values[asked[i]].attribute];
		bool will_do = false;
		end = end_of_attribute(k, asked, n, i);
		for (uint32_t x = i; x < end; x++)
			will_do = will_do || *value == asked[x];
		if (none)
			*value = UINT32_MAX;
		else if (!will_do)
			*value = asked[i];
	}
}

static bool is_any_alive(const struct sl_kinds *k, const uint64_t *words, const uint64_t *in)
{
	for (uint32_t w = 0; w < k->nwords; w++)
		if ((words[w] & in[w]) != 0)
			return true;
	return false;
}

/* Of an attribute that every unit has a value of: one that makes it a member of no set more. */
static bool has_quiet_value(const struct sl_kinds *k, const struct sl_kinds_attribute *t, const uint64_t *words)
{
	for (uint32_t i = t->first; i < t->first + t->n; i++)
		if (!has_bit(k->values[k->members[i]].in, k->nbits) && !is_any_alive(k, words, k->values[k->members[i]].in))
			return true;
	return false;
}

static void keep(const struct sl_kinds *k, const struct sl_kinds_attribute *t, const uint64_t *in, uint64_t *words)
{
	for (uint32_t w = 0; w < k->nwords; w++)
		words[w] &= ~t->asked[w] | (in != NULL ? in[w] : 0);
}

static bool apply(const struct sl_kinds *k, const uint32_t *values, uint64_t *words)
{
	bool possible = true;

	memcpy(words, k->start, k->nwords * sizeof *words);
	for (uint32_t t = 0; t < k->nattributes; t++)
		if (values[t] != UINT32_MAX || !k->attributes[t].complete)
			keep(k, &k->attributes[t], values[t] != UINT32_MAX ? k->values[values[t]].in : NULL, words);
	for (uint32_t t = 0; t < k->nattributes && possible; t++) {
		if (values[t] != UINT32_MAX || !k->attributes[t].complete)
			continue;
		possible = has_quiet_value(k, &k->attributes[t], words);
		keep(k, &k->attributes[t], NULL, words);
	}
	return possible && !has_bit(words, k->nbits);
}

bool sl_kinds_like(struct sl_kinds *k, uint32_t atom, uint32_t within, uint32_t without, uint32_t *values,
                   uint64_t *words)
{
	const struct sl_atom *from = &k->a->atoms->atoms[atom];

	memset(values, 0xff, k->nattributes * sizeof *values);
	for (uint32_t p = from->first; p < from->first + from->n; p++)
		if (k->tables_of[sl_audit_output_of(k->a, k->a->atoms->places[p].set)] != UINT32_MAX)
			put_values(k, k->a->atoms->places[p].set, false, values);
	if (without != SL_AUDIT_NO_SET) {
		mark(k, without, k->nbits, true);
		put_values(k, without, true, values);
	}
	put_values(k, within, false, values);
	bool found = !k->impossible[within] && apply(k, values, words);
	if (without != SL_AUDIT_NO_SET)
		mark(k, without, k->nbits, false);
	k->work += (uint64_t)k->nattributes * k->nwords;
	return found;
}

/* --- one attribute after the other ------------------------------------------------------------------------ */

/* Those listed so far, and those with one attribute more. */
struct listing {
	struct sl_kinds *k;
	struct sl_signatures now, next;
	uint64_t *words;     /* one more */
	bool fits;
};

static bool is_zero(const struct sl_kinds *k, const uint64_t *words)
{
	for (uint32_t i = 0; i < k->nwords; i++)
		if (words[i] != 0)
			return false;
	return true;
}

/* All so far, with the value: the sets that ask for another one are not theirs. in NULL: none that any set asks for. */
static enum sl_rc take(struct listing *l, const uint64_t *asked, const uint64_t *in, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	uint32_t nwords = l->k->nwords, at;

	for (uint32_t i = 0; i < l->now.n && rc == SL_OK && l->fits; i++) {
		memcpy(l->words, l->now.words + (size_t)i * nwords, nwords * sizeof *l->words);
		for (uint32_t w = 0; w < nwords; w++)
			l->words[w] &= ~asked[w] | (in != NULL ? in[w] : 0);
		rc = sl_signatures_add(&l->next, l->words, &at, err);
		l->fits = l->next.n <= SL_KINDS_MAX;
	}
	l->k->work += (uint64_t)l->now.n * nwords;
	return rc;
}

static void swap(struct listing *l)
{
	struct sl_signatures was = l->now;

	l->now = l->next;
	l->next = was;
	sl_signatures_free(&l->next);
}

/* They have one of n values. */
static enum sl_rc fix(struct listing *l, const struct sl_kinds_attribute *t, const uint32_t *values, uint32_t n,
                      struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (is_zero(l->k, t->asked))
		return SL_OK;
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		rc = take(l, t->asked, l->k->values[values[i]].in, err);
	swap(l);
	return rc;
}

/* They have any. */
static enum sl_rc vary(struct listing *l, const struct sl_kinds_attribute *t, struct sl_err *err)
{
	const struct sl_kinds *k = l->k;
	bool others = !t->complete;
	enum sl_rc rc = SL_OK;

	if (is_zero(k, t->asked))
		return SL_OK;
	for (uint32_t i = t->first; i < t->first + t->n && rc == SL_OK; i++) {
		const uint64_t *in = k->values[k->members[i]].in;
		if (is_zero(k, in))
			others = true;
		else
			rc = take(l, t->asked, in, err);
	}
	if (rc == SL_OK && others)
		rc = take(l, t->asked, NULL, err);
	swap(l);
	return rc;
}

/* First what is fixed, so that there are few for long. */
static enum sl_rc vary_all(struct listing *l, const uint32_t *fixed, uint32_t nfixed, struct sl_err *err)
{
	const struct sl_kinds *k = l->k;
	bool *done = calloc((size_t)k->nattributes + 1, sizeof *done);
	enum sl_rc rc = done != NULL ? SL_OK : no_memory(err);

	for (uint32_t i = 0, end; i < nfixed && rc == SL_OK; i = end) {
		uint32_t t = k->values[fixed[i]].attribute;
		end = end_of_attribute(k, fixed, nfixed, i);
		done[t] = true;
		rc = fix(l, &k->attributes[t], &fixed[i], end - i, err);
	}
	for (uint32_t t = 0; t < k->nattributes && rc == SL_OK && l->fits; t++)
		if (!done[t])
			rc = vary(l, &k->attributes[t], err);
	free(done);
	return rc;
}

/* Without those that have the last bit, which is nobody's. */
static enum sl_rc hand_out(struct listing *l, struct sl_signatures *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	uint32_t at;

	for (uint32_t i = 0; i < l->now.n && rc == SL_OK; i++) {
		const uint64_t *words = &l->now.words[(size_t)i * l->k->nwords];
		if (!has_bit(words, l->k->nbits))
			rc = sl_signatures_add(out, words, &at, err);
	}
	return rc;
}

enum sl_rc sl_kinds_list(struct sl_kinds *k, uint32_t within, uint32_t without, struct sl_signatures *out, bool *fits,
                         struct sl_err *err)
{
	struct listing l = { .k = k, .now.nwords = k->nwords, .next.nwords = k->nwords, .fits = true };
	const uint32_t *fixed = NULL;
	uint32_t nfixed = within != SL_AUDIT_NO_SET ? list_asked(k, within, &fixed) : 0, at;
	bool possible = within == SL_AUDIT_NO_SET || !k->impossible[within];
	enum sl_rc rc = SL_OK;

	*out = (struct sl_signatures){ .nwords = k->nwords };
	l.words = calloc(k->nwords, sizeof *l.words);
	if (l.words == NULL)
		rc = no_memory(err);
	if (without != SL_AUDIT_NO_SET)
		mark(k, without, k->nbits, true);
	if (rc == SL_OK && possible)
		rc = sl_signatures_add(&l.now, k->start, &at, err);
	if (rc == SL_OK)
		rc = vary_all(&l, fixed, nfixed, err);
	if (without != SL_AUDIT_NO_SET)
		mark(k, without, k->nbits, false);
	if (rc == SL_OK && l.fits)
		rc = hand_out(&l, out, err);
	*fits = l.fits;
	sl_signatures_free(&l.now);
	sl_signatures_free(&l.next);
	free(l.words);
	return rc;
}
