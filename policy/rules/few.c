/* few.c - see few.h: the numbers of one row, one after the other. */
#include "policy/rules/few.h"

#include <stdlib.h>

#include "policy/rules/rules.h"

struct sl_few {
	struct sl_few_plan at;
	struct sl_few_column *columns;
	uint32_t ncolumns;
};

static struct sl_few_column *column_of(struct sl_few *few, uint16_t source, uint16_t column)
{
	for (uint32_t i = 0; i < few->ncolumns; i++)
		if (few->columns[i].source == source && few->columns[i].column == column)
			return &few->columns[i];
	struct sl_few_column *c = &few->columns[few->ncolumns++];
	*c = (struct sl_few_column){ .source = source, .column = column };
	(void)sl_few_has_values_of(&few->at.plan->sources[source], column, &c->of);
	return c;
}

/* Every column that something counted reads, and then its conditions. */
static void find_columns(struct sl_few *few)
{
	uint16_t source = 0, column = 0;

	for (uint32_t pass = 0; pass < 2; pass++)
		for (uint32_t s = 0; s < few->at.plan->nstats; s++) {
			const struct sl_stat *stat = &few->at.plan->stats[s];
			bool wanted = pass == 0 ? sl_few_is_counted(stat) : sl_rule_is_condition(stat);
			if (!wanted || !sl_few_reads_one(few->at.plan, &stat->arg, &source, &column))
				continue;
			uint32_t n = few->ncolumns;
			struct sl_few_column *c = column_of(few, source, column);
			if (pass == 1 && few->ncolumns > n)
				few->ncolumns = n;
			else
				c->stats[c->nstats++] = s;
		}
}

enum sl_rc sl_few_new(const struct sl_check_setup *setup, const struct sl_plan *plan, const struct sl_result *result,
                      struct sl_few **out, struct sl_err *err)
{
	struct sl_few *few = calloc(1, sizeof *few);
	enum sl_rc rc = SL_OK;

	*out = NULL;
	if (few != NULL)
		few->columns = calloc((size_t)plan->ninputs + 1, sizeof *few->columns);
	if (few == NULL || few->columns == NULL) {
		sl_few_free(few);
		return sl_err_set(err, SL_E_NOMEM, "out of memory for columns of few values");
	}
	few->at = (struct sl_few_plan){ setup, plan, result };
	find_columns(few);
	for (uint32_t i = 0; i < few->ncolumns && rc == SL_OK; i++) {
		sl_few_atoms(&few->at, &few->columns[i]);
		rc = sl_few_fill(&few->at, &few->columns[i], err);
	}
	if (rc == SL_OK && few->ncolumns > 0)
		*out = few;
	else
		sl_few_free(few);
	return rc;
}

void sl_few_free(struct sl_few *few)
{
	for (uint32_t i = 0; few != NULL && i < few->ncolumns; i++)
		sl_few_column_free(&few->columns[i]);
	if (few != NULL)
		free(few->columns);
	free(few);
}

/* --- the numbers of a row ---------------------------------------------------------------------------------- */

/* Those of a column that are shown, the conditions among them, and sums, means and spreads that have been looked at. */
struct row {
	bool in[SL_FEW_ATOMS_MAX];
	struct sl_few_number given[SL_STATS_MAX], taken[SL_STATS_MAX];
	uint32_t ngiven, ntaken;
};

/* The number beside all others; without the conditions where these make too many values of it, and at last alone. */
static bool tells(const struct row *r, const struct sl_few_column *c, uint64_t all, const struct sl_few_number *number,
                  uint64_t few, struct sl_few_group *group)
{
	const struct sl_few_number *set[2 * SL_STATS_MAX + 1];
	struct sl_few_rows rows = { .in = r->in, .natoms = c->natoms, .rows = (sl_i128)all, .numbers = set };

	for (uint32_t without = 0; without < 3; without++) {
		rows.n = 0;
		for (uint32_t k = 0; k < r->ngiven && without < 1; k++)
			set[rows.n++] = &r->given[k];
		for (uint32_t k = 0; k < r->ntaken && without < 2; k++)
			set[rows.n++] = &r->taken[k];
		set[rows.n++] = number;
		if (sl_few_fits(&rows))
			return sl_few_told(&rows, few, group) == SL_FEW_TELLS;
	}
	return false;
}

/* The numbers of a column that are shown, one after the other, each beside those before it. */
static uint32_t hide_of_column(const struct sl_few *few, const struct sl_few_column *c, uint32_t cell,
                               const bool *hidden, uint64_t rows, struct sl_few_group *group)
{
	uint64_t all = few->at.result->evidence[(size_t)cell * few->at.plan->nstats].cell_rows;
	struct row r = { .ngiven = 0 };
	struct sl_few_number number;

	for (uint32_t a = 0; a < c->natoms; a++)
		r.in[a] = sl_few_is_in_cell(&few->at, c, a, cell);
	for (uint32_t i = 0; i < c->nstats; i++)
		if (!hidden[c->stats[i]] && sl_rule_is_condition(&few->at.plan->stats[c->stats[i]]) &&
		    sl_few_number(&few->at, c, i, cell, &number))
			r.given[r.ngiven++] = number;
	for (uint32_t i = 0; i < c->nstats; i++) {
		uint32_t s = c->stats[i];
		if (hidden[s] || !sl_few_is_counted(&few->at.plan->stats[s]) || !sl_few_number(&few->at, c, i, cell, &number))
			continue;
		if (tells(&r, c, all, &number, rows, group))
			return s;
		r.taken[r.ntaken++] = number;
	}
	return SL_FINDING_WHOLE;
}

uint32_t sl_few_hide(const struct sl_few *few, uint32_t cell, const bool *hidden, uint64_t rows,
                     const struct sl_few_column **column, struct sl_few_group *group)
{
	uint32_t found = SL_FINDING_WHOLE;

	for (uint32_t i = 0; i < few->ncolumns && found == SL_FINDING_WHOLE; i++) {
		*column = &few->columns[i];
		found = hide_of_column(few, *column, cell, hidden, rows, group);
	}
	return found;
}

/* --- a number of a reference table -------------------------------------------------------------------------- */

static bool is_key(const struct sl_plan *plan, const struct sl_input *in)
{
	for (uint32_t k = 0; k < plan->nkeys; k++) {
		const struct sl_input *key = &plan->inputs[plan->keys[k].input];
		if (key->source == in->source && key->column == in->column && key->lookup == 0)
			return true;
	}
	return false;
}

/* How many values an attribute has, up to one more than are gone through. */
static uint32_t count_values(const struct sl_table *t, uint32_t attribute)
{
	int64_t seen[SL_FEW_VALUES_MAX];
	uint32_t n = 0;

	for (uint32_t at = attribute; at < t->ncells; at += t->ncolumns) {
		bool found = t->cells[at].missing != 0;
		for (uint32_t i = 0; i < n && !found; i++)
			found = seen[i] == t->cells[at].value;
		if (found)
			continue;
		if (n == SL_FEW_VALUES_MAX)
			return n + 1;
		seen[n++] = t->cells[at].value;
	}
	return n;
}

bool sl_few_looked_up(const struct sl_rule_case *c)
{
	const struct sl_plan *plan = c->plan;
	const struct sl_stat *s = &plan->stats[c->stat];

	for (uint32_t i = 0; i < plan->ninputs && sl_few_is_counted(s); i++) {
		const struct sl_input *in = &plan->inputs[i];
		if (in->lookup == 0 || !sl_rule_reads(&s->arg, i) || is_key(plan, in))
			continue;
		const struct sl_column *base = sl_plan_base_column(plan, &c->setup->view, i);
		uint32_t n = count_values(&c->setup->view.tables[base->reference - 1], in->lookup - 1);
		if (n > SL_FEW_EXACT && n <= SL_FEW_VALUES_MAX)
			return true;
	}
	return false;
}
