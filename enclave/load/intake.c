/* intake.c - see intake.h. */
#include "enclave/load/intake.h"

#include <stdlib.h>

#include "enclave/vault/digest.h"

#define SLOTS_MIN 1024u

enum sl_rc sl_intake_init(struct sl_intake *in, const struct sl_intake_plan *plan, struct sl_err *err)
{
	memset(in, 0, sizeof *in);
	in->plan = plan;
	in->slots = calloc(SLOTS_MIN, sizeof *in->slots);
	in->bad = calloc(plan->setup->bad_rows_max, sizeof *in->bad);
	if (in->slots == NULL || in->bad == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for rows");
	in->nslots = SLOTS_MIN;
	return sl_hmac_new(plan->setup->space_key, sizeof plan->setup->space_key, &in->mac, err);
}

void sl_intake_fini(struct sl_intake *in)
{
	sl_hmac_free(in->mac);
	free(in->rows);
	free(in->lines);
	free(in->fresh);
	free(in->slots);
	free(in->waiting);
	free(in->bad);
	sl_buf_free(&in->texts);
	memset(in, 0, sizeof *in);
}

/* The slot of a fresh unit's key, or the free one where it would stand. */
static uint32_t *slot_of(const struct sl_intake *in, const struct sl_unit_key *key)
{
	for (uint32_t i = (uint32_t)key->hash & (in->nslots - 1);; i = (i + 1) & (in->nslots - 1)) {
		const struct sl_new_unit *f = in->slots[i] > 0 ? &in->fresh[in->slots[i] - 1] : NULL;

		if (f == NULL)
			return &in->slots[i];
		if (f->key.word[0] == key->word[0] && f->key.word[1] == key->word[1] &&
		    memcmp(in->texts.data + f->text_at, key->text, key->len) == 0)
			return &in->slots[i];
	}
}

void sl_intake_begin(struct sl_intake *in)
{
	if (in->nfresh > 0)
		memset(in->slots, 0, in->nslots * sizeof *in->slots);
	in->seen = in->bad_total = 0;
	in->nrows = in->nfresh = in->nwaiting = in->nbad = in->nahead = in->first_ahead = 0;
	sl_buf_reset(&in->texts);
}

static void fail(struct sl_intake *in)
{
	if (in->rc == SL_OK)
		in->rc = sl_err_set(&in->err, SL_E_NOMEM, "out of memory for rows");
}

/* Room for one more of n elements; false when there is none. */
static bool room(void **items, uint32_t n, uint32_t *cap, size_t each)
{
	uint32_t wanted = *cap > 0 ? 2 * *cap : 256;
	void *more;

	if (n < *cap)
		return true;
	more = wanted > n ? realloc(*items, wanted * each + SL_LAYOUT_SLACK) : NULL;
	if (more == NULL)
		return false;
	*items = more;
	*cap = wanted;
	return true;
}

static bool room_for_row(struct sl_intake *in)
{
	uint32_t lines_cap = in->rows_cap;

	if (in->plan->setup->one_row_per_unit &&
	    !room((void **)&in->lines, in->nrows, &lines_cap, sizeof *in->lines))
		return false;
	return room((void **)&in->rows, in->nrows, &in->rows_cap, in->plan->layout.row_bytes);
}

static void bad(struct sl_intake *in, uint64_t line, const char *column, const char *reason)
{
	if (in->nbad < in->plan->setup->bad_rows_max)
		in->bad[in->nbad++] = (struct sl_intake_bad){ line, column, reason };
	in->bad_total++;
}

/* Twice as many slots, every fresh unit in its place. */
static bool more_slots(struct sl_intake *in)
{
	uint32_t *slots = calloc(2 * (size_t)in->nslots, sizeof *slots);

	if (slots == NULL)
		return false;
	free(in->slots);
	in->slots = slots;
	in->nslots *= 2;
	for (uint32_t i = 0; i < in->nfresh; i++) {
		uint32_t at = (uint32_t)in->fresh[i].key.hash & (in->nslots - 1);

		while (slots[at] != 0)
			at = (at + 1) & (in->nslots - 1);
		slots[at] = i + 1;
	}
	return true;
}

/* A unit nobody knows: its row waits for the ordinal it will get. */
static void wait_for(struct sl_intake *in, const struct sl_intake_ahead *a, uint8_t *row)
{
	uint32_t *slot;

	if (!room((void **)&in->waiting, in->nwaiting, &in->waiting_cap, sizeof *in->waiting) ||
	    !room((void **)&in->fresh, in->nfresh, &in->fresh_cap, sizeof *in->fresh) ||
	    (2 * in->nfresh >= in->nslots && !more_slots(in))) {
		fail(in);
		return;
	}
	slot = slot_of(in, &a->key);
	if (*slot == 0) {
		in->fresh[in->nfresh] = (struct sl_new_unit){ .key = a->key, .text_at = in->texts.len };
		sl_buf_put(&in->texts, a->key.text, a->key.len);
		if (in->texts.failed) {
			fail(in);
			return;
		}
		*slot = ++in->nfresh;
	}
	sl_layout_set_unit(row, *slot - 1);
	in->waiting[in->nwaiting++] = a->row;
}

/* Look up the row that waits longest. */
static void look_up(struct sl_intake *in)
{
	struct sl_intake_ahead *a = &in->ahead[in->first_ahead];
	uint8_t *row = in->rows + (size_t)a->row * in->plan->layout.row_bytes;
	uint32_t ordinal;

	in->first_ahead = (in->first_ahead + 1) % SL_INTAKE_AHEAD;
	in->nahead--;
	if (sl_units_find(&in->plan->units, &a->key, &ordinal))
		sl_layout_set_unit(row, ordinal);
	else
		wait_for(in, a, row);
}

/* NULL when the unit is fine: it will be looked up a few rows later, when its slot has come near. */
static const char *take_unit(struct sl_intake *in, const struct sl_cell *cell)
{
	struct sl_intake_ahead *a = &in->ahead[(in->first_ahead + in->nahead) % SL_INTAKE_AHEAD];
	const char *text = "", *reason = sl_typer_unit(&in->plan->typers[0], cell, a->room, &text, &a->key.len);

	if (reason != NULL)
		return reason;
	a->key = sl_units_key(&in->plan->units, text, a->key.len);
	a->row = in->nrows;
	sl_units_prefetch(&in->plan->units, &a->key);
	in->nahead++;
	return NULL;
}

/* The values of a row behind the unit's place. NULL, or why one is bad; *column is then its name. */
static const char *take_values(struct sl_intake *in, const struct sl_row *row, uint8_t *out, const char **column)
{
	const struct sl_intake_plan *p = in->plan;
	uint8_t nulls[SL_COLUMNS_MAX / 8 + 1];
	uint32_t nnulls = p->layout.row_bytes - p->layout.nulls_at;

	if (nnulls > 0)
		memset(nulls, 0, nnulls);
	for (uint32_t i = 1; i < p->setup->ncolumns; i++) {
		const struct sl_layout_column *c = &p->layout.columns[i];
		int64_t value;
		bool missing;
		const char *reason = sl_typer_value(&p->typers[i], &row->cells[p->place[i]], &value, &missing);

		if (reason != NULL) {
			*column = p->setup->columns[i].header;
			return reason;
		}
		if (missing)
			nulls[c->null_byte - p->layout.nulls_at] |= c->null_bit;
		sl_layout_put(&p->layout, out, i, missing ? c->lo : value);
	}
	if (nnulls > 0)
		memcpy(out + p->layout.nulls_at, nulls, nnulls);
	return NULL;
}

void sl_intake_row(struct sl_intake *in, const struct sl_row *row)
{
	const char *column = "", *reason = row->fault;
	uint8_t *out;

	in->seen++;
	if (in->rc == SL_OK && !room_for_row(in))
		fail(in);
	if (in->rc != SL_OK)
		return;
	out = in->rows + (size_t)in->nrows * in->plan->layout.row_bytes;
	if (reason == NULL)
		reason = take_values(in, row, out, &column);
	if (reason == NULL) {
		column = in->plan->setup->columns[0].header;
		reason = take_unit(in, &row->cells[in->plan->place[0]]);
	}
	if (reason != NULL) {
		bad(in, row->line, column, reason);
		return;
	}
	if (in->lines != NULL)
		in->lines[in->nrows] = row->line;
	in->nrows++;
	while (in->nahead > (in->texts_stay ? SL_INTAKE_AHEAD - 1 : 0))
		look_up(in);
}

void sl_intake_end(struct sl_intake *in)
{
	uint8_t mac[SL_DIGEST_BYTES];

	while (in->nahead > 0)
		look_up(in);
	for (uint32_t i = 0; i < in->nfresh && in->rc == SL_OK; i++) {
		struct sl_new_unit *f = &in->fresh[i];

		f->key.text = (const char *)in->texts.data + f->text_at;
		in->rc = sl_hmac_of(in->mac, f->key.text, f->key.len, mac, &in->err);
		memcpy(f->hash, mac, sizeof f->hash);
	}
}

void sl_intake_settle(struct sl_intake *in)
{
	for (uint32_t i = 0; i < in->nwaiting; i++) {
		uint8_t *row = in->rows + (size_t)in->waiting[i] * in->plan->layout.row_bytes;

		sl_layout_set_unit(row, in->fresh[sl_layout_unit(row)].ordinal);
	}
}

uint64_t sl_intake_bytes(const struct sl_intake *in)
{
	return (uint64_t)in->rows_cap * (in->plan->layout.row_bytes + (in->lines != NULL ? sizeof *in->lines : 0)) +
	       (uint64_t)in->fresh_cap * sizeof *in->fresh + (uint64_t)in->nslots * sizeof *in->slots +
	       (uint64_t)in->waiting_cap * sizeof *in->waiting + in->texts.cap;
}
