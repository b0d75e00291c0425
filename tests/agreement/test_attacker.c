/*
 * test_attacker.c - random requests with hidden numbers, judged, and what would leave attacked: for every number that a
 * rule hides there must be a table of whole numbers, agreeing with everything that is published or known besides, in
 * which it is as much larger as was promised, and one in which it is as much smaller. And nothing of what leaves
 * depends on the order of rows.
 *
 * SL_ATTACKER_REQUESTS and SL_ATTACKER_SEED in the environment try more, or others, than the everyday ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/agreement/attacker.h"
#include "tests/agreement/wish.h"

struct seen {
	uint32_t open, refused, released, large, primaries, secondaries, undecided;
};

static uint32_t count_hidden(const struct sl_publication *p)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->noutputs; i++)
		n += p->outputs[i].suppressed;
	return n;
}

static void judge(const struct clinic *c, struct sl_publication *p)
{
	struct sl_err err = { 0 };

	if (sl_check_run(&c->setup, c->plans, c->results, p, &err) != SL_OK)
		fail_msg("%s", err.text);
}

/* The request, for who has to find out. */
static void tell(const struct clinic *c, const struct sl_publication *p)
{
	const struct sl_rules *r = &c->setup.rules;

	print_error("%s%s%s%s%s threshold %u p %u dominance %u %u zeros %u\n", sl_stat_fn_name(c->ask.fn),
	            c->ask.joined ? " joined" : "", c->ask.folded ? " folded" : "", c->ask.income ? " income" : "",
	            c->ask.where_key ? " where flag" : c->ask.where_two ? " where flag or age" : c->ask.where_amount ?
	            " where amount" : "", r->threshold, r->p_percent, r->dominance_n, r->dominance_k, r->zeros_show);
	for (uint32_t i = 0; i < c->setup.nplans; i++) {
		print_error("out%u:", i);
		for (uint32_t k = 0; k < c->plans[i].nkeys; k++)
			print_error(" %u.%u%s/%u", c->parts[i].what[k].table, c->parts[i].what[k].column,
			            c->parts[i].what[k].banded ? "b" : "", c->parts[i].what[k].lookup);
		for (uint32_t n = 0; n < c->results[i].nevidence; n++) {
			const struct sl_evidence *e = &c->results[i].evidence[n];
			print_error("%s %s%lld (%llu units %llu rows %lld top %lld)", n % 3 ? "" : "\n",
			            p->outputs[i].cells[n].shown ? "" : "*", (long long)e->sum, (unsigned long long)e->cell_units,
			            (unsigned long long)e->cell_rows, (long long)e->contributors, (long long)e->top1);
		}
		print_error("\n");
	}
}

static void attack_all(const struct attack *a, uint64_t seed, struct seen *seen)
{
	for (uint32_t i = 0; i < a->pub->noutputs; i++)
		for (uint32_t cell = 0; cell < a->pub->outputs[i].ncells; cell++) {
			seen->secondaries += !a->pub->outputs[i].cells[cell].shown && !attack_is_primary(a, i, cell);
			if (!attack_is_primary(a, i, cell))
				continue;
			seen->primaries++;
			for (int high = 0; high < 2; high++) {
				enum tables_answer answer = attack_allows(a, i, cell, high != 0);
				if (answer == TABLES_NONE)
					tell(a->clinic, a->pub);
				if (answer == TABLES_NONE)
					fail_msg("SL_ATTACKER_SEED=%llu, output %u, cell %u is told too closely from %s",
					         (unsigned long long)seed, i, cell, high ? "above" : "below");
				seen->undecided += answer == TABLES_UNDECIDED;
			}
		}
}

static void test_attacker_no_hidden_number_is_told_closer_than_promised(void **state)
{
	uint64_t requests = wish("SL_ATTACKER_REQUESTS", 3000), first = wish("SL_ATTACKER_SEED", 1);
	struct clinic *c = malloc(sizeof *c);
	struct seen seen = { 0 };

	(void)state;
	assert_non_null(c);
	for (uint64_t seed = first; seed < first + requests; seed++) {
		struct sl_publication p;
		struct attack a;
		clinic_init(c, seed);
		judge(c, &p);
		if (!p.releasable)
			seen.refused++;
		else if (count_hidden(&p) == 0)
			seen.open++;
		else if (!attack_begin(&a, c, &p))
			seen.large++;
		else
			attack_all(&a, seed, &seen);
		seen.released += p.releasable && count_hidden(&p) > 0;
		sl_codec_free(&sl_publication_record, &p);
		clinic_fini(c);
	}
	free(c);
	print_message("%llu requests: %u refused, %u with nothing hidden, %u with hidden numbers (%u too large to attack); "
	              "%u numbers attacked, %u hidden besides, %u undecided\n", (unsigned long long)requests, seen.refused,
	              seen.open, seen.released, seen.large, seen.primaries, seen.secondaries, seen.undecided);
	assert_true(requests < 500 || (seen.released > requests / 8 && seen.primaries > requests / 3));
	assert_true(seen.undecided * 100 <= seen.primaries);
}

static const struct clinic_key ward = { CLINIC_VISITS, VISIT_WARD, false, 0 };
static const struct clinic_key coast = { CLINIC_VISITS, VISIT_WARD, false, 1 };
static const struct clinic_key large = { CLINIC_VISITS, VISIT_WARD, false, 2 };

/* Nothing is hidden. Wards on the coast less large wards is about one ward, where maybe few are. */
static void test_attacker_groups_of_a_column_that_overlap_are_refused(void **state)
{
	const struct {
		const struct clinic_key *first, *second;
		bool released;
	} cases[] = { { &coast, &large, false }, { &large, &coast, false }, { &coast, &ward, true }, { &ward, &large, true },
		{ &coast, &coast, true } };
	struct clinic *c = malloc(sizeof *c);

	(void)state;
	assert_non_null(c);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sl_publication p;
		clinic_begin(c, 3);
		c->ask = (struct clinic_ask){ .fn = SL_STAT_COUNT };
		c->setup.rules.threshold = 1;
		c->setup.rules.zeros_show = c->setup.rules.within_group = c->setup.rules.group_disclosure = 1;
		clinic_plan(c, cases[i].first, 1);
		clinic_plan(c, cases[i].second, 1);
		clinic_count(c);
		judge(c, &p);
		assert_int_equal(p.releasable, cases[i].released);
		assert_true(!p.releasable || count_hidden(&p) == 0);
		sl_codec_free(&sl_publication_record, &p);
		clinic_fini(c);
	}
	free(c);
}

enum folding { FOLD_AMOUNTS, FOLD_SQUARES, FOLD_FLAGS, FOLD_MANY_VISITS };

static void refold(struct clinic_plan *p, enum folding how)
{
	static struct sl_op squares[] = { { .op = SL_OP_COLUMN, .type = SL_TYPE_INTEGER },
		{ .op = SL_OP_COLUMN, .type = SL_TYPE_INTEGER }, { .op = SL_OP_MUL, .type = SL_TYPE_INTEGER } };

	if (how == FOLD_SQUARES)
		p->folds[0].arg = (struct sl_expr){ .ops = squares, .nops = 3 };
	if (how != FOLD_FLAGS)
		return;
	p->raws[0].column = VISIT_FLAG;
	p->fold_ops[0].type = SL_TYPE_BOOLEAN;
	p->folds[0].fn = SL_FOLD_COUNT_IF;
}

/* Of so many requests with hidden numbers, how many are released. */
static uint32_t count_released(enum folding how)
{
	static const struct clinic_key keys[] = { { CLINIC_PEOPLE, PERSON_SEX, false, 0 },
		{ CLINIC_PEOPLE, PERSON_TOWN, false, 0 } };
	struct clinic *c = malloc(sizeof *c);
	uint32_t released = 0;

	assert_non_null(c);
	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct sl_publication p;
		clinic_begin(c, seed);
		c->ask = (struct clinic_ask){ .fn = SL_STAT_SUM, .folded = true, .having = how == FOLD_MANY_VISITS,
			.fold = how == FOLD_MANY_VISITS ? SL_FOLD_COUNT : SL_FOLD_SUM };
		for (uint32_t n = 0; n < 3; n++)
			clinic_plan(c, keys, n);
		for (uint32_t i = 0; i < 3; i++)
			refold(&c->parts[i], how);
		clinic_count(c);
		judge(c, &p);
		released += p.releasable && count_hidden(&p) > 0;
		sl_codec_free(&sl_publication_record, &p);
		clinic_fini(c);
	}
	free(c);
	return released;
}

/* Totals of a person's amounts; not of their squares, nor how often a flag was set, nor where visits are asked for. */
static void test_attacker_of_what_is_folded_only_plain_amounts_are_audited(void **state)
{
	(void)state;
	assert_true(count_released(FOLD_AMOUNTS) > 0);
	assert_int_equal(count_released(FOLD_SQUARES), 0);
	assert_int_equal(count_released(FOLD_FLAGS), 0);
	assert_int_equal(count_released(FOLD_MANY_VISITS), 0);
}

/* --- the order of rows ----------------------------------------------------------------------------------- */

static void encode(const struct sl_publication *p, struct sl_buf *out)
{
	out->max = SL_PUBLICATION_WIRE_MAX;
	assert_int_equal(sl_codec_encode(&sl_publication_record, p, out, NULL), SL_OK);
}

/* What is hidden for others is chosen by sizes and names, never by the order of rows. */
static void test_attacker_the_order_of_rows_changes_nothing(void **state)
{
	struct clinic *c = malloc(sizeof *c);

	(void)state;
	assert_non_null(c);
	for (uint64_t seed = 1; seed <= 300; seed++) {
		struct sl_publication before, after;
		struct sl_buf x = { 0 }, y = { 0 };
		clinic_init(c, seed);
		judge(c, &before);
		clinic_shuffle(c);
		clinic_count(c);
		judge(c, &after);
		encode(&before, &x);
		encode(&after, &y);
		assert_int_equal(x.len, y.len);
		assert_memory_equal(x.data, y.data, x.len);
		sl_buf_free(&x);
		sl_buf_free(&y);
		sl_codec_free(&sl_publication_record, &before);
		sl_codec_free(&sl_publication_record, &after);
		clinic_fini(c);
	}
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attacker_no_hidden_number_is_told_closer_than_promised),
		cmocka_unit_test(test_attacker_groups_of_a_column_that_overlap_are_refused),
		cmocka_unit_test(test_attacker_of_what_is_folded_only_plain_amounts_are_audited),
		cmocka_unit_test(test_attacker_the_order_of_rows_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
