/* condition.c - see condition.h: an expression becomes a clause from the top down, NOT on its way. */
#include "policy/history/condition.h"

#include "policy/history/clause.h"
#include "policy/history/value.h"

#define BOTH ((struct sl_range){ 0, 1 })
#define BELOW_TO_ABOVE ((struct sl_range){ -1, 1 })

struct reading {
	const struct sl_operands *of;
	const struct sl_expr *e;
	bool filters;     /* unknown is as good as false */
};

static enum sl_rc read_condition(const struct reading *r, uint32_t to, bool negate, struct sl_clause *out,
                                 struct sl_err *err);

static struct sl_clause constant(bool is_true)
{
	return (struct sl_clause){ .kind = is_true ? SL_CLAUSE_ALL : SL_CLAUSE_ANY };
}

/* An atom of the operand that ends before `to`, which lets nothing through yet. */
static enum sl_rc atom_of(const struct reading *r, uint32_t to, struct sl_range universe, struct sl_clause *out,
                          struct sl_err *err)
{
	const struct sl_op *op = &r->e->ops[to - 1];

	*out = (struct sl_clause){ .kind = SL_CLAUSE_ATOM, .universe = universe };
	out->is_ordered = op->type == SL_TYPE_INTEGER || op->type == SL_TYPE_REAL || op->type == SL_TYPE_DATE;
	out->never_missing = op->op == SL_OP_COLUMN && sl_operands_never_missing(r->of, op->arg);
	if (op->type == SL_TYPE_TEXT) {
		const struct sl_column *c = op->op == SL_OP_COLUMN ? sl_operands_column(r->of, op->arg) : NULL;
		if (c != NULL && c->nlabels + c->has_other > 0) {
			out->labels = c;
			out->universe = (struct sl_range){ 0, (int64_t)c->nlabels + c->has_other - 1 };
		}
	}
	return sl_value_of(r->of, r->e, to, &out->of, err);
}

static enum sl_rc finish(const struct reading *r, bool negate, struct sl_clause *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	sl_ranges_settle(&out->in);
	if (negate)
		rc = sl_ranges_invert(&out->in, out->universe, err);
	return rc == SL_OK ? sl_clause_settle(out, r->filters, err) : rc;
}

/* A value that is a condition itself. */
static enum sl_rc read_flag(const struct reading *r, uint32_t to, bool negate, struct sl_clause *out,
                            struct sl_err *err)
{
	enum sl_rc rc = atom_of(r, to, BOTH, out, err);

	if (rc == SL_OK)
		rc = sl_ranges_add(&out->in, 1, 1, BOTH, err);
	return rc == SL_OK ? finish(r, negate, out, err) : rc;
}

static enum sl_rc read_list(const struct reading *r, uint32_t to, bool negate, struct sl_clause *out,
                            struct sl_err *err)
{
	const struct sl_set *set = &r->e->sets[r->e->ops[to - 1].arg];
	enum sl_rc rc = atom_of(r, to - 1, SL_RANGE_ALL, out, err);

	for (uint32_t i = 0; i < set->nitems && rc == SL_OK; i++)
		rc = sl_ranges_add(&out->in, set->items[i].value, set->items[i].value, out->universe, err);
	return rc == SL_OK ? finish(r, negate, out, err) : rc;
}

/* Missing is one more value of what is asked where unknown is false; else a question of its own that has an answer. */
static enum sl_rc read_is_null(const struct reading *r, uint32_t to, bool negate, struct sl_clause *out,
                               struct sl_err *err)
{
	bool is_flag = r->e->ops[to - 2].type == SL_TYPE_BOOLEAN;
	enum sl_rc rc = atom_of(r, to - 1, is_flag ? BOTH : SL_RANGE_ALL, out, err);

	if (rc != SL_OK)
		return rc;
	if (out->never_missing) {
		*out = constant(negate);
	} else if (r->filters) {
		out->or_missing = !negate;
		if (negate)
			rc = sl_ranges_add(&out->in, out->universe.lo, out->universe.hi, out->universe, err);
	} else {
		struct sl_buf b = { 0 };
		sl_buf_text(&b, "is missing ");
		sl_meaning_put(&b, &out->of);
		*out = (struct sl_clause){ .kind = SL_CLAUSE_ATOM, .universe = BOTH, .never_missing = true };
		rc = sl_meaning_of(&b, &out->of, err);
		sl_buf_free(&b);
		if (rc == SL_OK)
			rc = sl_ranges_add(&out->in, !negate, !negate, BOTH, err);
	}
	return rc == SL_OK ? finish(r, false, out, err) : rc;
}

/* Values on `scale` that compare so with the constant; floor: the last at or below it, ceil: the first not below. */
static enum sl_rc add_compared(struct sl_clause *out, enum sl_opcode op, const struct sl_op *with, int scale,
                               struct sl_err *err)
{
	sl_i128 floor, ceil;

	if (with->scale <= scale) {
		floor = ceil = (sl_i128)with->value * sl_pow10(scale - with->scale);
	} else {
		int64_t step = sl_pow10(with->scale - scale);
		floor = with->value / step - (with->value % step < 0);
		ceil = floor + (with->value % step != 0);
	}
	switch (op) {
	case SL_OP_LT:
		return sl_ranges_add(&out->in, INT64_MIN, ceil - 1, out->universe, err);
	case SL_OP_LE:
		return sl_ranges_add(&out->in, INT64_MIN, floor, out->universe, err);
	case SL_OP_GT:
		return sl_ranges_add(&out->in, floor + 1, INT64_MAX, out->universe, err);
	case SL_OP_GE:
		return sl_ranges_add(&out->in, ceil, INT64_MAX, out->universe, err);
	default:
		return sl_ranges_add(&out->in, ceil, floor, out->universe, err);
	}
}

/* Of two values: which lies above. Read from the one that comes first by its meaning. */
static enum sl_rc read_pair(const struct reading *r, uint32_t split, uint32_t to, bool negate, struct sl_clause *out,
                            struct sl_err *err)
{
	enum sl_opcode op = (enum sl_opcode)r->e->ops[to - 1].op;
	struct sl_meaning a = { 0 }, b = { 0 };
	enum sl_rc rc = sl_value_of(r->of, r->e, split, &a, err);

	*out = (struct sl_clause){ .kind = SL_CLAUSE_ATOM, .universe = BELOW_TO_ABOVE };
	if (rc == SL_OK)
		rc = sl_value_of(r->of, r->e, to - 1, &b, err);
	if (rc != SL_OK)
		return rc;
	bool swap = sl_meaning_order(&a, &b) > 0;
	if (sl_meaning_order(&a, &b) == 0)
		out->universe = (struct sl_range){ 0, 0 };
	struct sl_buf text = { 0 };
	sl_buf_text(&text, "compared ");
	sl_meaning_put(&text, swap ? &b : &a);
	sl_meaning_put(&text, swap ? &a : &b);
	rc = sl_meaning_of(&text, &out->of, err);
	sl_buf_free(&text);
	op = swap ? sl_opcode_mirrored(op) : op;
	if (rc == SL_OK && (op == SL_OP_LT || op == SL_OP_LE))
		rc = sl_ranges_add(&out->in, -1, -1, out->universe, err);
	if (rc == SL_OK && (op == SL_OP_GT || op == SL_OP_GE))
		rc = sl_ranges_add(&out->in, 1, 1, out->universe, err);
	if (rc == SL_OK && op != SL_OP_LT && op != SL_OP_GT)
		rc = sl_ranges_add(&out->in, 0, 0, out->universe, err);
	return rc == SL_OK ? finish(r, negate, out, err) : rc;
}

static enum sl_rc read_comparison(const struct reading *r, uint32_t to, bool negate, struct sl_clause *out,
                                  struct sl_err *err)
{
	uint32_t split = sl_value_start(r->e, to - 1);
	const struct sl_op *a = &r->e->ops[split - 1], *b = &r->e->ops[to - 2];
	enum sl_opcode op = (enum sl_opcode)r->e->ops[to - 1].op;

	if (op == SL_OP_NE)
		negate = !negate;
	if ((a->op == SL_OP_CONST) == (b->op == SL_OP_CONST))
		return read_pair(r, split, to, negate, out, err);
	const struct sl_op *with = a->op == SL_OP_CONST ? a : b;
	uint32_t end = a->op == SL_OP_CONST ? to - 1 : split;
	if (with->type == SL_TYPE_BOOLEAN)
		return read_condition(r, end, with->value == 0 ? !negate : negate, out, err);
	enum sl_rc rc = atom_of(r, end, SL_RANGE_ALL, out, err);
	if (rc == SL_OK)
		rc = add_compared(out, a->op == SL_OP_CONST ? sl_opcode_mirrored(op) : op, with, r->e->ops[end - 1].scale, err);
	return rc == SL_OK ? finish(r, negate, out, err) : rc;
}

/* Into `chain`, which is settled once when all of it is there; what is of its kind joins it from any depth. */
static enum sl_rc read_into(const struct reading *r, uint32_t to, bool negate, struct sl_clause *chain,
                            struct sl_err *err)
{
	for (; r->e->ops[to - 1].op == SL_OP_NOT; to--)
		negate = !negate;
	if (r->e->ops[to - 1].op == ((chain->kind == SL_CLAUSE_ALL) != negate ? SL_OP_AND : SL_OP_OR)) {
		enum sl_rc rc = read_into(r, sl_value_start(r->e, to - 1), negate, chain, err);
		return rc == SL_OK ? read_into(r, to - 1, negate, chain, err) : rc;
	}
	struct sl_clause side = { .kind = SL_CLAUSE_ANY };
	enum sl_rc rc = read_condition(r, to, negate, &side, err);
	if (rc == SL_OK)
		rc = sl_clause_take(chain, &side, err);
	sl_clause_free(&side);
	return rc;
}

static enum sl_rc read_chain(const struct reading *r, uint32_t to, bool negate, struct sl_clause *out,
                             struct sl_err *err)
{
	*out = constant((r->e->ops[to - 1].op == SL_OP_AND) != negate);
	enum sl_rc rc = read_into(r, to, negate, out, err);
	return rc == SL_OK ? sl_clause_settle(out, r->filters, err) : rc;
}

/* out is the caller's to free, after failure too. */
static enum sl_rc read_condition(const struct reading *r, uint32_t to, bool negate, struct sl_clause *out,
                                 struct sl_err *err)
{
	for (; r->e->ops[to - 1].op == SL_OP_NOT; to--)
		negate = !negate;
	const struct sl_op *op = &r->e->ops[to - 1];
	switch (op->op) {
	case SL_OP_AND:
	case SL_OP_OR:
		return read_chain(r, to, negate, out, err);
	case SL_OP_EQ:
	case SL_OP_NE:
	case SL_OP_LT:
	case SL_OP_LE:
	case SL_OP_GT:
	case SL_OP_GE:
		return read_comparison(r, to, negate, out, err);
	case SL_OP_IN:
		return read_list(r, to, negate, out, err);
	case SL_OP_IS_NULL:
		return read_is_null(r, to, negate, out, err);
	case SL_OP_CONST:
		*out = constant((op->value != 0) != negate);
		return sl_clause_settle(out, r->filters, err);
	default:
		return read_flag(r, to, negate, out, err);
	}
}

enum sl_rc sl_value_condition(const struct sl_operands *s, const struct sl_expr *e, uint32_t to, bool filters,
                              struct sl_meaning *out, struct sl_err *err)
{
	const struct reading r = { s, e, filters };
	struct sl_clause c = { .kind = SL_CLAUSE_ANY };
	enum sl_rc rc = read_condition(&r, to, false, &c, err);

	if (rc == SL_OK)
		rc = sl_clause_name(&c, err);
	/* A flag that is true is the flag: `not not sick` has the value of `sick`. */
	bool is_flag = !filters && c.kind == SL_CLAUSE_ATOM && c.universe.lo == 0 && c.universe.hi == 1 &&
	               !c.is_ordered && c.labels == NULL && c.in.n == 1 && c.in.at[0].lo == 1;
	*out = is_flag ? c.of : c.is;
	sl_clause_free(&c);
	return rc;
}

enum sl_rc sl_condition_value(const struct sl_operands *s, const struct sl_expr *e, struct sl_meaning *out,
                              struct sl_err *err)
{
	return sl_value_of(s, e, e->nops, out, err);
}

enum sl_rc sl_condition_filter(const struct sl_operands *s, const struct sl_expr *e, struct sl_meaning *out,
                               struct sl_err *err)
{
	struct sl_clause none = constant(true);

	if (e->nops > 0)
		return sl_value_condition(s, e, e->nops, true, out, err);
	enum sl_rc rc = sl_clause_name(&none, err);
	*out = none.is;
	return rc;
}

/* What is wanted of them: the conditions, or those that are lists of values. */
struct wanted {
	struct sl_predicate_part *parts;
	uint32_t *n;
	struct sl_condition_unions *unions;
};

/* The two sides of an AND each by themselves; of a NOT over an OR likewise. */
static enum sl_rc add_parts(const struct reading *r, uint32_t to, bool negate, const struct wanted *w,
                            struct sl_err *err)
{
	for (; r->e->ops[to - 1].op == SL_OP_NOT; to--)
		negate = !negate;
	if (r->e->ops[to - 1].op == (negate ? SL_OP_OR : SL_OP_AND)) {
		enum sl_rc rc = add_parts(r, sl_value_start(r->e, to - 1), negate, w, err);
		return rc == SL_OK ? add_parts(r, to - 1, negate, w, err) : rc;
	}
	struct sl_clause c = { .kind = SL_CLAUSE_ANY };
	enum sl_rc rc = read_condition(r, to, negate, &c, err);
	if (rc == SL_OK)
		rc = w->unions != NULL ? sl_clause_unions(&c, w->unions, err) : sl_clause_conditions(&c, w->parts, w->n, err);
	sl_clause_free(&c);
	return rc;
}

enum sl_rc sl_condition_parts(const struct sl_operands *s, const struct sl_expr *e, struct sl_predicate_part *parts,
                              uint32_t *n, struct sl_err *err)
{
	const struct reading r = { s, e, true };

	return e->nops == 0 ? SL_OK : add_parts(&r, e->nops, false, &(struct wanted){ .parts = parts, .n = n }, err);
}

enum sl_rc sl_condition_unions(const struct sl_operands *s, const struct sl_expr *e, struct sl_condition_unions *out,
                               struct sl_err *err)
{
	const struct reading r = { s, e, true };

	return e->nops == 0 ? SL_OK : add_parts(&r, e->nops, false, &(struct wanted){ .unions = out }, err);
}

/* An atom that filters, whose parts are wanted. Freed. */
static enum sl_rc hand_over(struct sl_clause *c, enum sl_rc rc, struct sl_predicate_part *parts, uint32_t *n,
                            struct sl_err *err)
{
	if (rc == SL_OK) {
		sl_ranges_settle(&c->in);
		rc = sl_clause_settle(c, true, err);
	}
	if (rc == SL_OK)
		rc = sl_clause_conditions(c, parts, n, err);
	sl_clause_free(c);
	return rc;
}

enum sl_rc sl_condition_known(const struct sl_operands *s, const struct sl_expr *e, struct sl_predicate_part *parts,
                              uint32_t *n, struct sl_err *err)
{
	const struct reading r = { s, e, true };
	struct sl_clause c = { .kind = SL_CLAUSE_ANY };
	enum sl_rc rc = atom_of(&r, e->nops, SL_RANGE_ALL, &c, err);

	if (rc == SL_OK)
		rc = sl_ranges_add(&c.in, c.universe.lo, c.universe.hi, c.universe, err);
	return hand_over(&c, rc, parts, n, err);
}

/* The values that the group has; bands' (other) is what is in none of them. */
static enum sl_rc add_group(struct sl_clause *c, const struct sl_column *column, bool banded, uint32_t group,
                            struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (!banded)
		return sl_ranges_add(&c->in, group, group, c->universe, err);
	if (group < column->nbands)
		return sl_ranges_add(&c->in, column->bands[group].lo, column->bands[group].hi, c->universe, err);
	for (uint32_t i = 0; i < column->nbands && rc == SL_OK; i++)
		rc = sl_ranges_add(&c->in, column->bands[i].lo, column->bands[i].hi, c->universe, err);
	sl_ranges_settle(&c->in);
	return rc == SL_OK ? sl_ranges_invert(&c->in, c->universe, err) : rc;
}

enum sl_rc sl_condition_key(const struct sl_operands *s, uint32_t key, uint32_t group, struct sl_predicate_part *parts,
                            uint32_t *n, struct sl_err *err)
{
	const struct sl_key *k = &s->plan->keys[key];
	const struct sl_column *column = sl_plan_key_column(s->plan, s->view, key);
	struct sl_op op = { .op = SL_OP_COLUMN, .type = column->type, .scale = column->scale, .arg = k->input };
	const struct sl_expr e = { .ops = &op, .nops = 1 };
	const struct reading r = { s, &e, true };
	struct sl_clause c = { .kind = SL_CLAUSE_ANY };
	enum sl_rc rc = atom_of(&r, 1, column->type == SL_TYPE_BOOLEAN ? BOTH : SL_RANGE_ALL, &c, err);

	c.or_missing = column->nullable && group + 1 == sl_column_ngroups(column, k->banded != 0);
	if (rc == SL_OK && !c.or_missing)
		rc = add_group(&c, column, k->banded != 0, group, err);
	return hand_over(&c, rc, parts, n, err);
}
