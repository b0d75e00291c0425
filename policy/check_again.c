/*
 * check_again.c - see enum sl_near: rows in whose place an earlier row of the same project is told again.
 *
 * Which row has one follows from who is in both, from conditions and from the order of releases; not from any number of
 * the row, nor from whether another rule hides it. Otherwise what stands there would tell of the few units that are in
 * one of the two: that a share of the row passes, and the earlier one passed, may say who they are.
 */
#include "policy/check_state.h"

#include <stdlib.h>
#include <string.h>

#include "policy/history/meeting.h"

/* A row's earlier one. Zeroed: none. */
struct sl_check_row {
	uint64_t release;
	uint16_t output;
	uint32_t cell;
};

static bool is_asked(const struct sl_check_state *st)
{
	return st->setup->rules.near == SL_NEAR_EARLIER;
}

enum sl_rc sl_check_again_open(struct sl_check_state *st, struct sl_err *err)
{
	for (uint32_t i = 0; i < st->setup->nplans && is_asked(st); i++) {
		st->rows[i] = calloc((size_t)sl_plan_cells(&st->plans[i], &st->setup->view) + 1, sizeof *st->rows[i]);
		if (st->rows[i] == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for what is told again");
	}
	return SL_OK;
}

void sl_check_again_close(struct sl_check_state *st)
{
	for (uint32_t i = 0; i < SL_PLANS_MAX; i++)
		free(st->rows[i]);
}

/* --- which row -------------------------------------------------------------------------------------------- */

/* One space, and one of its outputs. */
struct search {
	const struct sl_history *history;
	const struct sl_audit *audit;
	const struct sl_earlier_output *own;
	const struct sl_rules *rules;
	struct sl_meetings meetings;
};

/* A statistic that both have, and that left of this row. */
static bool tells(const struct search *s, const struct sl_earlier_output *then, uint32_t row)
{
	for (uint32_t i = 0; i < then->nstats; i++)
		for (uint32_t j = 0; j < s->own->nstats; j++)
			if ((then->sets[row].told >> i & 1) != 0 && then->stats[i].hash == s->own->stats[j].hash)
				return true;
	return false;
}

/* All that a number is judged by; the words beside it may be asked for otherwise, and what follows from this here. */
static bool same_rules(const struct sl_rules *a, const struct sl_rules *b)
{
	for (size_t i = 0; i < sl_rules_record.nfields; i++) {
		const struct sl_field *f = &sl_rules_record.fields[i];
		size_t size = f->kind == SL_KIND_U8 ? sizeof(uint8_t) : sizeof(uint32_t);
		if (f->offset != offsetof(struct sl_rules, near) && f->offset != offsetof(struct sl_rules, context) &&
		    memcmp((const char *)a + f->offset, (const char *)b + f->offset, size) != 0)
			return false;
	}
	return true;
}

/*
 * How many units an earlier row has is taken to be known. Where they are twice as many as a count needs, less one, a
 * row that differs by fewer than that has enough, whatever it is; beside a smaller one it would be told that somebody
 * is in it, which the marker does not.
 */
static bool is_large(const struct sl_audit *a, uint32_t other)
{
	return a->threshold > 0 && a->sets[other].units >= 2 * a->threshold - 1;
}

static bool is_near(const struct search *s, uint32_t set, uint32_t other)
{
	const struct sl_audit *a = s->audit;
	const struct sl_meeting *m = &s->meetings.with[other];
	uint32_t output = sl_audit_output_of(a, other);

	if (output >= a->nearlier || !a->sets[other].shown)
		return false;
	const struct sl_earlier_output *then = &s->history->outputs[output];
	uint32_t place = other - a->outputs[output].first_set;
	return then->again == 1 && place % then->per_cell == 0 && is_large(a, other) &&
	       same_rules(&then->rules, s->rules) && then->tables.hash == s->own->tables.hash &&
	       a->sets[set].units + a->sets[other].units - m->both - m->alike < a->threshold && tells(s, then, place);
}

/* The same question of the same units, who have one row each: whatever is near to one of them is near to both. */
static bool is_asked_again(const struct sl_audit *a, uint32_t set, uint32_t other)
{
	uint32_t x = a->first_atom[set], y = a->first_atom[other], n = a->first_atom[set + 1] - x;

	return a->rows_of[set] == 0 && a->rows_of[other] == 0 && sl_audit_same(&a->sets[set], &a->sets[other]) &&
	       a->first_atom[other + 1] - y == n && memcmp(&a->atom_of[x], &a->atom_of[y], n * sizeof *a->atom_of) == 0;
}

/*
 * The earliest, and of what it asks the newest: another version of a table may have told it otherwise. Sets of history
 * stand in the order of releases, outputs, cells. The newest of all would tell more with every release: a row that is
 * near to one, and asked for again near to another, lies between them.
 */
static uint32_t choose(struct search *s, uint32_t set)
{
	const struct sl_meetings *m = &s->meetings;
	uint32_t first = SL_AUDIT_NO_SET;

	if (!s->audit->has_near[set])
		return first;
	sl_meet(&s->meetings, s->audit, set);
	for (uint32_t i = 0; i < m->nmet; i++)
		if (m->met[i] < first && is_near(s, set, m->met[i]))
			first = m->met[i];
	uint32_t best = first;
	for (uint32_t i = 0; i < m->nmet && first != SL_AUDIT_NO_SET; i++)
		if (m->met[i] > best && is_near(s, set, m->met[i]) && is_asked_again(s->audit, first, m->met[i]))
			best = m->met[i];
	return best;
}

static void look_at_output(struct search *s, const struct sl_audit_output *o, struct sl_check_row *rows)
{
	const struct sl_audit *a = s->audit;

	for (uint32_t set = o->first_set, cell = 0; set < o[1].first_set; set += o->per_cell, cell++) {
		uint32_t other = choose(s, set);
		if (other == SL_AUDIT_NO_SET)
			continue;
		uint32_t output = sl_audit_output_of(a, other);
		rows[cell] = (struct sl_check_row){
			.release = s->history->outputs[output].release,
			.output = s->history->outputs[output].output,
			.cell = (other - a->outputs[output].first_set) / a->outputs[output].per_cell,
		};
	}
}

enum sl_rc sl_check_again_look(struct sl_check_state *st, const struct sl_history *h, const struct sl_audit *a,
                               const struct sl_earlier_output *own, struct sl_err *err)
{
	struct search s = { .history = h, .audit = a, .rules = &st->setup->rules };

	if (!is_asked(st) || h->noutputs == 0)
		return SL_OK;
	enum sl_rc rc = sl_meetings_init(&s.meetings, a, err);
	for (uint32_t k = 0; k < h->nplans && rc == SL_OK; k++) {
		s.own = &own[k];
		look_at_output(&s, &a->outputs[a->nearlier + k], st->rows[h->plans[k].plan]);
	}
	sl_meetings_fini(&s.meetings);
	return rc;
}

/* --- what comes of it ------------------------------------------------------------------------------------- */

static bool is_hidden(const struct sl_check_state *st, uint32_t output, uint32_t cell)
{
	uint32_t columns = st->plans[output].nstats + st->plans[output].ncalcs;

	for (uint32_t c = 0; c < columns; c++)
		if (st->pub->outputs[output].cells[(size_t)cell * columns + c].shown)
			return false;
	return true;
}

static uint32_t ncells_of(const struct sl_check_state *st, uint32_t output)
{
	return st->pub->outputs[output].ncells / (st->plans[output].nstats + st->plans[output].ncalcs);
}

static uint32_t count(const struct sl_check_state *st, uint32_t output)
{
	uint32_t n = 0;

	for (uint32_t cell = 0; st->rows[output] != NULL && cell < ncells_of(st, output); cell++)
		n += st->rows[output][cell].release != 0 && is_hidden(st, output, cell);
	return n;
}

bool sl_check_again_tells(const struct sl_check_state *st, uint32_t output)
{
	return count(st, output) > 0;
}

bool sl_check_again_defer(struct sl_check_state *st, uint32_t output, const struct sl_rule_hit *hit)
{
	if (!is_asked(st) || sl_check_space_of(st, output) == NULL)
		return false;
	st->small[output] = true;
	st->small_hit[output] = *hit;
	for (uint32_t cell = 0; cell < ncells_of(st, output); cell++)
		sl_check_hide_row(st, output, cell);
	return true;
}

enum sl_rc sl_check_again_settle(struct sl_check_state *st, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < st->pub->noutputs && rc == SL_OK; i++) {
		if (!st->small[i])
			continue;
		rc = sl_check_find(st, i, SL_FINDING_WHOLE, SL_FINDING_WHOLE, SL_RULE_SMALL_COMPLEMENT, &st->small_hit[i], err);
		if (rc != SL_OK)
			break;
		if (sl_check_again_tells(st, i))
			st->pub->findings[st->pub->nfindings - 1].severity = SL_SEVERITY_SUPPRESS;
		sl_check_settle(st->pub);
	}
	return rc;
}

enum sl_rc sl_check_again_list(struct sl_check_state *st, struct sl_err *err)
{
	struct sl_publication *pub = st->pub;
	uint64_t n = 0;

	for (uint32_t i = 0; i < pub->noutputs && pub->releasable; i++)
		n += count(st, i);
	if (n == 0)
		return SL_OK;
	if (n > SL_CELLS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "more than %u rows are told again", SL_CELLS_MAX);
	pub->again = calloc((size_t)n, sizeof *pub->again);
	if (pub->again == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for what is told again");
	for (uint32_t i = 0; i < pub->noutputs; i++)
		for (uint32_t cell = 0; cell < ncells_of(st, i); cell++) {
			const struct sl_check_row *row = &st->rows[i][cell];
			if (row->release != 0 && is_hidden(st, i, cell))
				pub->again[pub->nagain++] = (struct sl_published_again){ .output = (uint16_t)i, .cell = cell,
					.release = row->release, .from_output = row->output, .from_cell = row->cell };
		}
	return SL_OK;
}
