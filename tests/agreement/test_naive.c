/*
 * test_naive.c - the engine against the naive reference: random plans of everything a plan can say, over tables of
 * ordinary and of extreme values, each with one, two and three threads and now and then through sealed segments; every
 * number of the evidence, and the same bytes.
 *
 * SL_AGREEMENT_PLANS and SL_AGREEMENT_SEED in the environment run more, or others, than the everyday ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/confine/crew.h"
#include "enclave/engine/engine.h"
#include "enclave/pact/cost.h"
#include "tests/agreement/naive.h"
#include "tests/agreement/sealed.h"
#include "tests/agreement/wide.h"

#define PLANS_PER_WORLD 8
#define THREADS 3

struct seen {
	uint64_t seed;
	uint32_t plan;
	uint64_t with_rows, complement, partly, overflow, moments, quantiles; /* that the plans are worth comparing */
};

/* The crew's size is the process's; how many of it have work is the store's cut. */
static uint32_t lanes_wanted;
static uint32_t (*cut_of_store)(const struct sl_store *store, uint32_t table, uint32_t parts, int64_t first[]);

static uint32_t cut_fewer(const struct sl_store *store, uint32_t table, uint32_t parts, int64_t first[])
{
	return cut_of_store(store, table, parts < lanes_wanted ? parts : lanes_wanted, first);
}

static void fail_plan(const struct wide *d, const struct seen *seen, const char *what)
{
	struct sl_buf text = { 0 };

	wide_text(d, &text);
	print_error("%s", sl_buf_cstr(&text));
	sl_buf_free(&text);
	fail_msg("SL_AGREEMENT_SEED=%llu, plan %u: %s", (unsigned long long)seen->seed, seen->plan, what);
}

static void run(const struct wide *d, const struct seen *seen, struct sl_store *store, uint32_t lanes,
                struct sl_result *out, struct sl_buf *bytes)
{
	const struct world *w = d->world;
	struct sl_engine_setup setup = { .view = w->view, .cells_max = 10000 };
	struct sl_err err = { 0 };

	/* As little memory as will do means more passes over the rows for quantiles. */
	setup.memory_bytes = sl_plan_engine_bytes(&d->plan, &w->view, THREADS) + (lanes == 2 ? 0 : 64 << 20);
	lanes_wanted = lanes;
	cut_of_store = store->cut;
	store->cut = cut_fewer;
	enum sl_rc rc = sl_engine_run(&setup, store, &d->plan, out, &err);
	store->cut = cut_of_store;
	if (rc != SL_OK || sl_result_check(out, &d->plan, &w->view, &err) != SL_OK ||
	    sl_engine_encode(out, bytes, &err) != SL_OK)
		fail_plan(d, seen, err.text);
	if (bytes->len != sl_plan_result_bytes(&d->plan, &w->view))
		fail_plan(d, seen, "the result has not the bytes that were told beforehand");
}

static void same_again(const struct wide *d, const struct seen *seen, struct sl_store *store, uint32_t lanes,
                       const struct sl_buf *want, const char *how)
{
	struct sl_buf got = { 0 };
	struct sl_result r;

	run(d, seen, store, lanes, &r, &got);
	if (got.len != want->len || memcmp(got.data, want->data, want->len) != 0)
		fail_plan(d, seen, how);
	sl_buf_free(&got);
	sl_codec_free(&sl_result_record, &r);
}

static void note(struct seen *seen, const struct sl_result *r)
{
	bool overflow = false;

	seen->with_rows += r->population > 0;
	seen->complement += r->complement > 0;
	seen->partly += r->partly > 0;
	for (uint32_t i = 0; i < r->nevidence; i++)
		overflow |= r->evidence[i].overflow;
	for (uint32_t i = 0; i < r->nmoments; i++)
		overflow |= r->moments[i].overflow;
	seen->overflow += overflow;
	seen->moments += r->nmoments > 0;
	seen->quantiles += r->nquantiles > 0;
}

static void compare_plan(struct world *w, struct sealed *sealed, struct seen *seen)
{
	struct wide *d = malloc(sizeof *d);
	struct sl_result engine, naive;
	struct sl_buf bytes = { 0 };
	char what[256];

	assert_non_null(d);
	wide_init(d, w);
	naive_run(&d->plan, &w->view, &w->store, &naive);
	run(d, seen, &w->store.store, 1, &engine, &bytes);
	if (naive_differs(&engine, &naive, what, sizeof what))
		fail_plan(d, seen, what);
	note(seen, &engine);
	w->store.stretch_rows = world_draw(w, 3) ? 1 + world_draw(w, 40) : 0;
	same_again(d, seen, &w->store.store, 2, &bytes, "other bytes with two threads");
	same_again(d, seen, &w->store.store, 3, &bytes, "other bytes with three threads");
	if (sealed != NULL)
		same_again(d, seen, &sealed->store.store, 1 + world_draw(w, THREADS), &bytes, "other bytes through segments");
	assert_int_equal(w->store.nopen, 0);
	sl_buf_free(&bytes);
	sl_codec_free(&sl_result_record, &engine);
	sl_codec_free(&sl_result_record, &naive);
	free(d);
}

static uint64_t wish(const char *name, uint64_t everyday)
{
	const char *text = getenv(name);

	return text != NULL ? strtoull(text, NULL, 10) : everyday;
}

static void test_naive_random_plans_are_answered_as_the_naive_reference_answers_them(void **state)
{
	uint64_t plans = wish("SL_AGREEMENT_PLANS", 2000);
	struct world *w = malloc(sizeof *w);
	struct seen seen = { .seed = wish("SL_AGREEMENT_SEED", 1) };

	(void)state;
	assert_non_null(w);
	for (uint64_t done = 0; done < plans; done += PLANS_PER_WORLD, seen.seed++) {
		world_init_wild(w, seen.seed);
		struct sealed *sealed = seen.seed % 5 == 0 ? sealed_open(w) : NULL;
		for (seen.plan = 0; seen.plan < PLANS_PER_WORLD; seen.plan++)
			compare_plan(w, sealed, &seen);
		if (sealed != NULL)
			sealed_close(sealed);
		world_fini(w);
	}
	free(w);
	print_message("%llu plans: %llu with rows, %llu complement, %llu partly, %llu overflow, %llu moments, "
	              "%llu quantiles\n", (unsigned long long)plans, (unsigned long long)seen.with_rows,
	              (unsigned long long)seen.complement, (unsigned long long)seen.partly,
	              (unsigned long long)seen.overflow, (unsigned long long)seen.moments,
	              (unsigned long long)seen.quantiles);
	if (plans < 500)
		return;
	/* Empty answers agree easily. */
	assert_true(seen.with_rows > plans / 4);
	assert_true(seen.complement > plans / 10);
	assert_true(seen.partly > plans / 40);
	assert_true(seen.overflow > plans / 20);
	assert_true(seen.moments > plans / 4);
	assert_true(seen.quantiles > plans / 4);
}

/* Row groups, zone maps and batches end within units, within runs and between them. */
static void test_naive_plans_over_several_row_groups_are_answered_alike(void **state)
{
	struct world *w = malloc(sizeof *w);
	struct seen seen = { .seed = wish("SL_AGREEMENT_SEED", 1) };

	(void)state;
	assert_non_null(w);
	world_init_large(w, seen.seed);
	assert_true(w->store.tables[0].rows > 65536);
	struct sealed *sealed = sealed_open(w);
	for (seen.plan = 0; seen.plan < PLANS_PER_WORLD; seen.plan++)
		compare_plan(w, sealed, &seen);
	sealed_close(sealed);
	world_fini(w);
	free(w);
	assert_true(seen.with_rows > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_naive_random_plans_are_answered_as_the_naive_reference_answers_them),
		cmocka_unit_test(test_naive_plans_over_several_row_groups_are_answered_alike),
	};
	struct sl_err err = { 0 };

	if (sl_crew_start(THREADS, &err) != SL_OK) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
