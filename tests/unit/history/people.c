/* people.c - see people.h. */
#include "tests/unit/history/people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

int people_set(const struct people *p, const struct people_output *o, uint32_t person)
{
	int set = 0;

	for (int a = 0; a < ATTRIBUTES; a++) {
		if (o->condition[a] >= 0 && p->has[person][a] != o->condition[a])
			return -1;
		if (o->in[a] != 0 && (o->in[a] >> p->has[person][a] & 1) == 0)
			return -1;
		if (o->by[a])
			set = set * p->values[a] + p->has[person][a];
	}
	return set;
}

struct people_output *people_output(struct people *p, const bool by[ATTRIBUTES], const int condition[ATTRIBUTES])
{
	return people_output_in(p, by, condition, (const uint32_t[ATTRIBUTES]){ 0 });
}

struct people_output *people_output_in(struct people *p, const bool by[ATTRIBUTES], const int condition[ATTRIBUTES],
                                       const uint32_t in[ATTRIBUTES])
{
	struct people_output *o = &p->outputs[p->noutputs++];
	uint64_t units[PEOPLE_SETS_MAX] = { 0 };

	*o = (struct people_output){ .nsets = 1 };
	for (int a = 0; a < ATTRIBUTES; a++) {
		o->by[a] = by[a];
		o->condition[a] = condition[a];
		o->in[a] = in[a];
		o->nsets *= by[a] ? (uint32_t)p->values[a] : 1;
	}
	for (uint32_t i = 0; i < p->n; i++)
		if (people_set(p, o, i) >= 0)
			units[people_set(p, o, i)]++;
	for (uint32_t s = 0; s < o->nsets; s++)
		o->hidden[s] = o->primary[s] = units[s] < p->threshold;
	return o;
}

void people_public(struct people *p, const bool by[ATTRIBUTES])
{
	struct people_output *o = people_output(p, by, ANY);

	memset(o->hidden, 0, sizeof o->hidden);
	memset(o->primary, 0, sizeof o->primary);
	o->is_public = true;
	p->nearlier = p->noutputs;
}

void people_free(struct people *p)
{
	sl_audit_free(&p->audit);
	sl_codec_free(&sl_atoms_record, &p->atoms);
}

/* What somebody has now that an earlier output told otherwise, and one of the request's version tells. */
static uint32_t changed_in(const struct people *p, uint32_t output, uint32_t person)
{
	const struct people_output *then = &p->outputs[output];
	int now = p->outputs[p->nearlier].version;
	uint32_t told = 0;

	for (uint32_t o = 0; output < p->nearlier && then->version != now && o < p->noutputs; o++)
		if (p->outputs[o].version == now && people_set(p, &p->outputs[o], person) >= 0)
			told |= p->outputs[o].tells;
	return people_set(p, then, person) >= 0 ? then->tells & told & p->changed[person] : 0;
}

/* Whether two people are in the same sets of all outputs. */
static bool is_alike(const struct people *p, uint32_t i, uint32_t j)
{
	for (uint32_t o = 0; o < p->nearlier; o++)
		if (changed_in(p, o, i) != changed_in(p, o, j))
			return false;
	for (uint32_t o = 0; o < p->noutputs; o++)
		if (people_set(p, &p->outputs[o], i) != people_set(p, &p->outputs[o], j))
			return false;
	return true;
}

/* By comparing everybody with everybody. */
static void make_atoms(struct people *p)
{
	struct sl_atoms *a = &p->atoms;
	uint32_t first[OUTPUTS_MAX + 1] = { 0 };

	a->outputs = calloc(p->noutputs, sizeof *a->outputs);
	a->atoms = calloc(p->n + 1, sizeof *a->atoms);
	a->places = calloc((size_t)(p->n + 1) * p->noutputs, sizeof *a->places);
	a->changes = calloc((size_t)(p->n + 1) * p->noutputs, sizeof *a->changes);
	assert_true(a->outputs != NULL && a->atoms != NULL && a->places != NULL && a->changes != NULL);
	a->noutputs = p->noutputs;
	for (uint32_t o = 0; o < p->noutputs; o++) {
		a->outputs[o].nsets = p->outputs[o].nsets;
		first[o + 1] = first[o] + p->outputs[o].nsets;
	}
	for (uint32_t i = 0; i < p->n; i++) {
		struct sl_atom atom = { .first = a->nplaces };
		bool seen = false;
		for (uint32_t j = 0; j < i && !seen; j++)
			seen = is_alike(p, i, j);
		if (seen)
			continue;
		for (uint32_t j = i; j < p->n; j++)
			atom.units += is_alike(p, i, j);
		for (uint32_t o = 0; o < p->noutputs; o++) {
			int set = people_set(p, &p->outputs[o], i);
			uint32_t changed = changed_in(p, o, i);
			if (changed != 0)
				a->changes[a->nchanges++] = (struct sl_atom_change){ a->nplaces, changed };
			if (set >= 0)
				a->places[a->nplaces++] = (struct sl_atom_place){ first[o] + (uint32_t)set, 0 };
		}
		atom.n = a->nplaces - atom.first;
		if (atom.n > 0)
			a->atoms[a->natoms++] = atom;
	}
}

static int compare_parts(const void *x, const void *y)
{
	const struct sl_predicate_part *a = x, *b = y;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

static struct sl_predicate_part part_of(int attribute, int value)
{
	return (struct sl_predicate_part){ 100 + (uint64_t)attribute * 10 + (uint64_t)value };
}

static struct sl_predicate_part part_of_list(int attribute, uint32_t values)
{
	return (struct sl_predicate_part){ 1000 + (uint64_t)attribute * 1000 + values };
}

/* Of an output, what its conditions have to do with values. */
static uint32_t make_unions(struct people *p, uint32_t output)
{
	const struct people_output *o = &p->outputs[output];
	uint32_t n = 0;

	for (int a = 0; a < ATTRIBUTES; a++) {
		struct sl_condition_union *u = p->unions[output];
		if (o->condition[a] >= 0) {
			p->values_of[output][n][0] = part_of(a, o->condition[a]);
			u[n] = (struct sl_condition_union){ .of.hash = 10 + a, .whole = part_of(a, o->condition[a]),
				.values = p->values_of[output][n], .nvalues = 1 };
			n++;
		}
		if (o->in[a] == 0)
			continue;
		u[n] = (struct sl_condition_union){ .of.hash = 10 + a, .whole = part_of_list(a, o->in[a]),
			.values = p->values_of[output][n] };
		for (int v = 0; v < p->values[a]; v++)
			if (o->in[a] >> v & 1)
				u[n].values[u[n].nvalues++] = part_of(a, v);
		n++;
	}
	return n;
}

/* An attribute's value, whether a key or a condition says it, is one part. */
static uint32_t make_parts(const struct people *p, const struct people_output *o, uint32_t set,
                           struct sl_predicate_part *parts)
{
	uint32_t n = 0;

	parts[n++].hash = 7; /* of these people */
	for (int a = ATTRIBUTES - 1; a >= 0; a--) {
		int value = o->condition[a];
		if (o->by[a]) {
			value = (int)(set % (uint32_t)p->values[a]);
			set /= (uint32_t)p->values[a];
			parts[n++] = part_of(a, value);
		}
		if (o->condition[a] >= 0 && !(o->by[a] && value == o->condition[a]))
			parts[n++] = part_of(a, o->condition[a]);
		if (o->in[a] != 0)
			parts[n++] = part_of_list(a, o->in[a]);
	}
	qsort(parts, n, sizeof *parts, compare_parts);
	return n;
}

/* Every column is a print of its own. */
static void make_prints(struct people *p, uint32_t output)
{
	const struct people_output *o = &p->outputs[output];
	struct sl_audit_output *out = &p->places[output];

	for (uint32_t c = 0; c < PEOPLE_COLUMNS; c++)
		p->printed[output][c] = (struct sl_reading){ .column = 50 + c, .way = 60 + c, .measure = (uint8_t)c };
	p->by_set[output].prints = o->tells;
	p->versions[output] = (struct sl_table_version){ .table = 1, .version = o->version };
	out->printed = p->printed[output];
	out->nprinted = PEOPLE_COLUMNS;
	out->by_set = &p->by_set[output];
	out->nby_set = 1;
	out->versions = &p->versions[output];
	out->nversions = !o->is_public;
}

void people_prepare(struct people *p)
{
	struct sl_audit *a = &p->audit;
	struct sl_err err = { 0 };

	people_free(p);
	make_atoms(p);
	*a = (struct sl_audit){ .atoms = &p->atoms, .sets = p->sets, .outputs = p->places, .noutputs = p->noutputs,
		                .nearlier = p->nearlier, .threshold = p->threshold };
	for (uint32_t o = 0; o < p->noutputs; o++) {
		p->measures[o].hash = 5;
		p->places[o] = (struct sl_audit_output){ .first_set = a->nsets, .per_cell = 1, .measures = &p->measures[o],
			                              .nmeasures = p->measures_same[o], .unions = p->unions[o],
			                              .nunions = make_unions(p, o), .is_public = p->outputs[o].is_public };
		make_prints(p, o);
		for (uint32_t s = 0; s < p->outputs[o].nsets; s++, a->nsets++) {
			assert_true(a->nsets < PEOPLE_SETS_MAX);
			p->sets[a->nsets] = (struct sl_audit_set){ .parts = p->parts[a->nsets], .rank = a->nsets,
				                                   .shown = !p->outputs[o].hidden[s],
				                                   .primary = p->outputs[o].primary[s],
				                                   .measures = p->outputs[o].sum_hidden[s] ? 0 : 1 };
			p->sets[a->nsets].nparts = make_parts(p, &p->outputs[o], s, p->parts[a->nsets]);
		}
	}
	p->places[p->noutputs] = (struct sl_audit_output){ .first_set = a->nsets };
	assert_int_equal(sl_atoms_check(&p->atoms, &err), SL_OK);
}

enum sl_rc people_ask(struct people *p, bool joint, struct sl_err *err)
{
	enum sl_rc rc = sl_audit_index(&p->audit, err);

	p->unproved = 0;
	p->asked = false;
	if (rc == SL_OK)
		rc = sl_audit_run(&p->audit, err);
	p->hits_for_proof = p->audit.nhits;
	if (rc == SL_OK && joint)
		rc = sl_audit_joint(&p->audit, &p->asked, &p->unproved, err);
	p->hits_for_proof = p->audit.nhits - p->hits_for_proof;
	return rc;
}

void people_audit(struct people *p, bool joint)
{
	struct sl_err err = { 0 };

	people_prepare(p);
	if (people_ask(p, joint, &err) != SL_OK)
		fail_msg("%s", err.text);
	for (uint32_t o = p->nearlier; o < p->noutputs; o++)
		for (uint32_t s = 0; s < p->outputs[o].nsets; s++)
			p->outputs[o].hidden[s] = !p->sets[p->places[o].first_set + s].shown;
	p->nearlier = p->noutputs;
}

struct people *people_start(uint64_t threshold)
{
	struct people *p = calloc(1, sizeof *p);

	assert_non_null(p);
	p->threshold = threshold;
	for (int a = 0; a < ATTRIBUTES; a++)
		p->values[a] = 3;
	return p;
}

void people_add(struct people *p, uint32_t n, int a, int b, int c, int d)
{
	for (; n > 0; n--, p->n++) {
		int has[ATTRIBUTES] = { a, b, c, d };
		memcpy(p->has[p->n], has, sizeof has);
	}
}

void people_hide(struct people_output *o, uint32_t set)
{
	o->hidden[set] = o->primary[set] = true;
}

bool people_is_hidden(const struct people *p, uint32_t output, uint32_t set)
{
	return p->outputs[output].hidden[set];
}

void people_finish(struct people *p)
{
	people_free(p);
	free(p);
}
