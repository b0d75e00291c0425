/* few.c - see few.h: which values a plan's numbers have, and the equations of a cell. */
#include "policy/rules/few.h"

#include <stdlib.h>

#include "policy/rules/lattice.h"
#include "policy/rules/rules.h"

/* A column with more values is not gone through; beside them others, and none. */
#define VALUES_MAX 64
#define ATOMS_MAX (VALUES_MAX + 2)
/* Of so many values the answer is found, or the number is hidden. */
#define EXACT 4

/* A column, and all that reads it alone or what is looked up by it. */
struct base {
	uint16_t source, column;
	uint16_t of;                                     /* the table's column whose values it has */
	struct sl_value atoms[ATOMS_MAX];                /* its values */
	uint32_t natoms;
	uint32_t stats[SL_STATS_MAX], nstats;
	struct sl_value *is;                             /* [atom * nstats + i]: what a statistic's argument is there */
	uint16_t keys[SL_KEYS_MAX];
	uint32_t nkeys, groups[SL_KEYS_MAX][ATOMS_MAX];  /* by key and atom: the key's group */
};

struct sl_few {
	const struct sl_check_setup *setup;
	const struct sl_plan *plan;
	const struct sl_result *result;
	struct base *bases;
	uint32_t nbases;
};

/* --- what an argument is, by the values of the column ------------------------------------------------------ */

static bool is_counted(const struct sl_stat *s)
{
	return sl_rule_is_magnitude(s) || sl_rule_is_spread(s);
}

/* It has no values but those of a column of the table: it is that, or the largest or smallest of a unit's rows. */
static bool has_values_of(const struct sl_source *s, uint16_t column, uint16_t *of)
{
	*of = column;
	if (s->nfolds == 0)
		return true;
	const struct sl_fold *f = &s->folds[column];
	if ((f->fn != SL_FOLD_MIN && f->fn != SL_FOLD_MAX) || f->arg.nops != 1 || f->arg.ops[0].op != SL_OP_COLUMN)
		return false;
	*of = s->raws[f->arg.ops[0].arg].column;
	return true;
}

/* All that the expression reads is of one column as it stands. */
static bool reads_one(const struct sl_plan *plan, const struct sl_expr *e, uint16_t *source, uint16_t *column)
{
	bool any = false;
	uint16_t of;

	for (uint32_t i = 0; i < e->nops; i++) {
		if (e->ops[i].op != SL_OP_COLUMN)
			continue;
		const struct sl_input *in = &plan->inputs[e->ops[i].arg];
		if (!has_values_of(&plan->sources[in->source], in->column, &of) ||
		    (any && (in->source != *source || in->column != *column)))
			return false;
		*source = in->source;
		*column = in->column;
		any = true;
	}
	return any;
}

static const struct sl_table *table_of(const struct sl_few *few, const struct base *b)
{
	return &few->setup->view.tables[few->plan->sources[b->source].table];
}

/* What an input of the base is where the column has the value. */
static struct sl_value input_of(const struct sl_few *few, const struct base *b, uint32_t input, struct sl_value value)
{
	const struct sl_input *in = &few->plan->inputs[input];
	const struct sl_column *column = &table_of(few, b)->columns[b->of];

	if (in->lookup == 0 || value.missing)
		return value;
	const struct sl_table *t = &few->setup->view.tables[column->reference - 1];
	if ((uint64_t)value.v >= t->ncells / t->ncolumns)
		return (struct sl_value){ .missing = true };
	const struct sl_reference_cell *cell = &t->cells[(size_t)value.v * t->ncolumns + in->lookup - 1];
	return (struct sl_value){ .v = cell->value, .missing = cell->missing != 0 };
}

static void inputs_of(const struct sl_few *few, const struct base *b, struct sl_value value,
                      struct sl_value in[static SL_INPUTS_MAX])
{
	for (uint32_t i = 0; i < few->plan->ninputs; i++) {
		bool of_base = few->plan->inputs[i].source == b->source && few->plan->inputs[i].column == b->column;
		in[i] = of_base ? input_of(few, b, i, value) : (struct sl_value){ .missing = true };
	}
}

/* Of what is unknown it says unknown: a row that it leaves out, it leaves out whatever else is in it. */
static bool is_plain(const struct sl_expr *e)
{
	for (uint32_t i = 0; i < e->nops; i++)
		if (e->ops[i].op == SL_OP_IS_NULL || e->ops[i].op == SL_OP_COALESCE || e->ops[i].op == SL_OP_CASE)
			return false;
	return e->nops > 0;
}

static bool leaves_out(const struct sl_expr *where, const struct sl_value *in)
{
	if (!is_plain(where))
		return false;
	struct sl_value v = sl_expr_eval(where, in);
	return !v.missing && v.v == 0;
}

static bool is_left_out(const struct sl_few *few, const struct base *b, struct sl_value value)
{
	const struct sl_source *s = &few->plan->sources[b->source];
	struct sl_value in[SL_INPUTS_MAX];

	inputs_of(few, b, value, in);
	if (leaves_out(&few->plan->where, in))
		return true;
	for (uint32_t r = 0; r < s->nraws; r++)
		in[r] = s->raws[r].column == b->of ? value : (struct sl_value){ .missing = true };
	return leaves_out(&s->where, in);
}

static void add_atom(const struct sl_few *few, struct base *b, struct sl_value value)
{
	if (!is_left_out(few, b, value))
		b->atoms[b->natoms++] = value;
}

/* How many values from *lo on it is declared to have, those of no label among them; 0: too many, or nobody says. */
static uint64_t declared(const struct sl_column *c, int64_t *lo)
{
	*lo = c->type == SL_TYPE_TEXT || c->type == SL_TYPE_BOOLEAN ? 0 : c->lo;
	if (c->type == SL_TYPE_BOOLEAN)
		return 2;
	if (c->type == SL_TYPE_TEXT)
		return c->nlabels <= VALUES_MAX ? (uint64_t)c->nlabels + c->has_other : 0;
	if (c->lo == INT64_MIN || c->hi == INT64_MAX || (sl_i128)c->hi - c->lo >= VALUES_MAX)
		return 0;
	return (uint64_t)(c->hi - c->lo) + 1;
}

/* The values that the column has in the whole table, where they are few. NULL: they are many, or nobody looked. */
static const struct sl_distinct *seen(const struct sl_few *few, const struct base *b)
{
	uint16_t inputs[SL_INPUTS_MAX];
	uint32_t n = sl_result_distinct(few->plan, &few->setup->view, inputs);

	for (uint32_t i = 0; i < n && i < few->result->ndistinct; i++) {
		const struct sl_input *in = &few->plan->inputs[inputs[i]];
		if (in->source == b->source && in->column == b->column && few->result->distinct[i].n > 0)
			return &few->result->distinct[i];
	}
	return NULL;
}

static void find_atoms(const struct sl_few *few, struct base *b)
{
	const struct sl_column *c = &table_of(few, b)->columns[b->of];
	const struct sl_distinct *d = seen(few, b);
	int64_t lo = 0;
	uint64_t n = d != NULL ? d->n : declared(c, &lo);

	for (uint64_t i = 0; i < n; i++)
		add_atom(few, b, (struct sl_value){ .v = d != NULL ? d->v[i] : lo + (int64_t)i });
	if (n > 0 && (c->nullable || few->plan->sources[b->source].join != SL_JOIN_INNER))
		add_atom(few, b, (struct sl_value){ .missing = true });
}

static void find_groups(const struct sl_few *few, struct base *b)
{
	for (uint32_t k = 0; k < few->plan->nkeys; k++) {
		const struct sl_key *key = &few->plan->keys[k];
		const struct sl_input *in = &few->plan->inputs[key->input];
		if (in->source != b->source || in->column != b->column)
			continue;
		const struct sl_column *c = sl_plan_key_column(few->plan, &few->setup->view, k);
		for (uint32_t a = 0; a < b->natoms; a++) {
			struct sl_value v = input_of(few, b, key->input, b->atoms[a]);
			b->groups[b->nkeys][a] = sl_column_group(c, key->banded != 0, v.v, v.missing);
		}
		b->keys[b->nkeys++] = (uint16_t)k;
	}
}

static enum sl_rc find_values(const struct sl_few *few, struct base *b, struct sl_err *err)
{
	struct sl_value in[SL_INPUTS_MAX];

	b->is = calloc((size_t)b->natoms * b->nstats + 1, sizeof *b->is);
	if (b->is == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for the values of a column");
	for (uint32_t a = 0; a < b->natoms; a++) {
		inputs_of(few, b, b->atoms[a], in);
		for (uint32_t i = 0; i < b->nstats; i++)
			b->is[a * b->nstats + i] = sl_expr_eval(&few->plan->stats[b->stats[i]].arg, in);
	}
	return SL_OK;
}

static struct base *base_of(struct sl_few *few, uint16_t source, uint16_t column)
{
	for (uint32_t i = 0; i < few->nbases; i++)
		if (few->bases[i].source == source && few->bases[i].column == column)
			return &few->bases[i];
	few->bases[few->nbases] = (struct base){ .source = source, .column = column };
	(void)has_values_of(&few->plan->sources[source], column, &few->bases[few->nbases].of);
	return &few->bases[few->nbases++];
}

/* Every base that something counted reads, and then its conditions. */
static void find_bases(struct sl_few *few)
{
	uint16_t source = 0, column = 0;

	for (uint32_t pass = 0; pass < 2; pass++)
		for (uint32_t s = 0; s < few->plan->nstats; s++) {
			const struct sl_stat *stat = &few->plan->stats[s];
			bool wanted = pass == 0 ? is_counted(stat) : sl_rule_is_condition(stat);
			if (!wanted || !reads_one(few->plan, &stat->arg, &source, &column))
				continue;
			uint32_t n = few->nbases;
			struct base *b = base_of(few, source, column);
			if (pass == 1 && few->nbases > n)
				few->nbases = n;
			else
				b->stats[b->nstats++] = s;
		}
}

enum sl_rc sl_few_new(const struct sl_check_setup *setup, const struct sl_plan *plan, const struct sl_result *result,
                      struct sl_few **out, struct sl_err *err)
{
	struct sl_few *few = calloc(1, sizeof *few);
	enum sl_rc rc = SL_OK;

	*out = NULL;
	if (few != NULL)
		few->bases = calloc((size_t)plan->ninputs + 1, sizeof *few->bases);
	if (few == NULL || few->bases == NULL) {
		sl_few_free(few);
		return sl_err_set(err, SL_E_NOMEM, "out of memory for columns of few values");
	}
	few->setup = setup;
	few->plan = plan;
	few->result = result;
	find_bases(few);
	for (uint32_t i = 0; i < few->nbases && rc == SL_OK; i++) {
		find_atoms(few, &few->bases[i]);
		find_groups(few, &few->bases[i]);
		rc = find_values(few, &few->bases[i], err);
	}
	if (rc == SL_OK && few->nbases > 0)
		*out = few;
	else
		sl_few_free(few);
	return rc;
}

void sl_few_free(struct sl_few *few)
{
	for (uint32_t i = 0; few != NULL && i < few->nbases; i++)
		free(few->bases[i].is);
	if (few != NULL)
		free(few->bases);
	free(few);
}

/* --- the equations of a cell ------------------------------------------------------------------------------- */

/* Some numbers of a cell, by the values that tell rows apart there; the last is the one in question. */
struct cell {
	const struct sl_few *few;
	const struct base *b;
	uint32_t at;
	uint32_t set[SL_STATS_MAX], nset;         /* b->stats[] */
	uint32_t classes[SL_LATTICE_UNKNOWNS], n; /* an atom of each */
	uint32_t valued;                          /* bit i: something is added up of it */
};

static const struct sl_value *value_of(const struct cell *c, uint32_t atom, uint32_t i)
{
	return &c->b->is[atom * c->b->nstats + c->set[i]];
}

static const struct sl_stat *stat_of(const struct cell *c, uint32_t i)
{
	return &c->few->plan->stats[c->b->stats[c->set[i]]];
}

static const struct sl_evidence *evidence_of(const struct cell *c, uint32_t i)
{
	return &c->few->result->evidence[(size_t)c->at * c->few->plan->nstats + c->b->stats[c->set[i]]];
}

static bool is_in_cell(const struct cell *c, uint32_t atom)
{
	for (uint32_t k = 0; k < c->b->nkeys; k++)
		if (c->b->groups[k][atom] != sl_plan_cell_group(c->few->plan, &c->few->setup->view, c->at, c->b->keys[k]))
			return false;
	return true;
}

static bool is_same(const struct cell *c, uint32_t a, uint32_t b)
{
	for (uint32_t i = 0; i < c->nset; i++) {
		const struct sl_value *x = value_of(c, a, i), *y = value_of(c, b, i);
		if (x->missing != y->missing || (!x->missing && x->v != y->v))
			return false;
	}
	return true;
}

/* False: they are too many. */
static bool find_classes(struct cell *c)
{
	c->n = c->valued = 0;
	for (uint32_t a = 0; a < c->b->natoms; a++) {
		bool found = !is_in_cell(c, a);
		for (uint32_t i = 0; i < c->n && !found; i++)
			found = is_same(c, c->classes[i], a);
		if (found)
			continue;
		if (c->n == SL_LATTICE_UNKNOWNS)
			return false;
		for (uint32_t i = 0; i < c->nset; i++)
			if (is_counted(stat_of(c, i)) && !value_of(c, a, i)->missing)
				c->valued |= 1u << c->n;
		c->classes[c->n++] = a;
	}
	return c->n > 1;
}

static void add_equations(const struct cell *c, uint32_t i, struct sl_lattice *l)
{
	const struct sl_evidence *e = evidence_of(c, i);
	const struct sl_stat *s = stat_of(c, i);
	sl_i128 known[SL_LATTICE_UNKNOWNS], first[SL_LATTICE_UNKNOWNS], second[SL_LATTICE_UNKNOWNS];

	for (uint32_t k = 0; k < c->n; k++) {
		const struct sl_value *v = value_of(c, c->classes[k], i);
		known[k] = !v->missing;
		first[k] = v->missing ? 0 : sl_rule_is_condition(s) ? v->v != 0 : v->v;
		second[k] = first[k] * first[k];
	}
	if (sl_rule_is_condition(s)) {
		sl_lattice_add(l, first, e->rows);
		if (s->fn == SL_STAT_SHARE)
			sl_lattice_add(l, known, e->known_rows);
		return;
	}
	sl_lattice_add(l, known, e->rows);
	if (sl_rule_is_magnitude(s)) {
		sl_lattice_add(l, first, e->sum);
		return;
	}
	const struct sl_result *r = c->few->result;
	const struct sl_moments *m = &r->moments[c->at * sl_result_moments_at(c->few->plan, c->few->plan->nstats) +
	                                         sl_result_moments_at(c->few->plan, c->b->stats[c->set[i]])];
	if (m->overflow)
		return;
	sl_lattice_add(l, first, m->x);
	sl_lattice_add(l, second, m->xx);
}

/* Bit m: the classes of mask m are few rows; unsure: or too little is known to say that they are not. */
static uint64_t told(const struct cell *c, const struct sl_lattice *l, bool unsure, uint64_t rows, uint64_t *least)
{
	uint64_t out = 0;

	*least = UINT64_MAX;
	for (uint32_t mask = 1; mask < 1u << c->n; mask++) {
		sl_i128 n;
		if ((mask & ~c->valued) != 0 || mask == c->valued)
			continue;
		enum sl_lattice_known known = sl_lattice_tells(l, mask, rows, &n);
		if (known == SL_LATTICE_NO || (known == SL_LATTICE_UNSURE && !unsure))
			continue;
		out |= UINT64_C(1) << mask;
		*least = (uint64_t)n < *least ? (uint64_t)n : *least;
	}
	return out;
}

/* Whether the last of the set tells of a group that the others do not. */
static bool adds_a_group(const struct cell *c, uint64_t rows, uint64_t *least)
{
	struct sl_lattice l;
	uint64_t before, unused;

	sl_lattice_open(&l, c->n, evidence_of(c, 0)->cell_rows);
	for (uint32_t i = 0; i + 1 < c->nset; i++)
		add_equations(c, i, &l);
	before = told(c, &l, false, rows, &unused);
	add_equations(c, c->nset - 1, &l);
	return (told(c, &l, __builtin_popcount(c->valued) <= EXACT, rows, least) & ~before) != 0;
}

/* The numbers of a base that are shown, one after the other, each beside those before it. */
static uint32_t hide_of_base(struct cell *c, const bool *hidden, uint64_t rows, uint64_t *least)
{
	uint32_t given[SL_STATS_MAX], ngiven = 0, taken[SL_STATS_MAX], ntaken = 0;

	for (uint32_t i = 0; i < c->b->nstats; i++)
		if (!hidden[c->b->stats[i]] && sl_rule_is_condition(&c->few->plan->stats[c->b->stats[i]]))
			given[ngiven++] = i;
	for (uint32_t i = 0; i < c->b->nstats; i++) {
		uint32_t s = c->b->stats[i];
		c->set[0] = i;
		c->nset = 1;
		if (hidden[s] || !is_counted(&c->few->plan->stats[s]) || evidence_of(c, 0)->overflow || !find_classes(c))
			continue;
		/* All together; without the conditions where these make too many of it, and at last it alone. */
		for (uint32_t without = 0; without < 3; without++) {
			c->nset = 0;
			for (uint32_t k = 0; k < ngiven && without < 1; k++)
				c->set[c->nset++] = given[k];
			for (uint32_t k = 0; k < ntaken && without < 2; k++)
				c->set[c->nset++] = taken[k];
			c->set[c->nset++] = i;
			if (find_classes(c))
				break;
		}
		if (adds_a_group(c, rows, least))
			return s;
		taken[ntaken++] = i;
	}
	return SL_FINDING_WHOLE;
}

uint32_t sl_few_hide(const struct sl_few *few, uint32_t cell, const bool *hidden, uint64_t rows, uint64_t *least)
{
	uint32_t found = SL_FINDING_WHOLE;

	for (uint32_t i = 0; i < few->nbases && found == SL_FINDING_WHOLE; i++) {
		struct cell c = { .few = few, .b = &few->bases[i], .at = cell };
		found = hide_of_base(&c, hidden, rows, least);
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
	int64_t seen[VALUES_MAX];
	uint32_t n = 0;

	for (uint32_t at = attribute; at < t->ncells; at += t->ncolumns) {
		bool found = t->cells[at].missing != 0;
		for (uint32_t i = 0; i < n && !found; i++)
			found = seen[i] == t->cells[at].value;
		if (found)
			continue;
		if (n == VALUES_MAX)
			return n + 1;
		seen[n++] = t->cells[at].value;
	}
	return n;
}

bool sl_few_looked_up(const struct sl_rule_case *c)
{
	const struct sl_plan *plan = c->plan;
	const struct sl_stat *s = &plan->stats[c->stat];

	for (uint32_t i = 0; i < plan->ninputs && is_counted(s); i++) {
		const struct sl_input *in = &plan->inputs[i];
		if (in->lookup == 0 || !sl_rule_reads(&s->arg, i) || is_key(plan, in))
			continue;
		const struct sl_column *base = sl_plan_base_column(plan, &c->setup->view, i);
		uint32_t n = count_values(&c->setup->view.tables[base->reference - 1], in->lookup - 1);
		if (n > EXACT && n <= VALUES_MAX)
			return true;
	}
	return false;
}
