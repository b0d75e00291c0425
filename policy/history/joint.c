/* joint.c - see joint.h: sets are the sums of their atoms, which nobody is told. */
#include "policy/history/joint.h"

#include <stdlib.h>

#include "policy/secondary/prover.h"
#include "policy/secondary/witness.h"

/*
 * Terms and numbers looked at by all searches: a second of the processor at most. Nearly every witness that there is to
 * be found is found at once, so everything is asked quickly before anything is asked at length: what has none would
 * else use up the work of those that have one.
 */
#ifndef SL_JOINT_WORK_MAX /* a test has less */
#define SL_JOINT_WORK_MAX UINT64_C(200000000)
#endif
#define WORK_MAX SL_JOINT_WORK_MAX
#define WORK_TO_PROVE (WORK_MAX / 4 * 3)
static const uint64_t search_work[] = { UINT64_C(1) << 16, UINT64_C(1) << 20, SL_SEARCH_WORK_MAX };
#define SEARCH_TO_HIDE (UINT64_C(1) << 18)
/* Rows that are hidden for one number, at most. Hiding more does not help, or helps by hiding all. */
#define TRIES_MAX 4u

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

	if (from->shown)
		return (struct sl_fact){ .value = (int64_t)from->units, .hi = SL_FACT_VALUE_MAX, .state = SL_FACT_SHOWN };
	return fact_of_units(a, from->units);
}

/* The sets' equations follow in their order. */
enum sl_rc sl_audit_joint_system(const struct sl_audit *a, struct sl_system *s, struct sl_err *err)
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
static bool may_be(struct sl_prover *p, struct sl_witness *w, uint32_t fact, int64_t target)
{
	if (!sl_prover_find(p, fact, target) || p->values[fact] != target)
		return false;
	sl_witness_set_all(w, p->values);
	return sl_witness_holds(w, fact);
}

static bool is_in_danger(const struct sl_fact *f)
{
	return f->state == SL_FACT_PRIMARY && (f->above > 0 || f->below > 0);
}

/* Everything at hand. */
struct joint {
	struct sl_audit *a;
	struct sl_system s;
	struct sl_prover p;
	struct sl_witness w;
	uint32_t *fact_of;       /* per set; 0: it has no units, and no fact */
	bool *is_left;           /* per fact: it is in danger, and there is no witness yet */
	uint32_t nleft;
	uint32_t tried[TRIES_MAX];
	uint32_t ntried;
};

static bool is_protected(struct joint *j, uint32_t fact, bool is_atom)
{
	const struct sl_fact *f = &j->s.facts[fact];
	bool low = may_be(&j->p, &j->w, fact, f->value - f->below);

	if (is_atom ? low : !low)
		return low;
	return may_be(&j->p, &j->w, fact, f->value + f->above);
}

static enum sl_rc number_facts(struct joint *j, struct sl_err *err)
{
	uint32_t fact = j->a->atoms->natoms;

	j->fact_of = calloc((size_t)j->a->nsets + 1, sizeof *j->fact_of);
	j->is_left = calloc((size_t)j->s.nfacts + 1, sizeof *j->is_left);
	if (j->fact_of == NULL || j->is_left == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", j->a->nsets);
	for (uint32_t set = 0; set < j->a->nsets; set++)
		if (j->a->sets[set].units > 0)
			j->fact_of[set] = fact++;
	for (uint32_t f = 0; f < j->s.nfacts; f++) {
		j->is_left[f] = is_in_danger(&j->s.facts[f]);
		j->nleft += j->is_left[f];
	}
	return SL_OK;
}

/* In the system alone: whether a set, and those of its row that go with it, are seen. */
static void set_seen(struct joint *j, uint32_t set, bool seen)
{
	const struct sl_audit_output *o = &j->a->outputs[sl_audit_output_of(j->a, set)];
	uint32_t row = set - (set - o->first_set) % o->per_cell;

	for (uint32_t i = row; i < row + o->per_cell; i++)
		if (j->a->sets[i].shown && j->a->sets[i].units > 0 && sl_audit_goes(j->a, i, set)) {
			j->s.facts[j->fact_of[i]].state = seen ? SL_FACT_SHOWN : SL_FACT_PRIMARY;
			sl_prover_changed(&j->p, j->fact_of[i]);
		}
}

static void set_own_seen(struct joint *j, bool seen)
{
	for (uint32_t set = j->a->outputs[j->a->nearlier].first_set; set < j->a->nsets; set++)
		set_seen(j, set, seen);
}

/* What left before: all of history but what is public. */
static void set_released_seen(struct joint *j, bool seen)
{
	for (uint32_t o = 0; o < j->a->nearlier; o++)
		for (uint32_t set = j->a->outputs[o].first_set; set < j->a->outputs[o + 1].first_set; set++)
			if (!j->a->outputs[o].is_public)
				set_seen(j, set, seen);
}

static bool has_public(const struct sl_audit *a)
{
	for (uint32_t o = 0; o < a->nearlier; o++)
		if (a->outputs[o].is_public)
			return true;
	return false;
}

/* Whoever knows what is public, and no release, knows too much of it: that is nobody's to keep. */
static bool is_public(struct joint *j, uint32_t fact, bool is_atom)
{
	if (!has_public(j->a))
		return false;
	set_own_seen(j, false);
	set_released_seen(j, false);
	bool is = !is_protected(j, fact, is_atom);
	set_released_seen(j, true);
	set_own_seen(j, true);
	return is;
}

/* Of the request's sets that an atom is in and the system shows, the cheapest; best: of other atoms. */
static uint32_t cheapest_with(const struct joint *j, uint32_t atom, uint32_t best)
{
	const struct sl_audit *a = j->a;

	for (uint32_t i = a->first_own[atom]; i < a->first_own[atom + 1]; i++) {
		uint32_t set = a->own[i].set;
		if (j->s.facts[j->fact_of[set]].state == SL_FACT_SHOWN && sl_audit_cheaper(a, set, best))
			best = set;
	}
	return best;
}

/* The same for a number: an atom, or a hidden set, whose atoms count. */
static uint32_t next_to_hide(const struct joint *j, uint32_t fact)
{
	const struct sl_audit *a = j->a;
	uint32_t set = 0, best = SL_AUDIT_NO_SET;

	if (fact < a->atoms->natoms)
		return cheapest_with(j, fact, best);
	while (j->fact_of[set] != fact)
		set++;
	for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++)
		best = cheapest_with(j, a->atom_of[i], best);
	return best;
}

/* One more of the request's sets hidden each time, the cheapest first. False: no help, and all is as it was. */
static bool try_hiding(struct joint *j, uint32_t fact)
{
	bool is_atom = fact < j->a->atoms->natoms;

	for (j->ntried = 0; j->ntried < TRIES_MAX;) {
		uint32_t set = next_to_hide(j, fact);
		if (set == SL_AUDIT_NO_SET)
			break;
		j->tried[j->ntried++] = set;
		set_seen(j, set, false);
		if (is_protected(j, fact, is_atom))
			return true;
	}
	for (uint32_t i = 0; i < j->ntried; i++)
		set_seen(j, j->tried[i], true);
	return false;
}

/* Numbers of rows first, then rows. */
static bool find_what_helps(struct joint *j, uint32_t fact, bool by_number)
{
	if (by_number && try_hiding(j, fact))
		return true;
	j->a->by_number = false;
	return try_hiding(j, fact);
}

/* Hides until the number has its witnesses; or counts it, when that does not help, or the request is not to blame. */
static enum sl_rc protect(struct joint *j, uint32_t fact, uint32_t *unproved, struct sl_err *err)
{
	bool is_atom = fact < j->a->atoms->natoms, by_number = j->a->by_number, helps;
	enum sl_rc rc = SL_OK;

	if (is_protected(j, fact, is_atom))
		return SL_OK;
	set_own_seen(j, false);
	bool before = is_protected(j, fact, is_atom);
	set_own_seen(j, true);
	helps = before && find_what_helps(j, fact, by_number);
	if (!helps)
		*unproved += before || !is_public(j, fact, is_atom);
	for (uint32_t i = 0; i < j->ntried && helps && rc == SL_OK; i++) {
		struct sl_audit_hit hit = { .set = j->tried[i], .other = SL_AUDIT_NO_SET,
			                    .units = (uint64_t)j->s.facts[fact].value };
		rc = sl_audit_hide(j->a, &hit, err);
	}
	j->a->by_number = by_number;
	return rc;
}

/* What is left, each with as much work: false when all of it was used up before the last. */
static bool prove_left(struct joint *j, uint64_t each)
{
	j->p.search_work = each;
	for (uint32_t f = 0; f < j->s.nfacts; f++) {
		if (!j->is_left[f])
			continue;
		if (j->p.work > WORK_TO_PROVE)
			return false;
		if (is_protected(j, f, f < j->a->atoms->natoms)) {
			j->is_left[f] = false;
			j->nleft--;
		}
	}
	return true;
}

static enum sl_rc protect_all(struct joint *j, bool *asked, uint32_t *unproved, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	*asked = prove_left(j, search_work[0]);
	for (size_t i = 1; i < sizeof search_work / sizeof search_work[0] && j->nleft > 0; i++)
		if (!prove_left(j, search_work[i]))
			break;
	j->p.search_work = SEARCH_TO_HIDE;
	for (uint32_t f = 0; f < j->s.nfacts && rc == SL_OK; f++) {
		if (j->is_left[f] && j->p.work <= WORK_MAX)
			rc = protect(j, f, unproved, err);
		else
			*unproved += j->is_left[f];
	}
	return rc;
}

enum sl_rc sl_audit_joint(struct sl_audit *a, bool *asked, uint32_t *unproved, struct sl_err *err)
{
	struct joint j = { .a = a };
	enum sl_rc rc;

	*unproved = 0;
	*asked = sl_audit_is_small(a);
	if (!*asked)
		return SL_OK;
	rc = sl_audit_joint_system(a, &j.s, err);
	if (rc == SL_OK)
		rc = number_facts(&j, err);
	if (rc == SL_OK)
		rc = sl_prover_init(&j.p, &j.s, err);
	if (rc == SL_OK)
		rc = sl_witness_init(&j.w, &j.s, err);
	if (rc == SL_OK)
		rc = protect_all(&j, asked, unproved, err);
	a->proofs += j.p.work;
	sl_prover_fini(&j.p);
	sl_witness_fini(&j.w);
	sl_system_free(&j.s);
	free(j.fact_of);
	free(j.is_left);
	return rc;
}
