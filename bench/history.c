/*
 * history.c - how long it takes to compare a publication with everything released before: 100 tables of 100 cells over
 * 100,000 made-up units, each in one cell of each table or in none, and one more table of 1,000 cells. `bench_history`.
 * Prints a line per step, in seconds of one processor: what sluice-engine does, what sluice-check does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "enclave/engine/atoms.h"
#include "policy/history/joint.h"
#include "policy/history/narrow.h"

#define UNITS 100000u
#define TABLES 100u
#define CELLS 100u
#define CELLS_NEW 1000u

static uint64_t draw(void)
{
	static uint64_t s = 5;

	s ^= s << 13;
	s ^= s >> 7;
	s ^= s << 17;
	return s;
}

static void must(enum sl_rc rc, const struct sl_err *err)
{
	if (rc != SL_OK) {
		fprintf(stderr, "bench_history: %s\n", err->text);
		exit(1);
	}
}

/* One unit in ten has no row in a table; the others lie in a cell each, some cells fuller than others. */
static void make(struct sl_members *m, uint32_t cells)
{
	struct sl_buf units = { 0 };
	uint64_t last = 0;

	*m = (struct sl_members){ .one_row = 1, .nsets = cells };
	for (uint64_t u = 1; u <= UNITS; u++) {
		if (draw() % 10 == 0)
			continue;
		uint64_t a = draw() % cells, b = draw() % cells;
		sl_varint_put(&units, u - last);
		sl_varint_put(&units, 1);
		sl_varint_put(&units, a < b ? a : b);
		last = u;
		m->nunits++;
	}
	m->units = units.data;
	m->nunits_bytes = (uint32_t)units.len;
}

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void line(const char *what, double took, const char *found)
{
	printf("%-44s %9.3f s  %s\n", what, took, found);
}

int main(void)
{
	static struct sl_members members[TABLES + 1];
	static struct sl_audit_output outputs[TABLES + 2];
	struct sl_audit a = { .outputs = outputs, .noutputs = TABLES + 1, .nearlier = TABLES, .threshold = 10 };
	struct sl_atoms_packed packed;
	struct sl_atoms atoms;
	struct sl_err err = { 0 };
	char found[96];
	struct sl_narrow *narrow;
	uint32_t unproved, nnarrow;
	bool asked;

	for (uint32_t i = 0; i <= TABLES; i++) {
		make(&members[i], i < TABLES ? CELLS : CELLS_NEW);
		outputs[i] = (struct sl_audit_output){ .first_set = a.nsets, .per_cell = 1 };
		a.nsets += members[i].nsets;
	}
	outputs[TABLES + 1].first_set = a.nsets;
	a.sets = calloc(a.nsets, sizeof *a.sets);
	struct sl_predicate_part *parts = calloc((size_t)a.nsets * 2, sizeof *parts);
	if (a.sets == NULL || parts == NULL)
		return 1;

	double t0 = now();
	must(sl_atoms_make(members, TABLES + 1, NULL, &packed, &err), &err);
	double t1 = now();
	(void)snprintf(found, sizeof found, "%u atoms, %u places", packed.natoms, packed.nplaces);
	line("engine: units of 101 tables to atoms", t1 - t0, found);
	must(sl_atoms_unpack(&packed, &atoms, &err), &err);
	a.atoms = &atoms;
	for (uint32_t s = 0; s < a.nsets; s++) {
		parts[2 * s + 1].hash = s + UINT64_C(1);
		a.sets[s].parts = &parts[2 * s];
		a.sets[s].nparts = 2;
	}
	must(sl_audit_index(&a, &err), &err);
	for (uint32_t s = 0; s < a.nsets; s++)
		a.sets[s].shown = a.sets[s].units >= a.threshold;
	double t2 = now();
	line("check: atoms unpacked, index", t2 - t1, "");
	must(sl_audit_run(&a, &err), &err);
	must(sl_audit_joint(&a, &asked, &unproved, &err), &err);
	must(sl_audit_narrow(&a, &narrow, &nnarrow, &err), &err);
	double t3 = now();
	(void)snprintf(found, sizeof found, "%u rows hidden for it, %u known nearly", a.nhits, nnarrow);
	line("check: pairs, remainders, lattices, bounds", t3 - t2, found);
	(void)snprintf(found, sizeof found, "wanted 2 s: %s", t3 - t0 <= 2 ? "reached" : "NOT reached");
	line("these steps together, in one process", t3 - t0, found);
	return 0;
}
