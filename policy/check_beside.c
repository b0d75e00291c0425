/*
 * check_beside.c - what check_told.c asks of one row, of numbers that stand apart: a sum in one output and the mean of
 * the same rows in another, or in an earlier release, say how many have a value. So do the sums of all groups beside
 * the mean of all; and what else follows from all of them together is asked last (check_beside_left.c).
 *
 * Where they are 1 to t-1, a number of the request goes: the mean or share, which nothing gives back, since it does not
 * add up; where only an earlier release has that, the sum or count. A finding of rule numerator. Outputs about the same
 * rows are compared by their keys (check_common.h), all others by the conditions of their sets.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_beside.h"
#include "policy/check_common.h"
#include "policy/history/value.h"
#include "policy/rules/rules.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for what statistics tell together");
}

static struct sl_published_cell *row_of(const struct sl_beside *b, uint32_t i, uint32_t cell)
{
	const struct sl_plan *plan = &b->st->plans[i];

	return &b->st->pub->outputs[i].cells[(size_t)cell * (plan->nstats + plan->ncalcs)];
}

static const struct sl_evidence *evidence_of(const struct sl_beside *b, uint32_t i, uint32_t cell)
{
	return &b->st->results[i].evidence[(size_t)cell * b->st->plans[i].nstats];
}

/* cell SL_FINDING_WHOLE: whatever is shown. */
uint32_t sl_beside_stat(const struct sl_beside *b, uint32_t i, bool quotient, uint32_t cell)
{
	const struct sl_beside_output *o = &b->outputs[i];

	for (uint32_t h = 0; h < o->nhalves; h++)
		if (o->halves[h].of == b->of && o->halves[h].quotient == quotient &&
		    (cell == SL_FINDING_WHOLE || row_of(b, i, cell)[o->halves[h].stat].shown))
			return o->halves[h].stat;
	return SL_FINDING_WHOLE;
}

bool sl_beside_missing(const struct sl_beside *b, uint32_t i, uint32_t cell, uint64_t *rows)
{
	const struct sl_beside_output *o = &b->outputs[i];

	for (uint32_t h = 0; h < o->nhalves; h++) {
		const struct sl_evidence *e = evidence_of(b, i, cell) + o->halves[h].stat;
		if (o->halves[h].of != b->of || b->st->plans[i].stats[o->halves[h].stat].fn == SL_STAT_COUNT_IF)
			continue;
		*rows = e->cell_rows - e->known_rows;
		return true;
	}
	return false;
}

/* --- who has which half ----------------------------------------------------------------------------------- */

void sl_beside_see(struct sl_known *k, bool quotient, struct sl_seen seen)
{
	if (k->half[quotient].from == SL_SEEN_NOWHERE || seen.from < k->half[quotient].from)
		k->half[quotient] = seen;
}

static void see_rows(struct sl_beside *b, uint32_t i)
{
	struct sl_beside_output *o = &b->outputs[i];

	memset(o->cells, 0, o->ncells * sizeof *o->cells);
	for (uint32_t cell = 0; cell < o->ncells; cell++)
		for (int q = 0; q < 2; q++)
			if (sl_beside_stat(b, i, q, cell) != SL_FINDING_WHOLE)
				sl_beside_see(&o->cells[cell], q, (struct sl_seen){ SL_SEEN_ROW, 0, i, cell });
}

/* What the cells of another output about the same rows tell of a cell that they make up. */
struct part {
	uint32_t cells, totals, quotients;  /* that somebody is in; of those, that show either half */
	uint32_t cell;                      /* the last of those */
};

static void add_to_part(const struct sl_beside *b, uint32_t j, uint32_t cell, struct part *part)
{
	if (evidence_of(b, j, cell)->cell_rows == 0)
		return;
	part->cells++;
	part->cell = cell;
	part->totals += sl_beside_stat(b, j, false, cell) != SL_FINDING_WHOLE;
	part->quotients += sl_beside_stat(b, j, true, cell) != SL_FINDING_WHOLE;
}

static void see_part(struct sl_beside *b, uint32_t i, uint32_t cell, uint32_t j, const struct part *part)
{
	struct sl_seen there = { SL_SEEN_REQUEST, 0, j, part->cell };

	if (part->totals == part->cells)
		sl_beside_see(&b->outputs[i].cells[cell], false, there);
	if (part->cells == 1 && part->quotients == 1)
		sl_beside_see(&b->outputs[i].cells[cell], true, there);
}

static bool tells_all_cells(const struct sl_common *c, const struct sl_plan *plan)
{
	for (uint32_t k = 0; k < plan->nkeys; k++)
		if (!sl_common_keeps(c, 0, k))
			return false;
	return true;
}

static enum sl_rc see_parts(struct sl_beside *b, uint32_t i, uint32_t j, const struct sl_common *c, struct sl_err *err)
{
	struct part *parts = calloc((size_t)c->ncells + 1, sizeof *parts);

	if (parts == NULL)
		return no_memory(err);
	for (uint32_t cell = 0; cell < b->outputs[j].ncells; cell++)
		add_to_part(b, j, cell, &parts[sl_common_cell(c, 1, cell)]);
	for (uint32_t cell = 0; cell < b->outputs[i].ncells; cell++)
		if (parts[sl_common_cell(c, 0, cell)].cells > 0)
			see_part(b, i, cell, j, &parts[sl_common_cell(c, 0, cell)]);
	free(parts);
	return SL_OK;
}

static bool is_apart(const struct sl_beside *b, uint32_t i, uint32_t j)
{
	return i == j || b->outputs[i].cells == NULL || b->outputs[j].cells == NULL ||
	       !sl_check_same_population(&b->st->plans[i], &b->st->plans[j]);
}

/* Of each two outputs about the same rows, where the cells of the one make up those of the other. */
static enum sl_rc see_pairs(struct sl_beside *b, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < b->st->pub->noutputs && rc == SL_OK; i++)
		for (uint32_t j = 0; j < b->st->pub->noutputs && rc == SL_OK; j++) {
			struct sl_common c;
			struct sl_err why = { 0 };
			if (is_apart(b, i, j))
				continue;
			rc = sl_common_find(&b->st->plans[i], &b->st->plans[j], &b->st->setup->view, &c, &why);
			if (rc == SL_OK && tells_all_cells(&c, &b->st->plans[i]))
				rc = see_parts(b, i, j, &c, &why);
			sl_common_free(&c);
			if (rc == SL_E_LIMIT)
				rc = SL_OK; /* too many cells to look at: none of them is made up of others */
			else if (rc != SL_OK && err != NULL)
				*err = why;
		}
	return rc;
}

/* --- what is told ------------------------------------------------------------------------------------------ */

static bool is_known(const struct sl_known *k)
{
	return k->half[0].from != SL_SEEN_NOWHERE && k->half[1].from != SL_SEEN_NOWHERE;
}

/* By the request, and not by earlier releases alone. */
static bool is_told(const struct sl_known *k)
{
	return is_known(k) && (k->half[0].from != SL_SEEN_EARLIER || k->half[1].from != SL_SEEN_EARLIER);
}

/* At least so many units of the row have `rows` of its rows. */
static uint64_t units_of(const struct sl_beside *b, uint32_t i, uint32_t cell, uint64_t rows)
{
	uint64_t most = 1;

	for (uint32_t s = 0; s < b->st->plans[i].nstats; s++)
		if (evidence_of(b, i, cell)[s].rows_by_one_max > most)
			most = evidence_of(b, i, cell)[s].rows_by_one_max;
	return rows / most + (rows % most != 0);
}

static uint32_t limit_of(const struct sl_beside *b, uint32_t i, uint32_t cell, uint32_t stat)
{
	struct sl_rule_case c = { .setup = b->st->setup, .rules = &b->st->setup->rules, .plan = &b->st->plans[i],
		                  .result = &b->st->results[i], .cell = cell, .stat = stat };

	return sl_rule_limit_others(&c);
}

bool sl_beside_are_few(const struct sl_beside *b, uint32_t i, uint32_t cell, uint32_t stat, uint64_t rows)
{
	uint64_t units = units_of(b, i, cell, rows);

	return units > 0 && units < limit_of(b, i, cell, stat);
}

enum sl_rc sl_beside_ask(struct sl_beside *b, uint32_t i, uint32_t cell, uint32_t stat, uint64_t rows,
                         const struct sl_seen *beside, struct sl_err *err)
{
	return sl_beside_are_few(b, i, cell, stat, rows)
	               ? sl_beside_hide(b, i, cell, stat, units_of(b, i, cell, rows), beside, err)
	               : SL_OK;
}

enum sl_rc sl_beside_hide(struct sl_beside *b, uint32_t i, uint32_t cell, uint32_t stat, uint64_t units,
                          const struct sl_seen *beside, struct sl_err *err)
{
	struct sl_rule_hit hit = { .units = evidence_of(b, i, cell)[stat].contributors, .measured = (int64_t)units,
		                   .limit = limit_of(b, i, cell, stat), .has_other = beside->from > SL_SEEN_ROW,
		                   .release = beside->release, .other_output = beside->output, .other_cell = beside->cell };
	sl_check_hide_number(b->st, i, cell, stat);
	b->hid = true;
	enum sl_rc rc = sl_check_find(b->st, i, cell, stat, SL_RULE_NUMERATOR, &hit, err);
	if (rc == SL_OK)
		sl_check_settle(b->st->pub);
	return rc;
}

/*
 * The number of a cell that goes: its mean or share; its total only where no other output of the request has that,
 * whose turn it is.
 */
static enum sl_rc ask(struct sl_beside *b, uint32_t i, uint32_t cell, uint64_t rows, const struct sl_seen *beside,
                      struct sl_err *err)
{
	enum sl_seen_from from = b->outputs[i].cells[cell].half[1].from;
	uint32_t stat = from == SL_SEEN_REQUEST ? SL_FINDING_WHOLE : sl_beside_stat(b, i, from == SL_SEEN_ROW, cell);

	return stat != SL_FINDING_WHOLE ? sl_beside_ask(b, i, cell, stat, rows, beside, err) : SL_OK;
}

bool sl_beside_never_missing(const struct sl_beside *b, uint32_t i, uint32_t stat)
{
	struct sl_operands inputs = { &b->st->plans[i], &b->st->setup->view, NULL, SL_OPERANDS_INPUTS };

	return sl_value_never_missing(&inputs, &b->st->plans[i].stats[stat].arg);
}

enum sl_rc sl_beside_person(struct sl_beside *b, uint32_t i, uint32_t stat, const struct sl_seen *beside,
                            struct sl_err *err)
{
	struct sl_rule_hit hit = { .has_other = true, .release = beside->release, .other_output = beside->output,
		                   .other_cell = beside->cell };

	for (uint32_t f = 0; f < b->st->pub->nfindings; f++)
		if (b->st->pub->findings[f].rule == SL_RULE_DIFFERENCING && b->st->pub->findings[f].output == i &&
		    b->st->pub->findings[f].stat == stat && b->st->pub->findings[f].release > 0)
			return SL_OK;
	enum sl_rc rc = sl_check_find(b->st, i, SL_FINDING_WHOLE, stat, SL_RULE_DIFFERENCING, &hit, err);
	if (rc == SL_OK)
		sl_check_settle(b->st->pub);
	return rc;
}

enum sl_rc sl_beside_unknown(struct sl_beside *b, uint32_t i, uint32_t stat, const struct sl_seen *beside,
                             struct sl_err *err)
{
	return sl_beside_never_missing(b, i, stat) ? SL_OK : sl_beside_person(b, i, stat, beside, err);
}

/* Of how many rows a count_if beside an earlier share does not know its condition, the engine does not count. */
static enum sl_rc ask_cells(struct sl_beside *b, uint32_t i, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t cell = 0; cell < b->outputs[i].ncells && b->outputs[i].cells != NULL && rc == SL_OK; cell++) {
		const struct sl_known *k = &b->outputs[i].cells[cell];
		uint64_t rows;
		if (!is_told(k))
			continue;
		if (sl_beside_missing(b, i, cell, &rows))
			rc = ask(b, i, cell, rows, &k->half[k->half[1].from <= SL_SEEN_ROW ? 0 : 1], err);
		else if (k->half[1].from == SL_SEEN_EARLIER)
			rc = sl_beside_unknown(b, i, sl_beside_stat(b, i, false, SL_FINDING_WHOLE), &k->half[1], err);
	}
	return rc;
}

static enum sl_rc look(struct sl_beside *b, struct sl_err *err)
{
	uint32_t n = b->st->pub->noutputs;
	enum sl_rc rc;

	for (uint32_t i = 0; i < n; i++)
		if (b->outputs[i].cells != NULL)
			see_rows(b, i);
	rc = see_pairs(b, err);
	return rc == SL_OK ? sl_beside_sets(b, err) : rc;
}

/* What a number tells that goes here is told nowhere else any more: so all is looked at again. */
static enum sl_rc ask_all(struct sl_beside *b, struct sl_err *err)
{
	uint32_t n = b->st->pub->noutputs;
	enum sl_rc rc;

	do {
		b->hid = false;
		rc = look(b, err);
		for (uint32_t i = 0; i < n && rc == SL_OK; i++)
			rc = ask_cells(b, i, err);
		if (rc == SL_OK && !b->hid)
			rc = sl_beside_around(b, err);
		if (rc == SL_OK && !b->hid)
			rc = sl_beside_left(b, err);
	} while (b->hid && rc == SL_OK);
	return rc;
}

/* --- what there is to ask about ---------------------------------------------------------------------------- */

static enum sl_rc make_cells(struct sl_beside *b, struct sl_err *err)
{
	for (uint32_t i = 0; i < b->st->pub->noutputs; i++) {
		struct sl_beside_output *o = &b->outputs[i];
		free(o->cells);
		o->cells = NULL;
		if (sl_beside_stat(b, i, false, SL_FINDING_WHOLE) == SL_FINDING_WHOLE &&
		    sl_beside_stat(b, i, true, SL_FINDING_WHOLE) == SL_FINDING_WHOLE)
			continue;
		o->cells = calloc((size_t)o->ncells + 1, sizeof *o->cells);
		if (o->cells == NULL)
			return no_memory(err);
	}
	return SL_OK;
}

static void note_halves(const struct sl_half *halves, uint32_t n, sl_i128 of, bool have[static 2])
{
	for (uint32_t h = 0; h < n; h++)
		if (halves[h].of == of)
			have[halves[h].quotient] = true;
}

/* Whether the request has one half, and it or an earlier release the other; or two outputs of it have a quotient. */
static bool has_both(const struct sl_beside *b, sl_i128 of)
{
	bool have[2] = { false, false };
	uint32_t quotients = 0;

	for (uint32_t i = 0; i < b->st->pub->noutputs; i++) {
		bool own[2] = { false, false };
		note_halves(b->outputs[i].halves, b->outputs[i].nhalves, of, own);
		have[0] = have[0] || own[0];
		have[1] = have[1] || own[1];
		quotients += own[1];
	}
	for (uint32_t s = 0; s < b->st->setup->nspaces; s++)
		for (uint32_t o = 0; o < b->st->spaces[s].history.noutputs; o++)
			note_halves(b->st->spaces[s].history.outputs[o].halves, b->st->spaces[s].history.outputs[o].nhalves,
			            of, have);
	return have[1] && (have[0] || quotients > 1);
}

static bool is_asked_before(const struct sl_beside *b, uint32_t i, uint32_t h)
{
	for (uint32_t j = 0; j <= i; j++)
		for (uint32_t k = 0; k < (j < i ? b->outputs[j].nhalves : h); k++)
			if (b->outputs[j].halves[k].of == b->outputs[i].halves[h].of)
				return true;
	return false;
}

static enum sl_rc open_all(struct sl_beside *b, struct sl_err *err)
{
	const struct sl_view *view = &b->st->setup->view;
	enum sl_rc rc = SL_OK;

	b->outputs = calloc(b->st->pub->noutputs, sizeof *b->outputs);
	if (b->outputs == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < b->st->pub->noutputs && rc == SL_OK; i++) {
		b->outputs[i].ncells = (uint32_t)sl_plan_cells(&b->st->plans[i], view);
		rc = sl_halves_list(&b->st->plans[i], view, &b->outputs[i].halves, &b->outputs[i].nhalves, err);
	}
	return rc;
}

static void close_all(struct sl_beside *b)
{
	for (uint32_t i = 0; b->outputs != NULL && i < b->st->pub->noutputs; i++) {
		free(b->outputs[i].halves);
		free(b->outputs[i].cells);
	}
	free(b->outputs);
}

enum sl_rc sl_check_beside(struct sl_check_state *st, struct sl_err *err)
{
	struct sl_beside b = { .st = st, .work = SL_BESIDE_WORK_MAX };
	enum sl_rc rc;

	if (st->setup->rules.numerator == 1 || st->without == SL_RULE_NUMERATOR)
		return SL_OK;
	rc = open_all(&b, err);
	for (uint32_t i = 0; i < st->pub->noutputs && rc == SL_OK; i++)
		for (uint32_t h = 0; h < b.outputs[i].nhalves && rc == SL_OK; h++) {
			b.of = b.outputs[i].halves[h].of;
			if (is_asked_before(&b, i, h) || !has_both(&b, b.of))
				continue;
			rc = make_cells(&b, err);
			if (rc == SL_OK)
				rc = ask_all(&b, err);
		}
	if (rc == SL_OK)
		rc = sl_beside_conditions(&b, err);
	close_all(&b);
	return rc;
}
