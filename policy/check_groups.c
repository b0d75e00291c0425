/*
 * check_groups.c - rule group-disclosure over outputs: those who are sick, by region, in one output, and everybody by
 * region in another or in an earlier release. Who is in a row of the one is a group of who is in the row of the other
 * that has its conditions, but for those that read a sensitive column; nobody of it, everybody or nearly everybody must
 * not be told, as within one output (rules/group_disclosure.c).
 *
 * A count_if is asked like a row. Either side may be added up from the rows of a finer output, where a unit has one.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_compared.h"
#include "policy/check_sides.h"
#include "policy/history/outputs.h"
#include "policy/rules/rules.h"

struct groups {
	struct sl_compared *c;
	struct sl_side *sides;   /* per output of the audit */
	bool hid;
};

/* Conditions of a set, and of those the sensitive ones that another output does not have in all its rows. */
struct asked {
	struct sl_predicate_part without[SL_PREDICATE_PARTS_MAX], more[SL_PREDICATE_PARTS_MAX];
	uint32_t nwithout, nmore;
	bool negates;            /* it keeps those who have not what a flag says */
};

/* What is told of the rows with some conditions. */
struct told {
	uint64_t units;
	uint32_t set;            /* the row, or of several the cheapest to hide */
};

static uint32_t set_of(const struct groups *g, uint32_t output, uint32_t row)
{
	const struct sl_audit_output *o = &g->c->audit.outputs[output];

	return o->first_set + row * o->per_cell;
}

/* Rows of tables with one row per unit add up; all that lie within must be shown, or empty. */
static bool add_up(const struct groups *g, uint32_t output, const struct sl_predicate_part *parts, uint32_t nparts,
                   struct told *told)
{
	const struct sl_audit *a = &g->c->audit;
	const struct sl_side *s = &g->sides[output];

	*told = (struct told){ .set = SL_AUDIT_NO_SET };
	if (a->atoms->outputs[output].rows_of != 0 || !sl_parts_among(s->common, s->ncommon, parts, nparts))
		return false;
	for (uint32_t r = 0; r < s->nrows; r++) {
		const struct sl_earlier_set *row = sl_side_row(s, r);
		uint32_t set = set_of(g, output, r);
		if (a->sets[set].units == 0 || !sl_parts_among(parts, nparts, row->parts, row->nparts))
			continue;
		if (!a->sets[set].shown)
			return false;
		told->units += a->sets[set].units;
		told->set = sl_audit_cheaper(a, set, told->set) ? set : told->set;
	}
	return told->set != SL_AUDIT_NO_SET;
}

/* A set with just these conditions that is shown. */
static bool look_up(const struct groups *g, uint32_t output, struct sl_predicate_part *parts, uint32_t nparts,
                    struct told *told)
{
	const struct sl_audit *a = &g->c->audit;
	const struct sl_earlier_set key = { .parts = parts, .nparts = nparts };
	const struct sl_earlier_set *found = sl_side_find(&g->sides[output], &key);

	if (found == NULL)
		return false;
	told->set = a->outputs[output].first_set + (uint32_t)(found - g->sides[output].o->sets);
	told->units = a->sets[told->set].units;
	return a->sets[told->set].shown;
}

/* Cells of the one times rows of the other, that are looked through where they lie in each other. */
static bool may_add_up(const struct groups *g, uint32_t coarse, uint32_t fine)
{
	uint64_t n = g->sides[coarse].nrows, m = g->sides[fine].nrows;

	return n < m && n * m <= SL_SIDES_WITHIN_MAX;
}

/* --- one group --------------------------------------------------------------------------------------------- */

static bool is_unsafe(const struct sl_rules *rules, uint64_t part, uint64_t all)
{
	return part == 0 || part >= all ||
	       (sl_i128)part * SL_PERCENT_WHOLE > (sl_i128)rules->group_percent * (sl_i128)all;
}

/* A count that is printed goes alone; one that others tell, with them. */
static void hide_set(struct groups *g, uint32_t i, uint32_t cell, uint32_t stat)
{
	struct sl_check_state *st = g->c->st;

	if (stat == SL_FINDING_WHOLE || sl_stat_is_implied(&st->plans[i].stats[stat]))
		sl_check_hide_row(st, i, cell);
	else
		sl_check_hide_number(st, i, cell, stat);
	g->hid = true;
}

static enum sl_rc hide(struct groups *g, uint32_t set, uint32_t other, uint64_t part, uint64_t all, struct sl_err *err)
{
	struct sl_check_state *st = g->c->st;
	struct sl_audit *a = &g->c->audit;
	uint32_t output = sl_audit_output_of(a, set), i = sl_compared_plan(g->c, output);
	uint32_t at = set - a->outputs[output].first_set, cell = at / a->outputs[output].per_cell;
	uint32_t stat = sl_history_stat_of(&st->plans[i], at % a->outputs[output].per_cell);
	struct sl_rule_hit hit = { .units = part, .measured = sl_rule_percent((sl_i128)part, (sl_i128)all),
		                   .limit = st->setup->rules.group_percent };

	sl_check_name_other(&g->c->space->history, a, other, &hit);
	a->sets[set].shown = false;
	hide_set(g, i, cell, stat);
	enum sl_rc rc = sl_check_find(st, i, cell, stat, SL_RULE_GROUP_DISCLOSURE, &hit, err);
	if (rc == SL_OK)
		sl_check_settle(st->pub);
	return rc;
}

/* The group's own number goes; where that left before, that of those it is a group of. */
static enum sl_rc judge(struct groups *g, bool negates, const struct told *group, const struct told *all,
                        struct sl_err *err)
{
	const struct sl_rules *rules = &g->c->st->setup->rules;
	uint64_t others = all->units > group->units ? all->units - group->units : 0, part = group->units;

	if (all->units == 0)
		return SL_OK;
	if (!is_unsafe(rules, part, all->units)) {
		part = others;
		if (!negates || !is_unsafe(rules, part, all->units))
			return SL_OK;
	}
	bool is_new = sl_audit_is_new(&g->c->audit, group->set);
	return hide(g, is_new ? group->set : all->set, is_new ? all->set : group->set, part, all->units, err);
}

/* --- all of two outputs ------------------------------------------------------------------------------------ */

static const struct sl_earlier_output *output_of(const struct sl_compared *c, uint32_t output)
{
	uint32_t nearlier = c->audit.nearlier;

	return output < nearlier ? &c->space->history.outputs[output] : &c->own[output - nearlier];
}

static const struct sl_sensitive *sensitive_of(const struct sl_earlier_output *o, const struct sl_predicate_part *part)
{
	for (uint32_t i = 0; i < o->nsensitive; i++)
		if (o->sensitive[i].part.hash == part->hash)
			return &o->sensitive[i];
	return NULL;
}

/* False: all sensitive conditions of the set are those of the other output as well. */
static bool take_apart(const struct groups *g, uint32_t inner, const struct sl_earlier_set *set, uint32_t outer,
                       struct asked *out)
{
	const struct sl_earlier_output *o = output_of(g->c, inner);
	const struct sl_side *other = &g->sides[outer];

	out->nwithout = out->nmore = 0;
	out->negates = false;
	for (uint32_t i = 0; i < set->nparts; i++) {
		const struct sl_sensitive *s = sensitive_of(o, &set->parts[i]);
		if (s == NULL || sl_parts_among(&set->parts[i], 1, other->common, other->ncommon)) {
			out->without[out->nwithout++] = set->parts[i];
			continue;
		}
		out->more[out->nmore++] = set->parts[i];
		out->negates = s->negates != 0;
	}
	out->negates = out->negates && out->nmore == 1;
	return out->nmore > 0;
}

/* That somebody has a value is nothing that a group has in common. */
static bool is_of_known(const struct sl_earlier_output *o, uint32_t set)
{
	uint32_t place = set % o->per_cell;

	return place > 0 && (o->of_known >> (place - 1) & 1) != 0;
}

/* Of each set of the inner output: those that it is a group of, by themselves or added up. Its own row was asked. */
static enum sl_rc ask_inner(struct groups *g, uint32_t inner, uint32_t outer, struct sl_err *err)
{
	const struct sl_audit *a = &g->c->audit;
	const struct sl_earlier_output *o = output_of(g->c, inner);
	bool add = may_add_up(g, inner, outer);
	enum sl_rc rc = SL_OK;

	for (uint32_t n = 0; n < o->nsets && rc == SL_OK; n++) {
		struct told group = { a->sets[a->outputs[inner].first_set + n].units, a->outputs[inner].first_set + n }, all;
		struct asked asked;
		if (is_of_known(o, n) || !a->sets[group.set].shown || !take_apart(g, inner, &o->sets[n], outer, &asked))
			continue;
		bool found = look_up(g, outer, asked.without, asked.nwithout, &all);
		if (!found && add)
			found = add_up(g, outer, asked.without, asked.nwithout, &all);
		if (found && !(inner == outer && all.set == group.set - n % o->per_cell))
			rc = judge(g, asked.negates, &group, &all, err);
	}
	return rc;
}

/* The conditions of the row, and more. Both rise, and so does what is made; 0: there are too many. */
static uint32_t put_together(const struct sl_earlier_set *row, const struct asked *with, struct sl_predicate_part *out)
{
	uint32_t n = 0, m = 0;

	for (uint32_t i = 0; i < row->nparts || m < with->nmore;) {
		if (n == SL_PREDICATE_PARTS_MAX)
			return 0;
		bool more = i == row->nparts || (m < with->nmore && with->more[m].hash < row->parts[i].hash);
		out[n++] = more ? with->more[m++] : row->parts[i++];
	}
	return n;
}

/* Of each row of the outer output: the group in it, added up from rows of the inner one, which is finer. */
static enum sl_rc ask_outer(struct groups *g, uint32_t inner, uint32_t outer, struct sl_err *err)
{
	const struct sl_audit *a = &g->c->audit;
	const struct sl_side *in = &g->sides[inner], *out = &g->sides[outer];
	struct sl_earlier_set common = { .parts = in->common, .nparts = in->ncommon };
	struct asked asked;
	enum sl_rc rc = SL_OK;

	if (!may_add_up(g, outer, inner) || !take_apart(g, inner, &common, outer, &asked))
		return SL_OK;
	for (uint32_t r = 0; r < out->nrows && rc == SL_OK; r++) {
		struct told all = { .set = set_of(g, outer, r) }, group;
		struct sl_predicate_part parts[SL_PREDICATE_PARTS_MAX];
		uint32_t n = put_together(sl_side_row(out, r), &asked, parts);
		all.units = a->sets[all.set].units;
		if (n > 0 && a->sets[all.set].shown && add_up(g, inner, parts, n, &group))
			rc = judge(g, asked.negates, &group, &all, err);
	}
	return rc;
}

static enum sl_rc ask_all(struct groups *g, struct sl_err *err)
{
	uint32_t n = g->c->audit.noutputs, nearlier = g->c->audit.nearlier;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		for (uint32_t j = 0; output_of(g->c, i)->nsensitive > 0 && j < n && rc == SL_OK; j++) {
			if (i < nearlier && j < nearlier)
				continue;
			rc = ask_inner(g, i, j, err);
			if (rc == SL_OK && i != j)
				rc = ask_outer(g, i, j, err);
		}
	return rc;
}

static bool has_sensitive(const struct sl_compared *c)
{
	for (uint32_t i = 0; i < c->audit.noutputs; i++)
		if (output_of(c, i)->nsensitive > 0)
			return true;
	return false;
}

enum sl_rc sl_check_groups(struct sl_compared *c, bool *hid, struct sl_err *err)
{
	struct groups g = { .c = c };
	uint32_t n = c->audit.noutputs;
	enum sl_rc rc = SL_OK;

	*hid = false;
	if (c->st->setup->rules.group_disclosure == 1 || c->st->without == SL_RULE_GROUP_DISCLOSURE || !has_sensitive(c))
		return SL_OK;
	g.sides = calloc(n, sizeof *g.sides);
	if (g.sides == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to compare outputs");
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		rc = sl_side_init(&g.sides[i], output_of(c, i), true, err);
	if (rc == SL_OK)
		rc = ask_all(&g, err);
	for (uint32_t i = 0; i < n; i++)
		sl_side_free(&g.sides[i]);
	free(g.sides);
	*hid = g.hid;
	return rc;
}
