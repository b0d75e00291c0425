/*
 * test_linear.c - random sequences of requests, and who takes all that was let go as equations over what nobody may
 * know: nothing follows from them about fewer units than the threshold, nor about few among more. Two try: who knows of
 * everybody but for that, and who knows nobody. What docs/disclosure.md says is not promised is listed here, each with
 * its sentence, and with requests that show that it is so.
 *
 * SL_LINEAR_SEQUENCES, SL_LINEAR_SUMS (of sums alone) and SL_LINEAR_SEED in the environment try more, or others, than
 * the everyday ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/confine/crew.h"
#include "tests/agreement/ledger.h"
#include "tests/agreement/wish.h"

/* --- what is not promised ---------------------------------------------------------------------------------- */

static bool is_left_of_several(const struct survey *s, const struct ledger_leak *leak)
{
	return s->several && !leak->counts && leak->secret.units >= s->setup.rules.threshold && leak->nnumbers > 2;
}

static bool is_beside_another_count(const struct survey *s, const struct ledger_leak *leak)
{
	return leak->counts && leak->secret.units >= s->setup.rules.threshold && leak->nconditions > 0 &&
	       leak->nconditions + 2 <= leak->nnumbers && (leak->noutputs > 1 || leak->nnumbers > 3);
}

static void ask_for_sums_that_leave_a_ward(struct survey *s);
static void ask_for_a_count_of_those_who_have_a_pay(struct survey *s);

static const struct {
	const char *sentence;
	bool (*is)(const struct survey *s, const struct ledger_leak *leak);
	void (*shown)(struct survey *s);
} excluded[] = {
	{ "each added or taken away once; of other tables two outputs are", is_left_of_several,
	  ask_for_sums_that_leave_a_ward },
	{ "and is compared with no count of another condition: few may be left", is_beside_another_count,
	  ask_for_a_count_of_those_who_have_a_pay },
};
#define EXCLUDED (sizeof excluded / sizeof excluded[0])

static size_t excluded_as(const struct survey *s, const struct ledger_leak *leak)
{
	size_t i = 0;

	while (i < EXCLUDED && !excluded[i].is(s, leak))
		i++;
	return i;
}

/* --- requests that are said -------------------------------------------------------------------------------- */

/* Wards of ten units and sexes; of each ward so many have a pay. Threshold 4, no rule about amounts. */
static struct survey *said(const uint32_t having[SURVEY_WARDS])
{
	struct survey *s = malloc(sizeof *s);

	assert_non_null(s);
	survey_begin(s, 1);
	s->setup.rules = (struct sl_rules){ .threshold = 4, .dof = 4, .group_percent = 90000, .context = 1 };
	s->columns[SURVEY_PAY].nullable = 1;
	s->several = false;
	s->tables[0].one_row_per_unit = 1;
	memset(s->rows, 0, sizeof s->rows);
	s->nunits = s->nrows = 10 * SURVEY_WARDS;
	for (uint32_t r = 0; r < s->nrows; r++) {
		struct survey_row *row = &s->rows[r];
		row->unit = r;
		row->value[SURVEY_WARD] = r / 10;
		row->value[SURVEY_SEX] = r % 2;
		row->value[SURVEY_AGE] = r / 2 % SURVEY_AGES;
		row->missing[SURVEY_PAY] = r % 10 >= having[r / 10];
		row->value[SURVEY_PAY] = row->missing[SURVEY_PAY] ? 0 : 100 + 37 * r % 101;
	}
	return s;
}

static const struct survey_condition anybody = { .secret = SURVEY_ANYBODY };

static struct survey_condition in_wards(int64_t lo, int64_t hi)
{
	return (struct survey_condition){ .literals = { { SURVEY_WARD, lo, hi, false } }, .nliterals = 1 };
}

static void ask_for(struct survey *s, struct survey_request *r, const uint32_t *key, struct survey_condition asks,
                    enum sl_stat_fn fn)
{
	survey_output(s, r, key, key != NULL, &asks);
	survey_stat(s, r, &(struct survey_stat){ .fn = fn });
}

static void ask_alone(struct survey *s, struct survey_condition asks, enum sl_stat_fn fn)
{
	struct survey_request *r = survey_request(s);

	ask_for(s, r, NULL, asks, fn);
	survey_judge(s, r);
}

static void ask_for_sums_of_two_requests(struct survey *s)
{
	ask_alone(s, anybody, SL_STAT_SUM);
	ask_alone(s, in_wards(0, 4), SL_STAT_SUM);
}

/* A unit may have several rows. */
static void ask_for_sums_that_leave_a_ward(struct survey *s)
{
	static const uint32_t sex = SURVEY_SEX;
	struct survey_request *r = survey_request(s);

	s->several = true;
	s->tables[0].one_row_per_unit = 0;
	ask_for(s, r, &sex, anybody, SL_STAT_SUM);
	ask_for(s, r, NULL, in_wards(0, 4), SL_STAT_SUM);
	survey_judge(s, r);
}

/* Sum and mean tell how many have a pay, each in an output; all but two of them have more than what is asked about. */
static void ask_for_a_count_of_those_who_have_a_pay(struct survey *s)
{
	const struct survey_condition over = { .secret = SURVEY_OVER };
	struct survey_request *r = survey_request(s);

	for (uint32_t i = 2; i < s->nrows; i++)
		s->rows[i].value[SURVEY_PAY] += s->rows[i].missing[SURVEY_PAY] ? 0 : SURVEY_PAY_OVER;
	ask_for(s, r, NULL, anybody, SL_STAT_SUM);
	survey_output(s, r, NULL, 0, &anybody);
	survey_stat(s, r, &(struct survey_stat){ .fn = SL_STAT_MEAN });
	survey_stat(s, r, &(struct survey_stat){ .fn = SL_STAT_COUNT_IF, .counts = over });
	survey_judge(s, r);
}

/* --- trying ------------------------------------------------------------------------------------------------ */

struct seen {
	uint32_t requests, released, persons, numbers, unsaid, leaks, excluded[EXCLUDED + 1];
};

static void tell(const struct survey *s, const struct ledger *g, const struct ledger_leak *leaks, uint32_t n)
{
	survey_tell(s);
	for (uint32_t i = 0; i < n; i++)
		ledger_tell(g, &leaks[i]);
}

/* Returns how many things are told that are not excluded. */
static uint32_t attack(const struct survey *s, bool neighbour, bool quiet, struct seen *seen)
{
	struct ledger *g = malloc(sizeof *g);
	struct ledger_leak *leaks = calloc(LEDGER_TARGETS, sizeof *leaks);
	uint32_t told = 0;

	assert_true(g != NULL && leaks != NULL);
	ledger_open(g, s, neighbour);
	uint32_t n = ledger_ask(g, leaks, LEDGER_TARGETS);
	seen->numbers += g->linear.nnumbers;
	seen->unsaid += g->unsaid;
	seen->leaks += n > 0;
	for (uint32_t i = 0; i < n; i++) {
		size_t as = excluded_as(s, &leaks[i]);
		seen->excluded[as]++;
		told += as == EXCLUDED;
	}
	if (told > 0 && !quiet)
		tell(s, g, leaks, n);
	ledger_close(g);
	free(leaks);
	free(g);
	return told;
}

/* What a sequence is played with: a rule that is off, or a past that is not looked at. */
struct weak {
	bool forgets, no_numerator, sums;
};

/* One row each; of some wards hardly anybody has a pay. */
static void let_many_have_no_pay(struct survey *s)
{
	uint32_t few = survey_draw(s, 1 << SURVEY_WARDS);

	s->columns[SURVEY_PAY].nullable = 1;
	s->several = false;
	s->tables[0].one_row_per_unit = 1;
	for (uint32_t u = 0; u < s->nunits; u++) {
		s->rows[u] = s->rows[survey_draw(s, s->nrows)];
		s->rows[u].unit = u;
		if ((few >> s->rows[u].value[SURVEY_WARD] & 1) != 0 && survey_draw(s, 5) != 0) {
			s->rows[u].missing[SURVEY_PAY] = true;
			s->rows[u].value[SURVEY_PAY] = 0;
		}
	}
	s->nrows = s->nunits;
}

static uint32_t play(uint64_t seed, const struct weak *weak, struct seen *seen)
{
	struct survey *s = malloc(sizeof *s);

	assert_non_null(s);
	survey_begin(s, seed);
	s->forgets = weak->forgets;
	s->setup.rules.numerator = weak->no_numerator;
	s->sums = weak->sums;
	if (weak->sums)
		let_many_have_no_pay(s);
	for (uint32_t n = 1 + survey_draw(s, SURVEY_REQUESTS); n > 0; n--) {
		struct survey_request *r = survey_request(s);
		survey_draw_request(s, r);
		survey_judge(s, r);
		seen->requests++;
		seen->released += r->answer == SURVEY_RELEASED;
		seen->persons += r->answer == SURVEY_FOR_A_PERSON;
	}
	bool quiet = weak->forgets || weak->no_numerator;
	uint32_t told = attack(s, false, quiet, seen) + attack(s, true, quiet, seen);
	survey_fini(s);
	free(s);
	return told;
}

static void test_linear_tells_of_no_few(void **state)
{
	uint64_t sequences = wish("SL_LINEAR_SEQUENCES", 100), first = wish("SL_LINEAR_SEED", 1);
	struct seen seen = { 0 };
	uint32_t failed = 0;

	(void)state;
	for (uint64_t seed = first; seed < first + sequences; seed++) {
		if (play(seed, &(struct weak){ 0 }, &seen) == 0)
			continue;
		print_error("SL_LINEAR_SEED=%llu SL_LINEAR_SEQUENCES=1\n", (unsigned long long)seed);
		failed++;
	}
	print_message("%llu sequences: %u requests, %u released, %u for a person; %u numbers, %u not to the end;",
	              (unsigned long long)sequences, seen.requests, seen.released, seen.persons, seen.numbers, seen.unsaid);
	for (size_t i = 0; i < EXCLUDED; i++)
		print_message(" %u", seen.excluded[i]);
	print_message(" told that are not promised\n");
	if (failed > 0)
		fail_msg("in %u of %llu sequences numbers tell of few", failed, (unsigned long long)sequences);
	if (sequences < 100)
		return;
	assert_true(seen.released > seen.requests / 3);
	assert_true(seen.numbers > 4 * sequences);
	assert_true(seen.unsaid < sequences / 20);
}

/* Of sums alone, of which most leave something of each other. */
static void test_linear_sums_leave_no_few_of_each_other(void **state)
{
	uint64_t sequences = wish("SL_LINEAR_SUMS", 60), first = wish("SL_LINEAR_SEED", 1);
	struct seen seen = { 0 };
	uint32_t failed = 0;

	(void)state;
	for (uint64_t seed = first; seed < first + sequences; seed++) {
		if (play(seed, &(struct weak){ .sums = true }, &seen) == 0)
			continue;
		print_error("SL_LINEAR_SEED=%llu SL_LINEAR_SUMS=1\n", (unsigned long long)seed);
		failed++;
	}
	print_message("%llu sequences: %u requests, %u released, %u for a person; %u numbers, %u not to the end\n",
	              (unsigned long long)sequences, seen.requests, seen.released, seen.persons, seen.numbers, seen.unsaid);
	if (failed > 0)
		fail_msg("in %u of %llu sequences sums tell of few", failed, (unsigned long long)sequences);
	if (sequences >= 100)
		assert_true(seen.released > seen.requests / 3 && seen.unsaid < sequences / 20);
}

/* The page in one line. */
static char *read_page(void)
{
	FILE *f = fopen(SL_TEST_SOURCE_DIR "/docs/disclosure.md", "r");
	char *page = calloc(1, 1 << 20);
	size_t n = 0;

	assert_true(f != NULL && page != NULL);
	for (int c = fgetc(f); c != EOF && n + 1 < 1 << 20; c = fgetc(f)) {
		bool blank = c == ' ' || c == '\n';
		if (!blank || n == 0 || page[n - 1] != ' ')
			page[n++] = blank ? ' ' : (char)c;
	}
	assert_int_equal(fclose(f), 0);
	return page;
}

/* What is not promised is so: if not any more, docs/disclosure.md has a sentence less and this table a row. */
static void test_linear_what_is_not_promised_is_so(void **state)
{
	static const uint32_t having[SURVEY_WARDS] = { 10, 10, 10, 10, 10, 2 };

	char *page = read_page();

	(void)state;
	for (size_t i = 0; i < EXCLUDED; i++) {
		if (strstr(page, excluded[i].sentence) == NULL)
			fail_msg("docs/disclosure.md does not say \"%s\"", excluded[i].sentence);
		struct survey *s = said(having);
		struct seen seen = { 0 };
		excluded[i].shown(s);
		assert_int_equal(attack(s, true, false, &seen) + attack(s, false, false, &seen), 0);
		if (seen.excluded[i] == 0) {
			survey_tell(s);
			fail_msg("it is not told any more: \"%s\"", excluded[i].sentence);
		}
		survey_fini(s);
		free(s);
	}
	free(page);
}

/* --- that they find what there is -------------------------------------------------------------------------- */

/* Everybody, and everybody but the first two units; each fine by itself. */
static void test_linear_finds_what_one_sum_leaves_of_another(void **state)
{
	static const uint32_t having[SURVEY_WARDS] = { 10, 10, 10, 10, 10, 10 };

	(void)state;
	for (int neighbour = 0; neighbour < 2; neighbour++)
		for (int forgets = 0; forgets < 2; forgets++) {
			struct survey *s = said(having);
			struct ledger g;
			struct ledger_leak leaks[4];
			s->forgets = forgets;
			s->setup.rules.small_complement = 1;
			s->columns[SURVEY_PAY].nullable = 0;
			s->rows[58].value[SURVEY_WARD] = s->rows[59].value[SURVEY_WARD] = 0;
			for (uint32_t r = 50; r < 58; r++)
				s->rows[r].value[SURVEY_WARD] = 1;
			s->rows[0].value[SURVEY_WARD] = s->rows[1].value[SURVEY_WARD] = 5;
			ask_for_sums_of_two_requests(s);
			ledger_open(&g, s, neighbour);
			uint32_t n = ledger_ask(&g, leaks, 4);
			assert_int_equal(n, forgets);
			if (forgets) {
				assert_string_equal(leaks[0].what + (neighbour ? strlen("neighbour: ") : 0), "pay of all");
				assert_int_equal(leaks[0].secret.units, 2);
				assert_int_equal(leaks[0].nnumbers, 2);
				assert_true(leaks[0].secret.in[0] && leaks[0].secret.in[1] && !leaks[0].secret.in[2]);
			}
			ledger_close(&g);
			survey_fini(s);
			free(s);
		}
}

/* Without what looks at the past, or at who has a value, much is told. */
static void test_linear_finds_what_a_rule_that_is_off_would_hide(void **state)
{
	static const struct weak weak[] = { { .forgets = true }, { .no_numerator = true } };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct seen seen = { 0 };
		uint32_t told = 0;
		for (uint64_t seed = 1; seed <= 60; seed++)
			told += play(seed, &weak[i], &seen) > 0;
		print_message("%u of 60 sequences tell\n", told);
		assert_true(told > 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linear_finds_what_one_sum_leaves_of_another),
		cmocka_unit_test(test_linear_finds_what_a_rule_that_is_off_would_hide),
		cmocka_unit_test(test_linear_what_is_not_promised_is_so),
		cmocka_unit_test(test_linear_tells_of_no_few),
		cmocka_unit_test(test_linear_sums_leave_no_few_of_each_other),
	};
	struct sl_err err = { 0 };

	if (sl_crew_start(1, &err) != SL_OK) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
