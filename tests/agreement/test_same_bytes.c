/*
 * test_same_bytes.c - a result is a function of plan and table versions alone: the same bytes again, in other
 * stretches,
 * with each unit's rows in another order, and through sealed segments.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/confine/crew.h"
#include "enclave/engine/engine.h"
#include "tests/agreement/sealed.h"
#include "tests/agreement/twin.h"

#define WORLDS 60
#define PLANS_PER_WORLD 4

/* The plan's result over a store, as it would be sent. */
static void run_into(const struct world *w, const struct sl_store *store, const struct sl_plan *plan,
                     struct sl_buf *out)
{
	struct sl_engine_setup setup = {
		.view = w->view, .memory_bytes = 1 << 30, .cells_max = 10000, .draws = 1, .rounding_key = { 1, 2, 3 }
	};
	struct sl_result result;
	struct sl_err err = { 0 };

	if (sl_engine_run(&setup, store, plan, &result, &err) != SL_OK || sl_engine_encode(&result, out, &err) != SL_OK)
		fail_msg("%s", err.text);
	sl_codec_free(&sl_result_record, &result);
}

static void same_again(const struct world *w, const struct sl_store *store, const struct sl_plan *plan,
                       const struct sl_buf *want, const char *how)
{
	struct sl_buf got = { 0 };

	run_into(w, store, plan, &got);
	if (got.len != want->len || memcmp(got.data, want->data, want->len) != 0)
		fail_msg("other bytes %s", how);
	sl_buf_free(&got);
}

static void swap_rows(struct memory_table *t, uint32_t a, uint32_t b)
{
	for (uint32_t c = 0; c < t->ncolumns; c++) {
		int64_t v = t->values[c][a];
		uint8_t n = t->nulls[c][a];
		t->values[c][a] = t->values[c][b];
		t->nulls[c][a] = t->nulls[c][b];
		t->values[c][b] = v;
		t->nulls[c][b] = n;
	}
}

/* Each unit's rows in another order; the sealing sorts by unit, so no other order reaches the engine. */
static void shuffle(struct world *w)
{
	for (uint32_t i = 0; i < w->store.ntables; i++) {
		struct memory_table *t = &w->store.tables[i];
		for (uint32_t first = 0, row = 0; row < t->rows; row++) {
			if (t->units[row] != t->units[first])
				first = row;
			swap_rows(t, row, first + world_draw(w, row - first + 1));
		}
	}
}

static void compare_world(struct world *w, struct twin *twins)
{
	struct sl_buf want[PLANS_PER_WORLD] = { 0 };
	struct sealed *sealed = sealed_open(w);

	for (int i = 0; i < PLANS_PER_WORLD; i++) {
		const struct sl_plan *plan = &twins[i].plan;
		twin_init(&twins[i], w);
		run_into(w, &w->store.store, plan, &want[i]);
		same_again(w, &w->store.store, plan, &want[i], "the second time");
		w->store.stretch_rows = w->store.stretch_rows == 1 ? 0 : 1;
		same_again(w, &w->store.store, plan, &want[i], "in other stretches");
		same_again(w, &sealed->store.store, plan, &want[i], "through segments");
		w->store.parts_max = 0;
		same_again(w, &w->store.store, plan, &want[i], "on three threads");
		w->store.parts_max = 2;
		same_again(w, &w->store.store, plan, &want[i], "on two threads");
		w->store.parts_max = 1;
	}
	shuffle(w);
	for (int i = 0; i < PLANS_PER_WORLD; i++) {
		same_again(w, &w->store.store, &twins[i].plan, &want[i], "with rows in another order");
		sl_buf_free(&want[i]);
	}
	sealed_close(sealed);
}

static void test_agreement_a_result_is_the_same_bytes_however_its_rows_come(void **state)
{
	struct twin *twins = calloc(PLANS_PER_WORLD, sizeof *twins);
	struct world *w = malloc(sizeof *w);

	(void)state;
	assert_non_null(twins);
	assert_non_null(w);
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		world_init(w, seed);
		w->store.parts_max = 1;

		compare_world(w, twins);
		world_fini(w);
	}
	free(twins);
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agreement_a_result_is_the_same_bytes_however_its_rows_come),
	};

	world_keep_memory();
	if (sl_crew_start(3, NULL) != SL_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
