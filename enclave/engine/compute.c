/* compute.c - see compute.h. */
#include "enclave/engine/compute.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of what a program runs in, widest alignment first: numbers, then bits, steps, registers, and the marks. */
struct layout {
	size_t wide, values, bits, steps, registers, marks, total;
};

static struct layout lay_out(const struct sl_program *p)
{
	struct layout l = { .wide = 0 };
	size_t nmasks = 0;

	for (uint32_t i = 0; i < p->nregisters; i++)
		nmasks += p->is_mask[i];
	l.values = p->result_is_mask ? SL_BATCH_ROWS * sizeof(int64_t) : 0;
	l.bits = l.values + (p->nregisters - nmasks) * SL_BATCH_ROWS * sizeof(int64_t);
	l.steps = l.bits + p->nbits * sizeof *p->bits;
	l.registers = l.steps + p->nsteps * sizeof *p->steps;
	l.marks = l.registers + p->nregisters * sizeof(struct sl_register);
	l.total = l.marks + (p->nregisters + nmasks) * SL_BATCH_ROWS;
	return l;
}

enum sl_rc sl_compute_init(struct sl_compute *c, const struct sl_expr *expr, struct sl_err *err)
{
	struct sl_program *p = &c->program;

	c->expr = expr;
	sl_program_write(p, expr);
	struct layout l = lay_out(p);
	/* A bare column needs no room, and calloc may answer NULL to that. */
	if (l.total == 0)
		return SL_OK;
	uint8_t *room = calloc(1, l.total);
	if (room == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for an expression");
	c->room = room;
	c->room_bytes = l.total;
	c->wide = p->result_is_mask ? (int64_t *)(void *)(room + l.wide) : NULL;
	p->bits = (uint64_t *)(void *)(room + l.bits);
	p->steps = (struct sl_step *)(void *)(room + l.steps);
	c->registers = (struct sl_register *)(void *)(room + l.registers);
	int64_t *values = (int64_t *)(void *)(room + l.values);
	uint8_t *marks = room + l.marks;
	for (uint32_t i = 0; i < p->nregisters; i++) {
		struct sl_register *r = &c->registers[i];
		r->own = marks;
		marks += SL_BATCH_ROWS;
		if (p->is_mask[i]) {
			r->mask = marks;
			marks += SL_BATCH_ROWS;
		} else {
			r->values = values;
			values += SL_BATCH_ROWS;
		}
	}
	sl_program_write(p, expr);
	return SL_OK;
}

static struct sl_vector at_slot(const struct sl_compute *c, const struct sl_batch *batch, uint16_t slot)
{
	if (slot == SL_SLOT_NONE)
		return (struct sl_vector){ .values = NULL };
	if (slot < SL_INPUTS_MAX)
		return (struct sl_vector){ .values = batch->values[slot], .nulls = batch->nulls[slot] };
	const struct sl_register *r = &c->registers[slot - SL_INPUTS_MAX];
	return (struct sl_vector){ .values = r->values, .mask = r->mask, .nulls = r->nulls };
}

static struct sl_vector run_steps(struct sl_compute *c, const struct sl_batch *batch)
{
	for (uint32_t i = 0; i < c->program.nsteps; i++) {
		const struct sl_step *s = &c->program.steps[i];
		sl_step_run(s, at_slot(c, batch, s->a), at_slot(c, batch, s->b), &c->registers[s->out], batch->rows);
	}
	return at_slot(c, batch, c->program.result);
}

static bool any_kept(const uint8_t *kept, uint32_t rows)
{
	uint8_t any = kept == NULL;

	for (uint32_t r = 0; kept != NULL && r < rows; r++)
		any |= kept[r];
	return any;
}

/* Rows are not picked: a loop over all of them is faster than one that asks each. */
struct sl_computed sl_compute_run(struct sl_compute *c, const struct sl_batch *batch, const uint8_t *kept)
{
	struct sl_vector v = any_kept(kept, batch->rows) ? run_steps(c, batch) : at_slot(c, batch, c->program.result);

	if (c->wide == NULL)
		return (struct sl_computed){ .values = v.values, .nulls = v.nulls };
	for (uint32_t r = 0; r < batch->rows; r++)
		c->wide[r] = v.mask[r];
	return (struct sl_computed){ .values = c->wide, .nulls = v.nulls };
}

void sl_compute_true(struct sl_compute *c, const struct sl_batch *batch, uint8_t kept[static SL_BATCH_ROWS])
{
	SL_REQUIRE(c->program.result_is_mask);
	struct sl_vector v = run_steps(c, batch);

	memcpy(kept, v.mask, batch->rows);
	if (v.nulls != NULL)
		for (uint32_t r = 0; r < batch->rows; r++)
			kept[r] &= v.nulls[r] == 0;
}

void sl_compute_fini(struct sl_compute *c)
{
	/* Rows went through here. */
	if (c->room != NULL)
		explicit_bzero(c->room, c->room_bytes);
	free(c->room);
	memset(c, 0, sizeof *c);
}
