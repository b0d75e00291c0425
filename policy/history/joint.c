/* joint.c - see joint.h: sets are the sums of their atoms, which nobody is told. */
#include "policy/history/joint.h"

#include "policy/secondary/prover.h"
#include "policy/secondary/witness.h"

/* A step takes a microsecond or so. */
#define STEPS_MAX UINT64_C(20000000)

static bool is_small(const struct sl_audit *a)
{
	uint32_t shown = 0;

	for (uint32_t s = 0; s < a->nsets; s++)
		shown += a->sets[s].shown && a->sets[s].units > 0;
	return a->atoms->natoms <= SL_JOINT_ATOMS_MAX && shown <= SL_JOINT_SETS_MAX;
}

/* What was hidden for something else than its count is known by it to whoever measures the same elsewhere. */
static bool is_measured_elsewhere(const struct sl_audit *a, uint32_t output)
{
	for (uint32_t i = 0; i < a->noutputs; i++)
		if (i != output && sl_audit_measure_same(a, output, i))
			return true;
	return false;
}

/* What of a hidden number must seem possible: the same with so much more, with so much less, and whether both must. */
static struct sl_fact fact_of_units(const struct sl_audit *a, uint64_t units)
{
	struct sl_fact f = { .value = (int64_t)units, .hi = SL_FACT_VALUE_MAX, .state = SL_FACT_PRIMARY };

	if (units < a->threshold) {
		f.above = (int64_t)(a->threshold - units);
		f.below = (int64_t)units;
	}
	return f;
}

static struct sl_fact fact_of_set(const struct sl_audit *a, uint32_t set)
{
	const struct sl_audit_set *from = &a->sets[set];
	struct sl_fact f = fact_of_units(a, from->units);

	if (from->shown)
		return (struct sl_fact){ .value = (int64_t)from->units, .hi = SL_FACT_VALUE_MAX, .state = SL_FACT_SHOWN };
	if (from->units >= a->threshold && is_measured_elsewhere(a, sl_audit_output_of(a, set)))
		f.above = f.below = 1;
	return f;
}

/* Facts: the atoms, then the sets with units, whose equations follow in their order. */
static enum sl_rc build(const struct sl_audit *a, struct sl_system *s, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	uint32_t fact = a->atoms->natoms;

	for (uint32_t i = 0; i < a->atoms->natoms && rc == SL_OK; i++) {
		struct sl_fact f = fact_of_units(a, a->atoms->atoms[i].units);
		rc = sl_system_fact(s, &f, NULL, err);
	}
	for (uint32_t set = 0; set < a->nsets && rc == SL_OK; set++) {
		struct sl_fact f = fact_of_set(a, set);
		if (a->sets[set].units > 0)
			rc = sl_system_fact(s, &f, NULL, err);
	}
	for (uint32_t set = 0; set < a->nsets && rc == SL_OK; set++) {
		if (a->sets[set].units == 0)
			continue;
		rc = sl_system_begin(s, err);
		if (rc == SL_OK)
			rc = sl_system_term(s, fact++, 1, err);
		for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1] && rc == SL_OK; i++)
			rc = sl_system_term(s, a->atom_of[i], -1, err);
	}
	return rc == SL_OK ? sl_system_index(s, err) : rc;
}

/* A table in which the fact is `target`, found by one and believed by the other. */
static bool may_be(struct sl_prover *p, const struct sl_system *s, uint32_t fact, int64_t target)
{
	return sl_prover_find(p, fact, target) && p->values[fact] == target && sl_witness_holds(s, fact, p->values);
}

static bool is_protected(struct sl_prover *p, const struct sl_system *s, uint32_t fact, bool is_atom)
{
	const struct sl_fact *f = &s->facts[fact];
	bool low = may_be(p, s, fact, f->value - f->below);

	if (is_atom ? low : !low)
		return low;
	return may_be(p, s, fact, f->value + f->above);
}

static bool is_in_danger(const struct sl_fact *f)
{
	return f->state == SL_FACT_PRIMARY && (f->above > 0 || f->below > 0);
}

/* Sets with units have their facts behind the atoms': of a set, or of which set. */
static uint32_t set_of(const struct sl_audit *a, uint32_t fact)
{
	uint32_t n = fact - a->atoms->natoms, set = 0;

	while (a->sets[set].units == 0 || n-- > 0)
		set++;
	return set;
}

/* The request's sets as they stand, or all hidden. */
static void set_own(const struct sl_audit *a, struct sl_system *s, bool hidden)
{
	uint32_t fact = a->atoms->natoms;

	for (uint32_t set = 0; set < a->nsets; set++) {
		if (a->sets[set].units == 0)
			continue;
		if (sl_audit_is_new(a, set)) {
			s->facts[fact] = fact_of_set(a, set);
			s->facts[fact].state = hidden ? SL_FACT_PRIMARY : s->facts[fact].state;
		}
		fact++;
	}
}

/* The cheapest shown set of the request that has something to do with the number. */
static uint32_t nearest_way_out(const struct sl_audit *a, uint32_t fact)
{
	uint32_t best = SL_AUDIT_NO_SET;

	if (fact < a->atoms->natoms)
		return sl_audit_way_out(a, fact);
	uint32_t set = set_of(a, fact);
	for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++) {
		uint32_t way = sl_audit_way_out(a, a->atom_of[i]);
		best = way != SL_AUDIT_NO_SET && sl_audit_cheaper(a, way, best) ? way : best;
	}
	return best;
}

/* Hides until the number has its witnesses; or counts it, when the request is not to blame. */
static enum sl_rc protect(struct sl_audit *a, struct sl_system *s, struct sl_prover *p, uint32_t fact,
                          uint32_t *unproved, struct sl_err *err)
{
	bool is_atom = fact < a->atoms->natoms;
	enum sl_rc rc = SL_OK;

	if (is_protected(p, s, fact, is_atom))
		return SL_OK;
	set_own(a, s, true);
	bool before = is_protected(p, s, fact, is_atom);
	set_own(a, s, false);
	*unproved += !before;
	while (before && rc == SL_OK && !is_protected(p, s, fact, is_atom)) {
		struct sl_audit_hit hit = { .set = nearest_way_out(a, fact), .other = SL_AUDIT_NO_SET,
			                    .units = (uint64_t)s->facts[fact].value };
		if (hit.set == SL_AUDIT_NO_SET)
			break;
		rc = sl_audit_hide(a, &hit, err);
		set_own(a, s, false);
	}
	return rc;
}

static enum sl_rc protect_all(struct sl_audit *a, struct sl_system *s, struct sl_prover *p, bool *asked,
                              uint32_t *unproved, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t f = 0; f < s->nfacts && *asked && rc == SL_OK; f++) {
		if (is_in_danger(&s->facts[f]))
			rc = protect(a, s, p, f, unproved, err);
		*asked = p->steps_taken <= STEPS_MAX;
	}
	return rc;
}

enum sl_rc sl_audit_joint(struct sl_audit *a, bool *asked, uint32_t *unproved, struct sl_err *err)
{
	struct sl_system s = { 0 };
	struct sl_prover p = { 0 };
	enum sl_rc rc;

	*unproved = 0;
	*asked = is_small(a);
	if (!*asked)
		return SL_OK;
	rc = build(a, &s, err);
	if (rc == SL_OK)
		rc = sl_prover_init(&p, &s, err);
	if (rc == SL_OK)
		rc = protect_all(a, &s, &p, asked, unproved, err);
	sl_prover_fini(&p);
	sl_system_free(&s);
	return rc;
}
